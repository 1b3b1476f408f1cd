"""Placeholder until the page is written."""

import streamlit as st

from monitor.domain.access import Permission
from monitor.ui import frame

page = frame.open_page(Permission.REPORT_PROGRESS)
st.title("My updates")
st.markdown("This page is not written yet.")
