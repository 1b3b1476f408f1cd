"""
Builders of what tests need, valid by default: say only what the test is about.

The day on which a story begins is `DAY`; `day(n)` is n days later. People stand below, each with one
role; two of a kind where a rule asks for a second person.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from monitor.domain.access import Actor, Role
from monitor.domain.evidence import CheckedBy, Direction, EvidenceItem, EvidenceKind
from monitor.domain.history import GENESIS, HistoryRow, row_hash
from monitor.domain.inspections import Inspection
from monitor.domain.record import Record, Stamp
from monitor.domain.statuses import ClosureReason, ForceReport, Kind, MoveCategory, Precision
from monitor.services.deciding import agree_closure, propose_closure
from monitor.services.intake import begin_register, take_in_recommendation, take_in_report
from monitor.services.updating import add_evidence
from monitor.store import Store

DAY = date(2024, 3, 4)
SERVICE = "Cumbria Constabulary"
ELSEWHERE = "Cumbria Fire and Rescue"
OFFICE_NAME = "Office of the Police and Crime Commissioner"
REASON = "The supplier delivers the new system in May."
TEST = "Nine in ten cases sampled meet the standard, three months running."


def day(n: int) -> date:
    """Return the day n days after the story begins."""
    return DAY + timedelta(days=n)


def moment(on: date, at: time = time(12, 0)) -> datetime:
    """Return a moment of a day, in UTC."""
    return datetime.combine(on, at, UTC)


def person(id: str, *roles: Role, services: frozenset[str] | None = frozenset({SERVICE})) -> Actor:  # noqa: A002
    """Return somebody with these roles, for one service unless said otherwise."""
    return Actor(id=id, name=f"{id.capitalize()} Person", roles=frozenset(roles), services=services)


EDITOR = person("editor", Role.FORCE_EDITOR)
EDITOR_2 = person("editor2", Role.FORCE_EDITOR)
APPROVER = person("approver", Role.FORCE_APPROVER)
OFFICE = person("office", Role.OFFICE)
OFFICE_2 = person("office2", Role.OFFICE)
ANALYST = person("analyst", Role.ANALYST)
ADMINISTRATOR = person("administrator", Role.ADMINISTRATOR, services=None)
PUBLIC = person("public", Role.PUBLIC_VIEWER)
NOBODY = person("nobody")
OFFICE_ELSEWHERE = person("stranger", Role.OFFICE, services=frozenset({ELSEWHERE}))


class Clock:
    """A server's clock for tests: it stands at noon of a day, goes on a second at each look, and can be set."""

    def __init__(self, on: date = DAY) -> None:
        self.at = moment(on)

    def __call__(self) -> datetime:
        """Return the moment, a second later than at the last look."""
        self.at += timedelta(seconds=1)
        return self.at

    def set(self, on: date) -> None:
        """Go to noon of a day."""
        self.at = moment(on)

    @property
    def today(self) -> date:
        """Return the day it shows."""
        return self.at.date()


# The rules alone


def stamp(by: Actor = OFFICE, on: date = DAY, *, recorded: date | None = None) -> Stamp:
    """Return who acts on which day, recorded at noon of that day unless said otherwise."""
    return Stamp(by, on, moment(recorded or on))


def a_record(
    *, on: date = DAY, due_on: date | None = None, text: str = "The force should do it.", **given: Any
) -> Record:
    """Return a recommendation as just taken in: open, for the force, with a closure test."""
    record = Record(
        id=1,
        reference="CC-001",
        service=SERVICE,
        inspection_id=1,
        kind=Kind.RECOMMENDATION,
        taken_in_on=on,
    )
    record.word(stamp(on=on), text=text)
    record.assign(stamp(on=on), **{"short_title": "Do it", "closure_test": TEST} | given)
    if due_on:
        record.set_target(stamp(on=on), due_on=due_on)
    return record


def an_item(**given: Any) -> EvidenceItem:
    """Return an item of strong evidence that describes the first day."""
    facts: dict[str, Any] = {
        "id": 1,
        "service": SERVICE,
        "kind": EvidenceKind.AUDIT,
        "title": "Audit of cases",
        "body": "Audit Committee",
        "describes_from": None,
        "describes_on": DAY,
        "received_on": DAY,
        "sample": 40,
        "population": 400,
        "measure": "",
        "value": None,
        "target": None,
        "unit": "",
        "direction": Direction.SUPPORTS,
        "checked_by": CheckedBy.INTERNAL_AUDIT,
        "checker": "",
        "link": "",
        "note": "",
        "recorded_at": moment(DAY),
        "by": EDITOR.id,
        "by_name": EDITOR.name,
    }
    return EvidenceItem(**facts | given)


