"""One furnished world in which every secret is a word of its own, and who may see which of them."""

from functools import cache

import pytest

from tests import databases
from tests.canaries import people
from tests.canaries.fields import fill_the_rest, where_each_is
from tests.canaries.planting import marking
from tests.canaries.words import Register
from tests.furniture import NUMBERS, furnish
from tests.keys import keys_of
from tests.oracle import Oracle
from tests.twins import KEPT, MERGED
from tests.world import World

EACH = 2  # foreign people, and as many protected ones
EVERY = 4  # of the doors to something: the suite's share


class Stage:
    """``full`` is the long run: everybody at the doors. ``every``: at how many of those that lead to something."""

    def __init__(self, each=EACH, every=EVERY, full=False):
        self.register, self.world, self.full, self.every = Register(), World(), full, every
        for number in (*NUMBERS.values(), KEPT, MERGED):
            self.register.number(number, "furniture")
        with marking(self.register):
            furnish(self.world)
            people.answered(self.world)
        self.foreign, self.protected = people.hidden(self.world, self.register, each)
        self.spare = people.spare_number()
        self.refused = fill_the_rest(self.register)
        self.document, self.document_words = people.paper(self.world, self.register, self.protected[0].case)
        self.rows, self.where, self.columns = where_each_is(self.register)
        for canary in self.register.found(self.document_words):
            self.where[canary] = {("cases.Document", self.document.pk)}
        self.keys = keys_of(self.world, self.world.anna, self.world.sara)
        self.foreign_keys = keys_of(self.world, self.world.cilla, self.world.rut)
        self.may_see = cache(self._may_see)

    def told(self, *given):
        return self.register.found(*given)

    def _may_see(self, who):
        """The canaries in rows that are hers by the oracle, which shares no code with either wall."""
        oracle = Oracle(self.rows, who)
        mine = {(label, key) for label in self.rows for key in oracle.ids(label)}
        return {canary for canary, places in self.where.items() if places & mine}

    def in_case(self, case):
        """The canaries in rows of this case, and in those of its person."""
        theirs = {"case_id": case.pk, "individual_id": case.individual_id, "id": case.individual_id}
        rows = {
            (label, row["id"]) for label, table in self.rows.items() for row in table
            if any(row.get(column) == key for column, key in theirs.items())
        }  # fmt: skip
        return {canary for canary, places in self.where.items() if places & rows}


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker, request):
    """Really committed. The long run says how many people there are to look for."""
    asked = getattr(request.config, "canaries", None)
    with django_db_blocker.unblock():
        databases.renew("people")
        made = Stage(asked.each, asked.every, full=True) if asked else Stage()
        databases.stands = None
        yield made
        databases.renew("people")
