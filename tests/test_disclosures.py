"""What leaves the file leaves as a copy of what was chosen, on a ground that reaches the one who gets it."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cases import grounds
from cases import operations as cases
from cases.material import pieces
from cases.models import DisclosedItem, Disclosure, Notice, Receipt
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from tests.leaving import keys_in, sent, sent_outside
from tests.world import today


def note(world, case=None, **more):
    with acting(world.anna):
        given = {"kind": "call", "event_on": today(), "source": "egen", "fact": "Faktum ett", "assessment": "Bedöms så"}
        row = cases.save_note(by=world.anna, case=case or world.case, **{**given, **more})
        return cases.sign_note(by=world.anna, case=case or world.case, note=row)


def items_of(disclosure, by):
    with acting(by):
        return list(DisclosedItem.objects.visible_to(by).filter(disclosure=disclosure))


def test_only_what_was_ticked_goes_and_as_it_stood(world):
    row = note(world)
    with acting(world.anna):
        fact, assessment = keys_in(world.anna, world.case)
    disclosure = sent(world.anna, world.case, world.mika, pieces=[fact])
    with acting(world.anna):
        cases.add_to_note(by=world.anna, case=world.case, note=row, kind="objection", text="Stämmer inte")
    [item] = items_of(disclosure, world.mika)
    assert "Faktum ett" in item.text and "Bedöms så" not in item.text
    assert "Stämmer inte" not in item.text, "what was said afterwards is in no copy that had gone"
    again = sent(world.anna, world.case, world.mika, pieces=[fact])
    assert "Stämmer inte" in items_of(again, world.mika)[0].text, "and goes with every later one"
    assert (disclosure.copy_number, again.copy_number) == (1, 2)


def test_the_digest_is_of_the_words(world):
    note(world)
    disclosure = sent(world.anna, world.case, world.mika, pieces=keys_in(world.anna, world.case))
    words = [[item.heading, item.text] for item in items_of(disclosure, world.anna)]
    content = json.dumps([1, str(today()), words], ensure_ascii=False)
    assert bytes(disclosure.sha256) == hashlib.sha256(content.encode()).digest()


def test_a_draft_is_no_material(world):
    with acting(world.anna):
        cases.save_note(by=world.anna, case=world.case, kind="call", event_on=today(), source="x", fact="Utkast")
    assert keys_in(world.anna, world.case) == []


@pytest.mark.parametrize("keys", [[], ["note:nobody:fact"], None])
def test_nothing_or_something_else_is_refused(world, keys):
    note(world)
    wrong = keys if keys is not None else keys_in(world.cilla, world.elsewhere, "person")
    with pytest.raises(Refused, match="Välj"):
        sent(world.anna, world.case, world.mika, pieces=wrong)
    with acting(world.anna):
        assert not Disclosure.objects.exists()


REACH = [
    ("secrecy.disclosure.party", "mika", "räcker inte"),
    ("secrecy.disclosure.transfer", "sara", "kan inte användas"),
    ("secrecy.exception.social_misuse", "mika", "räcker inte"),
    ("secrecy.exception.health_misuse", "sara", "kan inte användas"),
    ("secrecy.exception.social_young", "sara", "födelsedagen"),
    ("secrecy.waiver", "sara", "inget samtycke"),
    ("no.such", "sara", "Välj en grund"),
    ("plan.content", "sara", "Välj en grund"),
]


@pytest.mark.parametrize("ground, to, why", REACH)
def test_a_ground_that_does_not_reach(world, ground, to, why):
    note(world)
    with pytest.raises(Refused, match=why):
        sent(world.anna, world.case, getattr(world, to), ground=ground)


def test_consent_in_force_is_the_ground_and_is_tied_to_the_copy(world):
    note(world)
    waiver = world.waiver(world.region, "health")
    disclosure = sent(world.anna, world.case, world.sara, ground=grounds.WAIVER)
    assert disclosure.consent_id == waiver.pk
    with acting(world.anna):
        cases.withdraw_consent(by=world.anna, case=world.case, consent=waiver)
    with pytest.raises(Refused, match="inget samtycke"):
        sent(world.anna, world.case, world.sara, ground=grounds.WAIVER)
    assert items_of(disclosure, world.sara), "what is sent is sent"


def test_of_age_by_the_day(world):
    young = world.person(name="Ung Person", birth_date=today().replace(year=today().year - 19, day=1))
    case = world.open_case(individual=young)
    with pytest.raises(Refused, match="fyllt 18"):
        sent(world.anna, case, world.sara, ground="secrecy.exception.social_young")
    assert sent_outside(
        world.anna, case, ground="secrecy.exception.young_crime", outside_kind="police", outside="Polisen"
    )


def test_without_a_reason_or_a_recipient(world):
    with pytest.raises(Refused, match="varför"):
        sent(world.anna, world.case, world.mika, reason=" ")
    for missing in ("outside", "handed_over", "outside_kind"):
        with pytest.raises(Refused, match="vem det lämnas till och hur"):
            sent_outside(world.anna, world.case, **{missing: ""})


@pytest.mark.parametrize("who", ["leo", "cilla", "adam", "pia", "nora"])
def test_only_those_who_can_receive_are_recipients(world, who):
    """A colleague of one's own, a worker elsewhere, an administrator: none can be sent to. A manager elsewhere can."""
    from exitprogram.tenancy.roles import Role

    world.nora = world._member(world.siv, "Nora Chef", Role.UNIT_MANAGER)
    if who == "nora":
        assert sent(world.anna, world.case, world.nora).recipient_id == world.soderhamn.pk
    else:
        with pytest.raises(Refused, match="kan inte ta emot"):
            sent(world.anna, world.case, getattr(world, who))


