"""What an office's own tracker holds, as a plan: its rows by report, each with what the force is said to have reported."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from monitor.dates import long_date
from monitor.domain.deadlines import read_deadline
from monitor.domain.sources import TrackerColumns, fingerprint_of
from monitor.domain.statuses import Applicability, ForceReport, Kind, Precision, SetBy
from monitor.importers.addressees import Subject, read_addressees
from monitor.importers.faults import Fault
from monitor.importers.matching import plain_words
from monitor.importers.sheets import Workbook
from monitor.importers.tracker import Tracker, TrackerRow, read_tracker
from monitor.importers.tracker_fields import GUARDED
from monitor.services.intake import is_reference
from monitor.services.plan_document import programme_of, short_title_of, target_of
from monitor.services.plans import FilePlan, ItemPlan, Place, ReportPlan, Update, opened_on

_AS_THEY_ARE: Final = (
    "number", "external_reference", "lead_in", "addressees", "owner", "executive_lead", "board", "themes",
    "closure_test", "verification_level", "assessed_when",
)  # fmt: skip
_PRINTED: Final = ("by ", "before ", "not later", "no later", "within ")
_HEADED: Final = re.compile(
    r"(?P<kind>rec(?:ommendation)?|afi|area for improvement|coc|cause (?:of|for) concern)s?[ .#:-]*(?P<number>\d{1,3}[a-z]?)\b(?:\s*[:.)–-]+\s*)?",
    re.IGNORECASE,
)
_TITLE_WORDS: Final = re.compile(
    r"inspect|report|recommend|hmic|plan|review|complaint|peel|thematic|improve", re.IGNORECASE
)
_TITLE_AT_LEAST: Final = 12
_SERIAL: Final = 4
"""A reference of so few figures counts rows; it names nothing outside its sheet."""


def plan_tracker(
    workbook: Workbook,
    content: bytes,
    *,
    service: str,
    services: Sequence[str],
    today: date,
    report_title: str = "",
    columns: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    settled: Sequence[TrackerColumns] = (),
) -> FilePlan:
    """
    Return what a workbook holds, not yet held against the register.

    Args:
        services: All that this person may take in for; a row can name one of them.
        report_title: For rows that name no report.
        columns, words: What a person said just now.
        settled: What was said of other sheets for this service; it holds for one with the same headings.
    """
    tracker = read_tracker(workbook, today=today, columns=columns, words=words)
    if columns is None and words is None:
        remembered = next(
            (one for one in reversed(settled) if one.headings_key == tracker.headings_key), None
        )
        if remembered is not None:
            tracker = read_tracker(
                workbook, today=today, columns=dict(remembered.columns), words=dict(remembered.words)
            )
    text, places = _text_of(workbook, tracker)
    making = _Making(
        tracker,
        places,
        workbook.name,
        service,
        services,
        today,
        report_title,
        _titles_above(workbook, tracker),
    )
    reports = making.reports()
    return FilePlan(
        name=workbook.name,
        fingerprint=fingerprint_of(content),
        form=workbook.form,
        service=service,
        content=content,
        text=text,
        notes=tuple(dict.fromkeys((*workbook.notes, *tracker.notes))),
        reports=tuple(reports),
        read_faults=(*tracker.faults, *making.faults),
        tracker=tracker,
    )


def _text_of(workbook: Workbook, tracker: Tracker) -> tuple[str, dict[tuple[str, int], Place]]:
    """Return the rows as text, one heading and value a line, and where each row stands in it."""
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    pieces: list[str] = []
    places: dict[tuple[str, int], Place] = {}
    at = 0
    for row in tracker.rows:
        cells = sheets[row.sheet].rows[row.row - 1]
        lines = [row.where()]
        for column in tracker.columns:
            value = cells[column.place] if column.sheet == row.sheet and column.place < len(cells) else None
            if value not in (None, ""):
                heading = " ".join(column.heading.split()) or "No heading"
                lines.append(f"{heading}: {long_date(value) if isinstance(value, date) else value}")
        said = "\n".join(lines)
        places[row.sheet, row.row] = Place(at, at + len(said), row.where())
        pieces.append(said)
        at += len(said) + 2
    return "\n\n".join(pieces), places


def _titles_above(workbook: Workbook, tracker: Tracker) -> dict[str, str]:
    """Return for each sheet what stands alone in a row above its first recommendation and reads like a title."""
    first: dict[str, int] = {}
    for row in tracker.rows:
        first.setdefault(row.sheet, row.row)
    found: dict[str, str] = {}
    for sheet in workbook.sheets:
        for cells in sheet.rows[: first.get(sheet.name, 1) - 1]:
            said = [cell for cell in cells if cell not in (None, "")]
            alone = said[0] if len(said) == 1 else None
            if isinstance(alone, str) and len(alone) >= _TITLE_AT_LEAST and _TITLE_WORDS.search(alone):
                found[sheet.name] = " ".join(alone.split())
                break
    return found


class _Making:
    """The reports and rows of one tracker, and the faults that show only once a row is looked at as a whole."""

    def __init__(
        self,
        tracker: Tracker,
        places: Mapping[tuple[str, int], Place],
        name: str,
        service: str,
        services: Sequence[str],
        today: date,
        report_title: str,
        titles_above: Mapping[str, str],
    ) -> None:
        self.tracker, self.places, self.name = tracker, places, name
        self.service, self.today, self.report_title = service, today, report_title
        self.titles_above = titles_above
        self.services = {plain_words(one): one for one in services}
        self.faults: list[Fault] = []
        self.headings: dict[str, dict[str, str]] = {}
        self.undated: set[tuple[str, str]] = set()
        for column in tracker.columns:
            heading = " ".join(column.heading.split())
            self.headings.setdefault(column.sheet, {}).setdefault(column.field, heading)
            if column.field == "update":
                self.undated.add((column.sheet, heading))

    def reports(self) -> list[ReportPlan]:
        """Return a report for each title and service, in the order in which they first stand in the file."""
        groups: dict[tuple[str, str], list[TrackerRow]] = {}
        titles: dict[tuple[str, str], str] = {}
        for row in self.tracker.rows:
            service = self._service_of(row)
            named = str(row.values.get("report", "")) or self.report_title
            title = named or self.titles_above.get(row.sheet, "")
            key = (service, plain_words(title))
            groups.setdefault(key, []).append(row)
            titles.setdefault(key, title)
        return [
            self._report(place, service, titles[service, plain], rows)
            for place, ((service, plain), rows) in enumerate(groups.items())
        ]

    def _service_of(self, row: TrackerRow) -> str:
        named = str(row.values.get("service", ""))
        if not named:
            return self.service
        known = self.services.get(plain_words(named))
        if known is None:
            accepted = " or ".join(self.services.values())
            where = row.where(self._heading(row, "service"))
            self._fault(
                where, named, accepted, f'"{named}" is no service that you may take in for: {accepted}.'
            )
            return self.service
        return known

    def _report(self, place: int, service: str, title: str, rows: Sequence[TrackerRow]) -> ReportPlan:
        days = [row.values["published"] for row in rows if "published" in row.values]
        order = (Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.UNKNOWN)
        published_on, precision = min(
            days, key=lambda known: order.index(known[1]), default=(None, Precision.UNKNOWN)
        )
        problems = []
        if not title:
            problems.append(
                f"No column and no heading names the report of {len(rows)} of the rows. Give its title."
            )
        elif not self.report_title and not any("report" in row.values for row in rows):
            problems.append("The title is taken from above the headings of the sheet: confirm it.")
        if len({known for known in days if known[1] is precision}) > 1:
            problems.append("Its rows give more than one day of publication; the first is taken.")
        publishers = next((row.values["publishers"] for row in rows if row.values.get("publishers")), ())
        given: dict[str, Any] = {
            "title": title,
            "publishers": (publishers,) if isinstance(publishers, str) else tuple(publishers) or ("HMICFRS",),
            "programme": programme_of(title),
            "is_national": False,
            "published_on": published_on,
            "published_precision": precision if published_on else Precision.UNKNOWN,
            "published_source": "",
            "key_findings": (),
            "grades": (),
            "stated_count": None,
            "stated_addressees": "",
            "stated_applicability": None,
        }
        items = tuple(
            self._item(f"{place}-{number}", row, service, title, published_on, given["published_precision"])
            for number, row in enumerate(rows)
        )
        return ReportPlan(place=place, service=service, given=given, items=items, problems=tuple(problems))

    def _item(
        self,
        key: str,
        row: TrackerRow,
        service: str,
        title: str,
        published_on: date | None,
        precision: Precision,
    ) -> ItemPlan:
        values = row.values
        updates = self._updates(row)
        opened = opened_on(
            published_on, precision, self.today, values.get("opened"), *(update.day for update in updates)
        )
        if values.get("opened") and values["opened"] > opened:
            opened = min([values["opened"], *(update.day for update in updates)])
        problems: list[str] = []
        reference = self._reference(row, problems)
        kind, number, text = _headed(str(values.get("text", "")), values.get("kind"))
        addressed = read_addressees(text, Subject(service, tuple(self.services.values())))
        for_others = addressed.applies_to_service is False
        given: dict[str, Any] = {
            "reference": reference,
            "kind": kind,
            **({"number": number} if number else {}),
            "short_title": values.get("short_title") or short_title_of(text),
            "text": text,
            "report": title,
            "addressees": addressed.addressees,
            "applicability": values.get(
                "applicability", Applicability.FOR_OTHERS if for_others else Applicability.FOR_SERVICE
            ),
            **{name: values[name] for name in _AS_THEY_ARE if name in values},
            **_target(values, _target_in(text, published_on, precision)),
            "opened_on": opened,
        }
        if not reference and (printed := str(values.get("reference", ""))):
            headed = _HEADED.fullmatch(printed)
            counted = printed if printed.isdigit() else headed["number"] if headed else ""
            given.setdefault("number" if counted else "external_reference", counted or printed)
        for update in updates:
            if update.day < opened:
                where = row.where()
                self._fault(
                    where,
                    long_date(update.day),
                    f"{long_date(opened)} or later",
                    f"an update of {long_date(update.day)} is from before the report was published, on {long_date(opened)}.",
                )
        fields = {name: heading for name, heading in self.headings.get(row.sheet, {}).items() if name}
        return ItemPlan(
            key=key,
            service=service,
            given=given,
            place=self.places[row.sheet, row.row],
            updates=tuple(updates),
            guarded={
                name: (self._heading(row, name), values[name])
                for name in GUARDED
                if values.get(name) is not None
            },
            headings=fields if reference else {k: v for k, v in fields.items() if k != "reference"},
            problems=tuple(problems),
        )

    def _reference(self, row: TrackerRow, problems: list[str]) -> str:
        """Return the tracker's reference where it can be ours; a mere count of rows, or what cannot be one, is not."""
        printed = str(row.values.get("reference", ""))
        if self.tracker.is_own_export and printed:
            return printed
        if not printed or (printed.isdigit() and len(printed) <= _SERIAL):
            return ""
        plain = printed.strip().upper()
        if is_reference(plain):
            return plain
        if _HEADED.fullmatch(printed):
            return ""
        problems.append(f'"{printed}" cannot be a reference here; it is kept as the external reference.')
        return ""

    def _updates(self, row: TrackerRow) -> list[Update]:
        """Return what the force is said to have reported: the status stands with the last, or alone."""
        status, values = row.status, row.values
        before = ForceReport.NOT_STARTED if status is ForceReport.NOT_STARTED else ForceReport.IN_PROGRESS
        told = [
            Update(
                one.day,
                before,
                one.text,
                is_undated=one.day == self.today and (row.sheet, one.heading) in self.undated,
            )
            for one in row.updates
        ]
        done = values.get("completed_on") if status is ForceReport.COMPLETE else None
        if told and status is not None and not (done and done > told[-1].day):
            told[-1] = replace(told[-1], status=status)
        elif status is not None and (told or status is not ForceReport.NOT_STARTED):
            day = done or values.get("updated_on")
            told.append(
                Update(
                    min(day or self.today, self.today),
                    status,
                    f'Status in {self.name}: "{row.status_found}".',
                    is_status_only=True,
                    is_undated=day is None,
                )
            )
        if told:
            told[-1] = replace(
                told[-1],
                confidence=values.get("confidence"),
                blocked_by=str(values.get("blocked_by", "")),
            )
        return told

    def _heading(self, row: TrackerRow, name: str) -> str:
        return self.headings.get(row.sheet, {}).get(name, "")

    def _fault(self, where: str, found: str, wanted: str, message: str) -> None:
        self.faults.append(Fault(where, found, wanted, f"{where}: {message}"))


