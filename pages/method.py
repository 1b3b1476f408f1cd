"""How this is worked out: every status, rule, rubric and figure defined."""

import streamlit as st

from monitor.domain.access import Permission
from monitor.settings import Settings
from monitor.ui import frame, method

page = frame.open_page(Permission.READ)
page.say_where("For everyone")
st.title("How this is worked out", anchor=False)
st.markdown(
    "Every word, mark and rule on these pages. The three voices are typed by people and dated; the schedule is computed."
)
method.show(Settings.from_environment())
