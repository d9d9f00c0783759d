"""Requests of three authorities after each other on one or two pooled connections: pages, faults, answers that are
thrown away half read, and rows that are streamed after the page is done. Through the product's own middleware."""

import random
import threading
from contextlib import contextmanager

from django.db import connection, connections
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from cases.models import Case
from exitprogram.tenancy.access import signed_in
from exitprogram.tenancy.acting import NoActing
from exitprogram.tenancy.entrance import STRONG
from exitprogram.tenancy.middleware import CHOSEN, ActingMiddleware

KINDS = ("page", "page", "fault", "refused", "thrown away", "streamed", "broken sql")


class Fault(Exception):
    pass


@contextmanager
def pooled(size):
    """Django's own pool, as gunicorn has it (``EXIT_DATABASE_POOL``)."""
    connection.close()
    before = connection.settings_dict.get("OPTIONS", {})
    connection.settings_dict["OPTIONS"] = {**before, "pool": {"min_size": size, "max_size": size, "timeout": 30}}
    try:
        yield connection.pool
    finally:
        connection.close()
        connection.close_pool()
        connection.settings_dict["OPTIONS"] = before


def rows():
    """No manager and no filter: what PostgreSQL itself lets through, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT authority_id::text FROM cases_case")
        return [row[0] for row in cursor.fetchall()]


def view(kind):
    def page(request):
        found = " ".join(rows())
        if kind == "fault":
            raise Fault(found)
        if kind == "refused":
            return HttpResponse(found, status=503)
        if kind == "broken sql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        if kind in ("streamed", "thrown away"):
            return StreamingHttpResponse(late(found))
        return HttpResponse(found)

    return signed_in(page)


def late(found):
    yield found
    yield " ".join(rows())
    yield " ".join(str(pk) for pk in Case.objects.values_list("authority_id", flat=True))


class Reuse:
    def __init__(self, members, seed):
        self.members, self.seed, self.faults, self.requests, self.seen = members, seed, [], 0, set()
        self.lock = threading.Lock()

    def run(self, number, size):
        """``number`` requests on a pool of ``size``, from twice as many hands."""
        with pooled(size):
            hands = [threading.Thread(target=self._hand, args=(number // (2 * size), one)) for one in range(2 * size)]
            for hand in hands:
                hand.start()
            for hand in hands:
                hand.join()
        return self

    def _hand(self, number, which):
        chance = random.Random(self.seed + which)  # noqa: S311  an order of requests
        try:
            for _turn in range(number):
                self._one(chance.choice(self.members), chance.choice(KINDS))
        except Exception as error:  # noqa: BLE001  a thread's fault would otherwise be nobody's
            self.faults.append(f"hand {which}: {error!r}")
        finally:
            connections.close_all()

    def _one(self, member, kind):
        request = RequestFactory().get("/")
        request.user, request.session = member.user, {CHOSEN: str(member.pk), STRONG: True}
        body, own = "", str(member.authority_id)
        try:
            response = ActingMiddleware(view(kind))(request)
            body = self._read(response, kind)
        except (Fault, NoActing) as said:
            body = str(said) if isinstance(said, Fault) else ""
        except Exception as error:  # noqa: BLE001
            if kind != "broken sql":
                self.faults.append(f"{kind}: {error!r}")
        found = {word for word in body.split() if len(word) == len(own)}
        if found - {own}:
            self.faults.append(f"{kind}: rows of another authority")
        if found:
            self.seen.add(own)
        left = rows()  # the same connection, before it goes back
        connection.close()
        with self.lock:
            self.requests += 1
        if left or rows():
            self.faults.append(f"{kind}: rows without anybody acting")
        connection.close()

    def _read(self, response, kind):
        if not response.streaming:
            return response.content.decode()
        lines = iter(response.streaming_content)
        if kind == "thrown away":
            first = next(lines).decode()
            response.close()
            return first
        return " ".join(line.decode() for line in lines)
