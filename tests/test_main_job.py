"""The main job in real Chromium, in Swedish, from sign-in to the paper in hand. axe looks at every page on the way."""

import re
from datetime import timedelta

import pikepdf
import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from cases.models import Case, Clock
from cases.notices import delivery, due
from exitprogram.tenancy.acting import acting
from plans.models import PlanVersion
from tests.browser import Person
from tests.connections import logged_in_as
from tests.world import World

OWN_WORDS = "Sova en hel natt"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(live_server, chromium):
    world = World()
    return world, lambda membership: Person(chromium, live_server, membership)


def test_from_sign_in_to_paper(people, tmp_path):
    world, sit_down = people
    anna = sit_down(world.anna)
    assert anna.page.title() == "Min dag – Planering"
    _finds_or_adds(anna)
    _records_consent(anna)
    _builds_team(anna)
    sara = sit_down(world.sara)
    _accepts(sara)
    _draws_up_plan(anna)
    _writes_and_signs(sara)
    _agrees(anna)
    _takes_paper(anna, tmp_path / "plan.pdf")
    _is_reminded(world, anna)


def _finds_or_adds(anna):
    anna.page.keyboard.press("/")
    anna.page.keyboard.type("Maria Karlsson")
    anna.go(lambda: anna.page.keyboard.press("Enter"))
    assert anna.sees("Ingen träff hos er.")
    anna.press("Lägg till ny person")
    anna.fill(number="196610232843", contact_way="personen själv", target_group="Utsatt för prostitution")
    anna.press("Öppna ärende")
    assert anna.sees("Numret stämmer inte."), "a wrong number: a sentence, and nothing typed is lost"
    assert anna.page.locator("[name=name]").input_value() == "Maria Karlsson"
    anna.fill(number="19661023-2842")
    anna.press("Öppna ärende")
    assert anna.sees("är öppnat")


def _records_consent(anna):
    anna.press("Samtycke till planen saknas")
    anna.press("Visa vad det öppnar")
    assert anna.sees("Inget är sparat än.")
    anna.press("Spara samtycket")
    assert anna.sees("Samtycket till planen är registrerat.")
    anna.press("Vem får veta vad")
    anna.fill(recipient="Hälso- och sjukvården, Region Gävleborg", areas="Hälsa")
    anna.press("Visa vad det öppnar")
    assert anna.sees("är med i teamet än")
    anna.press("Spara samtycket")
    assert anna.sees("Hälso- och sjukvården, Region Gävleborg")
    anna.press("Personens sida")


def _builds_team(anna):
    anna.press("Sätt samman teamet")
    for who, function in (("Leo Ek", "kollega"), ("Sara Lind", "sjuksköterska"), ("Mika Sandell", "mentor")):
        choice = anna.page.locator("[name=membership] option", has_text=who)
        anna.page.locator("[name=membership]").select_option(value=choice.get_attribute("value"))
        anna.fill(function=function, reason="Behövs för planen")
        anna.press("Bjud in")
    anna.press("Utse samordnare eller ersättare")
    anna.press("Utse")
    assert anna.sees("Anna Berg")
    anna.press("Personens sida")


def _accepts(sara):
    assert "Sök namn" not in sara.text, "a contributor has no search"
    assert "Maria Karlsson" not in sara.text
    sara.press("Inbjudan till ett team")
    sara.press("Jag är med")
    assert sara.sees("Svara först att du inte har någon privat koppling till personen.")
    sara.page.get_by_label("Jag har ingen privat koppling").check()
    sara.press("Jag är med")
    assert sara.sees("Du är med i teamet.")


