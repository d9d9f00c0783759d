"""Published figures as they are: what is hidden is null, with one and the same reason whatever it was hidden for."""

from rest_framework import serializers as s

from cases.models import Case
from reporting.definitions import GROUPS

HIDDEN = "protected"


class PublicationShape(s.Serializer):
    id = s.UUIDField()
    county = s.CharField(source="county_id")
    county_name = s.CharField(source="county.county_name")
    programme = s.ChoiceField(Case.Programme.choices)
    first_day = s.DateField()
    last_day = s.DateField()
    version = s.IntegerField()
    reason = s.CharField(help_text="Why there is a new version.")
    made_at = s.DateTimeField()


class RowShape(s.Serializer):
    category = s.CharField()
    label = s.CharField()


class TableShape(s.Serializer):
    code = s.CharField()
    title = s.CharField()
    about = s.CharField(help_text="The definition, in Swedish.")
    chapter = s.CharField()
    group = s.ChoiceField(GROUPS)
    rows = RowShape(many=True)


class CellShape(s.Serializer):
    """``category`` is empty for everybody in the group; ``board`` is null for the county."""

    board = s.UUIDField(source="board_id", allow_null=True)
    board_name = s.CharField(allow_null=True)
    group = s.ChoiceField(GROUPS)
    category = s.CharField()
    value = s.IntegerField(allow_null=True)
    hidden = s.ChoiceField([HIDDEN], allow_null=True)


class WholePublicationShape(PublicationShape):
    tables = TableShape(many=True)
    cells = CellShape(source="shown", many=True)
