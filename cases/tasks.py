from celery import shared_task

from cases import lapsed, quarantine, reconciler
from cases.notices import delivery, due
from exitprogram.pulse import outside, rounds


@shared_task
def send_due_notices():
    """Every minute, by beat and by ``poll_notices``. Beat and broker may be lost or doubled: what is due is read from
    the database."""
    due.make_due()
    while delivery.send_some() == delivery.AT_A_TIME:
        pass
    rounds.finished("notices")
    if rounds.all_well():
        outside.still_alive()


@shared_task
def reconcile_notices():
    """Every other minute: does it add up? Beside the sender, and with no line of its."""
    reconciler.reconcile()


@shared_task
def scan_quarantined():
    """Every minute, by beat: papers that the scanner could not be asked about are asked about again."""
    quarantine.scan_waiting()
    rounds.finished("quarantine")


@shared_task
def end_lapsed_exports():
    """Every minute, by beat: what was made for the archive and nobody has fetched in time."""
    lapsed.end_lapsed()
