"""A passage of a file in the text around it, and two wordings with what was taken out and put in."""

import difflib
import re
from collections.abc import Callable, Iterator
from typing import Final

import streamlit as st

from monitor import dates
from monitor.services.reading import RecommendationView
from monitor.services.sources import read_passages
from monitor.ui import safe
from monitor.ui.frame import Page

BEFORE: Final = 140
AFTER: Final = 500
"""Characters of the text that stand before and after a passage until somebody asks for all of it."""

PART: Final = 20_000
"""Characters of a whole text that are shown at once: a browser takes seconds to lay out two hundred pages."""

UNLIKE: Final = 0.5
"""Wordings less alike than this are shown one after the other: as one text nobody could read them."""

_PIECES: Final = re.compile(r"\s+|[^\s]+")


def show_where_read(page: Page, seen: RecommendationView) -> None:
    """Show each passage in which a recommendation was read, marked in its file, the latest first; nothing for none."""
    known = len(seen.record.passages)
    if not known:
        return
    st.header("Where it was read", anchor=False)
    read = read_passages(page.store, reference=seen.record.reference, by=page.actor)
    # On a past day those that came later are left out: the first ones are known as well.
    for place, one in enumerate(read[-known:]):
        source = one.source
        day = dates.long_date(dates.london_day(source.recorded_at))
        told = [source.name, one.place, f"taken in on {day} by {source.by_name}"]
        st.markdown(safe.text(" · ".join(part for part in told if part)))
        for note in source.notes:
            st.caption(safe.text(note))
        text = one.before + one.passage + one.after
        start = len(one.before)
        show_passage(text, start, start + len(one.passage), key=f"read-{place}")


def show_passage(text: str, start: int, end: int, *, key: str) -> None:
    """Show a stretch of a file's text marked in what stands nearest to it; all of the text where that is asked for."""
    is_long = start > BEFORE or len(text) - end > AFTER
    with st.container(key=f"passage-{key}", gap="small"):
        if is_long and st.toggle(f"Show the whole text ({len(text):,} characters)", key=f"{key}-all"):
            first, last = _part(text, start, key)
            opening, closing = "", ""
        else:
            first, last = _around(text, start, end)
            opening, closing = ("… " if first else ""), (" …" if last < len(text) else "")
        st.markdown(opening + "".join(_marked(text, first, last, start, end)) + closing)


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of the nearest words."""
    first, last = max(0, start - BEFORE), min(len(text), end + AFTER)
    if first:
        space = re.compile(r"\s").search(text, first, start)
        first = space.end() if space else start
    if last < len(text):
        last = max(text.rfind(" ", end, last), text.rfind("\n", end, last), end)
    return first, last


def _part(text: str, start: int, key: str) -> tuple[int, int]:
    """Return the range of the part that the reader turned to, at first the one with the passage; offer the others."""
    parts = -(-len(text) // PART)
    number = start // PART + 1
    if parts > 1:
        number = st.pagination(parts, default=number, key=f"{key}-part")
    return (number - 1) * PART, min(len(text), number * PART)


def _marked(text: str, first: int, last: int, start: int, end: int) -> Iterator[str]:
    """Yield the range as markdown, line by line, with the passage on a tinted ground."""
    at, is_begun, is_gap = first, False, False
    for line in text[first:last].splitlines(keepends=True):
        pieces = (
            (line[: max(0, start - at)], False),
            (line[max(0, start - at) : max(0, end - at)], True),
            (line[max(0, end - at) :], False),
        )
        at += len(line)
        shown = " ".join(
            f":orange-background[{words}]" if is_passage else words
            for piece, is_passage in pieces
            if (words := safe.text(piece))
        )
        if not shown:
            is_gap = is_begun
            continue
        # A backslash at the end of a line is a line break in Markdown.
        yield f"{chr(10) * 2 if is_gap else chr(92) + chr(10) if is_begun else ''}{shown}"
        is_begun, is_gap = True, False


def show_difference(before: str, after: str) -> None:
    """Show two wordings as one text, what went struck through and what came in bold; unlike ones one by one."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    compared = difflib.SequenceMatcher(None, old, new)
    if before.strip() and after.strip() and compared.ratio() < UNLIKE:
        for said, text in (("On the register", before), ("In the file", after)):
            st.caption(said)
            st.markdown(safe.paragraphs(text))
        return
    told = (
        piece
        for kind, a, b, c, d in compared.get_opcodes()
        for piece in _told(kind, "".join(old[a:b]), "".join(new[c:d]))
    )
    st.markdown(" ".join(told))


def _told(kind: str, gone: str, come: str) -> Iterator[str]:
    if kind == "equal":
        yield _by_line(gone, lambda line: line)
        return
    if gone.strip():
        yield _by_line(gone.strip(), lambda line: f":gray[~~{line}~~]")
    if come.strip():
        yield _by_line(come, lambda line: f":blue-background[**{line}**]")
    elif "\n" in come:
        yield "\\\n"


def _by_line(text: str, style: Callable[[str], str]) -> str:
    lines = (safe.text(line) for line in re.split(r"\n+", text))
    return "\\\n".join(style(line) if line else "" for line in lines)
