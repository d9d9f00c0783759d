"""Who must answer an agreement is told by a neutral mail: the other parties' administrators, nobody else."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from cases.models import Notice
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.cooperation import tell_parties
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.reference import authority_id
from tests.agreements import accepted, proposed
from tests.visits import Visit
from tests.world import today


def notices(who, agreement):
    with acting(who):
        return Notice.objects.visible_to(who).filter(about="agreement", subject_id=agreement.pk).count()


def test_proposed_accepted_and_given_notice(world):
    agreement = proposed(world.adam, world.soderhamn, world.region)
    assert (notices(world.siv, agreement), notices(world.ragnar, agreement), notices(world.adam, agreement)) == (
        1,
        1,
        0,
    )
    for nobody in (world.anna, world.maud, world.cilla, world.sara, world.pia):
        assert notices(nobody, agreement) == 0
    accepted(world.siv, agreement)
    assert (notices(world.adam, agreement), notices(world.ragnar, agreement)) == (1, 1), "once a day"
    accepted(world.ragnar, agreement)
    with acting(world.siv):
        tenancy.give_notice(by=world.siv, agreement=agreement, leaves_on=today() + timedelta(days=100))
    assert notices(world.adam, agreement) == 1


def test_the_mail_leads_to_the_agreement(world):
    agreement = proposed(world.adam, world.soderhamn)
    with acting(world.siv):
        notice = Notice.objects.visible_to(world.siv).get(about="agreement")
    assert Visit(world.siv).get("plans:onward", notice).url == reverse("teams:agreement", args=[agreement.pk])
    assert Visit(world.adam).get("plans:onward", notice).status_code == 404


def test_the_database_alone(world):
    agreement = proposed(world.adam, world.soderhamn)
    for who in (world.anna, world.pia):
        with acting(who), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT wall.tell_parties(%s)", [agreement.pk])
    with acting(world.adam), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.administrators_of_others(%s)", [agreement.pk])


def test_a_party_without_an_administrator_is_counted(world):
    empty = Authority.objects.get(pk=authority_id("social_board", "2121"))
    agreement = proposed(world.adam, empty, world.soderhamn)
    with acting(world.adam):
        assert tell_parties(agreement) == 1
