"""
The twelve rules that prompt a question: each reads facts, and answers with the question or with nothing.

In what order they matter, and why, stands in the table of `monitor.domain.questions`. The words are those of the head
of the office, to the chief officer, in public: two sentences at most, with the days and numbers in them, and nothing
that is not on the register. What is spoken names days; how long ago they are stands in the facts, as at the day of
reading, because a pack is printed before its meeting.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from monitor.dates import count_word, days_words, long_date, month_year, short_date, times_word
from monitor.domain.evidence import EvidenceItem, Grade
from monitor.domain.meetings import ActionStage, ActionState, ActionStep
from monitor.domain.question_facts import (
    Fact,
    ReportDue,
    SameAsk,
    Subject,
    assurance_fact,
    blocked_fact,
    counts_cases,
    due_words,
    evidence_fact,
    force_fact,
    last_move_fact,
    late_fact,
    measure_fact,
    moved_words,
    moves_fact,
    moves_words,
    one_line,
    position_fact,
    quarter_after,
    quoted,
    refusal_fact,
    silence_fact,
    since_claim_fact,
    target_words,
    value_words,
    weakness,
)
from monitor.domain.responses import WARNING_DAYS, days_left
from monitor.domain.statuses import Assurance, ClosureReason, ForceReport, Position

RECENT: Final = timedelta(days=60)
"""A figure this new is not asked after again; what is done about it is."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """The day as at which the register is read, and the day of the meeting."""

    today: date
    asked_on: date


@dataclass(frozen=True, slots=True)
class Finding:
    """
    That a rule holds.

    Attributes:
        text: The question.
        facts: What prompted it, the worst first.
        badness: How bad it is among those of its rule, mostly in days.
        reasons: How many reasons there are to ask besides the rule itself.
    """

    text: str
    facts: tuple[Fact | None, ...]
    badness: int
    reasons: int = 0


def action_not_done(state: ActionState, occasion: Occasion) -> Finding | None:
    """Ask for what was agreed earlier, when its day has come and nobody says that it is done."""
    if not state.is_open or state.reported or state.due_on > occasion.asked_on:
        return None
    action, late = state.action, state.days_late(occasion.today)
    back = next((step for step in reversed(state.steps) if step.stage is ActionStage.SENT_BACK), None)
    moved = f", a day since moved to {long_date(state.due_on)}" if state.moves else ""
    ask = (
        "What was still missing, and what has been done since?"
        if back
        else "Has it been done, and what came of it?"
    )
    text = (
        f"On {long_date(action.agreed_on)} it was agreed: {quoted(action.what)}, "
        f"by {long_date(action.due_on)}{moved}. {ask}"
    )
    return Finding(text, _action_facts(state, back, late, occasion.today), late)


def _action_facts(
    state: ActionState, back: ActionStep | None, late: int, today: date
) -> tuple[Fact | None, ...]:
    """Return how late an action is, that it was sent back, and how often its day was moved."""
    reference, due = state.action.reference, long_date(state.due_on)
    by_day = f"Late on {long_date(today)}; the day agreed is {due}" if late else "The day agreed"
    told = "its owner has not reported it done since" if back else "its owner has not reported it done"
    figure = days_words(late) if late else short_date(state.due_on)
    first = f"The day first agreed was {long_date(state.action.due_on)}."
    sent_back = f"On {long_date(back.happened_on)}, with the words {quoted(back.words)}." if back else ""
    return (
        Fact(figure, f"{by_day}, and {told}.", reference),
        Fact("Sent back", sent_back, reference) if back else None,
        Fact(moves_words(state.moves), first, reference) if state.moves else None,
    )


def response_due(report: ReportDue, occasion: Occasion) -> Finding | None:
    """Ask for the chief officer's comments, when the last day to publish is near and has not passed."""
    left = days_left(report.published_on, occasion.today)
    if left < 0 or (report.last_day - occasion.asked_on).days > max(WARNING_DAYS):
        return None
    each = "each recommendation in it" if report.count else "any recommendation in it that is yours"
    told = f"to publish our comments on {quoted(report.title)}"
    if report.last_day < occasion.asked_on:
        text = f"The last day {told} was {long_date(report.last_day)}. Did yours reach us in time, "
    else:
        text = f"The last day {told} is {long_date(report.last_day)}. When shall we have yours, "
    text += f"with the action on {each}, or the reason why there is none?"
    facts = (
        Fact(
            days_words(left),
            f"Left on {long_date(occasion.today)}; the last day is {long_date(report.last_day)}.",
        ),
        Fact(f"{report.count:,}", "Recommendations in it that are not for others only.")
        if report.count
        else None,
        Fact(short_date(report.published_on), "The day of publication, the first of the 56 days."),
    )
    return Finding(text, facts, -left)


