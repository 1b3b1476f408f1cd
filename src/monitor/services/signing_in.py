"""
Signing in and out, by three ways; and who a session is, asked again at every run of a page.

A session is a row in the database that a cookie names by a random token, of which only the hash is kept. It ends
8 hours after its last use, 12 hours after its beginning, or when it is signed out, and with it every open tab.
"""

import hashlib
import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from monitor.domain.access import SYSTEM, Actor, Role
from monitor.domain.accounts import Account, AccountStanding, AccountState, Way
from monitor.domain.text import clean_line
from monitor.errors import AccessError, RuleError
from monitor.services.accounts import grant_first_administrator, new_account
from monitor.services.claim_rules import follow_rules
from monitor.services.passwords import check_new_password
from monitor.services.secrets import (
    fresh_code,
    fresh_id,
    fresh_token,
    hashed,
    hashed_code,
    is_outdated,
    is_password,
    password_hash,
)
from monitor.store import LoginSession, SignIns, Store

IDLE: Final = timedelta(hours=8)
AT_MOST: Final = timedelta(hours=12)
SEEN_EVERY: Final = timedelta(minutes=1)
TRIES: Final = 5
TRIES_WITHIN: Final = timedelta(minutes=15)
FIRST_CODE_HOLDS: Final = timedelta(hours=24)
NAME_AT_MOST: Final = 120
SUBJECT_AT_MOST: Final = 500
_FIRST: Final = ""
"""The account that the code of the first start is for: one that does not exist yet."""

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_NOT_KNOWN: Final = "The name or the password is not right, or the account cannot be used."
_log: Final = logging.getLogger("monitor.sign-in")
_access_log: Final = logging.getLogger("monitor.access")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is here, and by which session."""

    actor: Actor
    account: Account
    session: LoginSession


def needs_first_administrator(store: Store) -> bool:
    """Tell whether nobody administers this register yet."""
    with store.reading() as reader:
        return not any(state.holds(Role.ADMINISTRATOR) for state in reader.account_states())


def first_code(store: Store) -> str:
    """Return a fresh one-time code by which whoever installs the product makes the first account. It holds a day."""
    code = fresh_code()
    SignIns(store).put_invitation(hashed_code(code), _FIRST, store.server_now() + FIRST_CODE_HOLDS)
    return code


def make_first_account(
    store: Store, *, code: str, name: str, login: str, password: str, agent: str = ""
) -> str:
    """
    Make the first administrator's account, by the one-time code, and sign it in.

    Returns:
        The session's token, for its cookie.

    Raises:
        AccessError: for a code that is not the one printed, or that was used.
        RuleError: for a name or password that cannot be used.
    """
    sign_ins, now = SignIns(store), store.server_now()
    if not needs_first_administrator(store) or sign_ins.invited(hashed_code(code), now) != _FIRST:
        _noted("first account refused")
        raise AccessError("This code is not the one that was printed at the start, or it was used already.")
    check_new_password(store, password, names=[name, login])
    kept = password_hash(password)
    with store.writing() as unit:
        account = new_account(unit, name=name, way=Way.LOCAL, subject=login, title="", by=SYSTEM)
        grant_first_administrator(unit, account.id)
    sign_ins.use_invitation(hashed_code(code), now)
    sign_ins.put_password(account.id, kept, now)
    return _open(store, account, agent)


def accept_invitation(store: Store, *, code: str, password: str, agent: str = "") -> str:
    """
    Set a password by an invitation, and sign in.

    Raises:
        AccessError: for a code that is unknown, used or over.
        RuleError: for a password that cannot be used.
    """
    sign_ins, now = SignIns(store), store.server_now()
    account_id = sign_ins.invited(hashed_code(code), now)
    state = _state(store, account_id) if account_id else None
    if state is None or not _is_active(store, state):
        _noted("invitation refused")
        raise AccessError(
            "This invitation was used already, or it is over. Ask the administrator for another."
        )
    check_new_password(store, password, names=[state.account.name, state.account.subject])
    kept = password_hash(password)
    if not sign_ins.use_invitation(hashed_code(code), now):
        raise AccessError("This invitation was used already. Ask the administrator for another.")
    sign_ins.put_password(state.account.id, kept, now)
    sign_ins.end(now, account_id=state.account.id)
    return _open(store, state.account, agent)


def invited_account(store: Store, *, code: str) -> Account | None:
    """Return whom an invitation is for; None for one that is unknown, used or over."""
    account_id = SignIns(store).invited(hashed_code(code), store.server_now())
    state = _state(store, account_id) if account_id else None
    return state.account if state else None


def invited_name(store: Store, *, code: str) -> str | None:
    """Return the name of the person an invitation is for; None for one that is unknown, used or over."""
    account = invited_account(store, code=code)
    return account.name if account else None


def sign_in(store: Store, *, login: str, password: str, agent: str = "") -> str:
    """
    Sign in with a password.

    Returns:
        The session's token, for its cookie.

    Raises:
        AccessError: in the same words for an unknown name, a wrong password and an account that cannot be used;
            in others after five failed tries within a quarter of an hour.
    """
    sign_ins, now = SignIns(store), store.server_now()
    subject = login.strip().casefold()
    key = _key(subject)
    _count_try(sign_ins, key, now)
    state = _by_subject(store, Way.LOCAL, subject)
    kept = sign_ins.password_of(state.account.id) if state else None
    if not is_password(kept, password) or state is None or not _is_active(store, state):
        _noted("sign-in refused", state.account.id if state else "")
        raise AccessError(_NOT_KNOWN)
    sign_ins.forget_failures(key, before=now - TRIES_WITHIN)
    if kept is not None and is_outdated(kept):
        sign_ins.renew_hash(state.account.id, before=kept, after=password_hash(password))
    return _open(store, state.account, agent)


def _key(subject: str) -> str:
    return hashlib.sha256(subject.encode("utf-8", "replace")).hexdigest()


def _count_try(sign_ins: SignIns, key: str, now: datetime) -> None:
    """
    Count a try before it is made, so that many at the same instant are not more than one after the other.

    Raises:
        AccessError: where there were too many; how long to wait is said.
    """
    before = sign_ins.failures(key, now - TRIES_WITHIN)
    if len(before) >= TRIES:
        _noted("sign-in throttled")
        wait = max(1, math.ceil((before[-TRIES] + TRIES_WITHIN - now).total_seconds() / 60))
        raise AccessError(
            f"There were {len(before)} wrong tries for this name. Try again in {wait} minute{'s' * (wait > 1)}."
        )
    sign_ins.note_failure(key, now)


def sign_in_by(
    store: Store,
    *,
    way: Way,
    subject: str,
    name: str,
    claims: Mapping[str, object] = _NOTHING,
    agent: str = "",
) -> str:
    """
    Sign in somebody whom single sign-on or the proxy has made sure of.

    Somebody who was never here gets an account. What is granted is what an administrator granted by hand, and what an
    administrator's rule grants for what the provider says now; without either, they can see nothing.

    Args:
        claims: What a checked token says of them; a proxy says nothing that counts.

    Raises:
        AccessError: for an account that cannot be used.
    """
    # Two names that differ in a blank alone are two people to a provider: nothing is tidied, only refused.
    if not subject or clean_line(subject) != subject or len(subject) > SUBJECT_AT_MOST:
        _noted("sign-in refused")
        raise AccessError(_NOT_KNOWN)
    state = _by_subject(store, way, subject) or _met(store, way, subject, name)
    if not _is_active(store, state):
        _noted("sign-in refused", state.account.id)
        raise AccessError(_NOT_KNOWN)
    if not follow_rules(store, account_id=state.account.id, claims=claims):
        _noted("claims not read", state.account.id)
    return _open(store, state.account, agent)


def _met(store: Store, way: Way, subject: str, name: str) -> AccountState:
    """Return the account of somebody who was never here, made now or by another request at the same instant."""
    shown = clean_line(name)[:NAME_AT_MOST].strip() or subject[:NAME_AT_MOST]
    try:
        with store.writing() as unit:
            new_account(unit, name=shown, way=way, subject=subject, title="", by=SYSTEM)
    except RuleError:
        _noted("account was there")
    state = _by_subject(store, way, subject)
    if state is None:
        raise AccessError(_NOT_KNOWN)
    return state


def become_first_administrator(store: Store, *, code: str, by: Actor) -> None:
    """
    Make the signed-in person the administrator of a register that has none, by the one-time code.

    Raises:
        AccessError: for a code that is not the one printed, or that was used.
        RuleError: when there is an administrator already.
    """
    sign_ins, now = SignIns(store), store.server_now()
    if sign_ins.invited(hashed_code(code), now) != _FIRST:
        raise AccessError("This code is not the one that was printed at the start, or it was used already.")
    with store.writing() as unit:
        grant_first_administrator(unit, by.id)
    sign_ins.use_invitation(hashed_code(code), now)


def change_password(store: Store, *, session_id: str, old: str, new: str, by: Actor) -> None:
    """
    Set another password, knowing the old one; every other session of the account ends.

    Raises:
        AccessError: for a present password that is wrong, or too many wrong ones.
        RuleError: for a new one that cannot be used, and an account without one.
    """
    sign_ins, now = SignIns(store), store.server_now()
    state = _state(store, by.id)
    if state is None or state.account.way is not Way.LOCAL:
        raise RuleError(f"{by.name} does not sign in with a password kept here.")
    key = _key(state.account.subject)
    _count_try(sign_ins, key, now)
    if not is_password(sign_ins.password_of(by.id), old):
        raise AccessError("The present password is not right.")
    sign_ins.forget_failures(key, before=now - TRIES_WITHIN)
    check_new_password(store, new, names=[state.account.name, state.account.subject])
    sign_ins.put_password(by.id, password_hash(new), now)
    for session in sign_ins.sessions(by.id):
        if session.id != session_id:
            sign_ins.end(now, session_id=session.id)


def session_of(store: Store, *, token: str) -> LoginSession | None:
    """Return the session that a cookie opens, noted as used; None for one that is unknown, ended or over."""
    session = SignIns(store).by_token(hashed(token)) if token else None
    return session if session and _holds(store, session) else None


def who_is(store: Store, *, session_id: str) -> SignedIn | None:
    """
    Return who a session is, as the database has it now: asked at every run of every page.

    Returns:
        None for a session that is unknown, ended or over, and for an account that cannot be used any more.
    """
    session = SignIns(store).by_id(session_id)
    if session is None or not _holds(store, session):
        _note_nobody(session, "sign-in over")
        return None
    state = _state(store, session.account_id)
    if state is None or not _is_active(store, state):
        _note_nobody(session, "account disabled or expired")
        return None
    return SignedIn(state.actor, state.account, session)


def _note_nobody(session: LoginSession | None, cause: str) -> None:
    """Leave one line in the log of what was refused: whoever asks is nobody any more."""
    line = {"event": "refused", "actor": session.account_id if session else "", "cause": cause}
    _access_log.warning(json.dumps(line))


def usable_actor(store: Store, *, account_id: str) -> Actor | None:
    """Return whose account this is, with what they are granted now; None where it cannot be used."""
    state = _state(store, account_id)
    return state.actor if state is not None and _is_active(store, state) else None


def is_ended(store: Store, who: SignedIn) -> bool:
    """Tell whether somebody who was signed in is so no more. Asking is no use of the session: it does not live longer."""
    session = SignIns(store).by_id(who.session.id)
    state = _state(store, who.account.id)
    return (
        session is None
        or is_over(session, store.server_now())
        or state is None
        or not _is_active(store, state)
    )


def whose(store: Store, *, token: str) -> str:
    """Return the key of the account whose session a cookie opens, or opened until it ended; empty for nobody's."""
    session = SignIns(store).by_token(hashed(token))
    return session.account_id if session else ""


