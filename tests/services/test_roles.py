"""
The role matrix: every service function that acts for somebody, tried by everybody.

The functions are found by introspection; a new one fails `test_every_function_stands_in_the_matrix` until it
is given its line in `ASKS` and its arguments in `ARGUMENTS`.
"""

import importlib
import inspect
import json
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import func, select

from monitor import services
from monitor.analysis.balance import balance
from monitor.analysis.changes import FACTS
from monitor.domain.access import OF_THE_FORCE, SYSTEM, Actor, Permission, Role
from monitor.domain.accounts import RENEWED_FOR_DAYS, Way
from monitor.domain.evidence import CheckedBy, Direction, EvidenceKind
from monitor.domain.evidence_files import Scan
from monitor.domain.history import GENESIS
from monitor.domain.meetings import Meeting, Outcome
from monitor.domain.publications import SitePublication
from monitor.domain.response_desk import FORMS as FORMS_OF_A_RESPONSE
from monitor.domain.response_desk import Explains, Response, ResponsePart, ResponseStage, ResponseText
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
from monitor.services import accounts, actions, meetings, responding
from monitor.services.claim_rules import add_rule
from monitor.services.deciding import propose_closure
from monitor.services.evidence_files import CheckedFile
from monitor.services.intake import take_in_report
from monitor.services.packs import FORMS, PackFacts, keep_pack
from monitor.services.plans import FilePlan, ReportPlan
from monitor.services.questions import drop_question
from monitor.services.round_trip import PlannedUpdate, UpdatePlan
from monitor.services.since import Since
from monitor.services.site import SiteFacts, SiteRules
from monitor.services.updating import ask_date
from monitor.services.view import RegisterView
from monitor.settings import Titles
from monitor.store import SignIns, Store, tables
from monitor.ui import session
from monitor.ui.frame import Page
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
    an_inspection,
    close,
    day,
    give_evidence,
    moment,
    person,
    take_in,
)


@dataclass(frozen=True)
class Gone:
    """Somebody whose account has ended in an open tab: known by a sign-in that is still there, on a day."""

    account: str
    on: date

    @property
    def sign_in(self) -> str:
        """Return the name of the sign-in."""
        return f"sign-in of {self.account}"


DISABLED, EXPIRED = Gone("d15ab1ed00000000", DAY), Gone("e4914ed000000000", day(RENEWED_FOR_DAYS))

PEOPLE: dict[str, Actor | Gone] = {
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
    "somebody disabled": DISABLED,
    "somebody whose account has expired": EXPIRED,
}


