"""Side doors: the link in a mail, a section whose writer has lost the case, a copy while somebody covers."""

from uuid import uuid4

from django.db import connection, transaction
from django.urls import reverse

from cases import operations as cases
from cases.models import Notice
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import add_member
from exitprogram.tenancy.roles import Role
from plans import operations as plans
from plans.exports import page_of_paper, recipient_of
from teams import operations as teams
from tests.visits import Visit
from tests.world import today


def test_a_mails_link_that_opens_another_workplace_is_written_down_there(world):
    """As when she chooses it herself: each opening leaves a trace where it opened."""
    with acting(world.pia):
        other = add_member(by=world.pia, email=world.sara.user.email, name="Sara Lind", role=Role.PARTNER)
    with acting(world.anna):
        notice = Notice(
            authority_id=world.bollnas.pk, about="section", subject_id=uuid4(), recipient=world.sara,
            recipient_authority_id=world.sara.authority_id, about_on=today(),
        )  # fmt: skip
        notice.save(force_insert=True)
    visit = Visit(world.sara)
    visit.client.post(reverse("tenancy:switch"), {"membership": str(other.pk)})
    assert visit.logged(world.sara) == []
    visit.get("plans:onward", notice)
    visit.client.get("/")
    assert visit.logged(world.sara) == ["session.opened"]
    visit.get("plans:onward", notice)
    assert visit.logged(world.sara) == ["session.opened"], "once"


def test_a_writer_who_has_lost_the_case_writes_no_section_in_it(world):
    """Of her own board, by SQL that reads nothing back: the policy asked only whose section it was."""
    world.consent(), world.coordinator()
    version = world.draft()
    member = world.join(world.leo)
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=world.case, membership=world.leo, kind="named", reason="Avsnitt")
        plans.request_section(by=world.anna, plan_version=version, member=member, area="health", question="Hur?")
        cases.block_access(by=world.anna, case=world.case, user=world.leo.user, kind="conflict", reason="Kusin")
    with transaction.atomic(), acting(world.leo), connection.cursor() as cursor:
        cursor.execute("UPDATE plans_section SET declined = ''")
        assert cursor.rowcount == 0


def test_a_plan_agreed_while_somebody_covers_can_be_given_out(world):
    """A cover had no word on the paper or in the file: a plan agreed in those days could never be given to anybody."""
    world.consent(), world.coordinator()
    with acting(world.anna):
        teams.cover_absence(by=world.anna, membership=world.leo, starts_on=today(), ends_on=today())
    version = world.draft()
    with acting(world.anna):
        version = plans.agree_version(by=world.anna, plan_version=version)
        recipient = recipient_of(version.case, "own")
        _page, context = page_of_paper(version, recipient, copy_number=1, made_on=today())
        assert [one["label"] for one in context["content"]["coordinators"]] == [
            context["w"]["coordinator"], context["w"]["deputy"]
        ]  # fmt: skip
        plans.release_bundle(by=world.anna, plan_version=version, recipient_key="own")
