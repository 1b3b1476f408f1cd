"""The pages beside those of the recommendations: reports, responses, charts, definitions, data, accessibility."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from monitor.dates import long_date
from monitor.domain.inspections import Inspection
from monitor.domain.text import is_web_address
from monitor.domain.wording import counted
from monitor.packs.site.addresses import PAGE, from_here
from monitor.packs.site.data import COLUMNS, DATA_FILES, vocabulary_rows
from monitor.packs.site.ground import Ground, Page, plain_title
from monitor.packs.site.rendering import rendered
from monitor.packs.site.responses import blocks_of, lines_of
from monitor.packs.site.words import Cell, Column, Table, drawn, status
from monitor.services.definitions import sections
from monitor.services.reports import ReportRow, report_rows
from monitor.services.site import PublishedResponse
from monitor.settings import Settings

DEFINED: Final = (
    "schedule", "force", "office", "inspectorate", "grade", "rubric", "direction", "kinds", "checked", "reasons",
    "setters", "categories", "precision", "findings", "applicability", "sets", "changes", "rules", "deadlines",
)  # fmt: skip
"""The sections of *How this is worked out* that a reader of the site needs."""


# Reports


def report_pages(ground: Ground) -> Iterator[Page]:
    """Yield the list of reports and the page of each."""
    rows = report_rows(ground.facts.view)
    yield _reports_page(ground, rows)
    of_report: dict[int, list[str]] = defaultdict(list)
    for reference, number in zip(
        ground.facts.view.rows["reference"], ground.facts.view.rows["inspection_id"], strict=True
    ):
        of_report[int(number)].append(reference)
    answered = {one.inspection_id: one for one in ground.facts.responses}
    for row in rows:
        yield _report_page(ground, row, of_report[row.report.id], answered.get(row.report.id))


def _reports_page(ground: Ground, rows: Sequence[ReportRow]) -> Page:
    path = f"reports/{PAGE}"
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    answered = {one.inspection_id: one for one in ground.facts.responses}
    for row in rows:
        given = answered.get(row.report.id)
        groups[row.report.service].append(
            {
                "title": plain_title(row.report),
                "page": ground.report_pages[row.report.id],
                "published": _published(row.report),
                "holds": row.holds,
                "response": f"The office’s response was published on {long_date(given.on)}." if given else "",
            }
        )
    main = rendered(
        "reports",
        path,
        heading="Reports",
        counted=f"{counted(len(rows), 'report').capitalize()}, the latest published first.",
        groups=sorted(groups.items()),
    )
    return Page(
        path, path, "Reports", main, description="What each report asked for, and how much of it is closed."
    )


def _published(report: Inspection) -> str:
    words = report.published_words
    return words[:1].upper() + words[1:]


def _report_page(
    ground: Ground, row: ReportRow, references: Sequence[str], response: PublishedResponse | None
) -> Page:
    report = row.report
    path, title = ground.report_pages[report.id], plain_title(row.report)
    feed = path.removesuffix(PAGE) + "feed.xml"
    main = rendered(
        "report",
        path,
        where=f"{report.programme.word}, {', '.join(report.publishers)}",
        title=title,
        holds=row.holds,
        facts=list(_report_facts(ground, row, response, path)),
        findings=report.key_findings,
        grades=Table(
            "As the report has them",
            [Column("Question"), Column("Grade")],
            [[Cell(question), Cell(grade)] for question, grade in report.grades],
        ),
        rows_heading=f"{counted(len(references), 'recommendation').capitalize()} listed",
        rows=ground.rows(references, path),
        feed=feed,
    )
    feeds = [(feed, f"Changes to {title}")]
    return Page(path, ground.report_key(report), title, main, description=f"{row.holds}.", feeds=feeds)


def _report_facts(
    ground: Ground, row: ReportRow, response: PublishedResponse | None, path: str
) -> Iterator[tuple[str, str, str]]:
    report = row.report
    yield "Published", _published(report), ""
    if len(ground.facts.view.services) > 1:
        yield "Service", report.service, ""
    if is_web_address(report.link):
        yield "Read it", "The report as published", report.link
    if response is not None:
        page = ground.response_pages.get(report.id)
        target = from_here(path, page) if page else response.link
        yield "The office’s response", f"Published on {long_date(response.on)}", target
    if row.last_day is not None:
        yield (
            "Last day to respond",
            f"{long_date(row.last_day)}: the day of publication and the 55 days after it",
            "",
        )
    elif row.asks_for_day:
        yield "Last day to respond", "Cannot be told: the day of publication is not known", ""
    if row.embeds:
        yield "Its response holds that to", row.embeds, ""
    if row.embedded_in:
        yield "Answered within the response to", row.embedded_in, ""


# Responses


def response_pages(ground: Ground) -> Iterator[Page]:
    """Yield the list of published responses and the page of each; nothing where none is published."""
    kept = [one for one in ground.facts.responses if one.inspection_id in ground.documents]
    if not kept:
        return
    path = f"responses/{PAGE}"
    reports = {report.id: report for report in ground.facts.reports}
    latest = sorted(kept, key=lambda one: (one.on, one.title), reverse=True)
    listed = [
        (plain_title(reports[one.inspection_id]), long_date(one.on), ground.response_pages[one.inspection_id])
        for one in latest
    ]
    main = rendered("responses", path, heading="Responses", responses=listed)
    yield Page(
        path,
        path,
        "Responses",
        main,
        description="What the office and the chief officer say of each report.",
    )
    for one in kept:
        yield _response_page(ground, one, reports[one.inspection_id])


def _response_page(ground: Ground, one: PublishedResponse, report: Inspection) -> Page:
    path, document = ground.response_pages[one.inspection_id], ground.documents[one.inspection_id]
    main = rendered(
        "response",
        path,
        report_page=ground.report_pages[one.inspection_id],
        on=long_date(one.on),
        title=document.title,
        lines=lines_of(document),
        word_file=WORD_FILE if one.docx else "",
        text=rendered("document", path, blocks=list(blocks_of(document))),
    )
    return Page(path, f"response/{ground.report_key(report)}", document.title, main)


WORD_FILE: Final = "response.docx"


# Charts


def chart_pages(ground: Ground) -> Iterator[Page]:
    """Yield the page with all charts, and one for each with the rows behind it."""
    path = f"charts/{PAGE}"
    made = [
        drawn(chart, ground.pages, page=f"charts/{name}/{PAGE}", file=chart_file(name))
        for name, chart in ground.charts.items()
    ]
    main = rendered("charts", path, heading="Charts", charts=made)
    yield Page(path, path, "Charts", main, description="Progress drawn, each chart with the rows behind it.")
    for one in made:
        main = rendered("chart", one.page, chart=one)
        yield Page(one.page, one.page, one.heading, main, description=one.counted)


def chart_file(name: str) -> str:
    """Return the file with the rows behind a chart."""
    return f"charts/{name}/rows.csv"


# Words, data, accessibility


def definitions_page(ground: Ground) -> Page:
    """Return what every word and mark means."""
    path, rules = f"definitions/{PAGE}", ground.facts.rules
    settings = replace(Settings(database=""), titles=rules.titles, update_every_days=rules.update_every_days)
    known = {section.key: section for section in sections(settings)}
    given = []
    for key in DEFINED:
        section = known[key]
        rows = [
            [Cell(status=status(one.member)) if one.member else Cell(one.word), Cell(one.meaning)]
            for one in section.rows
        ]
        columns = [Column(heading) for heading in section.headings]
        given.append({"key": key, "title": section.title, "table": Table(section.said, columns, rows)})
    main = rendered("definitions", path, sections=given)
    return Page(path, path, "What the words mean", main, description="Every word, mark and figure explained.")


def data_page(ground: Ground) -> Page:
    """Return what can be taken away, with what each column means."""
    path = f"data/{PAGE}"
    dictionary = Table(
        "Columns",
        [Column("Name"), Column("Heading"), Column("Kind"), Column("What it means")],
        [[Cell(c.key), Cell(c.heading), Cell(_KINDS[c.kind]), Cell(c.meaning)] for c in COLUMNS],
    )
    words = Table(
        "Stored words and what they mean",
        [Column("Column"), Column("Stored"), Column("Word"), Column("What it means")],
        [[Cell(part) for part in row] for row in vocabulary_rows()],
    )
    shown = ", ".join(sorted(one.word.lower() for one in ground.facts.rules.texts))
    left_out = "Of what was written for the office, " + (
        f"only these are public: {shown}." if shown else "nothing is public but what was decided, and when."
    )
    main = rendered("data", path, files=DATA_FILES, dictionary=dictionary, words=words, left_out=left_out)
    return Page(path, path, "Data to take away", main, description="The register as CSV, JSON and Excel.")


_KINDS: Final[Mapping[str, str]] = {"text": "text", "day": "day", "count": "number", "flag": "yes or no"}


def accessibility_page(ground: Ground) -> Page:
    """Return the accessibility statement."""
    path, contact = f"accessibility/{PAGE}", ground.facts.rules.contact
    href = contact if is_web_address(contact) else f"mailto:{contact}" if "@" in contact else ""
    given: dict[str, Any] = {
        "office": ground.facts.view.office,
        "contact": contact,
        "contact_href": href,
        "as_at": long_date(ground.facts.view.as_at),
    }
    return Page(path, path, "Accessibility", rendered("accessibility", path, **given))
