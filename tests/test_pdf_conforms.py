"""PDF/UA-1 and PDF/A-2a, asked of a validator instead of asserted."""

import pikepdf

from tests.pdfvalidator import faults_of
from tests.test_export_plan import bytes_for, plan  # noqa: F401  the fixture


def test_a_copy_conforms(world, plan, tmp_path):  # noqa: F811
    for key in ("individual", world.sara_member.pk):
        path = tmp_path / f"{key}.pdf"
        path.write_bytes(bytes_for(world, plan, key))
        assert faults_of(path) == []


def test_the_validator_finds_what_is_wrong(world, plan, tmp_path):  # noqa: F811
    path, broken = tmp_path / "plan.pdf", tmp_path / "broken.pdf"
    path.write_bytes(bytes_for(world, plan))
    with pikepdf.open(path) as pdf:
        del pdf.Root.Lang
        del pdf.Root.StructTreeRoot
        pdf.save(broken)
    found = " ".join(faults_of(broken))
    assert "PDFUA-1" in found
    assert "PDFA-2A" in found