@dataclass(frozen=True)
class Asks:
    """What a function asks of who calls it: one of these permissions, in the service concerned unless it has none."""

    permissions: tuple[Permission, ...]
    in_service: bool = True
    writes: bool = True
    closes: bool = False

    def allows(self, by: Actor | Gone) -> bool:
        """Tell whether this person should come through; nobody of the force agrees a closing."""
        if isinstance(by, Gone):
            return False
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
    "meetings.record_meeting": asks(_P.RECORD_MEETING),
    "meetings.change_meeting": asks(_P.RECORD_MEETING),
    "meetings.cancel": asks(_P.RECORD_MEETING),
    "meetings.list_meetings": asks(_P.READ, in_service=False, writes=False),
    "meetings.read_meeting": asks(_P.READ, writes=False),
    "meetings.record_answer": asks(_P.RECORD_MEETING),
    "meeting_list.meeting_rows": asks(_P.READ, in_service=False, writes=False),
    "meeting_list.actions_before": asks(_P.READ, writes=False),
    "questions.proposed_questions": asks(_P.READ, writes=False),
    "questions.prepared_questions": asks(_P.READ_MEETINGS, writes=False),
    "questions.add_question": asks(_P.RECORD_MEETING),
    "questions.edit_question": asks(_P.RECORD_MEETING),
    "questions.drop_question": asks(_P.RECORD_MEETING),
    "questions.bring_back_question": asks(_P.RECORD_MEETING),
    "questions.place_question": asks(_P.RECORD_MEETING),
    "actions.agree_action": asks(_P.RECORD_MEETING),
    "actions.report_action": asks(_P.RECORD_MEETING),
    "actions.accept_action": asks(_P.RECORD_MEETING, closes=True),
    "actions.send_back_action": asks(_P.RECORD_MEETING),
    "actions.move_action": asks(_P.RECORD_MEETING),
    "actions.withdraw_action": asks(_P.RECORD_MEETING),
    "actions.open_actions": asks(_P.READ, in_service=False, writes=False),
    "actions.actions_waiting": asks(_P.READ, in_service=False, writes=False),
    "actions.actions_of": asks(_P.READ, writes=False),
    "calendar.read_calendar": asks(_P.EXPORT, in_service=False, writes=False),
    "calendar.has_address": asks(_P.EXPORT, in_service=False, writes=False),
    "calendar.make_address": asks(_P.EXPORT, in_service=False, writes=False),
    "calendar.end_address": asks(_P.EXPORT, in_service=False, writes=False),
    "packs.gather": asks(_P.EXPORT, writes=False),
    "packs.find_meeting": asks(_P.READ, writes=False),
    "packs.keep_pack": asks(_P.RECORD_MEETING),
    "packs.read_pack": asks(_P.EXPORT, writes=False),
    "responses.list_responses": asks(_P.READ, in_service=False, writes=False),
    "responses.read_response": asks(_P.READ, writes=False),
    "responses.find_report": asks(_P.READ, writes=False),
    "responses.gather_response": asks(_P.READ_DRAFTS, writes=False),
    "responses.read_published": asks(_P.READ, writes=False),
    "responding.write_comments": asks(_P.RESPOND),
    "responding.explain": asks(_P.RESPOND),
    "responding.invite_chief_officer": asks(_P.RESPOND),
    "responding.receive_comments": asks(_P.COMMENT_AS_CHIEF),
    "responding.ask_approval": asks(_P.RESPOND),
    "responding.approve_response": asks(_P.RESPOND, closes=True),
    "responding.send_back_response": asks(_P.RESPOND),
    "responding.keep_publication": asks(_P.RESPOND),
    "responding.record_earlier_publication": asks(_P.RESPOND),
    "responding.record_sent": asks(_P.RESPOND),
    "responding.no_response_due": asks(_P.RESPOND),
    "responding.response_due_after_all": asks(_P.RESPOND),
    "site.gather_site": asks(_P.PUBLISH_SITE, in_service=False, writes=False),
    "site.read_publications": asks(_P.PUBLISH_SITE, in_service=False, writes=False),
    "site.read_pages": asks(_P.PUBLISH_SITE, in_service=False, writes=False),
    "site.keep_proposal": asks(_P.PUBLISH_SITE, in_service=False),
    "site.approve_publication": asks(_P.PUBLISH_SITE, in_service=False, closes=True),
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
    "claim_rules.list_rules": asks(_P.MANAGE_ACCOUNTS, in_service=False, writes=False),
    "claim_rules.add_rule": asks(_P.MANAGE_ACCOUNTS, in_service=False),
    "claim_rules.remove_rule": asks(_P.MANAGE_ACCOUNTS, in_service=False),
    "auditing.read_audit": asks(_P.READ_AUDIT, in_service=False, writes=False),
    "auditing.read_whole_audit": asks(_P.READ_AUDIT, in_service=False, writes=False),
    "auditing.count_audit": asks(_P.READ_AUDIT, in_service=False, writes=False),
    "auditing.people_in_audit": asks(_P.READ_AUDIT, in_service=False, writes=False),
    "auditing.services_in_audit": asks(_P.READ_AUDIT, in_service=False, writes=False),
    "auditing.history_seen": asks(_P.READ, in_service=False, writes=False),
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
    "since.since": asks(_P.READ, in_service=False, writes=False),
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
NO_SPELLS = pd.DataFrame(columns=["reference", "opened_on", "closed_on", "is_reopening"])
EMPTY_VIEW = RegisterView(
    titles=Titles(),
    office="",
    is_demonstration=False,
    today=DAY,
    as_at=DAY,
    version=0,
    known_before=moment(DAY),
    rows=pd.DataFrame(columns=[*FACTS, "counts"]).astype({"counts": bool}),
    spells=NO_SPELLS,
    targets=pd.DataFrame(columns=["reference", "in_force_from", "due_on", "is_first"]),
    evidence=pd.DataFrame(),
    all_spells=NO_SPELLS,
    inspections={},
    meetings=[],
    services=[],
)
"""What somebody sees who sees nothing."""

