"""Evidence: of what kind it is and how strong, and how many have none."""

from datetime import date

from monitor.analysis.evidence_table import evidence_by_kind, open_by_grade
from monitor.charts.bands import band_drawing, sum_line
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.rows import Row, rows_drawing
from monitor.charts.theme import Role
from monitor.charts.wording import has_have, is_are, number, sentence, several

NAME = "evidence"
GRADE_NAME = "evidence-grade"
COUNTED = "Evidence by kind, once for each recommendation it serves. From the left: strong, fair, weak."


def evidence_chart(
    frames: Frames, *, today: date, demonstration: bool = False, office: str = "the office"
) -> Chart:
    """Return the evidence by kind and strength."""
    as_at = AsAt(today, demonstration, office)
    kinds = evidence_by_kind(frames.evidence)
    table = kinds.set_axis(["Kind", "Strong", "Fair", "Weak", "Items"], axis=1)
    if kinds.empty:
        return make_chart(as_at, NAME, "No evidence has been added", COUNTED, table, balance="0 items.")
    strong, fair, weak = (int(kinds[grade].sum()) for grade in ("strong", "fair", "weak"))
    total = strong + fair + weak
    rows = [
        Row(kind, (s, f, w), f"{_items(items)}, {_best(s, f)}")
        for kind, s, f, w, items in kinds.itertuples(index=False)
    ]
    most = kinds.iloc[int(kinds["items"].to_numpy().argmax())]
    return make_chart(
        as_at,
        NAME,
        _finding(strong, weak, total),
        COUNTED,
        table,
        drawing=rows_drawing(rows, (Role.ACCENT, Role.GHOST, Role.REST), ("strong", "fair", "weak")),
        balance=f"{strong:,} strong + {fair:,} fair + {weak:,} weak = {_items(total)}.",
        facts=f"{strong:,} strong, {fair:,} fair, {weak:,} weak. The most common kind is "
        f"{str(most['kind']).lower()}, {most['items']:,}.",
    )


def _items(n: int) -> str:
    return f"{n:,} {several(n, 'item', 'items')}"


def _best(strong: int, fair: int) -> str:
    if strong:
        return f"{strong:,} strong"
    return f"{fair:,} fair" if fair else "all weak"


def _finding(strong: int, weak: int, total: int) -> str:
    if total == 1:
        return f"The one item of evidence is {'strong' if strong else 'weak' if weak else 'fair'}"
    if weak == total:
        return f"All {number(total)} items of evidence are weak"
    if 2 * weak > total:
        return f"More than half of the evidence is weak, {number(weak)} of {number(total)} items"
    if not strong:
        return f"None of the {number(total)} items of evidence is strong"
    if strong == total:
        return f"All {number(total)} items of evidence are strong"
    return sentence(f"{number(strong)} of the {number(total)} items of evidence {is_are(strong)} strong")


def evidence_grade_chart(
    frames: Frames, *, today: date, demonstration: bool = False, office: str = "the office"
) -> Chart:
    """Return the open ones by the strength of their evidence."""
    as_at = AsAt(today, demonstration, office)
    grades = open_by_grade(frames.register)
    names, counts = grades["grade"].tolist(), grades["open"].tolist()
    counted = "Open recommendations by the strength of their evidence"
    table = grades.set_axis(["Evidence", "Open"], axis=1)
    total = sum(counts)
    if not total:
        return make_chart(
            as_at, GRADE_NAME, "Nothing is open", counted, table, balance=sum_line(counts, "open")
        )
    none = counts[0]
    return make_chart(
        as_at,
        GRADE_NAME,
        _grade_finding(none, total),
        counted,
        table,
        drawing=band_drawing(names, counts, [name == names[0] for name in names]),
        balance=sum_line(counts, "open"),
        facts=", ".join(f"{name.lower()} {count:,}" for name, count in zip(names, counts, strict=True)) + ".",
    )


def _grade_finding(none: int, total: int) -> str:
    if total == 1:
        return f"The one open has {'no' if none else 'some'} evidence"
    if not none:
        return f"All {number(total)} open have some evidence"
    if none == total:
        return f"None of the {number(total)} open has any evidence"
    return sentence(f"{number(none)} of the {number(total)} open {has_have(none)} no evidence")
