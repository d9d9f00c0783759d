"""Which of the suite's own questions touch a function, and what they say when it has been changed."""

import inspect
import re
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist

from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from tests.acts import answers
from tests.connections import connected, logged_in_as
from tests.oracle import WALLED
from tests.test_operations import ACTS, NAMES, carried_out
from tests.test_parts import CALLS


def place_of(function):
    """(path, name) of the function that all decorators stand around."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = function.__code__
    return code.co_filename.removeprefix(f"{settings.BASE_DIR}/"), code.co_qualname


def reached(places, function, most):
    """Those that lead straight to the function; to one that others call, those that lead into its module."""
    straight = [one for one, place in places if place == function]
    return straight[:most] or [one for one, place in places if place[0] == function[0]][:most]


@contextmanager
def no_wall():
    """Nothing binds the owner while row security is not forced: what is refused now, Python refuses."""
    tables = [model._meta.db_table for model in WALLED.values()]
    with connected("owner", autocommit=True) as owner:
        owner.execute("; ".join(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in tables))
        try:
            yield
        finally:
            owner.execute("; ".join(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in tables))


class Acts:
    """``tests/test_operations.py``: by the one who may, by those who may not, and by these with the wall down."""

    def __init__(self, world):
        self.world = world
        self.every = ACTS
        self.places = [(act, place_of(act.operation)) for act in ACTS]

    def do_not(self, word, model):
        """What the ones who may can do no more, of the acts that write rows of this model."""
        for act in self._writing(word, model):
            try:
                carried_out(self.world, act, getattr(self.world, act.may))
            except Exception as error:  # noqa: BLE001  whatever falls over is red
                return f"{act.name} by {act.may}: {type(error).__name__}"
        return None

    def _writing(self, word, model):
        """By their sources: those whose operation makes, changes or deletes such rows, straight ones first."""
        marks = {"INSERT": ("create(", "save("), "UPDATE": ("update(", "save("), "DELETE": ("delete(",)}[word]
        straight, near, beside = [], [], []
        for act in ACTS:
            source = inspect.getsource(act.operation)
            if re.search(rf"\b{model.__name__}\b", source):
                (straight if any(mark in source for mark in marks) else near).append(act)
            elif re.search(rf"\b{model.__name__}\(", inspect.getsource(inspect.getmodule(act.operation))):
                beside.append(act)
        # The row itself is often made or thrown away by a helper in the same file.
        near.sort(
            key=lambda act: not any(mark in inspect.getsource(inspect.getmodule(act.operation)) for mark in marks)
        )
        return [*straight, *near, *beside][:6]

    def reaches(self, function):
        return bool(reached(self.places, function, 1))

    def parts(self, function):
        """What follows of a decision, called straight: ``tests/test_parts.py``."""
        for part, given in CALLS:
            if place_of(part) == function:
                try:
                    with acting(self.world.leo):
                        part(by=self.world.leo, case=self.world.case, **given)
                except NotAllowed:
                    continue
                except Exception as error:  # noqa: BLE001  it went on, and met what is not there
                    return f"{part.__name__} by leo: {type(error).__name__}"
                return f"{part.__name__} by leo went through"
        return None

    def red(self, function):
        acts = reached(self.places, function, 12)
        for act in acts:
            if carried_out(self.world, act, getattr(self.world, act.may)) < 1:
                return f"{act.name}: no trace"
        for act in acts:
            if said := self.refused(act):
                return said
        with logged_in_as("owner"):
            for act in acts:
                if said := self.refused(act, alone=True):
                    return f"{said}, the wall down"
        return None

    def refused(self, act, *, alone=False):
        """What is wrong with the answers that those who may not get; None when they are as they should be."""
        for who in act.may_not:
            try:
                carried_out(self.world, act, getattr(self.world, who))
            except (Refused, ObjectDoesNotExist) as error:
                said = answers.kind_of(error)
                if said == answers.told(NAMES[act], who, alone=alone):
                    continue
            except Exception as error:  # noqa: BLE001  the database said no where Python should have
                said = type(error).__name__
            else:
                said = "went through"
            return f"{act.name} by {who}: {said}"
        return None
