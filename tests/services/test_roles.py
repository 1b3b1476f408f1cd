"""
The role matrix: every service function that acts for somebody, tried by everybody.

The functions are found by introspection; a new one fails `test_every_function_stands_in_the_matrix` until it
is given its line in `ASKS` and its arguments in `ARGUMENTS`.
"""

import importlib
import inspect
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor import services
from monitor.domain.access import OF_THE_FORCE, SYSTEM, Actor, Permission, Role
from monitor.domain.accounts import Way
from monitor.domain.evidence import CheckedBy, Direction, EvidenceKind
from monitor.domain.evidence_files import Scan
from monitor.domain.history import GENESIS
from monitor.domain.sources import fingerprint_of
from monitor.domain.statuses import (
    Assurance,
    ClosureReason,
    Kind,
    LinkKind,
    MeetingKind,
    MoveCategory,
    Position,
    Precision,
)
from monitor.errors import AccessError, NotFoundError
from monitor.importers.update_form import Origin
from monitor.importers.update_sheet import FilledForm, UpdateRow
from monitor.services import accounts
from monitor.services.deciding import propose_closure
from monitor.services.evidence_files import CheckedFile
from monitor.services.plans import FilePlan, ReportPlan
from monitor.services.round_trip import PlannedUpdate, UpdatePlan
from monitor.services.updating import ask_date
from monitor.store import Store
from tests.builders import (
    A_REPORT,
    ADMINISTRATOR,
    ANALYST,
    APPROVER,
    DAY,
    EDITOR,
    NOBODY,
    OFFICE,
    OFFICE_2,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    a_register,
    close,
    day,
    give_evidence,
    person,
    take_in,
)

PEOPLE = {
    "nobody in particular": NOBODY,
    "the public": PUBLIC,
    "a force editor": EDITOR,
    "a force approver": APPROVER,
    "the office": OFFICE,
    "an analyst": ANALYST,
    "an administrator": ADMINISTRATOR,
    "another force's office": OFFICE_ELSEWHERE,
    "another force's editor": person("elsewhere", Role.FORCE_EDITOR, services=frozenset({"Another Force"})),
    "an editor who is also an analyst": person("two", Role.FORCE_EDITOR, Role.ANALYST),
    "an administrator who is also of the office": person("three", Role.OFFICE, Role.ADMINISTRATOR),
    "an approver granted no service": person("four", Role.FORCE_APPROVER, services=frozenset()),
    "the command line": SYSTEM,
}


@dataclass(frozen=True)
class Asks:
    """What a function asks of who calls it: one of these permissions, in the service concerned unless it has none."""

    permissions: tuple[Permission, ...]
    in_service: bool = True
    writes: bool = True
    closes: bool = False

    def allows(self, by: Actor) -> bool:
        """Tell whether this person should come through; nobody of the force agrees a closing."""
        if self.closes and by.roles & OF_THE_FORCE:
            return False
        return any(by.may(p, SERVICE if self.in_service else None) for p in self.permissions)


def asks(
    *permissions: Permission, in_service: bool = True, writes: bool = True, closes: bool = False
) -> Asks:
    """Return what a function asks for."""
    return Asks(permissions, in_service, writes, closes)


