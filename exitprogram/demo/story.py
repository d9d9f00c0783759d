"""One person's way through the programme: what happens, how many days ago, and by whose hand."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from cases import operations as cases
from cases.models import Case, CaseNote, Clock
from exitprogram.demo import (
    abroad,
    access,
    children_bridge,
    children_consent,
    children_court,
    children_guardians,
    children_reports,
    decisions,
    follow_ups,
    intake,
    leaving,
    meetings,
    outcomes,
    papers,
    persons,
    places,
    reports,
    secrecy,
    team,
    texts,
)  # fmt: skip
from exitprogram.demo.clock import workday
from exitprogram.demo.planning import Draft, areas_of
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import Measure

# What the rooms beside the plan have to tell: modules with ``acts(story)``, which yields (days ago, act).
BESIDE = (
    abroad, access, children_bridge, children_consent, children_court, children_guardians, children_reports,
    decisions, follow_ups, intake, leaving, meetings, outcomes, persons, papers, places, reports, secrecy,
)  # fmt: skip
STAGES = (
    "new", "consented", "team", "drafting", "out_for_contribution", "agreed", "follow_up_due", "follow_up_overdue",
    "revised", "ended",
)  # fmt: skip
NOTE_KINDS = {"phone": "call", "meeting": "meeting", "home_visit": "visit", "message": "message"}
CHANNELS = {
    "sms": "sms", "phone": "telefon", "email": "e-post", "post": "brev", "visit": "personligt besök",
    "contact_person": "genom kontaktpersonen",
}  # fmt: skip
UNSIGNED_DAYS = 3  # a note this new is still a draft
OF_AGE = timedelta(days=18 * 365.25)


class Story:
    """The state of one story while it is told. Every write is an operation, by somebody who may do it."""

    def __init__(self, cast, programme, person):
        self.cast, self.programme, self.person, self.today = cast, programme, person, cast.today
        self.more = texts.moments().get(person["key"], {})
        self.board = cast.by_code[person["board"]]
        self.worker = cast.social(person["worker"])
        self.pattern = texts.plans().get(person["plan"])
        self.notes = person["notes"] + self.more.get("notes", [])
        self.reached = STAGES.index(person["stage"])
        self.case = self.draft = None
        self.members, self.waivers, self.sections, self.decisions = {}, {}, {}, {}  # by key, recipient, key, text
        self.calls = []

    @property
    def is_protected(self):
        return self.person["protected"]

    def past(self, stage):
        return self.reached >= STAGES.index(stage)

    def day(self, ago):
        return workday(self.today - timedelta(days=ago))

    @property
    def consented(self):
        """How many days ago, as ``drafted``."""
        return next((n["days_ago"] for n in self.notes if n["kind"] in ("meeting", "home_visit")), 1)

    @property
    def drafted(self):
        return max(2, self.consented - 12)

    @property
    def asked_again(self):
        """A follow-up is near and the next version is out with the parties."""
        return "asks_again" in self.more and self.draft.version.number > 1

    def day_now(self):
        return timezone.localdate()

    def member_of(self, kind):
        """The team's member from this kind of party, or None."""
        key = self.key_of(kind)
        return self.members[key] if key else None

    def key_of(self, kind, only=None):
        for key, member in self.members.items():
            if member.is_outside and member.member_authority.kind == kind and member.state in ("invited", "joined"):
                if only is None or key in only:
                    return key
        return None

    def steps(self):
        """``(day, act)`` for the clock. Days that the texts do not name follow from the day of consent."""
        in_order = sorted(self._acts(), key=lambda step: -step[0])  # also on a Friday that holds three days
        for ago, act in in_order:
            yield self.day(ago), act

    def _acts(self):
        yield self.notes[0]["days_ago"], self.open
        consent = self.consented
        if self.past("consented"):
            yield consent, self.consent
        if self.past("team"):
            yield from team.build_acts(self, consent - 3)
        if self.past("drafting"):
            yield from self._plan_acts(self.drafted)
        yield from team.beside_acts(self)
        for room in BESIDE:
            yield from room.acts(self)
        yield from ((note["days_ago"], partial(self.note, note)) for note in self.notes)

    def _plan_acts(self, drafted):
        agreed = drafted - 14 if self.past("agreed") else None
        asked = 9 if self.person["stage"] == "out_for_contribution" else drafted - 2
        last = self.notes[-1]["days_ago"]
        yield drafted, partial(self.write_plan, self.day(drafted - 14))
        if self.past("out_for_contribution"):
            yield asked, self.ask
            yield asked - 4, partial(team.contribute, self)
        if agreed is None:
            return
        yield agreed, self.agree
        if self.person["stage"] == "revised":
            revised = next(n["days_ago"] for n in reversed(self.notes) if n["kind"] == "meeting")
            yield revised, self.revise
            yield revised - 4, partial(team.contribute, self)
            yield revised - 6, self.agree
        elif self.person["stage"] == "ended":
            yield self.more["ended"], self.end
        else:
            yield min(last, agreed - 1), partial(self.report, min(last, agreed - 1))
        if self.person["stage"] != "ended" and self.more["follow_up"] >= 0:
            yield 5, self.keep_up
        if "asks_again" in self.more:
            yield 4, self.begin_next
            yield 2, partial(team.contribute, self)

    # The person and the case

    def open(self):
        person, name, by = self.person, self._name(), self.worker
        with acting(by):
            number = person["identity_number"]
            hits, search = cases.search_people(by=by, query=number or name or person["alias"])
            individual = cases.add_person(
                by=by, after_search=search, name=name, alias=person["alias"], number=self._fitting(number),
                protection=self._protection(), local_threat=self.more.get("local_threat", False),
                language=texts.languages()[person["language"]],
                needs_interpreter=person["interpreter"],
            )  # fmt: skip
            self.case = cases.open_case(
                by=by, individual=individual, programme=self.programme, contact_way=person["contact_way"],
                target_group=person["target_group"], target_text=person["similar_text"],
            )  # fmt: skip
            card = person["safe_contact"]
            cases.save_safe_contact(
                by=by, case=self.case, version=0, channels=", ".join(CHANNELS[way] for way in card["channels"]),
                **{name: card[name] for name in ("hours", "code_word", "never_answer", "may_leave_message")},
            )  # fmt: skip

    def _protection(self):
        """A threat of our own judgement may stand alone."""
        formal = "none" if "local_threat" in self.more else "secrecy_mark"
        return self.more.get("protection", formal) if self.is_protected else "none"

    def _name(self):
        return f"{self.person['given_name']} {self.person['family_name']}".strip()

    def _fitting(self, number):
        """The children's numbers age; the year one is grown up, that child is known without a number instead."""
        opened = self.day(self.notes[0]["days_ago"])
        grown = number and f"{opened - OF_AGE:%Y%m%d}" >= number[:8]
        return "" if grown and self.programme == Case.Programme.CHILD else number

    def note(self, text):
        with acting(self.worker):
            cases.view_case(by=self.worker, case=self.case, page="person")
            note = cases.save_note(
                by=self.worker, case=self.case, kind=NOTE_KINDS.get(text["kind"], CaseNote.Kind.OTHER),
                event_on=self.day(text["days_ago"]), source=text["source"], fact=text["fact"],
                assessment=text["assessment"],
            )  # fmt: skip
            if text["days_ago"] > UNSIGNED_DAYS:
                cases.sign_note(by=self.worker, case=self.case, note=note)

    def consent(self):
        """To the plan, and a waiver of secrecy towards each party that the person has chosen."""
        left = self.more.get("consent_left")
        days = timedelta(days=self.more.get("consent_days", 365))
        today = self.day_now()
        given = {"by": self.worker, "case": self.case, "taken_on": today, "form": self._form()}
        with acting(self.worker):
            if self.is_childs and not children_consent.can_consent(self):
                return children_consent.without(self, recipients=self.recipients())
            if self.is_childs:
                children_consent.all_say_yes(self, "plan")
            cases.record_consent(**given, ends_on=today + days)
            for recipient in self.recipients():
                if recipient.pk not in self.waivers:
                    if self.is_childs:
                        children_consent.all_say_yes(self, "waiver", recipient, areas_of(self.pattern, recipient.kind))
                    self.waivers[recipient.pk] = cases.record_waiver(
                        **given, recipient=recipient, areas=areas_of(self.pattern, recipient.kind),
                        ends_on=self.today + timedelta(days=left) if left else today + days,
                        not_covering=self.more.get("not_covering", ""),
                    )  # fmt: skip

    def recipients(self):
        return [self.cast.guest(key).authority for key in self.more.get("recipients", self.person["team"])]

    @property
    def is_childs(self):
        return self.programme == Case.Programme.CHILD

    def _form(self):
        return "oral" if self.person["interpreter"] else "written"

    # The plan

    def write_plan(self, begins):
        with acting(self.worker):
            version = plans.start_plan(by=self.worker, case=self.case)
        self.draft = Draft(self, version, begins)
        self.draft.write(self._follow_up())

    def _follow_up(self):
        if not self.past("agreed"):
            return None
        if self.person["stage"] == "ended":
            return self.day(self.more["ended"])
        if self.person["stage"] == "revised":
            return self.day(next(n["days_ago"] for n in reversed(self.notes) if n["kind"] == "meeting"))
        return self.today + timedelta(days=self.more["follow_up"])

    def ask(self):
        self.draft.ask(self.more["asks_again"] if self.asked_again else None)

    def agree(self):
        self.draft.agree()

    def report(self, ago):
        self.draft.report(self.day(ago))

    def keep_up(self):
        """Where nothing is late, what should have been done is."""
        with acting(self.worker):
            late = Measure.objects.visible_to(self.worker).filter(
                case=self.case, version__state="agreed", status__in=["planned", "ongoing"],
                ends_on__lt=self.day_now(),
            )  # fmt: skip
            for measure in late:
                plans.set_measure_status(by=self.worker, measure=measure, status=Measure.Status.DONE)

    def revise(self):
        """The next version: how it has gone, a new goal, and the region asked once more."""
        self.draft.report(self.day_now())
        follow_ups.before_revision(self)
        self._next_draft()
        goal, version = self.more["new_goal"], self.draft.version
        with acting(self.worker):
            version = plans.save_version(
                by=self.worker, plan_version=version, expected=version.version,
                follow_up_on=self.today + timedelta(days=self.more["follow_up"]),
            )  # fmt: skip
            added = plans.add_goal(
                by=self.worker, plan_version=version, area=goal["area"], own_words=goal["own_words"],
                wording=goal["wording"],
            )  # fmt: skip
            plans.add_measure(
                by=self.worker, goal=added, title=goal["measure"], principal_kind="other", other_name=goal["by"]
            )
        self.ask()

    def begin_next(self):
        """Before a follow-up: a new draft from the agreed version, and some are asked to write again."""
        self._next_draft()
        self.ask()

    def _next_draft(self):
        with acting(self.worker):
            plan = self.draft.version.plan
            begun = plan.versions.filter(state="draft").first()  # by a following-up
            version = begun or plans.new_version(by=self.worker, plan=plan)
        self.sections, self.draft = {}, Draft(self, version, self.draft.begins)

    def withdraw(self, key):
        waiver = self.waivers[self.cast.guest(key).authority_id]
        with acting(self.worker):
            cases.withdraw_consent(by=self.worker, case=self.case, consent=waiver)

    def end(self):
        """The plan is finished: measures done, the watch over it stopped, the team thanked. The case stays open a
        while; ``leaving.py`` closes one."""
        self.draft.report(self.day_now(), finished=True)
        with acting(self.worker):
            for clock in Clock.objects.visible_to(self.worker).open().filter(case=self.case, kind="follow_up"):
                cases.finish_clock(by=self.worker, case=self.case, clock=clock)
        team.disband(self, "Planen är avslutad.")
