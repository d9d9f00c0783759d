"""The resources of the bundle as plain dicts, each made of the content that the recipient's paper is made of.

Texts that the plan lacks are left out at the end (``bundle.tidied``). Names of resources are uuid5 of the version and
the recipient, so that two recipients' files have no id in common."""

import uuid

from cases.areas import Area
from plans.costs import paid_in_words
from plans.languages import SWEDISH, words
from plans.models import CoordinatedPlan, Measure, PlanVersion

AREA, PLAN = "urn:x-sip:area", "urn:x-sip:plan"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
EXTENSION = "http://hl7.org/fhir/StructureDefinition"
Status = Measure.Status
ORDERED = {
    Status.PLANNED: "active", Status.ONGOING: "active", Status.DONE: "completed", Status.STOPPED: "revoked",
    Status.NOT_AVAILABLE: "revoked",
}  # fmt: skip
TASKED = {
    Status.PLANNED: "accepted", Status.ONGOING: "in-progress", Status.DONE: "completed", Status.STOPPED: "cancelled",
    Status.NOT_AVAILABLE: "failed",
}  # fmt: skip
# The plan's own texts with the heading that each has on the paper.
TEXTS = {
    "what_matters": "what_matters", "current_situation": "situation", "strengths": "strengths",
    "others_note": "others", "own_part": "own_part", "risk_plan": "risk", "participation": "participation",
}  # fmt: skip


