from datetime import timedelta

from django.utils import timezone

from cases import operations as cases
from cases.models import Disclosure
from plans import operations as plans
from plans.models import CatalogueMeasure, FollowUp, Goal, Measure, Meeting, MeetingCall, PlanVersion
from teams.models import TeamMember
from tests.acts import STRANGERS, Act, without
from tests.world import today


def draft(world):
    return PlanVersion.objects.filter(case=world.case, state="draft").get()


def agreed(world):
    return PlanVersion.objects.filter(case=world.case, state="agreed").get()


def bundle(world):
    return Disclosure.objects.get(case=world.case, what="plan.bundle")


def goal(world):
    return Goal.objects.filter(version=draft(world), area="health").get()


def empty_goal(world):
    return world.empty_goal


def meeting(world, held=False):
    return Meeting.objects.filter(case=world.case).get(held=held)


def measure(world, version=draft):
    return Measure.objects.filter(version=version(world), area="health").get()


def member(world):
    return TeamMember.objects.get(case=world.case, membership=world.sara)


def complete(world):
    return PlanVersion.objects.get(case=world.ready_case)


NOT_WRITERS = ("nils", "mika", "cilla", "leo", "adam", "anna", "maud")
NOT_MAUD = without(plus=("maud",))  # she may read the case and call to it, and does not write the plan
ACTS = [
    Act(plans.start_plan, "anna", lambda w: {"case": w.protected}, NOT_MAUD),
    Act(plans.save_version, "anna", lambda w: {
        "plan_version": draft(w), "expected": None, "strengths": "Envis"}, NOT_MAUD),
    Act(plans.add_goal, "anna", lambda w: {
        "plan_version": draft(w), "area": "work_education", "own_words": "Jobb"}, NOT_MAUD),
    Act(plans.save_goal, "anna", lambda w: {
        "goal": goal(w), "expected": None, "own_words": "Sova", "wording": ""}, NOT_MAUD),
    Act(plans.drop_goal, "anna", lambda w: {"goal": empty_goal(w)}, NOT_MAUD),
    Act(plans.add_measure, "anna", lambda w: {
        "goal": goal(w), "title": "Samtal", "principal_kind": "social", "principal": w.bollnas}, NOT_MAUD),
    Act(plans.save_measure, "anna", lambda w: {"measure": measure(w), "expected": None, "title": "Samtal"}, NOT_MAUD),
    Act(plans.drop_measure, "anna", lambda w: {"measure": measure(w)}, NOT_MAUD),
    Act(plans.set_measure_status, "anna", lambda w: {"measure": measure(w, agreed), "status": "ongoing"}, NOT_MAUD),
    Act(plans.watch_outcomes, "anna", lambda w: {"plan": agreed(w).plan}),
    Act(plans.move_measure, "anna", lambda w: {
        "measure": measure(w, agreed), "moved_to": today(), "why": "Väntar på tid"}, NOT_MAUD),
    Act(plans.send_out, "anna", lambda w: {"plan_version": draft(w)}, NOT_MAUD),
    Act(plans.request_section, "anna", lambda w: {
        "plan_version": draft(w), "member": member(w), "area": "safety", "question": "Vad kan ni göra?"}, NOT_MAUD),
    Act(plans.view_section, "sara", lambda w: {"section": w.section}, ("nils", "mika", "cilla", "leo", "adam")),
    Act(plans.save_section, "sara", lambda w: {"section": w.section, "text": "Vi kan."}, NOT_WRITERS),
    Act(plans.sign_section, "sara", lambda w: {"section": w.section, "text": "Vi kan."}, NOT_WRITERS),
    Act(plans.agree_version, "anna", lambda w: {"plan_version": complete(w)}, NOT_MAUD),
    Act(plans.new_version, "cilla", lambda w: {"plan": w.elsewheres_agreed.plan},
        ("anna", "per", "siv", "rut", "sara")),
    Act(plans.call_meeting, "anna", lambda w: {
        "case": w.case, "starts_at": timezone.now() + timedelta(days=1), "place": "Rum 3", "purpose": "Läget",
        "members": [member(w)]}),
    Act(plans.answer_call, "sara", lambda w: {"call": MeetingCall.objects.get(membership=w.sara), "answer": "yes"},
        ("nils", "mika", "cilla", "leo", "adam", "anna")),
    Act(plans.move_meeting, "anna", lambda w: {
        "meeting": meeting(w), "starts_at": timezone.now() + timedelta(days=2), "place": "Rum 4", "reason": "Sjukdom"}),
    Act(plans.cancel_meeting, "anna", lambda w: {"meeting": meeting(w), "reason": "Sjukdom"}),
    Act(plans.take_calendar, "sara", lambda w: {"meeting": meeting(w)}, ("nils", "mika", "cilla", "leo", "adam")),
    Act(plans.save_preparation, "anna", lambda w: {
        "meeting": meeting(w), "expected": 1, "leads": "Maria själv"}),
    Act(plans.save_minutes, "anna", lambda w: {"meeting": meeting(w, True), "text": "Vi ses igen.", "expected": 1}),
    Act(plans.sign_minutes, "anna", lambda w: {
        "meeting": meeting(w, True), "text": "Vi ses igen.", "person": "present", "expected": 1,
        "attendance": {str(pk): "present" for pk in meeting(w, True).calls.values_list("pk", flat=True)}}),
    Act(plans.measure_from_minutes, "anna", lambda w: {
        "meeting": meeting(w, True), "line": 0, "expected": 1, "goal": goal(w)}, NOT_MAUD),
    Act(plans.save_follow_up, "anna", lambda w: {
        "plan_version": agreed(w), "expected": None, "own_words": "Bra"}, NOT_MAUD),
    Act(plans.finish_follow_up, "anna", lambda w: {"follow_up": FollowUp.objects.get(case=w.case, done_at=None)},
        NOT_MAUD),
    Act(plans.add_catalogue_measure, "adam", lambda w: {
        "title": "Simskola", "area": "health", "principal_kind": "other"}, ("anna", "maud", "sara", "mika")),
    Act(plans.withdraw_catalogue_measure, "adam", lambda w: {
        "row": CatalogueMeasure.objects.get(authority=w.bollnas)}, ("anna", "maud", "siv", "sara")),
    Act(plans.release_readings, "anna", lambda w: {
        "case": w.case, "starts_on": today(), "ends_on": today()}, STRANGERS),
    Act(plans.fetch_copy, "anna", lambda w: {
        "disclosure": Disclosure.objects.get(case=w.case, what="plan.version")}, STRANGERS),
    Act(plans.release_copy, "anna", lambda w: {"plan_version": agreed(w), "recipient_key": "own"}, STRANGERS),
    Act(plans.release_bundle, "anna", lambda w: {"plan_version": agreed(w), "recipient_key": "own"}, STRANGERS),
    Act(cases.view_by_system, "anna", lambda w: {"what": "plan", "cases": [w.case], "token": w.case}, STRANGERS),
    Act(plans.open_bundle, "anna", lambda w: {"disclosure": bundle(w)}, STRANGERS),
]  # fmt: skip
