"""What is asked before anything is written about a child, said with the rule that asks it."""

from django.utils import timezone

from cases.access import is_child_worker
from cases.majority import RULE, is_of_age
from cases.models import Case
from exitprogram.errors import NotAllowed, Refused
from exitprogram.law.rules import rule


def require_childs(case):
    if case.programme != Case.Programme.CHILD:
        raise Refused("Det här skrivs i barnets eget ärende. Sök barnet, eller lägg till det.")


def require_under_age(born, on):
    """Of what came about somebody that day."""
    if born is not None and is_of_age(born, on=on):
        law = rule(RULE, on=on)
        raise Refused(f"Personen har fyllt 18 år. Arbeta i programmet för vuxna. {law.text} {law.citation}.")


def require_qualified(membership):
    """SoL 25:1. The degree is the signer's own; a manager who lacks it does not sign either."""
    if not is_child_worker(membership, qualified=True):
        law = rule("child.qualified", on=timezone.localdate())
        raise NotAllowed(f"{law.text} ({law.citation}). Be en kollega med den behörigheten att bedöma.")
