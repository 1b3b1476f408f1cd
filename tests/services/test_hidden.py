"""
Difference tests: what a reader may not see makes no difference to anything that the reader is told.

Every function that reads is found by introspection and asked in two registers that differ only in what is hidden
(`tests/twins.py`). With what it is asked is told by the names of its parameters, in `GIVEN`: one with a parameter
that has no line there fails `test_every_reading_function_is_asked` until it has one, or a line in `CALLS`.
"""

import importlib
import inspect
import io
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, Final

import pytest
from openpyxl import load_workbook
from sqlalchemy import event

from monitor import packs, services
from monitor.charts.catalogue import CHARTS, NEEDS_REFERENCE
from monitor.domain.access import Actor, scope_of
from monitor.domain.publications import PublicText
from monitor.domain.statuses import LinkKind
from monitor.errors import AccessError, ConflictError, MonitorError, NotFoundError
from monitor.exporters import as_bytes
from monitor.importers.update_form import Origin
from monitor.importers.update_sheet import FilledForm, UpdateRow
from monitor.packs.audit_table import audit_export
from monitor.packs.drawing import draw_chart
from monitor.packs.tables import chart_export, register_export
from monitor.packs.update_workbook import update_workbook
from monitor.services import filters
from monitor.services.auditing import (
    AuditAct,
    AuditFilter,
    history_seen,
    people_in_audit,
    read_whole_audit,
)
from monitor.services.filters import SHOWS, Filter
from monitor.services.intake import link_recommendations
from monitor.services.reading import read_recommendation
from monitor.services.round_trip import update_form
from monitor.services.since import since
from monitor.services.site import SiteRules
from monitor.services.updating import report_progress
from monitor.services.view import RegisterView, register_view
from monitor.settings import Settings
from monitor.store import Store
from tests.builders import A_REPORT, EDITOR, ELSEWHERE, OFFICE, PUBLIC, SERVICE, day, moment, take_in
from tests.services.test_roles import A_FILE, A_PROPOSAL, ARGUMENTS, ASKS, FUNCTIONS
from tests.twins import (
    ABSENT,
    EMBARGOED,
    EVERYWHERE,
    READERS,
    RESTRICTED,
    SEEN,
    TODAY,
    Twin,
    differences,
    hide,
    plain,
    twins,
)

__all__ = ["twins"]

PAST: Final = day(30)
REFERENCES: Final = (*SEEN, EMBARGOED, RESTRICTED, ABSENT)
SETTINGS: Final = Settings.from_environment()
FILTERS: Final = (
    Filter(),
    Filter(show="everything"),
    Filter(show="everything", text="secret"),
    Filter(show="everything", text="force review"),
    Filter(show="everything", inspection=("A secret report", "PEEL assessment")),
    Filter(show="everything", board=("Secret Board",), theme=("Secret theme", "Custody")),
    Filter(show="everything", due_from=day(0), due_to=day(100)),
)
AUDITS: Final = (
    *(AuditFilter(act=act) for act in AuditAct),
    AuditFilter(reference="CC-0"),
    AuditFilter(person="everywhere"),
)


@dataclass(frozen=True)
class Asking:
    """Who asks which twin; `view` is the register as they see it, for what is asked with one."""

    twin: Twin
    by: Actor
    view: RegisterView

    def numbers(self, kind: str) -> list[int]:
        """Return the numbers of what both twins have of a kind, and two that neither has given."""
        seen = [n for (of, n), name in self.twin.names.items() if of == kind and "ecret" not in name]
        return [*seen, -1, 10**6]

    def filled(self) -> FilledForm:
        """Return a workbook as an editor has downloaded it, filled in for each recommendation."""
        form = update_form(self.twin.store, by=EDITOR, everyone=True)
        rows = [
            UpdateRow(sheet="Updates", row=row, reference=reference, version=1, narrative="Words.")
            for row, reference in enumerate(REFERENCES, start=8)
        ]
        origin = Origin(EDITOR.name, "1 August 2024", form.history_rows, form.head)
        return FilledForm("updates.xlsx", origin, tuple(rows))

    def charts(self) -> Iterator[Mapping[str, Any]]:
        """Yield the names of the charts, that of one recommendation with each reference."""
        for name in CHARTS:
            for given in [{"reference": one} for one in REFERENCES] if name in NEEDS_REFERENCE else [{}]:
                yield {"name": name, "wanted": FILTERS[1], **given}


