"""Rules of single sign-on: who writes them, what they give at a sign-in, and when it is gone again."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from monitor.domain.access import SYSTEM, Actor, Permission, Role
from monitor.domain.accounts import AccountState, Way
from monitor.domain.claim_rules import BY_RULE, VALUES_AT_MOST
from monitor.errors import AccessError, NotFoundError, RuleError
from monitor.services.accounts import (
    add_account,
    disable,
    enable,
    grant,
    list_accounts,
    renew,
    withdraw,
)
from monitor.services.auditing import AuditAct, AuditFilter, read_audit
from monitor.services.checking import verify
from monitor.services.claim_rules import add_rule, follow_rules, list_rules, remove_rule
from monitor.services.signing_in import session_of, sign_in_by, who_is
from monitor.store import Store
from tests.builders import ADMINISTRATOR, ELSEWHERE, OFFICE, SERVICE, Clock, day, person

STAFF = {"groups": ["opcc-staff"]}
ANOTHER_ADMINISTRATOR = person("another", Role.ADMINISTRATOR, services=None)


def a_rule(store: Store, *, by: Actor = ADMINISTRATOR, **given: Any) -> int:
    """Write a rule by which staff of the office are of the office in one service, and return its number."""
    facts = {"claim": "groups", "value": "opcc-staff", "role": Role.OFFICE, "service": SERVICE}
    return add_rule(store, **facts | given, by=by).id


def came(store: Store, subject: str = "issuer 1", claims: Mapping[str, object] | None = None) -> str:
    """Sign in by single sign-on as somebody of whom this is said, and return the session."""
    token = sign_in_by(store, way=Way.OIDC, subject=subject, name="Kit Moss", claims=claims or {})
    session = session_of(store, token=token)
    assert session is not None
    return session.id


def here(store: Store, session: str) -> Actor:
    """Return who a session is at the next click."""
    found = who_is(store, session_id=session)
    assert found is not None
    return found.actor


def held(store: Store, session: str) -> set[tuple[Role, str | None]]:
    """Return what somebody may do at the next click."""
    return set(here(store, session).grants or ())


def the_account(store: Store) -> AccountState:
    """Return the one account."""
    (row,) = list_accounts(store, by=SYSTEM)
    return row.state


# At a sign-in


def test_somebody_new_is_let_in_by_a_rule(register: Store) -> None:
    """Without an invitation: the account is made, holds the role, and ends as every one does."""
    a_rule(register)

    session = came(register, claims={**STAFF, "name": "Kit Moss"})

    assert held(register, session) == {(Role.OFFICE, SERVICE)}
    assert here(register, session).may(Permission.TAKE_IN, SERVICE)
    assert not here(register, session).may(Permission.TAKE_IN, ELSEWHERE)
    state = the_account(register)
    assert (state.account.subject, state.by_hand) == ("issuer 1", frozenset())
    assert (state.expires_on - register.today()).days == 90
    assert verify(register, by=OFFICE).ok


def test_somebody_of_whom_no_rule_speaks_sees_nothing(sqlite_register: Store) -> None:
    """As before: an account that waits for an administrator."""
    a_rule(sqlite_register)

    session = came(sqlite_register, claims={"groups": ["others"], "roles": ["opcc-staff", "administrator"]})

    assert not any(here(sqlite_register, session).may(permission) for permission in Permission)


def test_what_the_provider_no_longer_says_is_withdrawn_at_the_next_sign_in(sqlite_register: Store) -> None:
    """In every session of theirs, and without touching what was granted by hand."""
    a_rule(sqlite_register)
    first = came(sqlite_register, claims=STAFF)
    by_hand = (Role.ANALYST, ELSEWHERE)
    key = the_account(sqlite_register).account.id
    grant(sqlite_register, account_id=key, role=by_hand[0], service=by_hand[1], by=ADMINISTRATOR)
    assert held(sqlite_register, first) == {(Role.OFFICE, SERVICE), by_hand}

    second = came(sqlite_register, claims={"groups": ["others"]})

    assert held(sqlite_register, first) == held(sqlite_register, second) == {by_hand}
    assert held(sqlite_register, came(sqlite_register, claims=STAFF)) == {(Role.OFFICE, SERVICE), by_hand}


def test_the_same_role_by_hand_and_by_rule_goes_when_both_are_gone(sqlite_register: Store) -> None:
    """Neither takes the other away."""
    a_rule(sqlite_register)
    session = came(sqlite_register, claims=STAFF)
    key = the_account(sqlite_register).account.id
    office: dict[str, Any] = {"account_id": key, "role": Role.OFFICE, "service": SERVICE, "by": ADMINISTRATOR}
    with pytest.raises(RuleError, match="by a rule of single sign-on"):
        withdraw(sqlite_register, **office)

    grant(sqlite_register, **office)
    came(sqlite_register)
    assert held(sqlite_register, session) == {(Role.OFFICE, SERVICE)}
    came(sqlite_register, claims=STAFF)
    withdraw(sqlite_register, **office)
    assert held(sqlite_register, session) == {(Role.OFFICE, SERVICE)}
    came(sqlite_register)
    assert held(sqlite_register, session) == set()


def test_a_rule_taken_back_is_gone_with_the_next_click(register: Store) -> None:
    """For everybody who holds something by it; what another rule grants stays."""
    number = a_rule(register)
    a_rule(register, role=Role.ANALYST)
    a_rule(register, claim="roles", value="office")
    one, two = (came(register, f"issuer {n}", STAFF) for n in (1, 2))
    both = came(register, "issuer 3", {**STAFF, "roles": "office"})
    assert [row.holders for row in list_rules(register, by=ADMINISTRATOR)] == [3, 3, 1]

    gone = remove_rule(register, rule_id=number, by=ANOTHER_ADMINISTRATOR)

    assert (gone.rule.id, gone.holders) == (number, 3)
    assert held(register, one) == held(register, two) == {(Role.ANALYST, SERVICE)}
    assert held(register, both) == {(Role.ANALYST, SERVICE), (Role.OFFICE, SERVICE)}
    assert held(register, came(register, "issuer 1", STAFF)) == {(Role.ANALYST, SERVICE)}
    assert number not in [row.rule.id for row in list_rules(register, by=ADMINISTRATOR)]
    with pytest.raises(NotFoundError):
        remove_rule(register, rule_id=number, by=ADMINISTRATOR)
    assert verify(register, by=OFFICE).ok


def test_a_rule_that_is_new_waits_for_the_next_sign_in(sqlite_register: Store) -> None:
    """Nobody keeps what a provider said before."""
    session = came(sqlite_register, claims=STAFF)
    number = a_rule(sqlite_register)
    assert held(sqlite_register, session) == set()
    came(sqlite_register, claims=STAFF)
    assert held(sqlite_register, session) == {(Role.OFFICE, SERVICE)}

    remove_rule(sqlite_register, rule_id=number, by=ADMINISTRATOR)
    a_rule(sqlite_register)

    assert held(sqlite_register, session) == set()


def test_a_sign_in_that_changes_nothing_writes_nothing(sqlite_register: Store) -> None:
    """The history does not grow with each day's sign-in."""
    a_rule(sqlite_register)
    came(sqlite_register, claims=STAFF)
    before = sqlite_register.data_version()

    came(sqlite_register, claims={"groups": ["more", "opcc-staff"]})

    assert sqlite_register.data_version() == before