A_MEETING = Meeting(
    id=1,
    service=SERVICE,
    kind=MeetingKind.CONFERENCE,
    on=DAY,
    recorded_at=moment(DAY),
    by=OFFICE.id,
    by_name=OFFICE.name,
)
A_PACK = PackFacts(
    meeting=A_MEETING,
    previous=None,
    view=EMPTY_VIEW,
    since=Since(
        start=DAY,
        end=DAY,
        balance=balance(NO_SPELLS, DAY, DAY),
        told=None,
        restated=(),
        groups=(),
        recorded_later=(),
    ),
    questions=(),
    actions=(),
    responses=(),
    annex=(),
    known_at=moment(day(1)),
    head=GENESIS,
    made_by=OFFICE.name,
)

A_PROPOSAL = SitePublication(
    id=1,
    as_at=DAY,
    known_at=moment(DAY),
    head=GENESIS,
    content=fingerprint_of(b"{}"),
    recorded_at=moment(DAY),
    by="proposer",
    by_name="",
)
A_SITE = SiteFacts(
    rules=SiteRules(),
    view=EMPTY_VIEW,
    items=(),
    reports=(),
    responses=(),
    since=A_PACK.since,
    known_at=moment(DAY),
    head=GENESIS,
    named=(),
)
"""A publication that waits for a second person, and one that says nothing."""


def a_publication(number: int) -> dict[str, Any]:
    """Return what is published of the response to one of the reports of `hold_responses`, with bytes in place of files."""
    texts = (number * 2 - 3, number * 2 - 2)
    report = an_inspection(title=f"Report {number}")
    noted: dict[str, Any] = {"recorded_at": moment(DAY), "by": "", "by_name": "", "service": SERVICE}
    told = [
        ResponseText(id=n, inspection_id=number, part=part, text="So.", **noted)
        for n, part in zip(texts, COMMENTS, strict=True)
    ]
    basis = Response(report, (), (), tuple(told)).basis
    return {"basis": basis, "content": b"{}", "files": dict.fromkeys(FORMS_OF_A_RESPONSE, b"A response")}


COMMENTS = (ResponsePart.CHIEF_OFFICER, ResponsePart.OFFICE)

