from datetime import date

from cases import operations as cases
from cases.models import Document
from children import operations as children
from children.models import ChildVoice, Custody, Guardian, GuardianMark, GuardianRelease, LawfulCoordination, PartyLimit
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from teams.models import Decision
from tests import guardianship
from tests.acts import Act, without
from tests.world import today


def more(world):
    """Greta leads and may have the child's case; and there is one beside the child with nothing written of her yet."""
    world.greta = world._member(world.adam, "Greta Chef", Role.UNIT_MANAGER)
    world.child_worker("greta")
    with acting(world.anna):
        cases.grant_access(
            by=world.anna, case=world.guarded, membership=world.greta, kind="named", reason="leder arbetet"
        )
    world.beside_child = guardianship.beside(world.anna, world.guarded, "Tredje Person", kind="")


def first(world):
    """With custody, nothing against; the second is marked."""
    return Guardian.objects.filter(case=world.guarded, marks=None).first()


def of(world, model, **more):
    return model.objects.filter(case=world.guarded, **more).first()


def paper(world):
    return Document.objects.get(case=world.guarded)


def card(world, **more):
    return {"case": world.guarded, "name": "Ny Person", "relation": "other", "reached_by": "", "may_contact": False,
            "may_be_sent": "", **more}  # fmt: skip


def voice(world):
    return {"case": world.guarded, "about": "Skolan", "way": "talk", "own_words": "Jag vill", "asked_by": "Anna",
            "guardian_consent": "yes"}  # fmt: skip


ACTS = [
    Act(children.add_guardian, "anna", card),
    Act(children.save_guardian, "anna", lambda w: card(w, guardian=first(w), version=1)),
    Act(children.note_custody, "anna", lambda w: {
        "case": w.guarded, "guardian": w.beside_child, "kind": "joint", "starts_on": date(2000, 1, 1),
        "ends_on": date(2000, 1, 2), "source": "dom"}),
    Act(children.end_custody, "anna", lambda w: {
        "case": w.guarded, "custody": of(w, Custody, ends_on=None), "ends_on": today()}),
    Act(children.mark_guardian, "anna", lambda w: {
        "case": w.guarded, "guardian": w.beside_child, "kind": "close", "words": "polisen"}),
    Act(children.end_guardian_mark, "greta", lambda w: {
        "case": w.guarded, "mark": of(w, GuardianMark), "reason": "avskriven"}, without(plus=("anna",))),
    Act(children.limit_party, "anna", lambda w: {
        "case": w.guarded, "guardian": Guardian.objects.get(case=w.guarded, marks__isnull=False),
        "rule_id": "guardian.limit.party", "covers": "allt", "reason": "fara"}),
    Act(children.end_party_limit, "anna", lambda w: {"case": w.guarded, "limit": of(w, PartyLimit), "reason": "över"}),
    Act(children.note_answer, "anna", lambda w: {
        "case": w.guarded, "guardian": first(w), "about": "samtal", "answer": "yes"}),
    Act(children.note_consent_answer, "anna", lambda w: {
        "case": w.guarded, "kind": "plan", "guardian": first(w), "answer": "yes"}),
    Act(children.coordinate_by_law, "anna", lambda w: {
        "case": w.guarded, "rule_id": "coordination.health_young", "reasons": "fara", "decided": "chefen",
        "takes_part": "BUP", "shared": "vården", "ends_on": today()}),
    Act(children.end_coordination, "anna", lambda w: {
        "case": w.guarded, "coordination": of(w, LawfulCoordination), "reason": "över"}),
    Act(children.release_to_guardian, "anna", lambda w: {
        "case": w.guarded, "guardian": first(w), "keys": [f"document:{paper(w).pk}:"],
        "ground": "secrecy.disclosure.guardian", "reason": "prövat"}),
    Act(children.withdraw_release, "anna", lambda w: {
        "case": w.guarded, "release": of(w, GuardianRelease, withdrawn_at=None), "reason": "ångrat"}),
    Act(children.hand_document, "anna", lambda w: {
        "case": w.guarded, "guardian": first(w), "document": paper(w),
        "handed_over": "i handen"}),
    Act(children.hear_child, "anna", voice),
    Act(children.note_unheard, "anna", lambda w: {
        "case": w.guarded, "about": "resan", "unheard": "urgent", "why": "i natt"}),
    Act(children.weigh_best_interest, "anna", lambda w: {
        "case": w.guarded, "about": "decision", "decision": Decision.objects.waiting().get(case=w.guarded),
        "voice": of(w, ChildVoice, heard=True), "weight": "followed", "weight_why": "moget", "best": "bäst"}),
]  # fmt: skip
