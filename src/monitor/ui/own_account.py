"""What everybody sees of their own account: what they may do, until when, where they are signed in, and their password."""

import streamlit as st

from monitor.domain.access import Permission, Role
from monitor.domain.accounts import PASSWORD_AT_LEAST, AccountState, Way
from monitor.errors import MonitorError, RuleError
from monitor.services.accounts import list_sessions, own_account
from monitor.services.calendar import end_address, has_address, make_address
from monitor.services.signing_in import change_password
from monitor.ui import frame, safe, session
from monitor.ui.sessions import (
    about,
    open_ones,
    say_done,
    show_sessions,
    standing_markdown,
    try_to,
)

_ADDRESS = "_calendar_address"


def show(page: frame.Page) -> None:
    """Show the account of whoever looks."""
    state = own_account(page.store, by=page.actor) if session.is_signed_in() else None
    if state is None:
        st.title("Nobody signs in here", anchor=False)
        st.markdown("There is no account to show.")
        return
    say_done()
    page.say_where("Your account")
    st.title(safe.text(state.account.name), anchor=False)
    st.caption(about(state, signs_in="you sign in"))
    now = page.store.server_now()
    st.markdown(standing_markdown(state, page.today))
    st.caption("An administrator renews it. What you are granted, they grant.")
    left, right = st.columns([7, 5], gap="xlarge")
    with left:
        _show_grants(state)
        st.header("Where you are signed in", anchor=False)
        show_sessions(page, open_ones(list_sessions(page.store, by=page.actor), now), may_end=True)
    with right:
        st.header("Password", anchor=False)
        if state.account.way is Way.LOCAL:
            _show_password_form(page)
        else:
            st.markdown("Your organisation keeps your password; change it there.")
        if page.actor.may(Permission.EXPORT):
            _show_calendar(page)


def _show_grants(state: AccountState) -> None:
    st.header("What you may do", anchor=False)
    order = list(Role)
    with st.container(key="rows-grants", gap=None):
        for role, service in sorted(state.grants, key=lambda one: (one[1] or "", order.index(one[0]))):
            with st.container(gap=None):
                st.markdown(safe.text(f"{role.word} in {service or 'every service'}"))
                by_rule = (role, service) not in state.by_hand
                st.caption(f"{role.meaning}{' It comes with your organisation’s sign-in.' * by_rule}")


def _show_calendar(page: frame.Page) -> None:
    """Show how a calendar program can read the days of the register, and let its owner make and end the address."""
    st.header("Your calendar", anchor=False)
    st.caption(
        "Meetings, papers due, target dates, actions and statutory days, in the calendar program that you use. "
        "Whoever has the address reads what you may read: keep it to yourself."
    )
    with st.container(horizontal=True, gap="small"):
        again = has_address(page.store, by=page.actor)
        if st.button("Make a fresh address" if again else "Make an address", key="calendar-make"):
            st.session_state[_ADDRESS] = make_address(page.store, by=page.actor)
            st.rerun()
        if again and st.button("End it", type="tertiary", key="calendar-end"):
            st.session_state.pop(_ADDRESS, None)
            try_to("", lambda: end_address(page.store, by=page.actor), "The address opens nothing any more.")
            st.rerun()
    token = st.session_state.get(_ADDRESS, "")
    if token and again:
        st.markdown("It is shown this once. Add it as a calendar from the internet:")
        origin = st.context.url.split("/account")[0] if st.context.url else ""
        st.code(f"{origin}/calendar/{token}.ics", language=None, wrap_lines=True)
    elif again:
        st.caption("An address is in use. It cannot be shown again; a fresh one ends it.")


def _show_password_form(page: frame.Page) -> None:
    # What was typed is never left in the fields, also where it is refused.
    with st.form("password", clear_on_submit=True, border=False):
        old = st.text_input("Present password", type="password", autocomplete="current-password")
        new = st.text_input("New password", type="password", autocomplete="new-password")
        again = st.text_input("The same again", type="password", autocomplete="new-password")
        st.caption(
            f"At least {PASSWORD_AT_LEAST} characters. Three or four unrelated words are good. "
            "Wherever else you are signed in, you are signed out."
        )
        changes = st.form_submit_button("Change the password")
    if not changes:
        return
    try:
        if new != again:
            raise RuleError("The two new passwords are not the same.")
        change_password(page.store, session_id=session.this_sign_in(), old=old, new=new, by=page.actor)
    except MonitorError as problem:
        frame.refuse(problem)
        return
    try_to("", lambda: None, "Password changed.")
    st.rerun()