def an_inspection(**given: Any) -> Inspection:
    """Return a published report."""
    facts: dict[str, Any] = {
        "id": 1,
        "service": SERVICE,
        "title": "PEEL assessment",
        "published_on": DAY,
        "published_precision": Precision.DAY,
        "recorded_at": moment(DAY),
        "by": OFFICE.id,
        "by_name": OFFICE.name,
    }
    return Inspection(**facts | given)


def evidenced(record: Record, on: date = DAY) -> Record:
    """Let one item of strong evidence serve a recommendation."""
    record.add_evidence(stamp(EDITOR, on), an_item(id=len(record.items) + 1))
    return record


def proposed(
    record: Record, on: date, by: Actor = EDITOR, reason: ClosureReason = ClosureReason.MET
) -> Record:
    """Propose to close a recommendation, on evidence added the same day if it has none."""
    if not record.evidence:
        evidenced(record, on)
    ids = [use.evidence_id for use in record.evidence]
    record.propose_closure(stamp(by, on), reason=reason, statement="The test is met.", evidence_ids=ids)
    return record


def closed(record: Record, on: date, reason: ClosureReason = ClosureReason.MET) -> Record:
    """Close a recommendation by two people."""
    proposed(record, on, reason=reason).agree_closure(stamp(OFFICE, on))
    return record


def asked_for(record: Record, due_on: date, *, on: date = DAY) -> Record:
    """Ask for another date as the force."""
    record.ask_date(stamp(EDITOR, on), due_on=due_on, reason=REASON, category=MoveCategory.DEPENDS_ON_OTHERS)
    return record


def a_history(rows: int = 5) -> list[HistoryRow]:
    """Return a sound chain."""
    chain: list[HistoryRow] = []
    for seq in range(1, rows + 1):
        previous = chain[-1].hash if chain else GENESIS
        chain.append(a_history_row(seq=seq, previous=previous, body=f'{{"n":{seq}}}'))
    return chain


def a_history_row(**given: Any) -> HistoryRow:
    """Return a row that carries its own hash."""
    facts: dict[str, Any] = {
        "seq": 1,
        "recorded_at": moment(DAY) + timedelta(minutes=given.get("seq", 1)),
        "actor": OFFICE.id,
        "actor_name": OFFICE.name,
        "actor_role": Role.OFFICE.value,
        "verb": "assigned",
        "subject_kind": "recommendation",
        "subject": "CC-001",
        "service": SERVICE,
        "body": "{}",
        "previous": GENESIS,
        "hash": "",
    }
    row = HistoryRow(**facts | given)
    return HistoryRow(**facts | given | {"hash": row_hash(row)})


# The register


def a_register(
    url: str, clock: Callable[[], datetime] | None = None, *, services: tuple[str, ...] = (SERVICE, ELSEWHERE)
) -> Store:
    """Return a real register that has begun and holds one report of the first service, numbered 1."""
    store = Store(url, clock=clock or Clock())
    begin_register(store, office=OFFICE_NAME, services=services, by=ADMINISTRATOR)
    take_in_report(
        store,
        service=SERVICE,
        title="PEEL assessment",
        by=OFFICE,
        published_on=DAY,
        published_precision=Precision.DAY,
    )
    return store


def take_in(store: Store, reference: str = "CC-001", **given: Any) -> Record:
    """Take in a recommendation of the first report, for the force, with a closure test."""
    facts: dict[str, Any] = {
        "inspection_id": 1,
        "kind": Kind.RECOMMENDATION,
        "short_title": f"Do {reference}",
        "text": "The force should do it.",
        "closure_test": TEST,
        "by": OFFICE,
    }
    return take_in_recommendation(store, reference=reference, **facts | given)


def give_evidence(store: Store, *references: str, **given: Any) -> EvidenceItem:
    """Add one item of strong evidence."""
    facts: dict[str, Any] = {
        "kind": EvidenceKind.AUDIT,
        "title": "Audit of cases",
        "describes_on": DAY,
        "direction": Direction.SUPPORTS,
        "checked_by": CheckedBy.INTERNAL_AUDIT,
        "sample": 40,
        "by": EDITOR,
    }
    return add_evidence(store, references=references or ("CC-001",), **facts | given)


def close(
    store: Store,
    reference: str = "CC-001",
    *,
    on: date | None = None,
    by: Actor = EDITOR,
    second: Actor = OFFICE,
) -> Record:
    """Close a recommendation by two people, on evidence."""
    item = give_evidence(store, reference, by=by)
    propose_closure(
        store,
        reference=reference,
        reason=ClosureReason.MET,
        statement="The test is met.",
        evidence_ids=[item.id],
        by=by,
        on=on,
    )
    return agree_closure(store, reference=reference, by=second, on=on)


A_REPORT: dict[str, Any] = {"status": ForceReport.IN_PROGRESS, "narrative": "The work has begun."}
"""What the force may say in a progress report."""
