from celery import shared_task

from cases import quarantine
from cases.notices import delivery, due


@shared_task
def send_due_notices():
    """Every minute, by beat. Beat and broker may be lost or doubled: what is due is read from the database."""
    due.make_due()
    while delivery.send_some() == delivery.AT_A_TIME:
        pass


@shared_task
def scan_quarantined():
    """Every minute, by beat: papers that the scanner could not be asked about are asked about again."""
    quarantine.scan_waiting()
