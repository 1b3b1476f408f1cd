"""Who may sign in and what they are granted: the administrator's list, one account, and inviting somebody."""

import itertools
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission, Role
from monitor.domain.accounts import RENEWED_FOR_DAYS, AccountStanding, AccountState, Way, said_of_grants
from monitor.errors import MonitorError
from monitor.services import accounts
from monitor.services.accounts import INVITED_FOR, AccountRow
from monitor.settings import SignIn
from monitor.ui import claim_rules, frame, safe, session, words
from monitor.ui.claim_rules import EVERY_SERVICE, services_within_reach
from monitor.ui.filling import DIALOG_WIDTH
from monitor.ui.sessions import (
    about,
    moment,
    open_ones,
    say_done,
    say_refused,
    show_sessions,
    standing_markdown,
    try_to,
)

ACCOUNTS_A_PAGE: Final = 50
WHO: Final = "who"

_PAGER: Final = "accounts-page"
_INVITING: Final = "_inviting"
_INVITED: Final = "_invited"
_CONFIRMING: Final = "_confirming"
_numbers: Final = itertools.count(1)
_WAY_OF: Final = {"password": Way.LOCAL, "oidc": Way.OIDC, "proxy": Way.PROXY}
_SUBJECT_LABEL: Final = {
    Way.LOCAL: "Name to sign in with",
    Way.OIDC: "Issuer and subject at the provider, with a blank between",
    Way.PROXY: "Name that the proxy hands on",
}


def show(page: frame.Page) -> None:
    """Show the list, or the one account that the address names."""
    if not session.is_signed_in():
        st.title("Nobody signs in here", anchor=False)
        st.markdown("Accounts are kept where MONITOR_SIGN_IN says how people sign in.")
        return
    if claim_rules.is_asked_for():
        claim_rules.show(page)
        return
    say_done()
    _show_invitation()
    rows = accounts.list_accounts(page.store, by=page.actor)
    chosen = next((row for row in rows if row.state.account.id == st.query_params.get(WHO)), None)
    if chosen is None:
        _show_list(page, rows)
    else:
        _show_one(page, chosen)


# The list


