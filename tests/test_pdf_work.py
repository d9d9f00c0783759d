"""What keeps a plan on paper quick: counted, not timed (bench_pdf times it). And what stands on each of its pages."""

from datetime import date

import pikepdf
import pytest
import weasyprint
from weasyprint.layout import table

from exitprogram.tenancy.acting import acting
from plans import languages
from plans.exports import document, recipient_of
from plans.management.commands.bench_pdf import ours, paper
from plans.templatetags.paper import END, ISOLATE, apart, runs, written
from tests.pdftext import words_of
from tests.pdfvalidator import faults_of


@pytest.fixture
def counted(monkeypatch):
    """{name: how many times} of what costs."""
    counts = {}

    def count(holder, name):
        real = getattr(holder, name)

        def counting(*args, **more):
            counts[name] = counts.get(name, 0) + 1
            return real(*args, **more)

        monkeypatch.setattr(holder, name, counting)

    ours(paper(1, 0))  # the process is warm
    count(weasyprint, "CSS")
    count(weasyprint.HTML, "render")
    count(weasyprint.layout, "make_all_pages")
    count(weasyprint.layout.page, "make_page")
    count(weasyprint.layout.preferred, "table_and_columns_preferred_widths")
    count(weasyprint.layout.block, "flex_layout")
    count(weasyprint.layout.block, "grid_layout")
    count(table, "fixed_table_layout")
    return counts


def test_each_page_is_laid_out_once_and_no_column_is_weighed(counted, tmp_path):
    (tmp_path / "plan.pdf").write_bytes(ours(paper(18, 1)))
    with pikepdf.open(tmp_path / "plan.pdf") as pdf:
        pages = len(pdf.pages)
    assert pages >= 15
    assert counted.pop("fixed_table_layout") >= 18
    assert counted == {"render": 1, "make_all_pages": 1, "make_page": pages}, "style read anew, or laid out twice"


def test_fonts_and_style_are_read_once_in_a_process(counted):
    from exitprogram.pdf.render import house

    before = house()
    ours(paper(1, 2))
    assert house() is before
    assert "CSS" not in counted


def test_a_long_plan_conforms(tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(ours(paper(18, 1)))
    assert faults_of(path) == []


def pages_of(world, version, tmp_path, **more):
    """The words of each page of the individual's copy."""
    with acting(world.anna):
        data = document(
            version, recipient_of(version.case, "individual"), copy_number=3, made_on=date(2026, 11, 24), **more
        )
    whole, found = tmp_path / "whole.pdf", []
    whole.write_bytes(data)
    with pikepdf.open(whole) as pdf:
        for number, page in enumerate(pdf.pages):
            with pikepdf.new() as one:
                one.pages.append(page)
                one.save(tmp_path / f"{number}.pdf")
            found.append(words_of(tmp_path / f"{number}.pdf"))
    return found


def test_every_page_says_whose_copy_it_is_and_which_page(world, tmp_path):
    pages = pages_of(world, world.agreed, tmp_path)
    assert len(pages) == 2
    for number, words in enumerate(pages, 1):
        assert "Version 1 · kopia 3 · tis 24 november 2026 · till dig" in words
        assert f"Sida {number} av 2" in words
        assert "UTKAST" not in words


def test_every_page_of_a_draft_says_so_twice(world, tmp_path):
    for words in pages_of(world, world.draft(), tmp_path):
        assert words.count("UTKAST") >= 2, "across the page and at its top"
    assert faults_of(tmp_path / "whole.pdf") == []


def test_the_safe_version_has_no_such_words(world, tmp_path):
    [words] = pages_of(world, world.draft(), tmp_path, safe=True)
    assert "UTKAST" not in words and "kopia" not in words


SWEDISH_WORDS, ARABIC_WORDS = languages.words("sv"), languages.words("ar")


@pytest.mark.parametrize(
    ("text", "w", "attributes"),
    [
        ("Hej", SWEDISH_WORDS, ""), ("1. سلام", SWEDISH_WORDS, ' dir="rtl"'), ("", SWEDISH_WORDS, ""),
        ("Hej, du", ARABIC_WORDS, ' lang="sv" dir="ltr"'), ("سلام", ARABIC_WORDS, ""), ("שלום", ARABIC_WORDS, ""),
    ],
)  # fmt: skip
def test_what_was_written_runs_its_own_way(text, w, attributes):
    assert written(text, w) == attributes
    assert apart(text, w) == (f"{ISOLATE}{text}{END}" if runs(text) != w["dir"] else text)


def test_a_day_keeps_its_order_in_a_language_that_runs_the_other_way():
    from plans.exports import day_in

    assert day_in(ARABIC_WORDS, date(2026, 11, 24)) == "\u200e2026-11-24"
    assert day_in(languages.words("th"), date(2026, 11, 24)) == "2026-11-24"


def test_the_bench_prints_a_ratio(capsys):
    from django.core.management import call_command

    call_command("bench_pdf", goals=1, rounds=1)
    assert "vår, taggad PDF/A och PDF/UA" in capsys.readouterr().out
