"""A decision as the board's archive keeps it: what, when, by whom on what delegation, and what became of it. Its words
are in the letter; here no text about the person."""

from rest_framework import serializers as s

from cases.models import Disclosure
from exitprogram.tenancy.roles import Role
from teams.models import Decision, DecisionKind

STATES = ["to_tell", "told", "running", "appealed", "court", "final", "changed"]


class DeciderShape(s.Serializer):
    name = s.CharField()
    title = s.CharField()
    role = s.ChoiceField(Role.choices)
    employer = s.CharField()


class DelegationShape(s.Serializer):
    number = s.CharField(help_text="Of the row in the delegation scheme.")
    scheme_version = s.IntegerField()
    ground = s.ChoiceField(Decision.Ground.choices)


class DecisionShape(s.Serializer):
    id = s.UUIDField()
    position = s.IntegerField(help_text="Grows each time that something happens with the decision.")
    case = s.UUIDField(source="case_id")
    case_number = s.CharField(source="case.number")
    number = s.CharField()
    kind = s.ChoiceField(DecisionKind.choices)
    matter = s.CharField(source="matter.label", help_text="The kind in Swedish.")
    outcome = s.ChoiceField(Decision.Outcome.choices)
    law = s.CharField()
    amount = s.IntegerField(allow_null=True)
    days = s.IntegerField(allow_null=True)
    starts_on = s.DateField(allow_null=True)
    ends_on = s.DateField(allow_null=True)
    decided_on = s.DateField()
    decided_by = DeciderShape(source="decider")
    delegation = DelegationShape(source="basis")
    earlier = s.UUIDField(source="earlier_id", allow_null=True, help_text="The decision that this one corrects.")
    relation = s.ChoiceField(Decision.Relation.choices, allow_blank=True)
    state = s.ChoiceField(STATES, source="stands")
    told_on = s.DateField(allow_null=True)
    received_on = s.DateField(allow_null=True)
    last_appeal_on = s.DateField(allow_null=True, help_text="The last day that counts.")
    appealed_on = s.DateField(allow_null=True)
    judged_on = s.DateField(allow_null=True)
    judgment = s.CharField()
    in_force_on = s.DateField(allow_null=True, help_text="Laga kraft; null while it is not known.")


class DecisionsShape(s.Serializer):
    """``position`` is what to ask ``since`` the next time."""

    next = s.URLField(allow_null=True)
    position = s.IntegerField()
    results = DecisionShape(many=True)


class LetterShape(s.Serializer):
    id = s.UUIDField()
    copy_number = s.IntegerField()
    recipient_kind = s.CharField()
    made_at = s.DateTimeField(source="created_at")
    sha256 = s.SerializerMethodField()
    is_kept = s.SerializerMethodField(help_text="Whether the file can be fetched.")

    def get_sha256(self, letter: Disclosure) -> str:
        return bytes(letter.sha256).hex()

    def get_is_kept(self, letter: Disclosure) -> bool:
        return bool(letter.kept.all())


class WholeDecisionShape(DecisionShape):
    letters = LetterShape(many=True)
