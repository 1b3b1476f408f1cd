"""
How well documents are taken apart: precision and recall over the labelled documents in tests/importers/fixtures.

    python bench/extraction.py
    python bench/extraction.py --misses

A finding is found where one of the same kind begins with the labelled words. Deadlines and addressees are
counted over the findings that were found; a date given where none is labelled counts against precision. Under the
totals stands each layout by itself: forms, letters, numbered paragraphs, pages, reports, registers, plans.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from monitor.importers.extract import as_contract, extract  # noqa: E402
from monitor.importers.read_docx import read_docx  # noqa: E402
from monitor.importers.read_html import read_html  # noqa: E402
from monitor.importers.read_odt import read_odt  # noqa: E402
from monitor.importers.read_pdf import read_pdf  # noqa: E402
from monitor.importers.read_text import read_markdown, read_text  # noqa: E402

FIXTURES = ROOT / "tests" / "importers" / "fixtures"
READERS = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".docx": read_docx,
    ".odt": read_odt,
    ".pdf": read_pdf,
}
FIELDS = ("reports", "findings", "deadlines", "addressees", "numbers", "wording")


@dataclass
class Score:
    """Right answers, answers given and answers labelled."""

    right: int = 0
    given: int = 0
    labelled: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the answers given that are right; 1 where none is given."""
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """Share of the labelled answers that were given; 1 where none is labelled."""
        return self.right / self.labelled if self.labelled else 1.0


def documents() -> list[Path]:
    """Return the labelled documents."""
    return sorted(
        path for path in FIXTURES.iterdir() if path.suffix in READERS and path.with_suffix(".json").exists()
    )


def service_of(expected: list[dict[str, Any]]) -> str:
    """Return the service for which a document is read."""
    return str(expected[0].get("service", ""))


def read(path: Path, service: str) -> list[dict[str, Any]]:
    """Return what is extracted from one document."""
    document = READERS[path.suffix](path.name, path.read_bytes())
    return [as_contract(one) for one in extract(document, service=service)]


def matched(row: dict[str, Any], found: dict[str, Any]) -> bool:
    """Tell whether a finding is the labelled one."""
    return bool(found["kind"] == row["kind"] and flat(found["text"]).startswith(flat(row["begins"])))


def flat(text: str) -> str:
    """Return words with single spaces."""
    return " ".join(text.split())


def score(path: Path, scores: dict[str, Score]) -> None:
    """Add one document to the scores."""
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    got = read(path, service_of(expected))
    scores["reports"].given += len(got)
    scores["reports"].labelled += len(expected)
    scores["reports"].right += min(len(got), len(expected))
    for place, report in enumerate(expected):
        left = list(got[place]["recommendations"]) if place < len(got) else []
        scores["findings"].given += len(left)
        scores["findings"].labelled += len(report["recommendations"])
        for row in report["recommendations"]:
            found = next((one for one in left if matched(row, one)), None)
            if found is None:
                scores["findings"].misses.append(f"{path.name}: not found: {row['begins']}")
                continue
            left.remove(found)
            scores["findings"].right += 1
            _field(scores["deadlines"], path, row, row.get("deadline"), found["deadline"])
            if "addressees" in row:
                _field(
                    scores["addressees"], path, row, row["addressees"] or None, found["addressees"] or None
                )
            _field(
                scores["numbers"],
                path,
                row,
                row.get("number") or row.get("reference"),
                found["number"] or found["reference"],
            )
            scores["wording"].labelled += 1
            scores["wording"].given += 1
            whole = flat(found["text"]).endswith(flat(row.get("ends", ""))) and len(
                found["parts"]
            ) == row.get("parts", len(found["parts"]))
            scores["wording"].right += whole
            if not whole:
                scores["wording"].misses.append(
                    f"{path.name}: {row['begins']}: {len(found['parts'])} parts, ends {found['text'][-40:]!r}"
                )
        scores["findings"].misses += [
            f"{path.name}: not labelled: {one['kind']}: {flat(one['text'])[:90]}" for one in left
        ]


def _field(score: Score, path: Path, row: dict[str, Any], wanted: Any, found: Any) -> None:
    score.labelled += wanted is not None
    score.given += found is not None
    score.right += wanted is not None and wanted == found
    if wanted != found:
        score.misses.append(f"{path.name}: {row['begins'][:50]}: {found} instead of {wanted}")


def layout_of(path: Path) -> str:
    """Return the layout that a document is labelled with; tables where it has no label for it."""
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return str(expected[0].get("layout", "table"))


def total(scores: Iterable[Score]) -> Score:
    """Return several scores as one."""
    whole = Score()
    for one in scores:
        whole.right += one.right
        whole.given += one.given
        whole.labelled += one.labelled
        whole.misses += one.misses
    return whole


def main() -> int:
    """Print the scores; end with 1 where findings or deadlines are below 0.98, or addressees below 0.95."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--misses", action="store_true", help="also print what was missed")
    parser.add_argument("only", nargs="*", help="names of documents")
    options = parser.parse_args()
    paths = [path for path in documents() if not options.only or path.stem in options.only]
    layouts: dict[str, dict[str, Score]] = {}
    for path in paths:
        score(path, layouts.setdefault(layout_of(path), {name: Score() for name in FIELDS}))
    scores = {name: total([of[name] for of in layouts.values()]) for name in FIELDS}
    print(
        f"{len(paths)} documents\n{'':12}{'precision':>10}{'recall':>8}{'right':>7}{'given':>7}{'labelled':>10}"
    )
    for name, one in scores.items():
        print(f"{name:12}{one.precision:10.3f}{one.recall:8.3f}{one.right:7}{one.given:7}{one.labelled:10}")
    print(f"\n{'layout':12}{'documents':>10}   precision and recall of findings, deadlines, addressees")
    for layout, of in sorted(layouts.items()):
        count = sum(layout_of(path) == layout for path in paths)
        shown = "   ".join(
            f"{of[name].precision:.3f} {of[name].recall:.3f}"
            for name in ("findings", "deadlines", "addressees")
        )
        print(f"{layout:12}{count:10}   {shown}")
    if options.misses:
        print("\n".join(miss for one in scores.values() for miss in one.misses))
    bars = {"findings": 0.98, "deadlines": 0.98, "addressees": 0.95}
    return int(any(min(scores[name].precision, scores[name].recall) < bar for name, bar in bars.items()))


if __name__ == "__main__":
    raise SystemExit(main())
