"""Rules of single sign-on: what fits, what never does, and what cannot be written."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.access import Role
from monitor.domain.accounts import Account, AccountChange, AccountStage, ClaimRule, Way, account_state
from monitor.domain.claim_rules import (
    CLAIM_AT_MOST,
    OF_ONESELF,
    VALUE_AT_MOST,
    VALUES_AT_MOST,
    check_rule,
    granted_by,
    is_unread,
    rules_in_force,
    said_of_rule,
    values_said,
)
from monitor.errors import RuleError
from tests.builders import ADMINISTRATOR, DAY, ELSEWHERE, OFFICE, SERVICE, moment

SOMEBODY = "somebody"


def a_rule(number: int = 1, **given: Any) -> ClaimRule:
    """Return a rule by which staff of the office are of the office everywhere."""
    facts: dict[str, Any] = {
        "claim": "groups",
        "value": "opcc-staff",
        "role": Role.OFFICE,
        "recorded_at": moment(DAY) + timedelta(seconds=number),
        "by": ADMINISTRATOR.id,
        "by_name": ADMINISTRATOR.name,
    }
    return ClaimRule(id=number, **facts | given)


def numbers(rules: list[ClaimRule], claims: Mapping[str, object], account_id: str = SOMEBODY) -> list[int]:
    """Return the numbers of the rules that grant something."""
    return [rule.id for rule in granted_by(rules, claims, account_id=account_id)]


# What fits


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("opcc-staff", True),
        (["opcc-staff"], True),
        (["others", "opcc-staff"], True),
        (("opcc-staff", "others"), True),
        (["others", 5, None, {"opcc-staff": True}, ["opcc-staff"], "opcc-staff"], True),
        ([f"group-{n}" for n in range(VALUES_AT_MOST - 1)] + ["opcc-staff"], True),
        ("OPCC-Staff", False),
        ("opcc-staff ", False),
        (" opcc-staff", False),
        ("opcc-staff-old", False),
        ("opcc", False),
        ("opcc-staff,others", False),
        ("opcc-staff others", False),
        ("\u043epcc-staff", False),
        ("opcc\u2010staff", False),
        ("", False),
        ([], False),
        ([["opcc-staff"]], False),
        ({"opcc-staff": True}, False),
        ({"0": "opcc-staff"}, False),
        ([{"name": "opcc-staff"}], False),
        (True, False),
        (None, False),
        (7, False),
        (b"opcc-staff", False),
        ([f"group-{n}" for n in range(VALUES_AT_MOST)] + ["opcc-staff"], False),
    ],
)
def test_a_value_fits_letter_by_letter_or_not_at_all(said: object, fits: bool) -> None:
    """As a text, or as one of a list of texts; a list without end is not looked through."""
    assert numbers([a_rule()], {"groups": said}) == ([1] if fits else [])


def test_a_claim_of_another_name_says_nothing() -> None:
    """Names are compared letter by letter too; what lies inside another claim is not looked for."""
    claims: list[dict[str, object]] = [
        {"roles": ["opcc-staff"]},
        {"Groups": ["opcc-staff"]},
        {"realm_access": {"groups": ["opcc-staff"]}},
        {"_claim_sources": {"src1": {"groups": ["opcc-staff"]}}},
        {},
    ]
    assert [numbers([a_rule()], one) for one in claims] == [[]] * len(claims)


def test_each_rule_that_fits_grants() -> None:
    """Several of one claim, of several claims, and several for one value."""
    rules = [
        a_rule(1),
        a_rule(2, role=Role.ANALYST),
        a_rule(3, value="force", role=Role.FORCE_EDITOR, service=SERVICE),
        a_rule(4, claim="roles", value="reader", role=Role.PUBLIC_VIEWER),
        a_rule(5, claim="roles", value="writer"),
    ]

    assert numbers(rules, {"groups": ["opcc-staff", "force"], "roles": "reader"}) == [1, 2, 3, 4]


def test_what_was_taken_back_grants_nothing_until_it_is_written_again() -> None:
    """Then it is another rule, by its number and by who wrote it."""
    written = a_rule(1)
    gone = a_rule(2, is_in_force=False)
    again = a_rule(3, by="another")
    claims: dict[str, object] = {"groups": "opcc-staff"}

    assert numbers([written], claims) == [1]
    assert numbers([written, gone], claims) == []
    assert numbers([written, gone, again], claims) == [3]
    # One for a single service is another rule than that for every one.
    assert numbers([written, a_rule(2, service=SERVICE, is_in_force=False)], claims) == [1]
    other = a_rule(2, role=Role.ANALYST)
    assert rules_in_force([written, other, replace(gone, id=3), replace(again, id=4)]) == [
        other,
        replace(again, id=4),
    ]


def test_no_rule_makes_an_administrator() -> None:
    """Not even one that somebody wrote into the database past the product."""
    assert numbers([a_rule(role=Role.ADMINISTRATOR)], {"groups": "opcc-staff"}) == []


def test_no_rule_grants_anything_to_whoever_wrote_it() -> None:
    """It takes another administrator, as it does by hand; the one for the others goes on."""
    rules = [a_rule(1, by=SOMEBODY), a_rule(2, role=Role.ANALYST)]
    claims: dict[str, object] = {"groups": "opcc-staff"}

    assert numbers(rules, claims) == [2]
    assert numbers(rules, claims, account_id="another") == [1, 2]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("opcc-staff"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["groups", "roles", "_claim_names", "x"]), anything, max_size=4))
def test_whatever_a_provider_says_is_read_or_says_nothing(claims: dict[str, object]) -> None:
    """No claim goes wrong; a rule grants exactly where its value is the text, or one of the list."""
    rules = [a_rule(1), a_rule(2, claim="roles")]
    said = {claim: claims.get(claim) for claim in ("groups", "roles")}
    expected = [
        number
        for number, claim in ((1, "groups"), (2, "roles"))
        if said[claim] == "opcc-staff" or (isinstance(said[claim], list) and "opcc-staff" in said[claim])  # type: ignore[operator]
    ]

    assert numbers(rules, claims) == expected
    for claim in said:
        assert is_unread(claims, claim) in (True, False)


@pytest.mark.parametrize(
    ("claims", "unread"),
    [
        ({}, False),
        ({"groups": None}, False),
        ({"groups": []}, False),
        ({"groups": "a"}, False),
        ({"groups": ["a", 1]}, False),
        ({"groups": [1, 2]}, True),
        ({"groups": {"a": 1}}, True),
        ({"groups": 7}, True),
        ({"groups": ["a"] * (VALUES_AT_MOST + 1)}, True),
        ({"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://x"}}}, True),
        ({"_claim_names": {"other": "src1"}}, False),
        ({"_claim_names": "groups"}, False),
    ],
)
def test_what_cannot_be_compared_is_noticed(claims: dict[str, object], unread: bool) -> None:
    """So that the log can say why somebody who should have a role has none."""
    assert is_unread(claims, "groups") is unread
    assert not (unread and values_said(claims, "groups"))


# What can be written


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"claim": ""}, "Say the claim"),
        ({"value": ""}, "Say the value"),
        ({"claim": "x" * (CLAIM_AT_MOST + 1)}, "It can have 200"),
        ({"value": "x" * (VALUE_AT_MOST + 1)}, "It can have 500"),
        ({"claim": " groups"}, "letter by letter"),
        ({"value": "opcc-staff "}, 'The value "opcc-staff" has a blank'),
        ({"value": "opcc\u200bstaff"}, "nobody sees"),
        ({"value": "opcc\nstaff"}, "nobody sees"),
        ({"value": "opcc\u00a0staff"}, "nobody sees"),
        ({"value": " "}, "nobody sees"),
        ({"role": Role.ADMINISTRATOR}, "No rule makes an administrator"),
        ({"claim": "email"}, "write of themselves"),
        ({"claim": "preferred_username"}, "write of themselves"),
        ({}, 'already: office in every service where "groups" has "opcc-staff"'),
    ],
)
def test_a_rule_that_cannot_be_is_refused(facts: dict[str, Any], said: str) -> None:
    """With what is wrong."""
    with pytest.raises(RuleError, match=said):
        check_rule(a_rule(2, **facts), [a_rule(1)])


def test_a_rule_may_be_written_that_differs_in_anything() -> None:
    """Another value, role, service or claim, and one that was taken back."""
    others = [a_rule(1)]
    for facts in (
        {"value": "OPCC-staff"},
        {"value": "Büro für Prüfung  2"},
        {"role": Role.ANALYST},
        {"service": SERVICE},
        {"claim": "https://id.example/claims/groups"},
        {"claim": "sub"},
    ):
        check_rule(a_rule(2, **facts), others)
    check_rule(a_rule(3), [*others, a_rule(2, is_in_force=False)])
    assert "sub" not in OF_ONESELF


def test_a_rule_is_told_in_one_sentence() -> None:
    """Role, service, claim and value."""
    assert said_of_rule(a_rule(service=SERVICE)) == (f'office in {SERVICE} where "groups" has "opcc-staff"')


# What an account holds by rules and by hand


def test_what_a_rule_grants_and_what_a_hand_grants_are_kept_apart() -> None:
    """Each goes by the way it came, and the same role by both ways stays until both are gone."""
    account = Account(
        id="k", name="Kit", way=Way.OIDC, subject="i 1", recorded_at=moment(DAY), by="x", by_name="X"
    )

    def change(stage: AccountStage, by_rule: int | None, service: str = "") -> AccountChange:
        return AccountChange(
            id=1,
            account_id="k",
            stage=stage,
            role=Role.OFFICE,
            service=service,
            by_rule=by_rule,
            recorded_at=moment(DAY),
            by=OFFICE.id,
            by_name=OFFICE.name,
        )

    granted, withdrawn = AccountStage.GRANTED, AccountStage.WITHDRAWN
    by_hand, by_one, by_two = (change(granted, number) for number in (None, 1, 2))
    everywhere = (Role.OFFICE, None)

    both = account_state(account, [by_hand, by_one, by_two])
    assert both.by_hand == {everywhere}
    assert both.by_rule == {1: everywhere, 2: everywhere}
    assert both.grants == {everywhere}
    assert both.actor.services is None

    ruled = account_state(account, [by_hand, by_one, change(withdrawn, None)])
    assert not ruled.by_hand
    assert ruled.grants == {everywhere}
    left = account_state(account, [by_hand, by_one, change(withdrawn, 1)])
    assert not left.by_rule
    assert left.grants == {everywhere}
    none = account_state(account, [by_one, by_two, change(withdrawn, 1), change(withdrawn, 2)])
    assert none.grants == frozenset()
    assert account_state(account, [by_one, change(withdrawn, None)]).grants == {everywhere}
    assert account_state(account, [change(granted, 1, ELSEWHERE)]).grants == {(Role.OFFICE, ELSEWHERE)}
    assert replace(both, is_disabled=True).grants == both.grants
