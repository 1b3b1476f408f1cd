"""
Taking files in: read one, hold it against the register, and store what a person ticked, all or nothing.

An import can do nothing that a person could not do on the pages: the same permissions are asked for, the same rules
hold, and each recommendation that is taken in or changed has one row of history.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from monitor.dates import london_day
from monitor.domain.access import Actor, Permission, scope_of
from monitor.domain.inspections import Inspection
from monitor.domain.record import Record, Stamp
from monitor.domain.sources import ReportSource, Source, TrackerColumns, fingerprint_of
from monitor.domain.statuses import Precision, SetBy, Standing
from monitor.domain.text import cleaned
from monitor.errors import RuleError
from monitor.importers.child import read_document, read_workbook
from monitor.importers.file_kinds import SHEETS, SUFFIXES
from monitor.services import intake
from monitor.services.changing import visible_record, visible_report
from monitor.services.plan_document import plan_document
from monitor.services.plan_tracker import plan_tracker
from monitor.services.plans import FilePlan, ItemPlan, ReportPlan, Update
from monitor.services.standing import ASSIGNED, fresh_updates, hold_against
from monitor.store import Store, Unit

__all__ = ["Applied", "apply_plans", "hold_against", "read_file"]

_OF_THE_ITEM: Final = ("number", "external_reference", "addressees")
_DECIDED: Final = (
    "short_title", "owner", "executive_lead", "board", "themes", "applicability", "applicability_reason",
    "verification_level", "assessed_when", "closure_test",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """
    What an import stored.

    Attributes:
        reports: How many reports came onto the register.
        new, changed: References of the recommendations taken in, and of those changed.
        left: How many recommendations of the files were left as they are.
    """

    reports: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    left: int


def read_file(
    store: Store,
    *,
    name: str,
    content: bytes,
    service: str,
    by: Actor,
    report_title: str = "",
    columns: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> FilePlan:
    """
    Return what a file holds and what taking it in would do. Nothing is stored.

    Args:
        service: For whom it is taken in.
        report_title: Title of the report for the rows of a sheet, or the part of a document, that name none.
        columns, words: What a person said of a sheet's headings and status words; what was settled earlier for a
            sheet with the same headings holds otherwise.

    Raises:
        UnreadableFileError: with one sentence for the person.
        AccessError: for somebody who may not take anything in for the service.
        RuleError: for a service that is not on the register.
    """
    by.require(Permission.TAKE_IN, service)
    with store.reading() as reader:
        services = [one.name for one in reader.services() if scope_of(by).shows(one.name)]
        settled = reader.tracker_columns()
    today = store.today()
    if service not in services:
        raise RuleError(f'There is no service "{service}" on this register.')
    if SUFFIXES.get(name.rpartition(".")[2].casefold()) in SHEETS:
        workbook = read_workbook(name, content)
        plan = plan_tracker(
            workbook,
            content,
            service=service,
            services=services,
            today=today,
            report_title=report_title,
            columns=columns,
            words=words,
            settled=[one for one in settled if one.service == service],
        )
    else:
        document = read_document(name, content)
        plan = plan_document(document, content, service=service, services=services, today=today)
        for report in plan.reports:
            if report_title and not report.given["title"]:
                plan = plan.with_report(report.place, title=report_title)
    return hold_against(store, plan, by=by)


def apply_plans(
    store: Store, *, plans: Sequence[FilePlan], taken: Mapping[str, Collection[str]], by: Actor
) -> Applied:
    """
    Store what was ticked in these files: everything, or nothing at all.

    Args:
        taken: For each file's fingerprint, the keys of the reports and recommendations to take.

    Raises:
        RuleError: for a plan with faults, a doubtful row that nobody settled, or what a rule forbids.
        ConflictError: when a row was changed since it was held against the register.
        AccessError: for what this person may not do.
    """
    done = _Done()
    with store.writing() as unit:
        for place, plan in enumerate(plans):
            by.require(Permission.TAKE_IN, plan.service)
            if place:
                plan = _after_the_others(store, plan, by)
            if plan.faults:
                raise RuleError(f"{plan.name} cannot be taken in: {plan.faults[0].message}")
            _apply(store, unit, plan, frozenset(taken.get(plan.fingerprint, ())), by, done)
    return Applied(done.reports, tuple(done.new), tuple(done.changed), done.left)


def _after_the_others(store: Store, plan: FilePlan, by: Actor) -> FilePlan:
    """Return a plan held against the register as the files before it leave it; the versions seen stay those seen."""
    seen = {item.key: (item.found, item.version) for item in plan.items}
    held = hold_against(store, plan, by=by)
    for item in held.items:
        found, version = seen[item.key]
        if found == item.found and version is not None:
            held = held.with_version(item.key, version)
    return held


class _Done:
    """What has been stored so far."""

    def __init__(self) -> None:
        self.reports = 0
        self.new: list[str] = []
        self.changed: list[str] = []
        self.left = 0
        self.references: set[str] = set()
        self.known_as: dict[str, str] = {}


def _apply(store: Store, unit: Unit, plan: FilePlan, taken: frozenset[str], by: Actor, done: _Done) -> None:
    wanted = [report for report in plan.reports if _does_something(report, taken)]
    done.left += sum(1 for item in plan.items if item.key not in taken or not item.can_be_taken)
    if not wanted:
        return
    _keep_source(unit, plan, by)
    unit.flush()
    done.references |= {row.reference for row in unit.current_rows()}
    numbers: dict[int, int] = {}
    # A response inside another's comes first: the outer one names it.
    for report in sorted(wanted, key=lambda one: one.inside is None):
        numbers[report.place] = _apply_report(store, unit, plan, report, taken, numbers, by, done)
    done.known_as = {item.key: item.found for item in plan.items if item.found}
    for report in wanted:
        inspection = visible_report(unit, numbers[report.place], by)
        for item in report.items:
            if item.key in taken:
                _apply_item(unit, plan, inspection, item, by, done)
    if plan.tracker is not None:
        _remember_columns(unit, plan, by)


def _does_something(report: ReportPlan, taken: frozenset[str]) -> bool:
    ticked = [item for item in report.items if item.key in taken]
    if doubtful := next((item for item in ticked if item.standing is Standing.DOUBTFUL), None):
        raise RuleError(
            f'"{doubtful.given["short_title"]}" may be {doubtful.found or "on the register"} already: '
            "say whether it is, before taking it in."
        )
    if any(item.can_be_taken for item in ticked):
        if report.standing is Standing.DOUBTFUL:
            raise RuleError(f'"{report.given["title"]}" may be on the register already: say whether it is.')
        return True
    return report.key in taken and report.standing in (Standing.NEW, Standing.CHANGED)


def _keep_source(unit: Unit, plan: FilePlan, by: Actor) -> None:
    source = Source(
        fingerprint=plan.fingerprint,
        name=plan.name,
        form=plan.form,
        size=len(plan.content),
        text_fingerprint=fingerprint_of(plan.text.encode()),
        notes=plan.notes,
        service=plan.service,
        recorded_at=unit.now,
        by=by.id,
        by_name=by.name,
    )
    unit.keep_source(source, text=plan.text, content=plan.content, by=by)


def _apply_report(
    store: Store,
    unit: Unit,
    plan: FilePlan,
    report: ReportPlan,
    taken: frozenset[str],
    numbers: Mapping[int, int],
    by: Actor,
    done: _Done,
) -> int:
    """Take a report in, or put its day of publication right; return its number."""
    if report.found is not None:
        number = report.found
        if report.differences and report.key in taken:
            given = report.given
            intake.learn_publication(
                store,
                inspection_id=number,
                published_on=given["published_on"],
                precision=given["published_precision"],
                source=given.get("published_source") or f"As printed in {plan.name}",
                by=by,
            )
    else:
        embedded = next((one.place for one in plan.reports if one.inside == report.place), None)
        given = {
            name: value for name, value in report.given.items() if name not in ("title", "published_source")
        }
        day_known = given["published_precision"] is not Precision.UNKNOWN
        number = intake.take_in_report(
            store,
            service=report.service,
            title=report.given["title"] or f"Title not stated ({plan.name})",
            published_source=report.given.get("published_source")
            or (f"As printed in {plan.name}" if day_known else ""),
            embeds=numbers.get(embedded) if embedded is not None else None,
            by=by,
            **given,
        ).id
        done.reports += 1
    known = {(one.inspection_id, one.place) for one in unit.report_sources(plan.fingerprint)}
    if (number, report.place) not in known:
        unit.add(
            ReportSource(
                id=unit.new_id("report_source"),
                service=report.service,
                inspection_id=number,
                source=plan.fingerprint,
                place=report.place,
                recorded_at=unit.now,
                by=by.id,
                by_name=by.name,
            ),
            by=by,
            verb="read in a file",
        )
    return number


def _apply_item(
    unit: Unit, plan: FilePlan, inspection: Inspection, item: ItemPlan, by: Actor, done: _Done
) -> None:
    if item.standing is Standing.NEW:
        record = _new(unit, plan, inspection, item, by, done)
        done.new.append(record.reference)
        done.known_as[item.key] = record.reference
    elif item.standing is Standing.CHANGED:
        record = _changed(unit, plan, item, by)
        done.changed.append(record.reference)
    else:
        return
    unit.save(record, by=by)


def _new(
    unit: Unit, plan: FilePlan, inspection: Inspection, item: ItemPlan, by: Actor, done: _Done
) -> Record:
    by.require(Permission.TAKE_IN, inspection.service)
    given = item.given
    reference = intake.checked_reference(given["reference"])
    if reference in done.references:
        raise RuleError(f"The reference {reference} is already in use. Give another.")
    done.references.add(reference)
    opened = given.get("opened_on") or min([update.day for update in item.updates], default=_day_of(unit))
    stamp = Stamp(by, opened, unit.now)
    record = intake.new_record(
        number=unit.new_id("recommendation"),
        reference=reference,
        report=inspection,
        kind=given["kind"],
        stamp=stamp,
        identity={name: cleaned(given[name]) for name in _OF_THE_ITEM if name in given}
        | {"parent": done.known_as.get(given.get("parent", ""), "")},
        wording={
            "text": given["text"],
            "lead_in": given.get("lead_in", ""),
            "parts": given.get("parts", ()),
        },
        assignment={name: given[name] for name in _DECIDED if name in given}
        | {"target_phrase": given.get("due_phrase", "")},
        target=_target_of(given),
    )
    if item.updates:
        by.require(Permission.CARRY_OVER, inspection.service)
        _report(record, item.updates, unit, by)
    record.cite(stamp, **_place_of(plan, item))
    return record


def _changed(unit: Unit, plan: FilePlan, item: ItemPlan, by: Actor) -> Record:
    record = visible_record(unit, item.found or "", by)
    unit.check_version(record, item.version)
    stamp = Stamp(by, _day_of(unit), unit.now)
    fields = {one.field for one in item.differences}
    given = item.given
    if "text" in fields:
        by.require(Permission.CORRECT_WORDING, record.service)
        record.word(
            stamp,
            text=given["text"],
            lead_in=given.get("lead_in", ""),
            parts=given.get("parts", ()),
            reason=f"The wording printed in {plan.name} differs; confirmed on import.",
            source=" ".join(part for part in (plan.name, item.place.words) if part),
        )
    assigned = {name: given[name] for name in ASSIGNED if name in fields}
    if assigned:
        by.require(Permission.ASSIGN, record.service)
        record.assign(stamp, reason=f"As in {plan.name}", **assigned)
    if "due_on" in fields:
        office = by.may(Permission.DECIDE_DATE, record.service)
        by.require(Permission.DECIDE_DATE if office else Permission.ASK_DATE, record.service)
        record.set_target(stamp, **_target_of(given))
    if "updates" in fields:
        by.require(Permission.REPORT_PROGRESS, record.service)
        _report(record, fresh_updates(item, record), unit, by)
    record.cite(stamp, **_place_of(plan, item))
    return record


def _target_of(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "due_on": given.get("due_on"),
        "precision": given.get("due_precision") or Precision.DAY,
        "phrase": given.get("due_phrase", ""),
        "rule": given.get("due_rule", ""),
        "set_by": given.get("due_set_by") or SetBy.INSPECTORATE,
    }


def _report(record: Record, updates: Iterable[Update], unit: Unit, by: Actor) -> None:
    for update in updates:
        stamp = Stamp(by, max(update.day, record.taken_in_on), unit.now)
        record.report(
            stamp,
            status=update.status,
            narrative=update.text,
            confidence=update.confidence,
            blocked_by=update.blocked_by,
        )


def _place_of(plan: FilePlan, item: ItemPlan) -> dict[str, Any]:
    return {
        "source": plan.fingerprint,
        "starts_at": item.place.start,
        "ends_at": item.place.end,
        "place": item.place.words,
    }


def _day_of(unit: Unit) -> date:
    """Return the day in London on which a unit writes."""
    return london_day(unit.now)


def _remember_columns(unit: Unit, plan: FilePlan, by: Actor) -> None:
    """Keep how this sheet was read, where that is not what would be taken for it anyway."""
    tracker = plan.tracker
    if tracker is None or tracker.is_own_export:
        return
    columns = tuple((one.heading, one.field) for one in tracker.columns)
    words = tuple((one.found, one.value.value) for one in tracker.words if one.value is not None)
    last = next(
        (
            one
            for one in reversed(unit.tracker_columns())
            if (one.service, one.headings_key) == (plan.service, tracker.headings_key)
        ),
        None,
    )
    if last is not None and (last.columns, last.words) == (columns, words):
        return
    unit.add(
        TrackerColumns(
            id=unit.new_id("tracker_columns"),
            service=plan.service,
            headings_key=tracker.headings_key,
            columns=columns,
            words=words,
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
        ),
        by=by,
        verb="columns of a sheet settled",
    )
