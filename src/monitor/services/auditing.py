"""
Who did what: the history as somebody who may audit reads it.

What a reader may not see does not exist in it: reports under embargo and restricted ones with everything that
belongs to them, the files that also hold such, other services, and accounts for whoever does not manage them.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from monitor.dates import end_of_day, long_date, short_date
from monitor.domain.access import Actor, Permission, Role, Scope
from monitor.domain.accounts import AccountStage
from monitor.domain.claim_rules import said_of_claim
from monitor.domain.entries import (
    Assignment,
    AssuranceDecision,
    ClosureStage,
    EvidenceUse,
    InspectoratePosition,
    Link,
    Passage,
    ProgressReport,
    TargetStage,
    Wording,
)
from monitor.domain.history import GENESIS, HistoryRow
from monitor.domain.meetings import Meeting, Outcome, QuestionStage
from monitor.domain.response_desk import ResponsePart
from monitor.domain.statuses import Assurance, ClosureReason, ForceReport, MeetingKind, Position, Vocabulary
from monitor.domain.wording import meeting_name
from monitor.services.actions import STEP_VERBS
from monitor.services.changing import visible_inspections
from monitor.services.meetings import unseen as unseen_of_meetings
from monitor.services.responding import STEP_VERBS as RESPONSE_VERBS
from monitor.services.responding import TEXT_VERB
from monitor.services.responses import unseen as unseen_of_responses
from monitor.settings import Titles
from monitor.store import (
    Reach,
    Reader,
    Store,
    Wanted,
    audit_people,
    audit_rows,
    count_audit_rows,
    report_numbers,
    short_titles,
)

AUDIT_PAGE: Final = 50
_CHUNK: Final = 2000


class AuditAct(Vocabulary):
    """What sort of thing was done."""

    PROGRESS = "progress", "Progress", "The force reported."
    EVIDENCE = "evidence", "Evidence", "An item was recorded or given to a recommendation."
    DATES = "dates", "Target dates", "Set, asked for, agreed, refused or moved."
    ASSURANCE = "assurance", "Assurance and position", "The office decided, or the inspectorate spoke."
    CLOSING = "closing", "Closing", "Proposed, agreed, refused, reopened or looked at again."
    INTAKE = "intake", "Taken in and worded", "Reports, recommendations, wording, days of publication."
    OWNERS = "owners", "Owners and links", "Who has it, what it is linked to."
    FILES = "files", "Files", "Kept, read, and how their columns are read."
    MEETINGS = "meetings", "Meetings and services", "Recorded, changed or added; packs published."
    QUESTIONS = "questions", "Questions and answers", "Prepared for meetings, and answered at them."
    ACTIONS = "actions", "Actions", "Agreed at meetings, reported done, accepted, sent back, moved."
    RESPONSES = "responses", "Responses", "Written, approved, published and sent."
    SITE = "site", "Public site", "Proposed, and approved by a second person."
    ACCOUNTS = "accounts", "Accounts", "Made, granted, withdrawn, disabled, renewed; rules of single sign-on."


VERBS: Final[Mapping[AuditAct, tuple[str, ...]]] = {
    AuditAct.PROGRESS: (ProgressReport.said,),
    AuditAct.EVIDENCE: (EvidenceUse.said, "evidence recorded"),
    AuditAct.DATES: tuple(f"target date {stage.value}" for stage in TargetStage),
    AuditAct.ASSURANCE: (AssuranceDecision.said, InspectoratePosition.said),
    AuditAct.CLOSING: tuple(stage.word.lower() for stage in ClosureStage),
    AuditAct.INTAKE: ("report taken in", "taken in", Wording.said, "day of publication learned"),
    AuditAct.OWNERS: (Assignment.said, Link.said),
    AuditAct.FILES: ("file kept", "read in a file", "columns of a sheet settled", Passage.said),
    AuditAct.MEETINGS: (
        *(f"meeting {done}" for done in ("recorded", "changed", "moved", "cancelled")),
        "pack published",
        "service added",
    ),
    AuditAct.QUESTIONS: ("answer recorded", *(f"question {stage.word.lower()}" for stage in QuestionStage)),
    AuditAct.ACTIONS: ("action agreed", *STEP_VERBS.values()),
    AuditAct.RESPONSES: (TEXT_VERB, *RESPONSE_VERBS.values()),
    AuditAct.SITE: ("site publication proposed", "site publication approved"),
    AuditAct.ACCOUNTS: (
        "account made",
        *(f"account {stage.word.lower()}" for stage in AccountStage),
        "rule added",
        "rule taken back",
    ),
}
"""The verbs of the history that belong to each sort."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditFilter:
    """
    Which entries are asked for; an empty value asks for nothing.

    Attributes:
        person: The key of whoever acted.
        first, last: Days in London on which it was recorded, both included.
        reference: Letters of a recommendation's reference.
    """

    person: str = ""
    act: AuditAct | None = None
    service: str = ""
    first: date | None = None
    last: date | None = None
    reference: str = ""

    def sentence(self, people: Mapping[str, str]) -> str:
        """Return in words what is asked for."""
        parts = [
            f"by {people.get(self.person, 'somebody')}" if self.person else "",
            f"of the sort {self.act.word.lower()}" if self.act else "",
            f"of {self.service}" if self.service else "",
            f"from {long_date(self.first)}" if self.first else "",
            f"to {long_date(self.last)}" if self.last else "",
            f'with "{self.reference}" in the reference' if self.reference else "",
        ]
        return f"Entries {', '.join(filter(None, parts))}." if any(parts) else "All entries."


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditRow:
    """
    One entry of the history, in words.

    Attributes:
        seq: Its number in the history, for reading on from; it is shown to nobody, since gaps would tell of others.
        what: What was done: "Progress reported".
        detail: The outcome in a few words, or "".
        kind: What it was done to, as stored: "recommendation", "inspection" ...
        key: By what that is opened: a reference, a report's title, an account's key; or "".
        about: What it is called.
    """

    seq: int
    recorded_at: datetime
    person: str
    name: str
    role: str
    what: str
    detail: str
    kind: str
    key: str
    about: str
    service: str


