"""The small world that tests live in. Everything is made by the same operations as in the product.

Anna and Leo handle cases for the board of Bollnäs, Maud is their manager, Adam their administrator. Cilla handles cases
for Söderhamn: she is the one from elsewhere. Sara is a nurse of the region, Mika a mentor of a partner organisation.
"""

from copy import deepcopy
from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from cases import operations as cases
from cases.access import is_child_worker
from children import operations as children
from exitprogram.tenancy.acting import acting, acting_as_system
from exitprogram.tenancy.models import Authority, CooperationAgreement, Membership, User
from exitprogram.tenancy.operations import Upkeep, accept_agreement, add_member, propose_agreement, seat_administrator
from exitprogram.tenancy.owner import as_owner
from exitprogram.tenancy.reference import authority_id
from exitprogram.tenancy.roles import Role
from plans import operations as plans
from teams import operations as teams
from teams.conflicts import questions
from tests import databases


def today():
    return timezone.localdate()


class World:
    people = None  # as they are in the database already

    def __init__(self):
        if World.people and databases.stands in ("people", "furnished"):
            vars(self).update(deepcopy(World.people))
        else:
            self._make_people()

    def _make_people(self):
        self.bollnas = Authority.objects.get(pk=authority_id("social_board", "2183"))
        self.soderhamn = Authority.objects.get(pk=authority_id("social_board", "2182"))
        self.region = Authority.objects.get(pk=authority_id("health_authority", "21"))
        self.partner = self._partner()
        self.adam = self._administrator(self.bollnas, "Adam Admin")
        self.anna = self._member(self.adam, "Anna Berg", Role.SOCIAL_WORKER)
        self.leo = self._member(self.adam, "Leo Ek", Role.SOCIAL_WORKER)
        self.maud = self._member(self.adam, "Maud Chef", Role.UNIT_MANAGER)
        boss = self._administrator(self.soderhamn, "Siv Admin")
        self.siv = boss
        self.cilla = self._member(boss, "Cilla Norr", Role.SOCIAL_WORKER)
        self.rut = self._member(boss, "Rut Region", Role.REGIONAL_COORDINATOR)
        self.ragnar = self._administrator(self.region, "Ragnar Admin")
        self.sara = self._member(self.ragnar, "Sara Lind", Role.HEALTHCARE)
        self.pia = self._administrator(self.partner, "Pia Admin")
        self.mika = self._member(self.pia, "Mika Sandell", Role.PARTNER)
        self._agree(self.adam, self.ragnar, self.region)
        self._agree(self.adam, self.pia, self.partner)

    @staticmethod
    def _partner():
        return Authority.objects.get(pk=PARTNER_ID)

    @staticmethod
    def _administrator(authority, name):
        with acting_as_system(authority):
            return seat_administrator(by=Upkeep(authority), email=email_of(name), name=name)

    @staticmethod
    def _member(by, name, role):
        with acting(by):
            return add_member(by=by, email=email_of(name), name=name, role=role)

    @staticmethod
    def _agree(by, other, authority):
        ground = "other" if authority.kind == Authority.Kind.PARTNER else CooperationAgreement.Ground.HSL_16_3
        with acting(by):
            agreement = propose_agreement(
                by=by, others=[authority], ground=ground, purpose="Gemensamma planer", programmes=["adult"],
                starts_on=today(),
            )  # fmt: skip
        with acting(other):
            accept_agreement(by=other, agreement=agreement)

    # What a test can ask for, each made once and only when wanted. ``case`` is Maria's, handled by Anna.

    def person(self, by=None, name="Maria Karlsson", **more):
        by = by or self.anna
        with acting(by):
            _hits, search = cases.search_people(by=by, query=name if len(name) > 2 else "Namnlös")
            return cases.add_person(by=by, after_search=search, name=name, **more)

    def open_case(self, by=None, individual=None, **more):
        by = by or self.anna
        individual = individual or self.person(by)
        more = {"programme": "adult", "contact_way": "self", "target_group": "prostitution", **more}
        with acting(by):
            return cases.open_case(by=by, individual=individual, **more)

    @cached_property
    def case(self):
        return self.open_case()

    @cached_property
    def elsewhere(self):
        """A case of Söderhamn's, handled by Cilla: data that could show, and must not."""
        return self.open_case(self.cilla, self.person(self.cilla, "Elsa Annanstans"))

    def child_worker(self, *names, qualified=True):
        """May have children's cases, by the administrator of each one's own board; given once."""
        for name in names:
            who = getattr(self, name)
            admin = self.adam if who.authority_id == self.bollnas.pk else self.siv
            with acting(admin):
                if is_child_worker(who, qualified=qualified):
                    continue
                children.give_child_worker(by=admin, membership=who, qualified=qualified)

    def child_case(self, by=None, name="Kim Ung", **more):
        """A child's case, opened by Anna (or ``by``), who must have the permission already."""
        individual = self.person(by, name, **more)
        return self.open_case(by, individual, programme="child", target_group="images")

    def report(self, case=None, by=None, **more):
        """About the child of ``case``, a minute ago, from the school."""
        by = by or self.anna
        given = {"source": "professional", "profession": "rektor", "text": "En bild sprids.",
                 "received_at": timezone.now() - timedelta(minutes=1), **more}  # fmt: skip
        with acting(by):
            return children.receive_report(by=by, case=case or self.child_case(), **given)

    def consent(self, case=None):
        with acting(self.anna):
            return cases.record_consent(by=self.anna, case=case or self.case, form="oral", taken_on=today())

    def waiver(self, recipient, *areas, case=None, **more):
        with acting(self.anna):
            return cases.record_waiver(
                by=self.anna, case=case or self.case, recipient=recipient, areas=list(areas), form="oral",
                taken_on=today(), **more,
            )  # fmt: skip

    def join(self, membership, case=None, **more):
        """Invited by Anna; somebody from elsewhere also accepts."""
        with acting(self.anna):
            member = teams.invite_member(
                by=self.anna, case=case or self.case, membership=membership, function="stöd", reason="behövs i planen",
                **more,
            )  # fmt: skip
        if member.is_outside:
            with acting(membership):
                member = teams.answer_invitation(by=membership, member=member, accept=True, no_conflict=True)
        else:
            self.answers(membership, case)
        return member

    def answers(self, membership, case=None):
        """Whoever has been added to a case answers that she does not know the person, when she is asked."""
        self.answers_all(membership, [(case or self.case).pk])

    def answers_all(self, membership, only=None):
        with acting(membership):
            for question in questions(membership):
                if only is None or question.case_id in only:
                    teams.answer_conflict(by=membership, case_id=question.case_id, knows=False)

    def coordinator(self, membership=None, case=None):
        with acting(self.anna):
            row = teams.appoint_coordinator(by=self.anna, case=case or self.case, membership=membership or self.anna)
        self.answers(row.membership, case)
        return row

    def draft(self, case=None):
        """A draft with one goal and one measure in the area of health, lacking only what a test wants to add."""
        with acting(self.anna):
            version = plans.start_plan(by=self.anna, case=case or self.case)
            goal = plans.add_goal(by=self.anna, plan_version=version, area="health", own_words="Sova en hel natt")
            plans.add_measure(
                by=self.anna, goal=goal, title="Traumasamtal", principal_kind="social", principal=self.bollnas,
            )  # fmt: skip
            return plans.save_version(
                by=self.anna, plan_version=version, expected=version.version, lead_principal=self.bollnas,
                what_matters="Lugn", participation="Maria var med hela tiden.", others_note="Ingen annan behövs nu.",
                follow_up_on=today() + timedelta(days=56),
            )  # fmt: skip

    @cached_property
    def agreed(self):
        """Maria's plan, agreed with everything in place."""
        self.consent()
        self.coordinator()
        version = self.draft()
        with acting(self.anna):
            return plans.agree_version(by=self.anna, plan_version=version)


def email_of(name):
    first, last = name.lower().translate(str.maketrans("åäö", "aao")).split()
    return f"{first}.{last}@exempel.invalid"


def user(name):
    return User.objects.get(email=email_of(name))


def membership(name):
    return Membership.objects.get(user__email=email_of(name))


PARTNER_ID = authority_id("partner", "nya-steg")


def make_partner():
    """Once per test database, by the owner's hand: organisations are reference data to the application's role."""
    with as_owner():
        Authority.objects.get_or_create(
            pk=PARTNER_ID, defaults={"kind": Authority.Kind.PARTNER, "name": "Föreningen Nya Steg", "region_id": "21"}
        )
