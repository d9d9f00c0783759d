"""Who is knocking, as roughly as the person herself needs it to know her own sign-ins again."""

import ipaddress

from exitprogram.tenancy.access import client_address

BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
            ("Safari", "Safari"))  # fmt: skip
PLACES = (("iPhone", "telefon"), ("iPad", "surfplatta"), ("Android", "telefon"), ("Windows", "Windows"),
          ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def browser_of(request):
    """*Firefox på Windows*. Nothing of what the header says is kept but these words."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "Okänd webbläsare")
    place = next((name for mark, name in PLACES if mark in agent), "")
    return f"{browser} på {place}" if place else browser


def network_of(request):
    """*192.0.\\*.\\**: enough to tell home from work."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return ""
    if address.version == 4:
        return ".".join([*str(address).split(".")[:2], "*", "*"])
    return str(ipaddress.ip_network((int(address) >> 96 << 96, 32)).network_address)
