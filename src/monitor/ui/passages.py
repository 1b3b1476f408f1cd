"""A passage of a file in the text around it, and two wordings with what was taken out and put in."""

import difflib
import re
from typing import Final

import streamlit as st

from monitor import dates
from monitor.services.reading import RecommendationView
from monitor.services.sources import read_passages
from monitor.ui import safe
from monitor.ui.frame import Page

BEFORE: Final = 200
AFTER: Final = 900
"""Characters of the text that stand before and after a passage until somebody asks for all of it."""

UNLIKE: Final = 0.5
"""Wordings less alike than this are shown one after the other: as one text nobody could read them."""

_PIECES: Final = re.compile(r"\s+|[^\s]+")
_GAPS: Final = re.compile(r"\n[^\S\n]*\n\s*\n")


def show_where_read(page: Page, seen: RecommendationView) -> None:
    """Show each passage in which a recommendation was read, marked in its file, the latest first; nothing for none."""
    known = len(seen.record.passages)
    if not known:
        return
    st.header("Where it was read", anchor=False)
    # On a past day those that came later are left out: the first ones are known as well.
    for place, one in enumerate(
        read_passages(page.store, reference=seen.record.reference, by=page.actor)[-known:]
    ):
        source = one.source
        day = dates.long_date(dates.london_day(source.recorded_at))
        told = [source.name, one.place, f"taken in on {day} by {source.by_name}"]
        with st.container(gap="xsmall"):
            st.markdown(safe.text(" · ".join(part for part in told if part)))
            show_marked(one.before, one.passage, one.after, key=f"read-{place}", name=source.name)
            for note in source.notes:
                st.caption(safe.text(note))


def show_passage(text: str, start: int, end: int, *, key: str, name: str) -> None:
    """Show a stretch of a file's text marked in what stands around it."""
    show_marked(text[:start], text[start:end], text[end:], key=key, name=name)


def show_marked(before: str, passage: str, after: str, *, key: str, name: str) -> None:
    """
    Show a passage marked between what stands before and after it: at first the nearest, on request all of it.

    Args:
        name: The file, for a screen reader.
    """
    is_long = len(before) > BEFORE or len(after) > AFTER
    is_whole = not is_long or bool(st.session_state.get(f"{key}-all", False))
    opening, closing = before.lstrip(), after.rstrip()
    if not is_whole:
        opening, closing = _end_of(before), _start_of(after)
    opening, marked, closing = (safe.html(_GAPS.sub("\n\n", part)) for part in (opening, passage, closing))
    label = safe.html(f"Text of {name}, with the passage marked")
    st.html(
        f'<div class="passage" role="group" tabindex="0" aria-label="{label}">'
        f"{opening}<mark>{marked}</mark>{closing}</div>"
    )
    if is_long:
        size = len(before) + len(passage) + len(after)
        st.toggle(f"Show the whole text ({size:,} characters)", key=f"{key}-all")


def _end_of(before: str) -> str:
    """Return the last words before a passage, from a whole one on."""
    if len(before) <= BEFORE:
        return before.lstrip()
    return "… " + before[-BEFORE:].partition(" ")[2].lstrip()


def _start_of(after: str) -> str:
    """Return the first words after a passage, up to a whole one."""
    if len(after) <= AFTER:
        return after.rstrip()
    return after[:AFTER].rpartition(" ")[0].rstrip() + " …"


def show_difference(before: str, after: str) -> None:
    """Show two wordings as one text, what went struck through and what came underlined; unlike ones one by one."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    compared = difflib.SequenceMatcher(None, old, new)
    if before.strip() and after.strip() and compared.ratio() < UNLIKE:
        st.html(
            f'<div class="difference"><p>On the register</p><del>{safe.html(before)}</del></div>'
            f'<div class="difference"><p>In the file</p><ins>{safe.html(after)}</ins></div>'
        )
        return
    told = (_told(kind, "".join(old[a:b]), "".join(new[c:d])) for kind, a, b, c, d in compared.get_opcodes())
    st.html(f'<div class="difference">{"".join(told)}</div>')


def _told(kind: str, gone: str, come: str) -> str:
    if kind == "equal":
        return safe.html(gone)
    before = f"<del>{safe.html(gone)}</del>" if gone.strip() else ""
    if not come.strip():
        return before or come
    return f"{before}{' ' if before else ''}<ins>{safe.html(come)}</ins>"
