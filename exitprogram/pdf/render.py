"""The one door to WeasyPrint. It can open nothing on disk or network but the files in ``assets`` and our own fonts.

WeasyPrint and the system libraries it needs are imported on first use: without them everything but PDF goes on working.
"""

import functools
from pathlib import Path

from django.conf import settings

from exitprogram.errors import Refused

FONTS = settings.BASE_DIR / "exitprogram" / "static" / "exitprogram" / "fonts"
STYLE = Path(__file__).parent / "assets" / "document.css"
ALLOWED = "exitprogram:fonts/"

# The PDF/UA identification, and its description as an extension of PDF/A, inside the one rdf:RDF: a second RDF block
# (WeasyPrint's xmp_metadata option) is not read by validators.
UA_METADATA = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class NoPdf(Refused):
    """The system libraries are missing on this machine."""


@functools.cache
def _weasyprint():
    try:
        import weasyprint
    except OSError:
        raise NoPdf("PDF går inte att göra här: Pango saknas. Installera libpango-1.0-0 och libpangoft2-1.0-0.")
    return weasyprint


@functools.cache
def house():
    """Fetcher, fonts and parsed style: made once per process."""
    weasyprint = _weasyprint()
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):
        def fetch(self, url, headers=None):
            name = url.removeprefix(ALLOWED)
            if not url.startswith(ALLOWED) or "/" in name or not name.endswith(".woff2"):
                raise FatalURLFetchingError(f"not one of our own files: {url[:80]}")
            return URLFetcherResponse(url, (FONTS / name).read_bytes(), {"Content-Type": "font/woff2"})

    fetcher, fonts = OwnFilesOnly(), FontConfiguration()
    css = weasyprint.CSS(string=STYLE.read_text(), font_config=fonts, url_fetcher=fetcher)
    return fetcher, fonts, css


@functools.cache
def numbered(page_of):
    """«Sida 1 av 3» at the foot, in the words given."""
    page, of = (word.replace('"', "") for word in page_of)
    return _weasyprint().CSS(
        string=f'@page {{ @bottom-right {{ content: "{page} " counter(page) " {of} " counter(pages) }} }}',
        url_fetcher=house()[0],
    )


def laid_out(html, page_of=("Sida", "av")):
    """The pages, before they are written."""
    fetcher, fonts, css = house()
    page = _weasyprint().HTML(string=html, url_fetcher=fetcher, base_url=None)
    return page.render(stylesheets=[css, numbered(page_of)], font_config=fonts)


def pdf_of(html, *, identifier, page_of=("Sida", "av")):
    """Bytes of a tagged PDF/A-2a that is also PDF/UA-1. ``identifier`` (bytes) makes the same input the same output.
    ``page_of``: the words around the page's number, for a copy in another language. Raises NoPdf; a document that
    reaches for anything but our own files fails."""
    document = laid_out(html, page_of)
    own = document.metadata.generate_rdf_metadata

    def with_ua(*args):
        return own(*args).replace(b"</rdf:RDF>", UA_METADATA + b"</rdf:RDF>")

    document.metadata.generate_rdf_metadata = with_ua
    document.metadata.generator = None
    return document.write_pdf(pdf_variant="pdf/a-2a", pdf_tags=True, pdf_identifier=identifier)