GIVEN: dict[str, Callable[[Asking], Sequence[Any]]] = {
    "store": lambda asking: [asking.twin.store],
    "by": lambda asking: [asking.by],
    "view": lambda asking: [asking.view],
    "settings": lambda asking: [SETTINGS],
    "titles": lambda asking: [SETTINGS.titles],
    "made_at": lambda asking: [moment(TODAY)],
    "as_at": lambda asking: [PAST],
    "known_at": lambda asking: [moment(PAST), moment(day(9999))],
    "in_public": lambda asking: [True],
    "start": lambda asking: [day(-1), PAST],
    "since_on": lambda asking: [PAST],
    "reference": lambda asking: REFERENCES,
    "references": lambda asking: [REFERENCES],
    "inspection_id": lambda asking: asking.numbers("inspection"),
    "meeting_id": lambda asking: asking.numbers("meeting"),
    "action_id": lambda asking: asking.numbers("action"),
    "evidence_id": lambda asking: asking.numbers("evidence"),
    "warnings": lambda asking: [(21, 3)],
    "clocks": lambda asking: [("prevention-of-future-deaths",)],
    "pack_id": lambda asking: asking.numbers("pack"),
    "meeting": lambda asking: [SERVICE],
    "service": lambda asking: [SERVICE, ELSEWHERE],
    "owner": lambda asking: ["Editor Person", "Secret Owner"],
    "everyone": lambda asking: [True],
    "show": lambda asking: list(SHOWS),
    "wanted": lambda asking: FILTERS,
    "register_export:wanted": lambda asking: FILTERS[1:2],
    "auditing:wanted": lambda asking: AUDITS,
    "found": lambda asking: [3],
    "on": lambda asking: [day(50), day(60), day(171)],
    "lines:found": lambda asking: [since(asking.twin.store, view=asking.view, start=PAST, by=asking.by)],
    "rows": lambda asking: [filters.select(asking.view, FILTERS[1])],
    "register_export:words": lambda asking: [False],
    "find_report:words": lambda asking: ["PEEL assessment", "report", "secret", "1000000"],
    "report": lambda asking: list(asking.view.inspections.values()),
    "history": lambda asking: [history_seen(asking.twin.store, by=asking.by)],
    "rules": lambda asking: [SiteRules(texts=frozenset(PublicText))],
    "publication": lambda asking: [A_PROPOSAL],
    "chart": lambda asking: [draw_chart(asking.view, name, FILTERS[1]) for name in ("burn-up", "by-report")],
    "read_history:before": lambda asking: [3],
    "read_history:limit": lambda asking: [2],
    "plan_updates:form": lambda asking: [asking.filled()],
    "hold_against:plan": lambda asking: [A_FILE],
    "form": lambda asking: ["content", "html"],
}  # fmt: skip
"""What a parameter is given, by its name; where that is not enough, by the module or function and its name."""

CALLS: dict[str, Callable[[Asking], Iterator[Mapping[str, Any]] | Sequence[Mapping[str, Any]]]] = {
    "services.importing.read_file": lambda asking: [
        {"name": "response.txt", "content": b"Recommendation 1\nThe force should do it.\n", "service": one}
        for one in (SERVICE, ELSEWHERE)
    ],
    "packs.drawing.draw_chart": Asking.charts,
    "packs.response.make_response": lambda asking: [
        {"inspection_id": number, "settings": SETTINGS, "forms": ("html",)}
        for number in asking.numbers("inspection")
    ],
    "packs.publishing.make_pack": lambda asking: [
        {"meeting_id": number, "settings": SETTINGS, "forms": ()} for number in asking.numbers("meeting")
    ],
}
"""What a function is asked with that its parameters' names do not tell."""

NOT_ASKED: dict[str, str] = {
    "services.accounts.invite_again": "It makes a code that nobody can foresee, and reads one account.",
    "packs.publishing.publish_pack": "It writes.",
    "packs.response.publish_response": "It writes.",
    "packs.publishing.publish_made": "It writes.",
    "packs.publishing.make_again": "It makes what `make_pack` makes from what `published_document` returns.",
    "services.calendar.make_address": "It makes an address that nobody can foresee, and reads nothing.",
    "services.calendar.end_address": "It reads nothing.",
}
"""Functions that are not asked, each with its reason."""


def told(asked: Callable[[], Any]) -> Any:
    """Return what is answered; where it is refused, in which words."""
    try:
        answer = asked()
        return list(zip(range(9), answer, strict=False)) if isinstance(answer, Iterator) else answer
    except MonitorError as problem:
        # The number that somebody asked for is their own word, and another in each twin.
        words = re.sub(r"\b(evidence|report|meeting|action|pack) -?[0-9]+", r"\1 …", problem.message)
        return f"{type(problem).__name__}: {words}"


