"""Every form by which a recommendation is changed, as one table: who may, when it fits, what is asked, what is saved."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.domain.evidence import CheckedBy, Direction, EvidenceItem, EvidenceKind, reasons_for
from monitor.domain.evidence_files import FILE_BYTES, MEDIA_TYPES
from monitor.domain.record import REASON_MIN, SHORT_TITLE_MAX
from monitor.domain.statuses import (
    Assurance,
    ClosureReason,
    Confidence,
    ForceReport,
    LinkKind,
    MoveCategory,
    Position,
)
from monitor.domain.wording import meeting_name
from monitor.services import deciding, intake, updating
from monitor.store import Store
from monitor.ui import safe, words
from monitor.ui.fields import Day, Field, File, Folded, Lines, Number, Pick, Several, Ticks, Words, words_of
from monitor.ui.filling import Answer, Form, Subject

_P = Permission
_LATER: Final = timedelta(days=1)
_DECIDED: Final = tuple(level for level in Assurance if level is not Assurance.NOT_LOOKED_AT)


def offered(subject: Subject) -> list[Form[Subject]]:
    """Return the forms that this person may fill in for this recommendation now, in the order of the menu."""
    return [form for form in permitted(subject) if form.fits(subject)]


def permitted(subject: Subject) -> list[Form[Subject]]:
    """Return the forms that this person may fill in at all: one that is open stays, though it no longer fits."""
    return [form for form in FORMS if form.permissions & subject.seen.may]


def first_of(offers: Sequence[Form[Subject]], subject: Subject) -> Form[Subject] | None:
    """Return the form of the one primary button: what waits first, else what this role mostly does."""
    by_key = {form.key: form for form in offers}
    due = subject.seen.record.check_due_on
    waits = ["answer-closure", "answer-date"]
    if due is not None and due <= subject.page.today:
        waits.append("check")
    return next((by_key[key] for key in (*waits, "report", "assure") if key in by_key), None)


def shortened(text: str, most: int) -> str:
    """Return the text on one line, cut between words with an ellipsis where it is longer."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


# What the fields of several forms have in common


def _happened(subject: Subject, label: str = "When was this?") -> Day:
    record, today = subject.seen.record, subject.page.today
    return Day(name="on", label=label, start=today, least=min(record.taken_in_on, today), most=today)


def _reason(label: str, *, name: str = "reason") -> Words:
    return Words(name=name, label=label, lines=3, at_least=REASON_MIN)


def _evidence_among(subject: Subject) -> dict[int, str]:
    return {item.id: _evidence_words(item, subject.page.today) for item in subject.seen.evidence}


def _evidence_words(item: EvidenceItem, today: date) -> str:
    return f"{item.title} ({item.direction.word.lower()}; {reasons_for(item, today)})"


def _others(subject: Subject, *, same_service: bool) -> dict[str, str]:
    rows = subject.page.view.rows
    if same_service:
        rows = rows[rows["service"] == subject.seen.record.service]
    rows = rows[rows["reference"] != subject.reference].sort_values("reference", kind="stable")
    return {
        reference: f"{reference} {title}"
        for reference, title in zip(rows["reference"], rows["short_title"], strict=True)
    }


def _is_open(subject: Subject) -> bool:
    return not subject.seen.record.is_closed


def _is_datable(subject: Subject) -> bool:
    record = subject.seen.record
    return not record.is_closed and record.target is not None and record.pending_target is None


def _is_not_mine(subject: Subject, pending: Any) -> bool:
    return pending is not None and pending.by != subject.page.actor.id


def _say(*lines: str) -> None:
    """Show our own sentences; stored text in them has been made safe."""
    for line in lines:
        if line:
            st.markdown(line)


# The force


def progress_statuses(last: ForceReport) -> dict[ForceReport, str]:
    """Return the three usual answers to "Where does it stand?", and the last one given where it is another."""
    usual = (ForceReport.NOT_STARTED, ForceReport.IN_PROGRESS, ForceReport.COMPLETE)
    return words_of(usual if last in usual else (*usual, last))


