"""Every recommendation: search, filter, choose columns, take the rows away; each row opens its page."""

import streamlit as st

from monitor.domain.access import Permission
from monitor.ui import frame, overview, register

page = frame.open_page(Permission.READ)
view = page.view
if view.rows.empty:
    overview.no_reports(page, view)
    st.stop()

st.title("Register", anchor=False)
register.show_register(page)
