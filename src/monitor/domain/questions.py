"""
The questions that a meeting asks, each with the facts that prompted it.

`RULES` is the table: twelve rules in the order in which they matter, with the reason for the order beside each.
`propose` applies it; `fold` puts on top what people edited, left out, moved and added.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from monitor.domain import question_rules as rules
from monitor.domain.meetings import ActionState, Answer, Outcome, QuestionChange, QuestionStage
from monitor.domain.question_facts import Fact, ReportDue, Subject, cut, facts_about, quoted
from monitor.domain.question_rules import Finding, Occasion
from monitor.domain.responses import WARNING_DAYS
from monitor.domain.statuses import Vocabulary

TITLE_MAX: Final = 42
FACTS_MAX: Final = 3
ASKED_MAX: Final = 12
"""Questions that a meeting begins with; the others wait among those left out."""
OF_ONE_RULE: Final = 2
"""So many of one rule are taken before the next rule has its turn."""
OWN: Final = "own"
"""What the key of a question begins with that somebody wrote."""


class Trigger(Vocabulary):
    """What prompts a question; the meaning is the rule as it is applied and printed."""

    ACTION_NOT_DONE = (
        "action_not_done",
        "Action not done",
        "Agreed at an earlier meeting of this kind, its day comes by the day of this meeting, and neither has its "
        "owner reported it done nor has the office ended it.",
    )
    RESPONSE_DUE = (
        "response_due",
        "Response due",
        f"The last day to publish comments on a report has not passed, and comes at most {max(WARNING_DAYS)} days "
        "after the meeting.",
    )
    CLAIMED = (
        "claimed",
        "Complete, weakly evidenced",
        "The force reports complete, the office is not assured, and the evidence is graded none or weak, or none of "
        "it describes a day since the first of the unbroken run of reports that say complete.",
    )
    LATE = (
        "late",
        "Late, no new date",
        "Its date has passed, it is not reported complete, no closure is proposed, and no request for another date "
        "waits for an answer.",
    )
    BELOW_TARGET = (
        "below_target",
        "Below its target",
        "The newest value of a measure is short of its target, and the office has not been assured since the day it "
        "describes.",
    )
    VOICES_DIFFER = (
        "voices_differ",
        "Two voices differ",
        "One of force, office and inspectorate says that it is done and another that it is not. An earlier no of "
        "the office or the inspectorate does not answer a later yes of those they judge: that one waits.",
    )
    BLOCKED = (
        "blocked",
        "Blocked, nobody told",
        "The force reports that another body is in the way, and since it first did no board has minuted it, the "
        "office has asked for nothing, and no action about it was agreed.",
    )
    MOVED = (
        "moved",
        "Moved twice or more",
        "Its date was moved to a later day at least twice; the correction of a date recorded wrongly does not count. "
        "It is not reported complete, and no closure is proposed.",
    )
    NO_OWNER = "no_owner", "No owner", "It is open, and nobody is named as its owner."
    SILENT = (
        "silent",
        "No update for a quarter",
        "Three calendar months or more since the force last reported, or since it was taken in if it never did. It "
        "is not reported complete, and no closure is proposed.",
    )
    SAME_ASK = (
        "same_ask",
        "Asked in several reports",
        "It is open, and a recommendation of another report asks the same or repeats it.",
    )
    OVERTAKEN = (
        "overtaken",
        "Overtaken, never met",
        "It was closed as overtaken, none that asks the same is closed as met, and no earlier meeting of this kind has "
        "had an answer to this question.",
    )


@dataclass(frozen=True, slots=True)
class Question:
    """
    One question of a meeting.

    Attributes:
        key: The rule and what it is about ("late:CC-036"), or "own:" and a number. It stays while its reason does.
        trigger: The rule; None for one that somebody wrote.
        title: Its name on the agenda.
        text: The question as it is asked aloud.
        facts: What prompted it, the worst first.
        why: Why it matters.
        follow_up_if, follow_up: An answer that may come, and what to ask then.
        also: Other rules that hold for the same recommendation; their facts stand among the facts.
        as_proposed: The words of the rule, where somebody changed them.
        is_gone: Somebody edited it, and it is not proposed any more: what prompted it is gone, or is asked otherwise.
    """

    key: str
    trigger: Trigger | None
    title: str
    text: str
    facts: tuple[Fact, ...] = ()
    why: str = ""
    follow_up_if: str = ""
    follow_up: str = ""
    references: tuple[str, ...] = ()
    rank: tuple[int, int, int, int, str] = (0, 0, 0, 0, "")
    also: tuple[Trigger, ...] = ()
    as_proposed: str = ""
    is_gone: bool = False


Thing: TypeAlias = Subject | ReportDue | ActionState
"""What a rule reads."""


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One row of the table.

    Attributes:
        about: What it reads.
        finds: Returns the question with its facts where the rule holds, else None.
        why: Why the question matters.
        stands: Why it stands where it stands in the order.
        follow_up_if, follow_up: An answer that may come, and what to ask then.
    """

    trigger: Trigger
    about: type[Thing]
    finds: Callable[[Any, Occasion], Finding | None]
    why: str
    stands: str
    follow_up_if: str
    follow_up: str


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        Trigger.ACTION_NOT_DONE,
        ActionState,
        rules.action_not_done,
        why="A promise made in this room is kept or explained in it.",
        stands="First: if it can lapse, so can every answer given today.",
        follow_up_if="it is in hand",
        follow_up="Ask what remains, who will do it and by which day, and record that day.",
    ),
    Rule(
        Trigger.RESPONSE_DUE,
        ReportDue,
        rules.response_due,
        why="The Police Act 1996, section 55, sets the day, and the comments need an action or a reason for each recommendation.",
        stands="Second: it is the one day that nobody in the room can move.",
        follow_up_if="it is being drafted",
        follow_up="Ask for the day on which the draft comes, with time left to read and publish it.",
    ),
    Rule(
        Trigger.CLAIMED,
        Subject,
        rules.claimed,
        why="What is called complete leaves everybody's list. It should rest on what people now experience.",
        stands="Before what is late: that one everybody can see, this one nobody looks at any more.",
        follow_up_if="we have briefed everyone",
        follow_up="A briefing is an action. Ask what the next sample is expected to show, who will draw it, and by which day.",
    ),
    Rule(
        Trigger.LATE,
        Subject,
        rules.late,
        why="A date has passed and no other stands in its place, so nobody can say when it will be done.",
        stands="Before the figures: a promise to the public has run out, and nothing has replaced it.",
        follow_up_if="it is nearly done",
        follow_up="Ask what is left and for a day, and that the new date is asked for this week, with its reason.",
    ),
    Rule(
        Trigger.BELOW_TARGET,
        Subject,
        rules.below_target,
        why="The target was set beforehand as the mark of success, and the last figure known is short of it.",
        stands="After what is late, since there may still be time; before opinions, since it is counted.",
        follow_up_if="the next figures will be better",
        follow_up="Ask which figure is expected, for which month, who counts it, and what is done if it is not reached.",
    ),
    Rule(
        Trigger.VOICES_DIFFER,
        Subject,
        rules.voices_differ,
        why="The public is told two things at once, and should hear which one holds.",
        stands="After the figures, which may already settle it.",
        follow_up_if="we see it differently",
        follow_up="Ask which one piece of evidence would settle it, and who brings it by which day.",
    ),
    Rule(
        Trigger.BLOCKED,
        Subject,
        rules.blocked,
        why="A wait that nobody with authority has been told of can last without end.",
        stands="Before dates that move: it is often why they do, and a word may end it.",
        follow_up_if="it is out of our hands",
        follow_up="Ask what can be done without the other body, and whom this office could write to.",
    ),
    Rule(
        Trigger.MOVED,
        Subject,
        rules.moved,
        why="A date that has moved twice no longer tells anybody when it will be done.",
        stands="After what is late or blocked: there is a date, and the doubt is whether it holds.",
        follow_up_if="this date is realistic",
        follow_up="Ask what was thought of the earlier dates, and which step will be finished first, by which day.",
    ),
    Rule(
        Trigger.NO_OWNER,
        Subject,
        rules.no_owner,
        why="Without a name there is nobody to ask.",
        stands="After what can be seen to go wrong; before silence, which it often explains.",
        follow_up_if="the team has it",
        follow_up="Ask for one person, and the day on which the office is told.",
    ),
    Rule(
        Trigger.SILENT,
        Subject,
        rules.silent,
        why="After a quarter without a word, nobody outside can tell work from waiting.",
        stands="Below what is known to be wrong: silence may hide nothing.",
        follow_up_if="there is nothing new to report",
        follow_up="That is a report too. Ask for it to be recorded, and for the day of the next one.",
    ),
    Rule(
        Trigger.SAME_ASK,
        Subject,
        rules.same_ask,
        why="What several reports ask for deserves one answer that lasts.",
        stands="Near the end: it is about how the work is arranged, not whether it is done.",
        follow_up_if="each report has its own plan",
        follow_up="Ask who reads the plans together, and which one measure would show that all are met.",
    ),
    Rule(
        Trigger.OVERTAKEN,
        Subject,
        rules.overtaken,
        why="Closed is not the same as met: what it was to put right may still be there.",
        stands="Last: it is closed, by two people, with a reason given.",
        follow_up_if="things have moved on",
        follow_up="Ask what changed and since when, and what shows that nobody is worse off for it.",
    ),
)  # fmt: skip


