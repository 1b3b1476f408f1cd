"""A plan held against the register: what is new, what differs, what has to be asked, and what a rule forbids."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from monitor.dates import long_date
from monitor.domain.access import Actor, Permission, scope_of
from monitor.domain.inspections import Inspection
from monitor.domain.record import Record, state_of
from monitor.domain.statuses import Assurance, Kind, Position, Precision, Standing, Vocabulary
from monitor.importers.faults import Fault
from monitor.importers.matching import (
    PERHAPS_THE_REPORT,
    PERHAPS_THE_WORDS,
    KnownItem,
    KnownReport,
    Match,
    likeness,
    match_items,
    match_report,
    plain_words,
    report_of_items,
)
from monitor.services.changing import visible_inspections
from monitor.services.plans import SETTLED_NEW, Difference, FilePlan, ItemPlan, ReportPlan
from monitor.services.reports import references_from
from monitor.services.view import RegisterView, register_view
from monitor.store import Reader, Store

ASSIGNED: Final = {
    "short_title": "Short title",
    "owner": "Owner",
    "executive_lead": "Executive lead",
    "board": "Board",
    "themes": "Themes",
    "closure_test": "Closure test",
    "verification_level": "Verification level",
    "applicability": "For whom",
}
"""What a sheet may say of a recommendation on the register, as `intake.assign` would record it."""

_IDENTITY: Final = ("kind", "number", "external_reference")
_MANY: Final = 40


def hold_against(store: Store, plan: FilePlan, *, by: Actor) -> FilePlan:
    """
    Return the plan with what is on the register found for each of its rows, and what taking them would change.

    Raises:
        AccessError: for somebody who may not take anything in for the service.
    """
    by.require(Permission.TAKE_IN, plan.service)
    view = register_view(store, by=by)
    with store.reading() as reader:
        register = _Register.read(reader, by, view.rows, view.today, plan)
        held = [_hold_report(report, register) for report in plan.reports]
    return replace(plan, reports=tuple(_named(held, view)), rule_faults=tuple(register.faults))


def _named(reports: Sequence[ReportPlan], view: RegisterView) -> Iterator[ReportPlan]:
    """Yield the reports with the next free references proposed where neither the file nor a person gave one."""
    items = [item for report in reports for item in report.items]
    free = {service: references_from(view, service) for service in {item.service for item in items}}
    given = {item.given["reference"] for item in items if item.given["reference"] != item.proposed}
    for report in reports:
        named = []
        for item in report.items:
            own = item.given["reference"] != item.proposed
            wanted = item.standing in (Standing.NEW, Standing.DOUBTFUL) and not own
            reference = next(one for one in free[item.service] if one not in given) if wanted else ""
            named.append(
                item
                if own
                else replace(item, proposed=reference, given={**item.given, "reference": reference})
            )
        yield replace(report, items=tuple(named))


@dataclass(frozen=True)
class _Register:
    """What a plan is held against, and the faults found on the way."""

    reader: Reader
    by: Actor
    today: date
    reports: Mapping[int, Inspection]
    rows: Mapping[str, KnownItem]
    service_of: Mapping[str, str]
    reports_before: Mapping[int, int]
    passages: Mapping[tuple[int, int], str]
    records: dict[str, Record]
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def read(cls, reader: Reader, by: Actor, rows: Any, today: date, plan: FilePlan) -> "_Register":
        """Read what this actor may see of it."""
        reports = visible_inspections(reader, scope_of(by))
        columns = ["reference", "inspection_id", "kind", "text", "number", "external_reference", "service"]
        known = list(rows[columns].itertuples(index=False, name=None))
        references = {row[0] for row in known}
        records = {r.reference: r for r in reader.records()} if len(plan.items) > _MANY and known else {}
        return cls(
            reader=reader,
            by=by,
            today=today,
            reports=reports,
            rows={
                ref: KnownItem(ref, int(report), Kind(kind), text, number, external)
                for ref, report, kind, text, number, external, _ in known
            },
            service_of={row[0]: row[-1] for row in known},
            reports_before={
                one.place: one.inspection_id
                for one in reader.report_sources(plan.fingerprint)
                if one.inspection_id in reports
            },
            passages={
                (passage.starts_at, passage.ends_at): reference
                for reference, passage in reader.passages_in(plan.fingerprint)
                if reference in references
            },
            records=records,
        )

    def of(self, service: str) -> list[KnownItem]:
        """Return the rows of a service."""
        return [row for reference, row in self.rows.items() if self.service_of[reference] == service]

    def record(self, reference: str) -> Record:
        """Return a recommendation with everything said about it."""
        if reference not in self.records:
            self.records[reference] = self.reader.record(reference)
        return self.records[reference]

    def refuse(self, item: ItemPlan, name: str, found: str, wanted: str, message: str) -> None:
        """Note a fault of one cell of a sheet."""
        heading = item.headings.get(name, "")
        where = f'{item.place.words}, "{heading}"' if heading else item.place.words
        self.faults.append(Fault(where, found, wanted, f"{where}: {message}"))


# Reports


def _hold_report(report: ReportPlan, register: _Register) -> ReportPlan:
    match = _match_of(report, register)
    found = int(match.found) if match.found is not None else None
    differences = _published_later(report, register.reports[found]) if found is not None else ()
    standing = match.standing
    if standing is Standing.UNCHANGED and differences:
        standing = Standing.CHANGED
    matches = _matches_of(report, match, register)
    items = [_hold_item(item, one, register) for item, one in zip(report.items, matches, strict=True)]
    return replace(
        report,
        standing=standing,
        found=found,
        why=match.why,
        differences=differences,
        items=tuple(items),
    )


def _match_of(report: ReportPlan, register: _Register) -> Match:
    if report.settled is not None:
        known = report.settled in register.reports
        return Match(Standing.UNCHANGED, report.settled) if known else Match(Standing.NEW)
    if report.place in register.reports_before:
        return Match(Standing.UNCHANGED, register.reports_before[report.place])
    given = report.given
    known_reports = [
        KnownReport(one.id, one.title, one.published_on, one.published_precision)
        for one in register.reports.values()
        if one.service == report.service
    ]
    match = match_report(
        given["title"], given.get("published_on"), given["published_precision"], known_reports
    )
    by_items = (
        report_of_items([_as_known(item) for item in report.items], register.of(report.service))
        if match.standing is Standing.NEW
        else None
    )
    if by_items is None:
        return match
    title, named = register.reports[by_items].title, bool(plain_words(given["title"]))
    asked = ": say whether it is that report" if named else ""
    return Match(
        Standing.DOUBTFUL if named else Standing.UNCHANGED,
        by_items,
        f'Most of its recommendations stand in "{title}" on the register{asked}.',
    )


def _published_later(report: ReportPlan, known: Inspection) -> tuple[Difference, ...]:
    """Return the day of publication where the file knows it better than the register does."""
    order = (Precision.UNKNOWN, Precision.YEAR, Precision.MONTH, Precision.DAY)
    day, precision = report.given.get("published_on"), report.given["published_precision"]
    if day is None or order.index(precision) <= order.index(known.published_precision):
        return ()
    after = replace(known, published_on=day, published_precision=precision).published_words
    return (Difference("published_on", "Day of publication", known.published_words, after),)


# Recommendations


def _as_known(item: ItemPlan) -> KnownItem:
    given = item.given
    return KnownItem(
        "", None, given["kind"], given["text"], given.get("number", ""), given.get("external_reference", "")
    )


def _matches_of(report: ReportPlan, match: Match, register: _Register) -> list[Match]:
    """Return which row of the register each item is: as settled, by the file itself, by reference, or as matched."""
    known = register.of(report.service)
    matched = match_items([_as_known(item) for item in report.items], known, match)
    return [_by_itself(item, register) or other for item, other in zip(report.items, matched, strict=True)]


def _by_itself(item: ItemPlan, register: _Register) -> Match | None:
    if item.settled is not None:
        known = item.settled != SETTLED_NEW and register.service_of.get(item.settled) == item.service
        return Match(Standing.CHANGED, item.settled) if known else Match(Standing.NEW)
    before = register.passages.get((item.place.start, item.place.end))
    if before is not None:
        return Match(Standing.UNCHANGED, before)
    reference = item.given.get("reference", "") if "reference" in item.headings else ""
    row = register.rows.get(reference)
    if row is None or register.service_of[reference] != item.service:
        return None
    if item.given["text"] and likeness(row.text, item.given["text"]) < PERHAPS_THE_WORDS:
        return Match(
            Standing.DOUBTFUL,
            reference,
            f"{reference} is on the register with quite other words: say whether it is the same.",
        )
    return Match(Standing.CHANGED, reference)


def _hold_item(item: ItemPlan, match: Match, register: _Register) -> ItemPlan:
    read_before = (item.place.start, item.place.end) in register.passages and item.settled is None
    reference = str(match.found) if match.found is not None else None
    record = register.record(reference) if reference else None
    item = replace(
        item,
        found=reference,
        standing=match.standing,
        why=match.why,
        version=record.version if record else None,
        differences=(),
        noted=(),
    )
    if record is None and not item.given["text"]:
        why = "It has no words here, so only what is on the register already can be changed by it."
        return replace(item, standing=Standing.DOUBTFUL, why=why)
    if record is None:
        return replace(item, noted=tuple(_left_out(item)))
    if match.standing is Standing.DOUBTFUL:
        return replace(item, differences=tuple(_wording(item, record)))
    if read_before:
        return replace(item, standing=Standing.UNCHANGED)
    notes: list[str] = []
    _check_identity(item, record, register)
    _check_guarded(item, record, register)
    differences = [
        *_wording(item, record),
        *_assigned(item, record, register, notes),
        *_target(item, record, register, notes),
        *_updates(item, record, register, notes),
    ]
    return replace(
        item,
        differences=tuple(differences),
        noted=tuple(notes),
        standing=Standing.CHANGED if differences else Standing.UNCHANGED,
    )


def _wording(item: ItemPlan, record: Record) -> Iterable[Difference]:
    before, after = record.wordings[-1].text, item.given["text"]
    if after and plain_words(before) != plain_words(after):
        yield Difference("text", item.headings.get("text", "Text"), before, after)


def _assigned(item: ItemPlan, record: Record, register: _Register, notes: list[str]) -> Iterable[Difference]:
    now = record.assignments[-1]
    for name in ASSIGNED:
        if name not in item.headings or not item.given.get(name):
            continue
        before, after = getattr(now, name), item.given[name]
        if _words(before) == _words(after):
            continue
        if register.by.may(Permission.ASSIGN, item.service):
            yield Difference(name, item.headings[name], _words(before), _words(after))
        else:
            notes.append(f"{item.headings[name]} is left out: {register.by.name} may not change it.")


def _target(item: ItemPlan, record: Record, register: _Register, notes: list[str]) -> Iterable[Difference]:
    due = item.given.get("due_on")
    if due is None:
        return
    now = record.target
    if now is None:
        if not record.is_closed:
            yield Difference("due_on", item.headings.get("target", "Target date"), "", long_date(due))
    elif due not in (now.due_on, record.targets[0].due_on):
        said = (
            f"{record.reference} is due on {long_date(now.due_on)}, and here it says {long_date(due)}. An import does "
            "not move a date"
        )
        if item.headings:
            register.refuse(
                item,
                "target",
                long_date(due),
                f"{long_date(now.due_on)}, or nothing",
                f"{said}: ask for the move on its page, with the reason.",
            )
        else:
            notes.append(f"{said}.")


def _updates(item: ItemPlan, record: Record, register: _Register, notes: list[str]) -> Iterable[Difference]:
    fresh = fresh_updates(item, record)
    if not fresh:
        return
    if not register.by.may(Permission.REPORT_PROGRESS, item.service):
        notes.append("What the force reports is left out: the force records that itself.")
        return
    if record.is_closed:
        notes.append(f"{record.reference} is closed: what the force reports of it is left out.")
        return
    state = state_of(record)
    for update in fresh:
        yield Difference(
            "updates",
            f"Force reports, {long_date(update.day)}",
            state.force_report.word,
            f"{update.status.word}: {update.text}",
        )


def fresh_updates(item: ItemPlan, record: Record) -> list[Any]:
    """Return the updates of a row that its recommendation does not have yet: others on the day, or other words."""
    had = {(report.happened_on, plain_words(report.narrative)) for report in record.reports}
    told = {plain_words(report.narrative) for report in record.reports}
    state = state_of(record)
    fresh = []
    for update in item.updates:
        same = (update.day, plain_words(update.text)) in had
        # A status without words of its own says nothing new while the force already reports it.
        repeated = update.is_status_only and update.status is state.force_report
        # What is dated by the day of the import alone is not new for having been read on another day.
        again = update.is_undated and plain_words(update.text) in told and update.status is state.force_report
        if not (same or repeated or again):
            fresh.append(update)
    return fresh


def _check_identity(item: ItemPlan, record: Record, register: _Register) -> None:
    for name in _IDENTITY:
        after, before = item.given.get(name, ""), getattr(record, name)
        if name in item.headings and after and _words(after) != _words(before):
            register.refuse(
                item,
                name,
                _words(after),
                _words(before) or "nothing",
                f'{record.reference} has "{_words(before)}" here, and what it is does not change: '
                "correct the cell, or take the reference out to add it as another.",
            )
    title = item.given.get("report", "")
    known = register.reports[record.inspection_id].title
    if "report" in item.headings and title and likeness(title, known) < PERHAPS_THE_REPORT:
        register.refuse(
            item,
            "report",
            title,
            known,
            f'{record.reference} belongs to the report "{known}", not to this one.',
        )


_BEGINS_WITH: Final = {"assurance": Assurance.NOT_LOOKED_AT, "position": Position.OPEN}
"""What an import cannot set, as it stands of a new row."""


def _guarded_now(record: Record) -> dict[str, Any]:
    """Return the present values of what an import cannot set."""
    state = state_of(record)
    return {
        "assurance": state.assurance,
        "position": state.position,
        "closed_on": state.closed_on,
        "closure_reason": state.closure_reason,
        "first_target": state.original_on,
        "parent": record.parent,
    }


def _check_guarded(item: ItemPlan, record: Record, register: _Register) -> None:
    now = _guarded_now(record)
    for name, (heading, value) in item.guarded.items():
        if name not in now or _same(value, now[name]):
            continue
        before = _words(now[name])
        where = f'{item.place.words}, "{heading}"'
        register.faults.append(
            Fault(
                where,
                _words(value),
                before or "nothing",
                f'{where}: {record.reference} has "{before or "nothing"}", and here it says "{_words(value)}". '
                "An import cannot decide that: it is recorded on its page, by those who may.",
            )
        )


def _left_out(item: ItemPlan) -> Iterable[str]:
    """Say which values of a new row are not carried over, because an import cannot decide them."""
    for name, (heading, value) in item.guarded.items():
        if _words(value) and not _same(value, _BEGINS_WITH.get(name)):
            yield f'"{heading}: {_words(value)}" is left out: that is decided on its page, by those who may.'


def _same(value: Any, now: Any) -> bool:
    if isinstance(now, Vocabulary):
        return plain_words(_words(value)) in (plain_words(now.word), plain_words(now.value))
    return plain_words(_words(value)) == plain_words(_words(now))


def _words(value: Any) -> str:
    """Return a value as people read it."""
    if value is None:
        return ""
    if isinstance(value, Vocabulary):
        return value.word
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, tuple | list):
        return "; ".join(map(str, value))
    return str(value)
