"""What the API says and takes, field by field. Of a person: a case number, never a name or an identity number."""

from rest_framework import serializers as s

from cases.areas import Area
from exitprogram.tokens.fields import Given
from plans.models import Measure, PlanVersion

STEPS = ["opened", "draft", "out", "agreed", "ended", "closed"]


class CaseShape(s.Serializer):
    id = s.UUIDField()
    number = s.CharField()
    programme = s.CharField()
    step = s.ChoiceField(STEPS, help_text="Of the newest plan; opened when there is none.")
    opened_on = s.DateField()
    closed_on = s.DateField(allow_null=True)
    agreed_on = s.DateField(allow_null=True, help_text="When the newest version was agreed.")


class VersionShape(s.Serializer):
    id = s.UUIDField()
    case = s.UUIDField(source="case_id")
    number = s.IntegerField()
    state = s.ChoiceField(PlanVersion.State.choices)
    starts_on = s.DateField()
    ends_on = s.DateField(allow_null=True)
    follow_up_on = s.DateField(allow_null=True)
    agreed_at = s.DateTimeField(allow_null=True)


class PlannedShape(s.Serializer):
    title = s.CharField()
    need = s.CharField()
    principal = s.CharField()
    by_other = s.BooleanField()
    responsible = s.CharField()
    starts_on = s.CharField()
    ends_on = s.CharField()
    legal_anchor = s.CharField()
    status = s.ChoiceField(Measure.Status.choices)
    why_not = s.CharField()
    cost = s.IntegerField(allow_null=True, help_text="Kronor, once or each month as rhythm says.")
    hours = s.CharField(help_text="Planned, as 4.5; empty when not stated.")
    rhythm = s.ChoiceField(Measure.Rhythm.choices)
    payer_kind = s.ChoiceField(Measure.Payer.choices, allow_blank=True)
    payer = s.CharField()


class GoalShape(s.Serializer):
    area = s.ChoiceField(Area.choices)
    own_words = s.CharField()
    wording = s.CharField()
    is_part = s.BooleanField()
    measures = PlannedShape(many=True)


class SectionShape(s.Serializer):
    area = s.ChoiceField(Area.choices)
    principal = s.CharField()
    writer = s.CharField()
    title = s.CharField()
    text = s.CharField()
    signed_on = s.CharField()


class CoordinatorShape(s.Serializer):
    name = s.CharField()
    title = s.CharField()
    kind = s.CharField()


class ContentShape(s.Serializer):
    """As it was agreed; of an open version as it stands. Days are ISO texts, empty when there is none."""

    number = s.IntegerField()
    case_number = s.CharField()
    what_matters = s.CharField()
    current_situation = s.CharField()
    strengths = s.CharField()
    own_part = s.CharField()
    participation = s.CharField()
    risk_plan = s.CharField()
    others_note = s.CharField()
    lead_principal = s.CharField()
    starts_on = s.CharField()
    ends_on = s.CharField()
    follow_up_on = s.CharField()
    coordinators = CoordinatorShape(many=True)
    goals = GoalShape(many=True)
    sections = SectionShape(many=True)


class WholeVersionShape(VersionShape):
    content = ContentShape()


class MeasureShape(s.Serializer):
    id = s.UUIDField()
    case = s.UUIDField(source="case_id")
    version = s.UUIDField(source="version_id")
    area = s.ChoiceField(Area.choices)
    title = s.CharField()
    principal_kind = s.ChoiceField(Measure.Principal.choices)
    starts_on = s.DateField(allow_null=True)
    ends_on = s.DateField(allow_null=True)
    status = s.ChoiceField(Measure.Status.choices)
    status_on = s.DateField(allow_null=True)
    lack = s.ChoiceField(Measure.Lack.choices, allow_blank=True, help_text="Of what cannot be had.")
    why_not = s.CharField()
    day = s.DateField(allow_null=True, help_text="When it is to be done: as it was agreed, or moved to.")
    moved_to = s.DateField(allow_null=True)
    moved_why = s.CharField()
    stuck_on = s.DateField(allow_null=True, help_text="Since when whoever does it says that it stands still.")
    stuck_until = s.DateField(allow_null=True)
    stuck_why = s.CharField()


class StatusGiven(Given):
    status = s.ChoiceField(Measure.Status.choices)
    lack = s.ChoiceField(Measure.Lack.choices, default="", allow_blank=True, help_text="Of what cannot be had.")
    why_not = s.CharField(default="", allow_blank=True, max_length=4000, help_text="Needed when it stops or is not.")


class DayGiven(Given):
    moved_to = s.DateField(help_text="Today or later, within the plan's time.")
    why = s.CharField(max_length=4000)


class RecipientShape(s.Serializer):
    key = s.CharField()
    kind = s.ChoiceField(["individual", "own", "member"])
    name = s.CharField()
    ground = s.CharField()
    areas = s.ListField(child=s.ChoiceField(Area.choices), allow_null=True, help_text="null: everything.")


class RecipientGiven(Given):
    recipient = s.CharField(max_length=40, help_text="The key of one of the version's recipients.")


class CopyShape(s.Serializer):
    id = s.UUIDField()
    version = s.UUIDField(source="object_id")
    copy_number = s.IntegerField()
    ground = s.CharField()
    released_at = s.DateTimeField(source="created_at")
