"""One wall taken down for a while, to see the other one stand alone."""

import inspect
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from django.db import connection, models

from exitprogram.tenancy import prepared
from exitprogram.tenancy.rows import TenantManager
from exitprogram.tenancy.wall import walled_models
from tests.connections import connected

OF_WHOM = {"by", "membership"}  # a filter that asks who is acting
WITH_RLS = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity ORDER BY relname
"""


@contextmanager
def python_down():
    """Every manager and every filter by person gives everything that there is. Roles are still asked."""
    with ExitStack() as held:
        held.callback(prepared.forget)  # the last, when the filters are back
        held.enter_context(patch.object(TenantManager, "get_queryset", models.Manager.get_queryset))
        for kind, name in filters():
            held.enter_context(patch.object(kind, name, _everything))
        prepared.forget()
        yield


def _everything(self, *_args, **_more):
    return self.all()


def filters():
    """(queryset's class, method) of every filter that takes a person."""
    kinds = {kind for model in walled_models() for kind in model._default_manager._queryset_class.__mro__}
    for kind in sorted(kinds - set(models.QuerySet.__mro__), key=str):
        for name, method in vars(kind).items():
            if inspect.isfunction(method) and OF_WHOM & set(inspect.signature(method).parameters):
                yield kind, name


@contextmanager
def database_down():
    """Row-level security off in every table: the web's role sees and writes whatever it has the privilege for. Outside
    a transaction, since it is another hand that does it."""
    connection.close()
    with connected("owner", autocommit=True) as owner:
        tables = [name for (name,) in owner.execute(WITH_RLS)]
        for table in tables:
            owner.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
            owner.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    try:
        yield
    finally:
        connection.close()
        with connected("owner", autocommit=True) as owner:
            for table in tables:
                owner.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
                owner.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
