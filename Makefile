# Everything is done by exitprogram/embedded, which needs nothing but Python 3.11 or newer.
PYTHON ?= python3

.PHONY: demo test lint setup faults attack fuzz
demo:            ## the whole product until Ctrl-C; RESET=1 starts over
	@$(PYTHON) -m exitprogram.embedded demo $(if $(filter 1,$(RESET)),--reset)

test:            ## every check and test; ARGS="-k plan -x" is passed to pytest
	@$(PYTHON) -m exitprogram.embedded test -- $(ARGS)

lint:
	@$(PYTHON) -m exitprogram.embedded lint

faults:          ## a thousand faults put into the reminders; SEED=… repeats, FAULTS=… is how many
	@$(PYTHON) -m exitprogram.embedded faults --faults $(or $(FAULTS),1000) $(if $(SEED),--seed $(SEED))

attack:          ## a thousand populations whose published figures somebody tries to undo; SEED=…, POPULATIONS=…
	@$(PYTHON) -m exitprogram.embedded attack --populations $(or $(POPULATIONS),1000) $(if $(SEED),--seed $(SEED))

fuzz:            ## ten thousand calls at the API that nobody should make; SEED=… repeats, CALLS=… is how many
	@$(PYTHON) -m exitprogram.embedded fuzz --calls $(or $(CALLS),10000) $(if $(SEED),--seed $(SEED))

setup:           ## the environment and the machine's packages, nothing started
	@$(PYTHON) -m exitprogram.embedded setup