# Proposing


def propose(
    subjects: Iterable[Subject],
    reports: Iterable[ReportDue],
    actions: Iterable[ActionState],
    today: date,
    *,
    asked_on: date | None = None,
    answers: Iterable[Answer] = (),
) -> list[Question]:
    """
    Return the questions that the rules propose, those that matter most first.

    Of one recommendation the worst is asked; the others are named in `also` and their facts stand after its own. An
    action that is asked for speaks for its recommendation.

    Args:
        today: The day as at which the register is read.
        asked_on: The day of the meeting, where it lies ahead.
        answers: What was answered at earlier meetings of this kind, oldest first: what was brought back, and not
            answered since, is asked again before all else.
    """
    occasion = Occasion(today, max(today, asked_on or today))
    about = {subject.reference: subject for subject in subjects}
    questions = [_question(report, held, today) for report in reports if (held := _holding(report, occasion))]
    spoken_for: set[str] = set()
    for state in actions:
        if held := _holding(state, occasion):
            subject = about.get(state.action.reference)
            if subject and subject.reference not in spoken_for:
                spoken_for.add(subject.reference)
                held += _holding(subject, occasion)
            questions.append(_question(state, held, today, subject))
    for subject in about.values():
        if subject.reference not in spoken_for and (held := _holding(subject, occasion)):
            questions.append(_question(subject, held, today, subject))
    return sorted(_brought_back(questions, answers), key=lambda question: question.rank)


