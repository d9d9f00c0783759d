"""No guardian ever receives what was not released to that guardian: through the operations, and straight at the tables
as the application's own role."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import operations as cases
from cases.models import DisclosedItem, Disclosure
from children import operations as children
from children.models import Custody, GuardianMark, GuardianRelease, PartyLimit
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from tests import papers
from tests.guardianship import a_child
from tests.guardianship import beside as beside_child
from tests.world import today

FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
PARTY, GUARDIAN, NO_HARM = "secrecy.disclosure.party", "secrecy.disclosure.guardian", "secrecy.disclosure.no_harm"
DAY = timedelta(days=1)
CONTENT = "Kanariefakta som ingen vårdnadshavare får"


@pytest.fixture
def family(world):
    """A child with two who have joint custody, two notes and two papers; Greta leads the unit."""
    world.greta = world._member(world.adam, "Greta Chef", Role.UNIT_MANAGER)
    world.child_worker("anna", "greta")
    world.kim = a_child(world)
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=world.kim, membership=world.greta, kind="named", reason="leder")
        for place in range(2):
            note = cases.save_note(by=world.anna, case=world.kim, kind="call", event_on=today(), source="x",
                                   fact=f"{CONTENT} {place}")  # fmt: skip
            cases.sign_note(by=world.anna, case=world.kim, note=note)
            cases.add_document(**papers.paper(world.kim, world.anna))
    world.parents = [beside_child(world.anna, world.kim, name) for name in ("Mona Ung", "Pelle Ung")]
    return world


def keys_of(world):
    with acting(world.anna):
        notes = sorted(f"note:{note.pk}:fact" for note in world.kim.notes.all())
        return notes + sorted(f"document:{paper.pk}:" for paper in world.kim.documents.all())


def made(act, **given_to_it):
    """True when it went through; False when it was refused, by either wall."""
    try:
        with transaction.atomic():
            act(**given_to_it)
    except (Refused, DatabaseError):
        return False
    return True


def release(world, who, key, ground=GUARDIAN, by=None, ends_on=None):
    by = by or world.anna
    with acting(by):
        children.release_to_guardian(
            by=by, case=world.kim, guardian=who, keys=[key], ground=ground, reason="prövat", ends_on=ends_on
        )


def hand(world, who, key):
    """By the way there is for that kind of thing."""
    kind, row, _part = key.split(":")
    with acting(world.anna):
        if kind == "document":
            paper = world.kim.documents.get(pk=row)
            children.hand_document(by=world.anna, case=world.kim, guardian=who, document=paper, handed_over="i handen")
        else:
            cases.disclose(
                by=world.anna, case=world.kim, pieces=[key], ground=NO_HARM, reason="x", outside_kind="guardian",
                guardian=who.pk, handed_over="i handen",
            )  # fmt: skip


def hand_raw(world, who, key):
    """Straight at the tables: a copy to the guardian with that piece in it."""
    kind, row, part = key.split(":")
    with acting(world.anna):
        sent = Disclosure(
            authority_id=world.kim.authority_id, case=world.kim, what="document" if kind == "document" else "case.copy",
            object_id=row, recipient_kind="guardian", beside_id=who.pk, recipient_text="x", ground="x", copy_number=77,
            sha256=b"x", disclosed_by=world.anna,
        )  # fmt: skip
        sent.save(force_insert=True)
        if kind != "document":
            DisclosedItem(authority_id=sent.authority_id, case=world.kim, disclosure=sent, kind=kind, object_id=row,
                          part=part, position=0, text=CONTENT).save(force_insert=True)  # fmt: skip


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["release", "release", "as_party", "short", "withdraw", "mark", "unmark", "limit", "unlimit",
                         "custody_ends"]),
        st.integers(0, 1), st.integers(0, 3),
    ),
    max_size=7,
)  # fmt: skip


class Said:
    """What has been decided, by plain rules of its own."""

    def __init__(self):
        self.out, self.marked, self.limited, self.gone = {}, set(), set(), set()

    def may(self, who, piece):
        ground = self.out.get((who, piece))
        if ground is None or (who in self.marked and not ground.endswith("!")):
            return False
        if ground.startswith(PARTY) and who in self.limited:
            return False
        return who not in self.gone


def carry_out(world, said, step, who, piece):
    """The step as an operation; and in the oracle when it should be taken. Both must think alike."""
    person, key, today_ = world.parents[who], keys_of(world)[piece], today()
    if step in ("release", "short", "as_party"):
        by = world.greta if step == "as_party" else world.anna
        ground = PARTY if step == "as_party" else GUARDIAN
        done = made(release, world=world, who=person, key=key, ground=ground, by=by,
                    ends_on=today_ if step == "short" else None)  # fmt: skip
        marked = who in said.marked
        expected = who not in said.gone and not (marked and step != "as_party")
        expected = expected and not (step == "as_party" and who in said.limited)
        assert done == expected, (step, who)
        if done:
            said.out[who, piece] = ground + ("!" if marked else "")
        return
    with acting(world.greta):
        rows = {"by": world.greta, "case": world.kim}
        if step == "withdraw":
            for row in GuardianRelease.objects.filter(guardian=person, withdrawn_at=None, object_id=key.split(":")[1]):
                children.withdraw_release(**rows, release=row, reason="x")
            said.out.pop((who, piece), None)
        elif step == "mark" and made(children.mark_guardian, **rows, guardian=person, kind="suspected", words="x"):
            said.marked.add(who)
            said.out = {place: ground for place, ground in said.out.items() if place[0] != who}
        elif step == "unmark":
            for row in GuardianMark.objects.standing().filter(guardian=person):
                children.end_guardian_mark(**rows, mark=row, reason="x")
            if who in said.marked:  # what was weighed against that mark alone stands on no mark: still the party's
                said.marked.discard(who)
        elif step == "limit" and made(
            children.limit_party, **rows, guardian=person, rule_id="guardian.limit.party", covers="x", reason="x"
        ):
            said.limited.add(who)
        elif step == "unlimit":
            for row in PartyLimit.objects.standing().filter(guardian=person):
                children.end_party_limit(**rows, limit=row, reason="x")
            said.limited.discard(who)
        elif step == "custody_ends":
            for row in Custody.objects.filter(guardian=person, ends_on=None):
                children.end_custody(**rows, custody=row, ends_on=today_ - DAY)
            said.gone.add(who)


@FEW
@given(steps=STEPS)
def test_nobody_receives_what_was_not_released_to_that_very_one(family, steps):
    with transaction.atomic():
        said = Said()
        for step in steps:
            carry_out(family, said, *step)
        for who, person in enumerate(family.parents):
            for piece, key in enumerate(keys_of(family)):
                expected = said.may(who, piece)
                for way in (hand, hand_raw):
                    with transaction.atomic():
                        assert made(way, world=family, who=person, key=key) == expected, (way.__name__, who, piece)
                        transaction.set_rollback(True)
        transaction.set_rollback(True)
