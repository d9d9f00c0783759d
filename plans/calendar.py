"""A meeting as a calendar file. Calendars are synchronised to telephones and read by others: a time, and no more."""

from datetime import UTC, timedelta

from icalendar import Calendar, Event

TITLE, PLACE = "Möte", "Se systemet"


def calendar_file(meeting, *, at):
    """The bytes of one event. The same meeting keeps its UID; each change is one more in SEQUENCE."""
    event = Event()
    event.add("uid", str(meeting.pk))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", _utc(at))
    event.add("dtstart", _utc(meeting.starts_at))
    event.add("dtend", _utc(meeting.starts_at) + timedelta(minutes=meeting.minutes_long))
    event.add("summary", TITLE)
    event.add("location", PLACE)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Planering//SV")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return calendar.to_ical()


def _utc(moment):
    return moment.astimezone(UTC)
