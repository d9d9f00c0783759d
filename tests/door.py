"""One URL and who comes through it; and those of the administrator's own pages. The others: ``tests/doors.py``."""

from dataclasses import dataclass

from django.urls import URLPattern, get_resolver


@dataclass(frozen=True)
class Door:
    methods: str
    may: str
    blind: str = ""
    ids: str = ""
    public: bool = False
    signed_in: bool = False

    def names(self, who):
        return who in self.names_all

    @property
    def names_all(self):
        return f"{self.may} {self.blind}".split()

    def status(self, who):
        """The status this person gets; None when it is any that lets her in."""
        return None if who in self.may.split() else 404 if who in self.blind.split() else 403


def addresses(patterns=None, space=""):
    """(name, URLPattern) of every address there is."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern
        else:
            yield from addresses(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)


ADMINISTRATION = {
    "teams:overview": Door("GET", "adam siv"),
    "tenancy:people": Door("GET", "adam siv"),
    "tenancy:member_add": Door("GET POST", "adam siv"),
    "tenancy:member": Door("GET", "adam", "siv", ids="membership"),
    "tenancy:member_leave": Door("GET POST", "adam", "siv", ids="membership"),
    "tenancy:member_end": Door("GET POST", "adam", "siv", ids="membership"),
    "tenancy:member_sign_out": Door("POST", "adam", "siv", ids="membership"),
    "tenancy:member_reopen": Door("POST", "adam", "siv", ids="membership"),
    "tenancy:member_place": Door("GET POST", "adam", "siv", ids="membership"),
    "tenancy:reset_ask": Door("GET POST", "adam", "siv", ids="membership"),
    "tenancy:resets": Door("GET", "maud adam siv"),
    "tenancy:reset_settle": Door("POST", "maud adam", "siv", ids="reset"),
    "tenancy:see_as": Door("GET", "adam siv"),
    "tenancy:see_as_begin": Door("POST", "adam", "siv", ids="membership"),
    "tenancy:see_as_end": Door("POST", "adam siv"),
    "tenancy:units": Door("GET", "adam siv"),
    "tenancy:unit_add": Door("GET POST", "adam siv"),
    "tenancy:unit_edit": Door("GET POST", "adam", "siv", ids="unit"),
    "tenancy:units_import": Door("GET POST", "adam siv"),
    "tenancy:units_template": Door("GET", "adam siv"),
    "tenancy:people_import": Door("GET POST", "adam siv"),
    "tenancy:people_template": Door("GET", "adam siv"),
    "tenancy:letterhead": Door("GET POST", "adam siv"),
    "tenancy:letterhead_sample": Door("GET", "adam siv"),
    "cases:reminders": Door("GET", "adam siv"),
    "cases:reminder_edit": Door("GET POST", "adam siv", ids="watched"),
    "cases:reminder_restore": Door("POST", "adam siv", ids="watched"),
}
