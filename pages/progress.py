"""Placeholder until the page is written."""

import streamlit as st

from monitor.domain.access import Permission
from monitor.ui import frame

page = frame.open_page(Permission.READ)
st.title("Progress")
st.markdown("This page is not written yet.")
