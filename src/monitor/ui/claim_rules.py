"""Rules of single sign-on: what an administrator lets follow from what the provider says of somebody."""

import itertools
from collections.abc import Sequence
from typing import Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission, Role
from monitor.domain.accounts import AccountState
from monitor.domain.claim_rules import CLAIM_AT_MOST, VALUE_AT_MOST, said_of_claim
from monitor.errors import MonitorError
from monitor.services import claim_rules
from monitor.services.claim_rules import RuleRow
from monitor.settings import SignIn
from monitor.ui import frame, safe, words
from monitor.ui.filling import DIALOG_WIDTH
from monitor.ui.sessions import say_done, say_refused, try_to

RULES: Final = "rules"
EVERY_SERVICE: Final = "Every service"

_FORM: Final = "_rule_form"
_ASKED: Final = "_rule_asked"
_numbers: Final = itertools.count(1)


def is_asked_for() -> bool:
    """Tell whether the address asks for the rules and not for the accounts."""
    return st.query_params.get("show") == RULES


def show_way(page: frame.Page) -> None:
    """Show the way to the rules, where people sign in with single sign-on or a rule was left from then."""
    rows = claim_rules.list_rules(page.store, by=page.actor)
    if rows or _has_single_sign_on():
        label = (
            f"Rules of single sign-on: {dates.count_word(len(rows))}" if rows else "Rules of single sign-on"
        )
        page.link("accounts", label, show=RULES)


def show(page: frame.Page) -> None:
    """Show the rules in force, and the form that writes another one."""
    say_done()
    rows = claim_rules.list_rules(page.store, by=page.actor)
    page.say_where("Accounts", "Rules of single sign-on")
    page.link("accounts", "All accounts")
    st.title(finding(rows), anchor=False)
    st.markdown(
        "At each sign-in, what your organisation’s provider says of somebody is compared with these rules, letter by "
        "letter. What fits is granted. What no longer fits is withdrawn at the next sign-in; what was granted by hand "
        "stays."
    )
    if not _has_single_sign_on():
        st.markdown("Nobody signs in with single sign-on here now, so that no rule counts.")
    may = page.may(Permission.MANAGE_ACCOUNTS)
    left, right = st.columns([7, 5], gap="xlarge")
    with left:
        if rows:
            _show_rows(page, rows, may=may)
        say_refused("rules")
    with right:
        if may:
            _show_form(page)
    _show_question(page, rows)


def finding(rows: Sequence[RuleRow]) -> str:
    """Return how many rules grant something."""
    if not rows:
        return "No rule grants anything at single sign-on."
    return f"{words.capitalised(words.counted(len(rows), 'rule grants', 'rules grant'))} roles at single sign-on."


def services_within_reach(page: frame.Page) -> list[str]:
    """Return where this administrator may grant something: every service first, for whoever reaches every one."""
    services = list(page.view.services)
    reach = page.actor.services_with(Permission.MANAGE_ACCOUNTS)
    if reach is None:
        return [EVERY_SERVICE, *services]
    return [one for one in services if one in reach]


def why_held(page: frame.Page, state: AccountState) -> dict[int, str]:
    """Return in words why an account holds something by a rule, by the number of the rule."""
    if not state.by_rule:
        return {}
    rows = claim_rules.list_rules(page.store, by=page.actor)
    return {row.rule.id: f"by a rule, since {said_of_claim(row.rule)}" for row in rows}


def _has_single_sign_on() -> bool:
    return "oidc" in SignIn.from_environment().ways


