"""Words that stand nowhere else, a register of what each of them is, and a search that finds them in any dress."""

import base64
import binascii
import html
import io
import quopri
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from urllib.parse import unquote_plus

import pikepdf

from tests.pdftext import words_of

LETTERS, VOWELS = "bdfgklmnprst", "aeiou"
SYLLABLES = [first + second for first in LETTERS for second in VOWELS]
WORD = re.compile(f"zqv(?:[{LETTERS}][{VOWELS}]){{3}}")
ESCAPED = re.compile(r"\\\\?(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
BETWEEN = re.compile(r"(?<=\d)[-+\s\u2010-\u2015\u00a0\u2009]+(?=\d)")
DEEP = 4  # a PDF in a base64 in a mail in a zip


def word(number):
    """The same number is always the same word, and neighbours are not alike."""
    number = number * 7919 % len(SYLLABLES) ** 3
    parts = []
    for _ in range(3):
        number, part = divmod(number, len(SYLLABLES))
        parts.append(SYLLABLES[part])
    return "Zqv" + "".join(parts)


@dataclass
class Register:
    """What has been planted: each word with the operation and argument it went in by, each number with whose it is."""

    words: dict = field(default_factory=dict)
    numbers: dict = field(default_factory=dict)
    made: int = 0

    def new(self, where):
        self.made += 1
        made = word(self.made)
        self.words[made.lower()] = where
        return made

    def forget(self, made):
        """It could not be planted after all."""
        del self.words[made.lower()]

    def number(self, digits, whose):
        """A personal number is looked for without its century, so that every spelling is found; a telephone whole."""
        self.numbers[digits[-10:]] = whose
        return digits

    def __len__(self):
        return len(self.words) + len(self.numbers)

    def found(self, *given):
        """Every planted word and number that is in there: str, bytes, or anything with a ``str``."""
        return {canary for one in given for text in dresses(one) for canary in self._in(text)}

    def _in(self, text):
        yield from self.words.keys() & set(WORD.findall(text.lower()))
        digits = BETWEEN.sub("", text)
        yield from (number for number in self.numbers if number in digits)


def dresses(given, deep=DEEP):
    """The text as it is, and whatever it may be dressed as: zip, PDF, mail, base64, UTF-16, compressed, quoted."""
    if not isinstance(given, bytes | bytearray | memoryview):
        given = str(given).encode("utf-8", "surrogatepass")
    given = bytes(given)
    text = given.decode("utf-8", "replace")
    yield text
    if b"\0" in given:
        yield from (given[shift:].decode(kind, "replace") for kind in ("utf-16-le", "utf-16-be") for shift in (0, 1))
    if "%" in text or "+" in text:
        yield unquote_plus(text)
    if "&" in text:
        yield html.unescape(text)
    if "\\u" in text or "\\x" in text:
        yield ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    if b"=" in given:
        yield quopri.decodestring(given).decode("utf-8", "replace")
    if deep:
        for inner in _opened(given):
            yield from dresses(inner, deep - 1)


def _opened(given):
    """What lies inside, as bytes."""
    if given[:4] == b"PK\3\4":
        yield from _zip(given)
    elif given[:4] == b"%PDF":
        yield from _pdf(given)
    elif given[:2] == b"\x1f\x8b":
        yield from _inflated(given, zlib.MAX_WBITS | 16)
    elif given[:1] == b"\x78":
        yield from _inflated(given)
    elif b"\nMIME-Version:" in given or given.startswith(b"MIME-Version:"):
        yield from _mail(given)
    yield from _base64(given)
    yield from _hex(given)


def _zip(given):
    try:
        with zipfile.ZipFile(io.BytesIO(given)) as packed:
            for part in packed.infolist():
                yield part.filename.encode()
                yield part.comment + part.extra
                yield packed.read(part)
    except zipfile.BadZipFile:  # sealed bytes may begin as anything does
        return


def _pdf(given):
    """The words on its pages, its metadata, and every stream and attachment in it."""
    try:
        with pikepdf.open(io.BytesIO(given)) as pdf:
            yield repr([(str(key), str(value)) for key, value in pdf.docinfo.items()]).encode()
            yield repr([str(name) for name in pdf.attachments]).encode()
            for one in pdf.objects:
                if isinstance(one, pikepdf.Stream):
                    try:
                        yield one.read_bytes()
                    except pikepdf.PdfError:
                        yield one.read_raw_bytes()
                elif isinstance(one, pikepdf.String):
                    yield str(one).encode()
                elif isinstance(one, pikepdf.Dictionary):
                    yield repr([str(v) for v in one.values() if isinstance(v, pikepdf.String)]).encode()
            drawn = any("/Font" in page.get("/Resources", {}) for page in pdf.pages)
        if drawn:
            yield words_of(io.BytesIO(given)).encode()
    except pikepdf.PdfError:
        return


def _inflated(given, kind=zlib.MAX_WBITS):
    try:
        yield zlib.decompress(given, kind)
    except zlib.error:
        return


def _mail(given):
    message = message_from_bytes(given)
    for part in message.walk():
        for name, value in part.items():
            yield f"{name}: {_header(value)}".encode()
        if not part.is_multipart():
            yield part.get_payload(decode=True) or b""


def _header(value):
    return str(make_header(decode_header(str(value))))


RUN = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){9,}")


def _base64(given):
    for run in RUN.findall(re.sub(rb"(?<=\S)\r?\n(?=\S)", b"", given) if len(given) < 200_000 else given):
        body = run.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        try:
            opened = base64.b64decode(body + b"=" * (-len(body) % 4))
        except (binascii.Error, ValueError):
            continue
        yield opened


def _hex(given):
    for run in HEX.findall(given):
        yield binascii.unhexlify(run)
