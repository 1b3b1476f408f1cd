"""*How this is worked out*: every word, mark and rule, from the code that applies it."""

import streamlit as st

from monitor.services.definitions import Section, sections
from monitor.settings import Settings
from monitor.ui import safe, words


def show(settings: Settings) -> None:
    """Show one table a vocabulary, with a list of them first."""
    found = sections(settings)
    st.markdown(" · ".join(f"[{safe.text(section.title)}](#{section.key})" for section in found))
    for section in found:
        _section(section)


def _section(section: Section) -> None:
    st.header(section.title, anchor=section.key)
    st.caption(section.said)
    word, meaning = section.headings
    with st.container(key=f"defined-{section.key}"):
        st.table(
            {
                word: [
                    words.status_markdown(d.member) if d.member else safe.text(d.word) for d in section.rows
                ],
                meaning: [safe.text(d.meaning) for d in section.rows],
            },
            border="horizontal",
            hide_index=True,
        )
