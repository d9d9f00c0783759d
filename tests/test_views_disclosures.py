"""The pages: choose, see the copy, send; the register; what the receiver sees; a transfer by its forms."""

import io
import re

import pikepdf
import pytest

from cases.models import Disclosure, Receipt, TransferRequest
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from tests.leaving import answered, asked, handed, keys_in, sent, sent_outside
from tests.pdftext import _page
from tests.test_disclosures import note
from tests.visits import Visit, sees, text_of

TICKED = r'name="pieces"[^>]* checked'


@pytest.fixture
def anna(world):
    return Visit(world.anna)


def filled_in(world, **more):
    given = {
        "pieces": keys_in(world.anna, world.case), "receiver": world.mika.pk, "ground": "secrecy.disclosure.no_harm",
        "reason": "Mika behöver det.",
    }  # fmt: skip
    return {**given, **more}


def sent_rows(world):
    with acting(world.anna):
        return list(Disclosure.objects.filter(case=world.case, what="case.copy"))


def test_seen_before_it_is_sent(world, anna):
    note(world)
    page = anna.get("cases:disclose", world.case)
    assert sees(page, "Vem det gäller", "Faktum ett", "Mika Sandell", "10 kap. 3 §")
    assert not re.search(TICKED, text_of(page)), "nothing is ticked from the start"
    page = anna.post("cases:disclose", world.case, **filled_in(world))
    assert sees(page, "Så här blir kopian", "Faktum ett", "Inget är lämnat än") and sent_rows(world) == []
    page = anna.post("cases:disclose", world.case, **filled_in(world), change="1")
    assert sees(page, "Lämna ut ur akten", "Mika behöver det.") and re.search(TICKED, text_of(page))
    page = anna.post("cases:disclose", world.case, **filled_in(world), send="1", follow=True)
    assert sees(page, "Kopian är lämnad", "inte öppnad än", "Faktum ett")
    [row] = sent_rows(world)
    assert row.receiver_id == world.mika.pk


BAD = {
    "nothing ticked": ({"pieces": []}, "Välj vad som ska lämnas ut."),
    "nobody": ({"receiver": ""}, "Välj vem som ska få kopian"),
    "two": ({"outside": "Bo", "outside_kind": "other", "handed_over": "brev"}, "Välj antingen"),
    "half an outsider": ({"receiver": "", "outside": "Bo"}, "Skriv hur kopian lämnas."),
    "no ground": ({"ground": ""}, "Välj grunden"),
    "no reason": ({"reason": ""}, "Varför"),
    "a ground that does not reach": ({"ground": "secrecy.disclosure.party"}, "räcker inte till den mottagaren"),
    "no consent": ({"ground": "secrecy.waiver"}, "inget samtycke"),
    "a piece that is not there": ({"pieces": ["note:x:fact"]}, "har ändrats eller finns inte längre"),
}


@pytest.mark.parametrize("what", sorted(BAD))
def test_bad_input(world, anna, what):
    note(world)
    more, sentence = BAD[what]
    for press in ({}, {"send": "1"}):
        page = anna.post("cases:disclose", world.case, **filled_in(world, **more), **press)
        assert sees(page, "Något behöver rättas", sentence)
        if "reason" not in more:
            assert sees(page, "Mika behöver det."), "nothing typed is lost"
    assert sent_rows(world) == []


def test_a_double_click_is_one_copy(world, anna):
    note(world)
    key = "5f0c1ce5-6f1d-4b43-9d3a-5a3a3c1f7d01"
    for _press in range(2):
        anna.post("cases:disclose", world.case, **filled_in(world), send="1", form_key=key)
    assert len(sent_rows(world)) == 1


def test_on_paper_every_page_says_what_it_is(world, anna):
    note(world, fact="Långt. " * 900)
    disclosure = sent_outside(world.anna, world.case, pieces=keys_in(world.anna, world.case), outside="Bo Ek, åklagare")
    response = anna.post("cases:disclosure_copy", world.case, disclosure)
    assert response["Content-Disposition"] == 'attachment; filename="kopia-1.pdf"'
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        pages = [" ".join(_page(page)) for page in pdf.pages]
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert "till Bo Ek, åklagare" in page and "OSL 26 kap. 1 §" in page and "Kopia 1" in page
        assert f"Sida {number} av {len(pages)}" in page
    assert response.content == anna.post("cases:disclosure_copy", world.case, disclosure).content


def test_what_is_opened_here_is_no_file(world, anna):
    disclosure = sent(world.anna, world.case, world.mika)
    page = anna.post("cases:disclosure_copy", world.case, disclosure, follow=True)
    assert sees(page, "finns inte som fil")