def _show_rows(page: frame.Page, rows: Sequence[RuleRow], *, may: bool) -> None:
    reach = page.actor.services_with(Permission.MANAGE_ACCOUNTS)
    with st.container(key="rows-grants", gap=None):
        for row in rows:
            rule = row.rule
            with st.container(
                horizontal=True, vertical_alignment="center", gap="medium", key=f"rule-row-{rule.id}"
            ):
                with st.container(gap=None):
                    st.markdown(f"**{safe.text(_granted(row))}**")
                    st.markdown(safe.text(f"where {said_of_claim(rule)}"))
                    written = dates.short_date(dates.london_day(rule.recorded_at))
                    st.caption(f"Written by {safe.text(rule.by_name)}, {written} · {_held(row.holders)}")
                if may and (reach is None or rule.service in reach):
                    st.button(
                        f"Take back {rule.role.word.lower()}",
                        type="tertiary",
                        key=f"take-back-{rule.id}",
                        on_click=_ask,
                        args=(rule.id,),
                    )


def _granted(row: RuleRow) -> str:
    return f"{row.rule.role.word} in {row.rule.service or 'every service'}"


def _held(holders: int) -> str:
    if not holders:
        return "nobody holds it now"
    return f"{words.counted(holders, 'account holds', 'accounts hold')} it"


def _show_form(page: frame.Page) -> None:
    number = st.session_state.setdefault(_FORM, next(_numbers))
    st.header("Add a rule", anchor=False)
    st.text_input(
        "Claim", key=f"rule-claim-{number}", max_chars=CLAIM_AT_MOST, placeholder="groups", autocomplete="off"
    )
    st.text_input("Value", key=f"rule-value-{number}", max_chars=VALUE_AT_MOST, autocomplete="off")
    st.caption("As the provider writes them: a group often by a long number, not by its name.")
    roles = [role for role in Role if role is not Role.ADMINISTRATOR]
    st.selectbox("Role", roles, format_func=lambda role: role.word, key=f"rule-role-{number}", index=None)
    services = services_within_reach(page)
    st.selectbox(
        "In which service",
        services,
        format_func=safe.text,
        key=f"rule-service-{number}",
        index=0 if len(services) == 1 else None,
    )
    st.button("Add", type="primary", key="add-rule", on_click=_add, args=(page, number))
    say_refused("rule")
    st.caption("No rule makes an administrator, and none gives anything to whoever wrote it.")


def _add(page: frame.Page, number: int) -> None:
    claim, value, role, service = (
        st.session_state.get(f"rule-{name}-{number}") for name in ("claim", "value", "role", "service")
    )

    def do() -> None:
        if role is None or service is None:
            raise MonitorError("Choose a role and the service in which it holds.")
        kept = "" if service == EVERY_SERVICE else service
        claim_rules.add_rule(
            page.store, claim=claim or "", value=value or "", role=role, service=kept, by=page.actor
        )
        st.session_state[_FORM] = next(_numbers)

    try_to("rule", do, "Rule added. It counts from the next sign-in on.")


def _ask(rule_id: int) -> None:
    st.session_state[_ASKED] = rule_id


def _leave() -> None:
    st.session_state.pop(_ASKED, None)


def _show_question(page: frame.Page, rows: Sequence[RuleRow]) -> None:
    asked = next((row for row in rows if row.rule.id == st.session_state.get(_ASKED)), None)
    if asked is None or not page.may(Permission.MANAGE_ACCOUNTS):
        _leave()
        return
    st.dialog("Take this rule back?", width=DIALOG_WIDTH, on_dismiss=_leave)(_question)(page, asked)


def _question(page: frame.Page, row: RuleRow) -> None:
    st.markdown(safe.text(f"{_granted(row)}, where {said_of_claim(row.rule)}"))
    if row.holders:
        lose = words.counted(
            row.holders,
            "account holds its role by it and loses it",
            "accounts hold its role by it and lose it",
        )
        st.markdown(f"{words.capitalised(lose)} with the next click. What was granted by hand stays.")
    else:
        st.markdown("Nobody holds its role by it now.")
    with st.container(horizontal=True):
        if st.button("Take back", type="primary", key="confirm"):
            try_to(
                "rules",
                lambda: claim_rules.remove_rule(page.store, rule_id=row.rule.id, by=page.actor),
                "Rule taken back.",
            )
            _leave()
            st.rerun()
        if st.button("Cancel", key="cancel-confirm"):
            _leave()
            st.rerun()
