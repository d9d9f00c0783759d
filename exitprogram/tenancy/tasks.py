from celery import shared_task

from exitprogram.tenancy import passwords, sessions, throttle


@shared_task
def tend_entrance():
    """Links that somebody has asked for; then what has ended is forgotten."""
    passwords.send_links()
    sessions.forget_ended()
    throttle.forget_old()
