"""One recommendation shown: printed words, three voices, its dates, its evidence, and everything said about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

import pandas as pd
import streamlit as st

from monitor import dates
from monitor.charts import theme
from monitor.charts.chart import Frames
from monitor.charts.ledger import ledger_chart
from monitor.charts.plotly_figure import PLOTLY_CONFIG, to_plotly
from monitor.domain.entries import (
    Assignment,
    AssuranceDecision,
    ClosureStage,
    ClosureStep,
    Entry,
    InspectoratePosition,
    ProgressReport,
    TargetDate,
    TargetStage,
    Wording,
)
from monitor.domain.evidence import EvidenceItem, Grade, grade_item, reasons_for
from monitor.domain.evidence_files import size_words
from monitor.domain.meetings import Meeting
from monitor.domain.record import LATE_ENTRY_DAYS, Record
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ClosureReason,
    ForceReport,
    Position,
    Precision,
    ScheduleState,
)
from monitor.domain.wording import meeting_name
from monitor.services.actions import ActionView, actions_of
from monitor.services.evidence_files import may_take_files
from monitor.services.reading import HISTORY_PAGE, RecommendationView, Recorded, read_history
from monitor.settings import Titles
from monitor.ui import actions, downloads, forms, passages, safe, words
from monitor.ui.charts import ReadyFigure
from monitor.ui.filling import Form, Subject, open_draft, show_draft
from monitor.ui.forms import after_expiry, shortened
from monitor.ui.frame import Page

_E = TypeVar("_E", bound=Entry)

VOICE_MOST: Final = 280
TEXT_MOST: Final = 900
ENTRIES_SHOWN: Final = 15

_ASSIGNED: Final = (
    ("short_title", "Short title"),
    ("owner", "Owner"),
    ("executive_lead", "Lead"),
    ("board", "Board"),
    ("themes", "Themes"),
    ("closure_test", "Closure test"),
    ("applicability", "For whom"),
    ("verification_level", "Verified by"),
)


def show(page: Page, seen: RecommendationView) -> None:
    """Show it all, in the order in which a phone shows it, and the open form over it."""
    subject = Subject(page, seen)
    offers = forms.offered(subject)
    _head(subject, offers)
    with st.container(key="section-printed"):
        _printed(page, seen)
    with st.container(key="section-voices"):
        _voices(seen)
    with st.container(key="section-dates"):
        _dates(page, seen)
    with st.container(key="section-evidence"):
        _evidence_and_test(page, seen)
    agreed = actions_of(
        page.store,
        reference=seen.record.reference,
        by=page.actor,
        before=page.view.known_before if page.is_past else None,
    )
    if agreed:
        with st.container(key="section-actions"):
            _actions(page, agreed)
    with st.container(key="section-others"):
        _relations(page, seen)
    with st.container(key="section-passages"):
        passages.show_where_read(page, seen)
    with st.container(key="section-entries"):
        _entries(seen)
        _history(page, seen)
    if not actions.show_opened(page, [one.state for one in agreed]):
        show_draft(subject, forms.permitted(subject))


# Head


def _head(subject: Subject, offers: Sequence[Form[Subject]]) -> None:
    page, seen = subject.page, subject.seen
    record, report = seen.record, seen.report
    _way_back(page)
    kind = f"{record.kind.word.lower()} {record.number}".strip()
    page.say_where(record.reference, kind, f"{report.title}, {report.published_words}")
    st.title(safe.text(record.short_title), anchor=False)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"
    ):
        st.markdown(" ".join(_badges(seen)), width="content")
        with st.container(horizontal=True, width="content", gap="small", key="actions"):
            _buttons(subject, offers)
    for line in _what_waits(subject):
        st.markdown(line)


def _way_back(page: Page) -> None:
    """Show the way back to the question of a meeting from which somebody came."""
    meeting, question = (st.query_params.get(name, "") for name in ("meeting", "question"))
    if all(number.isascii() and number.isdigit() and len(number) < 16 for number in (meeting, question)):
        page.link("room", f"Back to question {question}", meeting=meeting, question=question)


def _badges(seen: RecommendationView) -> Iterator[str]:
    yield words.badge(ScheduleState(seen.row["schedule_state"]), schedule_words(seen))
    if seen.row["moves"]:
        yield words.moves_badge(seen.row["moves"])
    yield words.evidence_badge(seen.grade)
    if seen.report.is_restricted or seen.report.embargo_until:
        yield f":gray-badge[:material/{theme.RESTRICTED.icon}: {_kept_back(seen)}]"


def _kept_back(seen: RecommendationView) -> str:
    until = seen.report.embargo_until
    return f"Embargoed until {dates.long_date(dates.london_day(until))}" if until else "Restricted"


def schedule_words(seen: RecommendationView) -> str:
    """Return how its schedule state reads: "47 days late", "Due in 74 days", "Closed 3 days late"."""
    row = seen.row
    late = int(row["days_late"])
    if row["schedule_state"] == ScheduleState.CLOSED_LATE.value:
        late = (row["closed_on"] - row["current_target"]).days
    return words.schedule_words(
        ScheduleState(row["schedule_state"]),
        days_late=late,
        days_to_target=None if pd.isna(row["days_to_target"]) else int(row["days_to_target"]),
        moves=int(row["moves"]),
        first_set=None if pd.isna(row["original_target"]) else row["original_target"].date(),
    )


def _buttons(subject: Subject, offers: Sequence[Form[Subject]]) -> None:
    """Show the one primary button and the menu; each carries the version that stands on the screen now."""
    reference, version = subject.reference, subject.seen.record.version
    first = forms.first_of(offers, subject)
    if first:
        st.button(
            first.label,
            type="primary",
            key="first-form",
            on_click=open_draft,
            args=(first.key, reference, version),
        )
    labels = {form.label: form.key for form in offers if form is not first}
    if labels:
        st.menu_button(
            "More",
            list(labels),
            key="more-forms",
            on_click=_open_chosen,
            args=(labels, reference, version),
        )


def _open_chosen(labels: dict[str, str], reference: str, version: int) -> None:
    chosen = st.session_state.get("more-forms")
    if chosen in labels:
        open_draft(labels[chosen], reference, version)


def _what_waits(subject: Subject) -> Iterator[str]:
    """Yield a line for each thing that waits for an answer, whoever looks."""
    record, today = subject.seen.record, subject.page.as_at
    asked, proposal, due = record.pending_target, record.pending_closure, record.check_due_on
    if asked:
        yield (
            f":orange[:material/pending_actions: A move to {dates.long_date(asked.due_on)} was asked for by "
            f"{safe.text(asked.by_name)} on {dates.long_date(asked.happened_on)} and waits for the office.]"
        )
    if proposal and proposal.reason:
        own = proposal.by == subject.page.actor.id
        yield (
            f":orange[:material/pending_actions: Closure as {proposal.reason.word.lower()} was proposed by "
            f"{'you' if own else safe.text(proposal.by_name)} on {dates.long_date(proposal.happened_on)} "
            "and waits for a second person.]"
        )
    if due:
        is_due = due <= today
        mark = ":orange[:material/pending_actions: " if is_due else ":gray["
        verb = "was" if due < today else "is"
        yield f"{mark}A later check {verb} due on {dates.long_date(due)}.]"


# Printed words and facts


def _printed(page: Page, seen: RecommendationView) -> None:
    left, right = st.columns([8, 4], gap="xlarge")
    wording = seen.record.wordings[-1]
    with left, st.container(key="printed"):
        long = len(wording.text) > 2 * TEXT_MOST
        st.markdown(safe.quotation(shortened(wording.text, TEXT_MOST)) if long else _quoted(wording))
        if long:
            with st.expander(f"All of it ({len(wording.text):,} characters)"):
                st.markdown(safe.quotation(wording.text))
        st.caption(" ".join(_printed_where(seen.record)))
    with right, st.container(key="facts-one"):
        rows = list(_facts(seen))
        st.table(
            pd.DataFrame({"What": [row[0] for row in rows], "Said": [row[1] for row in rows]}).set_index(
                "What"
            ),
            border=False,
            hide_header=True,
            hide_index=False,
            alt="Owner, lead, board and theme.",
        )


def _quoted(wording: Wording) -> str:
    """Return the words as a quotation; its parts as a list where the text is the lead-in and the parts."""
    if not wording.parts or not _is_whole(wording):
        return safe.quotation(wording.text)
    lead = wording.lead_in or wording.text.partition(wording.parts[0])[0]
    before = wording.text.partition(lead)[0]
    opening = [safe.quotation(part) for part in (before, lead) if part.strip()]
    return "\n>\n".join([*opening, "\n".join(f"> - {safe.text(part)}" for part in wording.parts)])


def _is_whole(wording: Wording) -> bool:
    """Tell whether lead-in and parts stand in the text, in order, so that nothing is lost by listing them."""
    place = 0
    for part in (wording.lead_in, *wording.parts):
        place = wording.text.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return not wording.text[place:].strip(" .;")


def _printed_where(record: Record) -> Iterator[str]:
    wording = record.wordings[-1]
    if len(record.wordings) > 1:
        yield f"Corrected on {dates.long_date(wording.happened_on)}, from {safe.text(wording.source)}."
        yield "The first wording stands below."
    else:
        yield "As printed in the report."
    first = next((entry for entry in record.targets if entry.counts), None)
    if first is None:
        yield "No target date was printed, and none has been set."
        return
    if first.phrase:
        yield f"Target phrase: “{safe.text(first.phrase)}”, set by {first.set_by.word}."
    else:
        yield f"No target phrase; the first date was set by {first.set_by.word}."
    if first.precision is not Precision.DAY:
        yield first.precision.meaning


def _facts(seen: RecommendationView) -> Iterator[tuple[str, str]]:
    given, record = seen.record.assignments[-1], seen.record
    yield "Owner", safe.text(given.owner) or "none recorded"
    yield "Lead", safe.text(given.executive_lead) or "none recorded"
    yield "Board", safe.text(given.board) or "none recorded"
    yield (
        "Theme" if len(given.themes) < 2 else "Themes",
        safe.text(", ".join(given.themes)) or "none recorded",
    )
    if given.applicability is not Applicability.FOR_SERVICE:
        yield "For whom", given.applicability.word
    if given.verification_level:
        yield "Verified", safe.text(given.verification_level)
    if given.assessed_when:
        yield "Assessed", safe.text(given.assessed_when)
    if record.external_reference:
        yield "Elsewhere", safe.text(record.external_reference)
    if seen.report.link:
        yield "Report", safe.link(seen.report.link, "Read the report")


# Three voices


def _voices(seen: RecommendationView) -> None:
    st.header(_voices_finding(seen), anchor=False)
    st.caption("Each speaks for itself and is dated. They are never averaged.")
    said = (_force(seen), _office(seen), _inspectorate(seen))
    for column, (key, voice) in zip(
        st.columns(3, gap="large"), zip(("force", "office", "inspectorate"), said, strict=True), strict=True
    ):
        with column, st.container(key=f"voice-{key}", gap="small"):
            st.subheader(voice.who, anchor=False)
            st.markdown(voice.state)
            for line in voice.said:
                st.markdown(line)
            st.caption(voice.when)


def _voices_finding(seen: RecommendationView) -> str:
    if not seen.voices_agree:
        return "The three voices do not agree"
    if seen.row["force_report"] != ForceReport.COMPLETE.value:
        return "All three say that it is not done yet"
    return "All three say it is closed" if seen.record.is_closed else "All three say that it is done"


@dataclass(frozen=True, slots=True)
class _Voice:
    """One voice: who speaks, the state, what was said, and when, by whom, where."""

    who: str
    state: str
    said: Sequence[str]
    when: str


def _force(seen: RecommendationView) -> _Voice:
    last = _latest(seen.record.reports)
    state = words.status_markdown(ForceReport(seen.row["force_report"]))
    if last is None:
        return _Voice("The force reports", state, ["Nothing has been reported yet."], "none recorded")
    lines = [f"“{safe.text(shortened(last.narrative, VOICE_MOST))}”"]
    if last.blocked_by:
        lines.append(f"In the way: {safe.text(shortened(last.blocked_by, VOICE_MOST))}")
    return _Voice("The force reports", state, lines, _when(last.happened_on, last.by_name))


def _office(seen: RecommendationView) -> _Voice:
    last = _latest(seen.record.decisions)
    state = words.status_markdown(Assurance(seen.row["assurance"]))
    if last is None:
        return _Voice("The office is assured", state, [Assurance.NOT_LOOKED_AT.meaning], "none recorded")
    lines = [safe.text(shortened(last.rationale, VOICE_MOST))]
    if last.ask:
        lines.append(f"Asked to see: {safe.text(shortened(last.ask, VOICE_MOST))}")
    where = _meeting_words(seen.meetings.get(last.meeting_id)) if last.meeting_id else last.by_name
    return _Voice("The office is assured", state, lines, _when(last.happened_on, where or last.by_name))


def _inspectorate(seen: RecommendationView) -> _Voice:
    last = _latest(seen.record.positions)
    state = words.status_markdown(Position(seen.row["position"]))
    who = "The inspectorate’s position"
    if last is None:
        return _Voice(
            who, state, ["No later position recorded."], f"{seen.report.published_words} · the report"
        )
    said = safe.text(shortened(last.comment, VOICE_MOST)) or last.position.meaning
    return _Voice(who, state, [said], _when(last.happened_on, shortened(last.source, 90)))


def _latest(entries: Sequence[_E]) -> _E | None:
    return max(entries, key=lambda entry: (entry.happened_on, entry.n), default=None)


def _when(day: date, *who: str) -> str:
    return " · ".join([dates.short_date(day), *(safe.text(one) for one in who if one)])


def _meeting_words(meeting: Meeting | None) -> str:
    return meeting_name(meeting.kind, Titles.from_environment(), short=True) if meeting else ""


# Dates


def _dates(page: Page, seen: RecommendationView) -> None:
    view, record = page.view, seen.record
    frames = Frames(view.counting, view.spells, view.targets, view.evidence)
    chart = ledger_chart(
        frames,
        today=page.as_at,
        demonstration=page.is_demonstration,
        office="the office",
        reference=record.reference,
    )
    if record.target is None or chart.drawing is None:
        st.header("No date set", anchor=False)
        st.markdown("Nobody has set a date. Until then it can be neither due nor late.")
        return
    st.header(safe.text(chart.finding), anchor=False)
    st.plotly_chart(
        ReadyFigure(to_plotly(chart.drawing, page.theme)),
        theme=None,
        config=PLOTLY_CONFIG,
        alt=chart.alt,
        key="ledger",
        height=chart.height,
    )
    moves = list(_moves(record))
    if moves:
        st.table(
            pd.DataFrame(moves, columns=["Move", "Reason, and who agreed"]),
            border="horizontal",
            hide_index=True,
            alt="Every move of the date, agreed, refused or waiting.",
        )


def _moves(record: Record) -> Iterator[tuple[str, str]]:
    """Yield each move asked for or made, oldest first: what it was, and why, who asked and who answered."""
    answers = {entry.answers: entry for entry in record.targets if entry.answers is not None}
    for entry in record.targets:
        if entry.stage not in (TargetStage.ASKED, TargetStage.MOVED):
            continue
        before = entry.from_on or entry.due_on
        later = (entry.due_on - before).days
        way = f"{dates.days_words(abs(later))} {'later' if later >= 0 else 'earlier'}"
        answer = answers.get(entry.n)
        refused = answer is not None and answer.stage is TargetStage.REFUSED
        note = (
            "refused" if refused else "asked for" if entry.stage is TargetStage.ASKED and not answer else ""
        )
        yield (
            _second_line(_from_to(before, entry.due_on), f"{way}{', ' if note else ''}{note}"),
            _second_line(_move_reason(entry), _who_moved(entry, answer)),
        )


def _from_to(before: date, after: date) -> str:
    first = dates.short_date(before)
    return f"{first[:-5] if before.year == after.year else first} to {dates.short_date(after)}"


def _move_reason(entry: TargetDate) -> str:
    reason = safe.text(shortened(entry.reason, TEXT_MOST)) or "No reason was recorded."
    return f"{reason} ({entry.category.word.lower()})" if entry.category else reason


def _who_moved(entry: TargetDate, answer: TargetDate | None) -> str:
    late = after_expiry(entry.days_after_expiry)
    day = dates.short_date(entry.happened_on)
    if entry.stage is TargetStage.MOVED:
        said = f":gray[Moved by the office, {safe.text(entry.by_name)}, {day}]"
        return f"{said}, {late}" if late else said
    said = f":gray[Asked by {safe.text(entry.by_name)}, {day}{',' if late else ';'}]"
    if late:
        said = f"{said} {late};"
    if answer is None:
        return f"{said} :orange[waits for the office]"
    verb = "agreed" if answer.stage is TargetStage.AGREED else "refused"
    answered = f"{said} :gray[{verb} by {safe.text(answer.by_name)}, {dates.short_date(answer.happened_on)}"
    if answer.stage is TargetStage.REFUSED:
        return f"{answered}: {safe.text(shortened(answer.reason, TEXT_MOST))}]"
    return f"{answered}]"


def _second_line(first: str, second: str) -> str:
    """Return a table cell of two lines, the second in gray."""
    if not second:
        return first
    return f"{first}  \n{second if second.startswith(':') else f':gray[{second}]'}"


# Evidence and closure test


def _evidence_and_test(page: Page, seen: RecommendationView) -> None:
    left, right = st.columns([7, 5], gap="xlarge")
    with left:
        grade = seen.grade
        st.header("No evidence" if grade is Grade.NONE else f"Evidence is {grade.word.lower()}", anchor=False)
        st.markdown(safe.text(shortened(seen.why_grade, TEXT_MOST)))
        if seen.evidence:
            st.table(
                pd.DataFrame(
                    [_evidence_row(item, page) for item in seen.evidence],
                    columns=["Evidence", "Describes", "Shows"],
                ),
                border="horizontal",
                hide_index=True,
                alt="Evidence, the latest day described first, each with its strength and why.",
            )
            downloads.evidence_downloads(page, seen.evidence, seen.record.service)
    with right:
        st.header("Closure test", anchor=False)
        test = seen.record.assignments[-1].closure_test
        st.markdown(safe.text(shortened(test, TEXT_MOST)) if test else "None has been agreed.")
        st.caption(" ".join(_test_notes(seen)) if test else "Without one, nobody can say that it was met.")


def _evidence_row(item: EvidenceItem, page: Page) -> tuple[str, str, str]:
    today = page.as_at
    grade = grade_item(item, today)
    title = safe.text(shortened(item.title, 200))
    if item.link:
        title = f"{title} · {safe.link(item.link, 'read it')}"
    why = f":gray[{grade.word}: {safe.text(shortened(reasons_for(item, today), 300))}]"
    if item.file is not None:
        why = f"{why}  \n:gray[{_file_words(item, page)}]"
    period = dates.month_year if item.describes_from else dates.short_date
    return (
        _second_line(title, why),
        period(item.describes_on),
        words.status_markdown(item.direction, _shows(item)),
    )


def _file_words(item: EvidenceItem, page: Page) -> str:
    """Return what is kept with the item; its name, which can say much, to those alone who may have the file."""
    scan = item.file_scan.word if item.file_scan else ""
    if not may_take_files(page.actor, item.service):
        return f"A file is kept with it; {scan}."
    return f"File: {safe.text(item.file_name)}, {size_words(item.file_size)}; {scan}."


def _shows(item: EvidenceItem) -> str:
    if item.value is None:
        return item.direction.word
    unit = item.unit if item.unit in ("", "%") else f" {shortened(item.unit, 30)}"
    against = f", target {item.target:g}{unit}" if item.target is not None else ""
    return f"{item.direction.word}: {item.value:g}{unit}{against}"


def _test_notes(seen: RecommendationView) -> Iterator[str]:
    record = seen.record
    agreed = record.assignments[-1].closure_test_agreed_on
    if agreed:
        began = min((report.happened_on for report in record.reports), default=None)
        when = "before" if began is None or agreed <= began else "after"
        what = "the work began" if began is None or agreed <= began else "the force first reported progress"
        yield f"Agreed on {dates.long_date(agreed)}, {when} {what}."
    closing = record.closing
    if closing and closing.reason:
        is_met = closing.reason is ClosureReason.MET
        yield "Met, on evidence." if is_met else f"Not met: closed as {closing.reason.word.lower()}."
        return
    measured = next((item for item in seen.evidence if item.misses_target), None)
    if measured is not None:
        yield f"Not yet met: {safe.text(_shows(measured).partition(': ')[2])}."
    elif not seen.evidence:
        yield "Not yet met: nothing shows it."
    elif seen.row["assurance"] == Assurance.ASSURED.value:
        yield "The office is assured of it."
    else:
        yield "Not yet met: the office is not assured of it."


# Actions


def _actions(page: Page, agreed: Sequence[ActionView]) -> None:
    still = sum(one.state.is_open for one in agreed)
    if still:
        st.header(
            f"{words.capitalised(words.counted(still, 'action is', 'actions are'))} to be done", anchor=False
        )
    else:
        st.header("No action is left to be done", anchor=False)
    notes = {one.state.action.id: actions.agreed_words(one) for one in agreed}
    actions.show_rows(page, [one.state for one in agreed], key="actions", titles={}, notes=notes)


# Relations


def _relations(page: Page, seen: RecommendationView) -> None:
    rows = page.view.rows
    children = rows[rows["parent"] == seen.record.reference].sort_values("reference", kind="stable")
    titles = dict(zip(rows["reference"], rows["short_title"], strict=True))
    linked = list(seen.linked)
    if seen.record.parent in titles:
        linked.insert(0, ("stands under", seen.record.parent, titles[seen.record.parent]))
    if len(children):
        noun = words.counted(len(children), "recommendation")
        st.header(f"{words.capitalised(noun)} under this cause of concern", anchor=False)
        with st.container(key="rows-children"):
            for child in children["reference"]:
                state = ScheduleState(children.loc[children["reference"] == child, "schedule_state"].item())
                with st.container(gap="xsmall", key=f"row-child-{child}"):
                    page.link("recommendation", f"{child} {titles[child]}", ref=child)
                    st.markdown(words.status_markdown(state))
    if linked:
        st.header("How it stands to others", anchor=False)
        with st.container(key="rows-linked"):
            for how, reference, title in linked:
                with st.container(
                    horizontal=True,
                    gap="small",
                    vertical_alignment="center",
                    key=f"row-link-{how}-{reference}",
                ):
                    st.markdown(words.capitalised(f"it {how}"), width="content")
                    page.link("recommendation", f"{reference} {title}", ref=reference)


# Everything said, newest first


@dataclass(frozen=True, slots=True)
class _Told:
    """One entry in words: a headline in Markdown, and stored texts below it."""

    headline: str
    texts: Sequence[str] = ()
    notes: Sequence[str] = ()


def _entries(seen: RecommendationView) -> None:
    record = seen.record
    told = [
        (entry, said) for entry in seen.entries if (said := _told(entry, record, seen.meetings)) is not None
    ]
    if not told:
        return
    told.sort(key=lambda pair: (pair[0].happened_on, pair[0].recorded_at), reverse=True)
    count = words.capitalised(words.counted(len(told), "entry", "entries"))
    st.header(f"{count}, the last of {dates.long_date(told[0][0].happened_on)}", anchor=False)
    _rows("first", told[:ENTRIES_SHOWN])
    if told[ENTRIES_SHOWN:]:
        with st.expander(
            f"{words.capitalised(words.plural(len(told) - ENTRIES_SHOWN, 'earlier entry', 'earlier entries'))}"
        ):
            _rows("more", told[ENTRIES_SHOWN:])


def _rows(name: str, told: Sequence[tuple[Entry, _Told]]) -> None:
    with st.container(key=f"rows-entries-{name}", gap=None):
        for entry, said in told:
            with st.container(key=f"entry-{type(entry).__name__}-{entry.n}"):
                when, what = st.columns([3, 9], gap="medium")
            with when, st.container(gap=None):
                st.markdown(dates.short_date(entry.happened_on))
                st.caption(_by_and_recorded(entry))
            with what, st.container(gap="xsmall"):
                st.markdown(said.headline)
                for text in said.texts:
                    _long_text(text)
                for note in said.notes:
                    st.caption(note)


def _by_and_recorded(entry: Entry) -> str:
    later = (dates.london_day(entry.recorded_at) - entry.happened_on).days
    who = safe.text(shortened(entry.by_name, 80))
    return f"{who} · recorded {dates.days_words(later)} later" if later > LATE_ENTRY_DAYS else who


def _long_text(text: str) -> None:
    if len(text) <= 2 * TEXT_MOST:
        st.markdown(safe.paragraphs(text))
        return
    st.markdown(safe.text(shortened(text, TEXT_MOST)))
    with st.expander(f"All of it ({len(text):,} characters)"):
        st.markdown(safe.paragraphs(text))


def _told(entry: Entry, record: Record, meetings: Mapping[int, Meeting]) -> _Told | None:
    match entry:
        case ProgressReport():
            notes = [f"In the way: {safe.text(entry.blocked_by)}"] if entry.blocked_by else []
            if entry.confidence:
                notes.append(f"Sure of its date: {entry.confidence.word.lower()}")
            return _Told(
                f"**The force reports** {words.status_markdown(entry.status)}", [entry.narrative], notes
            )
        case AssuranceDecision():
            notes = [f"Asked to see: {safe.text(entry.ask)}"] if entry.ask else []
            return _Told(
                f"**The office is assured** {words.status_markdown(entry.level)}{_at_meeting(entry, meetings)}",
                [entry.rationale],
                notes,
            )
        case InspectoratePosition():
            texts = [entry.comment] if entry.comment else []
            return _Told(
                f"**The inspectorate’s position** {words.status_markdown(entry.position)}",
                texts,
                [f"Read in: {safe.text(entry.source)}"],
            )
        case ClosureStep():
            return _closure_told(entry, record)
        case Wording() if entry.n == 1:
            return _Told("**Taken onto the register**")
        case Wording():
            before = record.wordings[entry.n - 2]
            return _Told(
                "**Wording corrected**",
                [f"Before: {before.text}", f"Since: {entry.text}"],
                [f"{safe.text(entry.reason)} Printed in: {safe.text(entry.source)}"],
            )
        case Assignment() if entry.n > 1:
            changes = list(_changed(record.assignments[entry.n - 2], entry))
            return _Told(
                f"**{_who_is_responsible(changes)}**",
                changes,
                [safe.text(entry.reason)] if entry.reason else [],
            )
    return None


def _who_is_responsible(changes: Sequence[str]) -> str:
    tested = any(change.startswith("Closure test") for change in changes)
    return "Closure test agreed" if tested and len(changes) == 1 else "Given anew"


def _changed(before: Assignment, after: Assignment) -> Iterator[str]:
    for name, label in _ASSIGNED:
        old, new = _plain(getattr(before, name)), _plain(getattr(after, name))
        if old != new:
            yield f"{label}: {new or 'none'} (before: {old})" if old else f"{label}: {new}"


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(getattr(value, "word", value))


def _at_meeting(entry: AssuranceDecision, meetings: Mapping[int, Meeting]) -> str:
    found = meetings.get(entry.meeting_id) if entry.meeting_id else None
    return f", {safe.text(_meeting_words(found))}" if found else ""


def _closure_told(entry: ClosureStep, record: Record) -> _Told:
    reason = f" as {entry.reason.word.lower()}" if entry.reason else ""
    answered = next((step for step in record.closures if step.n == entry.answers), None)
    notes: list[str] = []
    headline = f"**{entry.stage.word}**{reason}"
    if entry.stage is ClosureStage.REOPENED and answered:
        headline = f"**Reopened.** It undoes the closing of {dates.long_date(answered.happened_on)}{reason}"
    elif entry.stage is ClosureStage.CHECKED and answered:
        holds = "it still holds" if entry.sustained else "it no longer holds"
        headline = f"**Checked again:** {holds}. Closed on {dates.long_date(answered.happened_on)}{reason}"
    elif entry.stage is ClosureStage.AGREED and answered:
        notes.append(f"Proposed by {safe.text(answered.by_name)} on {dates.long_date(answered.happened_on)}")
        if entry.check_due_on:
            notes.append(f"To be looked at again by {dates.long_date(entry.check_due_on)}")
    if entry.evidence_ids and entry.stage is not ClosureStage.AGREED:
        names = [record.items[number].title for number in entry.evidence_ids if number in record.items]
        notes.append(f"Evidence: {safe.text(shortened('; '.join(names), 400))}")
    return _Told(headline, [entry.statement] if entry.statement else [], notes)


# History


@st.fragment
def _history(page: Page, seen: RecommendationView) -> None:
    """Show every change with its number, moment and hash, newest first; read only once it is opened."""
    with st.expander("History: every change, chained", key="history", on_change="rerun") as folded:
        if not folded.open:
            return
        shown = st.session_state.setdefault("history-shown", HISTORY_PAGE)
        rows = _history_rows(page, seen.record.reference, shown + 1)
        st.table(
            pd.DataFrame(
                [_history_row(row) for row in rows[:shown]],
                columns=["No.", "Recorded", "Who", "What", "Hash"],
            ),
            border="horizontal",
            hide_index=True,
            alt="Every change to this recommendation, newest first.",
        )
        st.caption("Each hash covers the one before it. Anyone can check the chain: monitor verify.")
        if len(rows) > shown:
            st.button(f"Show {HISTORY_PAGE} more", on_click=_show_more, args=(shown,))


def _show_more(shown: int) -> None:
    st.session_state["history-shown"] = shown + HISTORY_PAGE


def _history_rows(page: Page, reference: str, wanted: int) -> list[Recorded]:
    """Return the newest rows that had been recorded by the end of the day shown."""
    rows: list[Recorded] = []
    before: int | None = None
    while len(rows) < wanted:
        found = read_history(page.store, reference=reference, by=page.actor, before=before)
        rows += [row for row in found if dates.london_day(row.recorded_at) <= page.as_at]
        if len(found) < HISTORY_PAGE:
            break
        before = found[-1].number
    return rows


def _history_row(row: Recorded) -> tuple[str, str, str, str, str]:
    moment = row.recorded_at.astimezone(dates.LONDON)
    return (
        f"{row.number:,}",
        f"{dates.short_date(moment.date())}, {moment:%H:%M}",
        safe.text(shortened(row.name, 80)),
        safe.text(row.verb),
        row.hash[:8],
    )
