"""A plan pattern from ``plans.toml`` put to one person: drafted, contributed to, agreed, followed up."""

from datetime import timedelta

from cases.areas import Area
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority
from plans import operations as plans
from plans.catalogue import national
from plans.models import Measure

# The regional coordinator sits with another board than the case's own.
PARTY = {
    "region": Authority.Kind.HEALTH_AUTHORITY, "partner": Authority.Kind.PARTNER,
    "coordinator": Authority.Kind.SOCIAL_BOARD,
}  # fmt: skip
NOBODY_ELSE = "Ingen annan behöver göra något just nu."


def areas_of(pattern, kind):
    """What a waiver must cover for this kind of party to see and write its own parts."""
    if kind == Authority.Kind.SOCIAL_BOARD:
        return {Area.SAFETY, Area.LEGAL}
    party = next(name for name, of_kind in PARTY.items() if of_kind == kind)
    areas = {part["area"] for part in pattern["sections"] if part["principal"] == party}
    for goal in pattern["goals"]:
        if any(measure["principal"] == party for measure in goal["measures"]):
            areas.add(goal["area"])
    return areas


class Draft:
    """One person's plan while it is being made. ``begins`` is the day from which the pattern's weeks count."""

    def __init__(self, story, version, begins):
        self.story, self.pattern, self.version, self.begins = story, story.pattern, version, begins
        self.by, self.wanted = story.worker, []  # (measure's id, status, why, first day, last day)

    def write(self, follow_up_on):
        """Texts, goals and measures, as the coordinator would type them."""
        person, pattern = self.story.person, self.pattern
        weeks = max(m["weeks_to"] for goal in pattern["goals"] for m in goal["measures"])
        ends_on = self._day(max(weeks, 26)) + timedelta(days=14)
        with acting(self.by):
            self.version = plans.save_version(
                by=self.by, plan_version=self.version, expected=self.version.version,
                lead_principal=self.story.board, what_matters=person["what_matters"],
                current_situation=" ".join([person["current_situation"], person.get("guardians", "")]).strip(),
                strengths=pattern["strengths"], own_part=pattern["own_part"],
                participation=pattern["participation"], risk_plan=_risk_plan(pattern["risk_plan"]),
                others_note="" if self._others() else NOBODY_ELSE, follow_up_on=follow_up_on,
                ends_on=max(ends_on, follow_up_on or ends_on),
            )  # fmt: skip
            for goal in pattern["goals"]:
                self._write_goal(goal)

    def _others(self):
        return any(m["principal"] in ("other", "partner") for goal in self.pattern["goals"] for m in goal["measures"])

    def _day(self, weeks):
        return self.begins + timedelta(weeks=weeks)

    def _write_goal(self, text):
        goal = plans.add_goal(
            by=self.by, plan_version=self.version, area=text["area"], own_words=text["own_words"], wording=text["goal"]
        )
        for measure in text["measures"]:
            self._write_measure(goal, measure)

    def _write_measure(self, goal, text):
        lacking = text["status"] == Measure.Status.NOT_AVAILABLE
        first, last = self._day(text["weeks_from"]), self._day(text["weeks_to"])
        entry = next((entry for entry in national() if text["title"].startswith(entry.title)), None)
        measure = plans.add_measure(
            by=self.by, goal=goal, title=text["title"], legal_anchor=text["legal_anchor"],
            status=Measure.Status.NOT_AVAILABLE if lacking else Measure.Status.PLANNED,
            why_not=text["why_not"] if lacking else "", lack=text["lack"] if lacking else "",
            starts_on=None if lacking else first,
            ends_on=None if lacking else last, catalogue_id=entry.id if entry else "", need=text.get("need", ""),
            cost=text.get("cost"), hours=text.get("hours"), rhythm=text.get("rhythm", "once"),
            payer_kind=text.get("payer_kind", ""), payer=text.get("payer", ""), **self._whose(text),
        )  # fmt: skip
        self.wanted.append((measure, text["status"], text["why_not"], first, last))

    def _whose(self, text):
        """Who carries it out, as ``add_measure`` asks."""
        story, party = self.story, text["principal"]
        if party == "board":
            who = f"{story.worker.user.name}, {story.worker.title}"
            return {"principal_kind": "social", "principal": story.board, "responsible_text": who}
        member = story.member_of(PARTY.get(party))
        if party == "region":
            return {"principal_kind": "health", "principal": story.cast.by_code["21"], "responsible": member}
        if party == "partner":
            name = member.member_authority.name if member else "Föreningen Nya Steg"
            return {"principal_kind": "other", "other_name": name, "responsible": member}
        return {"principal_kind": "other", "other_name": text["other_name"]}

    def ask(self, only=None):
        """Ask the team's members from elsewhere for their sections; ``only`` names staff keys."""
        with acting(self.by):
            for part in self.pattern["sections"]:
                key = self.story.key_of(PARTY[part["principal"]], only)
                if key is not None:
                    section = plans.request_section(
                        by=self.by, plan_version=self.version, member=self.story.members[key], area=part["area"],
                        question=part["question"],
                    )  # fmt: skip
                    self.story.sections[key] = section, part["answer"]

    def agree(self):
        with acting(self.by):
            self.version = plans.agree_version(by=self.by, plan_version=self.version)

    def report(self, on, finished=False):
        """How the measures go that day: done only when their last day has been, planned when the first has not."""
        with acting(self.by):
            for measure, wanted, why, first, last in self.wanted:
                status = _status(wanted, first, last, on, finished)
                if status != measure.status:
                    plans.set_measure_status(by=self.by, measure=measure, status=status, why_not=why)


def _status(wanted, first, last, on, finished):
    if wanted in (Measure.Status.NOT_AVAILABLE, Measure.Status.STOPPED):
        return wanted
    if finished or (wanted == Measure.Status.DONE and last <= on):
        return Measure.Status.DONE
    return Measure.Status.ONGOING if first <= on and wanted != Measure.Status.PLANNED else Measure.Status.PLANNED


def _risk_plan(text):
    return (
        f"Varningstecken: {text['warning_signs']}\n\nDet här hjälper: {text['what_helps']}\n\n"
        f"Vem man ringer: {text['whom_to_call']}"
    )
