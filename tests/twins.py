"""
Two registers that differ only in what some readers may not see.

`a_twin(url, hidden=True)` holds an embargoed and a restricted report with everything that can be recorded of them, and
each tie that can lead from what is seen to what is not; its twin was told the same story without them. Whoever may
not see them must be told the same by both.

The hidden things come first and in between, so that the numbers which the database gives to all that follows differ
from twin to twin: whatever tells a number, tells of what is hidden.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from math import isnan
from pathlib import Path
from types import GeneratorType
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
import pytest

from monitor.dates import london_day
from monitor.domain.access import Actor, Role
from monitor.domain.evidence import Direction
from monitor.domain.evidence_files import Scan
from monitor.domain.meetings import (
    Action,
    ActionStage,
    ActionStep,
    Answer,
    Meeting,
    MeetingChange,
    Outcome,
    QuestionChange,
    QuestionStage,
)
from monitor.domain.record import Stamp
from monitor.domain.response_desk import ResponsePart, ResponseStage, ResponseStep, ResponseText
from monitor.domain.sources import ReportSource, Source, TrackerColumns, fingerprint_of
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ClosureReason,
    ForceReport,
    Kind,
    LinkKind,
    MeetingKind,
    MoveCategory,
    Position,
    Precision,
    Programme,
)
from monitor.exporters.document import as_json
from monitor.packs.conference import conference_document
from monitor.services import view
from monitor.services.deciding import (
    agree_closure,
    agree_date,
    decide_assurance,
    propose_closure,
    record_position,
)
from monitor.services.evidence_files import CheckedFile
from monitor.services.intake import (
    assign,
    begin_register,
    correct_wording,
    learn_publication,
    link_recommendations,
    take_in_report,
)
from monitor.services.packs import FORMS, gather, keep_pack
from monitor.services.responding import STEP_VERBS, TEXT_VERB
from monitor.services.updating import ask_date, report_progress
from monitor.settings import Settings
from monitor.store import Store, Unit
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    EDITOR,
    ELSEWHERE,
    OFFICE_NAME,
    PUBLIC,
    REASON,
    SERVICE,
    day,
    give_evidence,
    moment,
    person,
    take_in,
)

TODAY: Final = day(150)
_T = TypeVar("_T")

EMBARGOED: Final = "CC-004"
RESTRICTED: Final = "CC-090"
ABSENT: Final = "CC-777"
SEEN: Final = ("CC-001", "CC-002", "CC-005", "CC-006")
"""Each with a tie of its own: linked to a hidden one, read in a file with one, linked to one, and under one."""
EVERYWHERE: Final = person("everywhere", Role.OFFICE, services=None)
SECOND: Final = person("second", Role.OFFICE, services=None)

READERS: Final[Mapping[str, Actor]] = {
    "the public": PUBLIC,
    "a force editor": EDITOR,
    "an analyst": ANALYST,
    "an administrator": ADMINISTRATOR,
    "an office of elsewhere that may read here": Actor.granted(
        "two", "Two", [(Role.ANALYST, SERVICE), (Role.OFFICE, ELSEWHERE)]
    ),
}
"""Those who may not see what is hidden."""


class Still:
    """A server's clock that stands until it is set, so that what is done in one twin alone takes no time."""

    def __init__(self) -> None:
        self.at = moment(day(0))

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.at

    def set(self, on: date) -> None:
        """Go to noon of a day, or a minute on where it is that day already."""
        later = self.at + timedelta(minutes=1)
        self.at = later if later.date() == on else moment(on)


@dataclass
class Twin:
    """
    One of the two registers.

    Attributes:
        names: What each number of a report, meeting or item of evidence stands for: the same in both twins.
    """

    store: Store
    clock: Still
    has_hidden: bool
    names: dict[tuple[str, int], str] = field(default_factory=dict)

    def number(self, kind: str, name: str) -> int:
        """Return the number that this twin has given to something."""
        return next(number for (of, number), named in self.names.items() if (of, named) == (kind, name))