def read_audit(
    store: Store,
    *,
    by: Actor,
    wanted: AuditFilter | None = None,
    before: int | None = None,
    limit: int = AUDIT_PAGE,
) -> list[AuditRow]:
    """
    Return entries of the history that the actor may read, newest first, a page at a time.

    Args:
        before: The number of an entry: those before it are returned.

    Raises:
        AccessError: for an actor who may not read who did what.
    """
    by.require(Permission.READ_AUDIT)
    with store.reading() as reader:
        reach, titles = _reach(reader, by)
        rows = audit_rows(reader, reach, _asked(wanted), before=before, limit=limit)
        return _in_words(reader, rows, titles)


def read_whole_audit(store: Store, *, by: Actor, wanted: AuditFilter | None = None) -> list[AuditRow]:
    """Return every entry asked for that the actor may read, as at one moment, newest first."""
    by.require(Permission.READ_AUDIT)
    found: list[AuditRow] = []
    with store.reading() as reader:
        reach, titles = _reach(reader, by)
        before: int | None = None
        while True:
            rows = audit_rows(reader, reach, _asked(wanted), before=before, limit=_CHUNK)
            found += _in_words(reader, rows, titles)
            if len(rows) < _CHUNK:
                return found
            before = rows[-1].seq


def count_audit(store: Store, *, by: Actor, wanted: AuditFilter | None = None) -> int:
    """Return how many entries there are of those asked for that the actor may read."""
    by.require(Permission.READ_AUDIT)
    with store.reading() as reader:
        return count_audit_rows(reader, _reach(reader, by)[0], _asked(wanted))


def people_in_audit(store: Store, *, by: Actor) -> dict[str, str]:
    """Return the names of everybody who has done something that the actor may read, by key; in order of name."""
    by.require(Permission.READ_AUDIT)
    with store.reading() as reader:
        return dict(audit_people(reader, _reach(reader, by)[0]))


def services_in_audit(store: Store, *, by: Actor) -> list[str]:
    """Return the services whose history the actor may read."""
    by.require(Permission.READ_AUDIT)
    reach = by.services_with(Permission.READ_AUDIT)
    with store.reading() as reader:
        return [one.name for one in reader.services() if reach is None or one.name in reach]


