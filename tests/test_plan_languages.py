"""The individual's copy in her own language, and the paper that may be found by the wrong person."""

from datetime import date

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from cases.areas import Area
from cases.models import Disclosure
from exitprogram.pdf.render import FONTS
from exitprogram.tenancy.acting import acting
from plans import languages
from plans.exports import document, recipient_of
from plans.models import Measure
from tests.pdftext import words_of
from tests.pdfvalidator import faults_of
from tests.test_export_plan import ELSEWHERE, plan  # noqa: F401  the fixture
from tests.visits import Visit, sees

CODES = languages.codes()
MAY_BE_AS_IN_SWEDISH = {"code", "dir"}


def flat(texts):
    for key, value in texts.items():
        yield from ((f"{key}.{k}", v) for k, v in value.items()) if isinstance(value, dict) else [(key, value)]


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_every_text(code):
    swedish, own = dict(flat(languages.words("sv"))), dict(flat(languages.words(code)))
    assert list(own) == list(swedish)
    assert all(own.values())
    assert set(languages.words(code)["area"]) == set(Area.values)
    assert set(languages.words(code)["status_of"]) == set(Measure.Status.values)
    if code != "sv":
        long = [key for key, text in own.items() if len(text) > 25 and text == swedish[key]]
        assert long == [], "forgotten"


def test_the_languages_that_were_asked_for():
    assert set(CODES) == {"sv", "en", "ro", "es", "th", "hu", "ru", "uk", "pl", "bg", "pt", "ar", "ti"}
    assert (languages.code_of(" Rumänska "), languages.code_of("klingonska")) == ("ro", "sv")
    with pytest.raises(KeyError):
        languages.words("../sv")


def letters_we_have():
    faces = (TTFont(path) for path in FONTS.glob("*-400-normal.woff2"))
    return set().union(*(face.getBestCmap() for face in faces))


def test_there_is_a_letter_for_every_letter():
    texts = "".join(text for code in CODES for _key, text in flat(languages.words(code)))
    assert texts and {ord(letter) for letter in texts} - letters_we_have() == set()


def bytes_in(world, version, language="sv", safe=False):
    recipient = recipient_of(version.case, "individual")
    with acting(world.anna):
        return document(
            version, recipient, copy_number=1, made_on=date(2026, 11, 24), language=language, safe=safe
        )  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_a_copy_in_each_language_conforms(world, plan, tmp_path, code):  # noqa: F811
    path = tmp_path / "plan.pdf"
    with acting(world.anna):
        path.write_bytes(bytes_in(world, plan, code))
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == code
        assert languages.words(code)["title"] in str(pdf.docinfo.Title)
    assert faults_of(path) == []
    if code in ("en", "ro", "es", "ru", "pl"):
        text = words_of(path)
        for part in ("brief", "voluntary", "untranslated", "what_matters", "measure"):
            assert " ".join(languages.words(code)[part].split()) in " ".join(text.split())
        assert ELSEWHERE in text, "what was written stays as written"


def test_the_safe_version_says_nothing_of_where_it_comes_from(world, plan, tmp_path):  # noqa: F811
    path = tmp_path / "safe.pdf"
    with acting(world.anna):
        path.write_bytes(bytes_in(world, plan, safe=True))
    text = words_of(path)
    assert "Sova en hel natt" in text
    assert "Lugn" in text
    for hidden in ("plan", "exit", "social", "Bollnäs", "Region", "Anna", "Berg", "Maria", world.case.number, "OSL",
                   "Traumasamtal", "Andrahandskontrakt", "version", "kopia"):  # fmt: skip
        assert hidden.lower() not in text.lower(), hidden
    with pikepdf.open(path) as pdf:
        assert str(pdf.docinfo.Title) == "Mina anteckningar"
    assert faults_of(path) == []


def test_from_the_page(world, plan):  # noqa: F811
    anna = Visit(world.anna)
    page = anna.get("plans:copies", world.case)
    assert sees(page, "Rumänska", "Tigrinska", "Säker version", 'value="sv" selected')
    for sent, what, name in (
        ({"language": "ro"}, "plan.version.ro", "plan-1-1.pdf"),
        ({"language": "ro", "safe": "1"}, "plan.version.ro.safe", "anteckningar.pdf"),
    ):
        answer = anna.post("plans:copy", plan, "individual", **sent)
        assert name in answer.headers["Content-Disposition"]
        with acting(world.anna):
            assert Disclosure.objects.filter(what=what).count() == 1


@pytest.mark.parametrize(
    ("key", "sent", "sentence"),
    [
        ("individual", {"language": "xx"}, "finns inte på det språket"),
        ("individual", {"language": "../sv"}, "finns inte på det språket"),
        ("own", {"language": "en"}, "Bara personens egen kopia"),
        ("own", {"safe": "1"}, "Bara personens egen kopia"),
    ],
)
def test_what_is_refused_writes_nothing(world, plan, key, sent, sentence):  # noqa: F811
    anna = Visit(world.anna)
    answer = anna.post("plans:copy", plan, key, follow=True, **sent)
    assert sees(answer, sentence)
    with acting(world.anna):
        assert Disclosure.objects.count() == 0
