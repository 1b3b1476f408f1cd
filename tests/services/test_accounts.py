"""Accounts and signing in: who may use what until when, and what opens nothing any more."""

import json
from datetime import timedelta
from typing import Any

import pytest

from monitor.domain.access import SYSTEM, Actor, Permission, Role
from monitor.domain.accounts import AccountStanding, Way
from monitor.errors import AccessError, NotFoundError, RuleError
from monitor.services.accounts import (
    add_account,
    disable,
    enable,
    end_session,
    grant,
    invite_again,
    list_accounts,
    list_sessions,
    renew,
    withdraw,
)
from monitor.services.checking import verify
from monitor.services.signing_in import (
    accept_invitation,
    become_first_administrator,
    change_password,
    first_code,
    invited_name,
    make_first_account,
    needs_first_administrator,
    session_of,
    sign_in,
    sign_in_by,
    sign_out,
    who_is,
)
from monitor.store import Store
from tests.builders import ADMINISTRATOR, ELSEWHERE, OFFICE, SERVICE, Clock, day, person

PASSWORD = "four unrelated garden words"
ANOTHER = "three quite different clouds"


def invited(
    store: Store, login: str = "moss", *grants: tuple[Role, str], by: Actor = ADMINISTRATOR
) -> tuple[str, str]:
    """Return the key of a new account, and the code of its invitation."""
    account, code = add_account(
        store, name="Kit Moss", way=Way.LOCAL, subject=login, grants=grants or [(Role.OFFICE, SERVICE)], by=by
    )
    return account.id, code


def joined(store: Store, login: str = "moss", *grants: tuple[Role, str]) -> tuple[str, str]:
    """Return the key of an account with a password, and the token of a session of it."""
    key, code = invited(store, login, *grants)
    return key, accept_invitation(store, code=code, password=PASSWORD)


def here(store: Store, token: str) -> Actor | None:
    """Return who a cookie makes one."""
    session = session_of(store, token=token)
    found = who_is(store, session_id=session.id) if session else None
    return found.actor if found else None


# The first start


def test_the_first_start_makes_one_administrator_and_no_second(register: Store) -> None:
    """There is no default account; the code that was printed works once."""
    assert needs_first_administrator(register)
    code = first_code(register)

    token = make_first_account(register, code=code, name="Ada Reed", login="Ada", password=PASSWORD)

    actor = here(register, token)
    assert actor is not None
    assert actor.may(Permission.MANAGE_ACCOUNTS, ELSEWHERE)
    assert not actor.may(Permission.AGREE_CLOSURE, SERVICE)
    assert not needs_first_administrator(register)
    with pytest.raises(AccessError):
        make_first_account(register, code=code, name="Eve", login="eve", password=PASSWORD)
    assert verify(register, by=OFFICE).ok


def test_a_wrong_or_old_code_makes_nobody_an_administrator(sqlite_register: Store, clock: Clock) -> None:
    """A fresh code takes the place of the one before, and none holds longer than a day."""
    first = first_code(sqlite_register)
    second = first_code(sqlite_register)
    facts = {"name": "Ada Reed", "login": "ada", "password": PASSWORD}
    for code in (first, "", "aaaa-bbbb-cccc-dddd"):
        with pytest.raises(AccessError):
            make_first_account(sqlite_register, code=code, **facts)
    clock.set(day(2))
    with pytest.raises(AccessError):
        make_first_account(sqlite_register, code=second, **facts)

    assert needs_first_administrator(sqlite_register)


def test_with_single_sign_on_the_code_makes_an_administrator_of_who_is_signed_in(
    sqlite_register: Store,
) -> None:
    """Signing in alone gives nothing."""
    token = sign_in_by(sqlite_register, way=Way.OIDC, subject="https://id.example 1", name="Ada Reed")
    actor = here(sqlite_register, token)
    assert actor is not None
    assert not any(actor.may(permission) for permission in Permission)
    code = first_code(sqlite_register)

    become_first_administrator(sqlite_register, code=code, by=actor)

    after = here(sqlite_register, token)
    assert after is not None
    assert after.roles == {Role.ADMINISTRATOR}
    with pytest.raises((AccessError, RuleError)):
        become_first_administrator(sqlite_register, code=code, by=OFFICE)


# Invitations and passwords


