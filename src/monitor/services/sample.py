"""
The demonstration register: stories told in `data/demonstration.json`, replayed through the product's own rules.

Each step is recorded at the moment the story gives it, so that every past day can be shown as it
was then known. A larger register repeats the stories, each series some weeks earlier.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from monitor.dates import london_day
from monitor.domain import response_rules
from monitor.domain.access import SYSTEM, Actor, Role
from monitor.domain.evidence import CheckedBy, Direction, EvidenceItem, EvidenceKind
from monitor.domain.inspections import Inspection, Service, check_inspection
from monitor.domain.meetings import (
    Action,
    ActionStage,
    ActionState,
    ActionStep,
    Answer,
    Meeting,
    MeetingChange,
    Outcome,
    QuestionChange,
    QuestionStage,
    check_action,
    check_answer,
    check_meeting,
    check_step,
    require_step,
)
from monitor.domain.questions import OWN
from monitor.domain.record import Record, Stamp
from monitor.domain.response_desk import SENT, Response, ResponseStage, ResponseStep
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ClosureReason,
    Confidence,
    ForceReport,
    Kind,
    LinkKind,
    MeetingKind,
    MoveCategory,
    Position,
    Precision,
    Programme,
    SetBy,
)
from monitor.errors import RuleError, SetupError
from monitor.services import responding
from monitor.services.actions import STEP_VERBS
from monitor.services.intake import new_record
from monitor.services.updating import check_evidence
from monitor.settings import project_root
from monitor.store import RegisterInfo, Store, Unit

WEEKS_BETWEEN_SERIES: Final = 2
_MORNING: Final = time(9, 0, tzinfo=UTC)


def stories() -> dict[str, Any]:
    """
    Return the demonstration's contents.

    Raises:
        SetupError: when the file is not where the product was unpacked.
    """
    root = project_root() or Path.cwd()
    path = root / "data" / "demonstration.json"
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise SetupError(
            f"The demonstration register is not at {path}. Run from the product's own folder."
        ) from None
    return told


def demonstration_people() -> list[Actor]:
    """Return the people that one can act as in a demonstration, in the order of the file."""
    told = stories()
    return [_actor(person, told["services"]) for person in told["people"] if person.get("switchable", True)]


def load_demonstration(
    store: Store, *, recommendations: int | None = None, progress: Callable[[int, int], None] | None = None
) -> int:
    """
    Load the demonstration into an empty register, in one transaction.

    Args:
        recommendations: How many to make; None for the stories as told.
        progress: Called with how many are done, and of how many.

    Returns:
        How many recommendations were loaded.

    Raises:
        RuleError: when the register has already begun.
    """
    told = stories()
    with store.writing() as unit:
        if unit.info() is not None or unit.data_version():
            raise RuleError(
                "This register already holds something, so the demonstration is not loaded into it. "
                "Give another database with --database."
            )
        begins = datetime.fromisoformat(told["clock_begins"])
        unit.begin(RegisterInfo(told["office"], True, begins, store.server_now()))
        wanted = recommendations or len(told["recommendations"])
        series = -(-wanted // len(told["recommendations"]))
        steps: list[tuple[date, int, Callable[[], None]]] = []
        for number in range(series):
            left = wanted - number * len(told["recommendations"])
            steps += _Series(unit, told, number, left).steps()
        steps.sort(key=lambda step: step[:2])
        unit.replay_at(datetime.combine(steps[0][0], _MORNING) - timedelta(days=1))
        for service in told["services"]:
            unit.add(Service(id=unit.new_id("service"), name=service), by=SYSTEM, verb="service added")
        for place, (day, _, act) in enumerate(steps):
            unit.replay_at(min(datetime.combine(day, _MORNING) + timedelta(milliseconds=place), begins))
            act()
            if progress and place % 500 == 0:
                progress(place, len(steps))
    return wanted


def _actor(person: dict[str, Any], services: list[str]) -> Actor:
    return Actor(
        id=person["id"],
        name=person["name"],
        roles=frozenset({Role(person["role"])}),
        services=frozenset(services),
        title=person.get("title", ""),
    )


class _Series:
    """One telling of the stories, moved some weeks back."""

    def __init__(self, unit: Unit, told: dict[str, Any], number: int, limit: int) -> None:
        self.unit, self.told, self.number = unit, told, number
        self.back = timedelta(weeks=WEEKS_BETWEEN_SERIES * number)
        self.recommendations = told["recommendations"][:limit]
        self.people = {person["id"]: _actor(person, told["services"]) for person in told["people"]}
        self.reports: dict[str, Inspection] = {}
        self.meetings: dict[str, Meeting] = {}
        self.questions: dict[str, str] = {}
        self.actions: dict[str, ActionState] = {}
        self.records: dict[str, Record] = {}
        self.items: dict[str, EvidenceItem] = {}
        self.evidence = {item["key"]: item for item in told["evidence"]}
        self.keeper = next(actor for actor in self.people.values() if Role.OFFICE in actor.roles)

    def steps(self) -> Iterator[tuple[date, int, Callable[[], None]]]:
        """Yield day of recording, order within the day, and what to do then."""
        first = min(self._day(r["taken_in_on"]) for r in self.told["recommendations"])
        taken: dict[str, date] = {}
        for told in self.told["recommendations"]:
            key, day = told["inspection"], self._day(told["taken_in_on"])
            taken[key] = min(taken.get(key, day), day)
        for report in self.told["inspections"]:
            published = self._day(report["published_on"]) if report["published_on"] else first
            came = max(taken.get(report["key"], published), published)
            yield came, 0, partial(self._report, report)
            if responded := report.get("responded_on"):
                yield max(came, self._day(responded)), 89, partial(self._respond, report)
        if self.number == 0:
            for meeting in self.told["meetings"]:
                day = max(first, self._day(meeting["on"]) - timedelta(weeks=8))
                yield day, 1, partial(self._meeting, meeting)
                yield from self._at_meeting(meeting)
        for told in self.recommendations:
            yield self._day(told["taken_in_on"]), 2, partial(self._take_in, told)
            for place, step in enumerate(told["story"]):
                day = self._day(step.get("recorded_on") or step["on"])
                yield day, 3 + place, partial(self._step, told, step)
        for link in self.told["links"]:
            if self._ref(link["from"]) in self._refs and self._ref(link["to"]) in self._refs:
                yield self._day(link["on"]), 90, partial(self._link, link)

    @property
    def _refs(self) -> set[str]:
        return {self._ref(r["reference"]) for r in self.recommendations}

    def _ref(self, reference: str) -> str:
        return reference if self.number == 0 else f"{reference}/{self.number + 1}"

    def _day(self, text: str) -> date:
        return date.fromisoformat(text) - self.back

    def _maybe(self, text: str | None) -> date | None:
        return self._day(text) if text else None

    def _report(self, told: dict[str, Any]) -> None:
        title = told["title"] if self.number == 0 else f"{told['title']} (series {self.number + 1})"
        precision = Precision(told["published_precision"])
        published = self._maybe(told["published_on"])
        if self.number and precision is not Precision.DAY:
            published, precision = None, Precision.UNKNOWN
        report = Inspection(
            id=self.unit.new_id("inspection"),
            service=self.told["services"][0],
            title=title,
            publishers=tuple(told["publishers"]),
            programme=Programme(told["programme"]),
            is_national=told["national"],
            published_on=published,
            published_precision=precision,
            published_source=told["published_source"] or "",
            link=told.get("link") or "",
            key_findings=tuple(told["key_findings"]),
            grades=tuple((g["question"], g["grade"]) for g in told["grades"]),
            stated_count=told["stated_count"],
            stated_addressees=told["stated_addressees"] or "",
            stated_applicability=Applicability(told["stated_applicability"])
            if told["stated_applicability"]
            else None,
            embeds=next(
                (
                    self.reports[t["key"]].id
                    for t in self.told["inspections"]
                    if t["embedded_in"] == told["key"]
                ),
                None,
            ),
            is_demonstration=told["demonstration"],
            recorded_at=self.unit.now,
            by=self.keeper.id,
            by_name=self.keeper.name,
        )
        check_inspection(report)
        self.reports[told["key"]] = report
        self.unit.add(report, by=self.keeper, verb="report taken in")

    def _respond(self, told: dict[str, Any]) -> None:
        """Record that the response was published on the office's own site, and its copies sent."""
        report = self.reports[told["key"]]
        response = Response(report=report, asks=())
        for stage in (ResponseStage.PUBLISHED_EARLIER, *SENT):
            step = ResponseStep(
                id=self.unit.new_id("response_step"),
                inspection_id=report.id,
                service=report.service,
                stage=stage,
                happened_on=self._day(told["responded_on"]),
                link=f"https://office.example/responses/{told['key']}" if stage not in SENT else "",
                recorded_at=self.unit.now,
                by=self.keeper.id,
                by_name=self.keeper.name,
            )
            response_rules.check_step(response, step, today=london_day(self.unit.now), now=self.unit.now)
            self.unit.add(step, by=self.keeper, verb=responding.STEP_VERBS[stage])
            response = replace(response, steps=(*response.steps, step))

    def _meeting(self, told: dict[str, Any]) -> None:
        meeting = Meeting(
            id=self.unit.new_id("meeting"),
            service=self.told["services"][0],
            kind=MeetingKind(told["kind"]),
            on=self._day(told["on"]),
            place=told.get("place") or "",
            is_public=told["public"],
            recorded_at=self.unit.now,
            by=self.keeper.id,
            by_name=self.keeper.name,
        )
        check_meeting(meeting, self.meetings.values())
        self.meetings[told["key"]] = meeting
        self.unit.add(meeting, by=self.keeper, verb="meeting recorded")

    def _at_meeting(self, meeting: dict[str, Any]) -> Iterator[tuple[date, int, Callable[[], None]]]:
        """Yield what was learned of a meeting, asked, answered and agreed, and each step taken afterwards."""
        held, key = self._day(meeting["on"]), meeting["key"]
        for told in meeting.get("learned", ()):
            yield self._day(told["on"]), 80, partial(self._learn, key, told)
        for told in meeting.get("questions", ()):
            if set(told["references"]) <= self._refs:
                yield self._day(told["on"]), 81, partial(self._ask, key, told)
        for told in meeting.get("answers", ()):
            if set(told["references"]) <= self._refs:
                yield held, 82, partial(self._answer, key, told)
        for told in meeting.get("actions", ()):
            if told["reference"] in self._refs:
                yield held, 83, partial(self._agree, key, told)
                for step in told["steps"]:
                    yield self._day(step["on"]), 84, partial(self._take, told["key"], step)

    def _noted(self, by: Actor, meeting: Meeting) -> dict[str, Any]:
        return {
            "service": meeting.service,
            "recorded_at": self.unit.now,
            "by": by.id,
            "by_name": by.name,
        }

    def _learn(self, key: str, told: dict[str, Any]) -> None:
        by, before = self.people[told["by"]], self.meetings[key]
        change = MeetingChange(
            id=self.unit.new_id("meeting_change"),
            meeting_id=before.id,
            on=before.on,
            place=before.place,
            is_public=before.is_public,
            attendees=tuple(told.get("attendees", before.attendees)),
            papers=tuple((title, link) for title, link in told.get("papers", before.papers)),
            minutes=told.get("minutes", before.minutes),
            **self._noted(by, before),
        )
        self.meetings[key] = change.of(before)
        check_meeting(self.meetings[key])
        self.unit.add(change, by=by, verb="meeting changed")

    def _ask(self, key: str, told: dict[str, Any]) -> None:
        by, number = self.people[told["by"]], self.unit.new_id("question_change")
        self.questions[told["key"]] = f"{OWN}:{number}"
        change = QuestionChange(
            id=number,
            meeting_id=self.meetings[key].id,
            question=self.questions[told["key"]],
            stage=QuestionStage.ADDED,
            text=told["text"],
            references=tuple(told["references"]),
            **self._noted(by, self.meetings[key]),
        )
        self.unit.add(change, by=by, verb="question added")

    def _question(self, told: dict[str, Any]) -> str:
        return self.questions[told["own"]] if "own" in told else told.get("question", "")

    def _answer(self, key: str, told: dict[str, Any]) -> None:
        by, meeting = self.people[told["by"]], self.meetings[key]
        answer = Answer(
            id=self.unit.new_id("answer"),
            meeting_id=meeting.id,
            question=self._question(told),
            asked=told["asked"],
            outcome=Outcome(told["outcome"]),
            words=told["words"],
            references=tuple(told["references"]),
            **self._noted(by, meeting),
        )
        check_answer(answer, meeting, london_day(self.unit.now))
        self.unit.add(answer, by=by, verb="answer recorded")

    def _agree(self, key: str, told: dict[str, Any]) -> None:
        by, meeting = self.people[told["by"]], self.meetings[key]
        action = Action(
            id=self.unit.new_id("action"),
            meeting_id=meeting.id,
            question=self._question(told),
            reference=told["reference"],
            what=told["what"],
            owner=told["owner"],
            due_on=self._day(told["due_on"]),
            agreed_on=meeting.on,
            **self._noted(by, meeting),
        )
        check_action(action, meeting, london_day(self.unit.now))
        self.actions[told["key"]] = ActionState(action)
        self.unit.add(action, by=by, verb="action agreed")

    def _take(self, key: str, told: dict[str, Any]) -> None:
        by, state, stage = self.people[told["by"]], self.actions[key], ActionStage(told["stage"])
        step = ActionStep(
            id=self.unit.new_id("action_step"),
            action_id=state.action.id,
            service=state.action.service,
            stage=stage,
            words=told["words"],
            due_on=self._maybe(told.get("due_on")),
            happened_on=self._day(told["on"]),
            recorded_at=self.unit.now,
            by=by.id,
            by_name=by.name,
        )
        require_step(stage, state, by)
        check_step(state, step)
        self.actions[key] = replace(state, steps=(*state.steps, step))
        self.unit.add(step, by=by, verb=STEP_VERBS[stage])

    def _take_in(self, told: dict[str, Any]) -> None:
        target = told["target"] or {}
        record = new_record(
            number=self.unit.new_id("recommendation"),
            reference=self._ref(told["reference"]),
            report=self.reports[told["inspection"]],
            kind=Kind(told["kind"]),
            stamp=self._stamp(self.keeper, self._day(told["taken_in_on"])),
            identity={
                "number": str(told["number"] or ""),
                "external_reference": told["external_reference"] or "",
                "addressees": tuple(told["addressees"]),
                "parent": self._ref(told["parent"]) if told["parent"] else "",
            },
            wording={"text": told["text"], "lead_in": told["lead_in"] or "", "parts": told["parts"]},
            assignment={
                "short_title": told["short_title"],
                "owner": told["owner"] or "",
                "executive_lead": told["executive_lead"] or "",
                "board": told["board"] or "",
                "themes": tuple(told["themes"]),
                "applicability": Applicability(told["applicability"]),
                "applicability_reason": told["applicability_reason"] or "",
                "verification_level": told["verification_level"] or "",
                "assessed_when": told["assessed_when"] or "",
                "closure_test": told["closure_test"] or "",
            },
            target={
                "due_on": self._maybe(target.get("due_on")),
                "precision": Precision(target.get("precision", "day")),
                "phrase": target.get("phrase", ""),
                "rule": target.get("rule", ""),
                "set_by": SetBy(target.get("set_by", "inspectorate")),
            },
        )
        self.records[told["reference"]] = self.unit.save(record, by=self.keeper)

    def _stamp(self, by: Actor, on: date) -> Stamp:
        return Stamp(by, on, self.unit.now)

    def _link(self, told: dict[str, Any]) -> None:
        by = self.people[told["by"]]
        record = self.records[told["from"]]
        record.link(
            self._stamp(by, self._day(told["on"])), kind=LinkKind(told["kind"]), other=self._ref(told["to"])
        )
        self.unit.save(record, by=by)

    def _step(self, told: dict[str, Any], step: dict[str, Any]) -> None:
        by = self.people[step["by"]]
        record = self.records[told["reference"]]
        try:
            _ACTS[step["do"]](self, record, self._stamp(by, self._day(step["on"])), step)
        except RuleError as refused:
            raise RuleError(
                f"The story of {told['reference']} cannot be told ({step['do']}, {step['on']}): {refused}"
            ) from refused
        self.unit.save(record, by=by)

    def _item(self, key: str, by: Actor, on: date) -> EvidenceItem:
        if key in self.items:
            return self.items[key]
        told = self.evidence[key]
        item = EvidenceItem(
            id=self.unit.new_id("evidence"),
            service=self.told["services"][0],
            kind=EvidenceKind(told["kind"]),
            title=told["title"],
            body=told["body"] or "",
            describes_from=self._maybe(told["describes_from"]),
            describes_on=self._day(told["describes_on"]),
            received_on=self._day(told["received_on"]),
            sample=told["sample"],
            population=told["population"],
            measure=told["measure"] or "",
            value=told["value"],
            target=told["target"],
            unit=told["unit"] or "",
            direction=Direction(told["direction"]),
            checked_by=CheckedBy(told["checked_by"]),
            checker=told["checker"] or "",
            link="",
            note=told["note"] or "",
            recorded_at=self.unit.now,
            by=by.id,
            by_name=by.name,
        )
        check_evidence(item, on)
        self.items[key] = item
        self.unit.add(item, by=by, verb="evidence recorded")
        return item

    def _ids(self, keys: list[str]) -> list[int]:
        return [self.items[key].id for key in keys]


