"""Agreements and mandates: nothing before all have signed, nothing after the last day, and each side for itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.cooperation import oversight_for
from exitprogram.tenancy.mandates import boards_for, mandate_for, mandated
from exitprogram.tenancy.models import CooperationAgreement, Mandate, Membership
from exitprogram.tenancy.roles import Role
from teams.cooperation import opens, stops
from tests.agreements import accepted, agreed, given, proposed
from tests.world import today

TRAVEL = {"kinds": ["travel"], "role": Role.SOCIAL_WORKER}


def later(days):
    return today() + timedelta(days=days)


def refusal(act, by, **more):
    with acting(by), pytest.raises(Refused) as why, transaction.atomic():
        act(by=by, **more)
    return str(why.value)


def asked(world, **more):
    more = {"others": [world.soderhamn], "ground": "kl_9_37", "programmes": ["adult"], "starts_on": today(), **more}
    return {"purpose": "Jour", **more}


def partners(by):
    with acting(by):
        return set(CooperationAgreement.objects.partners_of(by).values_list("party_authority_id", flat=True))


def wall_partners(by):
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT wall.partners()")
        return set(cursor.fetchone()[0])


def holds(one, other):
    """Both walls, from both sides."""
    said = {
        authority.pk in ask(by)
        for by, authority in ((one, other.authority), (other, one.authority))
        for ask in (partners, wall_partners)
    }
    assert len(said) == 1
    return said.pop()


def test_nothing_holds_before_every_party_has_said_yes(world):
    agreement = proposed(world.adam, world.soderhamn, world.region)
    assert not holds(world.adam, world.siv)
    accepted(world.siv, agreement)
    assert not holds(world.adam, world.siv) and not holds(world.siv, world.ragnar)
    accepted(world.ragnar, agreement)
    assert holds(world.adam, world.siv) and holds(world.siv, world.ragnar)


def test_it_ends_on_its_day_without_a_job(world):
    agreed(world.adam, world.siv, ends_on=later(3))
    assert holds(world.adam, world.siv)
    with acting(world.adam):
        agreements = CooperationAgreement.objects.visible_to(world.adam)
        assert agreements.in_force(on=later(3)).filter(ground="kl_9_37").exists()
        assert not agreements.in_force(on=later(4)).filter(ground="kl_9_37").exists()


def test_one_leaves_and_the_others_go_on(world):
    agreement = agreed(world.adam, world.siv, world.ragnar, ground="hsl_16_3", programmes=["child"], notice_months=0)
    with acting(world.siv):
        tenancy.give_notice(by=world.siv, agreement=agreement, leaves_on=today())
    assert holds(world.adam, world.siv), "the last day is a day"
    with acting(world.adam):
        left = CooperationAgreement.objects.partners_of(world.adam, on=later(1))
        assert world.soderhamn.pk not in left.values_list("party_authority_id", flat=True)
        assert world.region.pk in left.values_list("party_authority_id", flat=True)


REFUSALS = [
    ({"others": []}, "minst en annan part"),
    ({"others": "bollnas"}, "Välj en annan part än den egna nämnden"),
    ({"others": "partner"}, "(9 kap. 37 § kommunallagen (2017:725))"),
    ({"ground": "hsl_16_3"}, "(7 kap. 2 § socialtjänstlagen (2025:400)"),
    ({"ends_on": timezone.localdate() - timedelta(days=1)}, "Sista dagen ligger före första dagen."),
    ({"oversight": "figures", "overseer": "region"}, "Insynen har regionkoordinatorn hos en av parternas"),
    ({"ground": "kl_9_19", "host": "region"}, "(9 kap. 19 § kommunallagen)"),
    ({"starts_on": timezone.localdate().replace(year=2017)}, "Lagen medgav inte den grunden den dagen."),
]


@pytest.mark.parametrize(("fault", "sentence"), REFUSALS, ids=lambda one: str(one)[:40])
def test_a_wrong_proposal_is_refused_by_its_rule(world, fault, sentence):
    fault = {name: getattr(world, value) if isinstance(value, str) and hasattr(world, value) else value
             for name, value in fault.items()}  # fmt: skip
    if "others" in fault and not isinstance(fault["others"], list):
        fault["others"] = [fault["others"]]
    assert sentence in refusal(tenancy.propose_agreement, world.adam, **asked(world, **fault))
    with acting(world.adam):
        assert CooperationAgreement.objects.filter(authority=world.bollnas).count() == 2, "nothing half-saved"


def test_two_of_a_kind_do_not_overlap(world):
    agreed(world.adam, world.siv, ends_on=later(30))
    again = asked(world, starts_on=later(10))
    assert "har redan en sådan överenskommelse" in refusal(tenancy.propose_agreement, world.adam, **again)
    proposed(world.adam, world.soderhamn, starts_on=later(31))
    proposed(world.adam, world.soderhamn, programmes=["child"])


def test_two_proposals_cross_and_only_one_is_signed(world):
    one = proposed(world.adam, world.soderhamn)
    with acting(world.siv), pytest.raises(Refused):
        tenancy.propose_agreement(by=world.siv, **asked(world, others=[world.bollnas]))
    with acting(world.adam):
        tenancy.decline_agreement(by=world.adam, agreement=one)
    assert "gäller inte längre" in refusal(tenancy.accept_agreement, world.siv, agreement=one)
    other = proposed(world.siv, world.bollnas)
    accepted(world.adam, other)
    assert holds(world.adam, world.siv)


def test_notice_is_kept(world):
    agreement = agreed(world.adam, world.siv, notice_months=3)
    assert "Uppsägningstiden är 3 månader" in refusal(
        tenancy.give_notice, world.siv, agreement=agreement, leaves_on=later(20)
    )
    with acting(world.siv):
        tenancy.give_notice(by=world.siv, agreement=agreement, leaves_on=later(100))
    assert "redan uppsagd" in refusal(tenancy.give_notice, world.siv, agreement=agreement, leaves_on=later(200))
    told = refusal(tenancy.give_mandate, world.adam, agreement=agreement, employer=world.soderhamn, starts_on=today(),
                   **TRAVEL)  # fmt: skip
    assert "uppsagd" in told


# Mandates


def test_a_mandate_lets_somebody_decide_and_opens_nothing(world):
    case = world.case
    agreement = agreed(world.adam, world.siv)
    mandate = given(world.adam, agreement, world.soderhamn, role=Role.SOCIAL_WORKER)
    with acting(world.cilla):
        assert mandate_for(world.cilla, world.bollnas, "travel", on=today()) == mandate
        assert mandate_for(world.cilla, world.bollnas, "interpreter", on=today()) is None
        assert mandate_for(world.cilla, world.region, "travel", on=today()) is None
        assert list(boards_for(world.cilla, on=today())) == [{"authority_id": world.bollnas.pk}]
        assert not type(case).objects.visible_to(world.cilla).filter(pk=case.pk).exists()
    with acting(world.anna):
        assert list(mandated(world.anna, "travel", on=today())) == [world.cilla]
        assert world.cilla in Membership.objects.visible_to(world.anna)
        assert not mandated(world.anna, "interpreter", on=today()).exists()
        assert mandate_for(world.anna, world.soderhamn, "travel", on=today()) is None, "one way only"


def test_a_mandate_ends_with_its_days_the_agreement_and_the_employment(world):
    agreement = agreed(world.adam, world.siv, ends_on=later(10))
    mandate = given(world.adam, agreement, world.soderhamn, role=Role.SOCIAL_WORKER, ends_on=later(5))

    def may(on):
        with acting(world.cilla):
            return mandate_for(world.cilla, world.bollnas, "travel", on=on) is not None

    assert (may(later(5)), may(later(6))) == (True, False)
    with acting(world.siv):
        tenancy.end_mandate(by=world.siv, mandate=mandate, ends_on=later(2))
    assert (may(later(2)), may(later(3))) == (True, False)
    assert "slutar redan" in refusal(tenancy.end_mandate, world.adam, mandate=mandate, ends_on=later(4))
    with acting(world.siv):
        tenancy.end_member(by=world.siv, membership=world.cilla, ends_on=later(1))
    with acting(world.siv):
        world.cilla = Membership.objects.visible_to(world.siv).get(pk=world.cilla.pk)
    assert (may(later(1)), may(later(2))) == (True, False)


def mandate_faults(world):
    return [
        ({"employer": world.region}, "mellan parterna"),
        ({"employer": world.bollnas}, "behöver inget mandat"),
        ({"kinds": []}, "Välj vad mandatet gäller."),
        ({"role": Role.REGIONAL_COORDINATOR}, "får inte fatta beslut"),
        ({"role": "", "membership": world.sara}, "är inte anställd hos Socialnämnden, Söderhamns kommun"),
        ({"role": "", "membership": world.leo}, "är inte anställd hos Socialnämnden, Söderhamns kommun"),
        ({"role": ""}, "Välj en person eller en roll."),
        ({"starts_on": later(-1)}, "ska ligga inom överenskommelsens"),
        ({"ends_on": later(31)}, "ska ligga inom överenskommelsens"),
    ]


def test_a_wrong_mandate_is_refused_by_its_rule(world):
    agreement = agreed(world.adam, world.siv, ends_on=later(30))
    right = {"agreement": agreement, "employer": world.soderhamn, "starts_on": today(), **TRAVEL}
    for fault, sentence in mandate_faults(world):
        assert sentence in refusal(tenancy.give_mandate, world.adam, **{**right, **fault}), fault
    with acting(world.adam):
        assert not Mandate.objects.filter(agreement=agreement).exists()


def test_no_mandate_without_an_answer_or_on_another_ground(world):
    waiting = proposed(world.adam, world.soderhamn)
    right = {"employer": world.soderhamn, "starts_on": today(), **TRAVEL}
    assert "inte godkänt" in refusal(tenancy.give_mandate, world.adam, agreement=waiting, **right)
    with acting(world.adam):
        region = CooperationAgreement.objects.visible_to(world.adam).get(ground="hsl_16_3")
    told = refusal(tenancy.give_mandate, world.adam, agreement=region, **{**right, "employer": world.region})
    assert "bara i avtalssamverkan (9 kap. 37 § kommunallagen)" in told


def test_nobody_gives_herself_a_mandate(world):
    """Siv has work at both: her own proposal cannot name her."""
    with acting(world.adam):
        tenancy.add_member(by=world.adam, email=world.siv.user.email, name="Siv Admin", role=Role.UNIT_MANAGER)
        both = Membership.objects.get(user=world.siv.user, authority=world.bollnas)
    agreement = agreed(world.siv, world.adam)
    right = {"agreement": agreement, "employer": world.bollnas, "kinds": ["travel"], "starts_on": today()}
    assert "dig själv" in refusal(tenancy.give_mandate, world.siv, membership=both, **right)


# The wall, in raw SQL


def tried(who, statement, values=()):
    try:
        with acting(who), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount
    except (ProgrammingError, IntegrityError) as error:
        return type(error.__cause__)


def test_one_party_cannot_answer_for_another(world):
    agreement = proposed(world.adam, world.soderhamn, world.region)
    accept = (
        "UPDATE tenancy_agreementparty SET accepted_at = now(), accepted_by_id = %s WHERE agreement_id = %s"
        " AND party_authority_id = %s"
    )
    for who in (world.adam, world.ragnar, world.pia, world.cilla):
        assert tried(who, accept, [world.siv.pk, agreement.pk, world.soderhamn.pk]) == 0
    assert tried(world.siv, accept, [world.cilla.pk, agreement.pk, world.soderhamn.pk]) is RestrictViolation
    assert tried(world.siv, accept, [world.siv.pk, agreement.pk, world.soderhamn.pk]) == 1


def test_what_was_proposed_never_changes(world):
    agreement = agreed(world.adam, world.siv)
    for column in ("purpose = 'annat'", "ends_on = '2099-01-01'", "oversight = 'flow'"):
        statement = f"UPDATE tenancy_cooperationagreement SET {column} WHERE id = %s"
        assert tried(world.adam, statement, [agreement.pk]) is InsufficientPrivilege
    take_back = "UPDATE tenancy_agreementparty SET declined_at = now(), declined_by_id = %s WHERE agreement_id = %s"
    assert tried(world.siv, take_back, [world.siv.pk, agreement.pk]) is RestrictViolation
    short = ("UPDATE tenancy_agreementparty SET notice_at = now(), notice_by_id = %s, leaves_on = wall.today()"
             " WHERE agreement_id = %s")  # fmt: skip
    assert tried(world.siv, short, [world.siv.pk, agreement.pk]) is RestrictViolation
    added = (
        "INSERT INTO tenancy_agreementparty (id, authority_id, created_at, agreement_id, party_authority_id, does)"
        " VALUES (gen_random_uuid(), %s, now(), %s, %s, '')"
    )
    assert tried(world.adam, added, [world.bollnas.pk, agreement.pk, world.region.pk]) is InsufficientPrivilege


def test_a_second_agreement_is_stopped_by_the_database_too(world):
    agreed(world.adam, world.siv)
    with acting(world.adam):
        second = CooperationAgreement.objects.visible_to(world.adam).get(ground="kl_9_37")
        parties = list(second.parties.all())
        second.pk = None
        second._state.adding = True
        second.save(force_insert=True)
        for side in parties:
            side.pk, side.agreement, mine = None, second, side.party_authority_id == world.bollnas.pk
            side._state.adding = True
            side.accepted_at, side.accepted_by = (timezone.now(), world.adam) if mine else (None, None)
            side.save(force_insert=True)
    accept = "UPDATE tenancy_agreementparty SET accepted_at = now(), accepted_by_id = %s WHERE agreement_id = %s"
    assert tried(world.siv, accept + " AND accepted_at IS NULL", [world.siv.pk, second.pk]) is RestrictViolation


FORGED = """
    INSERT INTO tenancy_mandate (id, authority_id, created_at, agreement_id, drafter_authority_id,
        employer_authority_id, membership_id, role, kinds, starts_on, given_by_id)
    VALUES (gen_random_uuid(), %(board)s, now(), %(agreement)s, %(drafter)s, %(employer)s, %(member)s, %(role)s,
        '{travel}', %(day)s, %(giver)s)
