"""Slippage: how far the dates of the open ones have moved from the date first set."""

from datetime import date

from monitor.analysis.slippage import slip_bands
from monitor.charts.bands import band_drawing, sum_line
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.wording import number, sentence

NAME = "slippage"
COUNTED = "Open recommendations by days between first and current date"
HALF_A_YEAR = 181


def slippage_chart(
    frames: Frames, *, today: date, demonstration: bool = False, office: str = "the office"
) -> Chart:
    """Return the open ones by how far their date has slipped."""
    as_at = AsAt(today, demonstration, office)
    bands = slip_bands(frames.register)
    names, counts = bands["band"].tolist(), bands["open"].tolist()
    least = bands["least_days"].tolist()
    slipped = sum(count for count, days in zip(counts, least, strict=True) if days > 0)
    far = sum(count for count, days in zip(counts, least, strict=True) if days >= HALF_A_YEAR)
    table = bands[["band", "open"]].set_axis(["Days between first and current date", "Open"], axis=1)
    total = sum(counts)
    if not total:
        return make_chart(as_at, NAME, "Nothing is open", COUNTED, table, balance=sum_line(counts, "open"))
    most = max(range(len(counts)), key=counts.__getitem__)
    return make_chart(
        as_at,
        NAME,
        _finding(slipped, far),
        COUNTED,
        table,
        drawing=band_drawing(names, counts, [far > 0 and days >= HALF_A_YEAR for days in least]),
        balance=sum_line(counts, "open"),
        facts=f"Of {total:,} open, {slipped:,} slipped; the most, {counts[most]:,}, in the band "
        f"“{names[most]}”. {names[0]}: {counts[0]:,}. {names[4]}: {counts[4]:,}.",
    )


def _finding(slipped: int, far: int) -> str:
    if not slipped:
        return "No open recommendation has slipped"
    if slipped == 1:
        return f"The one that slipped did so by {'over' if far else 'less than'} six months"
    if not far:
        return f"None of the {number(slipped)} that slipped did so by over six months"
    if far == slipped:
        return f"All {number(slipped)} that slipped did so by over six months"
    if 2 * far > slipped:
        return "More than half of those that slip do so by over six months"
    if 2 * far == slipped:
        return "Half of those that slip do so by over six months"
    does = "does" if far == 1 else "do"
    return sentence(f"{number(far)} of the {number(slipped)} that slip {does} so by over six months")
