"""Whoever has left: nothing that she had opens at the next request. And a role that nobody uses rests."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from cases import operations as cases
from cases.models import Document
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed
from exitprogram.tenancy import operations
from exitprogram.tenancy.acting import acting, acting_as_system
from exitprogram.tenancy.models import Membership, User
from exitprogram.tenancy.passwords import LINKS, send_links, set_password
from exitprogram.tenancy.resting import rests
from tests.callers import Caller
from tests.visits import Visit, sees, strong_session
from tests.world import today

PASSWORD = "planering-i-lugn-och-ro"


def gone(world, member):
    """Her last day was yesterday. The running export is in tests/test_jobs.py, the file for the archive in
    tests/test_archive_way.py."""
    with acting(world.adam), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tenancy_membership SET starts_on = starts_on - 2, ends_on = %s WHERE id = %s",
            [today() - timedelta(days=1), member.pk],
        )


def shut(answer):
    return answer.status_code == 302 and answer.url == reverse("tenancy:choose")


def test_an_open_page_a_form_and_a_file_under_way(world):
    visit = Visit(world.anna)
    assert visit.get("plans:person", world.case).status_code == 200
    assert visit.get("cases:document_new", world.case).status_code == 200
    gone(world, world.anna)
    assert shut(visit.get("plans:person", world.case))
    file = SimpleUploadedFile("papper.txt", b"text")
    assert shut(visit.client.post(reverse("cases:document_new", args=[world.case.pk]), {"file": file, "title": "x"}))
    with acting(world.maud):
        assert not Document.objects.filter(case=world.case).exists()


def test_in_the_middle_of_showing_who_she_is(world):
    set_password(world.anna.user, PASSWORD)
    visit = Visit()
    strong_session(visit.client, world.anna.user)
    page = visit.client.get("/losenord-igen/?next=/min-dag/")
    assert page.status_code == 200
    gone(world, world.anna)
    visit.client.post("/losenord-igen/", {"password": PASSWORD, "next": "/min-dag/"})
    assert shut(visit.client.get("/min-dag/"))


def test_keys_and_calendar(world):
    caller = Caller(world.anna)
    with acting(world.anna):
        _feed, secret = cases.make_calendar(by=world.anna)
    feed = reverse("plans:calendar_feed", args=[secret])
    assert caller.get("clocks/").status_code == 200 and Client().get(feed).status_code == 200
    gone(world, world.anna)
    assert caller.get("clocks/").status_code == 401 and Client().get(feed).status_code == 404


def test_links_that_she_has_and_asks_for(world):
    user = world.anna.user
    uid, token = urlsafe_base64_encode(force_bytes(user.pk)), LINKS.make_token(user)
    link = reverse("tenancy:choose_password", args=[uid, token])
    assert sees(Client().get(link, follow=True), "Spara lösenordet")
    gone(world, world.anna)
    assert sees(Client().get(link, follow=True), "Länken gäller inte längre")
    Client().post("/glomt-losenord/", {"email": user.email})
    send_links()
    assert mail.outbox == []


def test_with_another_role_she_is_no_leaver(world):
    gone(world, world.anna)
    with acting(world.adam):
        Membership.objects.create(authority=world.bollnas, user=world.anna.user, role="unit_manager")
    assert LINKS.check_token(world.anna.user, LINKS.make_token(world.anna.user))


# Everything at once, by the administrator.


def began_before(world, member, days=9):
    with acting(world.adam):
        Membership.objects.filter(pk=member.pk).update(starts_on=today() - timedelta(days=days))


def account(world, member):
    with acting(world.adam):
        return User.objects.get(pk=member.user_id)


def test_she_has_left(world):
    """Roles, sessions, password and account; and nothing of anybody else's."""
    set_password(world.leo.user, PASSWORD)
    began_before(world, world.leo)
    hers, admin = Visit(world.leo), Visit(world.adam)
    assert hers.get("plans:my_day").status_code == 200
    page = admin.get("tenancy:member_leave", world.leo)
    assert b"Avsluta allt</button>" in page.content
    assert sees(page, "Leo Ek har slutat", "Rollen socialsekreterare avslutas", "loggas ut överallt", "Kontot stängs")
    assert admin.post("tenancy:member_leave", world.leo).url == reverse("tenancy:people")
    assert hers.get("plans:my_day").url.startswith(reverse("tenancy:sign_in")), "at the next request"
    closed = account(world, world.leo)
    assert (closed.is_active, closed.password) == (False, "")
    with acting(world.adam):
        assert Membership.objects.get(pk=world.leo.pk).ends_on == today() - timedelta(days=1)
        event = AuditEvent.objects.get(action="membership.all_ended")
    assert event.details == {"roles": 1, "sessions": 1}
    assert sees(admin.get("tenancy:member", world.leo), "Kontot är stängt", "Tidigare roller")
    assert account(world, world.anna).is_active