def a_twin(url: str, *, hidden: bool) -> Twin:
    """Return one of the twins, told up to `TODAY`."""
    clock = Still()
    twin = Twin(Store(url, clock=clock), clock, hidden)
    begin_register(twin.store, office=OFFICE_NAME, services=(SERVICE, ELSEWHERE), by=ADMINISTRATOR)
    if hidden:
        _hide_first(twin)
    _tell(twin)
    clock.set(TODAY)
    _publish(twin)
    with twin.store.reading() as reader:
        twin.names |= {("inspection", one.id): one.title for one in reader.inspections()}
        twin.names |= {("evidence", one.id): one.title for one in reader.evidence_items().values()}
        twin.names |= {("meeting", one.id): f"{one.kind.word} {one.on}" for one in reader.meetings()}
        twin.names |= {("pack", one.id): f"Pack of {one.meeting_id}" for one in reader.packs()}
        twin.names |= {("action", one.id): one.what for one in reader.actions()}
    return twin


@pytest.fixture(scope="module")
def twins(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Twin, Twin]]:
    """Yield the register with what is hidden and the one without."""
    made = []
    for hidden in (True, False):
        path = tmp_path_factory.mktemp("twins") / "register.sqlite"
        shutil.copyfile(sqlite_template, path)
        made.append(a_twin(f"sqlite:///{path}", hidden=hidden))
    with pytest.MonkeyPatch.context() as patch:
        # Of both twins and for everybody: most of the time goes into reading them.
        patch.setattr(view, "KEPT_VIEWS", 200)
        yield made[0], made[1]
    for twin in made:
        twin.store.close()


# The story


def _report(twin: Twin, title: str, **given: Any) -> int:
    facts: dict[str, Any] = {
        "service": SERVICE,
        "published_on": day(0),
        "published_precision": Precision.DAY,
        "programme": Programme.PEEL,
    }
    return take_in_report(twin.store, title=title, by=EVERYWHERE, **facts | given).id


def _take_in(twin: Twin, reference: str, number: int, **given: Any) -> None:
    facts: dict[str, Any] = {
        "inspection_id": number,
        "owner": "Editor Person",
        "board": "Performance Board",
        "themes": ("Custody",),
        "by": EVERYWHERE,
    }
    take_in(twin.store, reference, **facts | given)


def _hide_first(twin: Twin) -> None:
    """Take in the embargoed report before all others, with what can be recorded of it at once."""
    number = _report(
        twin,
        "A secret report",
        embargo_until=moment(day(900)),
        publishers=("Secret Inspectorate",),
        stated_count=7,
        key_findings=("A secret finding.",),
    )
    hidden: dict[str, Any] = {
        "owner": "Secret Owner",
        "executive_lead": "Secret Lead",
        "board": "Secret Board",
        "themes": ("Secret theme",),
    }
    _take_in(twin, EMBARGOED, number, kind=Kind.CAUSE_OF_CONCERN, due_on=day(20), **hidden)
    _take_in(
        twin,
        "CC-008",
        number,
        addressees=("Secret addressee",),
        external_reference="SECRET/1",
        applicability=Applicability.FOR_OTHERS,
        applicability_reason="It says so.",
    )
    with twin.store.writing() as unit:
        settled = TrackerColumns(
            id=unit.new_id("tracker_columns"),
            service=SERVICE,
            headings_key="secret",
            columns=(("Secret heading", "reference"),),
            words=(),
            **_by(unit.now),
        )
        unit.add(settled, by=EVERYWHERE, verb="columns of a sheet settled")


def _by(now: datetime) -> dict[str, Any]:
    return {"recorded_at": now, "by": EVERYWHERE.id, "by_name": EVERYWHERE.name}


