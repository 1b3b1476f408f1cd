"""Accounts, as an administrator keeps them: invited, granted by service, renewed, disabled, signed out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.dates import london_day
from monitor.domain.access import SYSTEM, Actor, Permission, Role
from monitor.domain.accounts import (
    DORMANT_AFTER_DAYS,
    Account,
    AccountChange,
    AccountStage,
    AccountStanding,
    AccountState,
    Way,
    check_account,
    check_change,
    renewed_until,
)
from monitor.domain.text import clean_line
from monitor.errors import NotFoundError, RuleError
from monitor.services.secrets import fresh_code, fresh_id, hashed
from monitor.store import LoginSession, SignIns, Store, Unit

INVITED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """
    One account as the administrator's list shows it.

    Attributes:
        seen_at: When it was last used; None for never.
        is_dormant: Nobody has used it for 30 days, and it could be.
        sessions: The times of being signed in that nobody has ended, the last seen first.
    """

    state: AccountState
    standing: AccountStanding
    seen_at: datetime | None
    is_dormant: bool
    sessions: tuple[LoginSession, ...]


def list_accounts(store: Store, *, by: Actor) -> list[AccountRow]:
    """Return every account, in order of its making."""
    by.require(Permission.MANAGE_ACCOUNTS)
    sign_ins = SignIns(store)
    with store.reading() as reader:
        states = reader.account_states()
        # An account is as old as the register's own clock says; when it was used, only the server's knows.
        clock = reader.clock_now()
    now, seen, today = store.server_now(), sign_ins.last_seen(), london_day(clock)
    by_account: dict[str, list[LoginSession]] = {}
    for session in sign_ins.sessions():
        by_account.setdefault(session.account_id, []).append(session)
    rows = []
    for state in states:
        key, standing = state.account.id, state.standing(today)
        unused = now - seen[key] if key in seen else clock - state.account.recorded_at
        rows.append(
            AccountRow(
                state=state,
                standing=standing,
                seen_at=seen.get(key),
                is_dormant=standing is AccountStanding.ACTIVE and unused > timedelta(days=DORMANT_AFTER_DAYS),
                sessions=tuple(by_account.get(key, ())),
            )
        )
    return rows


def add_account(
    store: Store,
    *,
    name: str,
    way: Way,
    subject: str,
    by: Actor,
    title: str = "",
    grants: Iterable[tuple[Role, str]] = (),
) -> tuple[Account, str]:
    """
    Make an account with what it is granted.

    Args:
        grants: Roles, each with the service it is held in; "" for every one.

    Returns:
        The account, and for a password the code of an invitation that holds for 7 days: it is shown this once.

    Raises:
        RuleError: for a name or subject that is missing, malformed or in use, or an unknown service.
    """
    wanted = list(dict.fromkeys(grants))
    by.require(Permission.MANAGE_ACCOUNTS)
    code = ""
    with store.writing() as unit:
        account = new_account(unit, name=name, way=way, subject=subject, title=title, by=by)
        for role, service in wanted:
            _change(unit, account.id, AccountStage.GRANTED, by=by, role=role, service=service)
    if way is Way.LOCAL:
        code = _invite(store, account.id)
    return account, code


def new_account(unit: Unit, *, name: str, way: Way, subject: str, title: str, by: Actor) -> Account:
    """Add an account inside a transaction, without any grant."""
    plain = clean_line(subject)
    account = Account(
        id=fresh_id(),
        name=clean_line(name),
        title=clean_line(title),
        way=way,
        subject=plain.casefold() if way is Way.LOCAL else plain,
        recorded_at=unit.now,
        by=by.id,
        by_name=by.name,
    )
    unit.flush()
    check_account(account, [state.account for state in unit.account_states()])
    unit.add(account, by=by, verb="account made")
    return account


def invite_again(store: Store, *, account_id: str, by: Actor) -> str:
    """Return a fresh invitation for an account with a password, which also lets somebody set a forgotten one anew."""
    by.require(Permission.MANAGE_ACCOUNTS)
    state = _state(store, account_id)
    if state.account.way is not Way.LOCAL:
        raise RuleError(f"{state.account.name} does not sign in with a password kept here.")
    if account_id == by.id:
        message = f"{by.name} may not invite themselves again. It takes another administrator."
        raise by.refused(message, cause="their own")
    return _invite(store, account_id)


def _invite(store: Store, account_id: str) -> str:
    code = fresh_code()
    SignIns(store).put_invitation(hashed(code), account_id, store.server_now() + INVITED_FOR)
    return code


def grant(store: Store, *, account_id: str, role: Role, service: str, by: Actor) -> AccountState:
    """Grant a role in a service, "" for every one; it holds from the next click on."""
    return _changed(store, account_id, AccountStage.GRANTED, by=by, role=role, service=service)


def withdraw(store: Store, *, account_id: str, role: Role, service: str, by: Actor) -> AccountState:
    """Take a role away; it is gone with the next click."""
    return _changed(store, account_id, AccountStage.WITHDRAWN, by=by, role=role, service=service)


def disable(store: Store, *, account_id: str, by: Actor) -> AccountState:
    """Disable an account and end its sessions."""
    state = _changed(store, account_id, AccountStage.DISABLED, by=by)
    SignIns(store).end(store.server_now(), account_id=account_id)
    return state


def enable(store: Store, *, account_id: str, by: Actor) -> AccountState:
    """Let a disabled account be used again."""
    return _changed(store, account_id, AccountStage.ENABLED, by=by)


def renew(store: Store, *, account_id: str, by: Actor) -> AccountState:
    """Let an account hold for another 90 days from today."""
    return _changed(store, account_id, AccountStage.RENEWED, by=by)


def own_account(store: Store, *, by: Actor) -> AccountState | None:
    """Return the caller's own account; None for somebody who acts without one."""
    by.require(Permission.READ)
    with store.reading() as reader:
        return reader.account_state(by.id)


