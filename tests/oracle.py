"""Who may see which row, said a third time: plain Python over plain dicts, sharing no code with either wall."""

from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg import sql
from psycopg.rows import dict_row

from exitprogram.tenancy.wall import walled_models
from tests.connections import connected

CALLABLE = {"healthcare", "partner", "regional_coordinator"}
WALLED = {model._meta.label: model for model in walled_models()}
# Shared within the board by design: none of them is about a person.
OF_THE_BOARD = {"cases.CaseSeries", "teams.DelegationScheme", "teams.DelegationRow"}
OF_A_PERSON = {"cases.PersonIdentifier", "cases.SafeContact"}
OF_A_CASE = {"cases.Disclosure", "cases.NoteAddition", "cases.Clock", "plans.CoordinatedPlan", "plans.PlanVersion"}
BY_AREA = {"plans.Goal", "plans.Measure", "plans.Section"}


def all_rows():
    """{model label: every row of its table}, read by the one role that is bound by nothing."""
    with connected("backup", row_factory=dict_row) as everything:
        return {
            label: everything.execute(
                sql.SQL("SELECT * FROM {}").format(sql.Identifier(model._meta.db_table))
            ).fetchall()
            for label, model in WALLED.items()
        }


class Oracle:
    def __init__(self, rows, who):
        self.rows, self.who = rows, who
        self.today = datetime.now(ZoneInfo("Europe/Stockholm")).date()
        self.open = {
            grant["content_object_id"]
            for grant in rows["cases.AccessGrant"]
            if grant["membership_id"] == who.pk and grant["ended_at"] is None and self._now(grant)
        }
        self.joined = {
            part["case_id"]
            for part in rows["teams.TeamMember"]
            if part["membership_id"] == who.pk and part["state"] == "joined" and self._now(part)
        }
        self.shared = {
            (waiver["case_id"], area)
            for waiver in rows["cases.Consent"]
            if waiver["kind"] == "waiver" and waiver["recipient_id"] == who.authority_id
            and waiver["withdrawn_at"] is None and self._now(waiver) and waiver["case_id"] in self.joined
            for area in waiver["areas"]
        }  # fmt: skip

    def _now(self, row):
        return row["starts_on"] <= self.today and (row["ends_on"] is None or row["ends_on"] >= self.today)

    def ids(self, label):
        return {row["id"] for row in self.rows[label] if self.may_see(label, row)}

    def may_see(self, label, row):
        own = row["authority_id"] == self.who.authority_id
        if label in OF_THE_BOARD:
            return own
        if label in OF_A_CASE:
            return row["case_id"] in self.open
        if label in BY_AREA:
            return row["case_id"] in self.open or (row["case_id"], row["area"]) in self.shared
        if label in OF_A_PERSON:
            return self._person(row["individual_id"])
        return getattr(self, "_" + label.split(".")[1].lower())(row, own)

    def _person(self, person):
        cases = {case["id"] for case in self.rows["cases.Case"] if case["individual_id"] == person}
        added = {p["id"] for p in self.rows["cases.Individual"] if p["created_by_id"] == self.who.pk}
        return bool(cases & self.open) or (not cases and person in added)

    def _individual(self, row, own):
        return self._person(row["id"])

    def _case(self, row, own):
        return row["id"] in self.open

    def _accessgrant(self, row, own):
        return row["membership_id"] == self.who.pk or row["content_object_id"] in self.open

    def _casenote(self, row, own):
        return row["case_id"] in self.open and (row["signed_at"] is not None or row["author_id"] == self.who.pk)

    def _consent(self, row, own):
        mine = row["recipient_id"] == self.who.authority_id
        return row["case_id"] in self.open or (mine and row["case_id"] in self.joined)

    def _teammember(self, row, own):
        return row["case_id"] in self.open or row["membership_id"] == self.who.pk

    def _coordinatorappointment(self, row, own):
        return row["case_id"] in self.open | self.joined

    def _decision(self, row, own):
        return own and (row["case_id"] in self.open or row["sent_to_id"] == self.who.pk)

    def _meeting(self, row, own):
        called = {c["meeting_id"] for c in self.rows["plans.MeetingCall"] if self._called(c)}
        return row["case_id"] in self.open or row["id"] in called

    def _called(self, call):
        return call["membership_id"] == self.who.pk and call["case_id"] in self.joined

    def _meetingcall(self, row, own):
        return row["case_id"] in self.open or self._called(row)

    def _notice(self, row, own):
        return row["recipient_id"] == self.who.pk

    def _submission(self, row, own):
        return row["membership_id"] == self.who.pk

    def _auditevent(self, row, own):
        about_nobody = row["case_id"] is None and self.who.role in ("unit_manager", "administrator")
        return own and (row["case_id"] in self.open or row["membership_id"] == self.who.pk or about_nobody)

    def _cooperationagreement(self, row, own):
        return own or row["other_id"] == self.who.authority_id

    def _membership(self, row, own):
        partners = {
            agreement["other_id" if agreement["authority_id"] == self.who.authority_id else "authority_id"]
            for agreement in self.rows["tenancy.CooperationAgreement"]
            if self._cooperationagreement(agreement, agreement["authority_id"] == self.who.authority_id)
            and agreement["accepted_at"] is not None and self._now(agreement)
        }  # fmt: skip
        callable_ = row["authority_id"] in partners and row["role"] in CALLABLE
        return own or row["user_id"] == self.who.user_id or callable_

    def colleagues(self):
        """Around a case: whom the database also shows, so that a guest can see who called her."""
        team = self.rows["teams.TeamMember"]
        guest = [
            part for part in team
            if part["membership_id"] == self.who.pk and part["state"] in ("invited", "joined")
            and (part["ends_on"] is None or part["ends_on"] >= self.today)
        ]  # fmt: skip
        cases = {part["case_id"] for part in guest}
        coordinators = {
            a["membership_id"]
            for a in self.rows["teams.CoordinatorAppointment"]
            if a["case_id"] in cases and self._now(a)
        }
        return {p["membership_id"] for p in team if p["case_id"] in self.open} | {
            part["invited_by_id"] for part in guest
        } | coordinators  # fmt: skip