def _tell(twin: Twin) -> None:
    store, clock, hidden = twin.store, twin.clock, twin.has_hidden
    secret = _number_of(twin, "A secret report") if hidden else None
    peel = _report(
        twin, "PEEL assessment", grades=(("Investigating crime", "Good"),), key_findings=("It does.",)
    )
    thematic = _report(twin, "A thematic report", embeds=secret, is_national=True)
    _take_in(twin, "CC-001", peel, due_on=day(30), owner="Insp A", closure_test="Nine in ten.")
    _take_in(twin, "CC-002", peel, due_on=day(40), text="The force should review detention cases.")
    _take_in(twin, "CC-003", peel, kind=Kind.CAUSE_OF_CONCERN, themes=("Custody", "Vulnerability"))
    if hidden:
        late = _report(twin, "A secret restricted report", is_restricted=True, embeds=peel)
        _take_in(twin, RESTRICTED, late, due_on=day(10), parent="CC-003", board="Secret Board")
        link_recommendations(
            store, reference=RESTRICTED, kind=LinkKind.REPEATS, other="CC-001", by=EVERYWHERE
        )
    _take_in(twin, "CC-005", thematic, parent="CC-003", due_on=day(220), executive_lead="ACC B")
    _take_in(twin, "CC-006", thematic, parent=EMBARGOED if hidden else "", due_on=day(160))
    _take_in(
        twin,
        "CC-007",
        thematic,
        addressees=("NPCC",),
        applicability=Applicability.FOR_OTHERS,
        applicability_reason="Addressed to chiefs.",
    )
    abroad = _report(twin, "A report for the fire service", service=ELSEWHERE)
    _take_in(twin, "FR-001", abroad, due_on=day(30))
    clock.set(day(5))
    _read_in_files(twin, peel, secret)
    clock.set(day(10))
    if hidden:
        _hide_more(twin)
    report_progress(store, reference="CC-001", status=ForceReport.IN_PROGRESS, narrative="Begun.", by=EDITOR)
    if hidden:
        link_recommendations(store, reference="CC-001", kind=LinkKind.REPEATS, other=EMBARGOED, by=EVERYWHERE)
    clock.set(day(15))
    link_recommendations(store, reference="CC-001", kind=LinkKind.REPEATS, other="CC-002", by=EVERYWHERE)
    shared = ("CC-001", EMBARGOED) if hidden else ("CC-001",)
    give_evidence(
        store,
        *shared,
        title="Audit of cases",
        file=CheckedFile("audit.txt", b"An audit", Scan.NOT_SCANNED),
        by=EVERYWHERE,
    )
    clock.set(day(25))
    ask_date(store, reference="CC-001", due_on=day(60), reason=REASON, category=MoveCategory.SCOPE, by=EDITOR)
    agree_date(store, reference="CC-001", by=EVERYWHERE)
    _meet(twin)
    _weigh(twin)
    _respond(twin, peel, secret)
    if hidden:
        _hide_last(twin)


def _number_of(twin: Twin, title: str) -> int:
    """Return the number of a report while the story is told."""
    with twin.store.reading() as reader:
        return next(one.id for one in reader.inspections() if one.title == title)


def _read_in_files(twin: Twin, peel: int, secret: int | None) -> None:
    """Keep a file in which a seen report alone was read, and one that holds a hidden report as well."""
    _keep_file(twin, "open.docx", "Before. The passage. After.", [peel], {"CC-001": (8, 20)})
    _keep_file(
        twin,
        "both.docx",
        "One passage. A secret passage.",
        [peel] if secret is None else [peel, secret],
        {"CC-002": (0, 12)} | ({EMBARGOED: (13, 30)} if secret is not None else {}),
    )


def _keep_file(
    twin: Twin, name: str, text: str, reports: Iterable[int], passages: Mapping[str, tuple[int, int]]
) -> None:
    with twin.store.writing() as unit:
        mark = fingerprint_of(name.encode())
        kept = Source(
            fingerprint=mark,
            name=name,
            form="docx",
            size=len(name),
            text_fingerprint=fingerprint_of(text.encode()),
            service=SERVICE,
            **_by(unit.now),
        )
        unit.keep_source(kept, text=text, content=name.encode(), by=EVERYWHERE)
        for place, number in enumerate(reports):
            read = ReportSource(
                id=unit.new_id("report_source"),
                service=SERVICE,
                inspection_id=number,
                source=mark,
                place=place,
                **_by(unit.now),
            )
            unit.add(read, by=EVERYWHERE, verb="read in a file")
        for reference, (starts_at, ends_at) in passages.items():
            record = unit.record(reference)
            stamp = Stamp(EVERYWHERE, london_day(unit.now), unit.now)
            record.cite(stamp, source=mark, starts_at=starts_at, ends_at=ends_at)
            unit.save(record, by=EVERYWHERE)