def test_two_sign_ins_at_once_grant_once(register: Store) -> None:
    """A browser asks twice; what the rule grants is written one time."""
    a_rule(register)
    came(register)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: came(register, claims=STAFF), range(8)))

    with register.reading() as reader:
        assert len(reader.account_changes()) == 1


@pytest.mark.parametrize("over", ["disabled", "expired"])
def test_an_account_that_cannot_be_used_gains_nothing(
    sqlite_register: Store, clock: Clock, over: str
) -> None:
    """Nobody gets in with it, and nothing is written into it; once it can be used, the rule counts again."""
    came(sqlite_register)
    key = the_account(sqlite_register).account.id
    a_rule(sqlite_register)
    if over == "disabled":
        disable(sqlite_register, account_id=key, by=ADMINISTRATOR)
    else:
        clock.set(day(90))
    before = sqlite_register.data_version()

    with pytest.raises(AccessError):
        came(sqlite_register, claims=STAFF)

    assert sqlite_register.data_version() == before
    # Nor does one that was disabled while its sign-in was under way.
    follow_rules(sqlite_register, account_id=key, claims=STAFF)
    assert sqlite_register.data_version() == before
    again = enable if over == "disabled" else renew
    again(sqlite_register, account_id=key, by=ADMINISTRATOR)
    assert held(sqlite_register, came(sqlite_register, claims=STAFF)) == {(Role.OFFICE, SERVICE)}


