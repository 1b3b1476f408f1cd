"""
Deadlines as printed, and how each is read.

A reading is a proposal: the phrase as printed stays beside the day, with the rule that was used, and
a person confirms it. `RULES` is the whole of it: the page *How this is worked out* prints the same
table that `read_deadline` applies, from the top, each rule leaving alone the words that one above took.

Nothing that counts from publication is worked out unless the day of publication is known.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from monitor.dates import add_months, long_date
from monitor.domain import deadline_readers as readers
from monitor.domain.deadline_context import Found, Reader, Weight
from monitor.domain.printed_time import NUMBER, PlainText
from monitor.domain.statuses import Precision

FAR_AFTER_YEARS = 5


@dataclass(frozen=True)
class DeadlineReading:
    """
    How one deadline was read.

    Args:
        phrase: The words that are the deadline, as printed. Empty where a longer text holds none;
            of two clocks, the phrases with an ellipsis between.
        due: The last day that is in time, or None.
        precision: How exactly the day was printed; unknown where there is no day.
        rule: The name of a row of `RULES`.
        note: For a person: what was read and why, or what is missing.
        further: With two clocks or more, the reading of each part in printed order; otherwise
            empty. The earliest day governs the whole.
        assessed_when: When the inspectorate says that it will look at it, as printed, or "".
        from_publication: Whether the day moves when the day of publication is put right.
    """

    phrase: str
    due: date | None
    precision: Precision
    rule: str
    note: str
    further: tuple["DeadlineReading", ...] = ()
    assessed_when: str = ""
    from_publication: bool = False


@dataclass(frozen=True)
class RuleDescription:
    """One row of the table printed on *How this is worked out*; `printed` holds examples divided by semicolons."""

    name: str
    printed: str
    reading: str
    why: str


_Read = Callable[[Reader, re.Match[str]], Found | None]


@dataclass(frozen=True)
class Rule:
    """
    One row: what is printed, how it is read and why, and the patterns with the code that reads each.

    A row without patterns is one of the outcomes of a row above it, told apart by the words that follow.
    """

    name: str
    printed: str
    reading: str
    why: str
    ways: tuple[tuple[re.Pattern[str], _Read], ...] = ()


def _way(pattern: str, read: _Read) -> tuple[re.Pattern[str], _Read]:
    return re.compile(pattern, re.ASCII), read


# Each pattern is searched over the whole text: it begins with a word, and every repeat in it is bounded.

_UNITS = "(?:day|week|fortnight|month|quarter|year)s?"
_N_UNITS = rf"{NUMBER}[ -](?:calendar |working |full )?{_UNITS}"
_YEARS = r"(?:19|20)[0-9]{2}(?: ?[/-] ?(?:20)?[0-9]{2})?"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_SHORT_MONTH = r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
_THEIR = r"(?:our|the|its|their|hmicfrs's)"
_LOOK = r"(?:peel |integrated peel |full |routine )?(?:inspection|assessment|revisit|re-?inspection|round of inspections)"
_TO_A_MEETING = r"\b(?:at|by|before|prior to|to|for|in time for|ahead of|no later than)"
_GATHERING = r"(?:(?!and\b|should\b|must\b|inspection\b)[a-z&'-]{1,20} ){0,5}?(?:meeting|conference|board|committee|panel)\b"
_FOR_WORDS = (
    "a|an|the|minimum|maximum|period|total|further|next|first|of|at|least|up|to|more|less|than|over|about"
)
_WITHIN_WORDS = (
    "the|a|no|not|more|than|at|most|next|following|coming|initial|maximum|period|space|total|of|later|further|"
    "about|around|approximately|roughly"
)

_LIMIT = (
    r"(?:(?P<label>\b(?:deadline|target date|due date|completion date|implementation date)"
    r"(?: (?:is|of|for completion(?: is)?|set is|set for|was))?[:,]?)"
    r"|(?P<before>\bbefore|\bprior to|\bahead of|\bin advance of)|(?P<late>\b(?:no|not) (?:any )?later th[ae]n|\bon or before)|"
    r"\bby(?:,? (?:or|and) (?:before|on),?| or)?|"
    r"(?P<until>\b(?:has|have|given|allowed) until)|"
    r"\bdue(?: by| on)?) "
)
_COUNTED = (
    rf"\b(?:(?P<lead>within|in|inside|by|no later than|not later than|over|during|has|have) )?"
    rf"(?P<fill>(?:(?:{_WITHIN_WORDS}) ){{0,6}}?)(?P<n>{NUMBER})(?: \([0-9]{{1,3}}\))?(?P<to> ?(?:-|to|"
    rf"or) ?{NUMBER})?[ -]"
    rf"(?:(?P<working>working|business|calendar) )?(?P<unit>hour|minute|day|week|fortnight|month|"
    rf"year)s?(?![a-z-])(?P<time>'?s? time)?"
)

RULES: tuple[Rule, ...] = (
    Rule(
        "response-clock",
        "within 56 days; two months to respond",
        "No deadline of the finding",
        "It is the time for responding to the report as a whole.",
        (
            _way(
                r"\b(?:within )?(?:(?:a|the) period of )?(?:56|fifty[- ]six)[ -](?:calendar )?days?\b",
                readers.response_clock,
            ),
            _way(
                r"\b(?:within )?(?:two|2) months (?:to respond|for a select committee|in which to respond)",
                readers.response_clock,
            ),
            _way(
                r"\b(?:respond|reply|response)[a-z]{0,4}(?: [a-z']{1,20}){0,8} within (?:two|2) months\b",
                readers.response_clock,
            ),
        ),
    ),
    Rule(
        "assessed-when",
        "During PEEL 2020/21; at our next inspection",
        "No date; kept as the time of assessment",
        "It says when the inspectorate will look, not by when it is to be done.",
        (
            _way(
                rf"(?:(?P<lead>\b(?:during|in|at|through|throughout|by|before|prior to|as part of|under|"
                rf"within)) (?:the time of )?)?"
                rf"(?P<what>\b(?:{_THEIR} )?(?:next )?(?:integrated )?peel(?: assessments?|"
                rf" inspections?| programme)? {_YEARS}"
                rf"(?: (?:assessment|inspection|programme|cycle)s?)?)",
                readers.assessed_when,
            ),
            _way(
                rf"(?P<lead>\b(?:during|in|at|by|before|prior to|as part of|ahead of)) (?:the time of )?"
                rf"(?P<what>{_THEIR} (?:next|forthcoming|upcoming|following) {_LOOK})\b",
                readers.assessed_when,
            ),
        ),
    ),
    Rule(
        "not-a-deadline",
        "as of 1 November 2023; over the last 6 months; between 3 and 8 July 2023; from April 2022 to "
        "March 2023; "
        "for a minimum of 24 months; in the year ending 31 March 2022",
        "No deadline",
        "A period or a state is told; nothing is asked by then.",
        (
            _way(
                r"\b(?:as of|as at|since|dated|updated on|up to and including) ", readers.not_a_deadline_when
            ),
            _way(
                r"(?<!be )\b(?:published|released|issued|inspected|launched) (?:(?:on|in) )?(?:the )?",
                readers.not_a_deadline_when,
            ),
            _way(r"\bbetween (?:[a-z0-9]{1,12} ){1,4}?and ", readers.not_a_deadline_when),
            _way(
                rf"\b(?:in|during|for|over|within|by) (?:the )?(?:(?:financial|calendar|performance|"
                rf"reporting|last|past|{NUMBER}) ){{0,3}}"
                r"(?:years?|months?|quarter|period)(?: ending| ended| to| up to)(?: on)? (?:the )?",
                readers.not_a_deadline_when,
            ),
            _way(r"\b(?:year|months|quarter) (?:ending|ended|to) ", readers.not_a_deadline_when),
            _way(r"\bfrom ", readers.from_to),
            _way(
                r"\b(?:over|in|during|for|within|throughout|from) (?:the |our |these )?(?:last|past|"
                r"previous|preceding)"
                rf"(?: few| couple of| financial| calendar| {NUMBER})?[ -]{_UNITS}\b",
                readers.not_a_deadline,
            ),
            _way(rf"\bfor (?:(?:{_FOR_WORDS}) ){{0,5}}{_N_UNITS}", readers.not_a_deadline),
            _way(
                rf"\b(?:(?<!no )(?<!not )more than|less than|fewer than|longer than|older than|at least|up to|"
                rf"under) {_N_UNITS}",
                readers.not_a_deadline,
            ),
        ),
    ),
    Rule(
        "meeting",
        "at the February 2019 meeting; prior to the next meeting",
        "The meeting's recorded date; none until the meeting is recorded",
        "Only the meeting is printed, and meetings move.",
        (
            _way(
                rf"{_TO_A_MEETING} (?:the |its |their |our |a |each )?(?:next|forthcoming|"
                rf"following) {_GATHERING}",
                readers.meeting,
            ),
            _way(
                rf"{_TO_A_MEETING} (?:the|its|their|our) (?:[0-9]{{1,2}} )?{_MONTH} (?:(?:19|"
                rf"20)[0-9]{{2}} )?{_GATHERING}",
                readers.meeting,
            ),
        ),
    ),
    Rule(
        "recurring",
        "at least annually; every six months; through their annual force management statements",
        "No single date; a review interval",
        "It comes back; no one day ends it.",
        (
            _way(
                r"\b(?:at least )?(?:annually|bi-?annually|biennially|yearly)\b|\bat least (?:six-)?(?:quarter|"
                r"month|week|dai)ly\b|(?<![a-z-])(?:six-|bi-?)?(?:quarter|month|week|dai)ly\b"
                r"(?=$|[^a-z]{1,2}(?:$|[^a-z ]| |(?:to|by|on|at|in|and|or|until|with|against|for|how|"
                r"whether|through|via|after|from|as)\b))",
                readers.recurring,
            ),
            _way(
                r"\b(?:at least )?(?:once|twice|three times) (?:a|per|each|every) (?:day|week|month|"
                r"quarter|year)\b",
                readers.recurring,
            ),
            _way(
                r"\b(?:(?:by|at|before) )?(?:the end of )?(?:at least )?(?:every|each) "
                rf"(?:(?:other|second|financial|calendar|{NUMBER}) )?(?:week|month|quarter|year)s?\b",
                readers.recurring,
            ),
            _way(
                r"\bon an? (?:annual|quarterly|(?:six-|bi-?)?monthly|weekly|daily|yearly|regular|ongoing) basis\b",
                readers.recurring,
            ),
            _way(
                r"\b(?:through|in) (?:their|its|the) annual force management statements?\b", readers.recurring
            ),
        ),
    ),
    Rule(
        "months-after-publication",
        "within six months; within three months of this report's publication; within a year",
        "Publication and that many calendar months; where the month has no such day, its last",
        "A report of 27 September 2024 prints its own six-month date as 27 March 2025.",
        (
            _way(_COUNTED, readers.counted),
            _way(
                r"\bwithin the (?:next|coming|following) (?P<unit>week|month|year)\b", readers.within_the_next
            ),
        ),
    ),
    Rule(
        "weeks-after-publication",
        "within six weeks of publication",
        "Publication and that many calendar weeks",
        "No working-day rule is printed.",
    ),
    Rule(
        "days-after-publication",
        "within 30 days of publication",
        "Publication and that many calendar days",
        "No working-day rule is printed.",
    ),
    Rule(
        "months-after-a-day",
        "within 12 months of 1 April 2024",
        "That day and that many calendar months",
        "The day that it counts from is printed.",
    ),
    Rule(
        "counts-from-another-day",
        "within six months of the revisit",
        "No date; asks for the day that it counts from",
        "It counts from a day that the report does not print.",
    ),
    Rule(
        "working-days",
        "within 10 working days of publication",
        "No date; asks for the day",
        "It depends on the bank holidays of the year.",
    ),
    Rule(
        "range",
        "within 12 to 18 months; within about six months",
        "No date; asks which day is meant",
        "Two ends are printed, or none exactly.",
    ),
    Rule(
        "immediate",
        "immediately; with immediate effect; should take immediate steps",
        "The day of publication",
        "A fire authority's public table gives the day of publication for these.",
        (
            _way(r"(?P<effect>\bwith immediate effect\b)", readers.at_once),
            _way(
                r"(?P<action>\btake immediate (?:and [a-z]{1,20} )?(?:action|steps|measures)\b)",
                readers.at_once,
            ),
            _way(r"(?P<place>\b(?:up)?on (?:the )?publication(?: of this report)?\b)", readers.at_once),
            _way(
                r"(?P<place>\bimmediately (?:following|after|upon|"
                r"on) (?:the )?publication(?: of this report)?\b)",
                readers.at_once,
            ),
            _way(
                r"(?P<place>\b(?:immediately|at once|straight ?away|right away|forthwith|without delay)\b)",
                readers.at_once,
            ),
            _way(r"(?P<alone>\bimmediate(?: action| effect)?\b)", readers.at_once),
        ),
    ),
    Rule(
        "full-day",
        "By 31 March 2024; 02nd May 2019; by 27/03/25",
        "That day, the day itself included; the day comes before the month; a year of two digits is "
        "asked about",
        "The day is printed. British order; a guess must be seen.",
        (_way(_LIMIT, readers.limit),),
    ),
    Rule(
        "not-later-than",
        "Not later than 31 March 2015; by no later than 1 June 2023",
        "That day, the day itself included",
        "It means the same as *by* that day.",
    ),
    Rule(
        "month-end",
        "By March 2023",
        "The last day of the month, known to the month",
        "Newer reports name a day, nearly always a month's last; it is the most lenient honest reading.",
    ),
    Rule(
        "end-of-month", "by the end of April 2014", "The last day of the month", "The end of it is printed."
    ),
    Rule("end-of-year", "before the end of 2024", "31 December", "The end of it is printed."),
    Rule(
        "start-of-period",
        "by the start of April 2024",
        "The first day of the month or year",
        "The start of it is printed.",
    ),
    Rule(
        "before-a-day",
        "before 1 April 2024; before March 2023",
        "The day before that day, month or year begins",
        "The day named is already too late.",
    ),
    Rule(
        "year-end",
        "during 2020; in 2023; by 2025",
        "31 December, known to the year",
        "The period ends there.",
        (
            _way(
                r"(?<!starting )(?<!beginning )(?<!commencing )\b(?:during|in|within|throughout|"
                r"over(?= the course)|at(?= the (?:end|close|start|beginning)\b)|towards|later(?= this)|"
                r"some ?time in)(?: the course of)? ",
                readers.during,
            ),
        ),
    ),
    Rule(
        "financial-year-end",
        "by the end of the financial year; during 2023/24",
        "31 March at the end of it",
        "A financial year of the public sector runs from April to March.",
    ),
    Rule(
        "financial-quarter-end",
        "by the end of Q2 2023/24",
        "The last day of that quarter of the financial year",
        "Two years are printed, so the year starts in April.",
    ),
    Rule(
        "year-not-printed",
        "by the end of September; by 31 March",
        "The first after publication, for a person to confirm",
        "No year is printed.",
    ),
    Rule(
        "part-of-month",
        "by mid December; by early March 2024; by around March 2024",
        "No date; asks for the day",
        "No day is printed, and any would be a guess.",
    ),
    Rule(
        "part-of-year",
        "by spring 2024; by Q2 2023; by mid-2024",
        "No date; asks for the day",
        "No day is printed, and a quarter can be of the calendar year or of the financial year.",
    ),
    Rule(
        "unclear-day",
        "By March 26",
        "No date; asks which day is meant",
        "It can be a day of the month or a month of the year.",
    ),
    Rule(
        "impossible-day",
        "By 31 June 2023",
        "No date; asks for the day",
        "There is no such day, and a slip is never put right silently.",
    ),
    Rule(
        "not-before",
        "from April 2023; Implementation March 26 earliest; not before 1 April 2024",
        "No date; asks for the deadline",
        "It says when it may start, not when it must be done.",
        (
            _way(
                rf"\b(?:{_MONTH}|{_SHORT_MONTH}) ?(?P<number>(?:20)?[0-9]{{2}})?(?: at the)? earliest\b",
                readers.earliest,
            ),
            _way(
                r"\b(?:with effect from|effective from|from|after|not before|no earlier than|"
                r"not earlier than|"
                r"(?:starting|commencing|beginning)(?: in| from| on)?|on or after) ",
                readers.not_before,
            ),
            _way(rf"\bafter (?:a |the first |an initial )?{_N_UNITS}(?![a-z-])", readers.after_a_while),
        ),
    ),
    Rule(
        "as-soon-as",
        "as soon as practicable; as a matter of urgency; in due course",
        "No date; asks for one",
        "How soon is left open.",
        (
            _way(
                r"\bas (?:soon|quickly) as(?: is| are)? (?:reasonably )?(?:possible|practicable|"
                r"practical|feasible)\b",
                readers.as_soon_as,
            ),
            _way(r"\bas a (?:matter of )?(?:urgency|priority|urgent priority)\b", readers.as_soon_as),
            _way(
                r"\b(?:asap|urgently|promptly|swiftly|shortly|at pace|ongoing|continuous|in due course|in the (?:near|immediate) future|"
                r"in the (?:coming|next few) (?:days|weeks|months|years)|in the (?:short|medium|long|longer) term|"
                r"(?:with)?in the shortest (?:possible )?time(?: possible)?|within a reasonable (?:time|period)|"
                r"at the earliest (?:possible )?opportunity|without (?:undue|further|unnecessary) delay)\b",
                readers.as_soon_as,
            ),
        ),
    ),
    Rule(
        "two-clocks",
        "assess within three months, correct immediately",
        "Each part keeps its own date; the earliest governs",
        "One date would hide one duty.",
    ),
    Rule(
        "none",
        "not set; to be confirmed; no deadline",
        "No date is set",
        "Most areas for improvement are printed without one.",
        (
            _way(
                r"\b(?:tbc|tba|to be (?:confirmed|agreed|advised|decided)|(?:not|none|no (?:deadline|date|"
                r"timescale))(?: (?:yet )?(?:set|stated|specified|applicable|given|known|agreed))?"
                r"(?: by (?:hmicfrs|the inspectorate))?|n/a)(?![a-z])",
                readers.none_said,
            ),
        ),
    ),
)


def deadline_rules() -> tuple[RuleDescription, ...]:
    """Return the table of rules for people, in the order in which they are tried."""
    return tuple(RuleDescription(rule.name, rule.printed, f"{rule.reading}.", rule.why) for rule in RULES)


def read_deadline(
    phrase: str, *, published: date | None = None, published_precision: Precision = Precision.DAY
) -> DeadlineReading:
    """
    Return how the deadline in a phrase, or in the whole text of a recommendation, is read.

    Args:
        phrase: "By March 2023", or the text with its lead-in and bullets. Words of a heading or a
            label ("Deadline:") may stand before.
        published: When the report was published, as far as it is known.
        published_precision: How exactly that is known. Unless to the day, nothing is worked out
            from it: `due` is None and the note asks for the day of publication.
    """
    reader = Reader(PlainText(phrase), published, published_precision if published else Precision.UNKNOWN)
    found = list(_all_found(reader))
    deadlines = _deadlines_among(reader, found)
    assessed_when = next((one.assessed_when for one in found if one.assessed_when), "")
    if not deadlines:
        reading = _without_deadline(reader, found)
    elif len(deadlines) == 1:
        reading = _reading(reader, deadlines[0])
    else:
        reading = _two_clocks([_reading(reader, one) for one in deadlines])
    return replace(reading, assessed_when=assessed_when)


def _all_found(reader: Reader) -> Iterator[Found]:
    """Yield what each rule finds, from the top of the table, in words that no rule above it took."""
    plain = reader.text.plain
    taken = bytearray(len(plain) + 1)
    any_found = False
    for rule in RULES:
        for pattern, read in rule.ways:
            for match in pattern.finditer(plain):
                found = None if any(taken[match.start() : match.end()]) else read(reader, match)
                if found is None or any(taken[found.start : found.end]):
                    continue
                taken[found.start : found.end] = b"\1" * (found.end - found.start)
                any_found = True
                yield found
    if not any_found and (bare := readers.bare_day(reader)):
        yield bare


def _deadlines_among(reader: Reader, found: list[Found]) -> list[Found]:
    """
    Return the deadlines in printed order, each date once.

    A vague one ("as soon as practicable") gives way to a date; so does "immediately" just before its own
    limit; a date before publication gives way to one after it, since it tells of an earlier report; one in
    brackets gives way to one outside, since it is often another body's.
    """
    strong = [one for one in found if one.weight is Weight.DEADLINE] or [
        one for one in found if one.weight is Weight.WEAK
    ]
    strong.sort(key=lambda one: one.start)
    strong = [
        one
        for place, one in enumerate(strong)
        if not (
            one.rule == "immediate"
            and place + 1 < len(strong)
            and reader.is_limited_by(one, strong[place + 1])
        )
    ]
    later = [one for one in strong if not (one.due and readers.is_before_publication(reader, one.due))]
    strong = later or strong
    outside = [one for one in strong if not reader.in_brackets(one.start)]
    strong = outside or strong
    kept: dict[object, Found] = {}
    for one in strong:
        kept.setdefault(one.due or (one.rule, reader.text.plain[one.start : one.end]), one)
    return list(kept.values())


def _reading(reader: Reader, found: Found) -> DeadlineReading:
    return DeadlineReading(
        phrase=reader.text.as_printed(found.start, found.end).rstrip(" ,;:"),
        due=found.due,
        precision=found.precision if found.due else Precision.UNKNOWN,
        rule=found.rule,
        note=found.note + _warning(reader, found),
        from_publication=found.from_publication,
    )


def _warning(reader: Reader, found: Found) -> str:
    """Return the sentence for a day that is far from the report's own: it is kept as printed, never put right."""
    if found.due is None or reader.published is None or found.from_publication:
        return ""
    if readers.is_before_publication(reader, found.due):
        return f" Check it: {long_date(found.due)} is before the report was published. It is kept as printed."
    if reader.published.year <= 9000 and found.due > add_months(reader.published, 12 * FAR_AFTER_YEARS):
        return f" Check it: {long_date(found.due)} is more than five years after publication. It is kept as printed."
    return ""


