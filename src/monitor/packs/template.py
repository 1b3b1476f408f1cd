"""The workbook for the first load: our own headings, with drop-downs, three examples or none."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from monitor.dates import add_months, month_year
from monitor.domain.statuses import Applicability, Confidence, ForceReport, Kind
from monitor.exporters.form_sheet import FormColumn, FormSheet, write_form
from monitor.importers.tracker_fields import FIELDS

TITLE: Final = "First load: recommendations and areas for improvement"
_HOW: Final = (
    "One row for each recommendation, area for improvement or cause of concern. Columns marked Required are needed; "
    "leave the others empty where nothing is known.",
    "Dates are day first with four figures for the year: 31/03/2025. Target and Published also take a month, March 2025; "
    "Target also takes the words of the report, such as: within six months.",
    "Several names or subjects in one cell are separated by semicolons. At most 20,000 rows, 64 columns and "
    "20,000 characters in a cell. Type values: a cell with a formula is refused.",
    "Status is what the force reports. Complete closes nothing: the office closes, on evidence, with a second person.",
)
_EXAMPLES_LEFT_OUT: Final = (
    "Rows whose reference begins with EXAMPLE- show how it is done. They are left out when the file is read."
)
_WIDTHS: Final[Mapping[str, int]] = {
    "reference": 15, "service": 24, "report": 36, "published": 14, "kind": 22, "number": 10, "text": 60, "target": 18,
    "status": 19, "update": 50, "updated_on": 13, "completed_on": 13, "owner": 22, "executive_lead": 24, "board": 24,
    "short_title": 30, "lead_in": 30, "external_reference": 21, "publishers": 16, "addressees": 22,
    "applicability": 17, "themes": 24, "closure_test": 40, "blocked_by": 28, "confidence": 12,
    "verification_level": 21, "assessed_when": 18, "opened": 13,
}  # fmt: skip
"""The columns in their order, with their widths in figures."""
_DAYS: Final = frozenset({"updated_on", "completed_on", "opened"})
_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "kind": tuple(member.word for member in Kind),
    "status": tuple(member.word for member in ForceReport),
    "applicability": tuple(member.word for member in Applicability),
    "confidence": tuple(member.word for member in Confidence),
}


def first_load_template(services: Sequence[str], today: date, examples: bool) -> bytes:
    """
    Return a workbook in which an office lists what it tracks today.

    Args:
        services: Those that can be chosen; with two or more each row has to name one.
        today: The day from which the examples' dates are reckoned.
        examples: Whether three rows show how it is done; they are left out when the workbook is read.
    """
    out = io.BytesIO()
    write_form(
        FormSheet(
            title=TITLE,
            name="Recommendations",
            lines=(*_HOW, _EXAMPLES_LEFT_OUT) if examples else _HOW,
            columns=[_column(key, services) for key in _WIDTHS],
            rows=_examples(services, today) if examples else (),
            made_on=today,
        ),
        out,
    )
    return out.getvalue()


def _column(key: str, services: Sequence[str]) -> FormColumn:
    return FormColumn(
        heading=FIELDS[key].heading,
        meaning=FIELDS[key].meaning,
        width=_WIDTHS[key],
        kind="day" if key in _DAYS else "text",
        choices=services if key == "service" else _WORDS.get(key, ()),
        is_required=key in ("report", "text") or (key == "service" and len(services) > 1),
    )


def _examples(services: Sequence[str], today: date) -> list[dict[str, str | date]]:
    """Return three rows in our own words, one of each common sort."""
    published, updated = add_months(today, -6), add_months(today, -1)
    shared = {
        "report": "An inspection of how the force answers calls for service",
        "published": f"{published:%d/%m/}{published.year:04d}",
        "publishers": "HMICFRS",
        "service": services[0] if services else "",
        "applicability": Applicability.FOR_SERVICE.word,
        "addressees": "All forces",
        "executive_lead": "Director of operations",
    }
    rows: tuple[dict[str, str | date], ...] = (
        {
            "reference": "EXAMPLE-1",
            "kind": Kind.RECOMMENDATION.word,
            "number": "1",
            "text": "Forces should make sure that every call taker can see earlier calls from the same address.",
            "short_title": "Earlier calls shown to call takers",
            "owner": "Head of the control room",
            "board": "Strategic Performance Board",
            "themes": "Control room; vulnerability",
            "target": month_year(add_months(today, 6)),
            "status": ForceReport.IN_PROGRESS.word,
            "update": "The system has been changed. Training of the five teams runs until the autumn.",
            "updated_on": updated,
            "closure_test": "A sample of 60 calls shows that earlier calls were looked at in 54 or more.",
        },
        {
            "reference": "EXAMPLE-2",
            "kind": Kind.RECOMMENDATION.word,
            "number": "2",
            "text": "Within six months, forces should review how long callers wait before they ring off.",
            "target": "within six months",
            "status": ForceReport.COMPLETE.word,
            "completed_on": updated,
        },
        {
            "reference": "EXAMPLE-3",
            "kind": Kind.AFI.word,
            "text": "The force should improve how it tells callers what will happen next.",
            "status": ForceReport.NOT_STARTED.word,
        },
    )
    return [{FIELDS[key].heading: value for key, value in (shared | row).items()} for row in rows]