def sign_out(store: Store, *, token: str) -> None:
    """End the session that a cookie opens, and so every tab of it."""
    sign_ins = SignIns(store)
    session = sign_ins.by_token(hashed(token)) if token else None
    if session is not None:
        sign_ins.end(store.server_now(), session_id=session.id)
        _noted("signed out", session.account_id)


def is_over(session: LoginSession, now: datetime) -> bool:
    """Tell whether a session opens nothing any more, signed out or not."""
    return session.ended_at is not None or now - session.started_at > AT_MOST or now - session.seen_at > IDLE


def _holds(store: Store, session: LoginSession) -> bool:
    now = store.server_now()
    if is_over(session, now):
        return False
    if now - session.seen_at >= SEEN_EVERY:
        SignIns(store).touch(session.id, now)
    return True


def _open(store: Store, account: Account, agent: str) -> str:
    token = fresh_token()
    SignIns(store).open(
        session_id=fresh_id(),
        token_hash=hashed(token),
        account_id=account.id,
        agent=agent[:80],
        now=store.server_now(),
    )
    _noted("signed in", account.id)
    return token


def _is_active(store: Store, state: AccountState) -> bool:
    # By the register's own day: an account of the demonstration is as old as the demonstration.
    return state.standing(store.today()) is AccountStanding.ACTIVE


def _by_subject(store: Store, way: Way, subject: str) -> AccountState | None:
    with store.reading() as reader:
        states = reader.account_states()
    return next((one for one in states if (one.account.way, one.account.subject) == (way, subject)), None)


def _state(store: Store, account_id: str) -> AccountState | None:
    with store.reading() as reader:
        return reader.account_state(account_id)


def _noted(event: str, account_id: str = "") -> None:
    """Leave one line in the log, without anything that a person wrote."""
    _log.warning(json.dumps({"event": event, "account": account_id}))
