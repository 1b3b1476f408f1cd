"""Which passwords may be used, and that a hash is renewed when more work is asked for."""

from contextlib import suppress

import pytest
from argon2 import PasswordHasher
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import PASSWORD_AT_LEAST, Way
from monitor.errors import AccessError, RuleError
from monitor.services import secrets
from monitor.services.accounts import add_account
from monitor.services.passwords import OF_THE_FIELD, check_new_password
from monitor.services.signing_in import accept_invitation, change_password, session_of, sign_in, who_is
from monitor.store import SignIns, Store

PASSWORD = "four unrelated garden words"
SOON = "guessed too soon|tried first"
NAMES = ("Kit Moss", "kit.moss")


def refused(store: Store, password: str) -> bool:
    """Tell whether a password is refused for being guessed soon."""
    with suppress(RuleError):
        check_new_password(store, password, names=NAMES)
        return False
    return True


def test_the_commonest_passwords_are_refused_as_they_are_made_longer(sqlite_register: Store) -> None:
    """Of the commonest 3,000, every sixtieth: repeated and numbered until it is long enough."""
    let_through = []
    for common in list(FREQUENCY_LISTS["passwords"])[:3000:60]:
        for longer in (common * 3, f"{common.capitalize()}123456789", f"123456{common}"):
            if len(longer) >= PASSWORD_AT_LEAST and not refused(sqlite_register, longer):
                let_through.append(longer)

    assert let_through == []


def test_every_common_password_that_is_long_enough_is_refused(sqlite_register: Store) -> None:
    """Taken from the list itself."""
    long_enough = [one for one in FREQUENCY_LISTS["passwords"] if len(one) >= PASSWORD_AT_LEAST]

    assert len(long_enough) > 200
    assert [one for one in long_enough if not refused(sqlite_register, one)] == []


@pytest.mark.parametrize(
    "password",
    ["1qaz2wsx3edc4rfv", "qwertyuiop[]", "abcdefghijklmn", "Winter2024!!", "liverpool2024", "P@ssw0rd12345",
     "Summer2025Summer", "zzzzzzzzzzzzzzz1", "recommendations monitor"],
)  # fmt: skip
def test_what_people_do_to_a_password_does_not_make_it_one(sqlite_register: Store, password: str) -> None:
    """Rows of keys, seasons and years, letters written as figures, dates."""
    with pytest.raises(RuleError, match=SOON):
        check_new_password(sqlite_register, password, names=())


@pytest.mark.parametrize(
    "password", ["Cumbria Constabulary 1!", "police-and-crime-commissioner", "KitMoss kit.moss Kit", "PEEL inspection force"]
)  # fmt: skip
def test_names_of_here_do_not_count(sqlite_register: Store, password: str) -> None:
    """The service's, the office's, the person's, and the words of the field."""
    with pytest.raises(RuleError, match=SOON):
        check_new_password(sqlite_register, password, names=NAMES)


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "kettle mountain spoon", "k7#mQ2pL9xVw", "violet police kettle harbour", "a dog of nine names barks", "ü" * 3 + "berall wächst gras"],
)  # fmt: skip
def test_unrelated_words_and_random_letters_may_be_used(sqlite_register: Store, password: str) -> None:
    """However they are written; no kind of letter is asked for."""
    check_new_password(sqlite_register, password, names=NAMES)


def test_a_long_password_is_judged_at_once(sqlite_register: Store) -> None:
    """256 characters are looked at as quickly as 72, and count."""
    check_new_password(sqlite_register, "four unrelated garden words " * 9, names=NAMES)
    assert refused(sqlite_register, "abcd" * 64)
    assert len(set(OF_THE_FIELD)) == len(OF_THE_FIELD)


def test_both_ways_to_a_password_ask_the_same(sqlite_register: Store) -> None:
    """By an invitation, and by changing it."""
    _, code = add_account(
        sqlite_register, name="Kit Moss", way=Way.LOCAL, subject="kit", grants=[(Role.OFFICE, "")], by=SYSTEM
    )
    with pytest.raises(RuleError, match=SOON):
        accept_invitation(sqlite_register, code=code, password="Winter2024!!")
    token = accept_invitation(sqlite_register, code=code, password=PASSWORD)
    session = session_of(sqlite_register, token=token)
    assert session is not None
    found = who_is(sqlite_register, session_id=session.id)
    assert found is not None
    with pytest.raises(RuleError, match=SOON):
        change_password(
            sqlite_register, session_id=session.id, old=PASSWORD, new="Winter2024!!", by=found.actor
        )


def test_a_hash_is_renewed_when_more_work_is_asked_for(
    sqlite_register: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the next sign-in, and at no wrong try; the password stays the same."""
    monkeypatch.setattr(secrets, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024))
    account, code = add_account(
        sqlite_register, name="Kit Moss", way=Way.LOCAL, subject="kit", grants=[], by=SYSTEM
    )
    accept_invitation(sqlite_register, code=code, password=PASSWORD)
    sign_ins = SignIns(sqlite_register)
    before = sign_ins.password_of(account.id)
    monkeypatch.setattr(secrets, "_hasher", PasswordHasher(time_cost=2, memory_cost=2048))

    with pytest.raises(AccessError):
        sign_in(sqlite_register, login="kit", password="wrong")
    assert sign_ins.password_of(account.id) == before
    sign_in(sqlite_register, login="kit", password=PASSWORD)

    after = sign_ins.password_of(account.id)
    assert after is not None
    assert "m=2048,t=2" in after
    sign_in(sqlite_register, login="kit", password=PASSWORD)
    assert sign_ins.password_of(account.id) == after, "once is enough"
    sign_ins.renew_hash(account.id, before="another", after="mine")
    assert sign_ins.password_of(account.id) == after, "not over a password that was changed meanwhile"
