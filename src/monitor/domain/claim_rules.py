"""
Rules of single sign-on: which role follows from what an organisation's provider says of somebody.

An administrator writes them; a value fits letter by letter or not at all. What a rule grants is written into the
account at sign-in, and read from there. An administrator's role follows from no rule, and nothing follows from a rule
for whoever wrote it: that would be a way to grant oneself something.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from monitor.domain.access import Actor, Role
from monitor.domain.accounts import ClaimRule
from monitor.errors import RuleError

CLAIM_AT_MOST: Final = 200
VALUE_AT_MOST: Final = 500
VALUES_AT_MOST: Final = 10_000
"""A claim with more values than this says nothing: which of them were looked at would be chance."""

OF_ONESELF: Final = frozenset(
    {
        "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
        "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
        "phone_number_verified", "address", "updated_at",
    }
)  # fmt: skip
"""
What people can often write of themselves at their provider: no role rests on it.

Source:
    OpenID Connect Core 1.0, section 5.1, without "sub".
"""

BY_RULE: Final = Actor(
    id="claim-rule", name="Rule of single sign-on", roles=frozenset({Role.ADMINISTRATOR}), title="at sign-in"
)
"""Who stands in the history for what a rule grants: its number leads to the administrator who wrote it."""


def rules_in_force(rules: Iterable[ClaimRule]) -> list[ClaimRule]:
    """Return the rules that hold, in order of writing, from all that were ever written, oldest first."""
    last: dict[tuple[str, str, Role, str], ClaimRule] = {}
    for rule in rules:
        last.pop(_of(rule), None)
        last[_of(rule)] = rule
    return [rule for rule in last.values() if rule.is_in_force]


def granted_by(
    rules: Iterable[ClaimRule], claims: Mapping[str, object], *, account_id: str
) -> list[ClaimRule]:
    """
    Return the rules that grant something to an account, in order of writing.

    Args:
        rules: All that were ever written, oldest first.
        claims: What a checked token says of the person.
        account_id: Their account: a rule does nothing for whoever wrote it.
    """
    able = [
        rule
        for rule in rules_in_force(rules)
        if rule.role is not Role.ADMINISTRATOR and rule.by != account_id
    ]
    said = {claim: values_said(claims, claim) for claim in {rule.claim for rule in able}}
    return [rule for rule in able if rule.value in said[rule.claim]]


def values_said(claims: Mapping[str, object], claim: str) -> frozenset[str]:
    """Return the texts that a claim holds; nothing for what is neither a text nor a list with texts in it."""
    said = claims.get(claim)
    if isinstance(said, str):
        return frozenset({said})
    if isinstance(said, list | tuple) and len(said) <= VALUES_AT_MOST:
        return frozenset(one for one in said if isinstance(one, str))
    return frozenset()


def is_unread(claims: Mapping[str, object], claim: str) -> bool:
    """
    Tell whether the provider says something under this name that cannot be compared.

    Source:
        OpenID Connect Core 1.0, section 5.6.2, for claims kept elsewhere: so Microsoft Entra ID leaves out the groups
        of somebody who is in more than 200.
    """
    elsewhere = claims.get("_claim_names")
    is_elsewhere = isinstance(elsewhere, Mapping) and claim in elsewhere
    return is_elsewhere or (claims.get(claim) not in (None, []) and not values_said(claims, claim))


def check_rule(rule: ClaimRule, others: Iterable[ClaimRule]) -> None:
    """
    Do nothing for a rule that can be written.

    Args:
        others: All that were ever written, oldest first.

    Raises:
        RuleError: for one that is not whole or would never fit, rests on what people say of themselves, makes an
            administrator, or is there already.
    """
    for what, said, most in (("claim", rule.claim, CLAIM_AT_MOST), ("value", rule.value, VALUE_AT_MOST)):
        if not said:
            raise RuleError(f"Say the {what}, as the provider writes it.")
        if len(said) > most:
            raise RuleError(f"The {what} has {len(said):,} characters. It can have {most:,}.")
        if said != said.strip() or not said.isprintable():
            raise RuleError(
                f'The {what} "{said.strip()}" has a blank at an end, or something in it that nobody sees. '
                "It is compared letter by letter."
            )
    if rule.role is Role.ADMINISTRATOR:
        raise RuleError("No rule makes an administrator. It takes another administrator, by hand.")
    if rule.claim in OF_ONESELF:
        raise RuleError(
            f'"{rule.claim}" is often what people write of themselves. Take a claim that the provider\'s own '
            'administrators keep, such as "groups" or "roles".'
        )
    if _of(rule) in {_of(other) for other in rules_in_force(others)}:
        raise RuleError(f"There is this rule already: {said_of_rule(rule)}.")


def said_of_rule(rule: ClaimRule) -> str:
    """Return a rule in words: "office in every service where "groups" has "opcc-staff""."""
    return f"{rule.role.word.lower()} in {rule.service or 'every service'} where {said_of_claim(rule)}"


def said_of_claim(rule: ClaimRule) -> str:
    """Return in words what a rule looks for: ""groups" has "opcc-staff""."""
    return f'"{rule.claim}" has "{rule.value}"'


def _of(rule: ClaimRule) -> tuple[str, str, Role, str]:
    return rule.claim, rule.value, rule.role, rule.service