_P = Permission
ASKS = {
    "intake.begin_register": asks(_P.MANAGE_SERVICES, in_service=False),
    "intake.add_service": asks(_P.MANAGE_SERVICES, in_service=False),
    "intake.take_in_report": asks(_P.TAKE_IN),
    "intake.take_in_recommendation": asks(_P.TAKE_IN),
    "intake.correct_wording": asks(_P.CORRECT_WORDING),
    "intake.assign": asks(_P.ASSIGN),
    "intake.link_recommendations": asks(_P.LINK),
    "intake.record_meeting": asks(_P.RECORD_MEETING),
    "accounts.list_accounts": asks(_P.MANAGE_ACCOUNTS, in_service=False, writes=False),
    "accounts.add_account": asks(_P.MANAGE_ACCOUNTS, in_service=False),
    "accounts.invite_again": asks(_P.MANAGE_ACCOUNTS, in_service=False, writes=False),
    "accounts.grant": asks(_P.MANAGE_ACCOUNTS, in_service=False),
    "accounts.withdraw": asks(_P.MANAGE_ACCOUNTS, in_service=False),
    "accounts.disable": asks(_P.MANAGE_ACCOUNTS, in_service=False),
    "accounts.enable": asks(_P.MANAGE_ACCOUNTS, in_service=False),
    "accounts.renew": asks(_P.MANAGE_ACCOUNTS, in_service=False),
    "accounts.list_sessions": asks(_P.READ, in_service=False, writes=False),
    "accounts.own_account": asks(_P.READ, in_service=False, writes=False),
    "auditing.read_audit": asks(_P.READ_AUDIT, in_service=False, writes=False),
    "auditing.read_whole_audit": asks(_P.READ_AUDIT, in_service=False, writes=False),
    "auditing.count_audit": asks(_P.READ_AUDIT, in_service=False, writes=False),
    "auditing.people_in_audit": asks(_P.READ_AUDIT, in_service=False, writes=False),
    "auditing.services_in_audit": asks(_P.READ_AUDIT, in_service=False, writes=False),
    "intake.learn_publication": asks(_P.TAKE_IN),
    "importing.read_file": asks(_P.TAKE_IN, writes=False),
    "importing.apply_plans": asks(_P.TAKE_IN),
    "standing.hold_against": asks(_P.TAKE_IN, writes=False),
    "sources.read_passages": asks(_P.READ, writes=False),
    "evidence_files.read_file": asks(_P.EXPORT, writes=False),
    "updating.report_progress": asks(_P.REPORT_PROGRESS),
    "updating.add_evidence": asks(_P.ADD_EVIDENCE),
    "updating.set_date": asks(_P.ASK_DATE, _P.DECIDE_DATE),
    "updating.ask_date": asks(_P.ASK_DATE),
    "deciding.agree_date": asks(_P.DECIDE_DATE),
    "deciding.refuse_date": asks(_P.DECIDE_DATE),
    "deciding.move_date": asks(_P.DECIDE_DATE),
    "deciding.decide_assurance": asks(_P.DECIDE_ASSURANCE),
    "deciding.record_position": asks(_P.RECORD_POSITION),
    "deciding.propose_closure": asks(_P.PROPOSE_CLOSURE),
    "deciding.agree_closure": asks(_P.AGREE_CLOSURE, closes=True),
    "deciding.refuse_closure": asks(_P.AGREE_CLOSURE),
    "deciding.reopen": asks(_P.REOPEN),
    "deciding.check_sustainment": asks(_P.CHECK_SUSTAINMENT),
    "view.register_view": asks(_P.READ, in_service=False, writes=False),
    "reading.read_recommendation": asks(_P.READ, writes=False),
    "reading.read_history": asks(_P.READ, writes=False),
    "reading.updates_waiting": asks(_P.READ, in_service=False, writes=False),
    "reading.office_waiting": asks(_P.READ, in_service=False, writes=False),
    "reading.next_update_due": asks(_P.READ, in_service=False, writes=False),
    "checking.verify": asks(_P.VERIFY, in_service=False, writes=False),
    "round_trip.count_to_update": asks(_P.REPORT_PROGRESS, in_service=False, writes=False),
    "round_trip.update_form": asks(_P.REPORT_PROGRESS, in_service=False, writes=False),
    "round_trip.plan_updates": asks(_P.REPORT_PROGRESS, in_service=False, writes=False),
    "round_trip.apply_updates": asks(_P.REPORT_PROGRESS),
}

A_DOWNLOAD = Origin("Editor Person", "4 March 2024", 0, GENESIS)
AN_UPLOAD = FilledForm(
    "updates.xlsx", A_DOWNLOAD, (UpdateRow(sheet="Updates", row=8, reference="CC-NEW", version=1),)
)
A_PLAN = UpdatePlan(
    "updates.xlsx",
    A_DOWNLOAD,
    (
        PlannedUpdate(
            reference="CC-NEW",
            short_title="",
            row=8,
            version=1,
            on=DAY,
            confidence=None,
            blocked_by="",
            cells=(),
            **A_REPORT,
        ),
    ),
)
"""What a workbook asks for: a report on CC-NEW, which nobody changed since it was taken in."""

