"""Every chart by its name on the command line, in the order of the Progress page."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from monitor.charts.age import age_chart
from monitor.charts.burn_up import burn_up_chart
from monitor.charts.by_report import by_report_chart
from monitor.charts.chart import Chart, Frames
from monitor.charts.evidence import evidence_chart, evidence_grade_chart
from monitor.charts.kept_dates import kept_dates_chart
from monitor.charts.ledger import ledger_chart
from monitor.charts.open_late import open_late_chart
from monitor.charts.slippage import slippage_chart
from monitor.charts.timeline import timeline_chart
from monitor.charts.workload import workload_by_board_chart, workload_by_owner_chart
from monitor.errors import NotFoundError

CHARTS: Final[Mapping[str, Callable[..., Chart]]] = MappingProxyType(
    {
        "burn-up": burn_up_chart,
        "by-report": by_report_chart,
        "timeline": timeline_chart,
        "kept-dates": kept_dates_chart,
        "open-late": open_late_chart,
        "slippage": slippage_chart,
        "evidence": evidence_chart,
        "evidence-grade": evidence_grade_chart,
        "age": age_chart,
        "workload-owner": workload_by_owner_chart,
        "workload-board": workload_by_board_chart,
        "ledger": ledger_chart,
    }
)

NEEDS_REFERENCE: Final = frozenset({"ledger"})
"""The charts that are about one recommendation and take `reference`."""


def draw(
    name: str,
    frames: Frames,
    *,
    today: date,
    demonstration: bool = False,
    office: str = "the office",
    **options: Any,
) -> Chart:
    """
    Return the chart of this name.

    Args:
        name: One of `CHARTS`.
        frames: The tables it is drawn from.
        today: The day they are as at.
        demonstration: Whether the data are a demonstration.
        office: Whose register it is, for the source line.
        options: `target_day` and `small` for the burn-up, `reference` for the ledger.

    Raises:
        NotFoundError: when there is no chart of that name, or the ledger is asked for without a reference.
    """
    if name not in CHARTS:
        raise NotFoundError(f'There is no chart "{name}". The charts are: {", ".join(CHARTS)}.', name=name)
    if name in NEEDS_REFERENCE and not options.get("reference"):
        raise NotFoundError(f'The chart "{name}" is about one recommendation: name its reference.', name=name)
    return CHARTS[name](frames, today=today, demonstration=demonstration, office=office, **options)
