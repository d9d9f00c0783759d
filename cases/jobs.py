from django.urls import reverse

from cases.models import DisposalList
from cases.operations.retention import carry_out_disposal
from exitprogram.jobs.kinds import declare


def _carry_out(*, by, job, part):
    carry_out_disposal(by=by, disposal=DisposalList.objects.visible_to(by).get(pk=part))


# One part: a list is destroyed whole or not at all, and its certificate says so.
DISPOSAL = declare(
    "disposal", label="Gallring", do=_carry_out, page=lambda job: reverse("cases:disposal", args=[job.subject_id])
)