def fired(thing: Thing, occasion: Occasion) -> list[Question]:
    """Return the question of every rule that holds for one thing, those that matter most first."""
    subject = thing if isinstance(thing, Subject) else None
    return [_question(thing, [held], occasion.today, subject) for held in _holding(thing, occasion)]


def _holding(thing: Thing, occasion: Occasion) -> list[tuple[int, Rule, Finding]]:
    """Return every rule that holds for one thing, with its place and what it found, in order."""
    return [
        (place, rule, finding)
        for place, rule in enumerate(RULES, start=1)
        if rule.about is type(thing) and (finding := rule.finds(thing, occasion))
    ]


def _question(
    thing: Thing, held: Sequence[tuple[int, Rule, Finding]], today: date, subject: Subject | None = None
) -> Question:
    """Return the first question, with the facts of the others, and of what is known besides, after its own."""
    (place, rule, worst), *others = held
    about, title, references = _named(thing, rule)
    facts = _few(fact for _, _, finding in held for fact in finding.facts)
    if subject and len(facts) < FACTS_MAX:
        facts = _few([*facts, *facts_about(subject, today)])
    grave = subject is not None and subject.is_grave
    key = f"{rule.trigger.value}:{about}"
    return Question(
        key=key,
        trigger=rule.trigger,
        title=cut(subject.short_title if subject else title, TITLE_MAX),
        text=worst.text,
        facts=facts,
        why=rule.why,
        follow_up_if=rule.follow_up_if,
        follow_up=rule.follow_up,
        references=references,
        # Within a rule, causes of concern come first, then what there are most reasons to ask, then the worst.
        rank=(place, 0 if grave else 1, -worst.reasons - len(others), -worst.badness, key),
        also=tuple(other.trigger for _, other, _ in others),
    )


def _named(thing: Thing, rule: Rule) -> tuple[str, str, tuple[str, ...]]:
    """Return what the key names of a thing, what people call it, and the recommendations it is about."""
    if isinstance(thing, ReportDue):
        return str(thing.inspection_id), thing.title, ()
    if isinstance(thing, ActionState):
        of = thing.action
        return str(of.id), of.what, (of.reference,) if of.reference else ()
    others = thing.same_ask if rule.trigger is Trigger.SAME_ASK else ()
    return thing.reference, thing.short_title, (thing.reference, *(other.reference for other in others))


def _few(facts: Iterable[Fact | None]) -> tuple[Fact, ...]:
    """Return the first three different facts."""
    return tuple(dict.fromkeys(fact for fact in facts if fact))[:FACTS_MAX]