ARGUMENTS: dict[str, dict[str, Any]] = {
    "responses.list_responses": {},
    "responses.read_response": {"inspection_id": 2},
    "responses.find_report": {"words": "PEEL assessment"},
    "responses.gather_response": {"inspection_id": 1},
    "responses.read_published": {"inspection_id": 2, "form": "html"},
    "responding.write_comments": {"inspection_id": 1, "part": ResponsePart.OFFICE, "text": "We welcome it."},
    "responding.explain": {
        "inspection_id": 1,
        "reference": "CC-OPEN",
        "explains": Explains.TAKEN,
        "text": "We did it.",
    },
    "responding.invite_chief_officer": {"inspection_id": 1, "until": day(9)},
    "responding.receive_comments": {"inspection_id": 1, "text": "I welcome it."},
    "responding.ask_approval": {"inspection_id": 3},
    "responding.approve_response": {"inspection_id": 4},
    "responding.send_back_response": {"inspection_id": 4, "words": REASON},
    "responding.keep_publication": {"inspection_id": 5, "on": DAY, **a_publication(5)},
    "responding.record_earlier_publication": {"inspection_id": 1, "on": DAY},
    "responding.record_sent": {"inspection_id": 2, "to": ResponseStage.SENT_SECRETARY},
    "responding.no_response_due": {"inspection_id": 6, "reason": REASON},
    "responding.response_due_after_all": {"inspection_id": 7, "reason": REASON},
    "site.gather_site": {"rules": SiteRules()},
    "site.read_publications": {},
    "site.read_pages": {"publication": A_PROPOSAL},
    "site.keep_proposal": {"facts": A_SITE, "pages": {"form": 1, "pages": {}}},
    "site.approve_publication": {"publication_id": 1},
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
    "claim_rules.list_rules": {},
    "claim_rules.add_rule": {"claim": "groups", "value": "staff", "role": Role.OFFICE, "service": SERVICE},
    "claim_rules.remove_rule": {"rule_id": 1},
    "auditing.read_audit": {},
    "auditing.read_whole_audit": {},
    "auditing.count_audit": {},
    "auditing.people_in_audit": {},
    "auditing.services_in_audit": {},
    "auditing.history_seen": {},
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
    "meetings.record_meeting": {"service": SERVICE, "kind": MeetingKind.BOARD, "on": DAY},
    "meetings.change_meeting": {"meeting_id": 2, "place": "Another room"},
    "meetings.cancel": {"meeting_id": 2, "reason": REASON},
    "meetings.list_meetings": {},
    "meeting_list.meeting_rows": {},
    "meeting_list.actions_before": {"meeting_id": 1, "since_on": DAY},
    "meetings.read_meeting": {"meeting_id": 1},
    "meetings.record_answer": {
        "meeting_id": 1,
        "question": "own:1",
        "asked": "When?",
        "outcome": Outcome.ANSWERED,
        "words": "In May.",
    },
    "questions.proposed_questions": {"meeting": SERVICE},
    "questions.prepared_questions": {"meeting_id": 1},
    "questions.add_question": {"meeting_id": 2, "text": "What would you do first?"},
    "questions.edit_question": {"meeting_id": 2, "question": "no_owner:CC-OPEN", "text": "Who has it?"},
    "questions.drop_question": {"meeting_id": 2, "question": "no_owner:CC-OPEN"},
    "questions.bring_back_question": {"meeting_id": 2, "question": "no_owner:CC-NEW"},
    "questions.place_question": {"meeting_id": 2, "question": "no_owner:CC-OPEN", "place": 1},
    "actions.agree_action": {
        "meeting_id": 1,
        "what": "Sample fifty cases once more.",
        "owner": "Insp A",
        "due_on": day(30),
    },
    "actions.report_action": {"action_id": 1, "words": "Fifty were drawn."},
    "actions.accept_action": {"action_id": 2},
    "actions.send_back_action": {"action_id": 2, "words": REASON},
    "actions.move_action": {"action_id": 1, "due_on": day(60), "words": REASON},
    "actions.withdraw_action": {"action_id": 1, "words": REASON},
    "actions.open_actions": {},
    "actions.actions_waiting": {},
    "actions.actions_of": {"reference": "CC-OPEN"},
    "calendar.read_calendar": {"titles": Titles()},
    "calendar.has_address": {},
    "calendar.make_address": {},
    "calendar.end_address": {},
    "packs.gather": {"meeting_id": 1},
    "packs.find_meeting": {"on": DAY},
    "packs.keep_pack": {"facts": A_PACK, "content": b"{}", "files": dict.fromkeys(FORMS, b"A pack")},
    "packs.read_pack": {"pack_id": 1, "form": "pdf"},
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
    "since.since": {"view": EMPTY_VIEW, "start": DAY},
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
    hold_a_meeting(store)
    hold_responses(store)
    propose(store)
    with pytest.MonkeyPatch.context() as patch:
        for key in (ACCOUNT, ACCOUNT_2):
            patch.setattr(accounts, "fresh_id", lambda key=key: key)
            grants = [(Role.ANALYST, SERVICE)]
            accounts.add_account(
                store, name="Kit Moss", way=Way.LOCAL, subject=key, grants=grants, by=ADMINISTRATOR
            )
        for key in (EXPIRED.account, DISABLED.account):
            patch.setattr(accounts, "fresh_id", lambda key=key: key)
            everything = [(role, "") for role in Role]
            accounts.add_account(
                store, name="Al Gone", way=Way.LOCAL, subject=key, grants=everything, by=ADMINISTRATOR
            )
    accounts.disable(store, account_id=ACCOUNT_2, by=ADMINISTRATOR)
    add_rule(store, claim="groups", value="force", role=Role.ANALYST, service=SERVICE, by=ADMINISTRATOR)
    store.close()
    return path


def hold_a_meeting(store: Store) -> None:
    """Hold meeting 1, with action 1 to be done and action 2 reported done; meeting 2 is to come, one question left out."""
    for on in (DAY, day(30)):
        meetings.record_meeting(store, service=SERVICE, kind=MeetingKind.CONFERENCE, on=on, by=OFFICE)
    for what in ("Sample fifty closed cases.", "Write to the supplier again."):
        actions.agree_action(store, meeting_id=1, what=what, owner="Insp A", due_on=day(9), by=OFFICE)
    asker = person("asker", Role.OFFICE)
    actions.report_action(store, action_id=2, words="A letter went on Monday.", by=asker)
    drop_question(store, meeting_id=2, question="no_owner:CC-NEW", by=OFFICE)
    keep_pack(store, by=OFFICE, **ARGUMENTS["packs.keep_pack"])


def propose(store: Store) -> None:
    """Propose a publication of the site, which waits for somebody else."""
    with store.writing() as unit:
        unit.keep_published(b"{}")
        unit.add(A_PROPOSAL, by=OFFICE, verb="site publication proposed")


def hold_responses(store: Store) -> None:
    """Take in six reports: 2 with a published response, 3 written, 4 asked, 5 approved, 6 and 7 national, 7 not due."""
    asker, second = (person(name, Role.OFFICE) for name in ("asker", "second"))
    facts: dict[str, Any] = {"service": SERVICE, "published_on": DAY, "published_precision": Precision.DAY}
    for number in range(2, 8):
        take_in_report(store, title=f"Report {number}", is_national=number > 5, by=OFFICE, **facts)
    for number in range(2, 6):
        for part in COMMENTS:
            responding.write_comments(store, inspection_id=number, part=part, text="So.", by=asker)
        if number != 3:
            responding.ask_approval(store, inspection_id=number, by=asker)
        if number in (2, 5):
            responding.approve_response(store, inspection_id=number, by=second)
    responding.keep_publication(store, inspection_id=2, on=DAY, by=asker, **a_publication(2))
    responding.no_response_due(store, inspection_id=7, reason=REASON, by=asker)


@pytest.fixture(scope="module")
def shared(told: Path) -> Iterator[Store]:
    """Yield the register for those who are refused: they change nothing, so that one serves them all."""
    store = Store(f"sqlite:///{told}", clock=Clock())
    yield store
    store.close()


@pytest.fixture(scope="module")
def ended(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Gone, Store]]:
    """Yield the register on the day on which each account has ended, with a sign-in that outlived it."""
    path = tmp_path_factory.mktemp("ended") / "register.sqlite"
    shutil.copyfile(told, path)
    stores = {gone: Store(f"sqlite:///{path}", clock=Clock(gone.on)) for gone in (DISABLED, EXPIRED)}
    accounts.disable(stores[DISABLED], account_id=DISABLED.account, by=ADMINISTRATOR)
    for gone, store in stores.items():
        open_tab(store, gone)
    yield stores
    for store in stores.values():
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
def test_who_may_not_is_refused_and_nothing_is_written(
    shared: Store, ended: dict[Gone, Store], caplog: pytest.LogCaptureFixture, name: str, by: Actor | Gone
) -> None:
    """The refusal is one for people, no table has a row more or less, and the log has one line of it."""
    store = ended[by] if isinstance(by, Gone) else shared
    before = rows_of(store)

    with pytest.raises((AccessError, NotFoundError)):
        FUNCTIONS[name](store, by=acting(store, by), **ARGUMENTS[name])

    assert rows_of(store) == before
    lines = [json.loads(record.message) for record in caplog.records if record.name == "monitor.access"]
    assert [line["actor"] for line in lines] == [by.account if isinstance(by, Gone) else by.id]