def progress_fields(subject: Subject, *, every_status: bool = True) -> list[Field]:
    """Return what a progress report asks for: where it stands, what has changed since the last, what is in the way."""
    row, reports = subject.seen.row, subject.seen.record.reports
    last = ForceReport(row["force_report"])
    since = f" since {dates.long_date(reports[-1].happened_on)}" if reports else ""
    return [
        Pick(
            name="status",
            label="Where does it stand?",
            among=words_of(ForceReport) if every_status else progress_statuses(last),
            start=last,
        ),
        Words(name="narrative", label=f"What has changed{since}?", lines=4),
        Words(
            name="blocked_by",
            label="What is in the way, if anything?",
            lines=1,
            start=row["blocked_by"],
        ),
        Pick(
            name="confidence",
            label="How sure is the force of its date, if it can say?",
            among=words_of(Confidence),
            needed=False,
        ),
    ]


def evidence_fields(subject: Subject, *, needed: bool = True) -> list[Field]:
    """Return what matters most about an item of evidence; `needed` is False where there may be none."""
    return [
        Words(name="title", label="What is it called?", lines=1),
        Pick(name="kind", label="What kind is it?", among=words_of(EvidenceKind), needed=needed),
        Day(
            name="describes_on",
            label="Which day does it describe? Of a period, the last.",
            most=subject.page.today,
            needed=needed,
        ),
        Pick(name="direction", label="What does it show?", among=words_of(Direction), needed=needed),
        Pick(name="checked_by", label="Who checked it?", among=words_of(CheckedBy), needed=needed),
        File(
            name="file",
            label="The evidence itself, if you have it as a file",
            types=tuple(MEDIA_TYPES),
            most_mb=FILE_BYTES // 2**20,
        ),
        Number(name="sample", label="How many cases were looked at, if any?", whole=True),
        Words(name="link", label="Where can it be read? A link, if you have it.", lines=1),
    ]


def _evidence_form(subject: Subject) -> list[Field | Folded]:
    *first, sample, link = evidence_fields(subject)
    return [
        *first,
        Folded(
            "Sample and measure, if there are any",
            [
                sample,
                Number(name="population", label="Out of how many?", whole=True),
                Words(name="measure", label="What was measured?", lines=1),
                Number(name="value", label="Value"),
                Number(name="target", label="Target"),
                Words(name="unit", label="Unit, such as %", lines=1),
            ],
        ),
        Folded(
            "Where it comes from, if you know more",
            [
                Words(name="body", label="Body or board it came from", lines=1),
                Words(name="checker", label="Name of who checked it", lines=1),
                Day(
                    name="describes_from",
                    label="First day, if it describes a period",
                    needed=False,
                    most=subject.page.today,
                ),
                link,
                Words(name="note", label="Note", lines=2),
            ],
        ),
        Several(
            name="others",
            label="Which others does it serve, if any?",
            among=_others(subject, same_service=True),
        ),
        _happened(subject, "When was it added?"),
    ]


def add_evidence(store: Store, *, reference: str, others: Iterable[str] = (), **given: Any) -> object:
    """Add one item of evidence to a recommendation and to the others named."""
    return updating.add_evidence(store, references=(reference, *others), **given)


def _dates_so_far(subject: Subject) -> None:
    target = subject.seen.record.target
    if target:
        moves = words.moves_words(subject.seen.row["moves"])
        _say(f"Now due on **{dates.long_date(target.due_on)}**; {moves}.")


def _new_date(subject: Subject, reason: str) -> list[Field]:
    return [
        Day(name="due_on", label="New date", least=subject.page.today + _LATER, most=date(2100, 1, 1)),
        Pick(name="category", label="What kind of reason is it?", among=words_of(MoveCategory)),
        _reason(reason),
        _happened(subject),
    ]


# The office


def _asked_for(subject: Subject) -> None:
    asked = subject.seen.record.pending_target
    if asked is None:
        return
    category = f" {asked.category.word}." if asked.category else ""
    _say(
        f"**{safe.text(asked.by_name)}** asked on {dates.long_date(asked.happened_on)} to move it from "
        f"{dates.long_date(asked.from_on or asked.due_on)} to **{dates.long_date(asked.due_on)}**.{category}",
        safe.quotation(asked.reason),
        after_expiry(asked.days_after_expiry) or "It was asked for before the date had passed.",
    )


def after_expiry(days: int) -> str:
    """Return "11 days after the date had passed" with its red mark; nothing for a request that came in time."""
    return f":red[:material/warning: {dates.days_words(days)} after the date had passed]" if days else ""


