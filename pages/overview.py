"""What a commissioner with two minutes needs: the finding, six figures, what needs attention, what changed."""

import streamlit as st

from monitor.domain.access import Permission
from monitor.ui import frame, overview

page = frame.open_page(Permission.READ)
view = page.view
if view.rows.empty:
    overview.no_reports(page, view)
    st.stop()

overview.show_finding(view)
overview.show_figures(page, view)
left, right = st.columns([7, 5], gap="xlarge")
with left:
    overview.show_attention(page, view)
with right:
    overview.show_burn_up(page, view)
    overview.show_changes(page, view)
