"""
Accounts: who may sign in, by which way, and what they are granted until when.

An account is never changed in place. What is granted, withdrawn, disabled or renewed is a list of dated changes,
each in the history, and what an account is today is read from them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from monitor.dates import london_day, long_date
from monitor.domain.access import Actor, Role
from monitor.domain.entries import LATER
from monitor.domain.statuses import Vocabulary
from monitor.domain.text import clean_line
from monitor.errors import RuleError

RENEWED_FOR_DAYS: Final = 90
"""An account that nobody renews ends after so many days: a leaver's is not forgotten."""

DORMANT_AFTER_DAYS: Final = 30
"""An account that nobody has used for so long is listed as dormant."""

PASSWORD_AT_LEAST: Final = 12
PASSWORD_AT_MOST: Final = 256

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,119}")


class Way(Vocabulary):
    """How somebody signs in."""

    LOCAL = "local", "Password", "With a password that is kept here."
    OIDC = "oidc", "Single sign-on", "With the account of their organisation (OpenID Connect)."
    PROXY = "proxy", "Proxy", "By the name that the reverse proxy in front hands on."


class AccountStage(Vocabulary):
    """What a change to an account does."""

    GRANTED = "granted", "Granted", "A role, in one service or in every one."
    WITHDRAWN = "withdrawn", "Withdrawn", "The role no longer holds."
    DISABLED = "disabled", "Disabled", "Nobody can sign in with it, and whoever is signed in is signed out."
    ENABLED = "enabled", "Enabled", "It can be used again."
    RENEWED = "renewed", "Renewed", f"It holds for another {RENEWED_FOR_DAYS} days."


class AccountStanding(Vocabulary):
    """Whether an account can be used today."""

    ACTIVE = "active", "Active", "It can be used."
    DISABLED = "disabled", "Disabled", "An administrator has disabled it."
    EXPIRED = "expired", "Expired", f"Nobody has renewed it for {RENEWED_FOR_DAYS} days."


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """
    Somebody who may sign in.

    Attributes:
        id: Stable key; it stands in the history for ever.
        subject: For a password the login name, for single sign-on issuer and subject with a blank between,
            for a proxy the name it hands on. An e-mail address identifies nobody.
        title: What they are, in words: "Head of performance".
    """

    id: str
    name: str
    title: str = ""
    way: Way
    subject: str
    recorded_at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountChange:
    """
    One change to an account; `role` and `service` belong to a grant, and no service means every one.

    Attributes:
        by_rule: The number of the rule of single sign-on that grants it; None for what an administrator grants by hand.
    """

    id: int
    account_id: str
    stage: AccountStage
    role: Role | None = None
    service: str = ""
    until: date | None = None
    by_rule: int | None = field(default=None, metadata=LATER)
    recorded_at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimRule:
    """
    What an administrator grants to whoever the provider of single sign-on says something about.

    Append-only: a later rule for the same claim, value, role and service takes the place of an earlier one.

    Attributes:
        claim, value: What the provider says, such as "groups" and "opcc-staff".
        role, service: What it grants; no service means every one.
        is_in_force: False for a rule that an administrator took back.
    """

    id: int
    claim: str
    value: str
    role: Role
    service: str = ""
    is_in_force: bool = True
    recorded_at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, slots=True)
class AccountState:
    """
    What an account is, read from its changes.

    Attributes:
        by_hand: Each role that an administrator granted, with the service it is held in; None for every one.
        by_rule: The same for what rules of single sign-on granted at the last one, by the number of the rule.
        expires_on: The first day on which it can no longer be used.
    """

    account: Account
    by_hand: frozenset[tuple[Role, str | None]]
    by_rule: Mapping[int, tuple[Role, str | None]]
    is_disabled: bool
    expires_on: date

    @property
    def grants(self) -> frozenset[tuple[Role, str | None]]:
        """Return each role that is held, by whatever way, with its service."""
        return self.by_hand.union(self.by_rule.values())

    def standing(self, today: date) -> AccountStanding:
        """Return whether it can be used on a day."""
        if self.is_disabled:
            return AccountStanding.DISABLED
        return AccountStanding.EXPIRED if today >= self.expires_on else AccountStanding.ACTIVE

    @property
    def last_day(self) -> date:
        """Return the last day on which it can be used unless somebody renews it."""
        return self.expires_on - timedelta(days=1)

    @property
    def actor(self) -> Actor:
        """Return the person as services take them."""
        return Actor.granted(self.account.id, self.account.name, self.grants, title=self.account.title)

    def holds(self, role: Role) -> bool:
        """Tell whether a role is held, in any service."""
        return any(held is role for held, _ in self.grants)


def account_state(account: Account, changes: Iterable[AccountChange]) -> AccountState:
    """Return what an account is, read from its changes in the order in which they were recorded."""
    by_hand: set[tuple[Role, str | None]] = set()
    by_rule: dict[int, tuple[Role, str | None]] = {}
    disabled = False
    expires = london_day(account.recorded_at) + timedelta(days=RENEWED_FOR_DAYS)
    for change in changes:
        held = (change.role, change.service or None) if change.role is not None else None
        match change.stage:
            case AccountStage.GRANTED if held and change.by_rule is not None:
                by_rule[change.by_rule] = held
            case AccountStage.GRANTED if held:
                by_hand.add(held)
            case AccountStage.WITHDRAWN if held and change.by_rule is not None:
                by_rule.pop(change.by_rule, None)
            case AccountStage.WITHDRAWN if held:
                by_hand.discard(held)
            case AccountStage.DISABLED:
                disabled = True
            case AccountStage.ENABLED:
                disabled = False
            case AccountStage.RENEWED if change.until:
                expires = change.until
    return AccountState(account, frozenset(by_hand), by_rule, disabled, expires)


