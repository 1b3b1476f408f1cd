"""Progress: every chart toward the target dates, filtered as the register is."""

import streamlit as st

from monitor.domain.access import Permission
from monitor.ui import charts, filters, frame

WIDE = ("burn-up", "by-report", "timeline", "kept-dates")
PAIRS = (
    ("open-late", "slippage"),
    ("evidence", "evidence-grade"),
    ("age",),
    ("workload-owner", "workload-board"),
)

page = frame.open_page(Permission.READ)
view = page.view
st.title("Progress", anchor=False)
if not view.rows["counts"].any():
    frame.empty(
        "No reports yet",
        "Once a report has been taken in, its progress toward the target dates is drawn here.",
    )
    st.stop()
wanted = filters.filter_bar(page, view, compact=True)
for name in WIDE:
    charts.show(page, view, name, wanted)
for pair in PAIRS:
    with st.container(key=f"pair-{pair[0]}"):
        for column, name in zip(st.columns(len(pair), gap="xlarge"), pair, strict=True):
            with column:
                charts.show(page, view, name, wanted)