# The register they are tried on: CC-PENDING waits for two answers, CC-OPEN has a date and evidence 2,
# CC-NEW has neither, CC-CLOSED is closed.
ACCOUNT, ACCOUNT_2 = "0123456789abcdef", "fedcba9876543210"
A_FILE = FilePlan(
    name="response.txt",
    fingerprint=fingerprint_of(b"A response"),
    form="txt",
    service=SERVICE,
    content=b"A response",
    text="A response",
    reports=(
        ReportPlan(
            place=0,
            service=SERVICE,
            given={"title": "Under lock", "published_precision": Precision.UNKNOWN},
        ),
    ),
)
ARGUMENTS: dict[str, dict[str, Any]] = {
    "accounts.list_accounts": {},
    "accounts.add_account": {"name": "Lee", "way": Way.LOCAL, "subject": "lee"},
    "accounts.invite_again": {"account_id": ACCOUNT},
    "accounts.grant": {"account_id": ACCOUNT, "role": Role.OFFICE, "service": SERVICE},
    "accounts.withdraw": {"account_id": ACCOUNT, "role": Role.ANALYST, "service": SERVICE},
    "accounts.disable": {"account_id": ACCOUNT},
    "accounts.enable": {"account_id": ACCOUNT_2},
    "accounts.renew": {"account_id": ACCOUNT},
    "accounts.list_sessions": {},
    "accounts.own_account": {},
    "auditing.read_audit": {},
    "auditing.read_whole_audit": {},
    "auditing.count_audit": {},
    "auditing.people_in_audit": {},
    "auditing.services_in_audit": {},
    "intake.learn_publication": {
        "inspection_id": 1,
        "published_on": day(-1),
        "precision": Precision.DAY,
        "source": "Letter",
    },
    "importing.read_file": {"name": "response.txt", "content": b"A response", "service": SERVICE},
    "importing.apply_plans": {"plans": [A_FILE], "taken": {A_FILE.fingerprint: {"report-0"}}},
    "standing.hold_against": {"plan": A_FILE},
    "sources.read_passages": {"reference": "CC-OPEN"},
    "evidence_files.read_file": {"evidence_id": 4},
    "intake.begin_register": {"office": "An office", "services": ["A force"]},
    "intake.add_service": {"name": "A new force"},
    "intake.take_in_report": {"service": SERVICE, "title": "Another report"},
    "intake.take_in_recommendation": {
        "reference": "CC-MORE",
        "inspection_id": 1,
        "kind": Kind.AFI,
        "short_title": "More",
        "text": "The force should do more.",
    },
    "intake.correct_wording": {
        "reference": "CC-OPEN",
        "text": "The force must do it.",
        "reason": REASON,
        "source": "Erratum",
    },
    "intake.assign": {"reference": "CC-OPEN", "owner": "Insp A"},
    "intake.link_recommendations": {
        "reference": "CC-OPEN",
        "kind": LinkKind.REPEATS,
        "other": "CC-CLOSED",
    },
    "intake.record_meeting": {"service": SERVICE, "kind": MeetingKind.BOARD, "on": DAY},
    "updating.report_progress": {"reference": "CC-OPEN", **A_REPORT},
    "updating.add_evidence": {
        "references": ["CC-OPEN"],
        "kind": EvidenceKind.AUDIT,
        "title": "Audit",
        "describes_on": DAY,
        "direction": Direction.SUPPORTS,
        "checked_by": CheckedBy.OFFICE,
    },
    "updating.set_date": {"reference": "CC-NEW", "due_on": day(60)},
    "updating.ask_date": {
        "reference": "CC-OPEN",
        "due_on": day(60),
        "reason": REASON,
        "category": MoveCategory.SCOPE,
    },
    "deciding.agree_date": {"reference": "CC-PENDING"},
    "deciding.refuse_date": {"reference": "CC-PENDING", "reason": REASON},
    "deciding.move_date": {
        "reference": "CC-OPEN",
        "due_on": day(60),
        "reason": REASON,
        "category": MoveCategory.SCOPE,
    },
    "deciding.decide_assurance": {
        "reference": "CC-OPEN",
        "level": Assurance.NOT_ASSURED,
        "rationale": "Few.",
    },
    "deciding.record_position": {"reference": "CC-OPEN", "position": Position.OPEN, "source": "Letter"},
    "deciding.propose_closure": {
        "reference": "CC-OPEN",
        "reason": ClosureReason.MET,
        "statement": "Done.",
        "evidence_ids": [3],
    },
    "deciding.agree_closure": {"reference": "CC-PENDING"},
    "deciding.refuse_closure": {"reference": "CC-PENDING", "statement": REASON},
    "deciding.reopen": {"reference": "CC-CLOSED", "statement": REASON},
    "deciding.check_sustainment": {
        "reference": "CC-CLOSED",
        "sustained": True,
        "statement": "It holds.",
    },
    "view.register_view": {},
    "reading.read_recommendation": {"reference": "CC-OPEN"},
    "reading.read_history": {"reference": "CC-OPEN"},
    "reading.updates_waiting": {},
    "reading.office_waiting": {},
    "reading.next_update_due": {},
    "checking.verify": {},
    "round_trip.count_to_update": {},
    "round_trip.update_form": {},
    "round_trip.plan_updates": {"form": AN_UPLOAD},
    "round_trip.apply_updates": {"plan": A_PLAN},
}