def test_an_invitation_works_once_and_for_a_week(sqlite_register: Store, clock: Clock) -> None:
    """Its page may greet the person by name; then it is used up."""
    _, code = invited(sqlite_register)
    assert invited_name(sqlite_register, code=code) == "Kit Moss"

    token = accept_invitation(sqlite_register, code=code, password=PASSWORD)

    assert here(sqlite_register, token) is not None
    assert invited_name(sqlite_register, code=code) is None
    with pytest.raises(AccessError, match="used already"):
        accept_invitation(sqlite_register, code=code, password=PASSWORD)
    _, late = invited(sqlite_register, "late")
    clock.set(day(8))
    with pytest.raises(AccessError):
        accept_invitation(sqlite_register, code=late, password=PASSWORD)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short words", "at least 12"),
        ("x" * 257, "more than 256"),
        ("aaaaaaaaaaaaaaa", "tried first"),
        ("Kit Moss 1", "at least 12"),
        ("Kit Moss 1234", "person's name"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(
    sqlite_register: Store, password: str, said: str
) -> None:
    """By its length, by the list that everybody tries first, and by the person's own name."""
    _, code = invited(sqlite_register)
    with pytest.raises(RuleError, match=said):
        accept_invitation(sqlite_register, code=code, password=password)

    assert invited_name(sqlite_register, code=code) is not None


def test_a_common_password_is_refused_in_any_case(sqlite_register: Store) -> None:
    """Taken from the list itself, so that the test follows it."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    common = next(one for one in FREQUENCY_LISTS["passwords"] if len(one) >= 12 and len(set(one)) > 3)
    _, code = invited(sqlite_register)
    with pytest.raises(RuleError, match="tried first"):
        accept_invitation(sqlite_register, code=code, password=common.upper())


def test_nothing_secret_stands_in_the_database(sqlite_register: Store) -> None:
    """Passwords, codes and cookies are kept as hashes, and none of these in the history."""
    _, code = invited(sqlite_register, "other")
    _, token = joined(sqlite_register)
    with sqlite_register.engine.connect() as connection:
        names = (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        )
        rows = {n: str(connection.exec_driver_sql(f"SELECT * FROM {n}").all()) for n in names}

    for secret in (PASSWORD, code, token):
        assert not any(secret in text for text in rows.values())
    assert "$argon2id$" in rows["credential"]
    assert "argon2" not in rows["history"]


# Signing in


def test_who_signs_in_is_who_they_are_until_they_sign_out(sqlite_register: Store) -> None:
    """Signing out ends the session, so every tab of it."""
    joined(sqlite_register)
    token = sign_in(sqlite_register, login=" MOSS ", password=PASSWORD, agent="Firefox on Linux")
    session = session_of(sqlite_register, token=token)
    assert session is not None

    sign_out(sqlite_register, token=token)

    assert session_of(sqlite_register, token=token) is None
    assert who_is(sqlite_register, session_id=session.id) is None


def test_every_refusal_reads_the_same(sqlite_register: Store) -> None:
    """Nobody learns whether a name has an account, or why it cannot be used."""
    key, _ = joined(sqlite_register)
    joined(sqlite_register, "gone")
    disable(
        sqlite_register,
        account_id=list_accounts(sqlite_register, by=ADMINISTRATOR)[1].state.account.id,
        by=ADMINISTRATOR,
    )
    said = set()
    for login, password in (("moss", ANOTHER), ("nobody", PASSWORD), ("gone", PASSWORD), ("", "")):
        with pytest.raises(AccessError) as refused:
            sign_in(sqlite_register, login=login, password=password)
        said.add(refused.value.message)

    assert len(said) == 1
    assert key


def test_five_wrong_tries_make_one_wait(sqlite_register: Store, clock: Clock) -> None:
    """Even the right password waits then, for a quarter of an hour; another name does not."""
    joined(sqlite_register)
    joined(sqlite_register, "other")
    for _ in range(5):
        with pytest.raises(AccessError, match="not right"):
            sign_in(sqlite_register, login="moss", password=ANOTHER)
    with pytest.raises(AccessError, match="wrong tries"):
        sign_in(sqlite_register, login="moss", password=PASSWORD)
    assert sign_in(sqlite_register, login="other", password=PASSWORD)

    clock.at += timedelta(minutes=16)

    assert sign_in(sqlite_register, login="moss", password=PASSWORD)


@pytest.mark.parametrize(
    ("seen", "later", "holds"),
    [
        ([], timedelta(hours=7, minutes=59), True),
        ([], timedelta(hours=8, minutes=1), False),
        ([timedelta(hours=6)], timedelta(hours=11, minutes=58), True),
        ([timedelta(hours=6), timedelta(hours=11)], timedelta(hours=12, minutes=1), False),
    ],
)
def test_a_session_ends_by_itself(
    sqlite_register: Store, clock: Clock, seen: list[timedelta], later: timedelta, holds: bool
) -> None:
    """Eight hours after its last use, twelve after its beginning."""
    _, token = joined(sqlite_register)
    begun = clock.at
    for moment in seen:
        clock.at = begun + moment
        assert session_of(sqlite_register, token=token)
    clock.at = begun + later

    assert (session_of(sqlite_register, token=token) is not None) is holds


def test_what_is_granted_or_withdrawn_holds_from_the_next_look(sqlite_register: Store) -> None:
    """Nobody has to sign in again for it, or can put it off by not doing so."""
    key, token = joined(sqlite_register, "moss", (Role.ANALYST, SERVICE))

    grant(sqlite_register, account_id=key, role=Role.OFFICE, service=SERVICE, by=ADMINISTRATOR)
    assert here(sqlite_register, token).may(Permission.TAKE_IN, SERVICE)  # type: ignore[union-attr]
    withdraw(sqlite_register, account_id=key, role=Role.OFFICE, service=SERVICE, by=ADMINISTRATOR)
    assert not here(sqlite_register, token).may(Permission.TAKE_IN, SERVICE)  # type: ignore[union-attr]

    disable(sqlite_register, account_id=key, by=ADMINISTRATOR)
    assert here(sqlite_register, token) is None
    enable(sqlite_register, account_id=key, by=ADMINISTRATOR)
    assert here(sqlite_register, token) is None, "the session was ended, not put to sleep"


def test_an_account_nobody_renews_ends_after_ninety_days(sqlite_register: Store, clock: Clock) -> None:
    """A leaver's account is not forgotten; renewed, it holds again."""
    key, _ = joined(sqlite_register)
    clock.set(day(90))
    with pytest.raises(AccessError):
        sign_in(sqlite_register, login="moss", password=PASSWORD)
    (row,) = list_accounts(sqlite_register, by=ADMINISTRATOR)
    assert row.standing is AccountStanding.EXPIRED

    renew(sqlite_register, account_id=key, by=ADMINISTRATOR)

    assert sign_in(sqlite_register, login="moss", password=PASSWORD)


def test_dormant_accounts_are_listed(sqlite_register: Store, clock: Clock) -> None:
    """Unused for a month, though they could be."""
    joined(sqlite_register)
    clock.set(day(31))

    (row,) = list_accounts(sqlite_register, by=ADMINISTRATOR)

    assert row.is_dormant
    assert row.seen_at is not None


def test_another_password_ends_the_other_sessions(sqlite_register: Store) -> None:
    """Whoever had taken the old one is out."""
    key, first = joined(sqlite_register)
    second = sign_in(sqlite_register, login="moss", password=PASSWORD)
    session = session_of(sqlite_register, token=second)
    assert session is not None
    by = here(sqlite_register, second)
    assert by is not None
    with pytest.raises(AccessError, match="present password"):
        change_password(sqlite_register, session_id=session.id, old=ANOTHER, new=ANOTHER, by=by)

    change_password(sqlite_register, session_id=session.id, old=PASSWORD, new=ANOTHER, by=by)

    assert here(sqlite_register, first) is None
    assert here(sqlite_register, second) is not None
    assert sign_in(sqlite_register, login="moss", password=ANOTHER)
    assert key == by.id


def test_sessions_are_listed_for_their_owner_and_ended(sqlite_register: Store) -> None:
    """One's own, or anybody's for an administrator; of another's nobody else learns."""
    key, token = joined(sqlite_register)
    me = here(sqlite_register, token)
    assert me is not None
    (session,) = list_sessions(sqlite_register, by=me)
    with pytest.raises(NotFoundError):
        end_session(sqlite_register, session_id=session.id, by=OFFICE)
    with pytest.raises(NotFoundError):
        end_session(sqlite_register, session_id="nothing", by=OFFICE)

    end_session(sqlite_register, session_id=session.id, by=ADMINISTRATOR)

    assert here(sqlite_register, token) is None
    assert key == me.id


# What an administrator may not


def test_nobody_changes_their_own_account(sqlite_register: Store) -> None:
    """Neither to grant themselves something nor to renew it."""
    key, token = joined(sqlite_register, "ada", (Role.ADMINISTRATOR, ""))
    me = here(sqlite_register, token)
    assert me is not None
    changes: list[Any] = [
        lambda: grant(sqlite_register, account_id=key, role=Role.OFFICE, service=SERVICE, by=me),
        lambda: withdraw(sqlite_register, account_id=key, role=Role.ADMINISTRATOR, service="", by=me),
        lambda: renew(sqlite_register, account_id=key, by=me),
        lambda: disable(sqlite_register, account_id=key, by=me),
        lambda: invite_again(sqlite_register, account_id=key, by=me),
    ]
    for change in changes:
        with pytest.raises(AccessError):
            change()


def test_the_last_administrator_stays(sqlite_register: Store, clock: Clock) -> None:
    """An account that is disabled or over does not count as another one."""
    first, _ = joined(sqlite_register, "ada", (Role.ADMINISTRATOR, ""))
    second, _ = joined(sqlite_register, "bee", (Role.ADMINISTRATOR, ""))
    disable(sqlite_register, account_id=second, by=SYSTEM)
    with pytest.raises(RuleError, match="last administrator"):
        disable(sqlite_register, account_id=first, by=SYSTEM)
    with pytest.raises(RuleError, match="last administrator"):
        withdraw(sqlite_register, account_id=first, role=Role.ADMINISTRATOR, service="", by=SYSTEM)

    enable(sqlite_register, account_id=second, by=SYSTEM)
    disable(sqlite_register, account_id=first, by=SYSTEM)


def test_an_administrator_of_one_service_grants_in_that_one(sqlite_register: Store) -> None:
    """Neither elsewhere nor everywhere."""
    key, _ = joined(sqlite_register)
    local = person("local", Role.ADMINISTRATOR)
    for service in (ELSEWHERE, ""):
        with pytest.raises(AccessError):
            grant(sqlite_register, account_id=key, role=Role.ANALYST, service=service, by=local)

    assert grant(sqlite_register, account_id=key, role=Role.ANALYST, service=SERVICE, by=local)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"name": "  "}, "name of a person"),
        ({"subject": ""}, "signs in"),
        ({"subject": "two words"}, "cannot be a sign-in name"),
        ({"subject": "MOSS"}, "has an account already"),
        ({"grants": [(Role.OFFICE, "Narnia Police")]}, "Narnia Police"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    sqlite_register: Store, facts: dict[str, Any], said: str
) -> None:
    """With what is wrong, and nothing of it is kept."""
    joined(sqlite_register)
    before = sqlite_register.data_version()
    given: dict[str, Any] = {"name": "Lee", "way": Way.LOCAL, "subject": "lee", "by": ADMINISTRATOR}

    with pytest.raises(RuleError, match=said):
        add_account(sqlite_register, **given | facts)

    assert sqlite_register.data_version() == before


def test_every_grant_is_in_the_history(register: Store) -> None:
    """Who gave what to whom, in the chain."""
    key, _ = joined(register)
    grant(register, account_id=key, role=Role.ANALYST, service=ELSEWHERE, by=ADMINISTRATOR)

    with register.reading() as reader:
        last = reader.history(limit=1)[0]
    body = json.loads(last.body)["entry"]
    assert (last.actor, last.verb) == (ADMINISTRATOR.id, "account granted")
    assert (body["account_id"], body["role"], body["service"]) == (key, "analyst", ELSEWHERE)
    assert verify(register, by=OFFICE).ok


def test_signing_in_leaves_lines_without_names(
    sqlite_register: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """Each line is JSON; neither the name tried nor the password stands in it."""
    joined(sqlite_register)
    caplog.clear()
    with caplog.at_level("WARNING", logger="monitor.sign-in"):
        with pytest.raises(AccessError):
            sign_in(sqlite_register, login="moss", password="a wrong secret")
        sign_in(sqlite_register, login="moss", password=PASSWORD)

    events = [json.loads(record.message)["event"] for record in caplog.records]
    assert events == ["sign-in refused", "signed in"]
    assert not any(word in caplog.text for word in ("moss", "Moss", "secret", PASSWORD))
