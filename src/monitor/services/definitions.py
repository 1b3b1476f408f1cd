"""Everything printed on *How this is worked out*: taken from the code that applies it, so the two cannot differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.analysis.changes import ChangeKind
from monitor.domain.access import ALLOWED, WORDS, Permission, Role
from monitor.domain.deadlines import deadline_rules
from monitor.domain.entries import ClosureStage, TargetStage
from monitor.domain.evidence import FRESH_DAYS, RUBRIC, CheckedBy, Direction, EvidenceKind, Grade
from monitor.domain.meetings import ActionStage, Outcome
from monitor.domain.questions import ASKED_MAX, RULES
from monitor.domain.record import LATE_ENTRY_DAYS, REASON_MIN, SHORT_TITLE_MAX
from monitor.domain.response_desk import Explains, ResponseState
from monitor.domain.responses import CLOCKS
from monitor.domain.schedule import DUE_SOON_DAYS, FORECAST_AT_LEAST, FORECAST_SHARE
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ClosureReason,
    ForceReport,
    Kind,
    MoveCategory,
    Position,
    Precision,
    ScheduleState,
    SetBy,
    Vocabulary,
)
from monitor.domain.wording import capitalised, listed
from monitor.services.filters import SHOWS
from monitor.settings import Settings


@dataclass(frozen=True, slots=True)
class Defined:
    """One word with its meaning; `member` where it has a mark."""

    word: str
    meaning: str
    member: Vocabulary | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One vocabulary, rubric or set of rules: its heading, who says it, the headings of its table, its rows."""

    key: str
    title: str
    said: str
    headings: tuple[str, str]
    rows: Sequence[Defined]


_MARKED: Final = ("Mark and word", "What it means")
_PLAIN: Final = ("Word", "What it means")


def _vocabulary(
    key: str, title: str, said: str, words: type[Vocabulary], headings: tuple[str, str] = _MARKED
) -> Section:
    return Section(key, title, said, headings, [Defined(m.word, m.meaning, m) for m in words])


def sections(settings: Settings) -> list[Section]:
    """Return every section, in the order of the page."""
    titles = settings.titles
    return [
        _vocabulary("schedule", "Schedule", "Computed each day from the dates and the day of closing; never typed.", ScheduleState),
        _vocabulary("force", "The force reports", f"Said by the {titles.chief_officer}’s team.", ForceReport),
        _vocabulary("office", "The office is assured", f"Decided by the office of the {titles.head_of_office}.", Assurance),
        _vocabulary("inspectorate", "The inspectorate’s position", "Taken from its letters, reports and register.", Position),
        _vocabulary("grade", "How strong the evidence is", "Worked out from the facts recorded with each item.", Grade),
        Section("rubric", "The rubric behind it", "What counts, and for how much.", ("Fact", "Rule"), [Defined(*r) for r in RUBRIC]),
        _vocabulary("direction", "What evidence shows", "Said by whoever adds it.", Direction),
        _vocabulary("kinds", "Kinds of evidence", "Said by whoever adds it.", EvidenceKind, _PLAIN),
        _vocabulary("checked", "Who checked it", "Said by whoever adds it.", CheckedBy, _PLAIN),
        _vocabulary("reasons", "How it ended", "Proposed by one person, agreed by a second, of the office.", ClosureReason, _PLAIN),
        _vocabulary("steps", "Steps of closing", "Each is dated and stays.", ClosureStage, _PLAIN),
        _vocabulary("targets", "Steps of a target date", "The list only grows; the first date survives for ever.", TargetStage, _PLAIN),
        _vocabulary("setters", "Who set a date", "Kept with each date.", SetBy, _PLAIN),
        _vocabulary("categories", "Why a date moves", f"Beside a reason of at least {REASON_MIN} characters.", MoveCategory, _PLAIN),
        _vocabulary("precision", "How exactly a day is known", "A month is kept as a month.", Precision, _PLAIN),
        _vocabulary("findings", "Kinds of finding", "As the report calls it.", Kind, _PLAIN),
        _vocabulary("applicability", "For whom it is", "Decided by the office, with a reason.", Applicability, _PLAIN),
        Section("questions", "What prompts a question", f"In the order in which they are asked; a meeting begins with {ASKED_MAX} at most.",
                ("Reason", "When it holds, and why it stands there"), [Defined(r.trigger.word, f"{r.trigger.meaning} {r.stands}") for r in RULES]),
        _vocabulary("outcomes", "What came of a question", "Recorded by the office at the meeting.", Outcome),
        _vocabulary("actions", "Steps of an action", "Its owner reports; the office decides. The day first agreed survives.", ActionStage),
        _vocabulary("responses", "How far a response has come", "Each state has its own day; an approval is of exact texts, and ends when anything is changed.", ResponseState, _PLAIN),
        _vocabulary("explanations", "What is said to a recommendation", "One of these for each that is ours (Police Act 1996, section 55(5B)).", Explains, _PLAIN),
        Section("clocks", "Clocks by which a report is answered", "Section 55 always runs; another runs where it is switched on here.", ("Clock", "How it is counted"),
                [Defined(clock.name, f"{capitalised(clock.rule)}. {clock.source}") for clock in CLOCKS]),
        Section("sets", "The figures and what they count", "Each figure opens exactly these rows.", ("Figure", "Counts"),
                [Defined(show.word, show.meaning) for show in (one.called(titles) for one in SHOWS.values())]),
        _vocabulary("changes", "What changed between two days", "Told since the last meeting, from the end of one day to the end of the other.", ChangeKind, _PLAIN),
        Section("rules", "Rules", "What the product does by itself.", ("Rule", "How it goes"), _rules(settings)),
        Section("deadlines", "How a printed deadline is read", "A proposal, with the phrase beside it; a person confirms it.",
                ("As printed", "Read as"), [Defined(r.printed, f"{r.reading} {r.why}") for r in deadline_rules()]),
        Section("access", "Who may do what", "Granted by service.", ("Role", "May"),
                [Defined(role.word, _allowed(role)) for role in Role]),
    ]  # fmt: skip


