"""The charts of a register view, filtered as the register is, on the screen and as files."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from monitor.charts.catalogue import draw
from monitor.charts.chart import Chart, Frames
from monitor.charts.page import to_html
from monitor.charts.picture import to_picture
from monitor.errors import NotFoundError, RuleError
from monitor.services.filters import Filter, kept
from monitor.services.view import RegisterView

CHARTED: Final = (
    "reference", "short_title", "kind", "service", "inspection", "inspection_id", "published_on",
    "published_precision", "owner", "board", "force_report", "assurance", "schedule_state",
    "days_late", "days_to_target", "original_target", "current_target", "moves", "days_slipped",
    "evidence_count", "evidence_grade", "opened_on", "is_open", "closed_on", "closure_reason",
)  # fmt: skip
"""The columns that charts are drawn from: the long texts stay behind."""


@lru_cache(maxsize=64)
def frames_of(view: RegisterView, wanted: Filter) -> Frames:
    """Return the tables that charts take, of the rows that the filter asks for and that count."""
    keep = kept(view, wanted) & view.rows["counts"].to_numpy()
    return Frames(
        register=view.rows.loc[keep, list(CHARTED)],
        spells=view.spells[keep[view.spells["row"]]],
        targets=view.targets[keep[view.targets["row"]]],
        evidence=view.evidence[keep[view.evidence["row"]]],
    )


def draw_chart(view: RegisterView, name: str, wanted: Filter, **options: Any) -> Chart:
    """
    Return a chart of the rows that the filter asks for, as at the view's day.

    Raises:
        NotFoundError: when there is no chart of that name.
    """
    reference = options.get("reference")
    if reference and reference not in set(view.rows["reference"]):
        raise NotFoundError(
            f'There is no recommendation "{reference}" in this register.', reference=reference
        )
    return draw(
        name,
        frames_of(view, wanted),
        today=view.as_at,
        demonstration=view.is_demonstration,
        office="the office",
        **options,
    )


CHART_FILES: Final[Mapping[str, Callable[[Chart], bytes]]] = {
    ".png": lambda chart: to_picture(chart, "png"),
    ".svg": lambda chart: to_picture(chart, "svg"),
    ".html": lambda chart: to_html(chart).encode(),
}


def write_chart(chart: Chart, path: Path) -> None:
    """
    Write the chart in the form that the file's ending names.

    Raises:
        RuleError: for an ending that is none of these, or a folder that cannot be written.
    """
    make = CHART_FILES.get(path.suffix.lower())
    if make is None:
        raise RuleError(f"{path.name} cannot be written: a chart is kept as {', '.join(CHART_FILES)}.")
    content = make(chart)
    try:
        path.write_bytes(content)
    except OSError as problem:
        raise RuleError(f"{path} cannot be written: {problem.strerror}.") from None
