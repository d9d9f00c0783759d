"""The people around one person in a story: called, answering, deputising, meeting, leaving."""

from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from zoneinfo import ZoneInfo

from django.conf import settings

from exitprogram.demo.clock import next_workday
from exitprogram.pdf.render import NoPdf
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import PlanVersion
from teams import operations as teams
from teams.conflicts import question_of
from teams.models import CoordinatorAppointment, TeamMember

WHY = {
    "health_authority": "Vården behövs för målen om hälsa.",
    "partner": "Personen vill ha någon vid sidan av myndigheterna.",
    "social_board": "Kan lagstiftningen och kontakterna med polisen.",
}
LATE_INVITATION = 4  # days ago; those who have not answered were asked lately
ANSWERS = ("yes", "video", "none", "yes", "other_time")


def build_acts(story, ago):
    """``(days ago, act)``: the coordinator first, then the team, each answering for herself."""
    yield ago, partial(appoint, story, story.worker)
    if story.past("agreed") and not story.is_protected:
        deputy = story.cast.deputy_of(story.person["worker"])
        yield ago, partial(appoint, story, deputy, CoordinatorAppointment.Kind.DEPUTY)
        yield ago, partial(not_close, story, deputy)
    if "colleague" in story.more:
        colleague = story.cast.social(story.more["colleague"])
        yield ago, partial(_invite, story, story.more["colleague"], colleague, "Delar ärendet under hösten.")
        if not story.more.get("asked"):
            yield ago, partial(not_close, story, colleague)
    if "outside" in story.more:
        yield ago, partial(_outside, story, story.more["outside"])
    for key in story.person["team"]:
        waits = key in story.more.get("unanswered", ())
        yield LATE_INVITATION if waits else ago, partial(invite, story, key)
        if not waits:
            yield ago - 1, partial(answer, story, key, True)
    for key in story.more.get("declined", ()):
        yield ago, partial(invite, story, key)
        yield ago - 1, partial(answer, story, key, False)


def beside_acts(story):
    """Meetings, copies and a withdrawn consent, as ``moments.toml`` tells."""
    if "meeting" in story.more:
        yield 3, partial(call_meeting, story)
        yield 1, partial(answer_calls, story)
    for text in story.more.get("copies", ()):
        yield text["days"], partial(release, story, text["to"])
    if "withdrawn" in story.more:
        yield story.more["withdrawn"]["days"], partial(story.withdraw, story.more["withdrawn"]["member"])


def appoint(story, membership, kind=CoordinatorAppointment.Kind.COORDINATOR):
    with acting(story.worker):
        teams.appoint_coordinator(by=story.worker, case=story.case, membership=membership, kind=kind)


def not_close(story, membership, case_id=None):
    """A colleague's answer before she opens the case: she does not know the person."""
    with acting(membership):
        if question_of(membership, case_id or story.case.pk):
            teams.answer_conflict(by=membership, case_id=case_id or story.case.pk, knows=False)


def _outside(story, given):
    with acting(story.worker):
        teams.add_outside_member(by=story.worker, case=story.case, **given)


def invite(story, key):
    membership = story.cast.guest(key)
    _invite(story, key, membership, WHY[membership.authority.kind])


def _invite(story, key, membership, reason):
    with acting(story.worker):
        story.members[key] = teams.invite_member(
            by=story.worker, case=story.case, membership=membership, function=membership.title, reason=reason,
            presented_as=story.more.get("presented_as", ""),
        )  # fmt: skip


def answer(story, key, accept):
    by = story.cast.guest(key)
    with acting(by):
        teams.view_invitation(by=by, member=story.members[key])
        story.members[key] = teams.answer_invitation(
            by=by, member=story.members[key], accept=accept, no_conflict=accept
        )


def contribute(story):
    """Sections are opened, written and signed, each by its own hand. While the draft is still out at the parties, the
    story says who has got how far."""
    out = story.person["stage"] == "out_for_contribution" or story.asked_again
    for key, (section, text) in story.sections.items():
        signs = not out or key in story.more.get("written", ())
        if signs or key in story.more.get("begun", ()):
            _write(story.cast.guest(key), section, text, signs)


def _write(by, section, text, signs):
    with acting(by):
        plans.view_section(by=by, section=section)
        if signs:
            plans.sign_section(by=by, section=section, text=text)
        else:
            plans.save_section(by=by, section=section, text=text.split(". ")[0] + ".")


def call_meeting(story):
    text = story.more["meeting"]
    day = next_workday(story.today + timedelta(days=text["ahead"]))
    starts_at = datetime.combine(day, datetime.strptime(text["at"], "%H:%M").time(), ZoneInfo(settings.TIME_ZONE))  # noqa: DTZ007
    called = [m for m in story.members.values() if m.state in (TeamMember.State.INVITED, TeamMember.State.JOINED)]
    with acting(story.worker):
        meeting = plans.call_meeting(
            by=story.worker, case=story.case, starts_at=starts_at, place=text["place"], purpose=text["purpose"],
            members=called,
        )  # fmt: skip
        story.calls = list(meeting.calls.select_related("member"))


def answer_calls(story):
    guests = [call for call in story.calls if call.member.is_outside and call.member.state == TeamMember.State.JOINED]
    for call, said in zip(guests, cycle(ANSWERS), strict=False):
        by = next(story.cast.guest(key) for key, m in story.members.items() if m.pk == call.member_id)
        if said != "none":
            with acting(by):
                plans.answer_call(by=by, call=call, answer=said)


def release(story, to):
    """A numbered copy on paper. Left out on a machine that cannot make a PDF."""
    key = to if to == "individual" else str(story.members[to].pk)
    with acting(story.worker):
        version = PlanVersion.objects.visible_to(story.worker).get(pk=story.draft.version.pk)
        try:
            plans.release_copy(by=story.worker, plan_version=version, recipient_key=key)
        except NoPdf:
            return


def disband(story, reason):
    with acting(story.worker):
        for member in story.members.values():
            if member.state in (TeamMember.State.INVITED, TeamMember.State.JOINED):
                teams.leave_team(by=story.worker, case=story.case, member=member, reason=reason)