def claimed(subject: Subject, occasion: Occasion) -> Finding | None:
    """Ask what shows it, when the force reports complete on evidence that is weak or older than the claim."""
    since, newest, today = subject.said_since, subject.newest, occasion.today
    if not subject.is_claimed or subject.assurance is Assurance.ASSURED or since is None:
        return None
    is_weak = subject.grade in (Grade.NONE, Grade.WEAK)
    is_older = newest is not None and newest.describes_on < since
    if not (is_weak or is_older):
        return None
    but, ask = _claim_words(subject, newest, is_weak, since, today)
    text = f"You told us on {long_date(since)} that {subject.title} is complete; {but}. {ask}"
    facts = (
        since_claim_fact(subject) if is_older else evidence_fact(subject, today),
        measure_fact(subject, subject.missed) if subject.missed else None,
        late_fact(subject, today),
        evidence_fact(subject, today),
    )
    lacking = 2 if newest is None else 1 if is_weak else 0
    return Finding(text, facts, (today - since).days, reasons=lacking + bool(subject.days_late(today)))


def _claim_words(
    subject: Subject, newest: EvidenceItem | None, is_weak: bool, since: date, today: date
) -> tuple[str, str]:
    """Return what stands against a claim, and what is asked about it."""
    if newest is None:
        return "we hold no evidence of it yet", "What would we see if we looked today?"
    missed = subject.missed
    if missed and missed is subject.last_measured:
        but = f"in {month_year(missed.describes_on)} the figure was {value_words(missed)}, and the target is {target_words(missed)}"
        if counts_cases(missed):
            return but, f"If {missed.sample:,} more were drawn today, how many would show it?"
        return but, "If it were measured again today, what would it show?"
    if is_weak and (against := subject.contradicted_on(today)):
        but = f"evidence of {month_year(against)} points the other way"
        return but, "Which of the two holds today, and how do we know?"
    if is_weak:
        ask = "What shows that it works in practice, and who outside the team has looked?"
        return weakness(subject, today), ask
    before = days_words((since - newest.describes_on).days)
    but = f"the newest evidence describes {long_date(newest.describes_on)}, {before} before that"
    return but, "What has been seen since, and does it still hold?"


def late(subject: Subject, occasion: Occasion) -> Finding | None:
    """Ask for a day, when its date has passed and no other has been asked for."""
    days, target = subject.days_late(occasion.today), subject.target_on
    if not days or target is None or not subject.is_underway or subject.pending_on:
        return None
    but, ask = _late_words(subject)
    text = f"{subject.title} was due {due_words(target, subject.precision)}{but}. {ask}"
    return Finding(text, (late_fact(subject, occasion.today), refusal_fact(subject)), days)


def _late_words(subject: Subject) -> tuple[str, str]:
    """Return how it stands with a date that has passed, and what is asked about it."""
    if subject.refused_on:
        return (
            f"; the new date asked for was not agreed on {long_date(subject.refused_on)}, and no other has been asked for",
            "By which day will it be done, and what is still to do?",
        )
    if subject.says_ended:
        return (
            f"; you report it as {quoted(subject.force_report.word.lower())}, and neither its closure nor a new date "
            "has been asked for",
            "What has changed since it was asked of you, and will its closure be proposed?",
        )
    if subject.reported_on is None:
        return (
            "; nothing has been reported on it, and no new date has been asked for",
            "Where does it stand, and by which day will it be done?",
        )
    if subject.force_report is ForceReport.NOT_STARTED:
        return (
            "; you report that it has not started, and no new date has been asked for",
            "When will it start, and by which day will it be done?",
        )
    if subject.later_moves:
        return (
            f", a date moved {times_word(len(subject.later_moves))} before, and no new one has been asked for",
            "Which day can be relied on now, and what comes first?",
        )
    return ", and no new date has been asked for", "By which day will it be done, and what is still to do?"


def below_target(subject: Subject, occasion: Occasion) -> Finding | None:
    """Ask what has changed, when the newest value of a measure is short of its target."""
    item = subject.missed
    if not subject.is_open or item is None or item.value is None or item.target is None:
        return None
    weighed_on = subject.assured_on if subject.assurance is Assurance.ASSURED else None
    if weighed_on and weighed_on >= item.describes_on:
        return None
    named = f"the figure for {quoted(item.measure, 80)}" if one_line(item.measure) else "the figure"
    if occasion.today - item.describes_on <= RECENT:
        ask = "What is being done about the difference, and when will it be counted again?"
    elif item.sample:
        ask = "What has changed since, and what did the last sample show?"
    else:
        ask = "What has changed since, and what is the figure now?"
    text = (
        f"On {subject.title}, {named} was {value_words(item)} in {month_year(item.describes_on)}, "
        f"and the target is {target_words(item)}. {ask}"
    )
    short = (item.target - item.value) / abs(item.target) if item.target else 1.0
    facts = (
        measure_fact(subject, item),
        late_fact(subject, occasion.today),
        evidence_fact(subject, occasion.today),
    )
    return Finding(text, facts, int(min(short, 1000.0) * 1000))