def _show_list(page: frame.Page, rows: Sequence[AccountRow]) -> None:
    waiting = [row for row in rows if _is_waiting(row)]
    others = [row for row in rows if not _is_waiting(row)]
    st.title(finding(rows), anchor=False)
    st.markdown(_sums(rows))
    if page.may(Permission.MANAGE_ACCOUNTS):
        st.button(
            "Invite somebody",
            type="primary",
            icon=":material/person_add:",
            key="invite",
            on_click=_open_invite,
        )
    else:
        st.caption("Accounts stand here as they are today. Go back to today to change them.")
    claim_rules.show_way(page)
    wanted = st.text_input("Find by name", key="find-account", icon=":material/search:", width=420).strip()
    waiting, others = (_found(some, wanted) for some in (waiting, others))
    if wanted and not (waiting or others):
        frame.empty("Nobody of that name", "Try fewer letters.")
    if waiting:
        people = "person waits" if len(waiting) == 1 else "people wait"
        st.header(f"{words.capitalised(dates.count_word(len(waiting)))} {people} for a role", anchor=False)
        st.caption("They have signed in with single sign-on and see nothing until you grant them something.")
        _show_rows(page, waiting, "waiting")
    if others:
        if waiting:
            st.header("Everybody else", anchor=False)
        pages = -(-len(others) // ACCOUNTS_A_PAGE)
        number = min(st.session_state.get(_PAGER) or 1, pages)
        start = (number - 1) * ACCOUNTS_A_PAGE
        _show_rows(page, others[start : start + ACCOUNTS_A_PAGE], "accounts")
        if pages > 1:
            st.pagination(pages, key=_PAGER)
    _show_invite_form(page)


def finding(rows: Sequence[AccountRow]) -> str:
    """Return how many people can use the register, and how many wait."""
    waiting = sum(1 for row in rows if _is_waiting(row))
    able = sum(1 for row in rows if row.standing is AccountStanding.ACTIVE) - waiting
    who = words.capitalised(words.counted(able, "person", "people")) if able else "Nobody"
    said = f"{who} can use the register"
    if waiting:
        said += f", and {dates.count_word(waiting)} {'waits' if waiting == 1 else 'wait'} for a role"
    return f"{said}."


def _sums(rows: Sequence[AccountRow]) -> str:
    counted = [
        f"{number:,} {standing.word.lower()}"
        for standing in AccountStanding
        if (number := sum(1 for row in rows if row.standing is standing))
    ]
    said = f"**{words.plural(len(rows), 'account')}**: {', '.join(counted)}." if rows else "No account yet."
    dormant = sum(1 for row in rows if row.is_dormant)
    return f"{said} {dormant:,} of them dormant: not used for a month." if dormant else said


def _is_waiting(row: AccountRow) -> bool:
    return not row.state.grants and row.standing is AccountStanding.ACTIVE


def _found(rows: Sequence[AccountRow], wanted: str) -> list[AccountRow]:
    letters = wanted.casefold()
    chosen = [
        row
        for row in rows
        if letters in row.state.account.name.casefold() or letters in row.state.account.subject.casefold()
    ]
    return sorted(chosen, key=lambda row: (row.state.account.name.casefold(), row.state.account.id))


def _show_rows(page: frame.Page, rows: Sequence[AccountRow], name: str) -> None:
    with st.container(key=f"rows-{name}", gap=None):
        for place, row in enumerate(rows):
            with st.container(key=f"account-{name}-{place}", gap=None):
                _show_row(page, row)


def _show_row(page: frame.Page, row: AccountRow) -> None:
    state = row.state
    left, middle, right = st.columns([4, 5, 3], gap="medium")
    with left, st.container(gap=None):
        page.link("accounts", state.account.name, strong=True, who=state.account.id)
        st.caption(about(state))
    with middle, st.container(gap=None):
        st.markdown(
            "  \n".join(safe.text(line) for line in said_of_grants(state.grants)) or "Nothing granted"
        )
    with right, st.container(gap=None):
        st.markdown(standing_markdown(state, page.today))
        st.caption(_used(row))


def _used(row: AccountRow) -> str:
    used = f"last used {dates.long_date(dates.london_day(row.seen_at))}" if row.seen_at else "never used"
    return f":material/bedtime: Dormant, {used}" if row.is_dormant else words.capitalised(used)


# One account


def _show_one(page: frame.Page, row: AccountRow) -> None:
    state, account = row.state, row.state.account
    page.say_where("Accounts", account.name)
    page.link("accounts", "All accounts")
    st.title(safe.text(account.name), anchor=False)
    st.caption(about(state))
    st.markdown(standing_markdown(state, page.today))
    st.caption(f"{_used(row)} · made on {moment(account.recorded_at)} by {safe.text(account.by_name)}")
    is_own = account.id == page.actor.id
    may = page.may(Permission.MANAGE_ACCOUNTS) and not is_own
    if is_own:
        st.markdown("This is your own account. It takes another administrator to change it.")
        page.link("account", "Your sessions and your password")
    left, right = st.columns([7, 5], gap="xlarge")
    with left:
        _show_grants(page, state, may=may)
    with right:
        if may:
            _show_access(page, row)
        st.header("Signed in", anchor=False)
        found = open_ones(row.sessions, page.store.server_now())
        if found:
            show_sessions(page, found, may_end=may)
        else:
            st.markdown("Nobody is signed in with it.")
    page.link("audit", f"What {account.name} has done", who=account.id)
    _show_confirmation(page, state)


def _show_grants(page: frame.Page, state: AccountState, *, may: bool) -> None:
    st.header("What they may do" if state.grants else "Nothing is granted yet", anchor=False)
    reach = page.actor.services_with(Permission.MANAGE_ACCOUNTS)
    order = list(Role)
    held = sorted(state.by_hand, key=lambda one: (one[1] or "", order.index(one[0])))
    why = claim_rules.why_held(page, state)
    if state.grants:
        with st.container(key="rows-grants", gap=None):
            for place, (role, service) in enumerate(held):
                with st.container(
                    horizontal=True, vertical_alignment="center", gap="medium", key=f"grant-row-{place}"
                ):
                    _show_grant(role, service, role.meaning)
                    if may and (reach is None or service in reach):
                        st.button(
                            f"Withdraw {role.word.lower()}",
                            type="tertiary",
                            key=f"withdraw-{place}",
                            on_click=_withdraw,
                            args=(page, state, role, service or ""),
                        )
            for number, (role, service) in state.by_rule.items():
                with st.container(gap=None, key=f"ruled-row-{number}"):
                    _show_grant(role, service, words.capitalised(why.get(number, "")))
        if state.by_rule:
            page.link("accounts", "Rules of single sign-on", show=claim_rules.RULES)
        say_refused("grants")
    if may:
        _show_grant_form(page, state)


def _show_grant(role: Role, service: str | None, said: str) -> None:
    with st.container(gap=None):
        st.markdown(safe.text(f"{role.word} in {service or 'every service'}"))
        st.caption(safe.text(said))


def _withdraw(page: frame.Page, state: AccountState, role: Role, service: str) -> None:
    try_to(
        "grants",
        lambda: accounts.withdraw(
            page.store, account_id=state.account.id, role=role, service=service, by=page.actor
        ),
        f"{role.word} withdrawn from {state.account.name}.",
    )


def _show_grant_form(page: frame.Page, state: AccountState) -> None:
    key = state.account.id
    st.selectbox("Role", list(Role), format_func=lambda role: role.word, key=f"grant-role-{key}", index=None)
    services = services_within_reach(page)
    st.selectbox(
        "In which service",
        services,
        format_func=safe.text,
        key=f"grant-service-{key}",
        index=0 if len(services) == 1 else None,
    )
    st.button("Grant", type="secondary", key="grant", on_click=_grant, args=(page, state))
    say_refused("grant")


def _grant(page: frame.Page, state: AccountState) -> None:
    role: Role | None = st.session_state.get(f"grant-role-{state.account.id}")
    service: str | None = st.session_state.get(f"grant-service-{state.account.id}")

    def do() -> None:
        if role is None or service is None:
            raise MonitorError("Choose a role and the service in which it holds.")
        kept = "" if service == EVERY_SERVICE else service
        accounts.grant(page.store, account_id=state.account.id, role=role, service=kept, by=page.actor)

    named = role.word if role else ""
    try_to("grant", do, f"{named} granted to {state.account.name}. It holds from their next click on.")


def _show_access(page: frame.Page, row: AccountRow) -> None:
    state = row.state
    st.header("Access", anchor=False)
    with st.container(key="access"):
        if row.standing is not AccountStanding.DISABLED:
            st.button(
                f"Renew for {RENEWED_FOR_DAYS} days",
                key="renew",
                icon=":material/event_repeat:",
                on_click=_renew,
                args=(page, state),
            )
        if state.account.way is Way.LOCAL and row.standing is AccountStanding.ACTIVE:
            st.button(
                "New invitation",
                key="invite-again",
                icon=":material/mail:",
                on_click=_invite_again,
                args=(page, state),
                help="For a forgotten password, or an invitation that is over.",
            )
        st.button(
            "Enable" if state.is_disabled else "Disable",
            key="disable",
            icon=":material/lock_open:" if state.is_disabled else ":material/block:",
            on_click=_ask,
            args=(state.account.id,),
        )
        say_refused("access")


def _renew(page: frame.Page, state: AccountState) -> None:
    try_to(
        "access",
        lambda: accounts.renew(page.store, account_id=state.account.id, by=page.actor),
        f"The account of {state.account.name} holds for another {RENEWED_FOR_DAYS} days.",
    )


def _invite_again(page: frame.Page, state: AccountState) -> None:
    def do() -> None:
        code = accounts.invite_again(page.store, account_id=state.account.id, by=page.actor)
        _keep_invitation(page, state.account.name, code)

    try_to("access", do, "A new invitation is made; an earlier one no longer works.")


def _ask(account_id: str) -> None:
    st.session_state[_CONFIRMING] = account_id


def _show_confirmation(page: frame.Page, state: AccountState) -> None:
    if st.session_state.get(_CONFIRMING) != state.account.id or not page.may(Permission.MANAGE_ACCOUNTS):
        st.session_state.pop(_CONFIRMING, None)
        return
    verb = "Enable" if state.is_disabled else "Disable"
    asked = st.dialog(
        safe.text(f"{verb} the account of {state.account.name}?"), width=DIALOG_WIDTH, on_dismiss=_leave
    )
    asked(_confirm)(page, state, verb)


def _confirm(page: frame.Page, state: AccountState, verb: str) -> None:
    if state.is_disabled:
        st.markdown("They can sign in again, with what is granted to them.")
    else:
        st.markdown(
            "Nobody can sign in with it, and whoever is signed in is signed out with their next click. "
            "What they did stays in the history."
        )
    with st.container(horizontal=True):
        if st.button(verb, type="primary", key="confirm"):
            change = accounts.enable if state.is_disabled else accounts.disable
            try_to(
                "access",
                lambda: change(page.store, account_id=state.account.id, by=page.actor),
                f"The account of {state.account.name} is {verb.lower()}d.",
            )
            _leave()
            st.rerun()
        if st.button("Cancel", key="cancel-confirm"):
            _leave()
            st.rerun()


def _leave() -> None:
    st.session_state.pop(_CONFIRMING, None)


# Inviting


def _open_invite() -> None:
    st.session_state[_INVITING] = next(_numbers)


def _close_invite() -> None:
    st.session_state.pop(_INVITING, None)


def _show_invite_form(page: frame.Page) -> None:
    number = st.session_state.get(_INVITING)
    if number is None or not page.may(Permission.MANAGE_ACCOUNTS):
        _close_invite()
        return
    # Not dismissible by a click beside it or by Escape: what was typed would be lost.
    st.dialog("Invite somebody", width=DIALOG_WIDTH, dismissible=False)(_invite_form)(page, number)


def _invite_form(page: frame.Page, number: int) -> None:
    given: dict[str, Any] = {
        "name": st.text_input("Name", key=f"invite-name-{number}", max_chars=120, autocomplete="off"),
        "title": st.text_input("What they are, if you know it", key=f"invite-title-{number}", max_chars=120),
    }
    ways = [_WAY_OF[one] for one in SignIn.from_environment().ways]
    way = ways[0]
    if len(ways) > 1:
        way = (
            st.segmented_control(
                "How they sign in",
                ways,
                format_func=lambda one: one.word,
                default=way,
                required=True,
                key=f"invite-way-{number}",
            )
            or way
        )
    subject = st.text_input(_SUBJECT_LABEL[way], key=f"invite-subject-{number}-{way}", autocomplete="off")
    if way is Way.OIDC:
        st.caption("Or let them sign in once: they then stand first in the list, and wait for a role.")
    roles = st.multiselect(
        "Roles", list(Role), format_func=lambda role: role.word, key=f"invite-roles-{number}"
    )
    services = services_within_reach(page)
    where = services
    if len(services) > 1:
        where = st.multiselect(
            "In which services", services, format_func=safe.text, key=f"invite-services-{number}"
        )
    with st.container(horizontal=True):
        invites = st.button("Invite", type="primary", key=f"invite-save-{number}")
        if st.button("Cancel", key=f"invite-cancel-{number}"):
            _close_invite()
            st.rerun()
    if not invites:
        return
    try:
        if roles and not where:
            raise MonitorError("Choose the services in which these roles hold.")
        grants = [(role, "" if one == EVERY_SERVICE else one) for role in roles for one in where]
        account, code = accounts.add_account(
            page.store, **given, way=way, subject=subject, grants=grants, by=page.actor
        )
    except MonitorError as problem:
        frame.refuse(problem)
        return
    if code:
        _keep_invitation(page, account.name, code)
    try_to("", lambda: None, f"{account.name} has an account.")
    _close_invite()
    st.rerun()


def _keep_invitation(page: frame.Page, name: str, code: str) -> None:
    until = page.store.server_now() + INVITED_FOR
    st.session_state[_INVITED] = (name, f"{_site()}/invitation#{quote(code)}", moment(until))


def _site() -> str:
    """Return how the browser reaches this register, without the page."""
    here = urlsplit(str(st.context.url or ""))
    return f"{here.scheme}://{here.netloc}" if here.netloc else ""


def _show_invitation() -> None:
    """Show an invitation that has just been made: until it is put away, and never again."""
    invited = st.session_state.get(_INVITED)
    if invited is None:
        return
    name, link, until = invited
    with st.container(key="current-invitation"):
        st.markdown(f"**Pass this on to {safe.text(name)}.** It stands here this once.")
        st.code(link, language=None, wrap_lines=True)
        st.markdown(
            f"Whoever opens it sets the password and is signed in. It works once, until {until}. Give it to the person "
            "alone, by hand or by a message that nobody else reads."
        )
        st.button("I have passed it on", key="passed-on", on_click=_put_away)


def _put_away() -> None:
    st.session_state.pop(_INVITED, None)
