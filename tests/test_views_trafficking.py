"""The pages for people from other countries: what they show to whom, and that nothing of it shows anywhere else."""

import uuid
from datetime import timedelta

import pytest

from cases.models import Identification, InterpreterWishes, Permit, Residence, ReturnConsent, ReturnPlan, ReturnShare
from exitprogram.tenancy.acting import acting
from tests import abroad
from tests.visits import Visit, sees, text_of
from tests.world import today

EMPTY = ["identifications", "permits", "residence", "support_periods", "return", "avoid"]
HIDDEN = ("Kanariespråk", "Kanarieland", "Kanarierisk", "Kanarienamn", "Kanarietolk", "Kanarieort", "Kanarieby",
          "Kanariekontor", "Kanarieplats", "Kanarieskäl", "Kanarietext")  # fmt: skip


@pytest.fixture
def visit(world):
    return Visit(world.anna)


@pytest.fixture
def filled(world):
    with acting(world.anna):
        abroad.everything(world.anna, world.case)
    return world.case


def rows(world, model, **more):
    with acting(world.anna):
        return list(model.objects.filter(**more))


@pytest.mark.parametrize("name", EMPTY)
def test_an_unused_page_says_what_it_is_for(world, visit, name):
    page = visit.get(f"cases:{name}", world.case)
    assert page.status_code == 200 and sees(page, 'class="empty"') or name == "avoid"
    assert visit.logged()[-1] == f"case.viewed.{name}"


def test_every_page_is_in_the_file(world, visit):
    page = text_of(visit.get("plans:person", world.case))
    parts = ("identifiering", "tillstand", "tolk", "vad-som-galler", "stodprogram", "aterresa", "undvik")
    assert all(f"/arende/{world.case.pk}/{part}/" in page for part in parts)


def test_nothing_shows_in_lists_titles_or_searches(world, visit, filled):
    for name in ("cases:list", "plans:my_day", "plans:meetings", "teams:decisions"):
        page = text_of(visit.get(name))
        assert [word for word in (*HIDDEN, "Betänketid", "Uppehåll", "uppehåll") if word in page] == [], name
    for word, number in (("Kanarieland", 0), ("Maria Karlsson", 1)):
        found = text_of(visit.post("cases:search", q=word, follow=True))
        assert found.count(filled.number) >= number and (number or filled.number not in found)
    for name in EMPTY:
        assert sees(visit.get(f"cases:{name}", filled), "<title>Akten – Planering</title>")


def test_may_less_sees_nothing_of_it(world, filled):
    """A nurse in the team with a waiver over everything, and a colleague without the case."""
    world.join(world.sara)
    world.waiver(world.region, "safety", "health", "legal", "return")
    for who in (world.sara, world.leo, world.cilla):
        for name in EMPTY:
            assert Visit(who).get(f"cases:{name}", filled).status_code in (403, 404)
    page = text_of(Visit(world.sara).get("plans:contributions"))
    assert [word for word in HIDDEN if word in page] == []


# Identification


def seen(**more):
    return {"made_by": "police", "identified_on": today(), "signs": ["debt"], "standing": "presumed", "version": 0,
            "own_words": "Skulden växer", **more}  # fmt: skip


def test_an_identification_saves_itself_and_is_signed(world, visit):
    page = visit.get("cases:identification_new", world.case)
    ident = page.context["identification_id"]
    first = visit.autosave("cases:identification", world.case, ident, **seen(own_words="Sku"))
    assert first.json()["version"] == 1
    assert visit.get("cases:identification_new", world.case).url.endswith(f"{ident}/")
    done = visit.post("cases:identification", world.case, ident, sign="1", **seen(version=1))
    assert done.status_code == 302
    assert sees(visit.get("cases:identifications", world.case), "Skulden växer", "Signerad", "skuld för resa")
    assert visit.get("cases:identification", world.case, ident).status_code == 302


def test_two_windows_see_both_texts(world, visit):
    ident = visit.get("cases:identification_new", world.case).context["identification_id"]
    visit.autosave("cases:identification", world.case, ident, **seen())
    visit.autosave("cases:identification", world.case, ident, **seen(version=1, own_words="Den ena"))
    other = visit.post("cases:identification", world.case, ident, **seen(version=1, own_words="Den andra"))
    assert other.status_code == 409
    assert sees(other, "Den ena", "Den andra", "Det kan antas")
    kept = visit.post(
        "cases:identification", world.case, ident, keep="mine", seen_version=2, **seen(version=1, own_words="Den andra")
    )
    assert kept.status_code == 302
    assert [row.own_words for row in rows(world, Identification)] == ["Den andra"]