def reading_functions() -> dict[str, Callable[..., Any]]:
    """Return every public function of services and packs that reads for somebody, or is given what somebody sees."""
    found: dict[str, Callable[..., Any]] = {}
    for package in (services, packs):
        for module in pkgutil.iter_modules(package.__path__):
            loaded = importlib.import_module(f"{package.__name__}.{module.name}")
            for name, thing in vars(loaded).items():
                ours = callable(thing) and getattr(thing, "__module__", "") == loaded.__name__
                if not ours or name.startswith("_") or inspect.isclass(thing):
                    continue
                taken = inspect.signature(thing).parameters
                of_a_view = any("RegisterView" in str(one.annotation) for one in taken.values())
                short = f"{module.name}.{name}"
                reads = short in ASKS and not ASKS[short].writes if package is services else True
                if of_a_view or ({"store", "by"} <= set(taken) and reads):
                    found[f"{package.__name__.rpartition('.')[2]}.{short}"] = thing
    return found


READING: Final = reading_functions()


def given_to(name: str, parameter: str) -> Callable[[Asking], Sequence[Any]] | None:
    """Return what a function's parameter is given; None where nobody has said so."""
    _, module, function = name.split(".")
    keys = (f"{function}:{parameter}", f"{module}:{parameter}", parameter)
    return next((GIVEN[key] for key in keys if key in GIVEN), None)