def _hide_more(twin: Twin) -> None:
    """Let the hidden ones be reported on, evidenced, asked about and moved."""
    store = twin.store
    for reference in (EMBARGOED, RESTRICTED):
        report_progress(
            store,
            reference=reference,
            status=ForceReport.COMPLETE,
            narrative="A secret update.",
            by=person("everyone", *Role, services=None),
        )
    give_evidence(
        store,
        EMBARGOED,
        title="A secret audit",
        direction=Direction.CONTRADICTS,
        file=CheckedFile("secret.txt", b"Secret", Scan.NOT_SCANNED),
        by=EVERYWHERE,
    )
    asker = person("asker", Role.FORCE_EDITOR, Role.OFFICE, services=None)
    ask_date(
        store, reference=RESTRICTED, due_on=day(80), reason=REASON, category=MoveCategory.SCOPE, by=asker
    )
    learn_publication(
        store,
        inspection_id=_number_of(twin, "A secret restricted report"),
        published_on=day(-1),
        precision=Precision.DAY,
        source="A secret letter",
        by=EVERYWHERE,
    )


def _meet(twin: Twin) -> None:
    """Hold one meeting and prepare the next; what is said at them of hidden ones is said in one twin alone."""
    twin.clock.set(day(50))
    with twin.store.writing() as unit:
        held, coming = (
            _recorded(unit, Meeting, "meeting recorded", kind=MeetingKind.CONFERENCE, on=on)
            for on in (day(50), day(170))
        )
        _recorded(unit, Meeting, "meeting recorded", kind=MeetingKind.BOARD, on=day(60), is_public=False)
        _recorded(unit, MeetingChange, "meeting changed", meeting_id=coming.id, on=day(171), reason="Room.")
        told: list[tuple[str, tuple[str, ...], str]] = [("overdue:CC-001", ("CC-001",), "When?")]
        if twin.has_hidden:
            # What is said of a hidden one together with one that is seen is hidden whole: its words are about both.
            told.insert(0, (f"overdue:{EMBARGOED}", (EMBARGOED,), "A secret question?"))
            told.append(("same_ask:CC-001", ("CC-001", RESTRICTED), "A secret about both?"))
        for question, references, text in told:
            _recorded(
                unit,
                Answer,
                "answer recorded",
                meeting_id=held.id,
                question=question,
                asked=text,
                outcome=Outcome.BRING_BACK,
                words=f"{text} Next time.",
                references=references,
            )
            _recorded(
                unit,
                QuestionChange,
                "question added",
                meeting_id=coming.id,
                question=f"own:{question}",
                stage=QuestionStage.ADDED,
                text=text,
                references=references,
            )
            agreed = _recorded(
                unit,
                Action,
                "action agreed",
                meeting_id=held.id,
                reference=references[-1],
                what=f"{text} To be found out.",
                owner="Editor Person",
                due_on=day(80),
                agreed_on=day(50),
            )
            _recorded(
                unit,
                ActionStep,
                "action reported done",
                action_id=agreed.id,
                stage=ActionStage.REPORTED,
                words=f"{text} Soon.",
                happened_on=day(50),
            )


def _publish(twin: Twin) -> None:
    """Publish what the office prepares for a public meeting and for a private one, as far as it is kept."""
    with twin.store.reading() as reader:
        meetings = reader.meetings()
    for meeting in meetings[:2]:
        facts = gather(twin.store, meeting_id=meeting.id, by=EVERYWHERE)
        content = as_json(conference_document(facts, Settings.from_environment())).encode()
        files = dict.fromkeys(FORMS, content)
        keep_pack(twin.store, facts=facts, content=content, files=files, by=EVERYWHERE)


def _recorded(unit: Unit, cls: Callable[..., _T], verb: str, **given: Any) -> _T:
    """Record something of a meeting past the rules for people, which are not what the twins are about."""
    table = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
    thing = cls(id=unit.new_id(table), service=SERVICE, **_by(unit.now), **given)
    unit.add(thing, by=EVERYWHERE, verb=verb)  # type: ignore[arg-type]
    return thing


