"""The words of a PDF, glyph by glyph through each font's own table, so that no other program is needed."""

import re

import pikepdf


def words_of(path):
    """All text in the order it is drawn, one space between the pieces."""
    with pikepdf.open(path) as pdf:
        return " ".join(" ".join(_page(page)) for page in pdf.pages)


def _page(page):
    tables = {str(name): _table(font) for name, font in page.Resources.Font.items()}
    table, line = {}, ""
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "Tf":
            table = tables[str(operands[0])]
        elif name in ("Tj", "TJ"):
            parts = operands[0] if name == "TJ" else operands
            line += "".join(_text(bytes(part), table) for part in parts if isinstance(part, pikepdf.String))
        elif name == "ET" and line:
            yield " ".join(line.split())
            line = ""


def _text(glyphs, table):
    return "".join(table.get(glyphs[i : i + 2], "\ufffd") for i in range(0, len(glyphs), 2))


def _table(font):
    found = {}
    for glyph, text in re.findall(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", font.ToUnicode.read_bytes()):
        found[bytes.fromhex(glyph.decode())] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found