def test_a_fault_stands_by_its_field_and_nothing_is_lost(world, visit):
    ident = visit.get("cases:identification_new", world.case).context["identification_id"]
    later = today() + timedelta(days=2)
    page = visit.post("cases:identification", world.case, ident, **seen(identified_on=later))
    assert sees(page, "Dagen ligger i framtiden.", "Skulden växer")
    empty = visit.post("cases:identification", world.case, ident, sign="1", **seen(signs=[], own_words=""))
    assert sees(empty, "Välj minst ett tecken")
    assert [row.signed_at for row in rows(world, Identification)] == [None]


# Permits


def test_an_application_its_decision_and_an_extension(world, visit):
    visit.post("cases:permit_new", world.case, kind="reflection", applied_by="social_board", applied_on=today())
    (row,) = rows(world, Permit)
    decide = {"outcome": "granted", "decided_on": today(), "starts_on": today()}
    missing = visit.post("cases:permit_decide", world.case, row, **decide)
    assert sees(missing, "Behövs när tillståndet är beviljat.")
    long = visit.post("cases:permit_decide", world.case, row, ends_on=today() + timedelta(days=40), **decide)
    assert sees(long, "Betänketiden räcker till och med")
    visit.post("cases:permit_decide", world.case, row, ends_on=today() + timedelta(days=29), **decide)
    assert sees(visit.get("cases:permits", world.case), "Gäller", "5 kap. 15 § utlänningslagen")
    assert sees(visit.get("plans:person", world.case), "Tidsfrist löper ut")
    visit.post("cases:permit_new", world.case, kind="reflection", applied_by="social_board", applied_on=today(),
               extends=row)  # fmt: skip
    assert sorted(bool(one.extends_id) for one in rows(world, Permit)) == [False, True]
    visit.post("cases:permit_revoke", world.case, row, revoked_on=today())
    assert sees(visit.get("cases:permits", world.case), "Återkallat", "Förlängning", "Väntar på beslut")


def test_a_permit_of_another_case_cannot_be_extended(world, visit):
    with acting(world.anna):
        other = abroad.permitted(world.anna, world.open_case(individual=world.person(name="Noor Annan")))
    page = visit.post("cases:permit_new", world.case, kind="reflection", applied_by="social_board",
                      applied_on=today(), extends=other)  # fmt: skip
    assert page.status_code == 200 and not rows(world, Permit, case=world.case)


# What applies where


def test_the_municipalities_lie_behind_the_password(world, filled):
    visit = Visit(world.anna)
    page = visit.get("cases:residence", filled)
    assert sees(page, "Manual vid misstanke om människohandel", "32–33 §§ förvaltningslagen")
    assert "Kanarieort" not in text_of(page) and "Kanarieby" not in text_of(page)
    assert sees(visit.get("cases:residence_edit", filled), "Kanarieort", "Kanarieby")
    visit.confirm(ago=400)
    assert visit.get("cases:residence_edit", filled).url.startswith("/losenord-igen/")
    assert visit.get("cases:residence", filled).status_code == 200


def test_what_becomes_known_is_a_new_row(world, visit, filled):
    visit.post("cases:residence_edit", filled, known_on=today(), status="asylum", home="none",
               acting="own", paying="state")  # fmt: skip
    assert len(rows(world, Residence)) == 2
    page = visit.get("cases:residence", filled)
    assert sees(page, "Migrationsverket", "Tidigare", "Vår kommun", "Staten", "handlägger en annan kommun")
    assert sees(visit.post("cases:residence_edit", filled, known_on=today(), status="asylum", home="none",
                           acting="other", paying="state", source="polisen"),
                "Skriv vilken eller vilka kommuner.", "polisen")  # fmt: skip
    assert len(rows(world, Residence)) == 2


# Language and interpreter


WISH = {"language": "thailändska", "needs_interpreter": "on", "dialect": "isan", "voice": "woman", "way": "distance",
        "wanted": "", "never": "Ingen från Torsgatan"}  # fmt: skip


def test_the_wishes_are_shown_when_a_meeting_is_called(world, visit):
    assert visit.post("cases:interpreter", world.case, version=0, **WISH).status_code == 302
    visit.post("cases:avoid_place_new", world.case, place="Resecentrum", why="De står där")
    page = visit.get("plans:meeting_new", world.case)
    assert sees(page, "Ingen från Torsgatan", "Kvinna.", "Inte vid Resecentrum", "thailändska".capitalize())
    stale = visit.post("cases:interpreter", world.case, version=0, **{**WISH, "never": "Ingen alls"})
    assert stale.status_code == 409 and sees(stale, "Ingen från Torsgatan", "Ingen alls")
    assert [row.never for row in rows(world, InterpreterWishes)] == [WISH["never"]]


# The return


