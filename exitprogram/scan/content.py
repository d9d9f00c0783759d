"""What a file is, by what it holds and by its name together, and whether it is of a kind that can be kept.

Pictures are painted anew, without place, camera or comment. What can act by itself is refused: scripts and files inside
a PDF, macros and fetched templates in a text document. Every refusal is one sentence for the person at the screen.
"""

import io
import lzma
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from xml.etree import ElementTree

from django.conf import settings

from exitprogram.errors import Refused
from exitprogram.late import Late

pikepdf, PIL, Image, ImageOps = Late("pikepdf"), Late("PIL"), Late("PIL.Image"), Late("PIL.ImageOps")

MOST_PIXELS = 50_000_000
MOST_PARTS, MOST_UNPACKED = 2_000, 200_000_000  # of a text document, which is a zip
MOST_PDF_OBJECTS = 200_000
PICTURES = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "WEBP": ("image/webp", "webp")}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
ENDINGS = {  # what a file may be called; what it is, its content says
    "pdf": "pdf", "jpg": "jpg", "jpeg": "jpg", "png": "png", "webp": "webp", "txt": "txt", "docx": "docx", "odt": "odt",
}  # fmt: skip
TYPES = {"pdf": "application/pdf", "txt": "text/plain", "docx": DOCX, "odt": ODT} | {e: t for t, e in PICTURES.values()}
ENDING_OF = {content_type: ending for ending, content_type in TYPES.items()}
TYPES_PART = "[Content_Types].xml"
KINDS = "PDF, bild (JPEG, PNG, WebP), text, Word (docx) eller OpenDocument (odt)"
# Keys and actions of a PDF that do something by themselves or carry another file.
ACTING = {"/JS", "/JavaScript", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"}
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/GoToE"}


@dataclass(frozen=True)
class Checked:
    """A file that may be kept, as it will be kept. Made by ``checked`` only."""

    data: bytes
    content_type: str


def checked(name, data):
    """Raises Refused with a sentence."""
    ending = ENDINGS.get(PurePath(name.replace("\\", "/")).suffix.lower().lstrip("."))
    if ending is None:
        raise Refused(f"Den sortens fil kan inte tas emot. Välj {KINDS}.")
    if not data:
        raise Refused("Filen är tom.")
    if len(data) > settings.LARGEST_FILE:
        raise Refused(too_large())
    data, found = _looked_into(data)
    if found != ending:
        raise Refused(f"Filen heter .{ending} men innehåller något annat. Spara om den och försök igen.")
    return Checked(data, TYPES[found])


def too_large():
    return f"Filen är för stor. Högst {settings.LARGEST_FILE // 1_000_000} MB kan tas emot."


def _looked_into(data):
    """(the bytes to keep, the ending that the content asks for)"""
    if data.startswith(b"%PDF-"):
        return _pdf(data), "pdf"
    if data.startswith(b"PK\x03\x04"):
        return data, _text_document(data)
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return _picture(data)
    return _plain_text(data), "txt"


def _plain_text(data):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"Filen kan inte läsas som text. Välj {KINDS}.") from None
    if re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text) or text.lstrip().startswith(("%PDF", "{\\rtf", "#!")):
        raise Refused(f"Filen är inte ren text. Välj {KINDS}.")
    if re.match(r"\s*<(!doctype|html|svg|\?xml|script)", text, re.IGNORECASE):
        raise Refused("Filen är en webbsida eller en bild i textform och kan inte tas emot. Spara den som PDF.")
    return data