def voices_differ(subject: Subject, occasion: Occasion) -> Finding | None:
    """
    Ask which holds, when one voice says that it is done and another that it is not.

    An earlier no of the office or the inspectorate does not answer a later yes of those they judge: that yes waits.
    """
    if not subject.is_open:
        return None
    for differ in (_inspectorate_done, _office_done, _force_done):
        if found := differ(subject):
            text, since = found
            facts = (assurance_fact(subject), position_fact(subject), force_fact(subject))
            return Finding(text, facts, (occasion.today - since).days)
    return None


def _inspectorate_done(subject: Subject) -> tuple[str, date] | None:
    """Return the question where the inspectorate has ended it and another voice says no, and since when they differ."""
    on, weighed_on = subject.position_on, subject.assured_on
    if on is None or subject.position not in _ENDED:
        return None
    ended = f"{_ENDED[subject.position].format(title=subject.title)} on {long_date(on)}"
    if weighed_on and subject.office_says_no:
        ask = (
            "What has changed since the inspectorate looked, and what would it find today?"
            if weighed_on > on
            else "What did the inspectorate see that you could show us too?"
        )
        return (
            f"{ended}, and on {long_date(weighed_on)} we were {subject.assurance.word.lower()}. {ask}",
            max(on, weighed_on),
        )
    if subject.reported_on and subject.force_says_no:
        return (
            f"{ended}; {_last_report(subject)}. What is still to do, and when can its closure be proposed?",
            max(on, subject.reported_on),
        )
    return None


def _office_done(subject: Subject) -> tuple[str, date] | None:
    """Return the question where the office is assured and another voice says no, and since when they differ."""
    on = subject.assured_on
    if on is None or subject.assurance is not Assurance.ASSURED:
        return None
    assured = f"We were assured of {subject.title} on {long_date(on)}"
    if subject.reported_on and subject.force_says_no:
        return (
            f"{assured}; {_last_report(subject)}. Is there work still to do, or can its closure be proposed?",
            max(on, subject.reported_on),
        )
    return _inspectorate_not_done(subject, assured, on)


def _force_done(subject: Subject) -> tuple[str, date] | None:
    """Return the question where the force reports an end and somebody has said no since, and since when they differ."""
    since, weighed_on = subject.said_since, subject.assured_on
    if since is None or not (subject.is_claimed or subject.says_ended):
        return None
    told = f"You have reported {subject.title} as {quoted(subject.force_report.word.lower())} since {long_date(since)}"
    if weighed_on and subject.office_says_no and weighed_on >= since:
        about = " about what we asked to see" if subject.asked else ""
        return (
            f"{told}, and on {long_date(weighed_on)} we were {subject.assurance.word.lower()}. "
            f"What has been done since{about}, and what does it show?",
            weighed_on,
        )
    return _inspectorate_not_done(subject, told, since)


def _inspectorate_not_done(subject: Subject, said: str, since: date) -> tuple[str, date] | None:
    on = subject.position_on
    if on is None or on < since or not subject.inspectorate_says_no:
        return None
    return (
        f"{said}, and the inspectorate's position of {long_date(on)} is {quoted(subject.position.word.lower())}. "
        "What does the inspectorate still want to see, and by when will it be shown?",
        on,
    )


def _last_report(subject: Subject) -> str:
    on = long_date(subject.last_update_on)
    return f"your last report, of {on}, says {quoted(subject.force_report.word.lower())}"


_ENDED: Final = {
    Position.CLOSED: "The inspectorate closed {title}",
    Position.NO_FURTHER_ACTION: "The inspectorate asked for nothing more on {title}",
    Position.SUPERSEDED: "The inspectorate put a later recommendation in the place of {title}",
}


def blocked(subject: Subject, occasion: Occasion) -> Finding | None:
    """Ask who has been told, when another body is in the way and nobody who can do something about it was."""
    since = subject.blocked_since
    if not subject.is_underway or not subject.blocked_by or since is None or subject.escalated_on:
        return None
    text = (
        f"You have reported since {long_date(since)} what is in the way of {subject.title}: "
        f"{quoted(subject.blocked_by)}. Who has been asked to clear it, and would it help if this office asked too?"
    )
    days = (occasion.today - since).days
    facts = (
        blocked_fact(subject, occasion.today),
        late_fact(subject, occasion.today),
        moves_fact(subject),
    )
    return Finding(text, facts, days)


