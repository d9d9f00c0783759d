"""What rooms above ask of a decision before it is proposed or sent, and what follows when it is made. Each room says it
in ``<room>/consequences.py``, found when the product starts; it happens in the decision's own transaction, or the
decision does not happen."""

ASKED, FOLLOWING = [], []


def asked(question):
    """``question(by=, case=, decision=, to=)``: raises when the proposal may not go to this person."""
    ASKED.append(question)
    return question


def following(act):
    """``act(by=, decision=)``: once it is decided."""
    FOLLOWING.append(act)
    return act


def ask(*, by, case, decision, to):
    for question in ASKED:
        question(by=by, case=case, decision=decision, to=to)


def carry_out(*, by, decision):
    for act in FOLLOWING:
        act(by=by, decision=decision)