def _draws_up_plan(anna):
    anna.press("Börja planen")
    anna.press("Börja skriva")
    _writes(anna, "viktigt", what_matters="Att ingen har nyckel till mig")
    anna.page.locator("#saknas").get_by_text("Vad som är viktigt").wait_for(state="detached")
    _writes(anna, "delaktighet", participation="Maria satt med och valde orden.")
    follow_up = (timezone.localdate() + timedelta(days=3)).isoformat()
    _writes(anna, "ramar", lead_principal="Socialnämnden, Bollnäs kommun", follow_up_on=follow_up)
    _writes(anna, "andra", others_note="Ingen annan behövs just nu.")
    anna.page.locator("#rad-nytt-mal > summary").click()
    anna.fill(area="Hälsa", own_words=OWN_WORDS, wording="Sover minst sex timmar utan att vakna")
    anna.page.get_by_role("button", name="Lägg till mål").click()
    anna.page.locator(".goal-head .add > summary").click()
    anna.fill(title="Traumafokuserade samtal", principal_choice="Hälso- och sjukvården, Region Gävleborg")
    anna.fill(responsible="Sara Lind", starts_on="2026-12-01", ends_on="2026-11-01")
    anna.page.get_by_role("button", name="Lägg till").click()
    anna.page.get_by_text("Fel: Insatsens sista dag ligger före den första.").wait_for()
    anna.check()
    anna.fill(ends_on="2027-05-31")
    anna.page.get_by_role("button", name="Lägg till").click()
    anna.page.locator(".measure-line").wait_for()
    anna.check()
    anna.press("Begär avsnitt")
    anna.fill(member="Sara Lind, Hälso- och sjukvården, Region Gävleborg", area="Hälsa")
    anna.fill(question="Vad kan mottagningen göra, när, och hur följs det upp?")
    anna.press("Begär avsnitt")
    assert anna.sees("Signatur från Region Gävleborg, hälsa")


def _writes(anna, part, **texts):
    anna.page.locator(f"#rad-{part} > summary").click()
    anna.page.locator(f"#rad-{part} form").wait_for()
    anna.fill(**texts)
    anna.page.locator(f"#rad-{part}").get_by_text(re.compile(r"^Sparat \d\d:\d\d$")).wait_for()
    anna.page.keyboard.press("Escape")
    anna.page.locator(f"#rad-{part} form").wait_for(state="detached")


def _writes_and_signs(sara):
    sara.page.goto(f"{sara.server}/bidrag/")
    sara.press("Hälsa", exact=False)
    assert sara.sees(f"”{OWN_WORDS}”")
    assert "Att ingen har nyckel" not in sara.text, "only the area that the consent covers"
    sara.page.locator("[name=what]").fill("Samtal varje vecka från 1 december. Följs upp efter åtta veckor.")
    sara.page.get_by_text(re.compile(r"^Sparat \d\d:\d\d$")).wait_for()
    sara.press("Signera…")
    sara.press("Signera och lås")
    assert "Avsnittet är signerat" in sara.text


def _agrees(anna):
    anna.go(anna.page.reload)
    anna.press("Fastställ version 1…")
    anna.press("Fastställ version 1")
    assert "Version 1 är överenskommen och låst." in anna.text


def _takes_paper(anna, path):
    anna.go(lambda: anna.page.keyboard.press("Alt+Shift+P"))
    with anna.page.expect_download() as waiting:
        anna.page.get_by_role("button", name="PDF till Den enskilde").click()
    waiting.value.save_as(path)
    assert waiting.value.suggested_filename == "plan-1-1.pdf"
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == "sv"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo.Title) == "Samordnad individuell plan, version 1"


def _is_reminded(world, anna):
    with acting(world.anna):
        case = Case.objects.get()
        assert {clock.owner_id for clock in Clock.objects.filter(case=case)} == {world.anna.pk}
        assert PlanVersion.objects.get(case=case).state == "agreed"
    mail.outbox.clear()  # the links that new colleagues got
    with logged_in_as("worker"):
        due.make_due()
        delivery.send_some()
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(
        member.user.email for member in (world.anna, world.sara, world.mika)
    ), "one each: the clock to Anna, invitation and section together to Sara, invitation to Mika"
    sent = next(sent for sent in mail.outbox if sent.to == [world.anna.user.email])
    bodies = {re.sub(r"/till/[-0-9a-f]{36}/", "", sent.body) for sent in mail.outbox}
    assert len(bodies) == len({sent.subject for sent in mail.outbox}) == 1, "only a random address tells them apart"
    assert settings.BASE_URL in sent.body
    for secret in ("Maria", "Karlsson", OWN_WORDS, case.number, "exit", "Uppföljning"):
        assert secret.lower() not in (sent.subject + sent.body).lower()
    anna.page.goto(f"{anna.server}/min-dag/")
    anna.check()
    assert anna.sees("Uppföljning av plan")
