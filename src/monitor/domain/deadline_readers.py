"""
How the words of each deadline rule are read: what a pattern found goes in, a reading or nothing comes out.

`monitor.domain.deadlines` holds the table of rules and says in which order these are tried. Windows
around a place are a few hundred characters and every repeat is bounded, so that hostile text costs no
more than its length.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from monitor.dates import add_months, long_date, month_end, month_year
from monitor.domain.deadline_context import (
    BARE_AFTER,
    BARE_LABEL,
    BARE_LETTERS,
    DUTY,
    TOLD,
    Found,
    Reader,
    Weight,
    after_last,
    is_of_service,
)
from monitor.domain.printed_time import Period, When, number_of, when_at
from monitor.domain.statuses import Precision

_QUALIFIERS_AT_MOST = 4
_SHORT_ORDER = 60
_TOLD_LATELY = re.compile(r"\b(?:was|were|had|that|which|due|[a-z]{2,12}ed)\b")
_DONE_BEFORE = re.compile(
    r"(?P<be>\b(?:be|is|are|being|fully|have|has|get|gets) )?\b(?P<done>(?!need|indeed|exceed|proceed|"
    r"succeed)[a-z]{2,}ed|made|held|found|took place|taken|seen|set out|done|begun|given|born|made up) $"
)
_CHANGED_BY = re.compile(
    r"\b(?:increas|fall|fell|ris|rose|reduc|decreas|grow|grew|grown|drop|cut|went up|gone up|exceed)[a-z]{0,4} "
    r"(?P<what>[a-z0-9' -]{0,60})$"
)
_MEASURED = re.compile(
    r" (?!should|must|forces|services)(?:more|fewer|less|percent|per cent|[a-z]{3,12}s)(?=$|[.,;)]| (?:a|in|per|and)\b)"
)
_FROM_PUBLICATION = re.compile(
    r" (?:of|from|after|following|since)(?: the)?(?: (?:date|day|time))?(?: of| on which| that| when)?(?: (?:the|this|its|our|"
    r"hmicfrs's|hmic's))?"
    r"(?: (?:inspection|hmicfrs|hmic|final|peel|thematic|national|full))? "
    r"(?:publication(?: date)?(?! of (?!(?:the|this|our|its) (?:[a-z]+ )?report))(?: of (?:the|this|our|"
    r"its) (?:[a-z]+ )?report)?"
    r"|report(?:'s)?(?: (?:publication|(?:being|is|was|has been) (?:first )?published|release|date))?(?! (?:of|to|being made)\b)"
    r"|publishing(?: of)? (?:the|this|our) report|being published|today|now)\b"
)
_FROM_OTHER = re.compile(r" (?:of|from|after|following|since|before)(?: the date of)? ")
_KNOWN_EVENT = re.compile(
    r"(?:receipt of )?(?:the|this|our|their|its|a|receiving)? ?(?:[a-z-]+ )?(?:letter|inspection|"
    r"revisit|debrief|receipt|feedback|"
    r"appointment|meeting|decision|notification)\b"
)
_RANGE_JOIN = re.compile(r" ?(?:to|until|till|and|through to|up to|-) ?(?:the )?")
_ABOUT_SERVICE = re.compile(
    r"\b(?:make sure|ensure|so that|who|when|where|if|officers|staff|victims?|calls?|cases?)\b"
)
_OPERATIONAL = re.compile(
    r"\b(?:respond|attend|answer|transfer|deploy|dispatch|notif|inform|arrest|identif|alert|refer|report|"
    r"secur|preserv|seiz|record|handcuff|caution|convey|hand over)(?:s|y|e|ed|es|ied|ies|ing)?\b"
)
_DUTY_AND_VERB = re.compile(
    r"\b(?:should|must|shall|needs? to|has to|have to|required to) (?P<verb>(?!be\b|not\b)[a-z]{2,14}) $"
)
_NOT_AT_ONCE = re.compile(
    r",? (?:after|following|upon|before|prior|preceding|available|apparent|obvious|clear|adjacent|"
    r"identifiable|recognisable|"
    r"when(?:ever)?|if|as soon|on (?:arrival|arrest|receipt|release)|to (?:calls?|incidents?|emergencies))\b"
)
_DONE_WITH_EFFECT = re.compile(
    r"\b(?:resign|retir|dismiss|suspend|stopp|ceas|withdr|introduc|left|ended|applies|took)[a-z]{0,6}\b"
)
_NOUN_BEFORE = re.compile(
    r"\b(?:report|inspection|review|publication|guidance|recommendations?|findings|assessment|strategy|"
    r"figures|data|audit|inquiry|elections?|disorder|riots?|protests?|census|season|summit|festival|games|"
    r"championships?|strikes?|budget|pandemic|incident|murder|death|case|operation|event) $"
)
_QUALIFIER = re.compile(
    r"(?:and )?(?:no later than|not later than|at the (?:very )?latest|latest|the latest|on or before|"
    r"(?P<vague>around|about|approximately|roughly|circa)|"
    r"close of (?:business|play)(?: on)?|cob|midnight(?: on)?|midday(?: on)?|(?:12 )?noon(?: on)?|"
    r"(?:the )?(?:end|start) of (?:the day|day|business|play)(?: on)?|the (?:morning|afternoon|evening) of|"
    r"[0-9]{1,2}(?:[:.][0-9]{2})? ?(?:am|pm)(?: on)?|[0-9]{1,2}:[0-9]{2}(?: ?hours| ?hrs)?(?: on)?|"
    r"[0-9]{4} ?(?:hours|hrs)(?: on)?|"
    r"on|by|of|is|was set as|at|:|,|-) ?"
)
_NAMES_A_THING = re.compile(
    r"the (?:19|20)[0-9]{2}(?: ?[/-] ?(?:20)?[0-9]{2})? (?!(?:financial|calendar|fiscal|performance|"
    r"academic)? ?years?\b)[a-z]"
)
_ANOTHER = re.compile(
    r", which (?:is|are) (?:due|expected|planned|scheduled)\b[^,;]{0,60} $|"
    r"\b(?:which|when it|when they|when this) (?:ends?|runs?|expires?|closes?|starts?|begins?|goes|comes|opens?|launch(?:es)?|finish(?:es)?)\b[^,;]{0,30} $"
)
_WHEN_CLAUSE = re.compile(r"\b(?:by the time|when|once|until) [^,;]{2,60} $")
_TO_DO = re.compile(r",? (?:from publication )?(?:in which )?to [a-z]")
_OUR_SUBJECT = re.compile(
    r"\b(?:forces?|constables|constabulary|services?|constabularies|commissioners?|college|home office|it|they) $"
)
_ABOUT = re.compile(r"\b(?:about|around|approximately|roughly)\b")
_ONWARDS = re.compile(r" (?:onwards?|at the earliest|earliest)")
_OTHER_YEAR = re.compile(
    r" (?:(?:football|cricket|rugby|racing|festival|tourist|holiday) )?(?:season|academic|school|university|term)\b"
)
_EVERY_YEAR_AFTER = re.compile(r",? (?:(?:of |in )?(?:each|every) (?:calendar |financial )?year|annually)\b")
_EVERY_YEAR_BEFORE = re.compile(r"\b(?:(?:each|every) (?:calendar |financial )?year|annually),? (?:and )?$")
_ENDS = ("end", "close", "last day")
_STARTS = frozenset({"start", "beginning", "first day"})
_RULE_OF_TROUBLE = {Period.PART_OF_YEAR: "part-of-year", Period.IMPOSSIBLE: "impossible-day"}
_EDGE = re.compile(
    r"(?:the )?(?:very )?(?P<edge>end|close|last day|(?:(?:financial|calendar) )?year[ -]end|start|beginning|first day|middle|mid|early|"
    r"late|later|"
    r"first half|second half|latter half|"
    r"first week|last week|second week|third week|first part|latter part|first six months|"
    r"week commencing|week ending|week beginning|w/c)"
    r"(?:[ -](?:of|in)\b)?[ -](?:the )?(?:month of )?"
)
_RELATIVE_PERIOD = re.compile(
    r"(?P<which>(?:(?:the|this|each|every|our|its|their|current|present|next|following|coming|same) ){0,3})"
    r"(?P<kind>financial|fiscal|calendar|performance|academic|inspection)?[ -]?"
    r"(?P<unit>year|month|quarter(?! ?[0-9])|week)(?![a-z]|'s| (?:of |to |ending|ended)?(?:19|20)[0-9]{2}| ending|"
    r" ended|[ -]end ?[0-9])(?P<ended>[ -]end(?! ?[0-9]))?"
)


# How a rule reads what its pattern found. Each returns None to leave the words to the rules below it.


def response_clock(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "within 56 days": the report's response, no date of a finding."""
    note = "This is the time for responding to the report; it is not a deadline of the finding."
    return _aside(found, "response-clock", note)


