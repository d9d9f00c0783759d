"""Rows of every model in two boards, made by the product's own operations: what could show, and must not."""

from datetime import time, timedelta
from unittest.mock import patch

from django.utils import timezone

from cases import operations as cases
from cases.notices import due
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority, Submission
from exitprogram.tenancy.roles import Role
from exitprogram.tokens import operations as tokens
from exitprogram.tokens.models import ApiRequest
from plans import operations as plans
from teams import operations as teams
from teams.models import DELEGABLE
from tests import (
    abroad,
    agreements,
    caseloads,
    chains,
    childhood,
    courtroom,
    grown,
    guardianship,
    handovers,
    houses,
    leaving,
    oversight,
    papers,
    published,
    reviewing,
    shut,
    twins,
)
from tests.connections import logged_in_as
from tests.world import today

# Of the Swedish Tax Agency's official test numbers.
NUMBERS = {"Bollnäs": "196610232842", "Söderhamn": "199202252392"}
SECRETS = (
    *NUMBERS.values(), "Maria Karlsson", "Elsa Annanstans", "Kanariefakta", "Kanariebedömning", "Kanariekod",
    "Kanarietext", "Kanariemål", "Kanarieplats", "Kanarieskäl", "Stina Skyddad", "Elna Gömd",
    "Kanariegatan", "Kanariehotet", "Kanarienätet",
    "Kanariespråk", "Kanarieland", "Kanarierisk", "Kanarienamn", "Kanarietolk", "Kanarieort", "Kanarieby",
    "Kanariekontor", "Kanariebytet", "Kanarievärden", "Kanariebarnet", "Kanariebron", "Kanarieplan",
    "Kanarieförälder", "Kanarieannan", "Kanariebeslutet", "Kanarierätten", "Kanariemålet", "Kanariestegen",
    "Kanariebarnahuset", "Kanariebästa", "Kanariefrågan", "Kanarieintresset", "Kanarieord", "Kanarieregistret",
    "Kanariesamrådet", "Kanariesteget", "Kanariestödet", "Kanariefilen",
)  # fmt: skip


def furnish(world):
    """Bollnäs with Sara in the team, covered for health; Söderhamn with nobody from outside. Nils is a nurse like Sara,
    in no team; Leo is invited nowhere."""
    world.nils = world._member(world.ragnar, "Nils Vik", Role.HEALTHCARE)
    world.per = world._member(world.siv, "Per Norr", Role.SOCIAL_WORKER)
    world._agree(world.siv, world.pia, world.partner)
    world.case = world.open_case(individual=world.person(number=NUMBERS["Bollnäs"]))
    world.elsewhere = world.open_case(
        world.cilla, world.person(world.cilla, "Elsa Annanstans", number=NUMBERS["Söderhamn"])
    )
    world.waiver(world.region, "health", "safety")
    agreements.everything(world)
    _everything(world, world.anna, world.adam, world.case, world.maud, world.sara)
    _everything(world, world.cilla, world.siv, world.elsewhere, world.per, world.rut)
    world.protected = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    world.protected_elsewhere = world.open_case(world.cilla, world.person(world.cilla, "Elna Gömd", local_threat=True))
    _sent_across(world)
    leaving.everything(world)
    houses.lead(world.siv, world.nora)
    twins.everything(world)
    shut.everything(world)
    handovers.everything(world)
    childhood.everything(world)
    grown.everything(world)
    guardianship.everything(world)
    chains.everything(world)
    courtroom.everything(world)
    oversight.everything(world)
    caseloads.everything(world)
    reviewing.everything(world)
    world.published = published.publish_some(world.bollnas, world.soderhamn)
    world.just_added = world.person(name="Nya Personen")
    with logged_in_as("worker"):
        due.make_due()