def _meetings(subject: Subject) -> dict[int, str]:
    held = sorted(subject.seen.meetings.values(), key=lambda meeting: meeting.on, reverse=True)
    titles = subject.page.view.titles
    return {
        meeting.id: f"{meeting_name(meeting.kind, titles)}, {dates.long_date(meeting.on)}"
        for meeting in held
        if meeting.on <= subject.page.today and not meeting.is_cancelled
    }


def _claimed(subject: Subject) -> None:
    row = subject.seen.row
    reports = subject.seen.record.reports
    said = f"“{safe.text(shortened(reports[-1].narrative, 400))}”" if reports else ""
    _say(
        f"The force reports: {words.status_markdown(ForceReport(row['force_report']))}. {said}",
        safe.text(shortened(subject.seen.why_grade, 400)),
    )


def _closure_facts(subject: Subject) -> None:
    proposal, record = subject.seen.record.pending_closure, subject.seen.record
    if proposal is None or proposal.reason is None:
        return
    decided = record.decisions[-1] if record.decisions else None
    test = record.assignments[-1].closure_test
    items = [record.items[number] for number in proposal.evidence_ids if number in record.items]
    _say(
        f"**{safe.text(proposal.by_name)}** proposed it on {dates.long_date(proposal.happened_on)} as "
        f"**{proposal.reason.word.lower()}**: {proposal.reason.meaning}",
        safe.quotation(proposal.statement),
        f"**Closure test.** {safe.text(test) or 'None was agreed.'}",
        "**Evidence named.** "
        + "; ".join(safe.text(_evidence_words(item, subject.page.today)) for item in items)
        + ".",
        f"**The office is assured:** {words.status_markdown(Assurance(subject.seen.row['assurance']))}. "
        f"{safe.text(shortened(decided.rationale, 400)) if decided else ''}",
    )


def _close_title(subject: Subject) -> str:
    proposal = subject.seen.record.pending_closure
    reason = proposal.reason.word.lower() if proposal and proposal.reason else "proposed"
    return f"Close {subject.reference} as {reason}? It needs a second person."


def _propose_facts(subject: Subject) -> None:
    test = subject.seen.record.assignments[-1].closure_test
    _say(
        f"**Closure test.** {safe.text(test)}"
        if test
        else "No closure test has been agreed, so it cannot be closed as met.",
        "" if subject.seen.evidence else "No evidence has been added. Closing needs at least one item.",
    )


def _propose_fields(subject: Subject) -> list[Field]:
    return [
        Pick(name="reason", label="How does it end?", among=words_of(ClosureReason), explained=True),
        Words(name="statement", label="Why can it be closed?", lines=4),
        Ticks(name="evidence_ids", label="Which evidence shows it?", among=_evidence_among(subject)),
        _happened(subject),
    ]


def _closing_facts(subject: Subject) -> None:
    closing = subject.seen.record.closing
    if closing and closing.reason:
        due = (
            f" A later check is due on {dates.long_date(closing.check_due_on)}."
            if closing.check_due_on
            else ""
        )
        _say(
            f"Closed on {dates.long_date(closing.happened_on)} as {closing.reason.word.lower()}, "
            f"agreed by {safe.text(closing.by_name)}.{due}"
        )


def _assign_fields(subject: Subject) -> list[Field]:
    now = subject.seen.record.assignments[-1]
    return [
        Words(
            name="short_title",
            label=f"Short title, at most {SHORT_TITLE_MAX} characters",
            lines=1,
            start=now.short_title,
        ),
        Words(name="owner", label="Owner", lines=1, start=now.owner),
        Words(name="executive_lead", label="Lead", lines=1, start=now.executive_lead),
        Words(name="board", label="Board", lines=1, start=now.board),
        Lines(name="themes", label="Themes, one a line", lines=2, start=now.themes),
        Words(
            name="closure_test",
            label="Closure test: what must be shown before it can be closed as met",
            lines=3,
            start=now.closure_test,
        ),
        Words(name="reason", label="Why, if it is worth saying", lines=1),
        _happened(subject, "When was it decided?"),
    ]


def _wording_fields(subject: Subject) -> list[Field]:
    now = subject.seen.record.wordings[-1]
    return [
        Words(name="text", label="The words as printed, all of them", lines=6, start=now.text),
        Words(name="lead_in", label="Words before the list, if there is one", lines=1, start=now.lead_in),
        Lines(name="parts", label="Its parts, one a line, if there are any", lines=3, start=now.parts),
        _reason("Why does it need correcting?"),
        Words(name="source", label="Where is the corrected wording printed?", lines=1),
        _happened(subject),
    ]