def _headed(text: str, kind: Kind | None) -> tuple[Kind, str, str]:
    """Return kind, number and words of a text that begins with its own header, as in "Recommendation 2: ..."."""
    found = _HEADED.match(text)
    if found is None or not text[found.end() :].strip():
        return kind or Kind.RECOMMENDATION, "", text
    word = found["kind"].casefold()
    printed = (
        Kind.RECOMMENDATION
        if word.startswith("rec")
        else Kind.AFI
        if word[0] == "a"
        else Kind.CAUSE_OF_CONCERN
    )
    return kind or printed, found["number"], text[found.end() :].strip()


def _target_in(text: str, published_on: date | None, precision: Precision) -> dict[str, Any]:
    """Return the deadline that the words themselves hold."""
    return target_of(read_deadline(text, published=published_on, published_precision=precision))


def _target(values: Mapping[str, Any], printed_in_text: dict[str, Any]) -> dict[str, Any]:
    """Return the target of a row; where its column says nothing else, that which stands in its words."""
    if "target" not in values or values["target"][1] == printed_in_text["due_on"] is not None:
        return printed_in_text
    phrase, due, precision, rule = values.get("target", ("", None, Precision.UNKNOWN, ""))
    printed = rule not in ("", "full-day", "month-end", "year-end") or phrase.casefold().startswith(_PRINTED)
    return {
        "due_on": due,
        "due_precision": precision if due else Precision.DAY,
        "due_phrase": phrase,
        "due_rule": rule if due else "",
        # A printed phrase is the inspectorate's; a bare day in a tracker is what the force has set itself.
        "due_set_by": SetBy.INSPECTORATE if printed else SetBy.SERVICE,
    }
