"""Long lists, a piece at a time. How much of a list is shown stands in the address as a number and nothing else; what
is not shown is counted, and one press away."""

import uuid

STEP = 50


def opaque(text):
    """An id in the address, or None for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def asked_for(request, name):
    """How many rows of this list: 50, or as many as the address says; a hundred thousand at most."""
    given = request.GET.get(name, "")
    return min(max(int(given), STEP), 100_000) if given.isdecimal() and len(given) < 7 else STEP


class Piece:
    """The first rows of a list, how many there are in all, and the address that shows more of them."""

    def __init__(self, request, name, rows, total=None):
        most, rows = asked_for(request, name), list(rows)
        self.name, self.rows, self.total = name, rows[:most], len(rows) if total is None else total
        query = request.GET.copy()
        query[name] = most + STEP
        self.more = f"?{query.urlencode()}#{name}" if self.left else ""

    @property
    def left(self):
        return self.total - len(self.rows)

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        """Of the whole list, not of what is shown."""
        return self.total
