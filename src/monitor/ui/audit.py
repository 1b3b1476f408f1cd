"""Who did what: the history in words, filtered, a page at a time, and as a file to take away."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.exporters import ExportTable, as_bytes
from monitor.packs.audit_table import audit_export
from monitor.services import auditing
from monitor.services.auditing import AuditAct, AuditFilter, AuditRow
from monitor.settings import Titles
from monitor.ui import downloads, frame, safe, session, words
from monitor.ui.fields import DATE_FORMAT

ENTRIES_A_PAGE: Final = 25
WHO: Final = "who"

_BEGINNINGS: Final = "_audit_beginnings"
"""Before which entries the pages turned to begin; numbers of the history stay in here and are never sent."""

_OPENS: Final = {
    "recommendation": "recommendation",
    "inspection": "register",
    "publication_day": "register",
    "report_source": "register",
    "account": "accounts",
    "account_change": "accounts",
}


def show(page: frame.Page) -> None:
    """Show the entries that this reader may read."""
    st.title("Who did what", anchor=False)
    people = auditing.people_in_audit(page.store, by=page.actor)
    wanted = _ask(page, people)
    total = auditing.count_audit(page.store, by=page.actor, wanted=wanted)
    beginnings: list[int] = st.session_state.setdefault(_BEGINNINGS, [])
    rows = auditing.read_audit(
        page.store,
        by=page.actor,
        wanted=wanted,
        before=beginnings[-1] if beginnings else None,
        limit=ENTRIES_A_PAGE,
    )
    start = len(beginnings) * ENTRIES_A_PAGE
    with st.container(key="count", horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(_counted(start, len(rows), total))
        if total:
            _offer_files(page, wanted, people)
    if not rows:
        frame.empty("Nothing matches", "Choose fewer filters, or other days.")
    else:
        _show_rows(page, rows)
    _show_turning(rows, more=start + len(rows) < total)


def _ask(page: frame.Page, people: Mapping[str, str]) -> AuditFilter:
    """Show the filters and return what they ask for."""
    services = auditing.services_in_audit(page.store, by=page.actor)
    acts = [
        act for act in AuditAct if act is not AuditAct.ACCOUNTS or page.actor.may(Permission.MANAGE_ACCOUNTS)
    ]
    asked = st.query_params.get(WHO, "")
    named = list(people)
    with st.container(key="filters-audit"):
        first_line, second_line = st.columns(3), st.columns(3)
        with first_line[0]:
            # Another key for another address: what was chosen before does not stand in its way.
            person = st.selectbox(
                "Who",
                named,
                index=named.index(asked) if asked in people else None,
                format_func=lambda key: safe.text(people[key]),
                placeholder="Everybody",
                key=f"audit-who-{asked}",
                on_change=_to_first_page,
            )
        with first_line[1]:
            act = st.selectbox(
                "What",
                acts,
                index=None,
                format_func=lambda one: one.word,
                placeholder="Everything",
                key="audit-act",
                on_change=_to_first_page,
            )
        with first_line[2]:
            reference = st.text_input(
                "Reference", key="audit-reference", icon=":material/search:", on_change=_to_first_page
            )
        with second_line[0]:
            first = st.date_input(
                "From",
                value=None,
                max_value=page.as_at,
                format=DATE_FORMAT,
                key="audit-first",
                on_change=_to_first_page,
            )
        with second_line[1]:
            last = st.date_input(
                "To",
                value=None,
                max_value=page.as_at,
                format=DATE_FORMAT,
                key="audit-last",
                on_change=_to_first_page,
            )
        service = None
        if len(services) > 1:
            with second_line[2]:
                service = st.selectbox(
                    "Service",
                    services,
                    index=None,
                    format_func=safe.text,
                    placeholder="Every service",
                    key="audit-service",
                    on_change=_to_first_page,
                )
    if page.is_past:
        last = min(last, page.as_at) if last else page.as_at
    wanted = AuditFilter(
        person=person or "",
        act=act,
        service=service or "",
        first=first,
        last=last,
        reference=reference.strip(),
    )
    # The day shown and the address change what is asked for without touching a field.
    if st.session_state.get("_audit_wanted") != wanted:
        st.session_state["_audit_wanted"] = wanted
        _to_first_page()
    return wanted


def _to_first_page() -> None:
    st.session_state[_BEGINNINGS] = []


def _counted(start: int, shown: int, total: int) -> str:
    if not total:
        return "**No entries**"
    entries = words.plural(total, "entry", "entries")
    if shown == total:
        return f"**{entries}**. Newest first."
    return f"Entries **{start + 1:,} to {start + shown:,}** of {total:,}. Newest first."


def _show_rows(page: frame.Page, rows: Sequence[AuditRow]) -> None:
    day = None
    with st.container(key="rows-audit", gap=None):
        for place, row in enumerate(rows):
            on = dates.london_day(row.recorded_at)
            with st.container(key=f"audit-{place}", gap=None):
                if on != day:
                    st.caption(f"**{dates.long_date(on)}**")
                day = on
                left, right = st.columns([5, 7], gap="medium")
                with left, st.container(gap=None):
                    outcome = f": {safe.text(row.detail)}" if row.detail else ""
                    st.markdown(f"**{safe.text(row.what)}**{outcome}")
                    at = f"{row.recorded_at.astimezone(dates.LONDON):%H:%M}"
                    st.caption(f"{at} · {safe.text(row.name)}, {safe.text(row.role.lower())}")
                with right, st.container(gap=None):
                    _show_subject(page, row)
                    if row.service and row.about != row.service:
                        st.caption(safe.text(row.service))


def _show_subject(page: frame.Page, row: AuditRow) -> None:
    """Show of what it is told, as a link where that can be opened."""
    target = _OPENS.get(row.kind, "") if row.key else ""
    if target == "recommendation":
        page.link(target, f"{row.key} {row.about}", ref=row.key)
    elif target == "register":
        page.link(target, row.about, inspection=row.key, show="everything")
    elif target == "accounts" and session.is_signed_in():
        page.link(target, row.about, who=row.key)
    else:
        st.markdown(safe.text(row.about))


def _show_turning(rows: Sequence[AuditRow], *, more: bool) -> None:
    turned = bool(st.session_state[_BEGINNINGS])
    if not (more or turned):
        return
    with st.container(horizontal=True, key="turning"):
        st.button("Newer", key="newer", disabled=not turned, on_click=_newer, icon=":material/arrow_back:")
        st.button(
            "Older",
            key="older",
            disabled=not more,
            on_click=_older,
            args=(rows[-1].seq if rows else 0,),
            icon=":material/arrow_forward:",
            icon_position="right",
        )


def _older(before: int) -> None:
    st.session_state[_BEGINNINGS] = [*st.session_state.get(_BEGINNINGS, []), before]


def _newer() -> None:
    st.session_state[_BEGINNINGS] = st.session_state.get(_BEGINNINGS, [])[:-1]


def _offer_files(page: frame.Page, wanted: AuditFilter, people: Mapping[str, str]) -> None:
    if not (page.actor.may(Permission.EXPORT) or page.actor.may(Permission.READ_AUDIT)):
        return
    by = page.actor  # the file is made outside this run, where the page knows nobody

    @lru_cache(maxsize=1)
    def table() -> ExportTable:
        info = page.store.info()
        return audit_export(
            auditing.read_whole_audit(page.store, by=by, wanted=wanted),
            wanted,
            people=people,
            office=Titles.from_environment().office_or(info.office) if info else "",
            is_demonstration=page.is_demonstration,
            by=by,
            made_at=page.store.now(),
        )

    stem = f"who-did-what_{page.as_at.isoformat()}"
    downloads.offer(
        [
            downloads.Download(
                "Excel, every entry chosen", f"{stem}.xlsx", lambda: as_bytes(table(), "xlsx")
            ),
            downloads.Download("CSV, every entry chosen", f"{stem}.csv", lambda: as_bytes(table(), "csv")),
        ],
        key="audit-download",
        note=wanted.sentence(people),
    )
