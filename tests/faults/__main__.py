"""``python -m tests.faults --faults 1000 [--seed S]``; ``make faults`` starts it with its environment."""

import argparse
import os
import secrets
import signal
import subprocess
import sys

from exitprogram.embedded import values
from exitprogram.embedded.places import CLONE, say
from tests.faults.stage import Stage


def main(arguments):
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--break", dest="broken", default="", help="tests/faults/broken.py")
    asked = parser.parse_args(arguments)
    seed = secrets.randbelow(2**31) if asked.seed is None else asked.seed
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    say(f"Frö {seed}; om igen: make faults FAULTS={asked.faults} SEED={seed}")
    stage, run, count = played(asked, seed)
    bad = bool(count.lost or count.doubled_in_app or stage.left_behind or run.injected < asked.faults)
    for name, seconds in sorted(run.took.items()):
        say(f"  {run.by_kind.get(name, 0):4d}  {name} ({seconds:.1f} s)")
    for what, found in (("lost", count.lost), ("left behind", stage.left_behind)):
        if found:
            say(f"{what}: {found[:10]}")
    say(f"{count.told} notices, each one told; the reconciler says: {run.reconciled}")
    say(
        f"faults: {run.injected} injected, lost {len(count.lost)}, doubled in-app {count.doubled_in_app},"
        f" doubled mail {count.doubled_mail}, seed {seed}"
    )
    return 1 if bad or (run.reconciled != 0 and not asked.broken) else 0


def played(asked, seed):
    app, pollers = ("tests.faults.broken", 0) if asked.broken else ("exitprogram.celery", 1)
    with Stage(app=app, pollers=pollers) as stage:
        say(f"Mapp {stage.state}")
        stage.told["EXIT_FAULTS_BREAK"] = asked.broken
        manage(stage, "migrate", "--verbosity", "0", process="owner")
        become_the_web(stage)
        from tests.faults.run import Run

        if asked.broken:
            from tests.faults.broken import spoil_database

            spoil_database(stage)

        run = Run(stage, faults=asked.faults, seed=seed, say=say)
        run.before()
        stage.begin()
        count = run.whole()
        run.reconciled = max(manage(stage, "reconcile_notices", process="worker", check=False) for _twice in range(2))
    return stage, run, count


def become_the_web(stage):
    os.environ.update(values.child_environment(stage.told, "web"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "exitprogram.settings"
    import django

    django.setup()


def manage(stage, *words, process, check=True):
    env = values.child_environment(stage.told, process)
    return subprocess.run([sys.executable, "manage.py", *words], cwd=CLONE, env=env, check=check).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