@dataclass(frozen=True, slots=True)
class HistorySeen:
    """
    How far the history goes, for somebody: what an export names, so that it can be checked later.

    Attributes:
        rows: How many rows they may know of. How many there are would tell of what is hidden.
        head: Hash of the last of these; it covers every row before it, whoever may know of that.
    """

    rows: int
    head: str


def history_seen(store: Store, *, by: Actor) -> HistorySeen:
    """Return how far the history goes, for somebody who may read; nothing but that is told of the audit."""
    by.require(Permission.READ)
    with store.reading() as reader:
        reach, _ = _reach(reader, by, Permission.READ)
        rows = count_audit_rows(reader, reach, Wanted())
        last = audit_rows(reader, reach, Wanted(), before=None, limit=1)
    return HistorySeen(rows, last[0].hash if last else GENESIS)


def _reach(
    reader: Reader, by: Actor, permission: Permission = Permission.READ_AUDIT
) -> tuple[Reach, dict[int, str]]:
    """Return what somebody may read by a permission, with the titles of the reports in it."""
    scope = Scope(by.services_with(permission), by.services_with(Permission.READ_EMBARGOED))
    visible = visible_inspections(reader, scope)
    reach = Reach(
        services=scope.services,
        embargoed=scope.embargoed,
        accounts=by.services_with(Permission.MANAGE_ACCOUNTS),
        hidden=report_numbers(reader) - visible.keys(),
        unseen=unseen_of_meetings(reader, by) | unseen_of_responses(reader, by),
    )
    return reach, {number: report.title for number, report in visible.items()}


def _asked(wanted: AuditFilter | None) -> Wanted:
    if wanted is None:
        return Wanted()
    return Wanted(
        person=wanted.person,
        verbs=VERBS[wanted.act] if wanted.act else (),
        service=wanted.service,
        since=end_of_day(wanted.first - timedelta(days=1)) if wanted.first else None,
        until=end_of_day(wanted.last) if wanted.last else None,
        reference=wanted.reference.strip(),
    )


def _in_words(reader: Reader, rows: Sequence[HistoryRow], reports: Mapping[int, str]) -> list[AuditRow]:
    named = _Names(
        recommendations=short_titles(
            reader, {row.subject for row in rows if row.subject_kind == "recommendation"}
        ),
        reports=reports,
        accounts={state.account.id: state.account.name for state in reader.account_states()}
        if any(row.subject_kind == "account_change" for row in rows)
        else {},
        rules={rule.id: said_of_claim(rule) for rule in reader.claim_rules()},
        meetings={one.id: one for one in reader.meetings()},
        action_meetings={one.id: one.meeting_id for one in reader.actions()},
        titles=Titles.from_environment(),
    )
    return [_row_in_words(row, named) for row in rows]


@dataclass(frozen=True, slots=True)
class _Names:
    recommendations: Mapping[str, str]
    reports: Mapping[int, str]
    accounts: Mapping[str, str]
    rules: Mapping[int, str]
    meetings: Mapping[int, Meeting]
    action_meetings: Mapping[int, int]
    titles: Titles


def _row_in_words(row: HistoryRow, named: _Names) -> AuditRow:
    body = json.loads(row.body)
    told = AuditRow(
        seq=row.seq,
        recorded_at=row.recorded_at,
        person=row.actor,
        name=row.actor_name,
        role=_word(Role, row.actor_role),
        what=row.verb[:1].upper() + row.verb[1:],
        detail=_detail(body, named) or _of_meeting(row.subject_kind, body.get("entry", {})),
        kind=row.subject_kind,
        key="",
        about="",
        service=row.service,
    )
    about = _ABOUT.get(row.subject_kind)
    key, words = about(row, body.get("entry", {}), named) if about else ("", "")
    return replace(told, key=key, about=words)


def _report(number: object, named: _Names) -> tuple[str, str]:
    title = named.reports.get(int(str(number)), "")
    return title, title


def _meeting(number: int, named: _Names, *, on: date | None = None) -> tuple[str, str]:
    found = named.meetings.get(number)
    return "", f"{meeting_name(found.kind, named.titles)}, {short_date(on or found.on)}" if found else ""


