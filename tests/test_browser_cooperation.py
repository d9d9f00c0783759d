"""Cooperation in real Chromium: proposed in five presses, accepted in two, and the list narrowed by typing."""

import pytest

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import CooperationAgreement
from exitprogram.tenancy.roles import Role
from tests.agreements import agreed, proposed
from tests.browser import Person
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)
TARGET = {"propose": 5, "accept": 2}


def at_the_desk(browser, server, who):
    person = Person(browser, server, who)
    person.count_from("/")
    return person


def test_proposed_in_five_presses(live_server, chromium):
    world = World()
    adam = at_the_desk(chromium, live_server, world.adam)
    adam.go(adam.page.get_by_role("navigation").get_by_role("link", name="Samverkan").click)
    adam.go(adam.page.get_by_role("link", name="Med andra kommuner").click)
    adam.page.locator("[data-filter]").evaluate("e => e.focus()")
    adam.page.locator("[data-filter]").fill("söderh")
    adam.page.get_by_label("Socialnämnden, Söderhamns kommun").click()
    adam.press("Granska")
    assert adam.sees("Inget ärende öppnas.")
    adam.press("Skicka förslaget")
    assert adam.presses == TARGET["propose"]
    with acting(world.adam):
        row = CooperationAgreement.objects.visible_to(world.adam).get(ground="kl_9_37")
        assert {side.party_authority for side in row.parties.all()} == {world.bollnas, world.soderhamn}


def test_accepted_in_two_presses(live_server, chromium):
    world = World()
    mandates = [{"board": world.bollnas, "employer": world.soderhamn, "kinds": ["travel"], "role": Role.UNIT_MANAGER}]
    agreement = proposed(world.adam, world.soderhamn, mandates=mandates)
    siv = at_the_desk(chromium, live_server, world.siv)
    siv.go(siv.page.get_by_role("navigation").get_by_role("link", name="Samverkan").click)
    assert siv.sees("Den som är enhetschef hos Socialnämnden, Söderhamns kommun får besluta åt")
    siv.press("Godkänn")
    assert siv.presses == TARGET["accept"]
    with acting(world.siv):
        assert CooperationAgreement.objects.agreed().filter(pk=agreement.pk).exists()


def test_typing_narrows_and_what_is_ticked_stays(live_server, chromium):
    world = World()
    adam = Person(chromium, live_server, world.adam)
    adam.page.goto(f"{adam.server}/samverkan/ny/kl_9_37/")
    adam.check()
    field, boxes = adam.page.locator("[data-filter]"), adam.page.locator("main [data-filtered] label:visible input")
    assert boxes.count() > 300
    field.fill("ljusd")
    field.press("Enter")
    field.fill("ovanåk")
    assert adam.page.locator("[name=others]:checked").count() == 1
    assert boxes.count() == 2, "the ticked one and the one that fits"
    assert adam.sees("1 att välja mellan")
    assert adam.page.url.endswith("/samverkan/ny/kl_9_37/")


def test_without_script_the_list_is_whole(live_server, chromium):
    world = World()
    adam = Person(chromium, live_server, world.adam)
    state = adam.page.context.storage_state()
    plain = adam.page.context.browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    plain.goto(f"{adam.server}/samverkan/ny/kl_9_37/")
    assert not plain.locator("[data-filter]").is_visible()
    plain.get_by_label("Socialnämnden, Söderhamns kommun").check()
    plain.get_by_role("button", name="Granska").click()
    plain.get_by_role("button", name="Skicka förslaget").click()
    assert "Förslaget är skickat" in plain.inner_text("body")


def test_every_page_holds_at_each_width(live_server, chromium):
    """No sideways scroll, and axe on each; with agreements of every kind."""
    world = World()
    mandates = [{"board": world.soderhamn, "employer": world.bollnas, "kinds": ["travel"], "membership": world.leo}]
    held = agreed(world.adam, world.siv, oversight="figures", overseer=world.soderhamn, mandates=mandates)
    proposed(world.siv, world.bollnas, ground="kl_9_19", purposes=["on_call"], starts_on=today())
    adam = Person(chromium, live_server, world.adam)
    of_it = [f"{held.pk}/", f"{held.pk}/sag-upp/", f"{held.pk}/mandat/"]
    pages = ["", "ny/kl_9_37/", *of_it, f"redovisning/{today().year}/"]
    for page in pages:
        for width in (1366, 390):
            adam.page.set_viewport_size({"width": width, "height": 768})
            adam.page.goto(f"{adam.server}/samverkan/{page}")
            adam.check()
            assert adam.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page, width)
