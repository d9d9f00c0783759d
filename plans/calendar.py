"""Meetings and days as calendar files. Calendars are synchronised to telephones and read by others: a time and no
more."""

import uuid
from datetime import UTC, timedelta

from cases.models import Clock
from exitprogram.late import Late
from plans.models import Meeting

icalendar = Late("icalendar")
TITLE, PLACE = "Möte", "Se systemet"
TO_DO = "Att göra"


def calendar_file(meeting, *, at):
    """The bytes of one event. The same meeting keeps its UID; each change is one more in SEQUENCE."""
    return _file([_meeting(meeting, at)])


def days_file(by, *, at):
    """Everything of hers that lies ahead: her meetings by the hour, and each day on which there is something to do. One
    event a day, however much it is."""
    meetings = Meeting.objects.visible_to(by).ahead(at=at).order_by("starts_at", "pk")
    clocks = Clock.objects.visible_to(by).open().filter(owner=by)
    days = sorted({clock.day for clock in clocks})
    return _file([*(_meeting(row, at) for row in meetings), *(_day(by, day, at) for day in days)])


def _day(by, day, at):
    event = _event(uuid.uuid5(by.pk, day.isoformat()), at, TO_DO)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _meeting(meeting, at):
    event = _event(meeting.pk, at, TITLE)
    event.add("sequence", meeting.sequence)
    event.add("dtstart", _utc(meeting.starts_at))
    event.add("dtend", _utc(meeting.starts_at) + timedelta(minutes=meeting.minutes_long))
    event.add("location", PLACE)
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    return event


def _event(uid, at, title):
    event = icalendar.Event()
    event.add("uid", str(uid))
    event.add("dtstamp", _utc(at))
    event.add("summary", title)
    event.add("class", "PRIVATE")
    return event


def _file(events):
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Planering//SV")
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def _utc(moment):
    return moment.astimezone(UTC)
