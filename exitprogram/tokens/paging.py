"""Lists come a page at a time, by a cursor that stays right while rows are added."""

from django.utils.dateparse import parse_datetime
from rest_framework.pagination import CursorPagination

from exitprogram.tokens.problems import Problem


class Pages(CursorPagination):
    page_size, ordering = 50, ("created_at", "id")

    def decode_cursor(self, request):
        """A cursor that we did not make is a bad request, never a fault: the position goes into SQL."""
        if self.cursor_query_param not in request.query_params:
            return None
        try:
            cursor = super().decode_cursor(request)
            if cursor.position is not None and parse_datetime(cursor.position).tzinfo is None:
                raise ValueError
        except Exception:
            raise Problem("bad-cursor")
        return cursor
