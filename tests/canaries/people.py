"""People whom somebody looks for and must not find: of another board, and protected ones of one's own."""

import csv
from dataclasses import dataclass
from typing import Any

from cases import operations as cases
from exitprogram.demo.texts import HERE
from exitprogram.tenancy.acting import acting
from reporting import operations as reporting
from reporting.models import FlowQuestion, SupportRequest
from tests import papers
from tests.furniture import NUMBERS
from tests.twins import KEPT, MERGED

SECRECY = (
    {"protection": "secrecy_mark"}, {"protection": "protected_registration"}, {"local_threat": True},
)  # fmt: skip


@dataclass
class Hidden:
    """What somebody could look for, and with which words."""

    case: Any
    name: str
    alias: str
    number: str
    phone: str

    @property
    def queries(self):
        """Every way of looking: the name, part of it, what she is called, the number in two spellings, a telephone."""
        numbers = (self.number, f"{self.number[2:8]}-{self.number[8:]}") if self.number else ("", "")
        return (self.name, self.name.split()[1][:-1], self.alias, *numbers, self.phone)


def hidden(world, register, each):
    """``each`` foreign people with a case at Söderhamn, and as many protected ones of Anna's."""
    numbers = iter(_numbers()[:-1])
    foreign = [_one(world, register, world.cilla, numbers, place, {}) for place in range(each)]
    protected = [
        _one(world, register, world.anna, numbers, each + place, SECRECY[place % len(SECRECY)]) for place in range(each)
    ]
    return foreign, protected


def spare_number():
    """One that is in order and nobody's: the last, which is given to nobody."""
    return _numbers()[-1]


def _numbers():
    """Official test numbers of grown-ups that nobody in the furniture has."""
    taken = {*NUMBERS.values(), KEPT, MERGED}
    with (HERE / "identity_numbers.csv").open(newline="") as lines:
        return [row["identity_number"] for row in csv.DictReader(lines)
                if row["group"] == "adult" and row["identity_number"] not in taken]  # fmt: skip


def _phone(place):
    """Numbers that are given to nobody, for books and films; none that could be taken for a coordination number."""
    for series, first, many in (("0313900", 600, 100), ("0846500", 400, 100)):
        if place < many:
            return f"{series}{first + place:0{10 - len(series)}d}"
        place -= many
    raise ValueError("no more numbers")


def _one(world, register, by, numbers, place, how):
    name, alias = f"Frida {register.new('person.name')}", register.new("person.alias")
    number = next(numbers, "")
    if number:
        register.number(number, name)
    case = world.open_case(by, world.person(by, name, alias=alias, number=number, **how))
    phone = register.number(_phone(place), name)
    with acting(by):
        cases.save_safe_contact(
            by=by, case=case, version=0, channels="sms", may_leave_message=False, never_answer="",
            hours=f"kväll på {phone} eller {register.new('person.email')}@exempel.invalid",
            code_word=register.new("person.code_word"),
        )  # fmt: skip
        cases.add_place(by=by, case=case, kind="address", text=f"{register.new('person.street')}gatan {place}")
    return Hidden(case, name, alias, number, phone)


def answered(world):
    """What a coordinator elsewhere has asked, and been asked, with an answer to it."""
    for worker, word in ((world.anna, "Kanariesvaret"), (world.cilla, "Kanariesvaret")):
        with acting(worker):
            question = FlowQuestion.objects.filter(case__in=[world.case, world.elsewhere]).visible_to(worker).first()
            reporting.answer_question(by=worker, question=question, text=word)
            support = SupportRequest.objects.visible_to(worker).get()
        with acting(world.roy):
            reporting.answer_support(by=world.roy, request=support, text=word)


def paper(world, register, case):
    """A file whose name and contents are canaries, as it is handed in."""
    words = f"{register.new('file.text')} {register.new('file.text')}"
    with acting(world.anna):
        row = cases.add_document(
            **papers.paper(case, world.anna, file=papers.text(words), title=register.new("file.name"))
        )
    return row, words
