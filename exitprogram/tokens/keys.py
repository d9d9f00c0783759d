"""What a key looks like, what is kept of it, and how the networks that it may be used from are written."""

import hashlib
import ipaddress

from exitprogram.errors import Refused

PREFIX = "plan_"  # so that a scanner for leaked keys knows one when it sees it
WIDEST = {4: 16, 6: 32}  # bits: a whole organisation, not the whole world
MOST = 10


def digest_of(secret):
    """A plain hash is enough: what is hashed is 256 random bits, not a password."""
    return hashlib.sha256(secret.encode()).digest()


def networks_of(texts):
    """Networks in the form of PostgreSQL's cidr, or Refused with a sentence about the first that will not do."""
    texts = [text.strip() for text in texts if text.strip()]
    if not 0 < len(texts) <= MOST:
        raise Refused(f"Skriv från vilka nätverk anslutningen ska få användas, högst {MOST}.")
    found = []
    for text in texts:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise Refused(f"{text} är inget nätverk. Skriv till exempel 192.0.2.0/24 eller en enda adress.")
        if network.prefixlen < WIDEST[network.version]:
            raise Refused(f"{text} är för stort. Skriv bara de adresser som det andra systemet anropar från.")
        found.append(network)
    return list(dict.fromkeys(found))