_ABOUT: Final[Mapping[str, Callable[[HistoryRow, Mapping[str, Any], _Names], tuple[str, str]]]] = {
    "recommendation": lambda row, _, named: (row.subject, named.recommendations.get(row.subject, "")),
    "inspection": lambda row, _, named: _report(row.subject, named),
    "publication_day": lambda _, entry, named: _report(entry["inspection_id"], named),
    "response_text": lambda _, entry, named: _report(entry["inspection_id"], named),
    "response_step": lambda _, entry, named: _report(entry["inspection_id"], named),
    "report_source": lambda _, entry, named: _report(entry["inspection_id"], named),
    "evidence": lambda _, entry, __: ("", str(entry["title"])),
    "meeting": lambda _, entry, named: (
        "",
        f"{meeting_name(MeetingKind(entry['kind']), named.titles)}, "
        f"{short_date(date.fromisoformat(entry['on']))}",
    ),
    "meeting_change": lambda _, entry, named: _meeting(
        entry["meeting_id"], named, on=date.fromisoformat(entry["on"])
    ),
    "action_step": lambda _, entry, named: _meeting(named.action_meetings.get(entry["action_id"], 0), named),
    **{
        kind: lambda _, entry, named: _meeting(entry["meeting_id"], named)
        for kind in ("question_change", "answer", "action", "pack")
    },
    "site_publication": lambda _, entry, __: (
        "",
        f"As at {short_date(date.fromisoformat(entry['as_at']))}",
    ),
    "site_approval": lambda _, entry, __: ("", f"Publication {entry['publication_id']}"),
    "service": lambda row, _, __: ("", row.subject),
    "source": lambda _, entry, __: ("", str(entry["name"])),
    "tracker_columns": lambda _, __, ___: ("", "Columns of a tracker"),
    "account": lambda row, entry, _: (row.subject, str(entry["name"])),
    "account_change": lambda _, entry, named: (
        str(entry["account_id"]),
        named.accounts.get(str(entry["account_id"]), ""),
    ),
    "claim_rule": lambda row, _, named: ("", named.rules.get(int(row.subject), "")),
}
"""By what the subject of each kind is opened, and what it is called."""


def _detail(body: Mapping[str, Any], named: _Names) -> str:
    if entry := body.get("entry"):
        return _of_account(entry, named)
    return "; ".join(filter(None, (_outcome(entry) for entry in body.get("entries", ()))))


def _of_meeting(kind: str, entry: Mapping[str, Any]) -> str:
    """Return in a few words what was answered, agreed, moved or written."""
    match kind:
        case "answer":
            return _word(Outcome, entry["outcome"])
        case "action":
            return f"{entry['owner']}, by {short_date(date.fromisoformat(entry['due_on']))}"
        case "response_text":
            part = _word(ResponsePart, entry["part"])
            return f"{part}, {entry['reference']}" if entry["reference"] else part
        case "response_step" if entry["until_on"]:
            return f"by {short_date(date.fromisoformat(entry['until_on']))}"
        case "action_step" if entry["due_on"]:
            return f"to {short_date(date.fromisoformat(entry['due_on']))}"
    return ""


def _of_account(entry: Mapping[str, Any], named: _Names) -> str:
    if entry.get("role") and not {"account_id", "claim"}.isdisjoint(entry):
        said = f"{_word(Role, entry['role'])} in {entry.get('service') or 'every service'}"
        why = named.rules.get(entry.get("by_rule") or 0)
        return f"{said}, since {why}" if why else said
    if entry.get("until") and "account_id" in entry:
        last = date.fromisoformat(entry["until"]) - timedelta(days=1)
        return f"until {short_date(last)}"
    return ""


def _outcome(entry: Mapping[str, Any]) -> str:
    """Return in a word what an entry of a recommendation says."""
    match entry["list"]:
        case "progress_report":
            return _word(ForceReport, entry["status"])
        case "assurance_decision":
            return _word(Assurance, entry["level"])
        case "inspectorate_position":
            return _word(Position, entry["position"])
        case "target_date":
            return short_date(date.fromisoformat(entry["due_on"]))
        case "closure_step":
            return _word(ClosureReason, entry["reason"]) if entry.get("reason") else ""
    return ""


def _word(vocabulary: type[Vocabulary], value: object) -> str:
    """Return the word of a stored value; of one that is not known, the value."""
    return next((member.word for member in vocabulary if member.value == value), str(value))
