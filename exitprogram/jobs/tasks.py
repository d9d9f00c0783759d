from celery import shared_task

from exitprogram.jobs import runner


@shared_task
def run_waiting_jobs():
    """When a bell rings and every minute by beat: those that wait, and those that a worker died with. Then what has
    expired. Whoever comes second finds them claimed."""
    runner.run_waiting()
    runner.forget_expired()
