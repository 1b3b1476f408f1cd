"""Every labelled document: what is found, word for word, and what a person is asked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.importers.blocks import Document
from monitor.importers.extract import as_contract, extract
from monitor.importers.read_docx import read_docx
from monitor.importers.read_html import read_html
from monitor.importers.read_odt import read_odt
from monitor.importers.read_pdf import read_pdf
from monitor.importers.read_text import read_markdown, read_text

FIXTURES = Path(__file__).with_name("fixtures")
READERS: dict[str, Callable[[str, bytes], Document]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".docx": read_docx,
    ".odt": read_odt,
    ".pdf": read_pdf,
}
DOCUMENTS = sorted(path for path in FIXTURES.iterdir() if path.suffix in READERS)


def labels_of(path: Path) -> list[dict[str, Any]]:
    """Return what a person found in a document: one object a report."""
    labels: list[dict[str, Any]] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return labels


def read(path: Path) -> tuple[Document, list[dict[str, Any]]]:
    """Return a document and what is extracted from it."""
    document = READERS[path.suffix](path.name, path.read_bytes())
    service = labels_of(path)[0].get("service", "")
    return document, [as_contract(one) for one in extract(document, service=service)]


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Document]:
    """One document: its labels, what was found, and the document itself."""
    document, found = read(request.param)
    return labels_of(request.param), found, document


def test_every_document_is_labelled() -> None:
    """There are a hundred documents or more in at least eight layouts and of every kind, and each has its labels."""
    layouts = {labels_of(path)[0].get("layout", "table") for path in DOCUMENTS}

    assert len(DOCUMENTS) >= 100
    assert len(layouts) >= 8
    assert {path.suffix for path in DOCUMENTS} == READERS.keys()


def test_each_report_is_one_object(case: tuple[list[Any], list[Any], Document]) -> None:
    """As many reports are found as stand there, each with its title, day and count."""
    labels, found, _ = case

    assert len(found) == len(labels)
    for label, report in zip(labels, found, strict=True):
        if not label.get("title_free"):
            assert report["report_title"] == label["title"]
        assert (report["published"], report["published_precision"]) == (
            label["published"],
            label.get("precision", "unknown"),
        )
        assert report["stated_count"] == label["stated_count"]
        assert report["stated_addressees"] == label.get("stated_addressees", report["stated_addressees"])
        assert report["inspection_type"] == label.get("type", report["inspection_type"])


def test_each_finding_is_found_and_nothing_else(case: tuple[list[Any], list[Any], Document]) -> None:
    """The rows are those of the labels, in printed order, each with number, addressees and deadline."""
    labels, found, _ = case

    for label, report in zip(labels, found, strict=True):
        wanted_words = [row["begins"] for row in label["recommendations"]]
        assert beginnings(report["recommendations"], wanted_words) == wanted_words
        assert len(report["recommendations"]) == len(label["recommendations"])
        for row, wanted in zip(report["recommendations"], label["recommendations"], strict=True):
            assert " ".join(row["text"].split()).startswith(wanted["begins"])
            assert " ".join(row["text"].split()).endswith(wanted.get("ends", ""))
            assert row["kind"] == wanted["kind"]
            assert (row["number"], row["reference"]) == (
                wanted.get("number"),
                wanted.get("reference"),
            ) or "number" not in wanted
            assert row["addressees"] == wanted.get("addressees", row["addressees"])
            assert row["applies_to_service"] == wanted.get("applies", row["applies_to_service"])
            assert row["deadline"] == wanted.get("deadline")
            assert row["deadline_phrase"] == wanted.get("phrase", row["deadline_phrase"])
            assert row["deadline_rule"] == wanted.get("rule", row["deadline_rule"])
            assert row["assessed_when"] == wanted.get("assessed_when")
            assert row["lead_in"] == wanted.get("lead_in", row["lead_in"])
            assert len(row["parts"]) == wanted.get("parts", len(row["parts"]))


def beginnings(rows: list[dict[str, Any]], wanted: list[str]) -> list[str]:
    """Return the first words of each row, as many as the labels have, so that a difference shows all rows at once."""
    lengths = [len(words) for words in wanted] + [40] * len(rows)
    return [" ".join(row["text"].split())[:length] for row, length in zip(rows, lengths, strict=False)]


def test_the_rest_is_read_as_labelled(case: tuple[list[Any], list[Any], Document]) -> None:
    """Findings are counted, speakers named, grades and mechanisms read, and a person is asked what is open."""
    labels, found, _ = case

    for label, report in zip(labels, found, strict=True):
        assert len(report["key_findings"]) == label.get("findings", len(report["key_findings"]))
        speakers = [one["speaker"] for one in report["statements"]]
        assert speakers == label.get("speakers", speakers)
        assert report["grades"] == label.get("grades", report["grades"])
        kinds = {mention["kind"] for mention in report["evidence_mentions"]}
        assert set(label.get("evidence", [])) <= kinds
        asked = "\n".join(report["problems"])
        assert [words for words in label.get("problems", []) if words not in asked] == []


def test_a_finding_is_where_it_says(case: tuple[list[Any], list[Any], Document]) -> None:
    """The place of each finding in the text holds its own last words."""
    _, found, document = case

    for report in found:
        for row in report["recommendations"]:
            source = document.text[row["source"]["start"] : row["source"]["end"]]
            last = (row["parts"] or [row["text"]])[-1].split()[-1]
            assert last.strip("“”\"'.") in source


def test_a_part_and_a_lead_in_stand_in_the_text(case: tuple[list[Any], list[Any], Document]) -> None:
    """The whole statement holds its lead-in and its parts."""
    _, found, _ = case

    for row in (row for report in found for row in report["recommendations"]):
        assert all(part in row["text"] for part in row["parts"])
        assert (row["lead_in"] or "") in row["text"]
