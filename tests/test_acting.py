"""Python's half: blocks within blocks, exceptions, and what stays on the connection."""

import pytest
from django.db import connection, transaction

from cases.models import Case
from exitprogram.tenancy.acting import NoActing, acting, acting_as_system, current

SEEN = "SELECT array_agg(DISTINCT authority_id) FROM cases_case"


def cases_now():
    with connection.cursor() as cursor:
        cursor.execute(SEEN)
        return set(cursor.fetchone()[0] or [])


def test_an_inner_block_gives_the_outer_one_back(standing):
    with acting(standing.anna):
        with acting(standing.cilla):
            assert (cases_now(), current().membership_id) == ({standing.soderhamn.pk}, standing.cilla.pk)
            with acting_as_system(standing.bollnas):
                assert cases_now() == {standing.bollnas.pk}
            assert cases_now() == {standing.soderhamn.pk}
        assert (cases_now(), current().membership_id) == ({standing.bollnas.pk}, standing.anna.pk)


def test_also_after_an_exception(standing):
    with acting(standing.anna):
        with pytest.raises(ZeroDivisionError), acting(standing.cilla):
            raise ZeroDivisionError
        assert (cases_now(), current().membership_id) == ({standing.bollnas.pk}, standing.anna.pk)
        with pytest.raises(Exception, match="finns_inte"), acting(standing.cilla), connection.cursor() as cursor:
            cursor.execute("SELECT finns_inte")
        assert (cases_now(), current().membership_id) == ({standing.bollnas.pk}, standing.anna.pk)


def test_nothing_stays_on_the_connection(standing):
    pid = []
    for who in (standing.anna, standing.cilla, standing.anna):
        with acting(who):
            assert cases_now() == {who.authority_id}
            pid.append(connection.connection.info.backend_pid)
        assert cases_now() == set()
        with transaction.atomic():
            assert cases_now() == set()
    assert len(set(pid)) == 1  # it was one connection all the time


def test_nothing_stays_after_a_crash_inside(standing):
    with pytest.raises(ZeroDivisionError), acting(standing.anna):
        raise ZeroDivisionError
    assert cases_now() == set()
    with pytest.raises(NoActing):
        current()
    with pytest.raises(NoActing):
        Case.objects.count()


def test_a_lazy_query_after_the_block_gives_nothing(standing):
    """A streamed answer that reads after its transaction: nothing, never somebody else's."""
    with acting(standing.anna):
        late = Case.objects.visible_to(standing.anna)
    assert list(late) == []
    with acting(standing.cilla):
        assert list(late.all()) == []