def test_an_open_tab_acts_for_its_account_while_that_can_be_used(told: Path, tmp_path: Path) -> None:
    """So that it is the account's end by which it is refused everything else."""
    path = tmp_path / "register.sqlite"
    shutil.copyfile(told, path)
    store = Store(f"sqlite:///{path}", clock=Clock())
    open_tab(store, EXPIRED)

    by = acting(store, EXPIRED)

    assert by.roles == frozenset(Role)
    FUNCTIONS["intake.assign"](store, by=by, **ARGUMENTS["intake.assign"])
    store.close()


def open_tab(store: Store, gone: Gone) -> None:
    """Sign an account in."""
    SignIns(store).open(
        session_id=gone.sign_in,
        token_hash=gone.sign_in,
        account_id=gone.account,
        agent="Firefox",
        now=store.server_now(),
    )


def acting(store: Store, by: Actor | Gone) -> Actor:
    """
    Return who acts; of an open tab, the one whom a page hands to every function at every click.

    Raises:
        AccessError: where the account of the tab has ended.
    """
    if isinstance(by, Actor):
        return by
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONITOR_SIGN_IN", "password")
        patch.setattr(session, "served_store", lambda: store)
        facts: dict[str, Any] = dict.fromkeys(inspect.signature(Page).parameters)
        return Page(**facts | {"known": SYSTEM, "_run": "an earlier run", "_sign_in": by.sign_in}).actor


_COUNTED = select(
    *(select(func.count()).select_from(one).scalar_subquery() for one in tables.metadata.sorted_tables)
)


def rows_of(store: Store) -> list[int]:
    """Return how many rows each table has, the history among them."""
    with store.engine.connect() as connection:
        return list(connection.execute(_COUNTED).one())


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
    stale = {"version": 999, "on": day(9999)}
    taken = inspect.signature(FUNCTIONS[name]).parameters
    arguments = ARGUMENTS[name] | {key: value for key, value in stale.items() if key in taken}

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