"""


def test_no_forged_mandate(world):
    agreement = agreed(world.adam, world.siv)
    right = {
        "board": world.bollnas.pk, "agreement": agreement.pk, "drafter": world.bollnas.pk,
        "employer": world.soderhamn.pk, "member": world.cilla.pk, "role": "", "day": today(), "giver": world.adam.pk,
    }  # fmt: skip
    assert tried(world.adam, FORGED, right) == 1
    wrong = [
        (world.siv, {}),  # for somebody else's board
        (world.siv, {"giver": None}),
        (world.adam, {"giver": None}),  # signed by nobody
        (world.anna, {"giver": world.anna.pk}),
        (world.adam, {"day": later(-1)}),
        (world.adam, {"employer": world.region.pk, "member": world.sara.pk}),
    ]
    for who, fault in wrong:
        assert tried(who, FORGED, {**right, **fault}) is InsufficientPrivilege, (who, fault)
    elsewhere = tried(world.adam, FORGED, {**right, "member": world.sara.pk})
    assert issubclass(elsewhere, Exception), "not employed there: the key itself"


def test_a_third_authority_sees_nothing(world):
    agreement = agreed(world.adam, world.siv)
    given(world.adam, agreement, world.soderhamn, role=Role.SOCIAL_WORKER)
    for who, seen in ((world.adam, True), (world.siv, True), (world.cilla, True), (world.ragnar, False)):
        with acting(who):
            rows = CooperationAgreement.objects.visible_to(who).filter(pk=agreement.pk)
            mandates = Mandate.objects.visible_to(who).filter(agreement_id=agreement.pk)
            unfiltered = Mandate.objects.filter(agreement_id=agreement.pk)
            assert (rows.exists(), mandates.exists(), unfiltered.exists()) == (seen, seen, seen), who


# What is told


def test_the_preview_says_what_the_rows_say(world):
    mandates = [{"board": world.bollnas, "employer": world.soderhamn, **TRAVEL}]
    agreement = agreed(world.adam, world.siv, oversight="flow", overseer=world.soderhamn, mandates=mandates)
    with acting(world.adam):
        text = " ".join(line.text for line in opens(agreement, world.adam))
        gone = " ".join(line.text for line in stops(agreement, world.adam, later(90)))
    assert "Rut Region" in text and "får besluta åt Socialnämnden, Bollnäs kommun om Resa" in text
    assert "utan namn och nummer" in text and "Inget ärende öppnas." in text
    assert "får inte längre besluta" in gone and "behåller sina handlingar" in gone
    with acting(world.rut):
        assert oversight_for(world.rut, on=today()) == {world.bollnas.pk: "flow"}
    with acting(world.adam):
        assert oversight_for(world.adam, on=today()) == {}


def test_nobody_but_an_administrator(world):
    agreement = proposed(world.adam, world.soderhamn)
    with acting(world.cilla), pytest.raises(NotAllowed):
        tenancy.accept_agreement(by=world.cilla, agreement=agreement)