class Resources:
    """The list of one recipient's resources; those that several others point at are made once."""

    def __init__(self, version, recipient, content, name):
        self.version, self.recipient, self.content, self.name = version, recipient, content, name
        self.words, self.people = words(SWEDISH), {}
        self.subject = self.reference("Patient")

    def id_of(self, kind, which=""):
        """Of the person it is the same from version to version, so that a system can put the files together."""
        space = self.version.plan_id if kind == "Patient" else self.version.pk
        return str(uuid.uuid5(space, f"{self.recipient.key}|{kind}|{which}"))

    def reference(self, kind, which="", display=""):
        return {"reference": f"urn:uuid:{self.id_of(kind, which)}", "display": display}

    def made(self, kind, which="", **fields):
        return {"resourceType": kind, "id": self.id_of(kind, which), **fields}

    def organisation(self, name):
        return self._someone("Organization", name, {"name": name})

    def practitioner(self, name):
        return self._someone("Practitioner", name, {"name": [{"text": name}]})

    def _someone(self, kind, name, fields):
        if not name:
            return None
        self.people.setdefault((kind, name), self.made(kind, name, **fields))
        return self.reference(kind, name, name)

    def all(self):
        plan = [self.plan(), self.team(), self.consent()]
        goals = [self.goal(place, goal) for place, goal in enumerate(self.content["goals"])]
        measures = [self.measure(*one) for one in self.measures()]
        return [self.patient(), *plan, *goals, *measures, *self.people.values()]

    def patient(self):
        """Without any number, as on the paper; without any name too when the person is protected."""
        return self.made("Patient", name=[{"text": self.name}] if self.name else [])

    @property
    def kind(self):
        """What rests on a ground in law is never called a SIP, in any file."""
        return CoordinatedPlan.Kind.RECORD if self.content.get("coordination") else CoordinatedPlan.Kind.PLAN

    @property
    def title(self):
        return self.kind.label if self.content.get("coordination") else self.words["title"]

    def plan(self):
        content, version = self.content, self.version
        lead = self.organisation(content["lead_principal"])
        return self.made(
            "CarePlan", identifier=[{"system": PLAN, "value": f"{content['case_number']}/{content['number']}"}],
            status="active" if version.state == PlanVersion.State.AGREED else "revoked", intent="plan",
            category=[{"text": self.kind.label}], title=self.title, subject=self.subject,
            period={"start": content["starts_on"], "end": content["ends_on"]},
            created=version.agreed_at.isoformat(timespec="seconds"), author=lead, careTeam=[self.reference("CareTeam")],
            goal=[self.reference("Goal", place) for place, _goal in enumerate(content["goals"])],
            activity=[{"reference": self.reference(kind, which)} for kind, which, _m, _p in self.measures()],
            note=[*self.texts(), *self.sections(), self.next_day()],
        )  # fmt: skip

    def texts(self):
        for name, heading in TEXTS.items():
            if self.content[name]:
                yield {"text": f"{self.words[heading]}\n\n{self.content[name]}"}

    def next_day(self):
        return {"text": f"{self.words['follow_up']} {self.content['follow_up_on']}"}

    def sections(self):
        """Each principal's own part, signed in its writer's name."""
        for section in self.content["sections"]:
            if section["text"]:
                yield {
                    "authorReference": self.practitioner(section["writer"]), "time": section["signed_on"],
                    "text": f"{Area(section['area']).label} – {section['principal']}\n\n{section['text']}",
                }  # fmt: skip

    def team(self):
        kinds = {"coordinator": self.words["coordinator"], "deputy": self.words["deputy"]}
        coordinators = [
            {"role": [{"text": kinds.get(c["kind"], self.words["deputy"])}], "member": self.practitioner(c["name"])}
            for c in self.content["coordinators"]
        ]
        writers = [
            {
                "role": [{"text": s["title"]}] if s["title"] else [], "member": self.practitioner(s["writer"]),
                "onBehalfOf": self.organisation(s["principal"]),
            }
            for s in self.content["sections"]
        ]  # fmt: skip
        return self.made("CareTeam", status="active", subject=self.subject, participant=[*coordinators, *writers])

    def goal(self, place, goal):
        """The professional wording; the person's own words stand as a note, as they were said."""
        parts = []
        if not goal["is_part"]:
            parts = [self._milestone(number) for number in self._parts_of(place)]
        return self.made(
            "Goal", place, extension=parts, lifecycleStatus="active", category=[_area(goal["area"])],
            description={"text": goal["wording"] or goal["own_words"]}, subject=self.subject,
            note=[{"authorReference": self.subject, "text": goal["own_words"]}] if goal["own_words"] else [],
        )  # fmt: skip

    def _parts_of(self, place):
        goals = self.content["goals"]
        for number in range(place + 1, len(goals)):
            if not goals[number]["is_part"]:
                return
            if goals[number]["area"] == goals[place]["area"]:
                yield number

    def _milestone(self, number):
        code = {"system": f"{TERMINOLOGY}/goal-relationship-type", "code": "milestone"}
        target = {"url": "target", "valueReference": self.reference("Goal", number)}
        kind = {"url": "type", "valueCodeableConcept": {"coding": [code]}}
        return {"url": f"{EXTENSION}/goal-relationship", "extension": [kind, target]}

    def measures(self):
        """(resource type, name of it, measure, place of its goal): what a principal shall do is ordered of it, what
        somebody else does is a task."""
        for place, goal in enumerate(self.content["goals"]):
            for number, measure in enumerate(goal["measures"]):
                yield "Task" if measure["by_other"] else "ServiceRequest", f"{place}.{number}", measure, place

    def measure(self, kind, which, measure, place):
        about = {
            "url": f"{EXTENSION}/resource-pertainsToGoal", "valueReference": self.reference("Goal", place),
        }  # fmt: skip
        period = {"start": measure["starts_on"], "end": measure["ends_on"]}
        notes = [{"text": text} for text in _notes(measure)]
        common = {"extension": [about], "intent": "plan", "basedOn": [self.reference("CarePlan")], "note": notes}
        if kind == "Task":
            return self.made(
                "Task", which, **common, status=TASKED[measure["status"]], description=measure["title"],
                reasonCode={"text": measure["need"]}, executionPeriod=period, owner={"display": measure["principal"]},
                statusReason={"text": measure["why_not"]}, **{"for": self.subject},
            )  # fmt: skip
        return self.made(
            "ServiceRequest", which, **common, status=ORDERED[measure["status"]], code={"text": measure["title"]},
            subject=self.subject, occurrencePeriod=period, reasonCode=[{"text": measure["need"]}],
            performer=[self.organisation(measure["principal"]), {"display": measure["responsible"]}],
        )  # fmt: skip

    def consent(self):
        """On what ground this recipient has the file, and which areas it covers."""
        role = {"coding": [{"system": f"{TERMINOLOGY}/v3-ParticipationType", "code": "IRCP"}]}
        return self.made(
            "Consent", status="active", patient=self.subject, policyRule={"text": self.recipient.ground},
            scope={"coding": [{"system": f"{TERMINOLOGY}/consentscope", "code": "patient-privacy"}]},
            category=[{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
            provision={
                "type": "permit", "code": [_area(area) for area in sorted(self.recipient.areas or ())],
                "actor": [{"role": role, "reference": {"display": self.recipient.name}}],
            },
        )  # fmt: skip


def _area(area):
    return {"coding": [{"system": AREA, "code": area}], "text": Area(area).label}


def _notes(measure):
    """What the paper says under the measure's title. ``why_not`` of a task has an element of its own."""
    yield measure["legal_anchor"]
    yield "" if measure["by_other"] else measure["why_not"]
    yield measure["responsible"] if measure["by_other"] else ""
    yield paid_in_words(measure)
