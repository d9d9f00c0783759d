"""The product's tables as somebody without its models would declare them. Sealed text is neither opened nor sealed: the
stock way has less to do."""

from django.db import models


class SealedText(models.TextField):
    """What lies in the column, as text."""

    def from_db_value(self, value, expression, connection):
        return bytes(value or b"").decode("latin-1")

    def get_prep_value(self, value):
        return (value or "").encode("latin-1", "replace")


class Row(models.Model):
    id = models.UUIDField(primary_key=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


def to(model, related="+", **more):
    return models.ForeignKey(model, models.DO_NOTHING, related_name=related, db_constraint=False, **more)


class Person(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)

    class Meta:
        managed, db_table = False, "tenancy_user"

    def __str__(self):
        return self.name


class Member(Row):
    user = to(Person)
    role = models.CharField(max_length=30)

    class Meta:
        managed, db_table = False, "tenancy_membership"

    def __str__(self):
        return self.user.name


class Individual(Row):
    name = models.CharField(max_length=200)
    search_key = models.CharField(max_length=200)
    language = models.CharField(max_length=40)

    class Meta:
        managed, db_table = False, "cases_individual"

    def __str__(self):
        return self.name


class Case(Row):
    number = models.CharField(max_length=20)
    programme = models.CharField(max_length=10)
    individual = to(Individual)
    worker = to(Member)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        managed, db_table, ordering = False, "cases_case", ["number", "id"]

    def __str__(self):
        return self.number


class Note(Row):
    case = to(Case, "notes")
    kind = models.CharField(max_length=20)
    event_on = models.DateField()
    fact = SealedText()
    assessment = SealedText(blank=True)
    author = to(Member)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        managed, db_table, ordering = False, "cases_casenote", ["-event_on"]


class Clock(Row):
    case = to(Case, "clocks")
    kind = models.CharField(max_length=30)
    due_on = models.DateField()
    owner = to(Member)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        managed, db_table, ordering = False, "cases_clock", ["due_on"]


class Consent(Row):
    case = to(Case, "consents")
    kind = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        managed, db_table = False, "cases_consent"


class TeamMember(Row):
    case = to(Case, "team")
    membership = to(Member)
    function = models.CharField(max_length=60)
    state = models.CharField(max_length=20)

    class Meta:
        managed, db_table = False, "teams_teammember"


class PlanVersion(Row):
    case = to(Case, "versions")
    number = models.IntegerField()
    state = models.CharField(max_length=20)
    what_matters = SealedText()
    current_situation = SealedText()
    strengths = SealedText()
    starts_on = models.DateField(null=True)
    follow_up_on = models.DateField(null=True)

    class Meta:
        managed, db_table = False, "plans_planversion"


class Goal(Row):
    version = to(PlanVersion, "goals")
    area = models.CharField(max_length=30)
    own_words = SealedText()
    wording = SealedText()
    position = models.IntegerField()

    class Meta:
        managed, db_table, ordering = False, "plans_goal", ["position"]


class Measure(Row):
    version = to(PlanVersion, "measures")
    goal = to(Goal, "measures")
    need = SealedText()
    title = SealedText()
    status = models.CharField(max_length=20)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    responsible = to(TeamMember, null=True, blank=True)

    class Meta:
        managed, db_table = False, "plans_measure"


class Section(Row):
    version = to(PlanVersion, "sections")
    area = models.CharField(max_length=30)
    text = SealedText()
    state = models.CharField(max_length=20)
    writer = to(Member)

    class Meta:
        managed, db_table = False, "plans_section"