def test_the_named_person_alone_opens_it_and_the_sender_sees_when(world):
    disclosure = sent(world.anna, world.case, world.mika)
    for who in (world.sara, world.cilla, world.pia, world.leo, world.maud):
        assert items_of(disclosure, who) == []
        with acting(who), pytest.raises(NotAllowed):
            cases.open_received(by=who, disclosure=disclosure)
    for _time in range(2):
        with acting(world.mika):
            cases.open_received(by=world.mika, disclosure=disclosure)
    with acting(world.anna):
        [receipt] = Receipt.objects.visible_to(world.anna)
        opened = AuditEvent.objects.filter(action="disclosure.opened", membership_id=world.mika.pk)
        assert opened.count() == 2
    assert timezone.now() - receipt.received_at < timedelta(minutes=1)


def test_the_named_person_is_told(world):
    disclosure = sent(world.anna, world.case, world.mika)
    with acting(world.mika):
        [notice] = Notice.objects.visible_to(world.mika).filter(about="disclosure")
    assert notice.subject_id == disclosure.pk


@pytest.mark.parametrize("said, wrong", [("", "vem som har sagt"), ("Bo", "ligga mellan")])
def test_a_receipt_by_hand(world, said, wrong):
    disclosure = sent_outside(world.anna, world.case)
    late = timezone.now() + timedelta(hours=1) if said else timezone.now()
    with acting(world.anna), pytest.raises(Refused, match=wrong):
        cases.register_receipt(by=world.anna, case=world.case, disclosure=disclosure, said_by=said, received_at=late)
    given = {"by": world.anna, "case": world.case, "disclosure": disclosure, "said_by": "Bo"}
    with acting(world.anna):
        cases.register_receipt(**given, received_at=timezone.now())
        with pytest.raises(Refused, match="redan kvitterad"):
            cases.register_receipt(**given, received_at=timezone.now())


def test_nobody_registers_the_named_persons_receipt(world):
    disclosure = sent(world.anna, world.case, world.mika)
    with acting(world.anna), pytest.raises(Refused, match="av sig självt"):
        cases.register_receipt(
            by=world.anna, case=world.case, disclosure=disclosure, said_by="Mika", received_at=timezone.now()
        )


def test_the_receivers_copy_is_the_receivers_own(world):
    """Filed as a signed note of her own board, sealed with that board's own key."""
    from exitprogram.tenancy.roles import Role

    world.nora = world._member(world.siv, "Nora Chef", Role.UNIT_MANAGER)
    note(world)
    disclosure = sent(world.anna, world.case, world.nora, pieces=keys_in(world.anna, world.case))
    with acting(world.cilla):
        cases.grant_access(by=world.cilla, case=world.elsewhere, membership=world.nora, kind="named", reason="tar emot")
    with acting(world.nora):
        filed = cases.file_received(by=world.nora, disclosure=disclosure, case=world.elsewhere)
    assert filed.signed_at and "Faktum ett" in filed.fact and filed.authority_id == world.soderhamn.pk


def test_what_was_sent_cannot_be_changed(world):
    sent(world.anna, world.case, world.mika)
    for statement in (
        "UPDATE cases_disclosure SET copy_number = 9", "DELETE FROM cases_disclosure",
        "UPDATE cases_discloseditem SET position = 9", "DELETE FROM cases_discloseditem", "DELETE FROM cases_receipt",
    ):  # fmt: skip
        refused = pytest.raises(Exception, match="permission denied|låst")
        with refused, acting(world.anna), connection.cursor() as cursor:
            cursor.execute(statement)


# A protected person.


@pytest.fixture
def protected(world):
    case = world.open_case(
        individual=world.person(name="Stina Skyddad", protection="secrecy_mark", number="196610232842")
    )
    with acting(world.anna):
        cases.add_place(by=world.anna, case=case, kind="address", text="Kanariegatan 1", note="Kanarienot")
    note(world, case)
    return case


def test_a_protected_persons_copy_says_nothing_of_where(world, protected):
    with acting(world.anna):
        everything = pieces(world.anna, protected)
    assert not any("Kanarie" in piece.heading + piece.text for piece in everything.values())
    disclosure = sent(world.anna, protected, world.mika, pieces=keys_in(world.anna, protected))
    words = " ".join(item.heading + item.text for item in items_of(disclosure, world.mika))
    assert "Stina" not in words and "19661023" not in words, "who it is goes only when it is ticked"


def test_an_address_written_in_a_note_is_found(world, protected):
    note(world, protected, fact="Hon bor nu på kanariegatan  1, två trappor.")
    with pytest.raises(Refused, match="innehåller en adress"):
        sent(world.anna, protected, world.mika, pieces=keys_in(world.anna, protected))
    assert sent(world.anna, protected, world.mika, pieces=keys_in(world.anna, protected, "person"))


def test_an_old_number_does_not_go_with_the_new(world):
    """Nothing that leaves ties an earlier identity to the one in use."""
    case = world.open_case(individual=world.person(number="196610232842"))
    with acting(world.anna):
        [piece] = [p for p in pieces(world.anna, case).values() if p.heading == "Vem det gäller"]
    assert piece.text.count("1966") == 1
