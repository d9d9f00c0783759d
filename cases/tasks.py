from celery import shared_task

from cases import notices


@shared_task
def send_due_notices():
    """Every minute, by beat. Beat and broker may be lost or doubled: what is due is read from the database."""
    notices.make_due()
    while notices.send_some() == notices.AT_A_TIME:
        pass
