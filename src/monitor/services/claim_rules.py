"""Rules of single sign-on: written and taken back by administrators, and followed at each sign-in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monitor.dates import london_day
from monitor.domain.access import Actor, Permission, Role
from monitor.domain.accounts import (
    AccountChange,
    AccountStage,
    AccountStanding,
    AccountState,
    ClaimRule,
)
from monitor.domain.claim_rules import BY_RULE, check_rule, granted_by, is_unread, rules_in_force
from monitor.errors import NotFoundError
from monitor.services.accounts import check_reach
from monitor.store import Store, Unit


@dataclass(frozen=True, slots=True)
class RuleRow:
    """
    One rule in force as the administrator's list shows it.

    Attributes:
        holders: How many accounts hold its role by it.
    """

    rule: ClaimRule
    holders: int


def list_rules(store: Store, *, by: Actor) -> list[RuleRow]:
    """Return the rules in force, in order of writing."""
    by.require(Permission.MANAGE_ACCOUNTS)
    with store.reading() as reader:
        holders = Counter(number for state in reader.account_states() for number in state.by_rule)
        return [RuleRow(rule, holders[rule.id]) for rule in rules_in_force(reader.claim_rules())]


def add_rule(store: Store, *, claim: str, value: str, role: Role, service: str, by: Actor) -> ClaimRule:
    """
    Let a role in a service, "" for every one, follow from what the provider says; from the next single sign-on on.

    Raises:
        AccessError: for a service in which the actor administers nothing.
        RuleError: for a rule that cannot be written.
    """
    by.require(Permission.MANAGE_ACCOUNTS)
    with store.writing() as unit:
        unit.flush()
        check_reach(unit, by, service)
        rule = ClaimRule(
            id=unit.new_id("claim_rule"),
            claim=claim,
            value=value,
            role=role,
            service=service,
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
        )
        check_rule(rule, unit.claim_rules())
        unit.add(rule, by=by, verb="rule added")
    return rule


def remove_rule(store: Store, *, rule_id: int, by: Actor) -> RuleRow:
    """
    Take a rule back, and with it what anybody holds by it: that is gone with their next click.

    Returns:
        The rule as it was, with how many accounts lost its role.

    Raises:
        AccessError: for a rule of a service in which the actor administers nothing.
        NotFoundError: for one that is not in force.
    """
    by.require(Permission.MANAGE_ACCOUNTS)
    with store.writing() as unit:
        unit.flush()
        rule = next((one for one in rules_in_force(unit.claim_rules()) if one.id == rule_id), None)
        if rule is None:
            raise NotFoundError("There is no such rule, or it was taken back already.")
        check_reach(unit, by, rule.service)
        gone = replace(
            rule,
            id=unit.new_id("claim_rule"),
            is_in_force=False,
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
        )
        unit.add(gone, by=by, verb="rule taken back")
        holders = [state for state in unit.account_states() if rule.id in state.by_rule]
        for state in holders:
            _change(unit, state, rule.id, AccountStage.WITHDRAWN, by=by)
    return RuleRow(rule, len(holders))


def follow_rules(store: Store, *, account_id: str, claims: Mapping[str, object]) -> bool:
    """
    Give an account what the rules grant for these claims, and take what they no longer do; what was granted by hand stays.

    An account that is disabled or over gains nothing.

    Returns:
        Whether every claim that a rule asks about could be read.
    """
    with store.reading() as reader:
        rules, state = reader.claim_rules(), reader.account_state(account_id)
    if state and state.by_rule.keys() != _wanted(rules, account_id, claims).keys():
        with store.writing() as unit:
            unit.flush()
            _follow(unit, account_id, claims)
    return not any(is_unread(claims, claim) for claim in {rule.claim for rule in rules_in_force(rules)})


def _follow(unit: Unit, account_id: str, claims: Mapping[str, object]) -> None:
    state, wanted = unit.account_state(account_id), _wanted(unit.claim_rules(), account_id, claims)
    if state is None or state.standing(london_day(unit.now)) is not AccountStanding.ACTIVE:
        return
    for number in sorted(state.by_rule.keys() - wanted.keys()):
        _change(unit, state, number, AccountStage.WITHDRAWN, by=BY_RULE)
    for number in sorted(wanted.keys() - state.by_rule.keys()):
        _change(unit, state, number, AccountStage.GRANTED, by=BY_RULE, rule=wanted[number])


def _wanted(
    rules: Iterable[ClaimRule], account_id: str, claims: Mapping[str, object]
) -> dict[int, ClaimRule]:
    return {rule.id: rule for rule in granted_by(rules, claims, account_id=account_id)}


def _change(
    unit: Unit,
    state: AccountState,
    number: int,
    stage: AccountStage,
    *,
    by: Actor,
    rule: ClaimRule | None = None,
) -> None:
    role, service = (rule.role, rule.service) if rule else state.by_rule[number]
    change = AccountChange(
        id=unit.new_id("account_change"),
        account_id=state.account.id,
        stage=stage,
        role=role,
        service=service or "",
        by_rule=number,
        recorded_at=unit.now,
        by=by.id,
        by_name=by.name,
    )
    unit.add(change, by=by, verb=f"account {stage.word.lower()}")