def check_account(account: Account, others: Iterable[Account]) -> None:
    """
    Do nothing for an account that can be kept.

    Raises:
        RuleError: for a name or subject that is missing, malformed or in use.
    """
    if not clean_line(account.name):
        raise RuleError("An account needs the name of a person.")
    if not account.subject:
        raise RuleError(f"Say how {account.name} signs in: the name for it is missing.")
    if account.way is Way.LOCAL and not _LOGIN.fullmatch(account.subject):
        raise RuleError(
            f'"{account.subject}" cannot be a sign-in name. Use 2 to 120 small letters, figures, dots, hyphens or an e-mail address.'
        )
    if any((one.way, one.subject) == (account.way, account.subject) for one in others):
        raise RuleError(f'"{account.subject}" has an account already.')


def check_change(
    state: AccountState,
    change: AccountChange,
    *,
    by: Actor,
    others: Sequence[AccountState],
    today: date,
) -> None:
    """
    Do nothing for a change that may be made by hand.

    Args:
        others: Every account of the register, this one among them or not.

    Raises:
        AccessError: for somebody who changes their own account.
        RuleError: for one that changes nothing, or takes the last administrator away.
    """
    name = state.account.name
    if change.account_id == by.id:
        message = f"{by.name} may not change their own account. It takes another administrator."
        raise by.refused(message, cause="their own")
    held = (change.role, change.service or None)
    where = change.service or "every service"
    if change.stage is AccountStage.GRANTED and held in state.by_hand:
        raise RuleError(f"{name} already holds {_word(change.role)} for {where}.")
    if change.stage is AccountStage.WITHDRAWN and held not in state.by_hand:
        if held in state.by_rule.values():
            raise RuleError(
                f"{name} holds {_word(change.role)} for {where} by a rule of single sign-on. Take the rule back, "
                "or have the provider no longer say it of them."
            )
        raise RuleError(f"{name} does not hold {_word(change.role)} for {where}.")
    if change.stage is AccountStage.DISABLED and state.is_disabled:
        raise RuleError(f"The account of {name} is disabled already.")
    if change.stage is AccountStage.ENABLED and not state.is_disabled:
        raise RuleError(f"The account of {name} is not disabled.")
    ends = change.stage is AccountStage.DISABLED or (
        change.stage is AccountStage.WITHDRAWN and change.role is Role.ADMINISTRATOR
    )
    if ends and state.holds(Role.ADMINISTRATOR):
        left = [
            one
            for one in others
            if one.account.id != state.account.id
            and one.holds(Role.ADMINISTRATOR)
            and one.standing(today) is AccountStanding.ACTIVE
        ]
        if not left:
            raise RuleError(
                f"{name} is the last administrator. Make somebody else one first; without any, nobody could."
            )


def renewed_until(today: date) -> date:
    """Return the first day on which an account renewed today can no longer be used."""
    return today + timedelta(days=RENEWED_FOR_DAYS)


def check_password(password: str, *, common: Iterable[str], names: Iterable[str] = ()) -> None:
    """
    Do nothing for a password that may be used.

    Args:
        common: Passwords that everybody tries first, in small letters.
        names: Words about the person that must not be the password.

    Raises:
        RuleError: for one that is too short, too long, common, or the person's own name.
    """
    if len(password) < PASSWORD_AT_LEAST:
        raise RuleError(
            f"The password has {len(password)} characters. It needs at least {PASSWORD_AT_LEAST}."
        )
    if len(password) > PASSWORD_AT_MOST:
        raise RuleError(f"The password has more than {PASSWORD_AT_MOST} characters.")
    plain = password.casefold()
    if plain in set(common) or len(set(plain)) < 4:
        raise RuleError(
            "This password is one of those that are tried first. Use three or four unrelated words."
        )
    if any(len(name) > 3 and name.casefold() in plain and len(plain) < len(name) + 6 for name in names):
        raise RuleError(
            "The password is little more than the person's name. Use three or four unrelated words."
        )


def said_of(state: AccountState, today: date) -> str:
    """Return in words whether an account can be used."""
    standing = state.standing(today)
    if standing is AccountStanding.ACTIVE:
        return f"active until {long_date(state.last_day)}"
    return standing.word.lower()


def said_of_grants(grants: Iterable[tuple[Role, str | None]]) -> list[str]:
    """Return in words what is granted, a line a service: "Cumbria Constabulary: office and analyst"."""
    held: dict[str, list[Role]] = {}
    for role, service in grants:
        held.setdefault(service or "", []).append(role)
    order = list(Role)
    lines = []
    for service in sorted(held):
        named = [role.word.lower() for role in sorted(held[service], key=order.index)]
        said = f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]
        lines.append(f"{service or 'Every service'}: {said}")
    return lines


def _word(role: Role | None) -> str:
    return f'"{role.word}"' if role else "nothing"
