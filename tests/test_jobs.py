"""Long work: in its asker's name, each part once, and gone on with by somebody else when a worker dies."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from unittest.mock import patch

import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings

from cases import operations as cases
from cases.models import Disclosure, DisposalCertificate
from exitprogram.celery import app as celery
from exitprogram.errors import Refused
from exitprogram.jobs import operations as jobs
from exitprogram.jobs import runner
from exitprogram.jobs.models import Job
from exitprogram.jobs.tasks import run_waiting_jobs
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from tests.connections import connected, dsn_of
from tests.papers import old_case
from tests.visits import Visit, sees, text_of
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick_pdf():
    """What a copy looks like has tests of its own."""
    with patch("plans.operations.release.document", return_value=b"%PDF"):
        yield


@pytest.fixture
def world(transactional_db):
    made = World()
    made.agreed  # noqa: B018  made when asked for
    made.waiver(made.region, "health")
    made.join(made.sara)
    return made


@pytest.fixture
def job(world):
    """Copies to the person, the board and Sara."""
    return asked(world)


def asked(world):
    with acting(world.anna):
        return plans.begin_copies(by=world.anna, plan_version=world.agreed)


def now(world, job, by=None):
    with acting(by or world.anna):
        return Job.objects.get(pk=job.pk)


def copies(world):
    with acting(world.anna):
        rows = Disclosure.objects.filter(what="plan.version").order_by("copy_number")
        return list(rows.values_list("copy_number", "recipient_kind", "disclosed_by_id"))


def run(job):
    runner.run(job.authority_id, job.pk)


def lease_runs_out():
    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE jobs_job NO FORCE ROW LEVEL SECURITY")
        owner.execute("UPDATE jobs_job SET claimed_at = claimed_at - interval '1 hour' WHERE state = 'running'")
        owner.execute("ALTER TABLE jobs_job FORCE ROW LEVEL SECURITY")


ALL_THREE = [(1, "individual"), (2, "own"), (3, "member")]


def test_it_is_done_in_its_askers_name(world, job):
    assert (job.state, job.done, job.total) == ("waiting", 0, 3) and copies(world) == []
    run(job)
    assert copies(world) == [(*one, world.anna.pk) for one in ALL_THREE]
    ended = now(world, job)
    assert (ended.state, ended.done, ended.tries) == ("done", 3, 1) and ended.finished_at
    run(job)
    run_waiting_jobs()
    assert len(copies(world)) == 3 and now(world, job).tries == 1


def test_nobody_needs_to_hear_the_bell(world, job):
    run_waiting_jobs()
    assert now(world, job).state == "done"


class Killed(BaseException):
    """A worker that is gone: nothing after this runs."""


def dies_after(parts, real=plans.release_copy):
    """The part itself is carried out, and the worker is gone before its transaction is."""
    made = []

    def release(**given):
        answer = real(**given)
        made.append(1)
        if len(made) > parts:
            raise Killed
        return answer

    return patch("plans.jobs.release_copy", release)


@pytest.mark.parametrize("parts", [0, 1, 2])
def test_whoever_takes_over_goes_on_where_it_was(world, job, parts):
    with dies_after(parts), pytest.raises(Killed):
        run(job)
    assert len(copies(world)) == now(world, job).done == parts
    run_waiting_jobs()
    assert now(world, job).tries == 1  # as far as one can tell somebody is still at it
    lease_runs_out()
    run_waiting_jobs()
    assert [one[:2] for one in copies(world)] == ALL_THREE and now(world, job).state == "done"


SLOW = """
import django, sys; django.setup()
from unittest.mock import patch
from uuid import UUID
from exitprogram.jobs import runner
with patch("plans.operations.release.document", return_value=b"%PDF"):
    runner.run(*map(UUID, sys.argv[1:]))