def _picture(data):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=list(PICTURES)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Refused("Bilden har för många bildpunkter. Spara den mindre och försök igen.")
                kind = picture.format
                painted = ImageOps.exif_transpose(picture)
                painted = painted.convert("RGBA" if painted.has_transparency_data and kind != "JPEG" else "RGB")
    except (PIL.UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused("Bilden är skadad och kan inte läsas.") from None
    painted.info = {}  # place, camera, comments and colour profile stay behind
    kept = io.BytesIO()
    painted.save(kept, format=kind, **({"quality": 90} if kind != "PNG" else {}))
    return kept.getvalue(), PICTURES[kind][1]


def _pdf(data):
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            if len(pdf.objects) > MOST_PDF_OBJECTS:
                raise Refused("PDF-filen är för stor inuti. Skriv ut den till en ny PDF och försök igen.")
            acts = any(_acts(thing) for thing in pdf.objects)
            empty = not len(pdf.pages)
    except pikepdf.PasswordError:
        raise Refused("PDF-filen är låst med lösenord och kan inte granskas. Spara den utan lösenord.") from None
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError):
        raise Refused("PDF-filen är skadad och kan inte läsas.") from None
    if acts:
        raise Refused("PDF-filen innehåller skript eller andra filer. Skriv ut den till en ny PDF och försök igen.")
    if empty:
        raise Refused("PDF-filen har inga sidor.")
    return data


def _acts(thing, depth=0):
    """Looks through what lies directly in the object; what it points to is an object of its own."""
    if depth > 50:
        return True
    if isinstance(thing, pikepdf.Array):
        return any(_acts(part, depth + 1) for part in thing if not _is_elsewhere(part))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    for key, value in thing.items():
        if key in ACTING or (key in ("/S", "/Subtype", "/Type") and str(value) in ACTIONS | ACTING):
            return True
        if not _is_elsewhere(value) and _acts(value, depth + 1):
            return True
    return False


def _is_elsewhere(value):
    return bool(getattr(value, "is_indirect", False))


def _text_document(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            _require_sane(parts, names)
            if "word/document.xml" in names:
                _require_docx_still(archive, names)
                return "docx"
            if archive.read("mimetype")[:100] == ODT.encode():
                _require_odt_still(names)
                return "odt"
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, LookupError, OSError, ValueError, RuntimeError, EOFError):
        pass
    raise Refused(f"Det packade innehållet känns inte igen. Välj {KINDS}.")


def _require_sane(parts, names):
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or len({name.lower() for name in names}) != len(names):
        raise Refused("Dokumentet är för stort inuti. Spara det som PDF och försök igen.")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("Dokumentet är låst med lösenord och kan inte granskas. Spara det utan lösenord.")
    if any(name.startswith(("/", "\\")) or ".." in PurePath(name.replace("\\", "/")).parts for name in names):
        raise Refused("Dokumentet är skadat och kan inte läsas.")


ACTS = "Dokumentet innehåller makron eller inbäddade filer. Spara det som PDF och försök igen."


def _require_docx_still(archive, names):
    if any(re.search(r"vba|\.bin$|embeddings/|activex/|\.(exe|dll|js|vbs|ole)$", name, re.I) for name in names):
        raise Refused(ACTS)
    if any(re.search("macroEnabled|vbaProject|oleObject", kind, re.I) for kind, _outward in _said(archive, TYPES_PART)):
        raise Refused(ACTS)
    for name in names:
        if name.lower().endswith(".rels") and any(_acts_or_fetches(*one) for one in _said(archive, name)):
            raise Refused(ACTS)


def _said(archive, name):
    """(kind, whether it leads out of the document) of each element, read as XML: letters may be written in many ways,
    and words defined in the part itself say something else than they look like."""
    data = archive.read(name)
    if b"<!DOCTYPE" in data.replace(b"\0", b"").upper():
        raise Refused(ACTS)
    try:
        parts = list(ElementTree.fromstring(data).iter())  # noqa: S314  it defines no words of its own
    except ElementTree.ParseError:
        raise Refused(ACTS) from None
    return [
        (part.get("Type") or part.get("ContentType") or "", part.get("TargetMode", "").lower() == "external")
        for part in parts
    ]


def _acts_or_fetches(kind, outward):
    """What is fetched when the document is opened tells somebody that it was; a link to click on does not."""
    acts = re.search(r"attachedTemplate|oleObject|/frame\b|subDocument|afChunk", kind, re.I)
    return bool(acts) or (outward and not kind.lower().endswith("/hyperlink"))


def _require_odt_still(names):
    if any(re.match(r"(Basic|Scripts|Object|Configurations2/macro)", name) for name in names):
        raise Refused(ACTS)
    if any(re.search(r"\.(bin|exe|dll|js|vbs|ole)$", name, re.I) for name in names):
        raise Refused(ACTS)
