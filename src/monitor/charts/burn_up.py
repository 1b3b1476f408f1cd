"""Burn-up: closed against promised, towards one target day, with what may close by then."""

from datetime import date

import numpy as np
import pandas as pd

from monitor.analysis.days import Days, as_dates, day_number, day_of, flags
from monitor.analysis.forecast import Forecast, TooLittle, closing_fan, closings_by_week
from monitor.analysis.progress import BurnUp, burn_up, main_target_day, month_ends
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.drawing import (
    Anchor,
    Band,
    Drawing,
    DrawnMark,
    Label,
    Line,
    Margins,
    Points,
    count_axis,
    day_axis,
    day_name,
    tick_room,
)
from monitor.charts.placing import NARROW, Place, Plot
from monitor.charts.theme import Role
from monitor.charts.wording import is_are, number, on_day
from monitor.dates import add_months, long_date, month_year

NAME = "burn-up"
HEIGHT = 380
SMALL_HEIGHT = 300
SMALL_MONTHS = 15


def burn_up_chart(
    frames: Frames,
    *,
    today: date,
    demonstration: bool = False,
    office: str = "the office",
    target_day: date | None = None,
    small: bool = False,
) -> Chart:
    """
    Return closed against promised of the recommendations with a target on or before one day.

    Args:
        frames: The tables.
        today: The day the tables are as at.
        demonstration: Whether the data are a demonstration, which the source line then says.
        office: Whose register it is, for the source line.
        target_day: The day worked towards; unless told, the one ahead on which most open ones rest.
        small: 300 pixels high and from 15 months before the target day, over the same recommendations.
    """
    day = target_day or main_target_day(frames.register, today)
    as_at = AsAt(today, demonstration, office)
    if day is None:
        return make_chart(
            as_at,
            NAME,
            "No open recommendation has a target date ahead" if _any_open(frames) else "Nothing is open",
            "Recommendations closed, of those due by one day",
            _table(None),
        )
    made = burn_up(frames.register, frames.spells, frames.targets, day, today)
    counted = (
        f"Recommendations closed, of the {made.total:,} open at any time since {month_year(made.since)} "
        f"with a target of {long_date(day)} or earlier"
    )
    if not made.total:
        finding = (
            f"Nothing open since {month_year(made.since)} has a target of {on_day(day, today)} or earlier"
        )
        return make_chart(as_at, NAME, finding, counted, _table(made))
    forecast = closing_fan(
        closings_by_week(made.spells, today), day_number(day) - day_number(today), made.open
    )
    if small:
        counted = "Recommendations closed, of those due by then"
    return make_chart(
        as_at,
        NAME,
        _finding(made, forecast),
        counted,
        _table(made),
        drawing=_drawing(made, forecast, small=small),
        balance=f"{made.closed:,} closed + {made.open:,} open = {made.total:,}.",
        method=_method(made, forecast),
        facts=_facts(made, forecast),
    )


def _any_open(frames: Frames) -> bool:
    return bool(flags(frames.register["is_open"]).any())


def _rests_on_forecast(made: BurnUp) -> bool:
    return made.open > 0 and made.target_day > made.today


def _finding(made: BurnUp, forecast: Forecast | TooLittle) -> str:
    day = on_day(made.target_day, made.today)
    if not made.open:
        if made.total == 1:
            return f"The one due by {day} is closed"
        return f"All {number(made.total)} due by {day} are closed"
    if not _rests_on_forecast(made):
        return f"{made.closed:,} of the {made.total:,} due by {day} {is_are(made.closed)} closed"
    if isinstance(forecast, TooLittle):
        return forecast.words()
    still = f"{number(made.open)} still open"
    if forecast.middle == 0:
        if made.open == 1:
            return f"At this pace, the one still open will not close by {day}"
        return f"At this pace, none of the {still} will close by {day}"
    if forecast.middle >= made.open:
        if made.open == 1:
            return f"At this pace, the one still open will close by {day}"
        return f"At this pace, all {still} will close by {day}"
    return f"At this pace, about {number(forecast.middle)} of the {still} will close by {day}"


def _method(made: BurnUp, forecast: Forecast | TooLittle) -> str:
    if not _rests_on_forecast(made):
        return ""
    if isinstance(forecast, TooLittle):
        return f"{forecast.words()}; six are needed."
    replays = f"{forecast.replays:,} replays of the last 12 months"
    return f"The fan holds 8 in 10 of {replays}; the darker part, 5 in 10."


