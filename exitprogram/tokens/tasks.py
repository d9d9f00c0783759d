from celery import shared_task

from exitprogram.tokens import upkeep


@shared_task
def forget_calls():
    """Every hour, by beat."""
    upkeep.forget_calls()