def _respond(twin: Twin, peel: int, secret: int | None) -> None:
    """Answer the report that is seen, publish that, and write on; of the hidden one the same in one twin alone."""
    with twin.store.writing() as unit:
        kept = unit.keep_published(b"What was published.")
        for number, word in [(secret, "secret")] * (secret is not None) + [(peel, "plain")]:
            facts: dict[str, Any] = {"inspection_id": number, "happened_on": day(95)}
            _recorded(unit, ResponseStep, STEP_VERBS[ResponseStage.INVITED], stage=ResponseStage.INVITED, until_on=day(99), **facts)  # fmt: skip
            said = [
                _recorded(
                    unit, ResponseText, TEXT_VERB, inspection_id=number, part=part, text=f"A {word} comment."
                )
                for part in (ResponsePart.CHIEF_OFFICER, ResponsePart.OFFICE)
            ]
            published = {
                "stage": ResponseStage.PUBLISHED,
                "content": kept,
                "docx": kept,
                "html": kept,
                "basis": "b",
            }
            _recorded(unit, ResponseStep, STEP_VERBS[ResponseStage.PUBLISHED], text_ids=tuple(one.id for one in said), **facts | published)  # fmt: skip
            _recorded(unit, ResponseText, TEXT_VERB, inspection_id=number, part=ResponsePart.OFFICE, text=f"A {word} draft.")  # fmt: skip


def _weigh(twin: Twin) -> None:
    """Decide, close and correct what everybody sees."""
    store, clock = twin.store, twin.clock
    clock.set(day(90))
    report_progress(store, reference="CC-002", status=ForceReport.COMPLETE, narrative="All done.", by=EDITOR)
    item = give_evidence(store, "CC-002", title="Dip sample", by=EDITOR)
    propose_closure(
        store,
        reference="CC-002",
        reason=ClosureReason.MET,
        statement="The test is met.",
        evidence_ids=[item.id],
        by=EDITOR,
    )
    agree_closure(store, reference="CC-002", check_due_on=day(140), by=EVERYWHERE)
    clock.set(day(100))
    decide_assurance(
        store,
        reference="CC-006",
        level=Assurance.NOT_ASSURED,
        rationale="Few cases.",
        ask="Forty more cases.",
        by=EVERYWHERE,
    )
    record_position(store, reference="CC-003", position=Position.OPEN, source="A letter", by=EVERYWHERE)
    correct_wording(
        store,
        reference="CC-003",
        text="The force must do it.",
        reason=REASON,
        source="An erratum",
        by=EVERYWHERE,
    )
    assign(store, reference="CC-003", owner="Insp C", by=EVERYWHERE)
    clock.set(day(120))
    propose_closure(
        store,
        reference="CC-005",
        reason=ClosureReason.SUPERSEDED,
        statement="Another takes its place.",
        evidence_ids=[give_evidence(store, "CC-005", title="A letter", by=EDITOR).id],
        by=EDITOR,
    )


def _hide_last(twin: Twin) -> None:
    """Close a hidden one, which would weigh in durations and counts, and tie the last of the others to one."""
    store = twin.store
    item = give_evidence(store, RESTRICTED, title="Another secret audit", by=EVERYWHERE)
    propose_closure(
        store,
        reference=RESTRICTED,
        reason=ClosureReason.MET,
        statement="Done.",
        evidence_ids=[item.id],
        by=EVERYWHERE,
    )
    agree_closure(store, reference=RESTRICTED, by=SECOND)
    link_recommendations(store, reference="CC-005", kind=LinkKind.REPEATS, other=RESTRICTED, by=EVERYWHERE)


# What is compared

_HASH: Final = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b|(?<=Fingerprint )[0-9a-f]{12}")
_OF_A_REPORT: Final = re.compile(r"^response_due:([0-9]+)$")
"""The key of a question about a report, which has its number in it."""