def test_what_she_holds_is_named_first(world):
    world.case  # noqa: B018
    admin = Visit(world.adam)
    world.coordinator()
    page = admin.get("tenancy:member_leave", world.anna)
    assert sees(page, "Lämna över först", "Är samordnare: måste lämnas över", "Handlägger öppna ärenden")
    assert not sees(page, world.case.number) and b"Avsluta allt</button>" not in page.content
    assert sees(admin.post("tenancy:member_leave", world.anna), "är samordnare i ett ärende. Lämna över först.")
    assert account(world, world.anna).is_active and Visit(world.anna).get("plans:my_day").status_code == 200


def test_her_other_employer_notices_nothing(world):
    """Signed out here and there; in again there, with the password that she has."""
    set_password(world.leo.user, PASSWORD)
    began_before(world, world.leo)
    with acting(world.siv):
        other = Membership.objects.create(authority=world.soderhamn, user=world.leo.user, role="social_worker")
    Visit(world.adam).post("tenancy:member_leave", world.leo)
    assert account(world, world.leo).check_password(PASSWORD) and account(world, world.leo).is_active
    assert Visit(other).get("plans:my_day").status_code == 200
    Visit(world.siv).post("tenancy:member_leave", other)
    assert not account(world, world.leo).is_active, "the last one, given and taken away this very day"


def test_a_role_that_has_not_begun_is_taken_away(world):
    with acting(world.adam):
        begins = today() + timedelta(days=3)
        later = operations.add_member(
            by=world.adam, email=world.leo.user.email, name="", role="unit_manager", starts_on=begins
        )
        operations.end_all_roles(by=world.adam, membership=world.leo)
        assert not Membership.objects.filter(pk=later.pk).exists()
    assert not account(world, world.leo).is_active


def test_an_account_is_closed_afterwards_too(world):
    gone(world, world.leo)
    assert sees(Visit(world.adam).get("tenancy:member", world.leo), "Kontot finns kvar", "Har slutat…")
    Visit(world.adam).post("tenancy:member_leave", world.leo)
    assert not account(world, world.leo).is_active


def test_she_comes_back(world, django_capture_on_commit_callbacks):
    began_before(world, world.leo)
    with acting(world.adam):
        operations.end_all_roles(by=world.adam, membership=world.leo)
    with django_capture_on_commit_callbacks(execute=True), acting(world.adam):
        again = operations.add_member(by=world.adam, email=world.leo.user.email, name="Leo Ek", role="social_worker")
    assert account(world, world.leo).is_active
    assert [letter.to for letter in mail.outbox] == [[world.leo.user.email]], "a new link: the old password is gone"
    assert Visit(again).get("plans:my_day").status_code == 200


@pytest.mark.parametrize(("who", "whom"), [("adam", "adam"), ("siv", "leo"), ("anna", "leo"), ("maud", "leo")])
def test_nobody_else_and_nobody_herself(world, who, whom):
    by = getattr(world, who)
    with acting(by), pytest.raises(NotAllowed):
        operations.end_all_roles(by=by, membership=getattr(world, whom))
    assert account(world, getattr(world, whom)).is_active


