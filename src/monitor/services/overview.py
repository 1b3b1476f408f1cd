"""The first screen: six figures, what changed since the last Conference, and the ten that need attention."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from monitor.analysis.balance import Balance, balance
from monitor.services.filters import count
from monitor.services.view import RegisterView

FIGURES: Final = (
    ("open", "open"),
    ("late", "late"),
    ("due_soon", "due in 90 days"),
    ("claimed", "reported complete, not assured"),
    ("no_evidence", "with no evidence"),
    ("moved", "dates moved since the last Conference"),
)
"""Named set and the words under the figure."""

NAMED: Final = 2


@dataclass(frozen=True, slots=True)
class Change:
    """
    One line of what changed.

    Attributes:
        words: What happened, after the number.
        names: Reports or recommendations named after the words, at most two.
        more: How many more of these there are.
        references: The recommendations behind the number.
    """

    count: int
    words: str
    references: tuple[str, ...]
    names: tuple[str, ...] = ()
    more: int = 0


def figures(view: RegisterView) -> list[tuple[str, int, str]]:
    """Return (named set, how many, words) for the six figures."""
    return [(show, count(view, show), words) for show, words in FIGURES]


def attention(view: RegisterView, most: int = 10) -> pd.DataFrame:
    """Return the open rows that need attention most: longest late, then claims without assurance, and so on."""
    rows = view.rows[view.rows["is_open"]]
    ordered = rows.sort_values(
        ["attention", "attention_within", "current_target", "reference"], kind="stable"
    )
    return ordered.head(most)


def nearest_target(view: RegisterView) -> tuple[date, int] | None:
    """
    Return the busiest target day within 90 days, and how many are open and due by it, late ones included.

    None when none lies ahead.
    """
    rows = view.rows[view.rows["is_open"]]
    ahead = rows.loc[rows["days_to_target"].between(0, 90).fillna(False).astype(bool), "current_target"]
    if ahead.empty:
        return None
    day = pd.Timestamp(str(ahead.value_counts().sort_index(kind="stable").idxmax()))
    return day.date(), int((rows["current_target"] <= day).sum())


def since(view: RegisterView, start: date) -> Balance:
    """Return opening, new, reopened, closed and closing counts from the end of a day to the day shown."""
    return balance(view.spells, start, view.as_at)


def changes_since(view: RegisterView, start: date) -> list[Change]:
    """Return what changed after a day and up to the day shown, one line a kind of change; nothing for none."""
    rows = view.counting
    after = pd.Timestamp(start)
    spells = view.spells
    began = spells[spells["opened_on"] > after]
    found: list[Change] = []

    def add(references: "pd.Series[str]", words: str, names: "pd.Series[str] | None" = None) -> None:
        if len(references):
            distinct = [
                n.removeprefix("Demonstration: ") for n in dict.fromkeys([] if names is None else names)
            ]
            named, more = tuple(distinct[:NAMED]), max(0, len(distinct) - NAMED)
            found.append(Change(len(references), words, tuple(references), named, more))

    new = rows[rows["reference"].isin(began.loc[~began["is_reopening"], "reference"])]
    add(new["reference"], "new, from", new["inspection"])
    ended = spells[spells["closed_on"] > after]
    closed = rows[rows["reference"].isin(ended["reference"])]
    add(ended["reference"], f"closed{_closed_words(closed)}")
    again = rows[rows["reference"].isin(began.loc[began["is_reopening"], "reference"])]
    add(again["reference"], "reopened:", again["short_title"])
    moved = rows[rows["last_moved_on"] > after]
    add(moved["reference"], "dates moved" if len(moved) != 1 else "date moved")
    assured = rows[(rows["assured_on"] > after) & (rows["assurance"] == "assured")]
    add(assured["reference"], "assured by the office")
    claimed = rows[
        (rows["force_reported_on"] > after) & (rows["force_report"] == "complete") & rows["is_open"]
    ]
    add(claimed["reference"], "reported complete by the force")
    fallen = rows[rows["is_open"] & (rows["days_late"] > 0) & (rows["current_target"] >= after)]
    add(fallen["reference"], "newly late")
    return found


def _closed_words(closed: pd.DataFrame) -> str:
    still = closed[closed["closed_on"].notna()]
    if still.empty:
        return ""
    in_time = int((still["schedule_state"] == "closed_in_time").sum())
    if in_time == len(still):
        return ", all in time" if len(still) > 1 else " in time"
    return f", {in_time or 'none'} of them in time"
