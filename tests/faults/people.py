"""The world on the stage, and what must come of it: told by somebody who has never seen the sender."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection

from tests.faults import clock

WARN = (7, 1)  # days ahead, by the rule of follow-ups
ROWS = """
    SELECT n.id, n.subject_id, n.recipient_id, n.about_on, u.email, extract(epoch FROM s.made_at)::float8,
           extract(epoch FROM s.marked_at)::float8
    FROM cases_notice n JOIN tenancy_membership m ON m.id = n.recipient_id JOIN tenancy_user u ON u.id = m.user_id
    JOIN stage.seen s ON s.id = n.id
    WHERE n.subject_id = ANY (%s) AND n.about = 'clock'
"""


@dataclass(frozen=True)
class Going:
    """A clock as it was begun."""

    pk: uuid.UUID
    owner: uuid.UUID
    due_on: date

    def reminder(self, on):
        """The day of the latest reminder that has come on this day, or None."""
        days = [self.due_on - timedelta(days=ahead) for ahead in WARN]
        return max((day for day in days if day <= on), default=None)


@dataclass
class Count:
    lost: list = field(default_factory=list)
    doubled_in_app: int = 0
    doubled_mail: int = 0
    told: int = 0


class People:
    """Anna, who begins clocks for each of her colleagues in turn."""

    def __init__(self, stage, colleagues=24):
        from tests.world import World, make_partner

        self.stage = stage
        make_partner()
        self.world = World()
        self.world.consent()
        self.case = self.world.case
        names = [f"Stina Ek{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(colleagues)]
        self.owners = [self.world._member(self.world.adam, name, "social_worker") for name in names]
        self.turn, self.now = 0, None
        self.going, self.expected = [], set()
        clock.make(stage)
        self.set_time("2027-03-15 10:00:00+01")

    def set_time(self, instant):
        """The database's Swedish day from now on."""
        self.day = clock.set_time(self.stage, instant)
        self.expect()

    def expect(self):
        for going in self.going:
            if reminder := going.reminder(self.day):
                self.expected.add((going.pk, going.owner, reminder))

    def begin(self, number=1, days=5):
        """New clocks that are to remind at once, each of another colleague."""
        from cases import operations as cases
        from exitprogram.tenancy.acting import acting
        from plans.clocks import PlanClock

        connection.close()  # the server may have been killed since
        with acting(self.world.anna):
            for _one in range(number):
                owner = self.owners[self.turn % len(self.owners)]
                self.turn += 1
                made = cases.start_clock(
                    by=self.world.anna, case=self.case, kind=PlanClock.FOLLOW_UP, rule_id="plan.follow_up",
                    subject_id=uuid.uuid4(), owner=owner, due_on=self.day + timedelta(days=days),
                )  # fmt: skip
                self.going.append(Going(made.pk, owner.pk, made.due_on))
        self.expect()

    def finish_all(self):
        """Their work is done; what has been asked for still counts."""
        from cases import operations as cases
        from cases.models import Clock
        from exitprogram.tenancy.acting import acting

        connection.close()
        with acting(self.world.anna):
            for going in Clock.objects.filter(pk__in=[one.pk for one in self.going], done_at=None):
                cases.finish_clock(by=self.world.anna, case=self.case, clock=going)
        self.going = []

    # What came of it

    def missing(self):
        """What is expected and not yet told in the app and by a mail that the server has accepted."""
        rows = self._rows()
        delivered = self._delivered(rows)
        return [key for key in self.expected if not any(row[0] in delivered for row in rows.get(key, []))]

    def count(self):
        rows = self._rows()
        mails = Counter(mail.message_id for mail in self.stage.sink.mails())
        unexpected = sum(len(found) for key, found in rows.items() if key not in self.expected)
        twice = sum(len(found) - 1 for found in rows.values())
        return Count(self.missing(), twice + unexpected, sum(mails.values()) - len(mails), len(self.expected))

    def _rows(self):
        subjects = list({pk for pk, _owner, _day in self.expected})
        found = {}
        for row in self.stage.ask(ROWS, subjects):
            found.setdefault(tuple(row[1:4]), []).append(row)
        return found

    def _delivered(self, rows):
        """Marked as sent, and a mail to that very person was accepted between its birth and its mark."""
        times = {}
        for mail in self.stage.sink.mails():
            times.setdefault(mail.to, []).append(mail.at)
        return {
            row[0] for found in rows.values() for row in found
            if row[6] is not None and any(row[5] - 0.01 <= at <= row[6] + 0.5 for at in times.get(row[4], []))
        }  # fmt: skip
