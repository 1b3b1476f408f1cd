"""One recommendation: what was printed, what three voices say, its dates, its evidence and everything said about it."""

import streamlit as st

from monitor.domain.access import Permission
from monitor.errors import NotFoundError
from monitor.services.reading import read_recommendation
from monitor.ui import frame, recommendation, safe
from monitor.ui.filling import say_saved

page = frame.open_page(Permission.READ)
say_saved()
reference = st.query_params.get("ref", "").strip()
try:
    seen = read_recommendation(
        page.store, reference=reference, by=page.actor, as_at=page.as_at if page.is_past else None
    )
except NotFoundError as problem:
    st.title("Recommendation", anchor=False)
    frame.empty(
        safe.text(problem.message.rstrip(".")) if reference else "No recommendation is named",
        "It may have another reference, or may not have been known on the day shown.",
    )
    page.link("register", "Find it in the register")
    st.stop()
frame.name_tab(f"{seen.record.reference} {seen.record.short_title}")
recommendation.show(page, seen)
