"""The demonstration as a whole, loaded once by the product's own operations into the test database."""

import re
from collections import Counter
from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.mail import EmailMessage, get_connection
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases.models import AccessGrant, Case, CaseNote, Clock, Consent, Individual, PersonIdentifier
from exitprogram.demo import texts
from exitprogram.demo.cast import PASSWORD
from exitprogram.demo.load import load
from exitprogram.tenancy import codes, demonstration
from exitprogram.tenancy.acting import acting, acting_as_system, acting_as_user
from exitprogram.tenancy.models import Authority, CooperationAgreement, Membership, User
from exitprogram.tenancy.reference import authority_id
from exitprogram.tenancy.roles import Role
from plans.contributions import own_measures
from plans.models import Meeting, PlanVersion, Section
from teams.log_review import own_months, to_see_to
from teams.models import Decision, TeamMember
from tests import databases
from tests.connections import dsn_of

BOARDS = ("2183", "2182", "2184")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning"),  # WeasyPrint leaves it open
]


LATELY = timezone.localdate() - timedelta(days=900)  # without the files from long ago, which retention reaches


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    """Really committed, so that the audit chains are linked; taken away when the module is done."""
    with django_db_blocker.unblock():
        databases.renew("bare")
        made = load()
        connection.close()
    yield made
    with django_db_blocker.unblock():
        databases.renew("people")


def in_each_board(question):
    """One list of what ``question`` finds in all three boards."""
    found = []
    for code in BOARDS:
        with acting_as_system(Authority.objects.get(pk=authority_id("social_board", code))):
            found += question()
    return found


def member(key, role):
    email = next(row["email"] for row in texts.staff() if row["key"] == key)
    user = User.objects.get(email=email)
    with acting_as_user(user):
        return Membership.objects.select_related("user", "authority").get(user=user, role=role)