"""


def worker_process(job):
    """A real one, as the web's role, against this test's database."""
    where = dsn_of("app")
    url = f"postgresql://{where['user']}:{where['password']}@{where['host']}:{where['port']}/{where['dbname']}"
    env = os.environ | {"EXIT_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "exitprogram.settings"}
    command = [sys.executable, "-c", SLOW, str(job.authority_id), str(job.pk)]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=env)


def stands_still():
    deadline = time.monotonic() + 60
    with connected("backup", autocommit=True) as line:
        while time.monotonic() < deadline:
            asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'cases_disclosure'::regclass"
            if line.execute(asked).fetchone()[0]:
                return True
            time.sleep(0.05)
    return False


def test_kill_9_of_a_real_worker(world, job):
    """Caught inside its part: PostgreSQL holds a lock that it needs."""
    with connected("owner") as owner:
        owner.execute("LOCK TABLE cases_disclosure IN SHARE ROW EXCLUSIVE MODE")
        process = worker_process(job)
        assert stands_still()
        process.send_signal(signal.SIGKILL)
        process.wait()
        owner.rollback()
    assert now(world, job).state == "running" and copies(world) == []
    lease_runs_out()
    run_waiting_jobs()
    assert [one[:2] for one in copies(world)] == ALL_THREE and now(world, job).state == "done"


def test_a_worker_that_wakes_too_late_does_nothing(world, job):
    claimed, asker = runner._claim(job.authority_id, job.pk)
    lease_runs_out()
    run(job)
    with pytest.raises(runner.NotOurs):
        runner._do(asker, claimed, claimed.parts[0])
    with pytest.raises(runner.NotOurs):
        runner._end(claimed, Job.State.FAILED, "för sent")
    assert len(copies(world)) == 3 and now(world, job).state == "done"


def test_cancelled_before_anybody_began(world, job):
    with acting(world.anna):
        jobs.cancel_job(by=world.anna, job=job)
    run_waiting_jobs()
    assert now(world, job).state == "cancelled" and copies(world) == []


def test_cancelled_half_way_it_stops_before_the_next_part(world, job):
    def and_cancel(real=plans.release_copy, **given):
        real(**given)
        jobs.cancel_job(by=given["by"], job=job)

    with patch("plans.jobs.release_copy", and_cancel):
        run(job)
    ended = now(world, job)
    assert (ended.state, ended.done) == ("cancelled", 1) and len(copies(world)) == 1
    with acting(world.anna), pytest.raises(Refused, match="pågår inte"):
        jobs.cancel_job(by=world.anna, job=ended)


def test_each_part_is_asked_of_the_day_it_is_done(world, job):
    """Consent withdrawn after it was asked for: Sara gets none, and the sentence is there to read."""
    with acting(world.anna):
        for waiver in cases_waivers(world):
            cases.withdraw_consent(by=world.anna, case=world.case, consent=waiver)
    run(job)
    ended = now(world, job)
    assert (ended.state, ended.done) == ("failed", 2) and "Det finns inget samtycke" in ended.why
    assert [one[1] for one in copies(world)] == ["individual", "own"]


def cases_waivers(world):
    from cases.models import Consent

    return list(Consent.objects.filter(case=world.case, kind="waiver", withdrawn_at=None))


@pytest.mark.parametrize("how", [
    "UPDATE tenancy_user SET is_active = false WHERE id = %(user)s",
    "UPDATE tenancy_membership SET starts_on = starts_on - 9, ends_on = starts_on - 1 WHERE id = %(member)s",
])  # fmt: skip
def test_whoever_has_left_gets_nothing_done(world, job, how):
    with connected("owner", autocommit=True) as owner:
        for table in ("tenancy_user", "tenancy_membership"):
            owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        owner.execute(how, {"user": world.anna.user_id, "member": world.anna.pk})
        for table in ("tenancy_user", "tenancy_membership"):
            owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    run(job)
    with connected("backup") as everything:
        assert everything.execute("SELECT state, done FROM jobs_job").fetchall() == [("failed", 0)]
        assert everything.execute("SELECT count(*) FROM cases_disclosure").fetchone() == (0,)


def test_one_of_a_kind_at_a_time(world, job):
    with acting(world.anna), pytest.raises(Refused, match="pågår redan"):
        plans.begin_copies(by=world.anna, plan_version=world.agreed)
    run(job)
    asked(world)


def test_a_fault_is_tried_again_and_then_said(world, job, caplog):
    with patch("plans.jobs.release_copy", side_effect=ZeroDivisionError):
        for _again in range(runner.MOST_TRIES):
            assert now(world, job).is_going
            run_waiting_jobs()
            lease_runs_out()
    ended = now(world, job)
    assert ended.state == "failed" and ended.why.startswith("Något gick fel.")
    assert "a job went wrong" in caplog.text


def test_the_message_is_empty(world):
    rung = []
    with patch("exitprogram.jobs.tasks.run_waiting_jobs.apply_async", lambda *args, **more: rung.append((args, more))):
        asked(world)
    assert rung == [((), {"retry": False, "ignore_result": True})]
    assert celery.amqp.router.route({}, run_waiting_jobs.name)["queue"].name == "jobs"
    assert celery.amqp.router.route({}, "cases.tasks.send_due_notices")["queue"].name == "celery"


def test_a_worker_hears_the_bell(world):
    """Through the real broker, on the queue of its own."""
    with start_worker(celery, pool="solo", queues="jobs", perform_ping_check=False, shutdown_timeout=30):
        job = asked(world)
        deadline = time.monotonic() + 30
        while now(world, job).is_going and time.monotonic() < deadline:
            time.sleep(0.1)
    assert now(world, job).state == "done" and len(copies(world)) == 3


def test_a_broker_that_is_gone_refuses_nothing(world):
    from kombu.exceptions import OperationalError

    gone = patch("exitprogram.jobs.tasks.run_waiting_jobs.apply_async", side_effect=OperationalError)
    with gone, patch("exitprogram.jobs.doorbell.LOG.warning") as said:
        job = asked(world)
    assert now(world, job).state == "waiting"
    said.assert_called_once_with("the doorbell is out of order")


def test_what_has_expired_is_forgotten(world, job):
    run(job)
    run_waiting_jobs()
    assert now(world, job)
    with connected("owner", autocommit=True) as owner:  # thirty days later
        owner.execute("ALTER TABLE jobs_job DISABLE TRIGGER locked")
        owner.execute("ALTER TABLE jobs_job NO FORCE ROW LEVEL SECURITY")
        owner.execute("UPDATE jobs_job SET expires_on = %s", [today() - timedelta(days=1)])
        owner.execute("ALTER TABLE jobs_job FORCE ROW LEVEL SECURITY")
        owner.execute("ALTER TABLE jobs_job ENABLE TRIGGER locked")
    run_waiting_jobs()
    with connected("backup") as everything:
        assert everything.execute("SELECT count(*) FROM jobs_job").fetchone() == (0,)


def test_nobody_writes_another_ones_or_back_in_time(world, job):
    run(job)
    with acting(world.maud):
        assert not Job.objects.filter(pk=job.pk).exists()
        assert Job.objects.filter(pk=job.pk).update(state="waiting") == 0
    for change in ({"done": 0}, {"state": "waiting"}, {"asked_by": world.maud}, {"parts": ["own"]}):
        with pytest.raises(Exception, match="låst|lås|refus|ändras"), acting(world.anna):
            Job.objects.filter(pk=job.pk).update(**change)


# The retention run


def disposal(world):
    due = old_case(world)
    with acting(world.maud):
        row = cases.prepare_disposal(by=world.maud, case_ids=[due.pk])
    for who in (world.maud, world.adam):
        with acting(who):
            row = cases.sign_disposal(by=who, disposal=row)
    return row


def test_destruction_is_long_work_of_whoever_pressed(world):
    row = disposal(world)
    adam = Visit(world.adam)
    assert sees(adam.post("cases:disposal_carry_out", row, follow=True), "Gallringen pågår.")
    assert "Släng listan" not in text_of(adam.get("cases:disposal", row))
    assert sees(adam.get("jobs:jobs"), "Gallring", "Väntar") and "Gallring</span>" not in text_of(
        Visit(world.maud).get("jobs:jobs"))  # fmt: skip
    run_waiting_jobs()
    assert sees(adam.get("cases:disposal", row), "Bevis om gallring", "Adam Admin")
    with acting(world.adam):
        assert DisposalCertificate.objects.get().carried_out_by_id == world.adam.pk


def test_what_has_changed_since_is_not_destroyed(world):
    row = disposal(world)
    with acting(world.adam):
        job = cases.begin_disposal(by=world.adam, disposal=row)
        target = row.items.get().target_id
    with acting(world.adam):
        from cases.models import Case

        held = Case(pk=target, authority_id=world.adam.authority_id)
        cases.mark_retention(by=world.adam, case=held, kind="hold", reason="tvist")
    run(job)
    assert now(world, job, world.adam).state == "failed"
    assert sees(Visit(world.adam).get("cases:disposal", row), "Gallringen gick inte")


# The page


def test_the_page_shows_how_far_it_has_come(world, job):
    anna = Visit(world.anna)
    assert sees(anna.get("jobs:jobs"), "Väntar", "0 av 3 kopior", "every 2s")
    with dies_after(1), pytest.raises(Killed):
        run(job)
    assert sees(anna.get("jobs:jobs"), "Pågår", "1 av 3 kopior", "Avbryt")
    assert sees(anna.post("jobs:job_cancel", job, follow=True), "Det stannar före nästa del", "stannar före nästa del")
    lease_runs_out()
    run_waiting_jobs()
    page = anna.get("jobs:jobs")
    assert sees(page, "Avbrutet", "1 av 3 kopior") and "every 2s" not in text_of(page)
    part = anna.client.get("/arbeten/", headers={"HX-Request": "true"})
    assert "<html" not in text_of(part) and "Avbrutet" in text_of(part)


def test_it_stops_asking_for_itself(world, job):
    """Otherwise whoever walks away from it stays signed in."""
    anna = Visit(world.anna).client
    seen = [text_of(anna.get("/arbeten/", {"varv": times})) for times in ("", "148", "149", "9999", "-1", "x")]
    assert ["every 2s" in page for page in seen] == [False, True, False, False, False, False]
    assert "varv=149" in seen[1] and "Uppdatera" in seen[2]


def test_three_people_and_one_who_sees(world, job):
    for who in (world.leo, world.maud, world.cilla):
        assert "En kopia av planen" not in text_of(Visit(who).get("jobs:jobs"))
        assert Visit(who).post("jobs:job_cancel", job).status_code == 404
    assert Visit(world.sara).get("jobs:jobs").status_code == 403
    assert now(world, job).cancel_asked_at is None


def test_the_press_on_the_copies_page(world):
    anna = Visit(world.anna)
    assert sees(anna.get("plans:copies", world.case), "Gör en kopia till var och en")
    assert anna.post("plans:copies_all", world.agreed).url == "/arbeten/"
    run_waiting_jobs()
    assert sees(anna.get("jobs:jobs"), "Klart", "3 av 3 kopior", f"/arende/{world.case.pk}/kopior/")
    assert sees(anna.get("plans:copies", world.case), "Hämta igen")
