"""The pack for a meeting: what to ask, what changed, what is late or unproved, and a page for each recommendation asked about."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

import pandas as pd

from monitor.analysis.changes import Change, ChangeKind, Group
from monitor.charts.chart import Chart
from monitor.charts.picture import BARE_A4, to_picture
from monitor.charts.theme import mark_of
from monitor.dates import days_words, london_day, long_date, short_date
from monitor.domain.entries import TargetStage
from monitor.domain.evidence import Grade, grade_item
from monitor.domain.meetings import ActionState
from monitor.domain.questions import Question
from monitor.domain.statuses import (
    Assurance,
    ForceReport,
    Kind,
    MoveCategory,
    Position,
    ScheduleState,
    Vocabulary,
)
from monitor.domain.wording import (
    DEMONSTRATION,
    capitalised,
    counted,
    meeting_name,
    moves_words,
    schedule_words,
    shortened,
)
from monitor.exporters.document import (
    Block,
    Bullets,
    Column,
    Contents,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Span,
    Table,
    Text,
)
from monitor.packs.drawing import draw_chart
from monitor.services.definitions import sections
from monitor.services.filters import Filter, select
from monitor.services.overview import finding
from monitor.services.packs import PackFacts
from monitor.services.reading import RecommendationView
from monitor.settings import Settings, Titles

MOST_ROWS: Final = 40
"""Rows of one table; beyond them the register itself is the better place, and the pack says how many there are."""

MOST_BEHIND_A_CHART: Final = 15
"""Rows behind a chart that are printed beneath it; `monitor chart NAME --json` gives them all."""

MOST_EVIDENCE: Final = 5
"""Items of evidence on the page of a recommendation, so that it stays one page."""

CHARTS: Final = ("burn-up", "open-late", "kept-dates", "evidence-grade")
EVERYTHING: Final = Filter(show="everything")
DEFINED: Final = ("schedule", "force", "office", "inspectorate", "grade", "reasons")
"""The sections of *How this is worked out* that a reader of the pack needs."""


def conference_document(facts: PackFacts, settings: Settings) -> Document:
    """Return the pack of a meeting. The same facts give the same document."""
    meeting, view, titles = facts.meeting, facts.view, settings.titles
    name = meeting_name(meeting.kind, titles)
    demonstration = (
        ("Demonstration data: the activity, the people and the figures are invented.",)
        if view.is_demonstration
        else ()
    )
    return Document(
        title=name,
        subtitle="\n".join(filter(None, [meeting.service, long_date(meeting.on), meeting.place])),
        author=view.office,
        subject=f"{name}, {meeting.service}, {long_date(meeting.on)}",
        made_at=facts.known_at,
        cover=(
            capitalised(f"{_as_at(facts)}."),
            f"What has changed is counted from {long_date(facts.since.start)}.",
            f"Prepared by {facts.made_by} for {view.office}.",
            *demonstration,
        ),
        blocks=tuple(_blocks(facts, settings)),
        footer=f"{name}, {long_date(meeting.on)}",
        fingerprint=f"Known at {facts.known_at:%d %B %Y, %H:%M} UTC. History of the register: {facts.head}",
    )


def _as_at(facts: PackFacts) -> str:
    """Return the day shown; seen from the moment at which it was made, so that it says the same ever after."""
    day = facts.view.as_at
    past = ", as it was then known" if day < london_day(facts.known_at) else ""
    return f"as at {long_date(day)}{past}"


def _blocks(facts: PackFacts, settings: Settings) -> Iterator[Block]:
    yield from _summary(facts, settings.titles)
    yield Contents(depth=1)
    yield from _questions(facts)
    yield from _since(facts)
    yield from _late(facts)
    yield from _claims(facts)
    yield from _moved(facts)
    yield from _responses(facts)
    yield from _actions(facts)
    yield from _charts(facts)
    yield from _annex(facts)
    yield from _definitions(facts, settings)


# Page one


def _summary(facts: PackFacts, titles: Titles) -> Iterator[Block]:
    view, rows = facts.view, facts.view.rows
    yield Heading("In two minutes", anchor="summary")
    yield Paragraph(finding(view), "lead")
    late, claimed = select(view, Filter(show="late")), select(view, Filter(show="claimed"))
    weak = claimed["evidence_grade"].isin([Grade.NONE.value, Grade.WEAK.value]).sum()
    figures: list[tuple[Text, Text]] = [
        (f"{int(rows['is_open'].sum()):,}", "open"),
        (f"{len(late):,}", "late" + (f", the longest by {days_words(int(late['days_late'].max()))}" if len(late) else "")),
        (f"{len(claimed):,}", f"reported complete of which the office is not yet assured; {_none_or(int(weak))} with weak evidence or none"),
        (f"{facts.since.group(ChangeKind.MOVED).count:,}", f"dates moved since {long_date(facts.since.start)}"),
        (f"{_open_actions(facts):,}", "actions from earlier meetings still open"),
        (f"{len(facts.questions):,}", "questions follow"),
    ]  # fmt: skip
    yield Facts(tuple(figures))
    yield Paragraph(f"{facts.since.balance.line()}.")
    if facts.since.correction:
        yield Paragraph(facts.since.correction)
    told = [_told(group) for group in facts.since.groups if group.changes]
    if told:
        yield Paragraph(
            (Span(f"Since {long_date(facts.since.start)}: ", bold=True), Span(f"{'; '.join(told)}."))
        )
    if facts.responses:
        first = facts.responses[0]
        assert first.last_day is not None  # noqa: S101 - only those with a last day are listed
        yield Paragraph(
            f"{capitalised(counted(len(facts.responses), 'statutory response'))} "
            f"{'is' if len(facts.responses) == 1 else 'are'} due, the first by {long_date(first.last_day)}: "
            f"{_report(first.report.title)}."
        )


_SAID: Final = {
    ChangeKind.NEW: ("new", "new"),
    ChangeKind.CLAIMED: ("reported complete", "reported complete"),
    ChangeKind.UNCLAIMED: ("no longer reported complete", "no longer reported complete"),
    ChangeKind.ASSURED: ("assured", "assured"),
    ChangeKind.NOT_ASSURED: ("weighed and not assured", "weighed and not assured"),
    ChangeKind.CLOSED: ("closed", "closed"),
    ChangeKind.REOPENED: ("reopened", "reopened"),
    ChangeKind.MOVED: ("date moved", "dates moved"),
    ChangeKind.LATE: ("newly late", "newly late"),
    ChangeKind.FORECAST_LATE: ("newly forecast late", "newly forecast late"),
    ChangeKind.SILENT: ("newly without an update", "newly without an update"),
    ChangeKind.EVIDENCE: ("item of evidence added", "items of evidence added"),
    ChangeKind.CONTRADICTED: ("contradicted by evidence", "contradicted by evidence"),
    ChangeKind.POSITION: ("position of the inspectorate", "positions of the inspectorate"),
}
"""What follows the number in a summary: for one, and for several."""


def _told(group: Group) -> str:
    """Return one clause of the summary: "4 closed (3 met, 1 overtaken)"."""
    one, several = _SAID[group.kind]
    words = f"{group.count:,} {one if group.count == 1 else several}"
    if group.kind is ChangeKind.CLOSED:
        reasons = ", ".join(
            f"{many:,} {getattr(why, 'word', str(why)).lower()}" for why, many in group.by("reason")
        )
        return f"{words} ({reasons})" if reasons else words
    if group.kind is ChangeKind.MOVED:
        after = sum(bool(change.detail.get("after_expiry")) for change in group.changes)
        return f"{words}, {after:,} of them asked for after the date had passed" if after else words
    return words


def _open_actions(facts: PackFacts) -> int:
    return sum(state.is_open for state in facts.actions)


# What to ask


def _questions(facts: PackFacts) -> Iterator[Block]:
    yield Heading("What to ask", anchor="questions", new_page=True)
    if not facts.questions:
        yield Paragraph("No rule asks for a question, and nobody has added one.")
        return
    yield Paragraph(
        "The questions in the order in which they will be put, each with the facts that prompt it.", "small"
    )
    pages = {seen.record.reference for seen in facts.annex}
    for number, question in enumerate(facts.questions, start=1):
        yield Heading(f"{number}. {question.title}", level=2)
        yield Paragraph(question.text, "lead")
        if question.facts:
            yield Facts(tuple((fact.figure, fact.words) for fact in question.facts))
        yield Paragraph(_question_notes(question, pages), "small")


def _question_notes(question: Question, pages: Iterable[str]) -> tuple[Span, ...]:
    """Return why it is asked, what to ask next, and where to read on."""
    parts: list[Span] = []
    if question.why:
        parts.append(Span(f"{question.why} "))
    if question.follow_up:
        parts += [
            Span(f"If the answer is “{question.follow_up_if}”: ", italic=True),
            Span(f"{question.follow_up} "),
        ]
    for reference in question.references:
        parts.append(Span(reference, link=f"#{_anchor(reference)}" if reference in pages else ""))
        parts.append(Span(" "))
    return tuple(parts) or (Span("Added by the office."),)


def _anchor(reference: str) -> str:
    return f"annex-{reference}"


# Since last time


def _since(facts: PackFacts) -> Iterator[Block]:
    since = facts.since
    yield Heading("Since last time", anchor="since", new_page=True)
    yield Paragraph(f"{long_date(since.start)} to {long_date(since.end)}. {since.balance.line()}.")
    for said in (since.note, since.correction):
        if said:
            yield Paragraph(said)
    if since.restated:
        rows = tuple((c.reference, c.short_title, capitalised(c.words)) for c in since.restated)
        yield from _table("What corrects the opening count", _NAMED, rows)
    if not any(group.changes for group in since.groups):
        yield Paragraph("Nothing has changed.")
    for group in since.groups:
        if group.changes:
            yield Heading(f"{group.kind.word}: {group.count:,}", level=2)
            yield from _table(group.kind.meaning, _CHANGED, [_change_row(change) for change in group.changes])


_NAMED: Final = (Column("Ref", width=0.8), Column("Recommendation", width=2), Column("What", width=4))
_CHANGED: Final = (
    Column("Ref", width=0.8),
    Column("Recommendation", width=2),
    Column("Day", width=1.1),
    Column("What", width=3.3),
)


def _change_row(change: Change) -> tuple[Text, ...]:
    return change.reference, change.short_title, short_date(change.on), capitalised(_report(change.words))


# Late, at risk, claimed, moved


def _late(facts: PackFacts) -> Iterator[Block]:
    late = select(facts.view, Filter(show="late")).sort_values(
        ["days_late", "reference"], ascending=[False, True]
    )
    risk = facts.view.rows[
        facts.view.rows["is_open"] & (facts.view.rows["schedule_state"] == ScheduleState.FORECAST_LATE.value)
    ]
    yield Heading("Late and at risk", anchor="late", new_page=True)
    yield from _listing("Late, the longest first", late, "Nothing is late.")
    if len(risk):
        yield Heading("Forecast late", level=2)
        yield from _listing("Open, and forecast to close after their date", risk, "")


_SCHEDULED: Final = (
    Column("Ref", width=0.8),
    Column("Recommendation", width=2.2),
    Column("Owner", width=1.3),
    Column("Date", width=1.2),
    Column("First set", width=1.2),
    Column("Schedule", width=1.4),
    Column("Moves", "right", width=0.9),
)


def _listing(caption: str, rows: pd.DataFrame, empty: str) -> Iterator[Block]:
    if rows.empty:
        yield Paragraph(empty)
        return
    yield from _table(caption, _SCHEDULED, [_schedule_row(row) for row in rows.to_dict("records")])


def _schedule_row(row: dict[object, object]) -> tuple[Text, ...]:
    state = ScheduleState(str(row["schedule_state"]))
    said = schedule_words(state, days_late=int(str(row["days_late"])))
    return (
        str(row["reference"]),
        str(row["short_title"]),
        str(row["owner"]) or "nobody",
        _day(row["current_target"]),
        _day(row["original_target"]) if row["original_target"] != row["current_target"] else "",
        mark_of(state).text(said),
        f"{row['moves']}" if row["moves"] else "",
    )


def _claims(facts: PackFacts) -> Iterator[Block]:
    rows = select(facts.view, Filter(show="claimed")).sort_values(["force_reported_on", "reference"])
    yield Heading("Claims to verify", anchor="claims")
    if rows.empty:
        yield Paragraph("The force reports nothing complete of which the office is not assured.")
        return
    columns = (
        Column("Ref", width=0.8),
        Column("Recommendation", width=2.2),
        Column("Reported complete", width=1.2),
        Column("Office", width=1.4),
        Column("Evidence", width=1),
        Column("What the office asked to see", width=2.4),
    )
    listed_rows = [
        (
            str(row["reference"]),
            str(row["short_title"]),
            _day(row["force_reported_on"]),
            _word(Assurance(row["assurance"])),
            _word(Grade(row["evidence_grade"])),
            shortened(str(row["asked"]), 160),
        )
        for row in rows.to_dict("records")
    ]
    yield from _table("Reported complete by the force; the office is not assured", columns, listed_rows)


def _moved(facts: PackFacts) -> Iterator[Block]:
    moves = facts.since.group(ChangeKind.MOVED).changes
    yield Heading("Dates moved", anchor="moved")
    if not moves:
        yield Paragraph(f"No date has moved since {long_date(facts.since.start)}.")
        return
    columns = (
        Column("Ref", width=0.8),
        Column("Recommendation", width=1.9),
        Column("From", width=1.1),
        Column("To", width=1.1),
        Column("Days", "right", width=0.6),
        Column("Reason", width=2.6),
        Column("Asked for", width=1.1),
    )
    yield from _table(
        "Dates that came into force since last time", columns, [_move_row(change) for change in moves]
    )


def _move_row(change: Change) -> tuple[Text, ...]:
    detail = change.detail
    days, category = detail.get("days") or 0, detail.get("category")
    why = f"{category.word}: " if isinstance(category, MoveCategory) else ""
    return (
        change.reference,
        change.short_title,
        _day(detail.get("from_on")),
        _day(detail.get("to_on")),
        f"+{days:,}" if days >= 0 else f"−{-days:,}",
        shortened(f"{why}{detail.get('reason') or 'no reason recorded'}", 200),
        "after the date had passed" if detail.get("after_expiry") else "in time",
    )


# Responses and actions


def _responses(facts: PackFacts) -> Iterator[Block]:
    yield Heading("Statutory responses due", anchor="responses")
    if not facts.responses:
        yield Paragraph("No response is due under section 55 of the Police Act 1996.")
        return
    columns = (
        Column("Report", width=3),
        Column("Published"),
        Column("Last day"),
        Column("Days left", "right", 0.7),
    )
    rows = [
        (
            _report(row.report.title),
            row.report.published_words,
            long_date(row.last_day) if row.last_day else "",
            f"{row.days_left:,}",
        )
        for row in facts.responses
    ]
    yield from _table(
        "Comments must be published within 56 days, the day of publication being the first", columns, rows
    )


def _actions(facts: PackFacts) -> Iterator[Block]:
    yield Heading("Actions from last time", anchor="actions")
    if not facts.actions:
        yield Paragraph("No action is open, and none has ended since last time.")
        return
    columns = (
        Column("Action", width=3),
        Column("Owner", width=1.3),
        Column("Due", width=1.1),
        Column("Where it stands", width=2.4),
        Column("Ref", width=0.8),
    )
    rows = [_action_row(state, facts.view.as_at) for state in facts.actions]
    yield from _table("Agreed at earlier meetings: open, or ended since last time", columns, rows)


def _action_row(state: ActionState, today: date) -> tuple[Text, ...]:
    action = state.action
    return (
        shortened(action.what, 240),
        action.owner,
        short_date(state.due_on) + (f", {moves_words(state.moves)}" if state.moves else ""),
        action_words(state, today),
        action.reference,
    )


def action_words(state: ActionState, today: date) -> str:
    """Return where an action stands: "12 days late", "Reported done on 3 May: ...", "Done"."""
    if (ended := state.ended) is not None:
        said = f": {shortened(ended.words, 120)}" if ended.words else ""
        return f"{ended.stage.word}, {short_date(ended.happened_on)}{said}"
    late = state.days_late(today)
    standing = f"{days_words(late)} late" if late else "Open"
    if (told := state.reported) is not None:
        return f"{standing}; reported done on {short_date(told.happened_on)}: {shortened(told.words, 120)}"
    return standing


# Charts


def _charts(facts: PackFacts) -> Iterator[Block]:
    drawn = [draw_chart(facts.view, name, EVERYTHING) for name in CHARTS]
    drawn = [chart for chart in drawn if not chart.is_empty]
    if not drawn:
        return
    yield Heading("Progress", anchor="progress", new_page=True)
    for chart in drawn:
        yield _picture(chart)
        yield from _rows_behind(chart)


def _picture(chart: Chart) -> Picture:
    return Picture(
        alt=chart.alt,
        svg=to_picture(chart, "svg", BARE_A4, both_themes=True),
        finding=chart.finding,
        caption=" ".join([f"{chart.counted.rstrip('.')}.", *chart.captions]),
    )


def _rows_behind(chart: Chart) -> Iterator[Block]:
    """Return the rows behind a chart, where they are few enough to print."""
    table = chart.table
    if 0 < len(table) <= MOST_BEHIND_A_CHART:
        columns = [
            Column(str(name), "left" if place == 0 else "right") for place, name in enumerate(table.columns)
        ]
        rows = [tuple(_cell(value) for value in row) for row in table.itertuples(index=False, name=None)]
        yield from _table("The rows behind it", columns, rows)


def _cell(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, pd.Timestamp | date):
        return _day(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


# A page for each recommendation asked about


def _annex(facts: PackFacts) -> Iterator[Block]:
    if not facts.annex:
        return
    yield Heading("Recommendations in detail", anchor="annex", new_page=True)
    for place, seen in enumerate(facts.annex):
        if place:
            yield PageBreak()
        yield from _page_of(seen, facts)


def _page_of(seen: RecommendationView, facts: PackFacts) -> Iterator[Block]:
    row, record = seen.row, seen.record
    yield Heading(f"{record.reference}: {record.short_title}", level=2, anchor=_anchor(record.reference))
    kind = f"{Kind(row['kind']).word}{f' {record.number}' if record.number else ''}"
    yield Paragraph(f"{kind}. {_report(seen.report.title)}, {seen.report.published_words}.", "small")
    yield Paragraph(record.wordings[-1].text, "quote")
    if phrase := row["target_phrase"]:
        yield Paragraph(f"As printed in the report. Target phrase: “{phrase}”.", "small")
    yield Paragraph(
        f"Owner: {row['owner'] or 'nobody'}. Executive lead: {row['executive_lead'] or 'none recorded'}. "
        f"Board: {row['board'] or 'none recorded'}."
    )
    yield Paragraph((Span("Closure test: ", bold=True), Span(row["closure_test"] or "none agreed.")))
    yield _voices(seen)
    yield from _ledger(seen, facts)
    yield from _evidence(seen, facts.view.as_at)


def _voices(seen: RecommendationView) -> Table:
    row, record = seen.row, seen.record
    report, decision, position = (
        max(kept, key=lambda e: (e.happened_on, e.n), default=None)
        for kept in (record.reports, record.decisions, record.positions)
    )
    rows = (
        ("The force reports", _word(ForceReport(row["force_report"])), _said(report, "narrative")),
        ("The office is", _word(Assurance(row["assurance"])), _said(decision, "rationale")),
        ("The inspectorate’s position", _word(Position(row["position"])), _said(position, "comment")),
    )
    columns = (Column("Voice", width=1.2), Column("Position", width=1.2), Column("Last said", width=3.6))
    return Table(columns, rows, caption="What the three voices last said")


def _said(entry: object, name: str) -> str:
    if entry is None:
        return "none recorded"
    words = shortened(str(getattr(entry, name)), 400)
    day = short_date(getattr(entry, "happened_on"))  # noqa: B009 - one of three kinds of entry
    return f"{day}: {words}" if words else day


def _ledger(seen: RecommendationView, facts: PackFacts) -> Iterator[Block]:
    record = seen.record
    chart = (
        draw_chart(facts.view, "ledger", EVERYTHING, reference=record.reference)
        if seen.row["counts"]
        else None
    )
    if chart is None or chart.is_empty:
        yield Heading("No date has been set", level=3)
        return
    yield Heading(chart.finding, level=3)
    yield Picture(alt=chart.alt, svg=to_picture(chart, "svg", BARE_A4, both_themes=True), width_mm=150)
    moves = [entry for entry in record.targets if entry.stage in (TargetStage.AGREED, TargetStage.MOVED)]
    if moves:
        columns = (Column("From"), Column("To"), Column("Agreed on"), Column("Reason", width=3.4))
        rows = [
            (
                short_date(move.from_on) if move.from_on else "",
                short_date(move.due_on),
                short_date(move.happened_on),
                shortened(move.reason, 300)
                + (f" Asked for {days_words(move.days_after_expiry)} after the date had passed." if move.days_after_expiry else ""),
            )
            for move in moves
        ]  # fmt: skip
        yield from _table("Every move of the date", columns, rows)


def _evidence(seen: RecommendationView, today: date) -> Iterator[Block]:
    yield Heading(f"Evidence: {seen.grade.word.lower()}", level=3)
    yield Paragraph(seen.why_grade)
    if not seen.evidence:
        return
    columns = (
        Column("Evidence", width=3.6),
        Column("Describes"),
        Column("Shows", width=1),
        Column("Grade", width=0.9),
    )
    rows = [
        (
            f"{item.kind.word}: {shortened(item.title, 120)}",
            short_date(item.describes_on),
            item.direction.word,
            _word(grade_item(item, today)),
        )
        for item in seen.evidence[:MOST_EVIDENCE]
    ]
    yield from _table("Evidence, the latest described day first", columns, rows)
    if len(seen.evidence) > MOST_EVIDENCE:
        yield Paragraph(f"And {len(seen.evidence) - MOST_EVIDENCE:,} older, in the register.", "small")


# Definitions


def _definitions(facts: PackFacts, settings: Settings) -> Iterator[Block]:
    yield Heading("What the words mean", anchor="definitions", new_page=True)
    columns = (Column("Word", width=1.2), Column("What it means", width=4))
    for section in sections(settings):
        if section.key in DEFINED:
            yield Heading(section.title, level=2)
            rows = [(_word(one.member) if one.member else one.word, one.meaning) for one in section.rows]
            yield from _table(section.said, columns, rows)
    yield Heading("About this pack", level=2)
    yield Bullets(
        (
            f"Made from {facts.view.office}’s register, {_as_at(facts)}.",
            "A past pack can be made again from the register; any difference is told.",
            f"The history of the register ends in {facts.head}. The command monitor verify --head checks it.",
        )
    )


# Small things


def _table(caption: str, columns: Sequence[Column], rows: Sequence[tuple[Text, ...]]) -> Iterator[Block]:
    yield Table(tuple(columns), tuple(rows[:MOST_ROWS]), caption=caption)
    if len(rows) > MOST_ROWS:
        yield Paragraph(f"And {len(rows) - MOST_ROWS:,} more, in the register.", "small")


def _word(member: Vocabulary) -> str:
    return mark_of(member).text(member.word)


def _day(value: object) -> str:
    if value is None or value is pd.NaT:
        return ""
    return short_date(value.date() if isinstance(value, pd.Timestamp) else value)  # type: ignore[arg-type]


def _report(words: str) -> str:
    """Return words in which a report is named, as a reader knows it: the cover says that it is a demonstration."""
    return words.replace(DEMONSTRATION, "")


def _none_or(n: int) -> str:
    return "none" if n == 0 else f"{n:,}"
