"""The one door for mail. Every mail is the same: that there is something to do, and where to sign in. No name, number,
programme, count or kind, so that nothing shows on a locked phone or in a forwarded message (R15)."""

from django.conf import settings
from django.core.mail import EmailMessage

SUBJECT = "Du har något att göra i Planering"
BODY = """Hej!

Det finns något som väntar på dig i Planering.
Logga in för att se vad det gäller: {link}

Det här meddelandet går inte att svara på.
"""


LINK_SUBJECT = "Välj lösenord till Planering"
LINK_BODY = """Hej!

Här väljer du ett lösenord till Planering. Länken gäller en gång, i tre dagar:
{link}

Har du inte bett om det kan du låta bli.
"""


CHANGED_SUBJECT = "Något har ändrats i din inloggning"
CHANGED_BODY = """Hej!

Något har ändrats i din inloggning till Planering. Var det du kan du låta bli det här brevet.
Var det inte du: logga in och se efter, och ring den som sköter konton hos er: {link}

Det här meddelandet går inte att svara på.
"""


def send_sign_in_changed(*, to):
    body = CHANGED_BODY.format(link=settings.BASE_URL)
    EmailMessage(CHANGED_SUBJECT, body, settings.DEFAULT_FROM_EMAIL, [to]).send()


def send_password_link(*, to, link):
    EmailMessage(LINK_SUBJECT, LINK_BODY.format(link=link), settings.DEFAULT_FROM_EMAIL, [to]).send()


def send_neutral(*, to, key, link):
    """``key`` gives a fixed Message-ID, so that a second copy of the same notice is recognised as one."""
    domain = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].strip("> ")
    message = EmailMessage(SUBJECT, BODY.format(link=link), settings.DEFAULT_FROM_EMAIL, [to])
    message.extra_headers["Message-ID"] = f"<{key}@{domain}>"
    message.send()