@pytest.mark.parametrize(
    "claims",
    [
        {"groups": ["x"] * VALUES_AT_MOST + ["opcc-staff"]},
        {"groups": {"opcc-staff": True}},
        {"groups": 7},
        {"groups": [{"id": "opcc-staff"}]},
        {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://x.example"}}},
    ],
    ids=["more than can be", "an object", "a number", "a list of objects", "kept elsewhere"],
)
def test_what_cannot_be_read_takes_the_role_and_is_in_the_log(
    sqlite_register: Store, claims: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody is in too many groups for the token: without a word nobody would know why the role is gone."""
    a_rule(sqlite_register)
    session = came(sqlite_register, claims=STAFF)
    assert "claims not read" not in caplog.text

    came(sqlite_register, claims=claims)

    assert held(sqlite_register, session) == set()
    assert "claims not read" in caplog.text
    assert "opcc-staff" not in caplog.text


def test_a_proxys_word_and_a_password_give_nothing_by_rule(sqlite_register: Store) -> None:
    """Rules are about what a checked token says."""
    a_rule(sqlite_register, claim="sub", value="ada")
    token = sign_in_by(sqlite_register, way=Way.PROXY, subject="ada", name="opcc-staff")
    session = session_of(sqlite_register, token=token)
    assert session is not None
    assert held(sqlite_register, session.id) == set()


# What an administrator may not


def test_a_rule_gives_nothing_to_whoever_wrote_it(register: Store) -> None:
    """Written by another administrator it does, as a grant by hand would."""
    session = came(register)
    key = the_account(register).account.id
    grant(register, account_id=key, role=Role.ADMINISTRATOR, service="", by=SYSTEM)
    me = here(register, session)
    number = a_rule(register, by=me)

    came(register, claims=STAFF)
    assert held(register, session) == {(Role.ADMINISTRATOR, None)}
    assert held(register, came(register, "issuer 2", STAFF)) == {(Role.OFFICE, SERVICE)}

    remove_rule(register, rule_id=number, by=ANOTHER_ADMINISTRATOR)
    number = a_rule(register, by=ANOTHER_ADMINISTRATOR)
    came(register, claims=STAFF)
    assert held(register, session) == {(Role.ADMINISTRATOR, None), (Role.OFFICE, SERVICE)}

    # Taking another's rule back and writing it anew makes it one's own.
    remove_rule(register, rule_id=number, by=me)
    a_rule(register, by=me)
    came(register, claims=STAFF)
    assert held(register, session) == {(Role.ADMINISTRATOR, None)}


def test_no_claim_makes_or_unmakes_an_administrator(sqlite_register: Store) -> None:
    """The last one stays, whatever a provider says of them."""
    with pytest.raises(RuleError, match="No rule makes an administrator"):
        a_rule(sqlite_register, role=Role.ADMINISTRATOR, service="")
    session = came(sqlite_register, claims=STAFF)
    key = the_account(sqlite_register).account.id
    grant(sqlite_register, account_id=key, role=Role.ADMINISTRATOR, service="", by=SYSTEM)
    number = a_rule(sqlite_register)
    came(sqlite_register, claims=STAFF)
    came(sqlite_register)
    remove_rule(sqlite_register, rule_id=number, by=SYSTEM)

    assert held(sqlite_register, session) == {(Role.ADMINISTRATOR, None)}


def test_an_administrator_of_one_service_writes_rules_for_that_one(sqlite_register: Store) -> None:
    """Neither elsewhere nor everywhere, and takes back none of these."""
    local = person("local", Role.ADMINISTRATOR)
    numbers = [a_rule(sqlite_register, service=service) for service in (ELSEWHERE, "")]
    for service in (ELSEWHERE, ""):
        with pytest.raises(AccessError):
            a_rule(sqlite_register, value="others", service=service, by=local)
    for number in numbers:
        with pytest.raises(AccessError):
            remove_rule(sqlite_register, rule_id=number, by=local)

    remove_rule(sqlite_register, rule_id=a_rule(sqlite_register, by=local), by=local)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"service": "Narnia Police"}, "Narnia Police"),
        ({"value": ""}, "Say the value"),
        ({"claim": "email"}, "write of themselves"),
        ({}, "already"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_nothing_is_kept(
    sqlite_register: Store, facts: dict[str, Any], said: str
) -> None:
    """In one sentence."""
    a_rule(sqlite_register)
    before = sqlite_register.data_version()

    with pytest.raises(RuleError, match=said):
        a_rule(sqlite_register, **facts)

    assert sqlite_register.data_version() == before


# Who did what


def test_the_history_says_by_which_rule_and_who_took_it_back(register: Store) -> None:
    """The rule, what it gave at the sign-in, and what went with it, each in the chain and in words."""
    number = a_rule(register)
    came(register, claims=STAFF)
    came(register)
    came(register, claims=STAFF)
    remove_rule(register, rule_id=number, by=ANOTHER_ADMINISTRATOR)

    found = read_audit(register, by=ADMINISTRATOR, wanted=AuditFilter(act=AuditAct.ACCOUNTS))

    what = 'Office in Cumbria Constabulary, since "groups" has "opcc-staff"'
    rule = ("Office in Cumbria Constabulary", '"groups" has "opcc-staff"')
    assert [(row.what, row.detail, row.about, row.name, row.role) for row in found] == [
        ("Account withdrawn", what, "Kit Moss", ANOTHER_ADMINISTRATOR.name, "Administrator"),
        ("Rule taken back", *rule, ANOTHER_ADMINISTRATOR.name, "Administrator"),
        ("Account granted", what, "Kit Moss", BY_RULE.name, "Administrator"),
        ("Account withdrawn", what, "Kit Moss", BY_RULE.name, "Administrator"),
        ("Account granted", what, "Kit Moss", BY_RULE.name, "Administrator"),
        ("Account made", "", "Kit Moss", SYSTEM.name, "Office"),
        ("Rule added", *rule, ADMINISTRATOR.name, "Administrator"),
    ]
    with register.reading() as reader:
        last = json.loads(reader.history(limit=1)[0].body)["entry"]
    assert (last["by_rule"], last["stage"]) == (number, "withdrawn")
    assert [
        row.what for row in read_audit(register, by=OFFICE, wanted=AuditFilter(act=AuditAct.ACCOUNTS))
    ] == []
    local = person("local", Role.ADMINISTRATOR, services=frozenset({ELSEWHERE}))
    assert {row.what for row in read_audit(register, by=local)} == {"Account made", "Service added"}


def test_what_a_hand_grants_reads_and_hashes_as_before(sqlite_register: Store) -> None:
    """The field that came later stands in no entry that does not need it."""
    add_account(
        sqlite_register,
        name="Kit",
        way=Way.LOCAL,
        subject="kit",
        grants=[(Role.OFFICE, SERVICE)],
        by=ADMINISTRATOR,
    )
    with sqlite_register.reading() as reader:
        assert "by_rule" not in json.loads(reader.history(limit=1)[0].body)["entry"]