def functions() -> dict[str, Callable[..., Any]]:
    """Return every public function of the services that acts for somebody, by module and name."""
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.iter_modules(services.__path__):
        if module.name == "changing":
            continue  # the frame that the others stand in: it takes the permission as an argument
        loaded = importlib.import_module(f"monitor.services.{module.name}")
        for name, thing in inspect.getmembers(loaded, inspect.isfunction):
            ours = thing.__module__ == loaded.__name__ and not name.startswith("_")
            if ours and {"store", "by"} <= set(inspect.signature(thing).parameters):
                found[f"{module.name}.{name}"] = thing
    return found


KNOWLEDGE = {"signing_in.become_first_administrator", "signing_in.change_password", "accounts.end_session"}
"""What asks for a code, a password or a session of one's own, not for a role: see test_accounts.py."""

FUNCTIONS = {name: function for name, function in functions().items() if name not in KNOWLEDGE}


def test_every_function_stands_in_the_matrix() -> None:
    """No function that acts for somebody is without a line that says what it asks for."""
    assert set(FUNCTIONS) == set(ASKS) == set(ARGUMENTS)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) & set(ASKS)))
def test_who_acts_is_always_named_and_never_assumed(name: str) -> None:
    """The actor is a keyword of its own without a default."""
    by = inspect.signature(FUNCTIONS[name]).parameters["by"]

    assert by.kind is inspect.Parameter.KEYWORD_ONLY
    assert by.default is inspect.Parameter.empty


