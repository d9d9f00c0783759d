"""Modules that few pages need, read when something of theirs is first used: a web process starts sooner and keeps less
(``python -X importtime``; docs/performance.md)."""

from importlib import import_module


class Late:
    """Stands for a module: what is asked of it is asked of the module itself."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, wanted):
        return getattr(import_module(self._name), wanted)
