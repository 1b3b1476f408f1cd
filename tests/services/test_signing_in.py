"""Signing in by others' word and by passwords, where two do it at once or somebody tries to be another."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import Way
from monitor.errors import AccessError
from monitor.services.accounts import add_account, list_accounts
from monitor.services.secrets import hashed, hashed_code, is_password, password_hash
from monitor.services.signing_in import (
    NAME_AT_MOST,
    TRIES,
    accept_invitation,
    change_password,
    invited_account,
    session_of,
    sign_in,
    sign_in_by,
    who_is,
)
from monitor.store import Store

PASSWORD = "four unrelated garden words"


def account_of(store: Store, token: str) -> str:
    """Return the subject of the account that a token is a session of."""
    session = session_of(store, token=token)
    found = who_is(store, session_id=session.id) if session else None
    assert found is not None
    return found.account.subject


def test_two_requests_of_somebody_new_make_one_account(sqlite_register: Store) -> None:
    """A browser asks for several things at once; each gets in, and the person is one."""
    with ThreadPoolExecutor(4) as pool:
        tokens = list(
            pool.map(
                lambda _: sign_in_by(sqlite_register, way=Way.PROXY, subject="ada", name="Ada"), range(8)
            )
        )

    assert {account_of(sqlite_register, token) for token in tokens} == {"ada"}
    assert len(list_accounts(sqlite_register, by=SYSTEM)) == 1


@pytest.mark.parametrize("subject", ["", " ", " new", "a  b", " a", "a\n", "a\x00", "e\u0301", "x" * 501])
def test_a_subject_is_taken_as_it_is_or_not_at_all(sqlite_register: Store, subject: str) -> None:
    """Two that would be tidied into one are two people to whoever vouches for them."""
    for one in ("a", "a b", "é"):
        sign_in_by(sqlite_register, way=Way.OIDC, subject=one, name="Somebody")

    with pytest.raises(AccessError):
        sign_in_by(sqlite_register, way=Way.OIDC, subject=subject, name="Somebody else")

    assert len(list_accounts(sqlite_register, by=SYSTEM)) == 3


def test_the_same_subject_by_another_way_is_somebody_else(sqlite_register: Store) -> None:
    """A name that a proxy says is not the subject of a provider, nor somebody's name to sign in with."""
    add_account(
        sqlite_register,
        name="Ada",
        way=Way.LOCAL,
        subject="ada",
        grants=[(Role.ADMINISTRATOR, "")],
        by=SYSTEM,
    )
    for way in (Way.PROXY, Way.OIDC):
        token = sign_in_by(sqlite_register, way=way, subject="ada", name="Ada")
        session = session_of(sqlite_register, token=token)
        found = who_is(sqlite_register, session_id=session.id if session else "")
        assert found is not None
        assert found.actor.roles == frozenset()


def test_a_name_without_end_is_cut(sqlite_register: Store) -> None:
    """A provider says what it likes; the list of accounts stays readable."""
    for number, name in enumerate(("x" * 5000, "", "\x00\u200b")):
        sign_in_by(sqlite_register, way=Way.OIDC, subject=f"issuer {number}", name=name)

    for row in list_accounts(sqlite_register, by=SYSTEM):
        assert 0 < len(row.state.account.name) <= NAME_AT_MOST


def test_guessing_the_present_password_has_to_wait_too(sqlite_register: Store) -> None:
    """Whoever finds a tab open cannot try passwords without an end, and the right one waits with them."""
    _, code = add_account(
        sqlite_register, name="Kit", way=Way.LOCAL, subject="kit", grants=[(Role.OFFICE, "")], by=SYSTEM
    )
    token = accept_invitation(sqlite_register, code=code.upper(), password=PASSWORD)
    session = session_of(sqlite_register, token=token)
    assert session is not None
    found = who_is(sqlite_register, session_id=session.id)
    assert found is not None
    for _ in range(TRIES):
        with pytest.raises(AccessError, match="not right"):
            change_password(
                sqlite_register, session_id=session.id, old="x", new="another four long words", by=found.actor
            )

    with pytest.raises(AccessError, match="Try again"):
        change_password(
            sqlite_register,
            session_id=session.id,
            old=PASSWORD,
            new="another four long words",
            by=found.actor,
        )
    with pytest.raises(AccessError, match="Try again"):
        sign_in(sqlite_register, login="kit", password=PASSWORD)


def test_a_password_is_the_same_on_every_keyboard() -> None:
    """An é is one character on some and two on others."""
    kept = password_hash("caf\u00e9 garden cloud")

    assert is_password(kept, "cafe\u0301 garden cloud")
    assert not is_password(kept, "cafe garden cloud")


def test_a_code_may_be_typed_in_capitals_and_a_token_may_not(sqlite_register: Store) -> None:
    """People type codes; nobody types a token."""
    _, code = add_account(
        sqlite_register, name="Kit", way=Way.LOCAL, subject="kit", grants=[(Role.OFFICE, "")], by=SYSTEM
    )

    found = invited_account(sqlite_register, code=f" {code.upper()} ")

    assert found is not None
    assert found.subject == "kit"
    assert hashed_code("AB") == hashed("ab") != hashed("AB")
