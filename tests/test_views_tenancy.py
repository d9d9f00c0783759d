"""The administrator's pages: who works here, and with whom one works."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Membership
from tests.visits import Visit, sees, text_of
from tests.world import today


def test_the_administrator_adds_a_member(world):
    adam = Visit(world.adam)
    asked = {"name": "Ny Kollega", "email": "Ny.Kollega@Exempel.invalid", "role": "social_worker", "for_now": "on"}
    hostile = {"authority": world.soderhamn.pk, "user": world.cilla.user_id, "is_active": "", "id": world.leo.pk}
    response = adam.post("tenancy:member_add", starts_on=today(), **asked, **hostile)
    assert response.url == reverse("tenancy:people")
    with acting(world.adam):
        member = Membership.objects.get(user__email="ny.kollega@exempel.invalid")
    assert (member.authority_id, member.role) == (world.bollnas.pk, "social_worker")
    assert adam.logged()[-1] == "membership.added"
    assert sees(adam.get("tenancy:people"), "Ny Kollega")


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ({"role": "healthcare"}, "Välj ett giltigt alternativ"),
        ({"for_now": ""}, "Skriv sista dagen, eller kryssa i Tills vidare."),
        ({"for_now": "on", "ends_on": "2099-01-01"}, "Skriv sista dagen, eller kryssa i Tills vidare."),
        ({"role": "superuser"}, "Välj ett giltigt alternativ"),
        ({"ends_on": "2020-01-01"}, "Sista dagen ligger före första dagen."),
        ({"email": "inte en adress"}, "e-postadress"),
        ({"email": "leo.ek@exempel.invalid"}, "har redan den rollen under de dagarna."),
        ({"starts_on": "2026-02-30"}, "Skriv datumet som år-månad-dag"),
    ],
)
def test_a_wrong_member_is_not_added(world, fault, sentence):
    adam = Visit(world.adam)
    asked = {"name": "Ny Kollega", "email": "ny.kollega@exempel.invalid", "role": "social_worker"}
    asked = asked if "ends_on" in fault else {**asked, "for_now": "on"}
    response = adam.post("tenancy:member_add", **{"starts_on": today(), **asked, **fault})
    assert response.status_code == 200
    assert sees(response, sentence, 'value="Ny Kollega"'), "nothing typed is lost"
    assert "membership.added" not in adam.logged()


def test_a_role_ends(world):
    adam, leo = Visit(world.adam), Visit(world.leo)
    assert leo.get("plans:my_day").status_code == 200
    yesterday = today() - timedelta(days=1)
    response = adam.post("tenancy:member_end", world.leo, ends_on=yesterday)
    assert sees(response, "Sista dagen ligger före första dagen.")
    with acting(world.adam):
        Membership.objects.filter(pk=world.leo.pk).update(starts_on=yesterday)
    response = adam.post("tenancy:member_end", world.leo, ends_on=yesterday, authority=world.soderhamn)
    assert response.url == reverse("tenancy:people")
    assert adam.logged()[-1] == "membership.ended"
    assert leo.get("plans:my_day").url == reverse("tenancy:choose"), "closed with no job running"


def test_a_signed_in_visitor_does_not_set_off_the_alarm(world):
    """The wall is asked with nobody acting, whoever asks."""
    assert text_of(Visit(world.anna).get("tenancy:health")) == "ok"
