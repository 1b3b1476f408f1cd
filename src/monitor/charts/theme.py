"""
Every colour and every mark of the product; no page holds either.

A *mark* is what stands beside a status word so that colour never speaks alone: a glyph for the
grid, charts and Word, an icon for the screen, and the name of a colour as Streamlit's own
markdown knows it (`:red[...]`), which the theme of the app turns into the tones below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from monitor.domain.evidence import Direction, Grade
from monitor.domain.meetings import ActionStage, Outcome
from monitor.domain.statuses import Assurance, ForceReport, Position, ScheduleState, Standing

ColourName = Literal["red", "orange", "green", "blue", "gray", ""]
ThemeName = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A glyph, a Material Symbols icon and the name of a colour; an empty colour is plain ink."""

    glyph: str
    icon: str
    colour: ColourName

    def markdown(self, words: str) -> str:
        """Return Streamlit markdown with the icon before the words, in the mark's colour."""
        inside = f":material/{self.icon}: {words}"
        return f":{self.colour}[{inside}]" if self.colour else inside

    def text(self, words: str) -> str:
        """Return the glyph and the words, for a grid cell, a chart, Word or a text file."""
        return f"{self.glyph} {words}".strip()


MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        ScheduleState.OVERDUE: Mark("▲", "warning", "red"),
        ScheduleState.FORECAST_LATE: Mark("△", "change_history", "orange"),
        ScheduleState.DUE_SOON: Mark("◆", "schedule", "orange"),
        ScheduleState.PAST_FIRST_DATE: Mark("▷", "history", "gray"),
        ScheduleState.ON_COURSE: Mark("○", "circle", "blue"),
        ScheduleState.NO_DATE_SET: Mark("–", "event_busy", "gray"),
        ScheduleState.FOR_OTHERS: Mark("×", "block", "gray"),
        ScheduleState.CLOSED_IN_TIME: Mark("✓", "check_circle", "green"),
        ScheduleState.CLOSED_LATE: Mark("✓", "check_circle", "gray"),
        ScheduleState.CLOSED_NO_DATE: Mark("✓", "check_circle", "gray"),
        ForceReport.NOT_STARTED: Mark("○", "circle", "gray"),
        ForceReport.IN_PROGRESS: Mark("◉", "contrast", "blue"),
        # A claim, not a fact: blue. Green is kept for the office, the inspectorate and a closing in time.
        ForceReport.COMPLETE: Mark("●", "task_alt", "blue"),
        ForceReport.NO_LONGER_RELEVANT: Mark("–", "do_not_disturb_on", "gray"),
        ForceReport.NOT_FOR_THIS_FORCE: Mark("×", "block", "gray"),
        Assurance.NOT_LOOKED_AT: Mark("○", "circle", "gray"),
        Assurance.NOT_ASSURED: Mark("✗", "cancel", "red"),
        Assurance.PARTLY_ASSURED: Mark("◉", "contrast", "orange"),
        Assurance.ASSURED: Mark("✓", "verified", "green"),
        Position.OPEN: Mark("○", "circle", "gray"),
        Position.AWAITING_REVIEW: Mark("◌", "hourglass_empty", "blue"),
        Position.BEING_PROGRESSED: Mark("◉", "pending", "blue"),
        Position.CLOSED: Mark("✓", "check_circle", "green"),
        Position.NO_FURTHER_ACTION: Mark("✓", "check_circle", "gray"),
        Position.SUPERSEDED: Mark("→", "swap_horiz", "gray"),
        Direction.SUPPORTS: Mark("✓", "check_circle", "green"),
        Direction.MIXED: Mark("◉", "contrast", "orange"),
        Direction.CONTRADICTS: Mark("✗", "cancel", "red"),
        Direction.NO_RESULT: Mark("○", "circle", "gray"),
        Standing.NEW: Mark("+", "add_circle", "blue"),
        Standing.CHANGED: Mark("≠", "edit", "orange"),
        Standing.UNCHANGED: Mark("=", "equal", "gray"),
        Standing.DOUBTFUL: Mark("?", "help", "orange"),
        Outcome.ANSWERED: Mark("✓", "check_circle", "green"),
        Outcome.ACTION_AGREED: Mark("→", "arrow_circle_right", "blue"),
        Outcome.BRING_BACK: Mark("◌", "replay", "orange"),
        # What its owner reports is a claim, as of a recommendation; done it is when the office agrees.
        ActionStage.REPORTED: Mark("●", "task_alt", "blue"),
        ActionStage.DONE: Mark("✓", "check_circle", "green"),
        ActionStage.SENT_BACK: Mark("◌", "replay", "orange"),
        ActionStage.MOVED: Mark("▷", "history", "gray"),
        ActionStage.WITHDRAWN: Mark("–", "do_not_disturb_on", "gray"),
        # Evidence grades are words in ink, never a colour or a score.
        Grade.NONE: Mark("", "scale", ""),
        Grade.WEAK: Mark("", "scale", ""),
        Grade.FAIR: Mark("", "scale", ""),
        Grade.STRONG: Mark("", "scale", ""),
    }
)
"""The mark of every member, found by the member or by its stored value: none of these share a value."""

