"""Makes documents in a process of its own, under a trace of its calls: ``python -m tests.hostile.renderer in out``.
``in`` is a JSON list of pages. ``--open`` renders with WeasyPrint's own fetcher instead: what must be found."""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

import django

BEGINS = "/the-documents-begin-here"
PLAIN = "<!doctype html><html lang='sv'><title>x</title><h1>å</h1><p><strong>ä</strong> ö</p><table><tr><td>x</table>"


def main(pages, folder, careless):
    from exitprogram.pdf import render

    fatal = render._weasyprint().urls.FatalURLFetchingError  # no Exception: nobody on the way may catch it

    def made(html):
        if careless:
            return render._weasyprint().HTML(string=html).write_pdf()
        return render.pdf_of(html, identifier=b"x")

    made(PLAIN)  # fonts, libraries and what is imported on first use
    with suppress(OSError):
        os.open(BEGINS, os.O_RDONLY)  # a mark in the trace
    done = []
    for place, page in enumerate(pages):
        try:
            data = made(page)
        except (Exception, fatal) as why:
            done.append(type(why).__name__)
        else:
            done.append("made")
            (folder / f"{place}.pdf").write_bytes(data)
    (folder / "done.json").write_text(json.dumps(done))


if __name__ == "__main__":
    django.setup()
    given, into = (Path(word) for word in sys.argv[1:3])
    main(json.loads(given.read_text()), into, careless="--open" in sys.argv)
