"""Who may see which row, said a third time: plain Python over plain dicts, sharing no code with either wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg import sql
from psycopg.rows import dict_row

from exitprogram.tenancy.wall import walled_models
from tests.connections import connected
from tests.oracle_cooperation import Cooperation
from tests.oracle_decisions import Decisions

WALLED = {model._meta.label: model for model in walled_models()}
# Shared within the board by design: none of them is about a person.
OF_THE_BOARD = {
    "cases.CaseSeries",
    "cases.ChildWorker",
    "cases.ReminderDays",
    "cases.DeliveryDemand",
    "plans.CatalogueMeasure",
    "teams.DelegationRow",
    "reporting.Threshold",
    "teams.DelegationScheme",
    "tenancy.Letterhead",
    "tenancy.Unit",
    "tenancy.UnitManager",
}
OF_THE_ORDER = {"teams.DelegationScheme", "teams.DelegationRow"}  # adopted: also by those who decide for the board
OF_A_PERSON = {
    "cases.ComingOfAge", "cases.InterpreterWishes", "cases.PersonIdentifier", "cases.ProtectionMark",
    "cases.SafeContact",
}  # fmt: skip
OF_A_CASE = {
    "cases.AccessBlock", "cases.AvoidPlace", "cases.Closure", "cases.Intake", "cases.KeptCopy", "cases.NoteAddition",
    "cases.Permit", "cases.Place", "cases.PlaceReader", "cases.Residence", "cases.RetentionMark", "cases.ReturnConsent",
    "cases.ReturnPlan", "cases.ReturnShare", "cases.SupportPeriod", "cases.UrgentStep", "children.AfterCare",
    "children.CaseLink", "children.ChildVisit", "children.ConcernReport", "children.Consultation",
    "children.CourtMatter", "children.CourtStep", "children.Custody", "children.Exploiter", "children.Guardian",
    "children.GuardianAnswer", "children.GuardianMark", "children.GuardianRelease", "children.HealthOffer",
    "children.Investigation", "children.LawfulCoordination", "children.NextResponsible", "children.OnlineSpread",
    "children.PartyLimit", "children.Placement", "children.PlacementPlan", "children.PlacementReview",
    "children.ProtectionAssessment", "children.ProtectionStep", "plans.CoordinatedPlan", "plans.FollowUp",
    "plans.GoalAnswer", "plans.MeetingChange", "plans.MeetingMinutes", "plans.MeetingPreparation", "plans.PlanVersion",
    "reporting.FlowQuestion", "teams.OutsideMember",
}  # fmt: skip
OF_LEADERS = {
    "cases.DisposalCertificate", "cases.DisposalItem", "cases.DisposalList", "teams.BoardLine", "teams.BoardMeeting",
    "teams.Handover", "teams.KeptReport", "teams.LogReview", "teams.UrgentDecision",
}  # fmt: skip
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


class Oracle(Cooperation, Decisions):
    def __init__(self, rows, who):
        self.rows, self.who = rows, who
        self.today = datetime.now(ZoneInfo("Europe/Stockholm")).date()
        self.blocked = self._blocked()
        self.open = {
            grant["content_object_id"]
            for grant in rows["cases.AccessGrant"]
            if grant["membership_id"] == who.pk and grant["ended_at"] is None and self._now(grant)
            and (grant["until"] is None or grant["until"] > datetime.now(UTC)) and self._answered(grant)
        } - self.blocked - self._closed_children()  # fmt: skip
        self.joined = {
            part["case_id"]
            for part in rows["teams.TeamMember"]
            if part["membership_id"] == who.pk
            and part["state"] == "joined"
            and self._now(part)
            and (part["authority_id"] in self._partners() - {who.authority_id} or part["case_id"] in self.open)
        } - self.blocked
        self.shared = {
            (waiver["case_id"], area)
            for waiver in rows["cases.Consent"]
            if waiver["kind"] == "waiver" and waiver["recipient_id"] == who.authority_id
            and waiver["withdrawn_at"] is None and self._now(waiver) and waiver["case_id"] in self.joined
            and not self._given_for_a_grown_up(waiver)
            for area in waiver["areas"]
        } | {
            (ground["case_id"], area)
            for ground in rows["cases.SecrecyException"]
            if ground["recipient_id"] == who.authority_id and ground["ended_at"] is None and self._now(ground)
            and ground["case_id"] in self.joined
            for area in ground["areas"]
        }  # fmt: skip

    def _answered(self, grant):
        """What somebody else gave her opens nothing before she has said whether she knows the person."""
        asked = grant["kind"] in {"worker", "coordinator", "deputy", "team"} and grant["granted_by_id"] != self.who.pk
        answers = {(a["case_id"], a["membership_id"]) for a in self.rows["cases.ConflictAnswer"]}
        return not asked or (grant["content_object_id"], self.who.pk) in answers

    def _blocked(self):
        """Every case of a person in one of whose cases this user, not this membership, is blocked."""
        blocks = [b for b in self.rows["cases.AccessBlock"] if b["user_id"] == self.who.user_id]
        standing = [b for b in blocks if b["ended_at"] is None]
        where = {block["case_id"] for block in standing}
        people = {case["individual_id"] for case in self.rows["cases.Case"] if case["id"] in where}
        return self._cases_of({one for person in people for one in self._same(person)})

    def _closed_children(self):
        """Every child's case, for one who has no permission of her own today."""
        mine = [w for w in self.rows["cases.ChildWorker"] if w["membership_id"] == self.who.pk]
        if any(w["ended_at"] is None and self._now(w) for w in mine):
            return set()
        read = {
            grant["content_object_id"] for grant in self.rows["cases.AccessGrant"]
            if grant["membership_id"] == self.who.pk and grant["kind"] == "reading" and grant["ended_at"] is None
            and self._now(grant)
        }  # fmt: skip
        return {case["id"] for case in self.rows["cases.Case"] if case["programme"] == "child"} - read

    def _given_for_a_grown_up(self, consent):
        """By a guardian, for somebody who may be eighteen by now."""
        [case] = [case for case in self.rows["cases.Case"] if case["id"] == consent["case_id"]]
        told = [t for t in self.rows["cases.ComingOfAge"] if t["individual_id"] == case["individual_id"]]
        days = [t["earliest_on"] for t in told if t["replaced_at"] is None and t["earliest_on"]]
        return consent["given_by"] == "guardian" and any(day <= self.today for day in days)

    def _archiveexport(self, row, own):
        """Those who have the case; those who approve, unless they are blocked in it."""
        approves = self.who.role in ("unit_manager", "administrator") and row["case_id"] not in self.blocked
        return row["case_id"] in self.open or (own and approves)

    def _factorreset(self, row, own):
        return row["user_id"] == self.who.user_id or (own and self.who.role in ("unit_manager", "administrator"))

    def _bridge(self, row, own):
        return bool({row["case_id"], row["adult_case_id"]} & self.open)

    _fileopening = _bridge

    def _now(self, row):
        return row["starts_on"] <= self.today and (row["ends_on"] is None or row["ends_on"] >= self.today)

    def ids(self, label):
        return {row["id"] for row in self.rows[label] if self.may_see(label, row)}

    def may_see(self, label, row):
        own = row["authority_id"] == self.who.authority_id
        if label in OF_THE_BOARD:
            return own or (label in OF_THE_ORDER and self._lent_order(row))
        if label in OF_LEADERS:
            return own and self.who.role in ("unit_manager", "administrator")
        if label in OF_A_CASE:
            return row["case_id"] in self.open
        if label in BY_AREA:
            return row["case_id"] in self.open or (row["case_id"], row["area"]) in self.shared
        if label in OF_A_PERSON:
            return self._person(row["individual_id"])
        return getattr(self, "_" + label.split(".")[1].lower())(row, own)

    def _person(self, person):
        """A case of hers is open, or of somebody she is merged with; or she was just added."""
        own = self._cases_of({person})
        added = {p["id"] for p in self.rows["cases.Individual"] if p["created_by_id"] == self.who.pk}
        return bool(self._cases_of(self._same(person)) & self.open) or (not own and person in added)

    def _cases_of(self, people):
        return {case["id"] for case in self.rows["cases.Case"] if case["individual_id"] in people}

    def _same(self, person):
        """Round and round, over every merge that stands, until nobody new is found."""
        same, pairs = {person}, [
            {m["kept_id"], m["merged_id"]} for m in self.rows["cases.PersonMerge"] if m["undone_at"] is None
        ]  # fmt: skip
        while more := [pair for pair in pairs if pair & same and not pair <= same]:
            same = same.union(*more)
        return same

    def _personmerge(self, row, own):
        return self._person(row["kept_id"]) or self._person(row["merged_id"])

    def _individual(self, row, own):
        return self._person(row["id"])

    def _document(self, row, own):
        readers = [r for r in self.rows["cases.DocumentReader"] if r["document_id"] == row["id"]]
        readers = [r for r in readers if r["may_read"] and r["ended_at"] is None]
        named = row["uploaded_by_id"] == self.who.pk or self.who.pk in {r["membership_id"] for r in readers}
        if row["case_id"] in self.open:
            return row["open_to"] == "case" or named
        return self._shared_paper(row, readers)

    def _shared_paper(self, row, readers):
        ticked = self.who.authority_id in {r["party_id"] for r in readers if r["kind"] == "party"}
        openable = row["state"] in ("clean", "unscanned")
        return ticked and openable and (row["case_id"], row["area"]) in self.shared

    def _documentreader(self, row, own):
        towards = row["party_id"] == self.who.authority_id and row["case_id"] in self.joined
        return row["case_id"] in self.open or towards

    def _personkey(self, row, own):
        papers = [d for d in self.rows["cases.Document"] if d["key_id"] == row["id"]]
        guest = any(d["case_id"] not in self.open and self._document(d, own) for d in papers)
        return self._person(row["individual_id"]) or guest

    def _apitoken(self, row, own):
        return own and (row["membership_id"] == self.who.pk or self.who.role == "administrator")

    def _job(self, row, own):
        return row["asked_by_id"] == self.who.pk

    def _caseloadimport(self, row, own):
        return row["asked_by_id"] == self.who.pk and row["expires_at"] > datetime.now(UTC)

    def _logsample(self, row, own):
        [review] = [one for one in self.rows["teams.LogReview"] if one["id"] == row["review_id"]]
        return self.who.role == "unit_manager" and review["reviewer_id"] == self.who.pk  # both are still there

    def _logquestion(self, row, own):
        return row["asked_of_id"] == self.who.pk or row["asked_by_id"] == self.who.pk

    def _logreport(self, row, own):
        return row["reported_by_id"] == self.who.pk

    def _apirequest(self, row, own):
        return row["membership_id"] == self.who.pk

    def _case(self, row, own):
        return row["id"] in self.open

    def _accessgrant(self, row, own):
        return row["membership_id"] == self.who.pk or row["content_object_id"] in self.open

    def _casenote(self, row, own):
        return row["case_id"] in self.open and (row["signed_at"] is not None or row["author_id"] == self.who.pk)

    def _placetext(self, row, own):
        """Named, today, and the case one's own today: by more than an emergency. Not for a day after her sign-in was
        made anew."""
        lately = datetime.now(UTC) - timedelta(hours=24)
        anew = [r["approved_at"] for r in self.rows["tenancy.FactorReset"] if r["user_id"] == self.who.user_id]
        if any(at is not None and at > lately for at in anew):
            return False
        mine = [
            reader for reader in self.rows["cases.PlaceReader"]
            if reader["place_id"] == row["place_id"] and reader["membership_id"] == self.who.pk
        ]  # fmt: skip
        named = any(reader["ended_at"] is None and self._now(reader) for reader in mine)
        held = any(
            grant["content_object_id"] == row["case_id"] and grant["membership_id"] == self.who.pk
            and grant["kind"] != "emergency" and grant["ended_at"] is None and self._now(grant)
            for grant in self.rows["cases.AccessGrant"]
        )  # fmt: skip
        return named and held and row["case_id"] in self.open

    def _placereveal(self, row, own):
        return row["membership_id"] == self.who.pk or row["case_id"] in self.open

    def _identification(self, row, own):
        return self._casenote(row, own)

    def _assessment(self, row, own):
        return row["case_id"] in self.open and (row["signed_at"] is not None or row["author_id"] == self.who.pk)

    def _assessedthreat(self, row, own):
        [whole] = [one for one in self.rows["cases.Assessment"] if one["id"] == row["assessment_id"]]
        return self._assessment(whole, own)

    def _openaccesscontact(self, row, own):
        return own and self.who.role in ("social_worker", "unit_manager")

    def _supportrequest(self, row, own):
        to_hers = row["to_authority_id"] == self.who.authority_id and self.who.role == "regional_coordinator"
        return to_hers or (own and self.who.role in ("social_worker", "unit_manager"))

    def _costestimate(self, row, own):
        to_hers = row["sent_to_id"] == self.who.authority_id and self.who.role == "regional_coordinator"
        return to_hers or (own and self.who.role in ("unit_manager", "administrator"))

    def _disclosure(self, row, own):
        given = {
            t["disclosure_id"] for t in self.rows["cases.TransferRequest"]
            if t["given_to_id"] == self.who.pk and t["recipient_id"] == self.who.authority_id
        }  # fmt: skip
        return row["case_id"] in self.open or row["receiver_id"] == self.who.pk or row["id"] in given

    def _discloseditem(self, row, own):
        [whole] = [one for one in self.rows["cases.Disclosure"] if one["id"] == row["disclosure_id"]]
        return self._disclosure(whole, own)

    _receipt = _discloseditem

    def _transferrequest(self, row, own):
        mine = self.who.role == "unit_manager" or row["given_to_id"] == self.who.pk
        return row["case_id"] in self.open or (row["recipient_id"] == self.who.authority_id and mine)

    def _consent(self, row, own):
        mine = row["recipient_id"] == self.who.authority_id
        return row["case_id"] in self.open or (mine and row["case_id"] in self.joined)

    def _secrecyexception(self, row, own):
        mine = row["recipient_id"] == self.who.authority_id
        return row["case_id"] in self.open or (mine and row["case_id"] in self.joined)

    def _acknowledgement(self, row, own):
        return row["seen_by_id"] == self.who.pk or row["case_id"] in self.open or self._of_the_house(row, own)

    def _of_the_house(self, row, own):
        return own and row["case_id"] is None and self.who.role == "administrator"

    def _deliverychoice(self, row, own):
        return row["membership_id"] == self.who.pk

    _calendarfeed = _deliverychoice

    def _clock(self, row, own):
        if row["case_id"] is None:
            return self._of_the_house(row, own)
        to_review = own and row["kind"] == "emergency_review" and self.who.role == "unit_manager"
        return row["case_id"] in self.open or (to_review and row["case_id"] not in self.blocked)

    def _emergencyaccess(self, row, own):
        hers = row["membership_id"] == self.who.pk or row["case_id"] in self.open
        return row["case_id"] not in self.blocked and (hers or (own and self.who.role == "unit_manager"))

    def _teammember(self, row, own):
        mine = row["membership_id"] == self.who.pk and row["case_id"] not in self.blocked
        return row["case_id"] in self.open or mine

    def _conflictanswer(self, row, own):
        mine = row["membership_id"] == self.who.pk or (row["knows"] and self.who.role == "unit_manager")
        return row["case_id"] in self.open or (own and mine and row["case_id"] not in self.blocked)

    def _coordinatorappointment(self, row, own):
        return row["case_id"] in self.open | self.joined

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
        about_nobody = about_nobody and row["object_type"] != "cases.protectionmark"
        return own and (row["case_id"] in self.open or row["membership_id"] == self.who.pk or about_nobody)

    def colleagues(self):
        """Around a case: whom the database also shows, so that a guest can see who called her."""
        team = self.rows["teams.TeamMember"]
        guest = [
            part for part in team
            if part["membership_id"] == self.who.pk and part["state"] in ("invited", "joined")
            and part["case_id"] not in self.blocked and (part["ends_on"] is None or part["ends_on"] >= self.today)
        ]  # fmt: skip
        cases = {part["case_id"] for part in guest}
        coordinators = {
            a["membership_id"]
            for a in self.rows["teams.CoordinatorAppointment"]
            if a["case_id"] in cases and self._now(a)
        }
        return {p["membership_id"] for p in team if p["case_id"] in self.open} | {
            part["invited_by_id"] for part in guest
        } | coordinators | self._around_decisions()  # fmt: skip