def _brought_back(questions: Sequence[Question], answers: Iterable[Answer]) -> list[Question]:
    """Return the questions with what was brought back before all others, as it was asked where nothing prompts it now."""
    last = {answer.question: answer for answer in answers}
    back = {key: answer for key, answer in last.items() if answer.outcome is Outcome.BRING_BACK}
    found = []
    for question in questions:
        keys = [question.key, *(f"{also.value}:{question.references[0]}" for also in question.also)]
        answer = next((back.pop(key) for key in keys if key in back), None)
        found.append(_asked_again(question, answer) if answer else question)
    return found + [_asked_again(_as_asked(answer), answer) for answer in back.values()]


def _as_asked(answer: Answer) -> Question:
    """Return a question of an earlier meeting that no rule proposes now."""
    rule = trigger_of(answer.question)
    gone = (Fact("Since then", "What prompted it no longer holds."),) if rule else ()
    return Question(
        key=answer.question,
        trigger=rule,
        title=cut(answer.asked, TITLE_MAX),
        text=answer.asked,
        facts=gone,
        references=answer.references,
    )


def _asked_again(question: Question, answer: Answer) -> Question:
    then = Fact("Brought back", f"Asked before; the answer then: {quoted(answer.words)}.")
    return replace(question, facts=_few((then, *question.facts)), rank=(0, *question.rank[1:]))


def trigger_of(key: str) -> Trigger | None:
    """Return the rule that a key names; None for a question that somebody wrote."""
    value = key.partition(":")[0]
    return Trigger(value) if value in set(Trigger) else None


# What people make of them


@dataclass(frozen=True, slots=True)
class Prepared:
    """
    The questions of a meeting, in the order in which they are asked, and those left out.

    Attributes:
        as_at, known_at: The day and moment whose facts they rest on; no moment for the end of that day.
    """

    questions: tuple[Question, ...]
    left_out: tuple[Question, ...]
    as_at: date | None = None
    known_at: datetime | None = None


def first_asked(ranked: Sequence[Question]) -> list[str]:
    """
    Return the keys of those a meeting begins with, in order: twelve at most.

    They are taken from the top, two of a rule, and then two more of each while there is room, so that one reason does
    not fill a meeting. What was brought back is always among the first.
    """
    taken: Counter[Trigger | None] = Counter()
    turns: list[tuple[int, int]] = []
    for place, question in enumerate(ranked):
        is_back = question.rank[0] == 0
        turns.append((0 if is_back else taken[question.trigger] // OF_ONE_RULE, place))
        taken[question.trigger] += not is_back
    chosen = sorted(place for _, place in sorted(turns)[:ASKED_MAX])
    return [ranked[place].key for place in chosen]


def fold(proposed: Sequence[Question], changes: Iterable[QuestionChange]) -> Prepared:
    """
    Return the questions as people have left them: every proposed or added question once, asked or left out.

    A question that was edited and is not proposed any more is left out, with its words. What was done to one without
    words of its own is then forgotten.
    """
    known = {question.key: question for question in proposed}
    order, asked, gone = list(known), set(first_asked(proposed)), set[str]()
    for change in changes:
        key = change.question
        if key not in known:
            if change.stage is QuestionStage.ADDED:
                asked.add(key)
            elif change.stage is QuestionStage.EDITED:
                gone.add(key)
            else:
                continue
            known[key] = _written(change, is_gone=key in gone)
            order.append(key)
        elif key in gone:
            if change.stage is QuestionStage.EDITED:
                known[key] = _written(change, is_gone=True)
        else:
            _apply(change, known, order, asked)
    return Prepared(
        tuple(known[key] for key in order if key in asked),
        tuple(known[key] for key in order if key not in asked),
    )


def _apply(change: QuestionChange, known: dict[str, Question], order: list[str], asked: set[str]) -> None:
    key, stage = change.question, change.stage
    if stage is QuestionStage.DROPPED:
        asked.discard(key)
    elif stage is QuestionStage.BROUGHT_BACK:
        asked.add(key)
    elif stage is QuestionStage.EDITED:
        before = known[key]
        proposed = before.as_proposed or (before.text if before.trigger else "")
        known[key] = replace(
            before, text=change.text, as_proposed=proposed if proposed != change.text else ""
        )
        asked.add(key)
    elif stage is QuestionStage.PLACED and change.place is not None:
        asked.add(key)
        order.remove(key)
        others = [other for other in order if other in asked]
        place = min(max(change.place, 1), len(others) + 1)
        order.insert(order.index(others[place - 1]) if place <= len(others) else len(order), key)


def _written(change: QuestionChange, *, is_gone: bool) -> Question:
    """Return a question in somebody's words."""
    return Question(
        key=change.question,
        trigger=trigger_of(change.question) if is_gone else None,
        title=cut(change.text, TITLE_MAX),
        text=change.text,
        references=change.references,
        is_gone=is_gone,
    )