def _facts(made: BurnUp, forecast: Forecast | TooLittle) -> str:
    then = made.by_day["closed"].iloc[0]
    facts = f"{then} closed on {long_date(made.since)}, {made.closed:,} of {made.total:,} "
    facts += f"on {long_date(made.today)}."
    first_promised = int(made.by_day["promised"].iloc[-1])
    facts += f" As first promised it would be {first_promised:,} by {long_date(day_of(_last(made)))}."
    if isinstance(forecast, Forecast) and _rests_on_forecast(made):
        low, high = made.closed + forecast.low, made.closed + forecast.high
        facts += f" Likely {low:,} to {high:,} by then."
    return facts


def _last(made: BurnUp) -> int:
    return max(day_number(made.target_day), day_number(made.today))


def _table(made: BurnUp | None) -> pd.DataFrame:
    """Return month ends to today: closed and not closed, which sum to all, and promised by then."""
    if made is None:
        days = np.array([], dtype=np.int64)
        closed = promised = days
        total = 0
    else:
        days = month_ends(made.since, made.today)
        rows = days - day_number(made.since)
        closed = made.by_day["closed"].to_numpy(dtype=np.int64, na_value=0)[rows]
        promised = made.by_day["promised"].to_numpy(dtype=np.int64)[rows]
        total = made.total
    return pd.DataFrame(
        {
            "Day": as_dates(days),
            "Closed": closed,
            "Not closed": total - closed,
            "As first promised": promised,
        }
    )


def _steps(days: Days, values: Days) -> tuple[list[int], list[int]]:
    """Return only the days on which a count changes, with the first and the last."""
    keep = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    keep = np.unique(np.append(keep, len(values) - 1))
    return days[keep].tolist(), values[keep].tolist()


def _drawing(made: BurnUp, forecast: Forecast | TooLittle, *, small: bool) -> Drawing:
    wall, now = day_number(made.target_day), day_number(made.today)
    since = day_number(made.since)
    begin = (
        max(since, day_number(add_months(made.target_day.replace(day=1), -SMALL_MONTHS))) if small else since
    )
    begin = min(begin, now - 30)
    begin = max(begin, since)
    days = np.arange(begin, _last(made) + 1, dtype=np.int64)
    rows = made.by_day.iloc[begin - since :]
    closed = rows["closed"].to_numpy(dtype=np.int64, na_value=0)[: now - begin + 1]
    promised = rows["promised"].to_numpy(dtype=np.int64)
    top = float(made.total)
    y_axis = count_axis(top, headroom=0.0)

    marks: list[DrawnMark] = []
    ahead = forecast if isinstance(forecast, Forecast) and _rests_on_forecast(made) else None
    if ahead is not None:
        fan = ahead.fan
        places = tuple(float(now + n) for n in fan["days_ahead"])
        line = {
            name: tuple((made.closed + fan[name]).tolist()) for name in ("p10", "p25", "p50", "p75", "p90")
        }
        marks.append(Band(places, line["p10"], line["p90"], Role.FAN_OUTER))
        marks.append(Band(places, line["p25"], line["p75"], Role.FAN_INNER))
        ends = (places[0], places[-1])
        middle = (float(made.closed), float(made.closed + ahead.middle))
        ends_say = ("", _fan_words(made, ahead).replace("\n", ", "))
        marks.append(Line(ends, middle, Role.ACCENT, 1.75, "dash", hover=ends_say))

    xs, ys = _steps(days, promised)
    hover = tuple(f"{day_name(x)}: {y:,} as first promised" for x, y in zip(xs, ys, strict=True))
    marks.append(Line(tuple(xs), tuple(ys), Role.GHOST, 1.75, "dot", step=True, hover=hover))
    xs, ys = _steps(days[: len(closed)], closed)
    hover = tuple(f"{day_name(x)}: {y:,} closed" for x, y in zip(xs, ys, strict=True))
    marks.append(Line(tuple(xs), tuple(ys), Role.ACCENT, 3.0, step=True, hover=hover))
    low, high = float(begin), float(_last(made))
    marks.append(Line((low, high), (top, top), Role.INK, 1.75))
    marks.append(Line((float(wall), float(wall)), (0.0, top), Role.INK, 1.75))
    marks.append(Points((float(now),), (float(made.closed),), "dot", Role.ACCENT, 10.0))
    height = SMALL_HEIGHT if small else HEIGHT
    marks += _labels(made, forecast, closed, promised, begin, height=height)
    return Drawing(
        tuple(marks),
        day_axis(day_of(begin), day_of(_last(made)), most_ticks=6 if small else 7),
        y_axis,
        height,
        Margins(left=tick_room(y_axis), right=8),
        stretch=4.0,
    )


def _fan_words(made: BurnUp, ahead: Forecast) -> str:
    low, high = made.closed + ahead.low, made.closed + ahead.high
    likely = f"likely {low:,} to {high:,}" if low != high else f"likely {low:,}"
    return f"About {made.closed + ahead.middle:,} closed\n{likely}"