def _everything(world, by, admin, case, colleague, contributor):
    houses.everything(admin, by, [colleague] if colleague.role == Role.UNIT_MANAGER else [])
    _scheme(admin)
    with acting(by):
        cases.save_safe_contact(
            by=by, case=case, version=0, channels="sms", hours="kväll", code_word="Kanariekod", never_answer="ja",
            may_leave_message=False,
        )  # fmt: skip
        _notes(by, case)
        _first_contact(by, case)
        _assessments(by, case)
        _place(by, case)
        abroad.everything(by, case)
        cases.record_consent(by=by, case=case, form="oral", taken_on=today())
        cases.record_exception(
            by=by, case=case, recipient=Authority.objects.get(kind="health_authority", region_id="21"),
            areas=["debts"], rule_id="secrecy.exception.social_misuse", reason="Kanarieskäl", ends_on=today(),
        )  # fmt: skip
        teams.appoint_coordinator(by=by, case=case, membership=by)
        teams.add_outside_member(
            by=by, case=case, name="Kanarievärden", organisation="Hus", function="hyresvärd", reason="hemmet",
        )  # fmt: skip
        member = _invite(by, case, colleague, "chef")
        guest = _invite(by, case, contributor, "bidrar")
    world.answers(colleague, case)
    world.answers(contributor, case)
    if guest.is_outside:
        with acting(contributor):
            teams.answer_invitation(by=contributor, member=guest, accept=True, no_conflict=True)
    with acting(by):
        version = _draft(by, case, guest)
        section = plans.request_section(
            by=by, plan_version=version, member=guest, area="health", question="Vad kan ni göra?"
        )
    with acting(contributor):
        plans.sign_section(by=contributor, section=section, text="Kanarietext")
    papers.everything(by, admin, case, colleague, contributor.authority)
    with acting(by):
        agreed = plans.agree_version(by=by, plan_version=version)
        with patch("plans.operations.release.document", return_value=b"%PDF"):  # the PDF itself has its own tests
            plans.release_copy(by=by, plan_version=agreed, recipient_key="own")
        plans.release_bundle(by=by, plan_version=agreed, recipient_key="own")
        plans.begin_copies(by=by, plan_version=agreed)
        _follow_up(by, agreed)
        plans.new_version(by=by, plan=agreed.plan)
        _meeting(by, case, [member, guest])
        _decisions(by, case)
    _told_to_the_board(admin)
    _watching(by, admin, case)
    with acting(by):
        Submission.objects.create(authority_id=by.authority_id, membership=by)
        token, _secret = tokens.make_token(
            by=by, name="Verksamhetssystemet", scopes=["cases:read"], networks=["192.0.2.0/24"],
            expires_on=today() + timedelta(days=20),
        )  # fmt: skip
        ApiRequest.objects.create(
            authority_id=by.authority_id, membership=by, token=token, key_digest=b"1", call_digest=b"2"
        )


def _sent_across(world):
    """A proposal of Bollnäs' that waits at Leo; one of Söderhamn's at Lova, who is employed by Ljusdal (KL 9:37)."""
    with acting(world.anna):
        given = {"by": world.anna, "case": world.protected}
        teams.propose_decision(**given, kind="travel", what="Kanarietext", sent_to=world.leo)
    with acting(world.cilla):
        given = {"by": world.cilla, "case": world.protected_elsewhere}
        decision = teams.propose_decision(**given, kind="travel", what="Kanarietext", sent_to=world.lova)
        teams.hear_party(**given, decision=decision, day=today(), until=today(), way="meeting", words="Kanarietext")


def _scheme(admin):
    rows = [
        {"number": str(place), "kind": kind, "law": "11 kap. 1 § SoL", "role": Role.SOCIAL_WORKER}
        for place, kind in enumerate(DELEGABLE, 1)
    ]
    with acting(admin):
        teams.adopt_scheme(by=admin, minute="SN § 1", valid_from=today(), rows=rows)
        teams.start_draft(by=admin)
        plans.add_catalogue_measure(by=admin, title="Odlingslott", area="network", principal_kind="other")


def _told_to_the_board(admin):
    """One meeting with a closed list, and one ahead."""
    with acting(admin):
        teams.record_urgent(
            by=admin, decided_on=today(), kind="immediate_custody", law="6 § LVU", decided_by="Ordföranden Eva Ek",
            reference="O1", outcome="granted",
        )  # fmt: skip
        meeting = teams.register_meeting(by=admin, held_on=today())
        teams.close_list(by=admin, meeting=meeting)
        teams.register_meeting(by=admin, held_on=today() + timedelta(days=30))


def _watching(by, admin, case):
    """Something late that has been seen, and how both want to be told."""
    for who in (by, admin):
        with acting(who):
            cases.save_delivery(
                by=who, channel="mail", quiet_from=time(20), quiet_to=time(7), danger_any_hour=False
            )  # fmt: skip
            cases.make_calendar(by=who)
    with acting(admin):
        cases.save_demand(by=admin, danger_any_hour=True)
    with acting(by):
        late = cases.start_clock(
            by=by, case=case, kind="note_follow_up", rule_id="note.follow_up", subject_id=case.pk, owner=by,
            due_on=today() - timedelta(days=9),
        )  # fmt: skip
        cases.acknowledge_clock(by=by, clock_id=late.pk)


def _first_contact(by, case):
    """With something to do now and something done; and a contact in open access, with nobody in it."""
    given = {"by": by, "case": case, "screening": {"why_now": "Kanariefakta"}, "needs": ["hbtqi"]}
    alarms = {"safe_now": {"answer": "no", "words": "Kanarietext"}, "care": {"answer": "yes", "words": ""}}
    cases.save_intake(**given, version=0, triage=alarms, needs_text="Kanarietext", contact_by="Kanarietext")
    cases.save_intake(**given, version=1, triage={"safe_now": alarms["safe_now"]}, needs_text="Kanarietext")
    cases.record_open_contact(
        by=by, day=today(), way="chat", hours=1, support=["talk"], language="sv", text="Kanarietext"
    )


