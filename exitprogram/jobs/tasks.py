from uuid import UUID

from celery import shared_task

from exitprogram.jobs import runner


@shared_task
def run_job(authority_id, job_id):
    """One job, now. Whoever comes second finds it claimed."""
    runner.run(UUID(authority_id), UUID(job_id))


@shared_task
def run_waiting_jobs():
    """Every minute, by beat: those whose bell was not heard, and those that a worker died with. Then what has
    expired."""
    runner.run_waiting()
    runner.forget_expired()
