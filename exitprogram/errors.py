"""The ways in which an operation says no. Each carries one Swedish sentence for the person at the screen."""


class Refused(Exception):
    """An operation refuses: the state, the law or the role says no. ``str(why)`` is the sentence shown."""


class NotAllowed(Refused):
    """Refused because of who asks; the sentence says who may instead, when that is known."""


class GoFirst(Exception):
    """There is something to answer before this page: the view's door sends the person to ``url``."""

    def __init__(self, url):
        super().__init__(url)
        self.url = url


class Stale(Refused):
    """Somebody saved meanwhile. ``current`` is the row as it stands now, so both versions can be shown."""

    def __init__(self, current, sentence="Någon annan har sparat under tiden. Jämför och välj."):
        super().__init__(sentence)
        self.current = current
