"""What the pages about accounts share: where somebody is signed in, what was done, and what was refused at which button."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Final

import streamlit as st

from monitor import dates
from monitor.charts.theme import Mark
from monitor.domain.accounts import AccountStanding, AccountState, Way
from monitor.errors import MonitorError
from monitor.services import signing_in
from monitor.services.accounts import end_session
from monitor.store import LoginSession
from monitor.ui import frame, safe, session, words

ENDS_SOON_DAYS: Final = 14
"""So many days before its end, an account is marked."""

WAYS: Final = {
    Way.LOCAL: "with a password, as",
    Way.OIDC: "with single sign-on, as",
    Way.PROXY: "through the proxy, as",
}

_SAID: Final = "_account_done"
_REFUSED: Final = "_account_refused"
_DISABLED: Final = Mark("×", "block", "gray")
_OVER: Final = Mark("◆", "event_busy", "orange")
_SOON: Final = Mark("◆", "schedule", "orange")
_ACTIVE: Final = Mark("✓", "check_circle", "")


def try_to(place: str, do: Callable[[], object], said: str) -> None:
    """Do something that a button asks for; what was done is said once, and a refusal stands at the button."""
    st.session_state.pop(_REFUSED, None)
    try:
        do()
    except MonitorError as problem:
        st.session_state[_REFUSED] = (place, problem)
    else:
        st.session_state[_SAID] = said


def say_done() -> None:
    """Say what has just been done, once."""
    said = st.session_state.pop(_SAID, "")
    if said:
        st.toast(safe.text(said), icon=":material/check:")


def say_refused(place: str) -> None:
    """Say at a button why it was refused, until something else is done."""
    refused_at, problem = st.session_state.get(_REFUSED) or ("", None)
    if refused_at == place and problem is not None:
        frame.refuse(problem)
        st.session_state.pop(_REFUSED)


def open_ones(found: Iterable[LoginSession], now: datetime) -> list[LoginSession]:
    """Return the sessions that still open something."""
    return [one for one in found if not signing_in.is_over(one, now)]


def show_sessions(page: frame.Page, found: Sequence[LoginSession], *, may_end: bool) -> None:
    """Show where somebody is signed in, this place marked, and end it at their word."""
    with st.container(key="rows-sessions", gap=None):
        for place, one in enumerate(found):
            is_here = one.id == session.this_sign_in()
            with st.container(
                horizontal=True, vertical_alignment="center", gap="medium", key=f"session-row-{place}"
            ):
                with st.container(gap=None):
                    here = " :gray[:material/my_location: this one]" if is_here else ""
                    st.markdown(f"{safe.text(one.agent or 'A browser')}{here}")
                    st.caption(f"since {moment(one.started_at)}, last used {moment(one.seen_at)}")
                if is_here:
                    frame.offer_to_sign_out()
                elif may_end:
                    st.button(
                        f"Sign out {safe.text(one.agent or 'this browser')}",
                        type="tertiary",
                        key=f"end-session-{place}",
                        on_click=_end,
                        args=(page, one),
                    )
    say_refused("sessions")


def _end(page: frame.Page, one: LoginSession) -> None:
    try_to(
        "sessions",
        lambda: end_session(page.store, session_id=one.id, by=page.actor),
        f"Signed out: {one.agent or 'a browser'}.",
    )


def moment(at: datetime) -> str:
    """Return "22 Nov 2026, 09:14"."""
    there = at.astimezone(dates.LONDON)
    return f"{dates.short_date(there.date())}, {there:%H:%M}"


def standing_markdown(state: AccountState, today: date) -> str:
    """Return whether an account can be used, until when, as a mark and words."""
    standing, left = state.standing(today), (state.expires_on - today).days
    if standing is AccountStanding.DISABLED:
        return _DISABLED.markdown("Disabled")
    if standing is AccountStanding.EXPIRED:
        return _OVER.markdown(f"Expired on {dates.long_date(state.expires_on)}")
    until = f"Active until {dates.long_date(state.last_day)}"
    if left <= ENDS_SOON_DAYS:
        return _SOON.markdown(f"{until}, {dates.days_words(left)} left")
    return _ACTIVE.markdown(until)


def about(state: AccountState, *, signs_in: str = "signs in") -> str:
    """Return what somebody is and how they sign in: "Head of performance · signs in with a password, as moss"."""
    account = state.account
    how = f"{signs_in} {WAYS[account.way]} {words.shortened(account.subject, 120)}"
    return words.capitalised(" · ".join(safe.text(part) for part in (account.title, how) if part))
