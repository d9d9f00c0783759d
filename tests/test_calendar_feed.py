"""*Mina inställningar* and the calendar: an address that opens days and hours of one person, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cases import operations as cases
from cases.models import CalendarFeed, DeliveryChoice
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import end_member
from plans import operations as plans
from plans.views import feed as feed_view
from tests.test_clocks import clock
from tests.visits import Visit, sees, text_of
from tests.world import today


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Each test its own minute: the broker counts over all of them."""
    counted = {}

    def too_often(who, most):
        counted[who] = counted.get(who, 0) + 1
        return counted[who] > most

    monkeypatch.setattr(feed_view, "too_often", too_often)


def address(world, who):
    with acting(who):
        _feed, secret = cases.make_calendar(by=who)
    return reverse("plans:calendar_feed", args=[secret])


def fetched(path):
    """By a program without any session."""
    return Visit().client.get(path)


def busy(world):
    member = world.join(world.maud)
    first = clock(world, days=3)
    second = clock(world, days=3, case=world.open_case(individual=world.person(name="Annan Person")))
    with acting(world.anna):
        meeting = plans.call_meeting(
            by=world.anna, case=world.case, starts_at=timezone.now() + timedelta(days=2), place="Rum 2",
            purpose="Om boendet", members=[member],
        )  # fmt: skip
    return first, second, meeting


def test_the_calendar_says_when_and_nothing_else(world):
    first, _second_one, meeting = busy(world)
    answer = fetched(address(world, world.anna))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert {str(event["summary"]) for event in events} == {"Möte", "Att göra"}
    days = [event.decoded("dtstart") for event in events if event["summary"] == "Att göra"]
    assert days == [first.day], "one a day, however much it is"
    for secret in ("Maria", "Karlsson", "Annan", world.case.number, str(world.case.pk), str(first.pk), "Uppföljning",
                   "plan", "exit", "Rum", "boende", "Bollnäs", "Anna", str(world.anna.pk)):  # fmt: skip
        said = re.sub(r"-//Planering//SV", "", text_of(answer))
        assert secret.lower() not in said.lower(), secret
    assert str(meeting.pk) in text_of(answer)


def test_it_is_ones_own_and_no_colleagues(world):
    busy(world)
    for who in (world.leo, world.sara, world.adam, world.cilla):
        assert b"VEVENT" not in fetched(address(world, who)).content


def test_every_way_in_which_it_does_not_hold_looks_the_same(world):
    old = address(world, world.anna)
    new = address(world, world.anna)
    with acting(world.leo):
        _feed, secret = cases.make_calendar(by=world.leo)
        cases.revoke_calendar(by=world.leo)
    revoked = reverse("plans:calendar_feed", args=[secret])
    wrong = [fetched(path) for path in (old, revoked, new[:-6] + "x.ics", "/kalender/x.ics")]
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.content for answer in wrong}) == 1
    assert fetched(new).status_code == 200


def test_it_ends_with_the_role(world):
    path = address(world, world.leo)
    assert fetched(path).status_code == 200
    with acting(world.adam):
        end_member(by=world.adam, membership=world.leo, ends_on=today())
        with connection.cursor() as cursor:  # and the day after
            cursor.execute(
                "UPDATE tenancy_membership SET starts_on = starts_on - 9, ends_on = ends_on - 1 WHERE id = %s",
                [world.leo.pk],
            )
    assert fetched(path).status_code == 404


def test_the_address_opens_no_other_page(world):
    busy(world)
    visit = Visit()
    visit.client.get(address(world, world.anna))
    for name in ("plans:my_day", "cases:my_settings", "cases:list"):
        assert visit.get(name).status_code == 302, "to sign in"


def test_too_often_is_told_so(world):
    path = address(world, world.anna)
    answers = [fetched(path).status_code for _time in range(feed_view.PER_MINUTE + 1)]
    assert answers[:-1] == [200] * feed_view.PER_MINUTE and answers[-1] == 429


def test_only_a_digest_is_kept(world):
    path = address(world, world.anna)
    secret = path.rsplit("/", 1)[-1].removesuffix(".ics")
    with acting(world.anna):
        row = CalendarFeed.objects.get(revoked_at=None)
        assert secret.encode() not in bytes(row.digest) and len(row.digest) == 32
    with acting(world.leo):
        assert not CalendarFeed.objects.exists()


# The page.


def test_made_renewed_and_revoked_on_the_page(world):
    anna = Visit(world.anna)
    assert sees(anna.get("cases:my_settings"), "Skapa adress")
    shown = anna.post("cases:calendar_make")
    [path] = re.findall(r"/kalender/\S+\.ics", text_of(shown))
    assert fetched(path).status_code == 200
    page = anna.get("cases:my_settings")
    assert sees(page, "Byt adress", "Ta bort adressen", "senast hämtad") and path not in text_of(page)
    anna.post("cases:calendar_make")
    assert fetched(path).status_code == 404
    anna.post("cases:calendar_revoke")
    assert sees(anna.get("cases:my_settings"), "Skapa adress")
    assert "calendar.made" in anna.logged() and "calendar.revoked" in anna.logged()


def test_it_asks_for_the_password_again(world):
    anna = Visit(world.anna)
    anna.confirm(ago=4000)
    anna.post("cases:calendar_make")
    with acting(world.anna):
        assert not CalendarFeed.objects.exists()


def test_each_person_chooses_on_the_page(world):
    for who in (world.anna, world.sara, world.adam):
        visit = Visit(who)
        assert visit.get("cases:my_settings").status_code == 200
        answer = visit.post(
            "cases:my_settings", channel="urgent", quiet_from="20:00", quiet_to="07:00", danger_any_hour="on"
        )
        assert answer.status_code == 302
        with acting(who):
            assert DeliveryChoice.objects.get().channel == "urgent"
    with acting(world.anna):
        assert DeliveryChoice.objects.visible_to(world.anna).count() == 1


def test_what_was_typed_stays_when_it_will_not_do(world):
    answer = Visit(world.anna).post("cases:my_settings", channel="mail", quiet_from="09:00", quiet_to="10:00")
    assert answer.status_code == 200
    assert sees(answer, "Tysta timmar ligger utanför", 'value="09:00"')


def test_what_is_demanded_of_all_is_said_to_all(world):
    assert Visit(world.anna).post("cases:delivery_demand", **{"demand-danger_any_hour": "on"}).status_code == 403
    assert Visit(world.adam).post("cases:delivery_demand", **{"demand-danger_any_hour": "on"}).status_code == 302
    assert sees(Visit(world.anna).get("cases:my_settings"), "har bestämt att mejl om fara")
    assert not sees(Visit(world.cilla).get("cases:my_settings"), "har bestämt att mejl om fara")