def moved(subject: Subject, occasion: Occasion) -> Finding | None:
    """Ask what makes the date different, when it was moved to a later day twice or more."""
    moves = subject.later_moves
    if not subject.is_underway or len(moves) < 2:
        return None
    text = f"The date for {subject.title} has moved {moved_words(subject)}"
    if moves[-1].days_after_expiry:
        after = days_words(moves[-1].days_after_expiry)
        text += f"; the last move was asked for {after} after the date had passed"
        ask = "What makes this date different, and how soon would we hear if it were in doubt?"
    else:
        ask = "What makes this date different, and which step comes first?"
    facts = (moves_fact(subject), last_move_fact(subject), evidence_fact(subject, occasion.today))
    return Finding(f"{text}. {ask}", facts, subject.days_slipped, reasons=len(moves) - 2)


def no_owner(subject: Subject, occasion: Occasion) -> Finding | None:
    """Ask for a name, when nobody is named as its owner."""
    if not subject.is_open or one_line(subject.owner):
        return None
    opened, today = subject.opened_on, occasion.today
    days = (today - opened).days
    text = (
        f"{subject.title} has been on the register since {long_date(opened)}, and nobody is named as its owner. "
        "Who will answer for it, and from which day?"
    )
    facts = (
        Fact(
            days_words(days), f"On the register, and no owner named on {long_date(today)}.", subject.reference
        ),
        late_fact(subject, today),
        evidence_fact(subject, today),
    )
    return Finding(text, facts, days)


def silent(subject: Subject, occasion: Occasion) -> Finding | None:
    """Ask for word, when the force has not reported for a quarter."""
    last, today = subject.last_update_on, occasion.today
    if not subject.is_underway or today < quarter_after(last):
        return None
    if subject.reported_on:
        text = (
            f"Your last report on {subject.title} is of {long_date(last)}. "
            "What has been done since then, and when shall we have the next one?"
        )
    else:
        text = (
            f"{subject.title} came to you on {long_date(last)}, and nothing has been reported on it yet. "
            "What has been done so far, and when shall we have a first report?"
        )
    facts = (silence_fact(subject, today), late_fact(subject, today), evidence_fact(subject, today))
    return Finding(text, facts, (today - last).days)


def same_ask(subject: Subject, occasion: Occasion) -> Finding | None:
    """Ask for one answer, when a recommendation of another report asks the same."""
    others = [other for other in subject.same_ask if other.report_id != subject.report_id]
    if not subject.is_open or not others:
        return None
    reports = len({subject.report_id, *(other.report_id for other in others)})
    facts = [
        Fact(f"{reports:,} reports", "Linked on the register as asking for the same.", subject.reference)
    ]
    for other in others:
        state = f"closed on {long_date(other.closed_on)}" if other.closed_on else "open"
        words = f"{quoted(other.short_title)}, from {quoted(other.report, 60)}: {state}."
        facts.append(Fact(other.reference, words, other.reference))
    return Finding(_same_ask_words(subject, others, reports), tuple(facts), reports)


def _same_ask_words(subject: Subject, others: list[SameAsk], reports: int) -> str:
    still_open = [other for other in others if other.closed_on is None]
    if still_open:
        more = f" and {len(still_open) - 1:,} more" if len(still_open) > 1 else ""
        return (
            f"{count_word(reports).capitalize()} reports ask for the same, as {subject.title} "
            f"and as {quoted(still_open[0].short_title)}{more}. "
            f"Is there one plan that answers {'both' if reports == 2 else 'all of them'}, and which figure will show it?"
        )
    first = next((other for other in others if other.closure_reason is ClosureReason.MET), others[0])
    ended = first.closure_reason.word.lower() if first.closure_reason else "closed"
    on = f" on {long_date(first.closed_on)}" if first.closed_on else ""
    asks = "What will make it last this time, and how will that be checked?"
    if first.closure_reason is not ClosureReason.MET:
        asks = "What was learned from it, and what is done differently now?"
    return f"{quoted(first.short_title)} was closed{on} as {ended}, and {subject.title} asks for the same again. {asks}"


def overtaken(subject: Subject, occasion: Occasion) -> Finding | None:
    """Ask what took its place, when it was closed as overtaken and never met."""
    on = subject.closed_on
    if on is None or subject.closure_reason is not ClosureReason.OVERTAKEN:
        return None
    if subject.was_met or subject.is_settled:
        return None
    text = (
        f"{subject.title} was closed on {long_date(on)} as overtaken, which is not the same as met. "
        "What took its place, and how do we know that what it was to put right has been put right?"
    )
    facts = (
        Fact("Not met", f"Closed as overtaken on {long_date(on)}.", subject.reference),
        assurance_fact(subject),
    )
    return Finding(text, facts, -(occasion.today - on).days)
