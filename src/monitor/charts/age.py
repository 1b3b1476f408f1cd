"""Age: how long the open ones have been open."""

from datetime import date

from monitor.analysis.ageing import NOT_KNOWN, age_bands
from monitor.charts.bands import band_drawing, sum_line
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.wording import has_have, number, sentence

NAME = "age"
COUNTED = "Open recommendations by the days since they were opened"
OVER_A_YEAR = ("1 to 2 years", "Over 2 years")


def age_chart(
    frames: Frames, *, today: date, demonstration: bool = False, office: str = "the office"
) -> Chart:
    """Return the open ones by how long they have been open."""
    as_at = AsAt(today, demonstration, office)
    bands = age_bands(frames.register, today)
    names, counts = bands["band"].tolist(), bands["open"].tolist()
    table = bands.set_axis(["Open for", "Open", "Of these late"], axis=1)
    total = sum(counts)
    if not total:
        return make_chart(as_at, NAME, "Nothing is open", COUNTED, table, balance=sum_line(counts, "open"))
    old = [name in OVER_A_YEAR for name in names]
    over = sum(count for count, is_old in zip(counts, old, strict=True) if is_old)
    most = max(range(len(counts)), key=counts.__getitem__)
    return make_chart(
        as_at,
        NAME,
        _finding(over, total, unknown=NOT_KNOWN in names),
        COUNTED,
        table,
        drawing=band_drawing(names, counts, old),
        balance=sum_line(counts, "open"),
        facts=f"{names[0]}: {counts[0]:,}. {names[4]}: {counts[4]:,}. The most, {counts[most]:,}, "
        f"in the band “{names[most]}”.",
    )


def _finding(over: int, total: int, *, unknown: bool) -> str:
    if total == 1:
        return f"The one open has {'' if over else 'not '}been open for over a year"
    if not over:
        known = " is known to have" if unknown else " has"
        return f"None of the {number(total)} open{known} been open for over a year"
    if over == total:
        return f"All {number(total)} open have been open for over a year"
    return sentence(f"{number(over)} of the {number(total)} open {has_have(over)} been open for over a year")