def list_sessions(store: Store, *, by: Actor) -> Sequence[LoginSession]:
    """Return the caller's own sessions that nobody has ended, the last seen first."""
    by.require(Permission.READ)
    return SignIns(store).sessions(by.id)


def end_session(store: Store, *, session_id: str, by: Actor) -> None:
    """
    Sign a session out: one's own, or anybody's for an administrator.

    Raises:
        NotFoundError: the same for a session that is absent and one that is somebody else's.
    """
    sign_ins = SignIns(store)
    found = sign_ins.by_id(session_id)
    if found is None or (found.account_id != by.id and not by.may(Permission.MANAGE_ACCOUNTS)):
        raise by.not_found("There is no such session.")
    sign_ins.end(store.server_now(), session_id=session_id)


def _changed(
    store: Store,
    account_id: str,
    stage: AccountStage,
    *,
    by: Actor,
    role: Role | None = None,
    service: str = "",
) -> AccountState:
    by.require(Permission.MANAGE_ACCOUNTS)
    with store.writing() as unit:
        _change(unit, account_id, stage, by=by, role=role, service=service)
    return _state(store, account_id)


def _change(
    unit: Unit,
    account_id: str,
    stage: AccountStage,
    *,
    by: Actor,
    role: Role | None = None,
    service: str = "",
) -> None:
    unit.flush()
    states = unit.account_states()
    state = _known(unit.account_state(account_id))
    if role is not None:
        check_reach(unit, by, service)
    today = london_day(unit.now)
    change = AccountChange(
        id=unit.new_id("account_change"),
        account_id=account_id,
        stage=stage,
        role=role,
        service=service,
        until=renewed_until(today) if stage is AccountStage.RENEWED else None,
        recorded_at=unit.now,
        by=by.id,
        by_name=by.name,
    )
    check_change(state, change, by=by, others=states, today=today)
    unit.add(change, by=by, verb=f"account {stage.word.lower()}")


def check_reach(unit: Unit, by: Actor, service: str) -> None:
    """Let an administrator of some services grant roles in these alone."""
    if service and service not in {one.name for one in unit.services()}:
        raise RuleError(f'There is no service "{service}" on this register.')
    reach = by.services_with(Permission.MANAGE_ACCOUNTS)
    if reach is not None and service not in reach:
        message = f"{by.name} may grant roles only in {', '.join(sorted(reach))}."
        raise by.refused(message, cause="another service")


def grant_first_administrator(unit: Unit, account_id: str) -> None:
    """Make an account the administrator of a register that has none, inside a transaction."""
    unit.flush()
    if any(state.holds(Role.ADMINISTRATOR) for state in unit.account_states()):
        raise RuleError("This register has an administrator already. Ask them for an invitation.")
    _change(unit, account_id, AccountStage.GRANTED, by=SYSTEM, role=Role.ADMINISTRATOR)


def _state(store: Store, account_id: str) -> AccountState:
    with store.reading() as reader:
        return _known(reader.account_state(account_id))


def _known(state: AccountState | None) -> AccountState:
    if state is None:
        raise NotFoundError("There is no such account.")
    return state