def assessed_when(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "during PEEL 2020/21", unless it tells what an inspection found."""
    bare = reader.is_bare(found.start(), found.end())
    before, after = reader.before(found.start()), reader.after(found.end())
    if not bare:
        told, asked = TOLD.search(before + after), DUTY.search(before + after)
        if told and (asked is None or told.start() < asked.start()):
            return None
        if not (
            found["lead"]
            and (DUTY.search(before + after) or re.search(r"\b(?:will|assess|inspect)", before + after))
        ):
            return None
    when = reader.text.as_printed(found.start("what"), found.end("what"))
    note = f"It says when it will be looked at ({when}), which is not a deadline. No date is set by it."
    return replace(_aside(found, "assessed-when", note), assessed_when=when)


def not_a_deadline(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read words that are a period or a state by themselves: "over the last six months"."""
    return _no_deadline(reader, found.start(), found.end(), "tells of a period or a state")


def not_a_deadline_when(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read words that are none with the day or period after them: "as of 1 November 2023"."""
    when = when_at(reader.text, found.end())
    if when is None:
        return None
    return _no_deadline(reader, found.start(), when.end, "tells of a period or a state")


def from_to(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "from April 2022 to March 2023"; "from April 2023" alone is left to `not_before`."""
    first = when_at(reader.text, found.end())
    joined = _RANGE_JOIN.match(reader.text.plain, first.end) if first else None
    second = when_at(reader.text, joined.end()) if joined else None
    if second is None:
        return None
    return _no_deadline(reader, found.start(), second.end, "is a period")


def meeting(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "prior to the next meeting": a date that exists once the meeting is recorded."""
    if not reader.is_duty(found.start(), found.end()):
        return None
    note = (
        "It is tied to a meeting; the meeting's recorded date is the deadline, so record the meeting first."
    )
    return replace(_aside(found, "meeting", note), weight=Weight.WEAK)


def counted(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "within six months", and what it counts from."""
    plain, start, end = reader.text.plain, found.start(), found.end()
    lead, fill, unit = found["lead"] or "", found["fill"] or "", found["unit"]
    from_publication = _FROM_PUBLICATION.match(plain, end)
    from_other = None if from_publication else _FROM_OTHER.match(plain, end)
    bare = reader.is_bare(start, from_publication.end() if from_publication else end)
    if unit in {"hour", "minute"}:
        return _no_deadline(reader, start, end, "counts hours or minutes, which is a standard of service")
    if not lead and not from_publication and not bare:
        return None
    if lead in {"has", "have"}:
        return _time_given(reader, found)
    opens = reader.text.opens(start) and plain[end : end + 1] == ","
    ahead = found["time"] or re.search(r"\b(?:next|coming|following)\b", fill) or opens
    if lead in {"in", "over", "during"} and not (from_publication or bare or ahead):
        return None
    if lead in {"by", ""} and not (from_publication or from_other or bare):
        return None
    if from_other:
        return _counted_from_other(reader, found, from_other)
    end = from_publication.end() if from_publication else end
    if not from_publication and not _is_counted_duty(reader, found, end):
        return _no_deadline(reader, start, end, "is a standard of service or a period")
    if from_publication and reader.is_told(start, end) and not bare:
        return _no_deadline(reader, start, end, "stands where it is told what was")
    if found["to"]:
        note = "A range of time is printed, with two possible ends. Ask which is meant."
        return Found(start, end, "range", note)
    if _ABOUT.search(fill):
        note = f'"{reader.text.as_printed(start, end)}" is only about how long. Ask which day is meant.'
        return Found(start, end, "range", note)
    if found["working"] and found["working"] != "calendar":
        note = "It counts working days, which need the bank holidays of the year. Ask for the day."
        return Found(start, end, "working-days", note)
    return _after_publication(reader, start, end, number_of(found["n"]), unit, said=bool(from_publication))


def _time_given(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "forces have six months to put this right"."""
    start, end = found.start("n"), found.end()
    to = _TO_DO.match(reader.text.plain, end)
    if (
        to is None
        or found["unit"] in {"hour", "minute"}
        or not _OUR_SUBJECT.search(reader.before(found.start()))
    ):
        return None
    return _after_publication(reader, start, end, number_of(found["n"]), found["unit"], said=False)


def _after_publication(reader: Reader, start: int, end: int, count: int, unit: str, *, said: bool) -> Found:
    """Return publication and so many months, weeks or days, or the request for the day of publication."""
    months = {"month": count, "year": count * 12}.get(unit)
    rule = {
        "month": "months-after-publication",
        "year": "months-after-publication",
        "day": "days-after-publication",
    }.get(unit, "weeks-after-publication")
    day = reader.published_on
    if day is None:
        return Found(start, end, rule, _needs_publication(reader), from_publication=True)
    try:
        if months is not None:
            due = add_months(day, months)
        else:
            due = day + timedelta(days=count * {"week": 7, "fortnight": 14}.get(unit, 1))
    except (ValueError, OverflowError):
        return Found(start, end, rule, "It counts further ahead than the calendar goes. Ask for the day.")
    counted = f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    note = f"{counted.capitalize()} after publication on {long_date(day)}: the same day of the month, or that month's last."
    if months is None:
        note = f"{counted.capitalize()} after publication on {long_date(day)}, in calendar days."
    if not said:
        note += " What it counts from is not printed; publication is taken."
    return Found(start, end, rule, note, due, Precision.DAY, from_publication=True)


def within_the_next(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "within the next year", which prints no number."""
    if not reader.is_asked_here(found.start(), found.end()):
        return None
    return _after_publication(reader, found.start(), found.end(), 1, found["unit"], said=False)


def _counted_from_other(reader: Reader, found: re.Match[str], other: re.Match[str]) -> Found:
    """Read time that counts from something else than publication: a printed day, or a day to ask for."""
    start, end = found.start(), other.end()
    when = when_at(reader.text, other.end())
    if (
        when
        and when.period is Period.DAY
        and when.last
        and found["unit"] in {"month", "year"}
        and not found["to"]
    ):
        count = number_of(found["n"]) * (12 if found["unit"] == "year" else 1)
        note = f"Counted from {long_date(when.last)}, the day that is printed."
        return Found(start, when.end, "months-after-a-day", note, add_months(when.last, count), Precision.DAY)
    known = _KNOWN_EVENT.match(reader.text.plain, end)
    if known and reader.is_asked_here(start, end):
        shown = reader.text.as_printed(start, known.end())
        note = f'"{shown}" counts from a day that is not that of publication. Ask for the day it counts from.'
        return Found(start, known.end(), "counts-from-another-day", note)
    if reader.is_asked_here(start, end):
        note = "It counts from something other than publication. Ask for the day it counts from."
        return Found(start, found.end(), "counts-from-another-day", note, weight=Weight.WEAK)
    return _no_deadline(reader, start, found.end(), "counts from something else, which is a standard to keep")


def _is_counted_duty(reader: Reader, found: re.Match[str], end: int) -> bool:
    """Return whether "within six months" in this place is the duty's time, and not a standard of service."""
    start = found.start()
    if reader.is_asked_here(start, end):
        return True
    before = reader.before(start)
    if found["lead"] not in {"within", "in"} or reader.is_told(start, end):
        return False
    if not DUTY.search(before) and len(before) > _SHORT_ORDER:
        return False
    if is_of_service(before):
        return False
    return found["unit"] in {"month", "year"} or not _ABOUT_SERVICE.search(before)


def at_once(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "immediately"; the bare adjective ("immediate risk") only where it is the whole phrase."""
    start, end = found.start(), found.end()
    if not reader.is_bare(start, end) and not _asks_at_once(reader, found):
        return None
    day = reader.published_on
    if day is None:
        return Found(start, end, "immediate", _needs_publication(reader), from_publication=True)
    note = f"At once: the day of publication, {long_date(day)}, is the deadline."
    return Found(start, end, "immediate", note, day, Precision.DAY, from_publication=True)


def _asks_at_once(reader: Reader, found: re.Match[str]) -> bool:
    start, end = found.start(), found.end()
    before, after = reader.before(start), reader.after(end)
    if reader.is_told(start, end) or _NOT_AT_ONCE.match(after):
        return False
    if found.lastgroup == "place":
        return reader.is_asked_here(start, end) or _ends_a_duty(before, after) or _follows_a_verb(before)
    if found.lastgroup == "effect":
        return after_last(_DONE_WITH_EFFECT, before) is None
    return found.lastgroup == "action" and bool(DUTY.search(before))


def _ends_a_duty(before: str, after: str) -> bool:
    """Return whether "immediately" closes a short duty: "should stop this practice immediately."."""
    if after and not re.match(r"[.;:,)]|$| and\b| to [a-z]", after):
        return False
    clause = re.split(r"[,;:]| and ", before)[-1].strip()
    if DUTY.search(before) is None and len(before) > _SHORT_ORDER:
        return False
    if (
        is_of_service(clause)
        or _OPERATIONAL.search(clause)
        or re.search(
            r"\b(?:that|who|which|when|where|if|can|cannot|could|able|unable|so that|staff|officers)\b",
            clause,
        )
    ):
        return False
    return bool(DUTY.search(clause)) or len(clause.split()) <= 4


def _follows_a_verb(before: str) -> bool:
    """Return whether "immediately" stands right after the duty's verb: "should review immediately all cases"."""
    verb = _DUTY_AND_VERB.search(before)
    return verb is not None and not _OPERATIONAL.fullmatch(verb["verb"])


def limit(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "by", "before", "not later than" or a label, and the day or period after it."""
    place = found.end()
    limit, vague = bool(found["late"]), False
    for _ in range(_QUALIFIERS_AT_MOST):
        if qualifier := _QUALIFIER.match(reader.text.plain, place):
            limit = limit or "later" in qualifier[0]
            vague = vague or qualifier["vague"] is not None
            place = qualifier.end()
    reading = limit_at(reader, found.start(), place, before=found["before"] is not None, limit=limit)
    if reading is not None and vague:
        reading = _only_about(reader, reading)
    if reading is not None and reading.rule == "year-not-printed":
        reading = _every_year(reader, reading) or reading
    if reading is None or reader.is_bare(reading.start, reading.end):
        return reading
    start, end = reading.start, reading.end
    window = reader.before(start)
    if found["label"]:
        return None if reader.is_told(start, end) else reading
    if _is_amount(reader, reading, window):
        return None
    if reader.is_told(start, end) or _tells_of_another(window):
        return _no_deadline(
            reader, start, end, "stands where it is told what was, or what the inspectorate will do"
        )
    if (
        reading.due
        and is_before_publication(reader, reading.due)
        and _TOLD_LATELY.search(re.split("[,;]", window)[-1])
    ):
        return _no_deadline(reader, start, end, "stands where it is told what was")
    if found["before"]:
        done = _DONE_BEFORE.search(window)
        if not reader.is_duty(start, end) or (done and not done["be"]):
            return None
    return reading


def _is_amount(reader: Reader, reading: Found, window: str) -> bool:
    """Return whether "by 2020" is by how much something changed and not by when."""
    changed = _CHANGED_BY.search(window)
    if changed is None or reading.rule not in {"year-end", "year-not-printed"}:
        return False
    return not changed["what"] or _MEASURED.match(reader.text.plain, reading.end) is not None


def _tells_of_another(window: str) -> bool:
    """Return whether the day belongs to an aside about something else: "its code, which is due to be published by"."""
    return _ANOTHER.search(window) is not None


def _only_about(reader: Reader, found: Found) -> Found:
    """Return the request for the day where only "around March 2024" is printed."""
    rule = "part-of-year" if found.rule == "year-end" else "part-of-month"
    return Found(found.start, found.end, rule, _ask_part(reader, found.start, found.end))


def _every_year(reader: Reader, found: Found) -> Found | None:
    """Return "by 31 March each year" as an interval; None where it does not come back."""
    after = _EVERY_YEAR_AFTER.match(reader.text.plain, found.end)
    before = _EVERY_YEAR_BEFORE.search(reader.before(found.start))
    if after is None and before is None:
        return None
    note = "It comes back every year, so it is no single date: a review interval."
    end = after.end() if after else found.end
    return Found(found.start, end, "recurring", note, weight=Weight.ASIDE)


def limit_at(
    reader: Reader, start: int, place: int, *, before: bool = False, limit: bool = False
) -> Found | None:
    """Return the reading of what stands at a place after "by" or "before"."""
    text = reader.text
    edge = _EDGE.match(text.plain, place)
    if edge and (found := _limit_on_edge(reader, start, edge, limit=limit)):
        return found
    if relative := _RELATIVE_PERIOD.match(text.plain, place):
        return _period_of_publication(reader, start, relative, before=before, edge="")
    when = when_at(text, place)
    if when is None:
        return None
    return _due_by(reader, start, when, before=before, limit=limit)


def _limit_on_edge(reader: Reader, start: int, edge: re.Match[str], *, limit: bool) -> Found | None:
    which, is_end = edge["edge"], edge["edge"].endswith(_ENDS)
    if relative := _RELATIVE_PERIOD.match(reader.text.plain, edge.end()):
        if is_end:
            return _period_of_publication(reader, start, relative, before=False, edge="end")
        rule = "part-of-month" if relative["unit"] == "month" else "part-of-year"
        return Found(start, relative.end(), rule, _ask_part(reader, start, relative.end()))
    when = when_at(reader.text, edge.end())
    if when is None:
        return None
    if _OTHER_YEAR.match(reader.text.plain, when.end):
        return Found(start, when.end, "part-of-year", _ask_part(reader, start, when.end))
    if when.period is Period.DAY and not is_end:
        return Found(start, when.end, "part-of-month", _ask_part(reader, start, when.end))
    if is_end:
        found = _due_by(reader, start, when, before=False, limit=limit)
        named = {Period.MONTH: "end-of-month", Period.YEAR: "end-of-year"}.get(when.period)
        if named and when.last:
            note = f"The end is printed, so it is {long_date(when.last)}."
            found = replace(found, rule=named, precision=Precision.DAY, note=note + _doubt(when))
        elif found.due is not None and when.period in {Period.FINANCIAL_YEAR, Period.FINANCIAL_QUARTER}:
            found = replace(found, precision=Precision.DAY)
        return found
    if which in _STARTS and when.first and when.period is not Period.DAY:
        precision = Precision.MONTH if when.period is Period.MONTH else Precision.YEAR
        precision = Precision.DAY if which == "first day" else precision
        note = f"The start is printed, so its first day, {long_date(when.first)}, is used."
        return Found(start, when.end, "start-of-period", note + _doubt(when), when.first, precision)
    rule = "part-of-month" if when.period in {Period.MONTH, Period.MONTH_WITHOUT_YEAR} else "part-of-year"
    return Found(start, when.end, rule, _ask_part(reader, start, when.end))


def _due_by(reader: Reader, start: int, when: When, *, before: bool, limit: bool) -> Found:
    """Return the day by which, or before which, something printed with a year is due."""
    if when.period in {Period.DAY_WITHOUT_YEAR, Period.MONTH_WITHOUT_YEAR}:
        return _next_after_publication(reader, start, when, before=before)
    if when.first is None or when.last is None:
        rule = _RULE_OF_TROUBLE.get(when.period, "unclear-day")
        return Found(start, when.end, rule, f"No day can be told: {when.trouble}. Ask which day is meant.")
    precision, rule, note = {
        Period.DAY: (Precision.DAY, "full-day", "The day is printed; done on that day is in time."),
        Period.MONTH: (Precision.MONTH, "month-end", "Only a month is printed, so its last day is used."),
        Period.YEAR: (Precision.YEAR, "year-end", "Only a year is printed, so its last day is used."),
        Period.FINANCIAL_YEAR: (Precision.YEAR, "financial-year-end", "A financial year ends on 31 March."),
        Period.FINANCIAL_QUARTER: (
            Precision.DAY,
            "financial-quarter-end",
            "The quarter is one of a financial year, which starts in April.",
        ),
    }[when.period]
    if before:
        day = when.first - timedelta(days=1)
        note = f"Before {long_date(when.first)}, so the last day in time is the day before it."
        return Found(start, when.end, "before-a-day", note + _doubt(when), day, precision)
    if limit and when.period is Period.DAY:
        rule, note = "not-later-than", "Not later than a day means on that day at the latest."
    return Found(start, when.end, rule, note + _doubt(when), when.last, precision, is_limit=limit)


def _next_after_publication(reader: Reader, start: int, when: When, *, before: bool) -> Found:
    """Propose the first such day or month from publication on, since no year is printed."""
    day = reader.published_on
    if day is None:
        note = "No year is printed. Ask for the year, or for the day of publication."
        return Found(start, when.end, "year-not-printed", note)
    for year in range(day.year, day.year + 9):
        last = month_end(year, when.month)
        if when.period is Period.MONTH_WITHOUT_YEAR:
            due = date(year, when.month, 1) - timedelta(days=1) if before else last
        elif when.day > last.day:
            continue
        else:
            due = date(year, when.month, when.day) - timedelta(days=1 if before else 0)
        if due >= day:
            precision = Precision.DAY if when.day else Precision.MONTH
            note = f"No year is printed; {long_date(due)}, the first after publication, is proposed. Confirm the year."
            return Found(start, when.end, "year-not-printed", note, due, precision, from_publication=True)
    return Found(start, when.end, "year-not-printed", "No year is printed. Ask for it.")


def _period_of_publication(
    reader: Reader, start: int, found: re.Match[str], *, before: bool, edge: str
) -> Found | None:
    """Read "the end of the financial year", which is the one that publication falls in."""
    kind, unit, which = found["kind"] or "", found["unit"], found["which"].split()
    if not {"each", "every"}.isdisjoint(which):
        note = "It comes back at an interval, so it is no single date."
        return Found(start, found.end(), "recurring", note, weight=Weight.ASIDE)
    if not edge and not kind and found["ended"] is None:
        return None
    rule = "financial-year-end" if kind in {"financial", "fiscal"} else f"end-of-{unit}"
    if kind in {"performance", "academic", "inspection"} or before or unit not in {"year", "month"}:
        return Found(start, found.end(), "part-of-year", _ask_part(reader, start, found.end()))
    day = reader.published_on
    if day is None:
        return Found(start, found.end(), rule, _needs_publication(reader), from_publication=True)
    later = 0 if {"next", "following", "coming"}.isdisjoint(which) else 1
    if unit == "month":
        first = add_months(day, later)
        due = month_end(first.year, first.month)
    elif rule == "financial-year-end":
        due = date(day.year + later + (day.month > 3), 3, 31)
    else:
        due = date(day.year + later, 12, 31)
    note = f"Taken from publication on {long_date(day)}: that is {long_date(due)}."
    if unit == "year" and not kind:
        note += " A calendar year is taken; confirm that no financial year is meant."
    return Found(start, found.end(), rule, note, due, Precision.DAY, from_publication=True)


def during(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "during 2020" and "in March 2024": a duty's period ends on its last day, a story's is no deadline."""
    start = found.start()
    relative = _RELATIVE_PERIOD.match(reader.text.plain, found.end())
    if found[0].startswith(("later", "towards", "some")):
        return _some_time(reader, found)
    if edge := _EDGE.match(reader.text.plain, found.end()):
        return _during_part(reader, start, edge)
    if relative and relative["kind"] and reader.is_duty(start, relative.end()):
        return _period_of_publication(reader, start, relative, before=False, edge="end")
    when = when_at(reader.text, found.end())
    if when is None or when.period in {Period.DAY, Period.DAY_WITHOUT_YEAR, Period.MONTH_WITHOUT_YEAR}:
        return None
    if not _is_period_of_duty(reader, start, when.end) or _NAMES_A_THING.match(
        reader.text.plain, found.end()
    ):
        return None
    if when.last and is_before_publication(reader, when.last) and not reader.is_bare(start, when.end):
        return None
    return _due_by(reader, start, when, before=False, limit=False)


def _is_period_of_duty(reader: Reader, start: int, end: int) -> bool:
    """Return whether "in March 2024" says when a duty is to be done, and not when something else was."""
    if reader.is_bare(start, end):
        return True
    before = reader.before(start)
    done = _DONE_BEFORE.search(before)
    is_of_another = (done and not done["be"]) or _NOUN_BEFORE.search(before) or _tells_of_another(before)
    is_of_another = is_of_another or _WHEN_CLAUSE.search(before) is not None
    return reader.is_duty(start, end) and not is_of_another


def _during_part(reader: Reader, start: int, edge: re.Match[str]) -> Found | None:
    """Read "in early 2025", which is asked about, and "at the end of 2025"."""
    found = _limit_on_edge(reader, start, edge, limit=False)
    if found is None or not _is_period_of_duty(reader, start, found.end):
        return None
    is_past = found.due and is_before_publication(reader, found.due)
    return None if is_past and not reader.is_bare(start, found.end) else found


def _some_time(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "later this year" and "towards the end of 2025", which name no day."""
    start, place = found.start(), found.end()
    if edge := _EDGE.match(reader.text.plain, place):
        place = edge.end()
    ahead = _RELATIVE_PERIOD.match(reader.text.plain, place) or when_at(reader.text, place)
    if ahead is None:
        return None
    end = ahead.end if isinstance(ahead, When) else ahead.end()
    if not _is_period_of_duty(reader, start, end):
        return None
    return Found(start, end, "part-of-year", _ask_part(reader, start, end))


def not_before(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "from April 2023" where a duty is asked: a start, not an end."""
    when = when_at(reader.text, found.end())
    if when is None or (when.first is None and not when.trouble):
        return None
    onwards = _ONWARDS.match(reader.text.plain, when.end)
    end = onwards.end() if onwards else when.end
    if not reader.is_duty(start := found.start(), end):
        return None
    shown = reader.text.as_printed(start, end)
    note = f'"{shown}" is a start, not an end: nothing is due by then. Ask for the deadline.'
    return Found(start, end, "not-before", note, weight=Weight.WEAK)


def after_a_while(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "after six months" where a duty is asked: a start, not an end."""
    start, end = found.start(), found.end()
    if not reader.is_asked_here(start, end):
        return None
    shown = reader.text.as_printed(start, end)
    note = f'"{shown}" is a start, not an end: nothing is due by then. Ask for the deadline.'
    return Found(start, end, "not-before", note, weight=Weight.WEAK)


def earliest(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "March 26 earliest"."""
    note = "The earliest day is printed, not the last. Ask for the deadline"
    note += ", and whether the number is a day or a year." if found["number"] else "."
    return Found(found.start(), found.end(), "not-before", note, weight=Weight.WEAK)


def as_soon_as(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "as soon as practicable" where it is asked, and not where it says how calls are answered."""
    start, end = found.start(), found.end()
    ends = " " in found[0] and _ends_a_duty(reader.before(start), reader.after(end))
    if not (ends or reader.is_asked_here(start, end)):
        return None
    note = "No day is printed: how soon is left open. Ask for a day, or set one of your own."
    return replace(_aside(found, "as-soon-as", note), weight=Weight.WEAK)


def recurring(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "at least annually"."""
    if not reader.is_duty(found.start(), found.end()):
        return None
    note = "It comes back at an interval, so it is no single date: a review interval."
    return _aside(found, "recurring", note)


def none_said(reader: Reader, found: re.Match[str]) -> Found | None:
    """Read "to be confirmed", alone."""
    if not reader.is_bare(found.start(), found.end()):
        return None
    return _aside(found, "none", "It says that no date is set. Set one of your own, if one is wanted.")


def _no_deadline(reader: Reader, start: int, end: int, why: str) -> Found:
    note = f'"{reader.text.as_printed(start, end)}" {why}; it is not a deadline.'
    return Found(start, end, "not-a-deadline", note, weight=Weight.ASIDE)


def _aside(found: re.Match[str], rule: str, note: str) -> Found:
    return Found(found.start(), found.end(), rule, note, weight=Weight.ASIDE)


def _needs_publication(reader: Reader) -> str:
    known = ""
    if reader.published is not None and reader.precision is Precision.MONTH:
        known = f" Only the month, {month_year(reader.published)}, is known."
    elif reader.published is not None and reader.precision is Precision.YEAR:
        known = f" Only the year, {reader.published.year}, is known."
    return f"It counts from publication, so the day of publication is needed.{known}"


def _ask_part(reader: Reader, start: int, end: int) -> str:
    return f'"{reader.text.as_printed(start, end)}" names no day. Ask which day is meant.'


def _doubt(when: When) -> str:
    """Return what is to be confirmed about a day as printed: a year of two digits, a weekday that is not its own."""
    doubts = ""
    if when.last and when.short_year:
        doubts += f" The year has two digits; {when.last.year} is proposed. Confirm it."
    if when.last and when.weekday:
        doubts += f" {long_date(when.last)} is not a {when.weekday}. Confirm the day."
    return doubts


def is_before_publication(reader: Reader, due: date) -> bool:
    """Return whether a day is surely before publication, as far as publication is known."""
    if reader.published is None:
        return False
    if reader.precision is Precision.DAY:
        return due < reader.published
    if reader.precision is Precision.MONTH:
        return due < reader.published.replace(day=1)
    return reader.precision is Precision.YEAR and due.year < reader.published.year


def bare_day(reader: Reader) -> Found | None:
    """Read a text that is nothing but a day or a period, as the cell of a table is: "March 2024", "Deadline: 31/03/2024"."""
    text = reader.text
    if not 0 < len(text.plain) <= BARE_LETTERS:
        return None
    label = BARE_LABEL.match(text.plain)
    reading = limit_at(reader, 0, label.end() if label else 0)
    return reading if reading and BARE_AFTER.fullmatch(text.plain, reading.end) else None
