"""A made-up register of any size, whose four tables agree with one another."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from monitor.charts.chart import Frames
from monitor.dates import add_months, month_end

TODAY = date(2023, 1, 16)
TARGET = date(2023, 3, 31)

TITLES = (
    "Appropriate adults at night",
    "Feedback to rural reporters",
    "Communication skills in safety training",
    "Victim personal statements offered",
    "Right outcome codes when crimes are closed",
    "Quality checks on control room decisions",
    "Care plans for detained children",
    "Farm watch contact list kept current",
    "Closing of cases without victim support",
    "Pursuing adult perpetrators: action plan",
    "Strategy discussions within a day",
    "External scrutiny panel for use of force",
    "Vetting renewals kept within their dates",
    "Digital examination in online abuse cases",
)
OWNERS = (
    "DSupt K. Lowther",
    "Supt A. Pickering",
    "DCI R. Fell",
    "Insp J. Braithwaite",
    "Head of Contact, M. Tyson",
    "",
)
BOARDS = (
    "Investigation Standards Board",
    "Vulnerability Board",
    "Custody Board",
    "Legitimacy Board",
    "Contact and Response Board",
)
REPORTS = (
    ("Demonstration: Joint inspection of police custody", date(2019, 10, 22), "day"),
    ("Demonstration: Rural crime, a national thematic", date(2021, 6, 30), "month"),
    ("Demonstration: Firearms licensing", date(2021, 11, 16), "day"),
    ("Control rooms: police contact management (title not stated in the response)", None, "unknown"),
    ("Demonstration: PEEL assessment 2021/22", date(2022, 3, 24), "day"),
)
KINDS = ("audit", "qa_check", "dip_sample", "board_minute", "policy", "assertion", "performance")


def stamps(days: list[date | None]) -> "pd.Series[pd.Timestamp]":
    """Return a column of days in seconds, with NaT for None."""
    values = [np.datetime64("NaT") if day is None else np.datetime64(day, "D") for day in days]
    return pd.Series(np.array(values, dtype="datetime64[s]"))


def made_up(rows: int = 110, *, today: date = TODAY, seed: int = 3, hostile: str = "") -> Frames:
    """Return the four tables of a made-up register as at a day, every text `hostile` if given."""
    rng = np.random.default_rng(seed)
    register: list[dict[str, object]] = []
    spells: list[tuple[str, date, date | None, bool]] = []
    targets: list[tuple[str, date, date | None, bool]] = []
    evidence: list[tuple[str, str, str, date, str]] = []
    for row in range(rows):
        reference = f"CC-{row + 1:03d}"
        opened = today - timedelta(days=int(rng.integers(20, 780)))
        first = _month_end_after(opened, int(rng.integers(4, 14)))
        if opened > today - timedelta(days=300) and rng.random() < 0.6:
            first = max(TARGET, opened + timedelta(days=60))
        dues: list[tuple[date, date]] = []
        undated = rng.random() < 0.05
        if not undated:
            dues.append((opened, first))
        closed: date | None = None
        if rng.random() < 0.62:
            after = opened + timedelta(days=int(rng.integers(60, 640)))
            closed = after if after <= today else None
        while dues and closed is None and dues[-1][1] < today and rng.random() < 0.72 and len(dues) < 5:
            was = dues[-1][1]
            moved_on = was - timedelta(days=int(rng.integers(-15, 20)))
            if moved_on > today or moved_on <= dues[-1][0]:
                break
            later = was + timedelta(days=int(rng.choice([31, 61, 92, 183, 365])))
            dues.append((moved_on, TARGET if rng.random() < 0.5 and later < TARGET else later))
        reopened = closed is not None and closed < today - timedelta(days=20) and rng.random() < 0.06
        spells.append((reference, opened, closed, False))
        times = 0
        if reopened and closed is not None:
            again = closed + timedelta(days=int(rng.integers(1, (today - closed).days)))
            spells.append((reference, again, None, True))
            closed, times = None, 1
        for position, (since, due) in enumerate(dues):
            targets.append((reference, since, due, position == 0))
        current = dues[-1][1] if dues else None
        is_open = closed is None
        late = max((today - current).days, 0) if current and is_open else 0
        grade = str(rng.choice(["none", "weak", "fair", "strong"], p=[0.3, 0.35, 0.2, 0.15]))
        items = 0 if grade == "none" else int(rng.integers(1, 4))
        for item in range(items):
            evidence.append(
                (
                    reference,
                    str(rng.choice(KINDS)),
                    grade if item == 0 else "weak",
                    today - timedelta(days=int(rng.integers(5, 500))),
                    str(rng.choice(["supports", "mixed", "contradicts", "no_result"])),
                )
            )
        register.append(
            {
                "reference": reference,
                "short_title": hostile or TITLES[row % len(TITLES)],
                "service": "A Constabulary",
                "inspection": hostile or REPORTS[row % len(REPORTS)][0],
                "inspection_id": row % len(REPORTS) + 1,
                "published_on": REPORTS[row % len(REPORTS)][1],
                "published_precision": REPORTS[row % len(REPORTS)][2],
                "owner": hostile or str(rng.choice(OWNERS, p=[0.3, 0.25, 0.15, 0.12, 0.1, 0.08])),
                "board": hostile or str(rng.choice(BOARDS)),
                "schedule_state": _state(current, closed, today),
                "days_late": late,
                "days_to_target": (current - today).days if current and is_open else None,
                "original_target": dues[0][1] if dues else None,
                "current_target": current,
                "moves": max(len(dues) - 1, 0),
                "days_slipped": (dues[-1][1] - dues[0][1]).days if dues else 0,
                "evidence_grade": grade,
                "evidence_count": items,
                "opened_on": opened,
                "closed_on": closed,
                "closure_reason": "met" if closed else "",
                "reopened": times,
                "is_open": is_open,
            }
        )
    return Frames(_register(register), _spells(spells), _targets(targets), _evidence(evidence))


def _month_end_after(day: date, months: int) -> date:
    later = add_months(day, months)
    return month_end(later.year, later.month)


def _state(current: date | None, closed: date | None, today: date) -> str:
    if closed is not None:
        return (
            "closed_no_date" if current is None else "closed_late" if closed > current else "closed_in_time"
        )
    if current is None:
        return "no_date_set"
    return "overdue" if current < today else "due_soon" if (current - today).days <= 90 else "on_course"


_DAYS = ("published_on", "original_target", "current_target", "opened_on", "closed_on")
_WORDS = (
    "reference",
    "short_title",
    "service",
    "inspection",
    "published_precision",
    "owner",
    "board",
    "schedule_state",
    "evidence_grade",
    "closure_reason",
)
_COUNTS = ("inspection_id", "days_late", "moves", "days_slipped", "evidence_count", "reopened")


def _register(rows: list[dict[str, object]]) -> pd.DataFrame:
    made: dict[str, object] = {}
    for name in _WORDS:
        made[name] = pd.Series([row[name] for row in rows], dtype="str")
    for name in _COUNTS:
        made[name] = pd.Series([row[name] for row in rows], dtype="int64")
    for name in _DAYS:
        made[name] = stamps([row[name] for row in rows])  # type: ignore[misc]
    made["days_to_target"] = pd.Series([row["days_to_target"] for row in rows], dtype="Int64")
    made["is_open"] = pd.Series([row["is_open"] for row in rows], dtype="bool")
    return pd.DataFrame(made)


def _spells(rows: list[tuple[str, date, date | None, bool]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reference": pd.Series([row[0] for row in rows], dtype="str"),
            "opened_on": stamps([row[1] for row in rows]),
            "closed_on": stamps([row[2] for row in rows]),
            "is_reopening": pd.Series([row[3] for row in rows], dtype="bool"),
        }
    )


def _targets(rows: list[tuple[str, date, date | None, bool]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reference": pd.Series([row[0] for row in rows], dtype="str"),
            "in_force_from": stamps([row[1] for row in rows]),
            "due_on": stamps([row[2] for row in rows]),
            "is_first": pd.Series([row[3] for row in rows], dtype="bool"),
            "set_by": pd.Series(["service" for _ in rows], dtype="str"),
        }
    )


def _evidence(rows: list[tuple[str, str, str, date, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reference": pd.Series([row[0] for row in rows], dtype="str"),
            "kind": pd.Series([row[1] for row in rows], dtype="str"),
            "grade": pd.Series([row[2] for row in rows], dtype="str"),
            "describes_on": stamps([row[3] for row in rows]),
            "direction": pd.Series([row[4] for row in rows], dtype="str"),
        }
    )


def nothing() -> Frames:
    """Return the four tables of a register without a row."""
    return made_up(0)
