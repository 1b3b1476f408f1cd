"""The register to take away from the site: what its columns are, and its files."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from monitor.domain.publications import PublicText
from monitor.domain.statuses import Applicability, Vocabulary
from monitor.exporters import Column, ExportTable, as_bytes
from monitor.packs.site.ground import Ground
from monitor.packs.tables import kind_of
from monitor.services import columns
from monitor.services.filters import VOCABULARIES
from monitor.services.site import SiteFacts

LEFT_OUT: Final = frozenset(
    {
        "owner",
        "executive_lead",
        "asked",
        "blocked_by",
        "closure_test",
        "pending_target",
        "closure_proposed_on",
        "version",
    }
)
"""Columns of the register that are not public: names, words written for the office, and what is not decided yet."""

COLUMNS: Final = tuple(column for column in columns.COLUMNS if column.key not in LEFT_OUT)

DATA_FILES: Final = (
    ("CSV", "data/recommendations.csv", "One row a recommendation, in UTF-8; any spreadsheet opens it."),
    ("JSON", "data/recommendations.json", "The same as a list of objects, with stored words."),
    ("Excel", "data/recommendations.xlsx", "The same with a sheet that explains each column."),
    ("Data dictionary as CSV", "data/dictionary.csv", "What each column means."),
)

_CLOSURE_TEST: Final = Column("closure_test", "Closure test", columns.BY_KEY["closure_test"].meaning)


def data_files(ground: Ground) -> Iterator[tuple[str, bytes]]:
    """Yield every file of data with its path: the register in three forms, its dictionary, the rows behind each chart."""
    facts = ground.facts
    read, stored = (register_table(facts, words=words) for words in (True, False))
    yield "data/recommendations.csv", as_bytes(read, "csv")
    yield "data/recommendations.json", as_bytes(stored, "json")
    yield "data/recommendations.xlsx", as_bytes(read, "xlsx")
    yield "data/dictionary.csv", as_bytes(dictionary_table(read), "csv")
    for name, chart in ground.charts.items():
        table = ExportTable(
            name=chart.name,
            title=chart.finding,
            columns=[
                Column(str(one), str(one), "", kind_of(chart.table[one])) for one in chart.table.columns
            ],
            rows=chart.table,
            as_at=facts.view.as_at,
        )
        yield f"charts/{name}/rows.csv", as_bytes(table, "csv")


def register_table(facts: SiteFacts, *, words: bool) -> ExportTable:
    """Return the public register with what it rests on; its Excel file bears the day shown as its date."""
    view = facts.view
    kept = [Column(c.key, c.heading, c.meaning, c.kind) for c in COLUMNS]
    rows = columns.plain_rows(view.rows, words=words)
    if PublicText.CLOSURE_TESTS in facts.rules.texts:
        tests = {item.reference: item.closure_test for item in facts.items}
        kept.append(_CLOSURE_TEST)
        rows = [row | {"closure_test": tests[row["reference"]]} for row in rows]
    demonstration = "Demonstration data: the activity and the figures are invented."
    captions = [
        f"{view.office}: recommendations and areas for improvement.",
        *([demonstration] if view.is_demonstration else []),
        f"Fingerprint of the register’s history: {facts.head}",
    ]
    return ExportTable(
        name="recommendations",
        title="Recommendations by the inspectorate",
        columns=kept,
        rows=rows,
        captions=captions,
        as_at=view.as_at,
    )


def dictionary_table(table: ExportTable) -> ExportTable:
    """Return the columns of a table as a table."""
    kinds = {"text": "text", "day": "day", "count": "number", "flag": "yes or no"}
    rows = [
        {"name": c.key, "heading": c.heading, "kind": kinds[c.kind], "meaning": c.meaning}
        for c in table.all_columns
    ]
    headings = (("name", "Name"), ("heading", "Heading"), ("kind", "Kind"), ("meaning", "What it means"))
    return replace(
        table, title="Data dictionary", columns=[Column(*one, "") for one in headings], rows=rows, as_at=None
    )


_WORDS: Final[Mapping[str, type[Vocabulary]]] = {**VOCABULARIES, "applicability": Applicability}


def vocabulary_rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield each word that can stand in a column: the column, the stored word, the word people read, its meaning."""
    for column in COLUMNS:
        for member in _WORDS.get(column.words, ()):
            yield column.key, member.value, member.word, member.meaning
