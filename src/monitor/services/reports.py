"""The reports on the register: what each holds, what it says it holds, and until when the office may respond."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from monitor.domain.inspections import Inspection
from monitor.domain.responses import days_left
from monitor.domain.statuses import Applicability, Kind
from monitor.services.view import RegisterView

_NUMBERED: Final = re.compile(r"(.*?)([0-9]+)")
_FIRST_NUMBER: Final = "001"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """
    One report with its counts, as at the day of the view.

    Attributes:
        open, closed, for_others: Of those listed; the three come to `listed`.
        embeds: Title of the report whose response stands inside the response to this one, or "".
        embedded_in: The same, seen from the other side.
        needs_response: False for an audit, which no Act asks the office to comment on.
        last_day: Statutory last day to respond; None where none is needed or the day of publication is not known.
        days_left: Days from the day shown to that one; 0 on the day itself, negative afterwards.
    """

    report: Inspection
    open: int
    closed: int
    for_others: int
    embeds: str
    embedded_in: str
    needs_response: bool
    last_day: date | None
    days_left: int | None

    @property
    def listed(self) -> int:
        """Return how many recommendations of the report are on the register."""
        return self.open + self.closed + self.for_others

    @property
    def asks_for_day(self) -> bool:
        """Tell whether the office must find out the day of publication before the last day can be told."""
        return self.needs_response and self.last_day is None

    @property
    def holds(self) -> str:
        """
        Return what the report holds in one line: "8 listed: 5 open, 2 closed, 1 for others".

        What it states comes first where that differs. A count of which nothing is listed is a fact to
        keep: "14 stated, none listed, all for others: NPCC and NCA".
        """
        stated = self.report.stated_count
        says = f"{stated:,} stated" if stated is not None and stated != self.listed else ""
        if not self.listed:
            if not says:
                return "None listed" if stated is None else "None stated, none listed"
            return ", ".join([says, "none listed", *self._stated_for()])
        listed = f"{self.listed:,} listed{', as stated' if stated == self.listed else ''}"
        return f"{', '.join(filter(None, [says, listed]))}: {', '.join(self._parts())}"

    def _parts(self) -> list[str]:
        parts = {"open": self.open, "closed": self.closed, "for others": self.for_others}
        kept = [f"{number:,} {word}" for word, number in parts.items() if number]
        if len(kept) == 1:
            word = kept[0].partition(" ")[2]
            return [f"all {word}" if self.listed > 1 else word]
        return kept

    def _stated_for(self) -> list[str]:
        """Return whom the recommendations that are only counted are for, as far as the report says."""
        whom, to = self.report.stated_applicability, self.report.stated_addressees
        if whom is Applicability.FOR_OTHERS:
            return [f"all for others: {to}" if to else "all for others"]
        known = f"{whom.word[:1].lower()}{whom.word[1:]}" if whom else ""
        if known and to:
            return [f"{known}: {to}"]
        return [known] if known else [f"addressed to {to}"] if to else []


def report_rows(view: RegisterView) -> list[ReportRow]:
    """
    Return one row a report that the reader may see.

    Returns:
        The latest published first; those whose publication is not known at all last, by title.
    """
    counted = _counts(view)
    titles = {number: report.title for number, report in view.inspections.items()}
    around = {
        report.embeds: report.title for report in view.inspections.values() if report.embeds is not None
    }
    rows = []
    for number, report in view.inspections.items():
        is_open, closed, for_others = counted.get(number, (0, 0, 0))
        last_day = report.last_day_to_respond
        left = days_left(report.published_on, view.as_at) if last_day and report.published_on else None
        rows.append(
            ReportRow(
                report=report,
                open=is_open,
                closed=closed,
                for_others=for_others,
                embeds=titles.get(report.embeds, "") if report.embeds is not None else "",
                embedded_in=around.get(number, ""),
                needs_response=report.needs_response,
                last_day=last_day,
                days_left=left,
            )
        )
    return sorted(rows, key=lambda row: (-_published(row.report).toordinal(), row.report.title.casefold()))


def _published(report: Inspection) -> date:
    return report.published_on or date.min


def _counts(view: RegisterView) -> Mapping[int, tuple[int, int, int]]:
    """Return for each report how many are open, closed, and for others."""
    rows = view.rows
    if rows.empty:
        return {}
    marked = rows[["inspection_id"]].assign(
        open=rows["is_open"], closed=rows["counts"] & ~rows["is_open"], for_others=~rows["counts"]
    )
    summed = marked.groupby("inspection_id").sum()
    return {
        int(number): (int(is_open), int(closed), int(others))
        for number, is_open, closed, others in summed.itertuples(name=None)
    }


def next_reference(view: RegisterView, service: str) -> str:
    """
    Return the next free reference of a service, by the pattern that most of its references follow.

    Returns:
        "CC-115" after CC-114; for a service without any, its initials and 001.
    """
    return next(references_from(view, service))


def references_from(view: RegisterView, service: str) -> Iterator[str]:
    """Yield the free references of a service from the next one on, without end."""
    numbers: dict[str, str] = {}
    series: Counter[str] = Counter()
    for reference in view.rows.loc[view.rows["service"] == service, "reference"]:
        if found := _NUMBERED.fullmatch(reference):
            before, number = found.groups()
            series[before] += 1
            numbers[before] = max(numbers.get(before, "0"), number, key=int)
    taken = set(view.rows["reference"])
    if series:
        before = series.most_common(1)[0][0]
        number = _after(numbers[before])
    else:
        before, number = f"{_initials(service)}-", _FIRST_NUMBER
    while True:
        if f"{before}{number}" not in taken:
            yield f"{before}{number}"
        number = _after(number)


def _after(number: str) -> str:
    return str(int(number) + 1).zfill(len(number))


def _initials(service: str) -> str:
    return "".join(word[0] for word in service.split() if re.match("[A-Z0-9]", word))[:6] or "R"


def causes_of_concern(view: RegisterView, report: Inspection) -> dict[str, str]:
    """Return the causes of concern that a recommendation may stand under, those of its own report first."""
    rows = view.rows
    causes = rows[(rows["kind"] == Kind.CAUSE_OF_CONCERN.value) & (rows["service"] == report.service)]
    causes = causes.assign(elsewhere=causes["inspection_id"] != report.id)
    causes = causes.sort_values(["elsewhere", "reference"], kind="stable")
    return dict(zip(causes["reference"], causes["short_title"], strict=True))


def usual_applicability(report: Inspection) -> Applicability:
    """Return for whom its recommendations are until somebody decides: those of a national report are not decided."""
    if report.stated_applicability is not None:
        return report.stated_applicability
    return Applicability.NOT_DECIDED if report.is_national else Applicability.FOR_SERVICE


def addressees(view: RegisterView) -> list[str]:
    """Return everyone to whom something is addressed, as printed, sorted."""
    found = {one for several in view.rows["addressees"].unique() for one in several.split("; ") if one}
    return sorted(found, key=str.casefold)


def publishers(view: RegisterView) -> list[str]:
    """Return everyone who has published a report, the most frequent first; HMICFRS where nobody has."""
    found = Counter(name for report in view.inspections.values() for name in report.publishers)
    return [name for name, _ in found.most_common()] or ["HMICFRS"]