def _report(s: _Series, r: Record, at: Stamp, t: dict[str, Any]) -> None:
    r.report(
        at,
        status=ForceReport(t["status"]),
        narrative=t["narrative"],
        confidence=Confidence(t["confidence"]) if t.get("confidence") else None,
        blocked_by=t.get("blocked_by") or "",
    )


def _assure(s: _Series, r: Record, at: Stamp, t: dict[str, Any]) -> None:
    meeting = s.meetings.get(t["meeting"]) if t.get("meeting") else None
    r.assure(
        at,
        level=Assurance(t["level"]),
        rationale=t["rationale"],
        ask=t.get("ask") or "",
        meeting_id=meeting.id if meeting else None,
    )


def _assign(s: _Series, r: Record, at: Stamp, t: dict[str, Any]) -> None:
    given = {
        k: v for k, v in t.items() if k in ("owner", "board", "executive_lead", "short_title", "closure_test")
    }
    r.assign(at, reason=t.get("reason", ""), **given)


_ACTS: Final[dict[str, Callable[[_Series, Record, Stamp, dict[str, Any]], object]]] = {
    "report": _report,
    "assure": _assure,
    "assign": _assign,
    "evidence": lambda s, r, at, t: r.add_evidence(at, s._item(t["key"], at.by, at.on)),
    "set_target": lambda s, r, at, t: r.set_target(
        at,
        due_on=s._day(t["due_on"]),
        precision=Precision(t.get("precision", "day")),
        phrase=t.get("phrase", ""),
        rule=t.get("rule", ""),
        set_by=SetBy(t.get("set_by", "service")),
    ),
    "ask_date": lambda s, r, at, t: r.ask_date(
        at, due_on=s._day(t["due_on"]), reason=t["reason"], category=MoveCategory(t["category"])
    ),
    "agree_date": lambda s, r, at, t: r.agree_date(at),
    "refuse_date": lambda s, r, at, t: r.refuse_date(at, reason=t["reason"]),
    "move_date": lambda s, r, at, t: r.move_date(
        at, due_on=s._day(t["due_on"]), reason=t["reason"], category=MoveCategory(t["category"])
    ),
    "position": lambda s, r, at, t: r.take_position(
        at, position=Position(t["position"]), comment=t.get("comment") or "", source=t["source"]
    ),
    "correct_wording": lambda s, r, at, t: r.word(at, text=t["text"], reason=t["reason"], source=t["source"]),
    "propose_closure": lambda s, r, at, t: r.propose_closure(
        at, reason=ClosureReason(t["reason"]), statement=t["statement"], evidence_ids=s._ids(t["evidence"])
    ),
    "agree_closure": lambda s, r, at, t: r.agree_closure(
        at, statement=t.get("statement") or "", check_due_on=s._maybe(t.get("check_due_on"))
    ),
    "refuse_closure": lambda s, r, at, t: r.refuse_closure(at, statement=t["statement"]),
    "reopen": lambda s, r, at, t: r.reopen(at, statement=t["reason"]),
    "sustainment": lambda s, r, at, t: r.check_sustainment(
        at, sustained=t["sustained"], statement=t["statement"], evidence_ids=s._ids(t.get("evidence") or [])
    ),
}
