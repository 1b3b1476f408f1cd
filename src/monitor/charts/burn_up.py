"""Burn-up: closed against promised, towards one target day, with what may close by then."""

from datetime import date

import numpy as np
import pandas as pd

from monitor.analysis.days import Days, as_dates, day_number, day_of
from monitor.analysis.forecast import Forecast, TooLittle, closing_fan, closings_by_week
from monitor.analysis.progress import BurnUp, burn_up, main_target_day, month_ends
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.drawing import (
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
            "No open recommendation has a target date ahead",
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
    forecast = closing_fan(closings_by_week(made.spells, today), day_number(day) - day_number(today), made.open)
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
    marks += _labels(made, forecast, promised, begin)
    return Drawing(
        tuple(marks),
        day_axis(day_of(begin), day_of(_last(made)), most_ticks=6 if small else 7),
        y_axis,
        SMALL_HEIGHT if small else HEIGHT,
        Margins(left=tick_room(y_axis), right=8),
        stretch=4.0,
    )


def _fan_words(made: BurnUp, ahead: Forecast) -> str:
    low, high = made.closed + ahead.low, made.closed + ahead.high
    likely = f"likely {low:,} to {high:,}" if low != high else f"likely {low:,}"
    return f"About {made.closed + ahead.middle:,} closed\n{likely}"


def _labels(made: BurnUp, forecast: Forecast | TooLittle, promised: Days, begin: int) -> list[DrawnMark]:
    """Return the words, each where its line leaves room: heights are shares of the ceiling."""
    wall, now, top = day_number(made.target_day), day_number(made.today), float(made.total)
    last = _last(made)
    words: list[DrawnMark] = [
        Label(
            begin, top, f"{made.total:,} due by {long_date(made.target_day)}", bold=True, rise="bottom", dy=5
        )
    ]
    promised_now = float(promised[min(now - begin, len(promised) - 1)])
    gap = (promised_now - made.closed) / top
    beneath = (0.0 <= gap < 0.17 and made.closed / top > 0.15) or made.closed / top > 0.9
    words.append(
        Label(
            now,
            made.closed,
            f"{made.closed:,} closed",
            Role.ACCENT,
            "right" if now - begin > 0.3 * (last - begin) else "left",
            "top" if beneath else "bottom",
            bold=True,
            dx=-4,
            dy=-12 if beneath else 8,
        )
    )
    at = begin + int(0.72 * (last - begin))
    height = float(promised[min(at - begin, len(promised) - 1)])
    if height > 0:
        under = (top - height) / top < 0.12
        words.append(
            Label(
                at,
                height,
                "as first promised",
                Role.SOFT,
                "right",
                "top" if under else "bottom",
                dy=-5 if under else 4,
            )
        )
    if _rests_on_forecast(made):
        if isinstance(forecast, TooLittle):
            refusal = forecast.words().replace(": ", ":\n")
            words.append(Label(wall, 0.0, refusal, Role.SOFT, "right", "bottom", dx=-8, dy=6))
        else:
            words += _fan_label(made, forecast, wall - 0.008 * (last - begin), top)
    return words


def _fan_label(made: BurnUp, ahead: Forecast, place: float, top: float) -> list[DrawnMark]:
    """Return the two lines on where it ends, below the fan or above it, with a thin leader to the middle."""
    head, tail = _fan_words(made, ahead).split("\n")
    middle = made.closed + ahead.middle
    lowest = min(made.closed, made.closed + ahead.low) / top
    if lowest > 0.24:
        base = 0.055 * top
        leader = (base + 0.11 * top, middle - 0.01 * top)
    else:
        base = min(max(made.closed + ahead.high, middle) / top + 0.12, 0.80) * top
        leader = (base - 0.01 * top, middle + 0.01 * top)
    return [
        Line((place, place), leader, Role.ACCENT, 1.0),
        Label(place, base, head, Role.ACCENT, "right", "bottom", bold=True, dx=-10, dy=18),
        Label(place, base, tail, Role.ACCENT, "right", "bottom", dx=-10),
    ]