ASKED_AFTER_EXPIRY = Mark("▲", "warning", "red")
RESTRICTED = Mark("–", "lock", "gray")
MOVED = Mark("▷", "history", "gray")
EVIDENCE = Mark("", "scale", "")


class Role(StrEnum):
    """What a colour is for in a drawing; a theme says which colour that is."""

    INK = "ink"
    SOFT = "soft"
    ACCENT = "accent"
    FAN_INNER = "fan_inner"
    FAN_OUTER = "fan_outer"
    LATE = "late"
    LATE_TEXT = "late_text"
    LATE_AREA = "late_area"
    DUE_SOON = "due_soon"
    ASSURED = "assured"
    GHOST = "ghost"
    REST = "rest"
    GRID = "grid"
    AXIS = "axis"
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class ChartTheme:
    """The tones of one theme, by role; `ground` is what lies behind a hollow ring."""

    name: ThemeName
    tones: Mapping[Role, str]

    def __getitem__(self, role: Role) -> str:
        """Return the tone of a role as a hex value or an rgba() value."""
        return self.tones[role]


LIGHT = ChartTheme(
    "light",
    MappingProxyType(
        {
            Role.INK: "#1A2129",
            Role.SOFT: "#55606B",
            Role.ACCENT: "#1B4B82",
            Role.FAN_INNER: "#D3DFEE",
            Role.FAN_OUTER: "#E9F0F8",
            Role.LATE: "#B5341F",
            Role.LATE_TEXT: "#A32A17",
            Role.LATE_AREA: "rgba(181,52,31,0.14)",
            Role.DUE_SOON: "#D9902B",
            Role.ASSURED: "#1C7A66",
            Role.GHOST: "#A9ABA8",
            Role.REST: "#C7CFD8",
            Role.GRID: "#ECE9E2",
            Role.AXIS: "#C9C4B8",
            Role.GROUND: "#FFFFFF",
        }
    ),
)
DARK = ChartTheme(
    "dark",
    MappingProxyType(
        {
            Role.INK: "#E9E6DF",
            Role.SOFT: "#A9B1BA",
            Role.ACCENT: "#8FB9EC",
            Role.FAN_INNER: "#2B405A",
            Role.FAN_OUTER: "#1E2B3B",
            Role.LATE: "#F0806A",
            Role.LATE_TEXT: "#FF9F8C",
            Role.LATE_AREA: "rgba(240,128,106,0.22)",
            Role.DUE_SOON: "#E5AC55",
            Role.ASSURED: "#5DBDA2",
            Role.GHOST: "#6B747E",
            Role.REST: "#3C4753",
            Role.GRID: "#262D35",
            Role.AXIS: "#4A545F",
            Role.GROUND: "#13171C",
        }
    ),
)
THEMES: Mapping[ThemeName, ChartTheme] = MappingProxyType({"light": LIGHT, "dark": DARK})

STATUS_TEXT: Mapping[ThemeName, Mapping[ColourName, str]] = MappingProxyType(
    {
        "light": MappingProxyType(
            {
                "red": "#A32A17",
                "orange": "#87500A",
                "green": "#0F6151",
                "blue": "#1B4B82",
                "gray": "#55606B",
                "": "#1A2129",
            }
        ),
        "dark": MappingProxyType(
            {
                "red": "#FF9F8C",
                "orange": "#F2C27A",
                "green": "#84D3BA",
                "blue": "#9CC3F2",
                "gray": "#A9B1BA",
                "": "#E9E6DF",
            }
        ),
    }
)
"""The tone of status words and marks where Streamlit's names do not reach: Word, PDF, the public page."""


def mark_of(member: str) -> Mark:
    """Return the mark of a status member or of its stored value; an unknown word has an empty mark in ink."""
    return MARKS.get(member, Mark("", "", ""))
