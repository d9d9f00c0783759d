"""The children's pages, by the people who read them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases import operations as cases
from cases.models import Case, Document
from children import operations as children
from children.models import ConcernReport, Exploiter, Investigation, OnlineSpread
from children.reception import waiting
from exitprogram.errors import Refused
from exitprogram.scan.content import Checked
from exitprogram.tenancy.acting import acting
from tests.childdecisions import decided, scheme
from tests.papers import paper, picture
from tests.test_queries import MANY, assert_constant
from tests.visits import Visit, sees, text_of
from tests.world import today


@pytest.fixture
def case(world):
    world.child_worker("anna")
    return world.child_case()


@pytest.fixture
def anna(world, case):
    return Visit(world.anna)


def said(**more):
    now = timezone.localtime() - timedelta(minutes=1)
    return {"text": "En bild sprids.", "source": "professional", "profession": "rektor", "way": "phone",
            "received_on": now.date(), "received_time": f"{now:%H:%M}", **more}  # fmt: skip


def test_the_way_of_a_report(world, case, anna):
    scheme(world)
    page = anna.post("children:report_new", case, **said(wants_answer="on"), follow=True)
    assert sees(page, "Anmälan är mottagen", "Omedelbar skyddsbedömning", "En bild sprids.")
    with acting(world.anna):
        report = ConcernReport.objects.get()
    page = anna.post("children:assess", case, report, need="now", tonight="Hos mormor", reasons="Samtal",
                     done="Ringde jouren", follow=True)  # fmt: skip
    assert sees(page, "Skyddsbedömningen är signerad", "Hos mormor") and not sees(page, "Bedöm barnets skydd")
    assert sees(anna.get("children:protection", case), "I kväll", "Hos mormor", "Ringde jouren", "Anna Berg")
    decided(world.anna, case, "investigation_open")
    with acting(world.anna):
        row = Investigation.objects.get()
    page = anna.get("children:investigation", case, row)
    assert sees(page, "Underrätta om utredningen", "Utredningen ska vara klar")
    page = anna.post("children:tell", case, row, told="Mamma", not_told="Pappa: misstänkt", follow=True)
    assert sees(page, "Inte underrättade.", "Pappa: misstänkt")
    page = anna.post("children:feedback", case, report, text="Utredning är inledd", meeting="declined", follow=True)
    assert sees(page, "Återkopplingen är antecknad", "Erbjudet, men någon ville inte")
    ending = decided(world.anna, case, "contact_person")
    page = anna.post(
        "children:finish",
        case,
        row,
        ending=ending,
        conclusion="Får kontaktperson",
        who="network",
        name="Mormor",
        follow=True,
    )
    assert sees(page, "Utredningen är avslutad", "Får kontaktperson")


def test_what_came_yesterday_evening_is_counted_from_yesterday(world, case, anna):
    yesterday = today() - timedelta(days=1)
    anna.post("children:report_new", case, **said(received_on=yesterday, received_time="20:40",
                                                  receiver_text="Socialjouren"))  # fmt: skip
    with acting(world.anna):
        clocks = {clock.kind: clock.due_on for clock in case.clocks.open().filter(kind__startswith="child_")}
    assert clocks == {"child_protection": today(), "child_opening": yesterday + timedelta(days=14)}
    assert sees(anna.get("children:reception"), "I dag", "Bedöm barnets skydd: Kim U.")


def test_nothing_typed_is_lost_and_nothing_half_saved(world, case, anna):
    page = anna.post("children:report_new", case, **said(profession="", text="Allt jag skrev"))
    assert sees(page, "Skriv vilket yrke", "Allt jag skrev")
    page = anna.post("children:report_new", case, **said(source="private", wants_answer="on"))
    assert sees(page, "har rätt till återkoppling (19 kap. 6 §")
    with acting(world.anna):
        assert not ConcernReport.objects.exists()


def test_a_child_nobody_knows_is_taken_in_from_the_search(world, anna):
    answer = anna.post("cases:search", q="Nya Barnet")
    assert sees(anna.client.get(answer.url), "Orosanmälan om ett barn")
    search = answer.url.split("/")[-2]
    assert sees(anna.get("children:report_child", search), 'value="Nya Barnet"')
    page = anna.post("children:report_child", search, **said(name="Nya Barnet", birth_date="1990-01-01"))
    assert sees(page, "Personen har fyllt 18 år. Arbeta i programmet för vuxna.", "9 kap. 1 § föräldrabalken")
    page = anna.post("children:report_child", search, **said(name="Nya Barnet", birth_date="2013-01-01"), follow=True)
    assert sees(page, "Anmälan är mottagen")
    with acting(world.anna):
        assert ConcernReport.objects.get().case.programme == Case.Programme.CHILD


def test_earlier_reports_stand_beside_the_new_one(world, case, anna):
    world.report(case, text="Den första oron")
    assert sees(anna.get("children:report_new", case), "Den första oron")
    world.child_worker("leo")
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=case, membership=world.leo, kind="named", reason="behövs")
    with acting(world.anna):
        cases.end_access(by=world.anna, case=case, membership=world.leo, kind="named")
    assert Visit(world.leo).get("children:report_new", case).status_code == 404


def test_the_reception_begins_with_what_hurts_most(world, case, anna):
    late = timezone.now() - timedelta(days=20)
    world.report(case, received_at=late)
    world.report(world.child_case(name="Lo Ung"))
    with acting(world.anna):
        rows = [(row.clock.kind, row.late) for row in waiting(world.anna, on=today())]
    assert rows[:2] == [("child_protection", True), ("child_opening", True)]
    assert [late for _kind, late in rows] == [True, True, False, False]
    page = text_of(anna.get("children:reception"))
    assert page.index("Ta emot en anmälan") < page.index("Försenat")
    assert page.index("Försenat") < page.index("Kim U.") < page.index("Lo U.")
    assert Visit(world.leo).get("children:reception").status_code == 403


def test_the_reception_is_in_the_menu_of_child_workers_only(world, anna):
    assert sees(anna.get("cases:list"), "Barn: inkommet")
    assert not sees(Visit(world.leo).get("cases:list"), "Barn: inkommet")


def test_thirty_reports_cost_as_one(world, case):
    world.report(case)
    visit = Visit(world.anna)

    def grow():
        for place in range(MANY - 1):
            world.report(world.child_case(name=f"Barn {place} Efternamn"))

    assert_constant(visit, "children:reception", grow=grow)


def test_an_adults_case_has_none_of_these_pages(world, anna):
    assert anna.get("children:reports", world.case).status_code == 404
    assert not sees(anna.get("cases:notes", world.case), "Skydd nu")
    assert sees(anna.get("cases:notes", anna_case(world)), "Skydd nu")


def anna_case(world):
    with acting(world.anna):
        return Case.objects.visible_to(world.anna).get(programme="child")


def test_several_exploiters_and_what_is_spread(world, case, anna):
    for who in ("Kallar sig Z", "Tre vuxna"):
        given = {"who": who, "kind": "group", "knows_where": "no", "near_guardian": "yes"}
        assert sees(anna.post("children:exploiter_new", case, **given, follow=True), who)
    given = {"kind": "pictures", "place": "En grupp i en app", "seen_on": today()}
    assert sees(anna.post("children:spread_new", case, **given), "polisanmälan", "En grupp i en app")
    anna.post("children:spread_new", case, **given, police_on=today())
    with acting(world.anna):
        row, first = OnlineSpread.objects.get(), Exploiter.objects.first()
    stale = anna.post("children:spread_edit", case, row, **given, why_not_police="x", version=7)
    assert stale.status_code == 409
    anna.post("children:exploiter_strike", case, first, why="Samma person")
    assert sees(anna.get("children:protection", case), "Strukna", "tas aldrig emot och sparas aldrig här")


def uploaded(name, data, **more):
    return {"file": SimpleUploadedFile(name, data), "title": "Intyg", "kind": "certificate", "area": "health",
            "received_from": "Skolan", "received_on": str(today()), "open_to": "case", **more}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "more", "sentence"),
    [
        ("a.jpg", {"shows": "exploited"}, "ring polisen"),
        ("a.mp4", {"shows": "other"}, "ring polisen"),
        ("nakenbild.jpg", {"shows": "other"}, "ring polisen"),
        ("a.jpg", {"shows": "other", "title": "Bild på övergrepp"}, "ring polisen"),
        ("a.jpg", {}, "Svara på vad bilden visar."),
    ],
)
def test_pictures_of_exploitation_are_refused_with_what_to_do(world, case, anna, name, more, sentence):
    url = f"/arende/{case.pk}/handlingar/ny/"
    answer = anna.client.post(
        url, {**uploaded(name, picture()), **more, "form_key": "5b1d9d5e-0c1e-4f0e-9d5b-3c1f0c6f2a11"}
    )
    assert answer.status_code == 200 and sees(answer, sentence)
    with acting(world.anna):
        assert not Document.objects.exists()


@pytest.mark.parametrize("shows", ["", "exploited"])
def test_the_operation_asks_by_itself(world, case, shows):
    """Whatever way a picture comes: a command, another page, a file that is called something else."""
    given = paper(case, world.anna, file=Checked(picture(), "image/jpeg"), shows=shows)
    with acting(world.anna), pytest.raises(Refused, match="ring polisen" if shows else "Svara på vad bilden visar"):
        cases.add_document(**given)


def test_a_photographed_paper_is_kept(world, case, anna):
    url = f"/arende/{case.pk}/handlingar/ny/"
    given = {**uploaded("a.jpg", picture()), "shows": "paper", "form_key": "5b1d9d5e-0c1e-4f0e-9d5b-3c1f0c6f2a12"}
    assert anna.client.post(url, given).status_code == 302
    with acting(world.anna):
        assert Document.objects.count() == 1
    assert not sees(anna.get("cases:document_new", world.case), "vad visar den")


def test_an_operation_is_refused_on_the_page(world, case, anna):
    with acting(world.adam):
        from cases.models import ChildWorker

        children.end_child_worker(by=world.adam, worker=ChildWorker.objects.get(membership=world.anna))
    world.child_worker("anna", qualified=False)
    report = world.report(case)
    page = anna.post("children:assess", case, report, need="none", tonight="x", reasons="y")
    assert sees(page, "25 kap. 1 §") and sees(anna.get("children:report", case, report), "Be en kollega som har den")
