"""The faults. Each takes the run, does one thing, and returns whether it hit anything; nothing is mended here but what
an operator's supervisor mends (a process that died is started again)."""

import contextlib
import time

import psycopg
import redis

from tests.faults.steps import STEPS, caught_at

LONGER_THAN_THE_LEASE = 2.4  # seconds; the lease on the stage is two


def ring(run, times=1):
    """The doorbell, from the web's side; a broker that is down hears nothing, and that is that."""
    from cases.tasks import send_due_notices

    for _one in range(times):
        with contextlib.suppress(Exception):  # whatever the broker's client can raise
            send_due_notices.apply_async(retry=False, ignore_result=True)


# What is done to whoever was caught at a step


def killed(run, caught):
    run.stage.kill_pid(caught.pid)


def killed_whole(run, caught):
    run.stage.kill(caught.name)


def paused(run, caught):
    """Beyond its lease, while the others go on; it wakes when the block is left and the way is free."""
    run.wake_later(caught.pid, LONGER_THAN_THE_LEASE)
    run.stage.pause(caught.pid)


def cut_off(run, caught):
    """Its connections to the database are ended under it."""
    backends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'exit_worker'"
    run.stage.ask(f"{backends} AND pid = {int(caught.backend)}" if caught.backend else backends)


def emptied(run, _caught):
    flushed(run)


def broker_killed(run, _caught):
    kill_broker(run)


def beat_killed(run, _caught):
    run.stage.kill(run.dice.choice(["beat1", "beat2"]))


def doubled(run, _caught):
    duplicates(run)


AT_A_STEP = {
    "kill": killed, "kill whole": killed_whole, "pause": paused, "cut off": cut_off, "flush": emptied,
    "kill broker": broker_killed, "kill beat": beat_killed, "duplicates": doubled,
}  # fmt: skip


def at_step(run, step, what):
    run.people.begin(2)
    ring(run, 2)
    with caught_at(run.stage, step) as caught:
        if caught is None:
            return False
        AT_A_STEP[what](run, caught)
    return True


def kill_database_at(run, step):
    """Every process of the cluster at once, while somebody stands at the step."""
    run.people.begin(2)
    ring(run, 2)
    with caught_at(run.stage, step) as caught:
        run.stage.kill("postgres")
    run.stage.revive()
    return caught is not None


# The doorbell


def duplicates(run):
    """The very same message, byte for byte, many times; and some of our own."""
    with contextlib.suppress(redis.RedisError):
        line = run.stage.broker()
        if run.message is None:
            return ring(run, 5) or True
        line.lpush("celery", *[run.message] * 6)
    ring(run, 3)
    return True


def flushed(run):
    run.people.begin()
    ring(run, 3)
    with contextlib.suppress(redis.RedisError):
        run.stage.broker().flushall()
        return True
    return False


def hung_up(run):
    """Every line to the broker is cut, in the middle of whatever was said."""
    run.people.begin()
    ring(run, 2)
    with contextlib.suppress(redis.RedisError):
        line = run.stage.broker()
        return line.client_kill_filter(_type="normal", skipme=True) > 0
    return False


def kill_broker(run):
    """With persistence and without: with what it held, or with nothing."""
    run.stage.durable = run.dice.random() < 0.5
    ring(run, 3)
    hit = run.stage.kill("valkey")
    run.stage.revive()
    return hit


def pause_broker(run):
    run.people.begin()
    child = run.stage.child("valkey")
    if child is None:
        return False
    run.wake_later(child.process.pid, run.dice.uniform(0.2, 1.5))
    run.stage.pause(child.process.pid)
    return True


# Processes


def kill_beat(run):
    run.people.begin()
    return run.stage.kill(run.dice.choice(["beat1", "beat2"]))


def pause_beat(run):
    return _paused_process(run, run.dice.choice(["beat1", "beat2"]), run.dice.uniform(0.5, 3))


def pause_poller(run):
    return _paused_process(run, "poller1", run.dice.uniform(0.5, 3))


def pause_worker(run):
    """The whole of it, main process and children."""
    run.people.begin(2)
    ring(run, 2)
    return _paused_process(run, run.dice.choice(["worker1", "worker2"]), run.dice.uniform(0.5, 3))


def _paused_process(run, name, seconds):
    pids = run.stage.family_of(name)
    for pid in pids:
        run.wake_later(pid, seconds)
        run.stage.pause(pid)
    return bool(pids)


def kill_worker_child(run):
    run.people.begin(2)
    ring(run, 2)
    children = [pid for name in ("worker1", "worker2") for pid in run.stage.family_of(name)[1:]]
    if not children:
        return False
    time.sleep(run.dice.uniform(0, 0.05))
    run.stage.kill_pid(run.dice.choice(children))
    return True


def kill_poller(run):
    run.people.begin()
    return run.stage.kill("poller1")


