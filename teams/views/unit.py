from datetime import timedelta

from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.door import desk_page
from cases.emergencies import waiting
from cases.models import ArchiveExport, ConflictAnswer, Notice
from exitprogram.page.paging import Piece
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission
from exitprogram.tenancy.units import Units
from teams.board import late, untold
from teams.escalated import asked, escalated
from teams.log_review import is_asked, to_see_to, unsigned

LATELY = timedelta(days=14)


@require_GET
@allow(Permission.UNIT_OVERVIEW)
def unit(request):
    """The unit's cases by number: who handles, who coordinates, when the plan is followed up, and first what has been
    late for too long. No person, no content."""
    rows = asked("SELECT * FROM wall.unit_cases()")
    units, shown = _shown(request)
    if shown is not None:
        rows = [row for row in rows if units.is_for(row["worker_id"], shown)]
    people = {row[key] for row in rows for key in ("worker_id", "coordinator_id")} - {None}
    staff = {m.pk: m.user.name for m in Membership.objects.filter(pk__in=people).select_related("user")}
    today = timezone.localdate()
    for row in rows:
        row["worker"], row["coordinator"] = staff.get(row["worker_id"], ""), staff.get(row["coordinator_id"], "")
        row["late"] = row["follow_up_on"] is not None and row["follow_up_on"] < today
    rows.sort(key=lambda row: (bool(row["coordinator"]), not row["late"], row["number"]))
    told = Notice.objects.visible_to(request.acting).filter(about=Notice.About.CONFLICT, about_on__gt=today - LATELY)
    known = ConflictAnswer.objects.visible_to(request.acting).filter(pk__in=told.values("subject_id"))
    context = {
        "known": known.select_related("membership__user", "successor__user"), "units": units, "shown": shown,
        "rows": Piece(request, "arenden", rows), "escalated": Piece(request, "eskalerat", escalated(units, shown)),
        "emergencies": waiting(request.acting),
        "reveals": _many_reveals(request.acting, today), "untold": len(late(untold(), on=today)),
        "log_months": unsigned(request.acting, on=today), "log_todo": to_see_to(request.acting),
        "asked_of_me": is_asked(request.acting),
        "to_archive": ArchiveExport.objects.visible_to(request.acting).waiting().count(),
    }  # fmt: skip
    return desk_page(request, "teams/unit.html", context, page="unit")


def _shown(request):
    """The units, and which of them are shown: the one asked for, else those that this manager leads; None: everything.
    What belongs to a unit that nobody leads, or to none, is shown with each of them."""
    units = Units(request.acting, on=timezone.localdate())
    asked = request.GET.get("enhet", "")
    chosen = {unit.pk for unit in units.all if str(unit.pk) == asked}
    return units, None if asked == "alla" else chosen or units.mine(request.acting) or None


def _many_reveals(by, today):
    """Who has been shown so many addresses in an hour that it was stopped, the last week. Not whose they were."""
    told = Notice.objects.visible_to(by).filter(about=Notice.About.REVEALS, about_on__gt=today - timedelta(days=7))
    days = dict(told.order_by("about_on").values_list("subject_id", "about_on"))
    return [(m.user.name, days[m.pk]) for m in Membership.objects.filter(pk__in=days).select_related("user")]
