"""Calendars as other programs read them, read back by a reader of its own."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from monitor.exporters.document import printable
from monitor.exporters.to_ics import Appointment, ics_bytes

AT = datetime(2023, 1, 16, 12, tzinfo=UTC)


def read_back(content: bytes) -> list[dict[str, object]]:
    """Return the days of a calendar as a program finds them."""
    found = Calendar.from_ical(content)
    return [
        {
            "uid": str(event["uid"]),
            "on": event.decoded("dtstart"),
            "until": event.decoded("dtend"),
            "title": str(event["summary"]),
            "status": str(event.get("status", "")),
        }
        for event in found.walk("VEVENT")
    ]


def test_a_day_is_a_whole_day() -> None:
    """It ends, as the standard has it, with the day after."""
    content = ics_bytes("Days", [Appointment("a@x", date(2024, 2, 29), "Due")], made_at=AT)

    assert read_back(content) == [
        {"uid": "a@x", "on": date(2024, 2, 29), "until": date(2024, 3, 1), "title": "Due", "status": ""}
    ]


def test_what_is_cancelled_says_so() -> None:
    """A program that has it already takes it away."""
    content = ics_bytes("Days", [Appointment("a@x", date(2024, 2, 29), "Due", is_cancelled=True)], made_at=AT)

    assert read_back(content)[0]["status"] == "CANCELLED"


@given(st.text(max_size=200), st.text(max_size=60))
def test_whatever_people_wrote_stays_one_entry(title: str, name: str) -> None:
    """Line breaks, commas, colons and lines that look like iCalendar are text; the same gives the same bytes."""
    title = f"{title}\r\nEND:VEVENT\nBEGIN:VEVENT"
    made = [ics_bytes(name, [Appointment("a@x", AT.date(), title)], made_at=AT) for _ in range(2)]

    assert made[0] == made[1]
    assert [one["title"] for one in read_back(made[0])] == [printable(title)]
    assert all(len(line) <= 75 for line in made[0].split(b"\r\n"))