def test_a_return_from_plan_to_journey(world, visit):
    case = world.case
    points = {name: f"Svar {name}" for name in ("destination", *ReturnPlan.POINTS)}
    visit.post("cases:return_edit", case, version=0, **{**points, "money": ""})
    page = visit.get("cases:return", case)
    assert sees(page, "Inget samtycke gäller", "Kvar att tänka igenom", "8 kap. 3 §")
    share = {"recipient": "iom", "recipient_text": "Kontoret", "what": "Resdagen", "ground": "consent",
             "reasons": "Sade ja till det", "shared_on": today()}  # fmt: skip
    assert sees(visit.post("cases:return_share", case, **share), "Personen har inte sagt ja", "Resdagen")
    visit.post("cases:return_consent", case, covers="Resdagen", language="thai", form="oral", taken_on=today())
    assert sees(visit.post("cases:return_share", case, **{**share, "ground": ""}), "Resdagen")
    assert not rows(world, ReturnShare)
    assert visit.post("cases:return_share", case, **share).status_code == 302
    assert sees(visit.get("cases:return", case), "Sade ja till det", "Vill återvända")
    assert sees(visit.post("cases:return_travel", case, travelled_on=today()), "genomtänkt")
    visit.post("cases:return_edit", case, version=1, **points)
    assert visit.post("cases:return_travel", case, travelled_on=today()).status_code == 302


def test_a_withdrawal_shows_what_is_already_told(world, visit, filled):
    (consent,) = rows(world, ReturnConsent)
    assert sees(visit.get("cases:return_withdraw", filled, consent), "går inte att ta tillbaka", "Kanariekontor")
    visit.post("cases:return_withdraw", filled, consent)
    page = visit.get("cases:return", filled)
    assert sees(page, "Inget samtycke gäller", "återkallat") and "cases:return_share" not in text_of(page)
    share = {"recipient": "authority", "recipient_text": "Kontoret", "what": "Resdagen", "ground": "rule",
             "reasons": "Skäl", "shared_on": today()}  # fmt: skip
    assert sees(visit.post("cases:return_share", filled, **share), "tagit tillbaka")
    assert len(rows(world, ReturnShare)) == 1


def test_two_write_in_the_same_plan(world, visit, filled):
    stale = visit.post("cases:return_edit", filled, version=0, destination="Någon annanstans")
    assert stale.status_code == 409 and sees(stale, "Kanarieland", "Någon annanstans")
    visit.post("cases:return_stop", filled, reason="Vill stanna kvar")
    gone = visit.post("cases:return_edit", filled, version=1, destination="Någon annanstans")
    assert gone.status_code == 200 and sees(gone, "avslutades medan du skrev", "Någon annanstans")
    assert sees(visit.get("cases:return", filled), "Vill stanna kvar", "Ingen återresa planeras")


def test_the_support_programme_is_watched(world, visit):
    period = {"step": "rest", "starts_on": today(), "ends_on": today() + timedelta(days=60)}
    assert sees(visit.post("cases:support_period_new", world.case, **period), "Villkoren räcker till och med")
    visit.post("cases:support_period_new", world.case, why_longer="Medgivet", **period)
    page = visit.get("cases:support_periods", world.case)
    assert sees(page, "Pågår", "Medgivet", "högst 30 dagar")
    row = page.context["rows"][0]
    visit.post("cases:support_period_end", world.case, row, ended_on=today())
    assert sees(visit.get("cases:support_periods", world.case), "Slutade")


def test_an_id_that_is_taken_elsewhere_gives_nothing_away(world, visit):
    """Somebody else's draft, or another board's: the same answer, and nothing of it is touched."""
    with acting(world.cilla):
        taken = abroad.identified(world.cilla, world.elsewhere, signed=False)
    unknown = visit.get("cases:identification", world.case, uuid.uuid4())
    there = visit.get("cases:identification", world.case, taken)
    assert (there.status_code, there.url) == (unknown.status_code, unknown.url)
    page = visit.post("cases:identification", world.case, taken, **seen())
    assert sees(page, "Det kunde inte sparas.", "Skulden växer")
    with acting(world.cilla):
        taken.refresh_from_db()
        assert taken.own_words == "Kanarietext"


def test_what_was_told_abroad_stands_in_the_register(world, visit, filled):
    assert sees(visit.get("cases:register", filled), "Sagt utomlands om återresan", "Kanariekontor", "8 kap. 3 §")


def test_my_day_shows_the_day_as_soon_as_it_reminds(world, visit):
    """Sixty days ahead for six months; and never by what it is about."""
    with acting(world.anna):
        row = abroad.permitted(world.anna, world.case, kind="other", days=80)
        assert "Tidsfrist" in text_of(visit.get("plans:my_day"))  # the ninety days of «other» have come
    page = text_of(visit.get("plans:my_day"))
    assert f"/arende/{world.case.pk}/tillstand/" in page and row.get_kind_display() not in page