def _two_clocks(parts: list[DeadlineReading]) -> DeadlineReading:
    """Return one reading for several clocks: the earliest day governs, and each part is kept."""
    dated = [part for part in parts if part.due is not None]
    first = min(dated, key=lambda part: part.due or date.max) if dated else parts[0]
    told = "; ".join(
        f'"{part.phrase}": {long_date(part.due) if part.due else "no day yet"}' for part in parts
    )
    count = "Two clocks" if len(parts) == 2 else f"{len(parts)} clocks"
    note = f"{count}: {told}. The earliest governs; check whether each is for the same body."
    missing = [part.note for part in parts if part.due is None]
    return DeadlineReading(
        phrase=" … ".join(part.phrase for part in parts),
        due=first.due,
        precision=first.precision,
        rule="two-clocks",
        note=" ".join([note, *dict.fromkeys(missing)]),
        further=tuple(parts),
        from_publication=any(part.from_publication for part in parts),
    )


_ASIDES = ("assessed-when", "recurring", "response-clock", "not-a-deadline", "none")


def _without_deadline(reader: Reader, found: list[Found]) -> DeadlineReading:
    """Return the reading of a text with no deadline in it; a bare phrase keeps its words."""
    asides = sorted(found, key=lambda one: (_ASIDES.index(one.rule), one.start))
    if not asides:
        if not reader.text.plain:
            return DeadlineReading(
                "", None, Precision.UNKNOWN, "none", "Nothing is printed, so no date is set."
            )
        is_short = not reader.is_sentence()
        phrase = reader.text.as_printed(0, len(reader.text.plain)) if is_short else ""
        note = (
            "No deadline is read in these words. Ask what day is meant."
            if is_short
            else "No deadline is printed."
        )
        return DeadlineReading(phrase, None, Precision.UNKNOWN, "none", note)
    one = asides[0]
    keeps_words = one.rule == "recurring" or reader.is_bare(one.start, one.end)
    phrase = reader.text.as_printed(one.start, one.end) if keeps_words else ""
    return DeadlineReading(phrase, None, Precision.UNKNOWN, one.rule, one.note)