def test_the_receiver_opens_and_the_sender_sees(world, anna):
    note(world)
    disclosure = sent(world.anna, world.case, world.mika, pieces=keys_in(world.anna, world.case))
    mika = Visit(world.mika)
    page = mika.get("cases:received")
    assert sees(page, "Att öppna", "Från Socialnämnden") and not sees(page, "Faktum ett", "Maria")
    with acting(world.anna):
        assert not Receipt.objects.exists()
    assert sees(mika.get("cases:received_one", disclosure), "Faktum ett", "Anna Berg")
    assert not sees(mika.get("cases:received_one", disclosure), "Kanarieskäl"), "the sender's reasons stay in the file"
    assert sees(mika.get("cases:received"), "Kvitterat")
    assert sees(anna.get("cases:disclosure", world.case, disclosure), "när mottagaren öppnade kopian")
    assert mika.logged(seen_by=world.anna).count("disclosure.opened") == 2


@pytest.mark.parametrize("who, status", [("sara", 404), ("leo", 404), ("cilla", 404), ("anna", 404), ("adam", 403)])
def test_nobody_else_opens_it(world, who, status):
    disclosure = sent(world.anna, world.case, world.mika)
    assert Visit(getattr(world, who)).get("cases:received_one", disclosure).status_code == status


def test_the_register_has_everything(world, anna):
    note(world)
    world.agreed  # noqa: B018
    anna.post("plans:copy", world.agreed, "individual")
    sent(world.anna, world.case, world.mika, pieces=keys_in(world.anna, world.case))
    outside = sent_outside(world.anna, world.case)
    page = anna.post(
        "cases:disclosure_receipt", world.case, outside, said_by="Bo", day="2020-01-01", time="10:00", follow=True
    )
    assert sees(page, "Tiden ska ligga mellan")
    page = anna.get("cases:register", world.case)
    assert sees(
        page, "Planen, kopia 1", "Kopia 1 ur akten", "Kopia 2 ur akten", "Kanarienamn", "Mika Sandell", "Utskrivet"
    )
    assert not sees(anna.get("cases:consents", world.case), "Mika Sandell"), "it has a page of its own"


def test_a_transfer_by_its_pages(world, anna):
    world.nora = world._member(world.siv, "Nora Chef", Role.UNIT_MANAGER)
    nora, cilla = Visit(world.nora), Visit(world.cilla)
    page = anna.post("cases:transfer", world.case, recipient=world.soderhamn, reason="", needed="Vuxen")
    assert sees(page, "Något behöver rättas", "Vuxen")
    page = anna.post(
        "cases:transfer", world.case, recipient=world.soderhamn, reason="Flyttat dit", needed="Vuxen", follow=True
    )
    assert sees(page, "Begäran är skickad", "inom en månad")
    with acting(world.anna):
        transfer = TransferRequest.objects.get()
    assert sees(nora.get("cases:transfers"), "Att svara på")
    assert not sees(cilla.get("cases:transfers"), "Att svara på")
    assert cilla.get("cases:transfer_in", transfer).status_code == 404
    page = nora.get("cases:transfer_in", transfer)
    assert sees(page, "Flyttat dit", "Vuxen") and not sees(page, "Maria", world.case.number)
    assert sees(nora.post("cases:transfer_give", transfer, membership=world.cilla, follow=True), "har begäran nu")
    assert sees(cilla.post("cases:transfer_in", transfer, refuse="1", reason="", follow=True), "varför nämnden inte")
    assert sees(cilla.post("cases:transfer_in", transfer, accept="1", reason="", follow=True), "Svaret är skickat")
    assert sees(anna.get("cases:transfer", world.case), "Lämna över det som behövs", "Cilla Norr")
    keys = keys_in(world.anna, world.case, "person")
    page = anna.post("cases:transfer", world.case, pieces=keys, receiver=world.cilla, follow=True)
    assert sees(page, "Väntar på att")
    mine = world.open_case(world.cilla, world.person(world.cilla, "Samma Person"))
    page = cilla.post("cases:transfer_in", transfer, case=mine, follow=True)
    assert sees(page, "Ni har tagit över")
    assert sees(anna.get("cases:transfer", world.case), "avsluta ärendet")


def test_a_refusal_is_read_by_the_one_who_asked(world, anna):
    world.nora = world._member(world.siv, "Nora Chef", Role.UNIT_MANAGER)
    transfer = asked(world.anna, world.case, world.soderhamn, world.nora, world.cilla)
    answered(world.cilla, transfer, accept=False, reason="Bor inte här.")
    page = anna.get("cases:transfer", world.case)
    assert sees(page, "Bor inte här.", "Inspektionen för vård och omsorg")
    assert "transfer.answer_read" in anna.logged()
    page = anna.post("cases:transfer_withdraw", world.case, transfer, follow=True)
    assert sees(page, "ingen begäran att ta tillbaka")


def test_taken_back(world, anna):
    world.nora = world._member(world.siv, "Nora Chef", Role.UNIT_MANAGER)
    transfer = answered(world.cilla, asked(world.anna, world.case, world.soderhamn, world.nora, world.cilla))
    handed(world.anna, world.case, transfer, world.cilla)
    page = anna.post("cases:transfer_withdraw", world.case, transfer, follow=True)
    assert sees(page, "Begäran är tillbakatagen")