def _always(_: Subject) -> bool:
    return True


def _titled(title: str) -> Callable[[Subject], str]:
    return lambda subject: title.format(reference=subject.reference)


def _takes(*names: str) -> frozenset[str]:
    return frozenset(names)


FORMS: Final[tuple[Form[Subject], ...]] = (
    Form(
        key="answer-date",
        label="Answer the date asked for",
        permissions=frozenset({_P.DECIDE_DATE}),
        fits=lambda s: _is_open(s) and _is_not_mine(s, s.seen.record.pending_target),
        title=_titled("Move {reference} to the date asked for?"),
        facts=_asked_for,
        fields=lambda s: [_reason("If you refuse: why does the date stay?"), _happened(s)],
        answers=(
            Answer("Agree the date", deciding.agree_date, "Date agreed. It is in force now.", _takes("on")),
            Answer(
                "Refuse",
                deciding.refuse_date,
                "Date refused. The force sees your reason.",
                _takes("on", "reason"),
            ),
        ),
    ),
    Form(
        key="answer-closure",
        label="Answer the closure proposal",
        permissions=frozenset({_P.AGREE_CLOSURE}),
        fits=lambda s: _is_open(s) and _is_not_mine(s, s.seen.record.pending_closure),
        title=_close_title,
        facts=_closure_facts,
        fields=lambda s: [
            Words(
                name="statement",
                label="What do you say to it? If you refuse: what is missing?",
                lines=3,
                hint=f"A refusal needs at least {REASON_MIN} characters.",
            ),
            Day(
                name="check_due_on",
                label="When should it be looked at again, if at all?",
                needed=False,
                least=s.page.today + _LATER,
                most=date(2100, 1, 1),
            ),
            _happened(s, "When was it decided?"),
        ],
        answers=(
            Answer("Close it", deciding.agree_closure, "Closed."),
            Answer(
                "Refuse",
                deciding.refuse_closure,
                "Closure refused. It stays open.",
                _takes("on", "statement"),
            ),
        ),
    ),
    Form(
        key="report",
        label="Report progress",
        permissions=frozenset({_P.REPORT_PROGRESS}),
        fits=_is_open,
        title=_titled("Report progress on {reference}"),
        fields=lambda s: [*progress_fields(s), _happened(s)],
        answers=(Answer("Save", updating.report_progress, "Progress recorded. The office sees it now."),),
    ),
    Form(
        key="assure",
        label="Decide assurance",
        permissions=frozenset({_P.DECIDE_ASSURANCE}),
        fits=_is_open,
        title=_titled("What is the office assured of on {reference}?"),
        facts=_claimed,
        fields=lambda s: [
            Pick(name="level", label="The office is", among=words_of(_DECIDED)),
            Words(name="rationale", label="Why?", lines=4),
            Words(name="ask", label="What does the office ask to see next, if anything?", lines=2),
            Pick(name="meeting_id", label="At which meeting, if at one?", among=_meetings(s), needed=False),
            _happened(s, "When was it decided?"),
        ],
        answers=(Answer("Save", deciding.decide_assurance, "Assurance recorded. The force sees it now."),),
    ),
    Form(
        key="evidence",
        label="Add evidence",
        permissions=frozenset({_P.ADD_EVIDENCE}),
        fits=_always,
        title=_titled("Add evidence to {reference}"),
        fields=_evidence_form,
        answers=(Answer("Save", add_evidence, "Evidence added, with its strength."),),
    ),
    Form(
        key="set-date",
        label="Set the first date",
        permissions=frozenset({_P.ASK_DATE, _P.DECIDE_DATE}),
        fits=lambda s: _is_open(s) and s.seen.record.target is None,
        title=_titled("Set the first date of {reference}"),
        facts=lambda _: _say("It survives for ever: every later date is a move, counted from this one."),
        fields=lambda s: [
            Day(name="due_on", label="Due on", most=date(2100, 1, 1)),
            Words(name="phrase", label="The words it was read from, if it was printed", lines=1),
            _happened(s, "When was it set?"),
        ],
        answers=(Answer("Save", updating.set_date, "First date set."),),
    ),
    Form(
        key="ask-date",
        label="Ask for a new date",
        permissions=frozenset({_P.ASK_DATE}),
        fits=_is_datable,
        title=_titled("Ask for a new date for {reference}"),
        facts=_dates_so_far,
        fields=lambda s: _new_date(s, "Why is it needed?"),
        answers=(Answer("Ask", updating.ask_date, "Asked. It does not count until the office agrees."),),
    ),
    Form(
        key="move-date",
        label="Move the date",
        permissions=frozenset({_P.DECIDE_DATE}),
        fits=_is_datable,
        title=_titled("Move the date of {reference}?"),
        facts=_dates_so_far,
        fields=lambda s: _new_date(s, "Why does the office move it?"),
        answers=(Answer("Move it", deciding.move_date, "Date moved. The first date stays on the record."),),
    ),
    Form(
        key="position",
        label="Record the inspectorate’s position",
        permissions=frozenset({_P.RECORD_POSITION}),
        fits=_always,
        title=_titled("The inspectorate’s position on {reference}"),
        fields=lambda s: [
            Pick(name="position", label="The inspectorate’s position is", among=words_of(Position)),
            Words(name="comment", label="What did it say, if anything?", lines=3),
            Words(name="source", label="Where was it read?", lines=1),
            _happened(s, "When was it said?"),
        ],
        answers=(Answer("Save", deciding.record_position, "Position recorded."),),
    ),
    Form(
        key="propose-closure",
        label="Propose closure",
        permissions=frozenset({_P.PROPOSE_CLOSURE}),
        fits=lambda s: _is_open(s) and s.seen.record.pending_closure is None and bool(s.seen.row["counts"]),
        title=_titled("Propose to close {reference}? It needs a second person."),
        facts=_propose_facts,
        fields=_propose_fields,
        answers=(
            Answer(
                "Propose closure",
                deciding.propose_closure,
                "Closure proposed. It stays open until a second person agrees.",
            ),
        ),
    ),
    Form(
        key="check",
        label="Record a later check",
        permissions=frozenset({_P.CHECK_SUSTAINMENT}),
        fits=lambda s: s.seen.record.is_closed,
        title=_titled("Does what closed {reference} still hold?"),
        facts=_closing_facts,
        fields=lambda s: [
            Pick(
                name="sustained",
                label="What did the check find?",
                among={True: "It still holds", False: "It no longer holds"},
            ),
            Words(name="statement", label="What was looked at?", lines=3),
            Ticks(name="evidence_ids", label="Which evidence shows it, if any?", among=_evidence_among(s)),
            _happened(s, "When was it checked?"),
        ],
        answers=(Answer("Save", deciding.check_sustainment, "Check recorded."),),
    ),
    Form(
        key="reopen",
        label="Reopen",
        permissions=frozenset({_P.REOPEN}),
        fits=lambda s: s.seen.record.is_closed,
        title=_titled("Reopen {reference}?"),
        facts=_closing_facts,
        fields=lambda s: [_reason("Why is it opened again?", name="statement"), _happened(s)],
        answers=(Answer("Reopen it", deciding.reopen, "Reopened, linked to the closing it undoes."),),
    ),
    Form(
        key="assign",
        label="Give owner, board and closure test",
        permissions=frozenset({_P.ASSIGN}),
        fits=_always,
        title=_titled("Who has {reference}, and how will it be tested?"),
        fields=_assign_fields,
        answers=(Answer("Save", intake.assign, "Recorded.", only_changes=True),),
    ),
    Form(
        key="link",
        label="Link to another",
        permissions=frozenset({_P.LINK}),
        fits=lambda s: len(s.page.view.rows) > 1,
        title=_titled("How does {reference} stand to another?"),
        fields=lambda s: [
            Pick(name="kind", label=f"{s.reference}", among=words_of(LinkKind)),
            Pick(name="other", label="Which one?", among=_others(s, same_service=False)),
            _happened(s),
        ],
        answers=(Answer("Link", intake.link_recommendations, "Linked."),),
    ),
    Form(
        key="wording",
        label="Correct the wording",
        permissions=frozenset({_P.CORRECT_WORDING}),
        fits=_always,
        title=_titled("Correct the wording of {reference}? The first wording stays beside it."),
        fields=_wording_fields,
        answers=(Answer("Save", intake.correct_wording, "Wording corrected. Both stand on the record."),),
    ),
)
"""Every form, in the order of the menu; what waits for an answer comes first."""