def calls_of(name: str, asking: Asking) -> Iterator[dict[str, Any]]:
    """Yield everything with which a function is asked: what it needs, and what it may be given besides, one by one."""
    taken = inspect.signature(READING[name]).parameters
    always = {key: GIVEN[key](asking)[0] for key in ("store", "by", "view") if key in taken}
    if name in CALLS:
        yield from ({**always, **call} for call in CALLS[name](asking))
        return
    needed = [p.name for p in taken.values() if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    options = [
        p.name for p in taken.values() if p.default is not p.empty and p.name not in ("store", "by", "view")
    ]
    values = {one: given(asking) for one in (*needed, *options) if (given := given_to(name, one))}
    for chosen in product(*(values[one] for one in needed)):
        call = dict(zip(needed, chosen, strict=True))
        yield {**always, **call}
        for option in options:
            yield from ({**always, **call, option: value} for value in values.get(option, ()))


def test_every_reading_function_is_asked() -> None:
    """A new one is asked in both registers before anybody uses it: what each parameter is given has to be known."""
    unknown = [
        f"{name}({parameter.name})"
        for name, function in READING.items()
        if name not in CALLS and name not in NOT_ASKED
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind is not parameter.VAR_KEYWORD
        and given_to(name, parameter.name) is None
    ]

    assert unknown == []
    assert set(READING) >= {*CALLS, *NOT_ASKED}


@pytest.mark.parametrize("name", sorted(set(READING) - set(NOT_ASKED)))
def test_what_is_hidden_makes_no_difference(twins: tuple[Twin, Twin], name: str) -> None:
    """Neither to an answer nor to a refusal, also where the office has just been answered by the same process."""
    taken = inspect.signature(READING[name]).parameters
    for twin in twins:
        next(answers_of(name, twin, EVERYWHERE, None))
    for who, by in readers(by_scope="by" not in taken).items():
        # A past day is folded from what was said by then: one reader is enough to see that it is the same.
        for as_at in (None, day(100)) if "view" in taken and by is PUBLIC else (None,):
            answers = [list(answers_of(name, twin, by, as_at)) for twin in twins]

            assert differences(answers[0], answers[1]) == [], who


def readers(*, by_scope: bool) -> dict[str, Actor]:
    """Return those who ask; of several to whom the same view is shown, the first where nothing else matters."""
    if not by_scope:
        return dict(READERS)
    scopes = {scope_of(by): who for who, by in reversed(list(READERS.items()))}
    return {who: READERS[who] for who in scopes.values()}


def answers_of(name: str, twin: Twin, by: Actor, as_at: Any) -> Iterator[Any]:
    """Yield each answer as it is compared."""
    for call in calls_of(name, Asking(twin, by, register_view(twin.store, by=by, as_at=as_at))):
        yield plain(twin, told(partial(READING[name], **call)))


# What is hidden is looked for as what is absent is


SOUGHT: Final = ("reference", "references", "other", "inspection_id", "evidence_id", "action_id")
"""Parameters by which something hidden could be asked for."""


def hidden_and_absent(twin: Twin, parameter: str) -> tuple[Any, Any]:
    """Return by what something hidden is asked for, and something that nobody ever had."""
    if parameter in ("reference", "other"):
        return EMBARGOED, ABSENT
    if parameter == "references":
        return ["CC-001", RESTRICTED], ["CC-001", ABSENT]
    kind = parameter.removesuffix("_id")
    return next(n for (of, n), name in twin.names.items() if of == kind and "secret" in name.lower()), 10**6


@pytest.mark.parametrize("who", ["the public", "a force editor", "an office of elsewhere that may read here"])
@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        (name, one)
        for name in sorted(ARGUMENTS)
        for one in SOUGHT
        if one in ARGUMENTS[name] and "take_in" not in name
    ],
)
def test_what_is_hidden_is_looked_for_as_what_is_absent_is(
    twins: tuple[Twin, Twin], name: str, parameter: str, who: str
) -> None:
    """In the same words, and with the same statements to the database: it takes as long."""
    twin, by = twins[0], READERS[who]
    register_view(twin.store, by=by)  # kept from here on, whatever is looked for
    found = []
    for sought in hidden_and_absent(twin, parameter):
        with statements(twin.store) as sent, pytest.raises((AccessError, NotFoundError)) as refusal:
            FUNCTIONS[name](twin.store, by=by, **ARGUMENTS[name] | {parameter: sought})
        asked = sought[-1] if isinstance(sought, list) else sought
        found.append([type(refusal.value), refusal.value.message.replace(str(asked), "…"), sent])

    assert found[0] == found[1]


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Yield a list into which every statement goes that is sent to the database."""
    sent: list[str] = []

    def listen(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", listen)
    yield sent
    event.remove(store.engine, "before_cursor_execute", listen)


def test_a_link_to_what_is_hidden_is_no_change_to_whoever_may_not_see_it(sqlite_register: Store) -> None:
    """A form that was open meanwhile is saved, and what somebody else wrote since is still shown, alone."""
    take_in(sqlite_register)
    hide(sqlite_register)
    seen = read_recommendation(sqlite_register, reference="CC-001", by=EDITOR).record.version
    link_recommendations(
        sqlite_register, reference="CC-001", kind=LinkKind.REPEATS, other=RESTRICTED, by=EVERYWHERE
    )

    report_progress(sqlite_register, reference="CC-001", version=seen, by=EDITOR, **A_REPORT)

    with pytest.raises(ConflictError) as conflict:
        report_progress(sqlite_register, reference="CC-001", version=seen, by=EDITOR, **A_REPORT)
    assert conflict.value.facts["now"] == seen + 1
    assert [row.verb for row in conflict.value.facts["theirs"]] == ["progress reported"]
    assert "linked" not in conflict.value.message
    assert read_recommendation(sqlite_register, reference="CC-001", by=OFFICE).record.version == seen + 2


# What is taken away


def workbook_cells(content: bytes) -> list[list[Any]]:
    """Return what stands in the cells of a workbook, sheet by sheet."""
    book = load_workbook(io.BytesIO(content))
    return [[sheet.title, [[cell.value for cell in row] for row in sheet.iter_rows()]] for sheet in book]


@pytest.mark.parametrize("who", ["a force editor", "an analyst"])
def test_exports_are_the_same_byte_for_byte(twins: tuple[Twin, Twin], who: str) -> None:
    """CSV and JSON as they are, workbooks cell by cell, but for the hash of the history."""
    by, taken = READERS[who], []
    for twin in twins:
        view = register_view(twin.store, by=by)
        history = history_seen(twin.store, by=by)
        whole = register_export(view, view.rows, FILTERS[1], by=by, history=history, made_at=moment(TODAY))
        chart = chart_export(
            view, draw_chart(view, "by-report", FILTERS[1]), FILTERS[1], by=by, made_at=moment(TODAY)
        )
        files = [as_bytes(table, kind) for table in (whole, chart) for kind in ("csv", "json")]
        books = [as_bytes(table, "xlsx") for table in (whole, chart)]
        if by is EDITOR:
            books.append(update_workbook(update_form(twin.store, by=by, everyone=True), by=by))
        taken.append(plain(twin, [*files, *map(workbook_cells, books)]))

    assert "CC-001" in taken[0][0]
    assert differences(taken[0], taken[1]) == []


def test_what_an_administrator_takes_away_of_the_audit_is_the_same(twins: tuple[Twin, Twin]) -> None:
    """Byte for byte: there is no hash in it."""
    by, taken = READERS["an administrator"], []
    for twin in twins:
        table = audit_export(
            read_whole_audit(twin.store, by=by),
            AuditFilter(),
            people=people_in_audit(twin.store, by=by),
            office="The office",
            is_demonstration=False,
            by=by,
            made_at=moment(TODAY),
        )
        taken.append(as_bytes(table, "csv"))

    assert taken[0] == taken[1]