def counts():
    """Rows in every walled table, as the owner's backup role sees them."""
    with psycopg.connect(**dsn_of("backup")) as backup:
        tables = ["cases_case", "cases_casenote", "audit_auditevent", "tenancy_user", "plans_measure"]
        return [backup.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def test_made_once_and_a_second_run_changes_nothing(demo):
    before, out = counts(), StringIO()

    call_command("demo_data", stdout=out)

    assert demo is True
    assert out.getvalue() == "Demodata finns redan; inget ändrades.\n"
    assert counts() == before


def test_forty_adults_and_fifteen_children_each_with_a_worker_in_post():
    def cases():
        for case in Case.objects.filter(opened_on__gt=LATELY).select_related("worker"):
            mine = AccessGrant.objects.on_day(timezone.localdate()).filter(content_object=case, membership=case.worker)
            assert case.worker.role == Role.SOCIAL_WORKER
            assert mine.filter(kind="worker").exists()
            yield case.programme

    assert Counter(in_each_board(cases)) == {"adult": 41, "child": 15}  # one has come of age


def test_staff_in_every_role():
    posts = Counter()
    for authority in Authority.objects.filter(pk__in=_authorities()):
        with acting_as_system(authority):
            posts.update(Membership.objects.filter(authority=authority).values_list("role", flat=True))

    assert set(posts) == set(Role.values)
    assert sum(posts.values()) >= 16
    assert User.objects.get(email="anna.berg@bollnas.example").check_password(PASSWORD)


def _authorities():
    return [authority_id(row["kind"], row["code"]) for row in texts.authorities()]


def test_every_stage_is_there():
    stages = Counter(in_each_board(lambda: [_stage(case) for case in Case.objects.filter(opened_on__gt=LATELY)]))

    assert stages == Counter(person["stage"] for _programme, person in texts.people()) + Counter(["new"])  # come of age


def _stage(case):
    """What the rows say, without a look at the texts."""
    versions = {version.number: version for version in PlanVersion.objects.filter(case=case)}
    if not versions:
        if TeamMember.objects.filter(case=case).exists():
            return "team"
        return "consented" if Consent.objects.filter(case=case, kind="plan").exists() else "new"
    states = [version.state for version in versions.values()]
    if "superseded" in states:
        return "revised"
    if "agreed" not in states:
        return "out_for_contribution" if states == ["out"] else "drafting"
    clock = Clock.objects.open().filter(case=case, kind="follow_up").first()
    if clock is None:
        return "ended"
    left = clock.day - timezone.localdate()
    return "follow_up_overdue" if left.days < 0 else "follow_up_due" if left.days <= 3 else "agreed"


def test_annas_first_screen_is_used():
    anna, today = member("anna_berg", Role.SOCIAL_WORKER), timezone.localdate()
    with acting(anna):
        days = [(clock.day - today).days for clock in Clock.objects.visible_to(anna).open().filter(owner=anna)]
        running_out = Consent.objects.visible_to(anna).filter(ends_on__range=(today, today + timedelta(days=30)))
        ahead = Meeting.objects.visible_to(anna).filter(starts_at__gte=timezone.now())

        assert 12 <= Case.objects.visible_to(anna).count() <= 20
        assert min(days) < 0 < max(days)
        assert 0 in days
        assert running_out.count() >= 3
        assert ahead.count() >= 3
        assert CaseNote.objects.visible_to(anna).filter(author=anna, signed_at=None).exists()
        states = set(Decision.objects.visible_to(anna).values_list("state", flat=True))
        assert states == {"proposed", "decided", "withdrawn"}


@pytest.mark.parametrize(("key", "role"), [("sara_lind", Role.HEALTHCARE), ("mika_sandell", Role.PARTNER)])
def test_contributors_have_something_waiting(key, role):
    by = member(key, role)
    with acting(by):
        sections = Section.objects.visible_to(by).filter(writer=by)

        assert sections.filter(state="requested").exists()
        assert sections.filter(state="signed").exists()
        assert TeamMember.objects.visible_to(by).waiting().filter(membership=by).exists()
        assert Case.objects.visible_to(by).count() == 0


def test_the_manager_has_decisions_waiting():
    eva = member("eva_nordlund", Role.UNIT_MANAGER)
    with acting(eva):
        assert Decision.objects.visible_to(eva).waiting().count() >= 3


def test_a_manager_of_the_next_town_decides_for_bollnas():
    farid, leo = member("farid_haddad", Role.UNIT_MANAGER), member("leo_ek", Role.SOCIAL_WORKER)
    with acting(leo):
        [made] = Decision.objects.decided().filter(mandate="kl_9_37")
        assert made.decided_by == farid and made.employer_id == farid.authority_id != made.authority_id
    with acting(farid):
        lent = Decision.across.lent_to(farid)
        assert {(row.authority_id, row.state) for row in lent} == {
            (leo.authority_id, s) for s in ("proposed", "decided")
        }


def test_agreements_are_in_force_and_one_waits_for_an_answer():
    tomas = member("tomas_wikstrom", Role.ADMINISTRATOR)
    with acting(tomas):
        mine = CooperationAgreement.objects.visible_to(tomas)

        assert mine.in_force(on=timezone.localdate()).count() == 4
        assert {row.ground for row in mine} == {"kl_9_37", "kl_9_19", "hsl_16_3", "other"}
        assert mine.filter(ends_on__lte=timezone.localdate() + timedelta(days=30)).count() == 1
        assert mine.standing().exclude(pk__in=mine.agreed()).count() == 1


def test_only_official_test_numbers():
    swedish = {"kind__in": ["personal", "coordination"]}
    numbers = in_each_board(lambda: [row.value for row in PersonIdentifier.objects.filter(**swedish)])

    assert len(numbers) > 40
    assert set(numbers) <= texts.official_numbers()


def test_protected_people_lie_sealed():
    protected = in_each_board(lambda: list(Individual.objects.filter(guarded=True)))

    assert len(protected) == 4
    assert all(person.sealed_name and not person.name for person in protected)


def test_nothing_is_written_in_the_future():
    with psycopg.connect(**dsn_of("backup")) as backup:
        latest, earliest = backup.execute("SELECT max(created_at), min(created_at) FROM audit_auditevent").fetchone()

    assert latest < timezone.now()
    assert earliest < timezone.now() - timedelta(days=500)


def test_every_audit_chain_is_whole():
    with psycopg.connect(**dsn_of("owner")) as owner:
        links = owner.execute("SELECT authority_id, seq FROM audit_audithead").fetchall()
        faults = [owner.execute("SELECT * FROM wall.audit_faults(%s)", [row[0]]).fetchall() for row in links]

    assert {row[0] for row in links} <= set(_authorities())
    assert sum(row[1] for row in links) == counts()[2]
    assert faults == [[]] * len(links)


def test_sign_ins_are_listed_anna_first():
    out = StringIO()

    call_command("demo_data", "--list-sign-ins", stdout=out)

    _headings, first, *others = out.getvalue().splitlines()
    assert first.startswith("anna.berg@bollnas.example")
    assert {role.label for role in Role} == {role.label for role in Role if role.label in out.getvalue()}
    assert len(others) < 10


def test_refused_in_production(settings):
    settings.EXIT_ENV = "production"

    with pytest.raises(CommandError, match="EXIT_ENV"):
        call_command("demo_data")


def test_mailbox_is_not_found_outside_the_demo(client):
    assert client.get(reverse("demo:mailbox")).status_code == 404


def test_mailbox_shows_the_newest_mail_first(client, settings, tmp_path):
    settings.EXIT_ENV, settings.EMAIL_FILE_PATH = "demo", str(tmp_path)
    with get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path)) as post:
        for subject, day in (
            ("Första", "Mon, 02 Nov 2026 08:00:00 -0000"),
            ("Andra", "Tue, 03 Nov 2026 08:00:00 -0000"),
        ):
            EmailMessage(
                subject, "Hej på dig", "a@b.example", ["c@d.example"], headers={"Date": day}, connection=post
            ).send()

    page = client.get(reverse("demo:mailbox"))

    assert [mail.subject for mail in page.context["mails"]] == ["Andra", "Första"]
    assert "Hej på dig" in page.content.decode()
    assert "c@d.example" in page.content.decode()