# The database


def terminate(run):
    """Every connection of the workers, whatever they are doing."""
    run.people.begin(2)
    ring(run, 2)
    time.sleep(run.dice.uniform(0, 0.05))
    return _told_backends(run, "pg_terminate_backend")


def cancel(run):
    run.people.begin(2)
    ring(run, 2)
    time.sleep(run.dice.uniform(0, 0.05))
    _told_backends(run, "pg_cancel_backend")
    return True


def _told_backends(run, how):
    with contextlib.suppress(psycopg.Error):
        said = run.stage.ask(f"SELECT {how}(pid) FROM pg_stat_activity WHERE usename = 'exit_worker'")
        return len(said) > 0 or how == "pg_terminate_backend"
    return False


def pause_database(run):
    """The postmaster and all its backends stand still: nothing is refused, and nothing answers."""
    pids = run.stage.family_of("postgres")
    for pid in pids:
        run.stage.pause(pid)
    time.sleep(run.dice.uniform(0.1, 0.4))
    for pid in pids:
        run.stage.wake(pid)
    return bool(pids)


def claims_from_the_future(run):
    """The database server's clock was an hour ahead when somebody claimed, and has been set right."""
    run.people.begin(2)
    run.stage.ask("UPDATE cases_notice SET sending_at = stage.now() + interval '1 hour' WHERE sent_at IS NULL")
    return True


# The mail server

ANSWERS = {
    "connect": ("break", "421 too busy"), "mail": ("break", "451 later"), "rcpt": ("break", "450 later", "550 unknown"),
    "data": ("break", "452 full", "554 no", "swallow", "swallow"), "accepted": ("break",),
}  # fmt: skip


def mail(run):
    """Refuses, breaks off, takes the mail and breaks off before or after its 250."""
    step = run.dice.choice(list(ANSWERS))
    return mail_at(run, step, run.dice.choice(ANSWERS[step]))


def mail_at(run, step, then):
    trap = run.stage.sink.trap(step, then, hold=False)
    run.people.begin(2)
    ring(run)
    hit = trap.caught.wait(4)
    run.stage.sink.forget(trap)
    return hit


def mail_stands_still(run):
    """Longer than the lease, in the middle of a mail: somebody else takes over meanwhile."""
    run.people.begin(2)
    trap = run.stage.sink.trap(run.dice.choice(["mail", "data", "accepted"]))
    ring(run)
    hit = trap.caught.wait(4)
    run.later(LONGER_THAN_THE_LEASE, trap.free.set)
    return hit


# Time

NIGHTS = (
    ("2027-03-27 22:40:00+00", "2027-03-27 23:00:01+00"),  # to the day that has 23 hours
    ("2027-03-28 00:40:00+00", "2027-03-28 01:00:00+00"),  # over the hour that is not there
    ("2027-03-28 21:40:00+00", "2027-03-28 22:00:01+00"),  # midnight is an hour earlier in UTC from now on
    ("2027-10-31 00:15:00+00", "2027-10-31 01:15:00+00"),  # a quarter past two, twice
    ("2027-10-31 22:40:00+00", "2027-10-31 23:00:01+00"),
    ("2027-12-31 22:40:00+00", "2027-12-31 23:00:01+00"),
    ("2028-02-28 22:40:00+00", "2028-02-28 23:00:01+00"),  # to a day that not every year has
    ("2028-02-29 22:40:00+00", "2028-02-29 23:00:01+00"),
)


def night(run):
    """Over a midnight or a change of hour, back over it, and over it again: each reminder on its own day, once."""
    run.settle()
    run.people.finish_all()
    before, after = NIGHTS[run.nights % len(NIGHTS)]
    run.nights += 1
    run.people.set_time(before)
    run.people.begin(1, days=8)  # reminds tomorrow
    run.people.begin(1, days=7)  # today
    for instant in (before, after, before, after):
        run.people.set_time(instant)
        run.swept()
    run.settle()
    return True


CHEAP = {
    "duplicates": (duplicates, 10), "flushall": (flushed, 10), "hang up": (hung_up, 8), "terminate": (terminate, 10),
    "cancel": (cancel, 6), "mail": (mail, 14), "mail stands still": (mail_stands_still, 4), "kill child":
    (kill_worker_child, 10), "pause worker": (pause_worker, 6), "pause beat": (pause_beat, 4), "pause poller":
    (pause_poller, 3), "pause broker": (pause_broker, 5), "pause database": (pause_database, 5), "future claims":
    (claims_from_the_future, 4), "kill broker": (kill_broker, 3), "kill beat": (kill_beat, 2), "kill poller":
    (kill_poller, 1),
}  # fmt: skip


def every_step():
    """Each thing at each step once, the cheap ones first."""
    return [(step, what) for what in AT_A_STEP for step in STEPS]
