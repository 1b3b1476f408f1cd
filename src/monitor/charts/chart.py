"""What a chart is: a finding, what is counted, a drawing, its balance and the table behind it."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from monitor.charts.drawing import Drawing
from monitor.charts.wording import at_most
from monitor.dates import long_date

ALT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Frames:
    """The tables that charts are drawn from, as at one day; only rows that count (none *for others only*)."""

    register: pd.DataFrame
    spells: pd.DataFrame
    targets: pd.DataFrame
    evidence: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Chart:
    """
    One chart with every word that goes with it, in plain text.

    Attributes:
        name: Its name in the catalogue and on the command line.
        finding: The computed sentence that heads it, without a full stop.
        counted: What is counted, of what: the gray line.
        drawing: What is drawn; None when there is nothing to draw, and then the finding says why.
        balance: The sum that the table beneath comes to; "" when nothing is counted.
        method: How it was worked out, in a sentence or two; may be "".
        source: Where it comes from and as at which day.
        alt: The chart for a person who cannot see it, at most 300 characters.
        table: The rows behind it, with readable headings; days are days, missing is missing.
        height: Height of the drawing on the screen in pixels; 0 without one.
    """

    name: str
    finding: str
    counted: str
    drawing: Drawing | None
    balance: str
    method: str
    source: str
    alt: str
    table: pd.DataFrame
    height: int

    @property
    def captions(self) -> tuple[str, ...]:
        """The gray lines beneath: the balance with the method, then the source."""
        return tuple(line for line in (f"{self.balance} {self.method}".strip(), self.source) if line)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.drawing is None


@dataclass(frozen=True, slots=True)
class AsAt:
    """The day the tables are as at, whether they are a demonstration, and whose register they come from."""

    today: date
    demonstration: bool
    office: str

    def source(self) -> str:
        """Return "Source: the office's register, as at 16 January 2023. Demonstration data."."""
        note = " Demonstration data." if self.demonstration else ""
        return f"Source: {self.office}'s register, as at {long_date(self.today)}.{note}"


def make_chart(
    as_at: AsAt,
    name: str,
    finding: str,
    counted: str,
    table: pd.DataFrame,
    *,
    drawing: Drawing | None = None,
    balance: str = "",
    method: str = "",
    facts: str = "",
) -> Chart:
    """Return a chart with its source line and its alternative text: the finding, then the facts."""
    return Chart(
        name=name,
        finding=finding,
        counted=counted,
        drawing=drawing,
        balance=balance,
        method=method,
        source=as_at.source(),
        alt=at_most(f"{finding}. {facts}".strip(), ALT_LENGTH),
        table=table,
        height=drawing.height if drawing else 0,
    )