def _labels(
    made: BurnUp, forecast: Forecast | TooLittle, closed: Days, promised: Days, begin: int, *, height: int
) -> list[DrawnMark]:
    """Return the words, each where no line runs through it."""
    now, top, last = day_number(made.today), float(made.total), _last(made)
    wall = day_number(made.target_day)
    plot = Plot(begin, last, top, height - 72)
    days = np.arange(begin, last + 1)
    plot.add_line(days[: len(closed)], closed, step=True)
    plot.add_line(days, promised, step=True)
    ahead = forecast if isinstance(forecast, Forecast) and _rests_on_forecast(made) else None
    if ahead is not None:
        places = now + ahead.fan["days_ahead"].to_numpy()
        plot.add_band(
            places, made.closed + ahead.fan["p10"].to_numpy(), made.closed + ahead.fan["p90"].to_numpy()
        )

    ceiling = f"{made.total:,} due by {long_date(made.target_day)}"
    marks: list[DrawnMark] = [Label(begin, top, ceiling, bold=True, rise="bottom", dy=5)]
    marks += _closed_label(plot, made, now)
    if ahead is not None:
        marks += _fan_label(plot, made, ahead, wall - 0.016 * (last - begin))
    elif _rests_on_forecast(made) and isinstance(forecast, TooLittle):
        refusal = forecast.words().replace(": ", ":\n")
        place = plot.put(
            refusal, [Place(NARROW - 8, "right", up) for up in range(6, int(plot.height) - 40, 12)]
        )
        marks.append(Label(wall, plot.value(place.bottom), refusal, Role.SOFT, "right", "bottom", dx=-8))
    return marks + _promised_label(plot, promised, begin, last)


_SIDES: tuple[tuple[float, Anchor], ...] = ((-4.0, "right"), (4.0, "left"))


def _closed_label(plot: Plot, made: BurnUp, now: int) -> list[DrawnMark]:
    """Return how many are closed, beside today's dot: above it, or below where that is free."""
    text = f"{made.closed:,} closed"
    x, y = plot.x(now), plot.y(made.closed)
    tries = [Place(x + side, anchor, y + rise) for rise in (8, -30, 22, -44, 40) for side, anchor in _SIDES]
    chosen = plot.put(text, tries)
    return [
        Label(
            now,
            made.closed,
            text,
            Role.ACCENT,
            chosen.anchor,
            "bottom",
            bold=True,
            dx=chosen.x - x,
            dy=chosen.bottom - y,
        )
    ]


def _fan_label(plot: Plot, made: BurnUp, ahead: Forecast, at: float) -> list[DrawnMark]:
    """Return the two lines on where it ends, below the fan or above it, with a thin leader to the middle."""
    words = _fan_words(made, ahead)
    head, tail = words.split("\n")
    middle, x = made.closed + ahead.middle, plot.x(at)
    below = range(8, int(plot.y(made.closed)) - 44, 8)
    above = range(int(plot.y(made.closed + ahead.high)) + 12, int(plot.height) - 40, 8)
    tries = [Place(x - 10, "right", up) for up in (*below, *above)]
    place = plot.put(words, tries or [Place(x - 10, "right", plot.height * 0.7)])
    base = plot.value(place.bottom)
    is_below = base < middle
    end = plot.value(place.bottom + (26 if is_below else 10))
    return [
        Line((at, at), (end, middle + plot.value(-3 if is_below else 3)), Role.ACCENT, 1.0),
        Label(at, base, head, Role.ACCENT, "right", "bottom", bold=True, dx=-8, dy=18),
        Label(at, base, tail, Role.ACCENT, "right", "bottom", dx=-8),
    ]


def _promised_label(plot: Plot, promised: Days, begin: int, last: int) -> list[DrawnMark]:
    """Return "as first promised" along its line, near the right where there is room."""
    if not promised[-1]:
        return []
    text = "as first promised"
    tries = []
    for share in (0.72, 0.62, 0.82, 0.52, 0.92, 0.42, 0.98, 0.36):
        for rise in (4, -22):
            day = begin + int(share * (last - begin))
            tries.append(Place(plot.x(day), "right", plot.y(float(promised[day - begin])) + rise))
    for share in (0.3, 0.45, 0.6, 0.75):
        day = begin + int(share * (last - begin))
        tries.append(Place(plot.x(day) + 6, "left", plot.y(float(promised[day - begin])) - 22))
    place = plot.put(text, tries)
    x = begin + place.x / NARROW * (last - begin)
    return [Label(x, plot.value(place.bottom), text, Role.SOFT, place.anchor, "bottom")]
