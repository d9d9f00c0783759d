"""The decision as a letter: conforms as PDF, tells how to appeal, is written down as given, and says nowhere where."""

from io import BytesIO

import pytest

from cases.models import Disclosure
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.letters import file_name
from tests.pdftext import words_of
from tests.pdfvalidator import faults_of
from tests.test_decisions import decided, propose, scheme  # noqa: F401  the fixture
from tests.visits import Visit


def letter(world, decision, **more):
    with acting(world.anna):
        return teams.release_letter(by=world.anna, case=world.case, decision=decision, **more)


def text_of(data):
    return " ".join(words_of(BytesIO(data)).split())


def test_the_letter(world, tmp_path):
    decision = decided(world)
    data, disclosure = letter(world, decision)
    path = tmp_path / "letter.pdf"
    path.write_bytes(data)
    assert faults_of(path) == []
    said = text_of(data)
    for words in ("Maria Karlsson", decision.number, "Anna Berg", "inom tre veckor", "Behovet kan inte mötas"):
        assert words in said
    assert (disclosure.copy_number, disclosure.what) == (1, "decision.letter")
    assert file_name(decision) == f"brev-{decision.number}.pdf"
    unnamed = text_of(letter(world, decision, without_names=True)[0])
    assert "Anna Berg" not in unnamed and "Namnet är utelämnat" in unnamed


def test_what_cannot_be_appealed_says_so(world):
    said = text_of(letter(world, decided(world, "investigation_open"))[0])
    assert "går inte att överklaga" in said


def test_only_of_what_is_decided_and_by_those_who_have_the_case(world):
    with pytest.raises(Refused, match="inte fattat"):
        letter(world, propose(world))
    decision, anna = decided(world), Visit(world.anna)
    answer = anna.post("teams:decision_letter", decision)
    assert answer["Content-Type"] == "application/pdf" and "Maria" not in answer["Content-Disposition"]
    for who, status in (("leo", 404), ("maud", 404), ("cilla", 404), ("sara", 403)):
        assert Visit(getattr(world, who)).post("teams:decision_letter", decision).status_code == status
    with acting(world.anna):
        assert Disclosure.objects.filter(object_id=decision.pk).count() == 1


def test_a_letter_is_fetched_again_byte_for_byte(world):
    decision, anna = decided(world), Visit(world.anna)
    data, first = letter(world, decision)
    _other, second = letter(world, decision, without_names=True)
    again = anna.get("teams:letter_again", decision, first)
    assert again.content == data and again["Content-Type"] == "application/pdf"
    assert anna.get("teams:letter_again", decision, second).content != data
    assert "copy.viewed" in anna.logged()
    page = anna.get("teams:decide", decision).text
    assert page.count("Hämta igen") == 2 and "Brev 2" in page
    with acting(world.anna):
        assert Disclosure.objects.filter(object_id=decision.pk).count() == 2  # a reading gives nothing out anew
    for who, status in (("leo", 404), ("maud", 404), ("cilla", 404), ("sara", 403)):
        assert Visit(getattr(world, who)).get("teams:letter_again", decision, first).status_code == status
    elsewhere = decided(world)
    assert anna.get("teams:letter_again", elsewhere, first).status_code == 404
