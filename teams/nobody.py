"""Proposals that wait for nobody: sent back, or sent to somebody who may not decide them any more."""

from teams.competence import competent


def waits_for_nobody(decisions, by, *, on):
    """Ids of those of one's own board's proposals. An employment that has ended, or a mandate to somebody elsewhere, is
    seen the day after its last; of a colleague in her post the proposal's own page says what she may."""
    return {one.pk for one in decisions if _nobody(one, by, on)}


def _nobody(decision, by, on):
    if decision.sent_to is None or not decision.sent_to.in_force(on=on):
        return True
    if not decision.is_sent_away:
        return False
    able = competent(by, decision.kind, on=on, **decision.measures)
    return not able.filter(pk=decision.sent_to_id).exists()
