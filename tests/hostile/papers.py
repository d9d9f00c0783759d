"""Documents that reach for something: every way that a page, a style or a drawing has, to every kind of address. The
addresses lead to a file that nobody may read and to a server that nobody may call."""

import base64
import itertools

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'
)
WAYS = {
    "img": '<img src="{url}">',
    "srcset": '<img srcset="{url} 2x">',
    "picture": '<picture><source srcset="{url}"><img src="{url}"></picture>',
    "stylesheet": '<link rel="stylesheet" href="{url}">',
    "icon": '<link rel="icon" href="{url}">',
    "attachment": '<link rel="attachment" href="{url}">',
    "attached link": '<a rel="attachment" href="{url}">x</a>',
    "import": '<style>@import url("{url}");</style>',
    "import by word": '<style>@import "{url}" print;</style>',
    "background": '<style>p {{ background: url("{url}") }}</style>',
    "inline background": "<p style=\"background-image: url('{url}')\">x</p>",
    "content": '<style>p::before {{ content: url("{url}") }}</style>',
    "list": '<ul style="list-style-image: url({url})"><li>x</li></ul>',
    "border": '<p style="border-image: url({url}) 3; border: 3px solid">x</p>',
    "mask": '<p style="mask: url({url})">x</p>',
    "font": '<style>@font-face {{ font-family: z; src: url("{url}") }} p {{ font-family: z }}</style><p>x</p>',
    "local font": '<style>@font-face {{ font-family: z; src: local("z"), url("{url}") }} p {{ font: 9px z }}</style>',
    "page": '<style>@page {{ background: url("{url}"); @top-left {{ content: url("{url}") }} }}</style>',
    "colour profile": '<style>@color-profile --p {{ src: url("{url}") }}</style>',
    "target": "<style>p::after {{ content: target-text(url('{url}')) attr(href url) }}</style>",
    "hint of body": '<body background="{url}">',
    "hint of table": '<table background="{url}"><tr><td background="{url}">x</table>',
    "object": '<object data="{url}">x</object>',
    "object with type": '<object type="image/svg+xml" data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "frame": '<iframe src="{url}"></iframe>',
    "input": '<input type="image" src="{url}">',
    "video": '<video src="{url}" poster="{url}"></video>',
    "base": '<base href="{url}"><img src="x.png"><link rel="stylesheet" href="y.css">',
    "refresh": '<meta http-equiv="refresh" content="0; url={url}">',
    "svg image": PICTURE.format('<image href="{url}" width="9" height="9"/>'),
    "svg xlink": PICTURE.format('<image xlink:href="{url}" width="9" height="9"/>'),
    "svg use": PICTURE.format('<use href="{url}#a"/>'),
    "svg fill": PICTURE.format('<rect width="9" height="9" fill="url({url}#a)"/>'),
    "svg filter": PICTURE.format('<filter id="f"><feImage href="{url}"/></filter><rect filter="url(#f)" width="9"/>'),
    "svg style": PICTURE.format('<style>@import url("{url}");</style><rect width="9" height="9"/>'),
    "svg text": PICTURE.format('<text><tref xlink:href="{url}"/></text>'),
}
DRAWN = {  # a drawing inside an address, which reaches on by itself
    "data svg image": PICTURE.format('<image href="{url}" width="9" height="9"/>'),
    "data svg use": PICTURE.format('<use xlink:href="{url}#a"/>'),
    "data svg style": PICTURE.format('<style>@import url("{url}");</style><rect width="9" height="9"/>'),
    "data svg word": '<!DOCTYPE svg [<!ENTITY a SYSTEM "{url}">]>' + PICTURE.format("<text>&a;</text>"),
    "data svg sheet": '<?xml-stylesheet href="{url}"?>' + PICTURE.format(""),
}


def addresses(file, port):
    """To ``file`` and to whoever listens at ``port``, as a browser or a careless reader would take them."""
    return [
        f"file://{file}", f"FILE://{file}", f"file://localhost{file}", f"file:{file}", str(file), f"//{file}",
        "file:///etc/hostname", f"http://127.0.0.1:{port}/x", f"http://127.0.0.1:{port}/leads-to-the-file",
        f"//127.0.0.1:{port}/x", f"https://127.0.0.1:{port}/x", f"ftp://127.0.0.1:{port}/x", f"http://[::1]:{port}/x",
        f"exitprogram:fonts/../../../../../../..{file}", f"exitprogram:fonts/..%2f..%2f..{file}",
        f"exitprogram:fonts/{file}.woff2", f"exitprogram:fonts/\\..\\{file}",
    ]  # fmt: skip


def documents(file, port):
    """(what it is, the page), each with a canary's address in it."""
    for (name, way), url in itertools.product(WAYS.items(), addresses(file, port)):
        yield f"{name}: {url}", f"<!doctype html><html lang='sv'><title>x</title>{way.format(url=url)}<p>x</p>"
    for (name, drawing), url in itertools.product(DRAWN.items(), addresses(file, port)):
        packed = base64.b64encode(drawing.format(url=url).encode()).decode()
        page = f'<!doctype html><html lang="sv"><title>x</title><img src="data:image/svg+xml;base64,{packed}"><p>x</p>'
        yield f"{name}: {url}", page
