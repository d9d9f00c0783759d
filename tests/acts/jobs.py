import uuid

from exitprogram.jobs import operations as jobs
from exitprogram.jobs.models import Job
from plans import operations as plans
from plans.models import PlanVersion
from tests.acts import STRANGERS, Act


def going(world):
    return Job.objects.filter(asked_by=world.anna).going().first()


def unasked(world):
    """A version that nobody has asked for copies of yet."""
    asked = Job.objects.values("subject_id")
    return PlanVersion.objects.filter(case=world.case).exclude(pk__in=asked).first()


ACTS = [
    # Whoever may ask for what is known by the operations that call it.
    Act(jobs.ask_job, "anna", lambda w: {"kind": "plan_copies", "subject_id": uuid.uuid4(), "parts": ["own"]}, ()),
    Act(jobs.cancel_job, "anna", lambda w: {"job": going(w)}, (*STRANGERS, "maud")),
    Act(plans.begin_copies, "anna", lambda w: {"plan_version": unasked(w)}),
]