def _allowed(role: Role) -> str:
    return ", ".join(WORDS[p] for p in Permission if p in ALLOWED[role]).capitalize() + "."


def _rules(settings: Settings) -> list[Defined]:
    titles = settings.titles
    return [
        Defined("Balance", "Open at the beginning + new + reopened − closed = open at the end, for any two days."),
        Defined("Recorded later", "What happened up to the first of two days and was recorded after it stands apart from what happened since; where it changes the count that was told on that day, both counts are given."),
        Defined("Closing", "Takes a proposal that names evidence and a second person, of the office. Met takes a closure test as well."),
        Defined("Moving a date", "The force asks, with a reason and a category; nothing moves until the office agrees. A request made after the date had passed is marked for ever."),
        Defined("Days slipped", "Calendar days from the date first set to the date in force."),
        Defined("Due soon", f"Within {DUE_SOON_DAYS} calendar days, the last day included. A date is met if the thing is done on the day itself."),
        Defined("Forecast late", f"Of at least {FORECAST_AT_LEAST} recommendations that had been open as long, fewer than {FORECAST_SHARE:.0%} closed within the days left."),
        Defined("Forecast of closings", "2,000 replays of the closings of the last 12 months, week by week; the fan holds 8 in 10 of them. With fewer than 6 closings in 12 months nothing is forecast."),
        Defined("Fresh evidence", f"Describes a day within {FRESH_DAYS} days of the day of reading."),
        Defined("Update due", f"Every {settings.update_every_days} days while something is open. What the office asked for comes first."),
        Defined("Attention", "The longest late first, then claims of which the office is not assured, weakest evidence first, then what is forecast late, then the longest silent."),
        Defined("Two days on everything", f"The day it happened on is given by a person; the moment it was recorded is the server’s. An entry recorded more than {LATE_ENTRY_DAYS} days later says so."),
        Defined("As at a past day", "Only what had been recorded by the end of that day in London is shown."),
        Defined("For others only", "What is addressed to other bodies is listed and counted apart, and never dropped."),
        Defined("Statutory last day", "The day of publication is the first of 56 days, so the last is 55 days later; weekends and holidays count (Police Act 1996, section 55(5A)). Where only a month is known, nothing is computed."),
        Defined("Warnings before it", f"{listed([str(days) for days in settings.response_warnings])} days ahead. A response is in time on the last day itself; late is told by the days after it."),
        Defined("Short titles", f"Given by a person at intake, at most {SHORT_TITLE_MAX} characters. The printed words are never edited."),
        Defined("History", "Every change is one row that carries the hash of the row before it. Anyone can check it with the command monitor verify."),
        Defined(titles.conference_short, f"The {titles.conference}; what has changed is counted from the last one."),
    ]  # fmt: skip
