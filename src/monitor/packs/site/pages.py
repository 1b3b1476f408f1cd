"""The overview, the lists of recommendations, and a page for each recommendation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from monitor.analysis.days import day_number
from monitor.dates import days_words, long_date, short_date
from monitor.domain.evidence import Grade
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ForceReport,
    Kind,
    Position,
    Precision,
    ScheduleState,
    SetBy,
)
from monitor.domain.wording import counted, listed, moves_words, n_of
from monitor.packs.drawing import draw_chart
from monitor.packs.site.addresses import PAGE
from monitor.packs.site.ground import EVERYTHING, Ground, Page, plain_title
from monitor.packs.site.rendering import rendered, row_html
from monitor.packs.site.words import (
    Cell,
    Column,
    Drawn,
    Status,
    Table,
    day_of,
    drawn,
    ledger_drawn,
    on_day,
    row_of,
    schedule_of,
    status,
)
from monitor.services import overview
from monitor.services.filters import SHOWS, Filter, count, kept
from monitor.services.public_items import DateTold, EvidenceTold, PublicItem, Told
from monitor.services.since import DAYS_WITHOUT_MEETING

LISTED: Final = (
    "open",
    "late",
    "due_soon",
    "claimed",
    "no_evidence",
    "moved",
    "past_first_date",
    "silent",
    "no_date",
    "closed",
    "for_others",
)
"""The named sets that have a list of their own; what waits for the office is not public yet."""

ROWS_A_PAGE: Final = 150
NAMED_AT_ONCE: Final = 12


# Overview


def overview_page(ground: Ground) -> Page:
    """Return the first page: the finding, the figures, the burn-up, what needs attention, what changed."""
    facts, view, path = ground.facts, ground.facts.view, PAGE
    conference = view.last_conference() is not None
    rows = overview.attention(view)
    main = rendered(
        "overview",
        path,
        finding=overview.finding(view),
        line=_standing(ground),
        figures=[
            {"many": f"{many:,}", "words": words, "page": list_path(show), "is_late": show == "late" and many}
            for show, many, words in overview.figures(view)
        ],
        balance=f"{facts.since.balance.line()}.",
        chart=_burn_up(ground),
        attention_heading="What needs attention",
        attention=[
            row_html(row_of(ground.items[ref], ground.pages[ref], voices=False, reason=True), path)
            for ref in rows["reference"]
        ],
        changes_heading=f"Since the last {view.titles.conference_short}"
        if conference
        else f"In the last {DAYS_WITHOUT_MEETING} days",
        changes_between=f"{long_date(facts.since.start)} to {long_date(facts.since.end)}",
        changes=[_change(ground, line) for line in overview.lines(view, facts.since)],
        correction=facts.since.correction,
    )
    return Page(path, path, overview_title(ground), main, description=overview.finding(view))


def overview_title(ground: Ground) -> str:
    """Return what the site is called."""
    return f"Recommendations to {listed(list(ground.facts.view.services))}"


def _standing(ground: Ground) -> str:
    view = ground.facts.view
    total = int(view.rows["counts"].sum())
    line = f"{n_of(int(view.rows['is_open'].sum()), total)} {'is' if total == 1 else 'are'} open."
    following = view.next_conference()
    if following is None:
        return line
    days = (following.on - view.as_at).days
    when = "tomorrow" if days == 1 else f"in {days_words(days)}"
    conference = ground.facts.rules.titles.conference
    return f"{line} The next {conference} is on {long_date(following.on)}, {when}."


def _burn_up(ground: Ground) -> Drawn | None:
    view = ground.facts.view
    nearest = overview.nearest_target(view)
    chart = draw_chart(view, "burn-up", EVERYTHING, small=True, target_day=nearest[0] if nearest else None)
    return None if chart.drawing is None else drawn(chart, ground.pages)


def _change(ground: Ground, line: overview.Line) -> dict[str, Any]:
    shown = [
        (ground.items[ref].row["short_title"], ground.pages[ref]) for ref in line.references[:NAMED_AT_ONCE]
    ]
    # What is listed below is not named above as well.
    is_listed = {title for title, _ in shown}.issuperset(line.names)
    named = [] if is_listed else [f"“{name}”" for name in line.names]
    more = [f"{line.more:,} more"] if line.more and named else []
    return {
        "many": f"{line.count:,}",
        "words": f"{line.words} {listed([*named, *more])}".strip().rstrip(":"),
        "named": shown,
        "more": max(0, len(line.references) - NAMED_AT_ONCE),
    }


# Lists


def list_path(show: str, page: int = 1) -> str:
    """Return the page of a named set."""
    if show == "everything" and page == 1:
        return f"recommendations/{PAGE}"
    return f"lists/{show.replace('_', '-')}/{f'{page}/' if page > 1 else ''}{PAGE}"


def list_pages(ground: Ground) -> Iterator[Page]:
    """Yield the list of everything and that of each named set, in parts where it is long."""
    all_references = ground.facts.view.rows["reference"].to_numpy()
    for show in ("everything", *LISTED):
        references = list(all_references[kept(ground.facts.view, Filter(show=show))])
        parts = max(1, -(-len(references) // ROWS_A_PAGE))
        for number in range(1, parts + 1):
            yield _list_page(ground, show, references, number, parts)


def _list_page(ground: Ground, show: str, references: Sequence[str], number: int, parts: int) -> Page:
    path, shown = list_path(show, number), SHOWS[show].called(ground.facts.view.titles)
    is_everything = show == "everything"
    heading = "Recommendations" if is_everything else shown.word
    total = len(ground.facts.items)
    first = (number - 1) * ROWS_A_PAGE
    which = f", {first + 1:,} to {min(first + ROWS_A_PAGE, len(references)):,}" if parts > 1 else ""
    where = f"{n_of(len(references), total)} {'recommendation' if total == 1 else 'recommendations'}{which}"
    main = rendered(
        "list",
        path,
        where=where,
        heading=heading,
        meaning=shown.meaning,
        others=_other_lists(ground) if is_everything and number == 1 else [],
        rows=ground.rows(references[first : first + ROWS_A_PAGE], path),
        pages=[(f"{n:,}", list_path(show, n), n == number) for n in range(1, parts + 1)],
    )
    title = heading if number == 1 else f"{heading}, part {number:,}"
    return Page(path, path, title, main, description=shown.meaning)


def _other_lists(ground: Ground) -> list[tuple[str, str, str]]:
    view = ground.facts.view
    return [(SHOWS[s].called(view.titles).word, list_path(s), f"{count(view, s):,}") for s in LISTED]


# One recommendation


@dataclass(frozen=True, slots=True)
class _Evidence:
    head: str
    direction: Status
    grade: str
    facts: str
    title: str


def recommendation_pages(ground: Ground) -> Iterator[Page]:
    """Yield the page of each recommendation."""
    reports = {report.id: report for report in ground.facts.reports}
    for item in ground.facts.items:
        path = ground.pages[item.reference]
        report = reports[item.inspection_id]
        given = {
            "reference": item.reference,
            "title": item.row["short_title"],
            "kind": f"{Kind(item.row['kind']).word.lower()} {item.row['number']}".strip(),
            "report_title": plain_title(report),
            "report_page": ground.report_pages[report.id],
            "published": report.published_words,
            "schedule": schedule_of(item.row),
            "moves": _moves(item),
            "grade": Grade(item.row["evidence_grade"]).word.lower(),
            **_printed(item),
            "facts": list(_facts(ground, item)),
            **_voices(item),
            **_dates(item, ground.facts.view.as_at),
            **_evidence(item),
            "linked": [(words, _named(ground, ref), ground.pages[ref]) for words, ref in item.linked],
            "history": [_told(ground, told) for told in item.history],
        }
        yield Page(
            path,
            ground.item_key(item),
            f"{item.row['short_title']} ({item.reference})",
            rendered("recommendation", path, one=given),
            description=f"{given['schedule'].word}. {plain_title(report)}.",
        )


def _moves(item: PublicItem) -> str:
    """Return how often its date moved, where its schedule does not say so already."""
    says_so = item.row["schedule_state"] == ScheduleState.PAST_FIRST_DATE.value
    return moves_words(int(item.row["moves"])) if item.row["moves"] and not says_so else ""


def _named(ground: Ground, reference: str) -> str:
    return f"{ground.items[reference].row['short_title']} ({reference})"


def _printed(item: PublicItem) -> dict[str, Any]:
    """Return the printed words: as paragraphs, or as opening and list where they are made of them."""
    opening, parts = _opening(item)
    words = [
        f"Corrected on {long_date(item.corrected_on)}." if item.corrected_on else "As printed in the report."
    ]
    first = item.dates[0] if item.dates else None
    if first is None:
        words.append("No target date has been set.")
    elif first.phrase:
        words.append(f"Target date as printed: “{first.phrase}”, set by {first.set_by.word}.")
    else:
        words.append(f"The first target date was set by {first.set_by.word}.")
    precision = Precision(item.row["target_precision"])
    if first is not None and precision is not Precision.DAY:
        words.append(precision.meaning)
    paragraphs = [part for part in item.text.split("\n") if part.strip()]
    return {"opening": opening, "parts": parts, "paragraphs": paragraphs, "printed": " ".join(words)}


def _opening(item: PublicItem) -> tuple[list[str], Sequence[str]]:
    """Return what stands before the parts, and the parts; nothing where the text is not made of these alone."""
    place, ends = 0, 0
    for part in (item.lead_in, *item.parts):
        place = item.text.find(part, ends)
        if place < 0:
            return [], ()
        ends = place + len(part)
    if not item.parts or item.text[ends:].strip(" .;"):
        return [], ()
    before = item.text.partition(item.parts[0])[0]
    return [part for part in before.split("\n") if part.strip()], item.parts


def _facts(ground: Ground, item: PublicItem) -> Iterator[tuple[str, str, str]]:
    row = item.row
    yield "For whom", Applicability(row["applicability"]).word, ""
    if len(ground.facts.view.services) > 1:
        yield "Service", row["service"], ""
    for label, name in (("Addressed to", "addressees"), ("Board", "board"), ("Themes", "themes")):
        if row[name]:
            yield label, row[name], ""
    if row["external_reference"]:
        yield "Also known as", row["external_reference"], ""
    if row["parent"]:
        yield "Under the cause of concern", _named(ground, row["parent"]), ground.pages[row["parent"]]
    for reference in item.under_it:
        yield "Under it", _named(ground, reference), ground.pages[reference]
    if item.closure_test:
        yield "To be shown before closing", item.closure_test, ""


def _voices(item: PublicItem) -> dict[str, Any]:
    force = item.row["force_report"] == ForceReport.COMPLETE.value
    office = item.row["assurance"] == Assurance.ASSURED.value
    position = item.row["position"] in (Position.CLOSED.value, Position.NO_FURTHER_ACTION.value)
    together = "All three say it is done" if force else "None of the three says it is done"
    return {
        "voices_heading": together if force == office == position else "The three voices do not agree",
        "voices": [
            {
                "whose": voice.whose,
                "status": status(voice.member),
                "on": on_day(voice.on) if voice.on else "Nothing recorded",
                "said": voice.said,
            }
            for voice in item.voices
        ],
    }


def _dates(item: PublicItem, today: date) -> dict[str, Any]:
    closed_on = day_of(item.row["closed_on"])
    dues = tuple(day_number(told.due_on) for told in item.dates) if item.row["counts"] else ()
    ledger = ledger_drawn(dues, day_number(closed_on or today), closed_on is not None) if dues else None
    columns = [Column("Target date", "day"), Column("Before it", "day"), Column("How it came")]
    rows = [
        [
            Cell(short_date(told.due_on)),
            Cell(short_date(told.from_on) if told.from_on else ""),
            Cell(_how(told)),
        ]
        for told in item.dates
    ]
    return {
        "dates_heading": ledger.heading if ledger else "No date has been set",
        "ledger": ledger or Drawn("", "", Markup(), Markup(), ()),
        "dates": Table("Every target date, the first one first", columns, rows),
    }


def _how(told: DateTold) -> str:
    if told.from_on is None:
        return f"First set by {told.set_by.word}, {short_date(told.agreed_on)}"
    days = (told.due_on - told.from_on).days
    moved = f"{'+' if days >= 0 else '−'}{days_words(abs(days))}"
    why = f": {told.category.word.lower()}" if told.category else ""
    after = f"{days_words(told.late_request)} after the date had passed" if told.late_request else ""
    said = f" “{told.reason}”" if told.reason else ""
    if told.set_by is SetBy.OFFICE:
        late = f", {after}" if after else ""
        return f"{moved}, moved by the office on {short_date(told.agreed_on)}{late}{why}.{said}"
    late = f" Asked for {after}." if after else ""
    return f"{moved}, agreed by the office on {short_date(told.agreed_on)}{why}.{late}{said}"


def _evidence(item: PublicItem) -> dict[str, Any]:
    grade, many = Grade(item.row["evidence_grade"]), len(item.evidence)
    heading = "There is no evidence" if grade is Grade.NONE else f"Evidence is {grade.word.lower()}"
    return {
        "evidence_heading": heading,
        "evidence_counted": f"{counted(many, 'item').capitalize()}, the latest described day first",
        "evidence": [_item(one) for one in item.evidence],
    }


def _item(one: EvidenceTold) -> _Evidence:
    facts = [f"checked by {one.checked_by.word}", f"describes {short_date(one.describes_on)}"]
    head = f"{one.kind.word}, {one.figures}" if one.figures else one.kind.word
    return _Evidence(head, status(one.direction), one.grade.word, ", ".join(facts), one.title)


def _told(ground: Ground, told: Told) -> dict[str, str]:
    reference = told.reference
    return {
        "iso": told.on.isoformat(),
        "on": short_date(told.on),
        "words": told.words,
        "said": told.said,
        "late": f"Recorded on {long_date(told.late)}." if told.late else "",
        "page": ground.pages[reference] if reference else "",
        "title": _named(ground, reference) if reference else "",
    }