def closing(act, *given):
    try:
        act(*given)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["give", "end"])
def test_a_role_given_elsewhere_in_the_same_moment(world, first):
    """Söderhamn gives Leo a role while Bollnäs ends his: the account stands, whoever is first to write."""
    begun, held = threading.Event(), threading.Event()

    def written(what):
        if what == first:
            begun.set()
            held.wait(1)  # the other one is on the way, and has to wait for the commit

    def give():
        with acting(world.siv):
            operations.add_member(by=world.siv, email=world.leo.user.email, name="", role="social_worker")
            written("give")

    def end():
        with acting(world.adam):
            operations.end_all_roles(by=world.adam, membership=world.leo)
            written("end")

    acts = (give, end) if first == "give" else (end, give)
    with ThreadPoolExecutor(2) as threads:
        earlier = threads.submit(closing, acts[0])
        assert begun.wait(20)
        later = threads.submit(closing, acts[1])
        earlier.result(20), later.result(20)
    assert account(world, world.leo).is_active


# Unused for a month.


def begun(world, member, days):
    """As if the role had been given so many days ago."""
    with acting_as_system(member.authority), connection.cursor() as cursor:
        cursor.execute("UPDATE tenancy_membership SET starts_on = starts_on - %s WHERE id = %s", [days, member.pk])


@pytest.mark.parametrize(("days", "status"), [(30, 200), (31, 403)])
def test_a_role_that_nobody_has_used_rests(world, days, status):
    begun(world, world.leo, days)
    visit = Visit(world.leo)
    page = visit.get("plans:my_day")
    assert page.status_code == status
    assert sees(page, "Ditt uppdrag vilar") is (status == 403)
    assert visit.get("plans:person", world.case).status_code == (404 if status == 200 else 403)
    assert visit.post("tenancy:sign_out").url == "/logga-in/"


def test_used_lately_it_is_open(world):
    assert Visit(world.leo).get("plans:my_day").status_code == 200
    begun(world, world.leo, 100)
    assert Visit(world.leo).get("plans:my_day").status_code == 200


def test_another_role_is_chosen_meanwhile_but_not_the_one_that_rests(world):
    begun(world, world.anna, 100)
    with acting(world.siv):
        other = Membership.objects.create(authority=world.soderhamn, user=world.anna.user, role="social_worker")
    visit = Visit(world.anna)
    assert visit.post("tenancy:switch", membership=world.anna).status_code == 403
    assert visit.get("plans:my_day").status_code == 302
    assert visit.post("tenancy:switch", membership=other).url == "/"
    assert visit.get("plans:my_day").status_code == 200


def test_the_administrator_opens_it(world):
    begun(world, world.leo, 100)
    admin = Visit(world.adam)
    assert sees(admin.get("tenancy:people"), "Vilar: inte använd på 30 dagar")
    assert sees(admin.get("tenancy:member", world.leo), "Vilar: inte använd på 30 dagar", "Öppna igen")
    admin.post("tenancy:member_reopen", world.leo)
    assert not sees(admin.get("tenancy:people"), "Vilar")
    assert Visit(world.leo).get("plans:my_day").status_code == 200
    assert admin.logged()[-1] == "membership.reopened"


def test_the_only_administrator_is_opened_on_the_server(world):
    begun(world, world.siv, 100)
    assert Visit(world.siv).get("tenancy:people").status_code == 403
    user, out = world.siv.user, StringIO()
    call_command("seat_administrator", world.soderhamn.name, user.email, user.name, stdout=out)
    assert Visit(world.siv).get("tenancy:people").status_code == 200


def test_where_all_are_invented_nothing_rests(world):
    begun(world, world.leo, 100)
    with acting(world.leo):
        world.leo.refresh_from_db()
        world.leo.authority.demonstration = True
        assert not rests(world.leo)
        world.leo.authority.demonstration = False
        assert rests(world.leo)