@pytest.fixture(scope="module")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a register on which each function can be tried."""
    path = tmp_path_factory.mktemp("roles") / "register.sqlite"
    shutil.copyfile(sqlite_template, path)
    store = a_register(f"sqlite:///{path}")
    for reference in ("CC-PENDING", "CC-OPEN", "CC-CLOSED"):
        take_in(store, reference, due_on=day(30))
    take_in(store, "CC-NEW")
    close(store, "CC-CLOSED")
    item = give_evidence(store, "CC-PENDING")
    ask_date(
        store,
        reference="CC-PENDING",
        due_on=day(90),
        reason=REASON,
        category=MoveCategory.SCOPE,
        by=person("asker", Role.FORCE_EDITOR),
    )
    propose_closure(
        store,
        reference="CC-PENDING",
        reason=ClosureReason.MET,
        statement="Done.",
        evidence_ids=[item.id],
        by=person("asker", Role.FORCE_EDITOR),
    )
    give_evidence(store, "CC-OPEN")
    give_evidence(store, "CC-OPEN", file=CheckedFile("note.txt", b"Minutes", Scan.NOT_SCANNED))
    with pytest.MonkeyPatch.context() as patch:
        for key in (ACCOUNT, ACCOUNT_2):
            patch.setattr(accounts, "fresh_id", lambda key=key: key)
            grants = [(Role.ANALYST, SERVICE)]
            accounts.add_account(
                store, name="Kit Moss", way=Way.LOCAL, subject=key, grants=grants, by=ADMINISTRATOR
            )
    accounts.disable(store, account_id=ACCOUNT_2, by=ADMINISTRATOR)
    store.close()
    return path


@pytest.fixture(scope="module")
def shared(told: Path) -> Iterator[Store]:
    """Yield the register for those who are refused: they change nothing, so that one serves them all."""
    store = Store(f"sqlite:///{told}", clock=Clock())
    yield store
    store.close()


CELLS = [
    pytest.param(name, by, id=f"{name} by {who}")
    for name in sorted(set(FUNCTIONS) & set(ASKS))
    for who, by in PEOPLE.items()
]


def refused(cells: list[Any], *, allowed: bool) -> list[Any]:
    """Return the cells of the matrix in which the person should come through, or should not."""
    return [cell for cell in cells if ASKS[cell.values[0]].allows(cell.values[1]) is allowed]


@pytest.mark.parametrize(("name", "by"), refused(CELLS, allowed=False))
def test_who_may_not_is_refused_and_nothing_is_written(shared: Store, name: str, by: Actor) -> None:
    """The refusal is one for people, and the register stays as it was."""
    before = shared.data_version()

    with pytest.raises((AccessError, NotFoundError)):
        FUNCTIONS[name](shared, by=by, **ARGUMENTS[name])

    assert shared.data_version() == before


@pytest.mark.parametrize(("name", "by"), refused(CELLS, allowed=True))
def test_who_may_is_not_stopped(
    told: Path, sqlite_template: Path, tmp_path: Path, name: str, by: Actor
) -> None:
    """The same call by somebody who may do it goes through, and a change leaves its history."""
    path = tmp_path / "register.sqlite"
    shutil.copyfile(sqlite_template if name == "intake.begin_register" else told, path)
    store = Store(f"sqlite:///{path}", clock=Clock())
    before = store.data_version()

    FUNCTIONS[name](store, by=by, **ARGUMENTS[name])

    assert (store.data_version() > before) is ASKS[name].writes
    store.close()


REFERRING = [name for name in sorted(ASKS) if "reference" in ARGUMENTS[name] and "take_in" not in name]


@pytest.mark.parametrize("name", REFERRING)
def test_what_is_hidden_reads_the_same_as_what_is_absent(shared: Store, name: str) -> None:
    """Somebody of another force cannot tell a recommendation that exists from one that does not."""
    said = []
    for reference in (ARGUMENTS[name]["reference"], "CC-NONE"):
        with pytest.raises(NotFoundError) as hidden:
            FUNCTIONS[name](shared, by=OFFICE_ELSEWHERE, **ARGUMENTS[name] | {"reference": reference})
        said.append(hidden.value.message.replace(reference, "…"))

    assert said[0] == said[1]


@pytest.mark.parametrize("name", [name for name in REFERRING if ASKS[name].writes])
def test_a_refusal_comes_before_a_conflict_and_a_rule(shared: Store, name: str) -> None:
    """Somebody who may only read learns nothing of versions or rules by trying."""
    arguments = ARGUMENTS[name] | {"version": 999, "on": day(9999)}

    with pytest.raises(AccessError):
        FUNCTIONS[name](shared, by=PUBLIC, **arguments)


@pytest.mark.parametrize(
    "name",
    ["deciding.agree_closure", "deciding.agree_date", "deciding.refuse_date", "deciding.refuse_closure"],
)
def test_the_second_person_is_another_person(told: Path, tmp_path: Path, name: str) -> None:
    """Whoever asked or proposed cannot agree, whatever roles they hold by now; refusing is left to them."""
    path = tmp_path / "register.sqlite"
    shutil.copyfile(told, path)
    store = Store(f"sqlite:///{path}", clock=Clock())
    asker = person("asker", Role.FORCE_EDITOR, Role.OFFICE)

    if "agree" in name:
        with pytest.raises(AccessError, match="It takes a second person"):
            FUNCTIONS[name](store, by=asker, **ARGUMENTS[name])
        FUNCTIONS[name](store, by=OFFICE_2, **ARGUMENTS[name])
    else:
        FUNCTIONS[name](store, by=asker, **ARGUMENTS[name])
    store.close()


def test_nobody_of_the_force_agrees_a_closing_even_with_an_office_role(shared: Store) -> None:
    """Somebody who works for both is refused another person's proposal, and nothing is written."""
    both = person("both", Role.FORCE_EDITOR, Role.OFFICE)
    before = shared.data_version()

    with pytest.raises(AccessError, match="also works for the force"):
        FUNCTIONS["deciding.agree_closure"](shared, by=both, reference="CC-PENDING")

    assert shared.data_version() == before