def test_mailbox_without_mail(client, settings, tmp_path):
    settings.EXIT_ENV, settings.EMAIL_FILE_PATH = "demo", str(tmp_path / "none")

    assert "Inget brev ännu" in client.get(reverse("demo:mailbox")).content.decode()


def test_those_in_the_team_answer_for_their_own(demo):
    """Mika at Nya Steg has a measure that is done, Sara one that stands still and is told of."""
    for key, role, wanted in (("mika_sandell", "partner", "done"), ("sara_lind", "healthcare", "stuck")):
        by = member(key, role)
        with acting(by):
            mine = list(own_measures(by))
        assert any(m.status == "done" if wanted == "done" else m.stuck_on for m in mine), key


def test_a_manager_has_a_month_to_judge_and_an_answer():
    """Eva Nordlund's newest month is half done, with some of it at random and some worth a look; the one before is
    signed, and there is an answer to what was asked then."""
    eva = member("eva_nordlund", Role.UNIT_MANAGER)
    with acting(eva):
        newest, before, *_older = own_months(eva, on=timezone.localdate())
        assert newest.signed_at is None and 0 < newest.judged < newest.drawn and before.signed_at
        reasons = [sample.why for sample in newest.review.samples.all()]
        assert "random" in reasons and any("sought" in why and "no_link" in why for why in reasons)
        assert to_see_to(eva)["answers"] >= 1


@pytest.mark.parametrize("email", ["anna.berg@bollnas.example", "mika.sandell@nyasteg.example"])
def test_the_second_step_is_one_press_for_those_invented(client, settings, monkeypatch, email):
    """Many times in a row: newcomers share the accounts. Nowhere but in the demo is the code shown."""
    who = {"username": email, "password": PASSWORD}
    step = client.post("/logga-in/", who).url
    assert "I demon" not in client.get(step).content.decode(), "this is the test installation"
    settings.EXIT_ENV, settings.CODES_BESIDE = "demo", 10
    for _ in range(12):
        step = client.post("/logga-in/", who).url
        page = client.get(step).content.decode()
        [code] = re.findall(r'name="code" value="([0-9]{6})"', page)
        assert f"koden är <strong>{code}</strong>" in page
        assert client.post(step, {"code": code}).status_code == 302
        assert client.get("/", follow=True).status_code == 200
        client.post("/logga-ut/")
    later = codes.step_now() + settings.CODES_BESIDE
    monkeypatch.setattr(demonstration, "step_now", lambda: later)  # whoever has not been here for a while
    step = client.post("/logga-in/", who).url
    [code] = re.findall(r'name="code" value="([0-9]{6})"', client.get(step).content.decode())
    monkeypatch.setattr(codes, "step_now", lambda: later + 4)  # and reads for two minutes
    assert client.post(step, {"code": code}).status_code == 302
    client.post("/logga-ut/")
    settings.EXIT_ENV = "production"
    client.post("/logga-in/", who)
    assert "I demon" not in client.get(step).content.decode()
