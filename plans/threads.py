"""One version after another, and one plan after another in the same case."""

from plans.models import CoordinatedPlan, PlanVersion

LOCKED = [PlanVersion.State.AGREED, PlanVersion.State.SUPERSEDED]


def last_of_former(case, before=None):
    """Of the case's plan before this one, or of its last: what was agreed last, or the draft when nothing was."""
    plans = CoordinatedPlan.objects.filter(case=case)
    plans = plans.filter(created_at__lt=before.created_at) if before else plans
    plan = plans.order_by("-created_at").first()
    if plan is None:
        return None
    versions = plan.versions.order_by("-number")
    return versions.filter(state__in=LOCKED).first() or versions.first()


def version_before(version):
    """The one before in the same plan; of a first version, what the former plan ended in. None when there is none."""
    same = PlanVersion.objects.filter(plan=version.plan_id, number__lt=version.number).order_by("-number").first()
    return same or last_of_former(version.case, before=version.plan)


def comparable(version):
    """The versions it can be laid beside, newest first: those of the plan, and what the former plan ended in."""
    same = list(PlanVersion.objects.filter(plan=version.plan_id).exclude(pk=version.pk).order_by("-number"))
    former = last_of_former(version.case, before=version.plan)
    return [*same, former] if former else same
