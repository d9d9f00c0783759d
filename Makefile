# Everything is done by exitprogram/embedded, which needs nothing but Python 3.11 or newer.
PYTHON ?= python3

.PHONY: demo test lint setup faults attack fuzz kept restore-drill canaries tamper rawsql mutants hostile probe bench load
demo:            ## the whole product until Ctrl-C; RESET=1 starts over
	@$(PYTHON) -m exitprogram.embedded demo $(if $(filter 1,$(RESET)),--reset)

test:            ## every check and test; ARGS="-k plan -x" is passed to pytest
	@$(PYTHON) -m exitprogram.embedded test -- $(ARGS)

lint:
	@$(PYTHON) -m exitprogram.embedded lint

# The long proofs. Each prints its result as its last line; SEED=… repeats a run.
comma = ,
LONG = $(PYTHON) -m exitprogram.embedded $@ $(if $(SEED),--seed $(SEED))

faults:          ## faults put into the reminders; FAULTS=…
	@$(LONG) --faults $(or $(FAULTS),1000)

attack:          ## populations whose published figures somebody tries to undo; POPULATIONS=…
	@$(LONG) --populations $(or $(POPULATIONS),1000)

fuzz:            ## calls at the API that nobody should make; CALLS=…
	@$(LONG) --calls $(or $(CALLS),10000)

kept:            ## edits that cross, forms sent twenty times, servers killed while people write; EDITS=…, KILLS=…
	@$(LONG) --edits $(or $(EDITS),10000) --kills $(or $(KILLS),200)

restore-drill:   ## a backup put back into an empty cluster, counted, the destroyed destroyed again; DESTROYED=…
	@$(LONG) --destroyed $(or $(DESTROYED),50)

canaries:        ## planted secrets looked for in every place they could run out to; EACH=… people, EVERY=… n-th door
	@$(LONG) --each $(or $(EACH),100) --every $(or $(EVERY),1)

tamper:          ## ways to change the log, by one who owns the database; TRIES=…
	@$(LONG) --tries $(or $(TRIES),1000)

rawsql:          ## raw SQL as each of the database's roles, every table × statement × context; CELLS=…, REQUESTS=…
	@$(LONG) --cells $(or $(CELLS),0) --requests $(or $(REQUESTS),20000)

mutants:         ## each guard taken away in turn, and whether anything notices; EACH=…
	@$(LONG) --each $(or $(EACH),0)

probe:           ## everybody at every address with every method; each wall alone; PROBES=… for a share
	@$(LONG) $(if $(PROBES),--probes $(PROBES))

hostile:         ## everything hostile at browser, uploads, spreadsheets and documents
	@$(LONG)

bench:           ## the product against hand-written SQL and against stock Django, as ratios; SIZES=…, ROUNDS=…
	@$(LONG) --sizes $(or $(SIZES),1000$(comma)10000$(comma)50000) --rounds $(or $(ROUNDS),9)

load:            ## a municipality's Monday against real gunicorn; LOAD=… minutes
	@$(LONG) --minutes $(or $(LOAD),30)

setup:           ## the environment and the machine's packages, nothing started
	@$(PYTHON) -m exitprogram.embedded setup