def _assessments(by, case):
    for signed in (False, True):
        given = {"by": by, "case": case, "instrument": "safety", "instrument_version": "1", "day": today()}
        assessment = cases.save_assessment(
            **given, answers={"deadly": "unknown", "fears": "Kanariefakta"}, own_words="Kanarietext",
            threats=[{"kind": "person", "who": "Kanariehotet"}, {"kind": "network", "who": "Kanarienätet"}],
        )  # fmt: skip
        if signed:
            cases.sign_assessment(by=by, case=case, assessment=assessment)


def _notes(by, case):
    for signed in (False, True):
        note = cases.save_note(
            by=by, case=case, kind="call", event_on=today(), source="egen uppgift", fact="Kanariefakta",
            assessment="Kanariebedömning",
        )  # fmt: skip
        if signed:
            cases.sign_note(by=by, case=case, note=note)
            cases.add_to_note(by=by, case=case, note=note, kind="correction", text="Kanarietext")


def _place(by, case):
    """Where somebody is, and one showing of it that is waiting."""
    place = cases.add_place(by=by, case=case, kind="address", text="Kanariegatan 1", note="Kanarietext")
    cases.reveal_place(by=by, case=case, place=place, reason="meet", words="Kanarieskäl")


def _invite(by, case, membership, function):
    return teams.invite_member(by=by, case=case, membership=membership, function=function, reason="behövs i planen")


def _draft(by, case, guest):
    version = plans.start_plan(by=by, case=case)
    for area in ("health", "housing"):
        goal = plans.add_goal(by=by, plan_version=version, area=area, own_words="Kanariemål")
        plans.add_measure(
            by=by, goal=goal, title="Kanarietext", principal_kind="social", principal=by.authority,
            responsible=guest if area == "health" else None,
        )  # fmt: skip
    return plans.save_version(
        by=by, plan_version=version, expected=version.version, lead_principal=by.authority, what_matters="Lugn",
        participation="Var med.", others_note="Ingen annan behövs.", follow_up_on=today() + timedelta(days=5),
    )  # fmt: skip


def _follow_up(by, agreed):
    """One that is done and one that is begun, both with answers of both."""
    for finish in (True, False):
        said = {"person_answer": "partly", "person_words": "Kanarietext", "worker_answer": "partly"}
        row = plans.save_follow_up(
            by=by, plan_version=agreed, own_words="Kanarietext", outcome="goes_on", experience={"heard": "yes"},
            next_on=today() + timedelta(days=5), answers={goal.pk: said for goal in agreed.goals.all()},
        )  # fmt: skip
        if finish:
            plans.finish_follow_up(by=by, follow_up=row)


def _meeting(by, case, members):
    """One ahead, moved and prepared; and one that has been held, with minutes that are not signed."""
    given = {"by": by, "case": case, "place": "Kanarieplats", "purpose": "Kanarietext"}
    ahead = plans.call_meeting(**given, starts_at=timezone.now() + timedelta(days=3), members=members)
    ahead = plans.move_meeting(
        by=by, meeting=ahead, starts_at=ahead.starts_at, place="Kanarieplatsen", reason="Kanarieskäl"
    )
    plans.save_preparation(
        by=by, meeting=ahead, what_matters="Kanarietext", questions="Kanarietext", comes="Kanarienamn",
        must_not_come="Kanarienamn", leads="Kanarienamn",
    )  # fmt: skip
    held = plans.call_meeting(**given, starts_at=timezone.now() + timedelta(seconds=1), members=members[:1])
    plans.save_minutes(by=by, meeting=held, text="Kanarierad")


def _decisions(by, case):
    """One waiting, the party heard; one decided, told, appealed and not yet sent on."""
    given = {"by": by, "case": case}
    for decide in (False, True):
        decision = teams.propose_decision(**given, kind="travel", what="Kanarietext")
        teams.hear_party(
            **given, decision=decision, day=today(), until=today(), way="meeting", words="Kanarietext"
        )  # fmt: skip
        if decide:
            teams.decide(
                by=by, decision=decision, outcome="granted", reasons="Kanarieskäl", hearing="Kanarietext",
                no_conflict=True, took_part="Kanarietext",
            )  # fmt: skip
            teams.tell_party(**given, decision=decision, day=today(), way="handed")
            teams.receive_appeal(**given, decision=decision, day=today(), words="Kanarieskäl")
            with patch("teams.operations.letters.letter", return_value=b"%PDF"):
                teams.release_letter(**given, decision=decision)