def plain(twin: Twin, value: Any) -> Any:
    """
    Return a value as it is compared between the twins: nested lists of plain values.

    Five things are taken out, because they differ though they tell nobody of what is hidden:

    - a hash: each covers the one before it, so it differs, and nobody can read from it what it covers;
    - the number that the database gives to a report, meeting, item of evidence and so on: what it stands for is
      compared instead. The pages show none of them (`tests/pages/test_hidden.py` compares all that is sent);
    - the data version of a view: caches are kept by it;
    - the number by which an auditor's page is read on: nobody is shown it;
    - the name of an entry of the calendar: a hash as well.
    """
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and isnan(value)):
        return None
    if isinstance(value, bool | int | float | date):
        return value
    if isinstance(value, str):
        of_a_report = _OF_A_REPORT.search(value)
        if of_a_report:
            value = value.replace(
                of_a_report[1], twin.names.get(("inspection", int(of_a_report[1])), "a number")
            )
        return _HASH.sub("#", value)
    if isinstance(value, bytes):
        return _HASH.sub("#", value.decode("latin-1"))
    if isinstance(value, Enum):
        return [type(value).__name__, value.value]
    if isinstance(value, pd.DataFrame):
        return _of_fields(twin, "", {str(name): list(value[name]) for name in value.columns})
    if isinstance(value, np.generic):
        return plain(twin, value.item())
    if is_dataclass(value) and not isinstance(value, type):
        name = type(value).__name__
        return [name, _of_fields(twin, name, {one.name: getattr(value, one.name) for one in fields(value)})]
    if isinstance(value, Mapping):
        if all(isinstance(key, str) for key in value):
            return _of_fields(twin, "", value)
        return [
            [_numbered(key, one) if isinstance(key, int) else plain(twin, key), plain(twin, one)]
            for key, one in value.items()
        ]
    if isinstance(value, GeneratorType):
        return [plain(twin, one) for _, one in zip(range(5), value, strict=False)]
    if isinstance(value, set | frozenset):
        return sorted((plain(twin, one) for one in value), key=repr)
    if isinstance(value, Iterable):
        return [plain(twin, one) for one in value]
    return str(value)


_LEFT_OUT: Final = {
    ("RegisterView", "version"),
    ("AuditRow", "seq"),
    ("CalendarEntry", "uid"),
}


def _of_fields(twin: Twin, of: str, values: Mapping[str, Any]) -> list[Any]:
    """Return what has names, with what each number of the database stands for in its place."""
    found = []
    for name, value in values.items():
        if (of, name) in _LEFT_OUT:
            continue
        kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", of).lower() if name == "id" else _OF.get(name, "")
        if kind and not isinstance(value, str) and value is not None:
            several = value if isinstance(value, list | tuple) else [value]
            value = [
                twin.names.get((_KINDS.get(kind, kind), one), "a number")
                for one in several
                if one is not None
            ]
        found.append([name, plain(twin, value)])
    return found


_KINDS: Final = {"evidence_item": "evidence"}
_OF: Final = {
    "inspection_id": "inspection",
    "text_ids": "response_text",
    "embeds": "inspection",
    "meeting_id": "meeting",
    "evidence_id": "evidence",
    "evidence_ids": "evidence",
    "action_id": "action",
    "found": "inspection",
}
"""Fields that hold a number of the database, and of what."""


def _numbered(key: int, value: Any) -> Any:
    """Return what stands for a number by which something is kept: nothing, where it is the thing's own."""
    return "its number" if getattr(value, "id", None) == key else key


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Return where two compared values differ and what stands there, in words for whoever reads a failed test."""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            told
            for place, (left, right) in enumerate(zip(one, other, strict=True))
            for told in differences(left, right, f"{where}.{left[0] if _is_named(left, right) else place}")
        ]
    return [] if one == other else [f"{where}: {one!r} and without it {other!r}"]


def _is_named(one: Any, other: Any) -> bool:
    return all(
        isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) for value in (one, other)
    )


def hide(store: Store, reference: str = RESTRICTED) -> None:
    """Take in a restricted report with one recommendation."""
    report = take_in_report(
        store, service=SERVICE, title="A secret report", is_restricted=True, by=EVERYWHERE
    )
    take_in(store, reference, inspection_id=report.id, by=EVERYWHERE)
