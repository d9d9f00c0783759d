"""Who has not proved lately who she is, is asked first: at each address that shows a place, signs, decides or hands
out. Which those are: ``ASKS_AGAIN`` in ``tests/test_guards_doors.py``."""

import pytest

from exitprogram.tenancy.fresh import MAY_BE_SENT
from tests.door import addresses
from tests.doors import DOORS
from tests.keys import keys_of
from tests.test_guards_doors import wrapped
from tests.visits import Visit

AGAIN = "/losenord-igen/"
MARKED = sorted(name for name, pattern in addresses() if wrapped(pattern.callback, "fresh"))
KNOCKS = [(name, method) for name in MARKED for method in DOORS[name].methods.split()]
# Where to look is to have asked for what is kept from others; at the rest only what is sent asks.
LOOKS = {
    "cases:emergency", "cases:emergency_hit", "cases:export_fetch", "cases:place_reveal", "cases:place_shown",
    "cases:residence_edit", "plans:copy_again", "teams:letter_again", "teams:log_review_sign", "tenancy:app_add",
    "tenancy:passkey_add", "tenancy:reset_ask", "tokens:connection_new", "tokens:connection_renew",
}  # fmt: skip


def asks_again(visit, name, method, keys):
    """Whether somebody who proved who she is an hour ago is sent to do it once more."""
    visit.confirm(ago=4 * MAY_BE_SENT)
    ids = [keys[kind] for kind in DOORS[name].ids.split()]
    answer = visit.get(name, *ids) if method == "GET" else visit.post(name, *ids, sign="1")
    return answer.status_code == 302 and answer.url.startswith(AGAIN)


@pytest.fixture(scope="module")
def keys(standing):
    return keys_of(standing, standing.anna, standing.sara)


@pytest.mark.parametrize(("name", "method"), KNOCKS)
def test_who_has_not_proved_it_lately_is_asked(standing, db, keys, name, method):
    visit = Visit(getattr(standing, DOORS[name].may.split()[0]))
    asked = asks_again(visit, name, method, keys)
    assert asked == (method == "POST" or name in LOOKS)
    assert visit.logged() in ([], ["session.opened"]) or not asked
