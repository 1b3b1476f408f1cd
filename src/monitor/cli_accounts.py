"""`monitor account`: accounts from the command line, for whoever has the database at hand."""

from collections.abc import Sequence
from typing import Any, Final

import click

from monitor.cli_options import database_option, json_option, open_store, print_json
from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import AccountState, ClaimRule, Way, said_of, said_of_grants
from monitor.domain.claim_rules import said_of_rule
from monitor.errors import NotFoundError, RuleError

_WAYS: Final = {"password": Way.LOCAL, "oidc": Way.OIDC, "proxy": Way.PROXY}


class Grant(click.ParamType[tuple[Role, str]]):
    """A role, and behind a colon the service it is held in: office:Cumbria Constabulary; alone for every service."""

    name = "role[:service]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Role, str]:
        """Return the role and the service, or say what would be right."""
        if isinstance(value, tuple):
            return value
        role, _, service = str(value).partition(":")
        return ROLE.convert(role, param, ctx), service.strip()


class RoleName(click.ParamType[Role]):
    """A role: office, analyst, force editor ..."""

    name = "role"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Role:
        """Return the role, or say which there are."""
        if isinstance(value, Role):
            return value
        plain = str(value).strip().casefold().replace("-", "_").replace(" ", "_")
        try:
            return Role(plain)
        except ValueError:
            known = ", ".join(role.value for role in Role)
            self.fail(f'"{value}" is not a role. There are: {known}.', param, ctx)


ROLE: Final = RoleName()


@click.group()
def account() -> None:
    """Accounts: who may sign in, what they are granted, and until when."""


@account.command(name="list")
@database_option
@json_option
def list_all(database: str | None, as_json: bool) -> None:
    """List the accounts: who, what is granted, until when, last used."""
    from monitor.services.accounts import list_accounts

    store = open_store(database)
    rows = list_accounts(store, by=SYSTEM)
    today = store.today()
    if as_json:
        print_json(
            [
                _plain(row.state)
                | {
                    "standing": row.standing.value,
                    "seen_at": row.seen_at.isoformat() if row.seen_at else None,
                    "is_dormant": row.is_dormant,
                    "sessions": len(_open_ones(store, row.sessions)),
                }
                for row in rows
            ]
        )
        return
    if not rows:
        click.echo("Nobody has an account yet.", err=True)
    for row in rows:
        state = row.state
        used = f"last used {row.seen_at:%Y-%m-%d}" if row.seen_at else "never used"
        dormant = ", dormant" if row.is_dormant else ""
        click.echo(f"{state.account.subject}  {state.account.name}: {said_of(state, today)}, {used}{dormant}")
        for line in said_of_grants(state.grants) or ["nothing granted"]:
            click.echo(f"  {line}")


@account.command()
@click.argument("name")
@click.option("--login", required=True, help="Name to sign in with; for single sign-on, issuer and subject.")
@click.option("--way", type=click.Choice(list(_WAYS)), default="password", show_default=True, help="How.")
@click.option("--title", default="", help="What they are.")
@click.option("--grant", "grants", type=Grant(), multiple=True, help="May be given several times.")
@database_option
@json_option
def add(
    name: str,
    login: str,
    way: str,
    title: str,
    grants: Sequence[tuple[Role, str]],
    database: str | None,
    as_json: bool,
) -> None:
    """Make an account for NAME. For a password, prints the code of an invitation, this once."""
    from monitor.services.accounts import add_account

    made, code = add_account(
        open_store(database),
        name=name,
        way=_WAYS[way],
        subject=login,
        title=title,
        grants=grants,
        by=SYSTEM,
    )
    click.echo(f"{made.name} has an account.", err=True)
    _say_invitation(made.id, code, as_json=as_json)


@account.command()
@click.argument("login")
@click.argument("role", type=ROLE)
@click.option("--service", default="", help="In which service; in every one if none is named.")
@database_option
@json_option
def grant(login: str, role: Role, service: str, database: str | None, as_json: bool) -> None:
    """Grant ROLE to LOGIN. It holds from their next click on."""
    from monitor.services import accounts

    store = open_store(database)
    found = _find(store, login)
    state = accounts.grant(store, account_id=found.account.id, role=role, service=service, by=SYSTEM)
    _say(state, f"{role.word} granted to {state.account.name}.", as_json=as_json)


@account.command()
@click.argument("login")
@click.argument("role", type=ROLE)
@click.option("--service", default="", help="In which service; the one for every service if none is named.")
@database_option
@json_option
def withdraw(login: str, role: Role, service: str, database: str | None, as_json: bool) -> None:
    """Withdraw ROLE from LOGIN. It is gone with their next click."""
    from monitor.services import accounts

    store = open_store(database)
    found = _find(store, login)
    state = accounts.withdraw(store, account_id=found.account.id, role=role, service=service, by=SYSTEM)
    _say(state, f"{role.word} withdrawn from {state.account.name}.", as_json=as_json)


@account.command()
@click.argument("login")
@database_option
@json_option
def disable(login: str, database: str | None, as_json: bool) -> None:
    """Disable the account of LOGIN, and sign it out everywhere."""
    from monitor.services import accounts

    store = open_store(database)
    state = accounts.disable(store, account_id=_find(store, login).account.id, by=SYSTEM)
    _say(state, f"The account of {state.account.name} is disabled.", as_json=as_json)


@account.command()
@click.argument("login")
@database_option
@json_option
def enable(login: str, database: str | None, as_json: bool) -> None:
    """Let the account of LOGIN be used again."""
    from monitor.services import accounts

    store = open_store(database)
    state = accounts.enable(store, account_id=_find(store, login).account.id, by=SYSTEM)
    _say(state, f"The account of {state.account.name} is enabled.", as_json=as_json)


@account.command()
@click.argument("login")
@database_option
@json_option
def renew(login: str, database: str | None, as_json: bool) -> None:
    """Let the account of LOGIN hold for another 90 days from today."""
    from monitor.services import accounts

    store = open_store(database)
    state = accounts.renew(store, account_id=_find(store, login).account.id, by=SYSTEM)
    said = f"The account of {state.account.name} holds until {state.last_day.isoformat()}."
    _say(state, said, as_json=as_json)


@account.command()
@click.argument("login")
@database_option
@json_option
def invite(login: str, database: str | None, as_json: bool) -> None:
    """Print the code of a new invitation for LOGIN, this once; an earlier one no longer works."""
    from monitor.services.accounts import invite_again

    store = open_store(database)
    found = _find(store, login).account
    code = invite_again(store, account_id=found.id, by=SYSTEM)
    click.echo(f"{found.name} is invited again.", err=True)
    _say_invitation(found.id, code, as_json=as_json)


@account.command()
@click.argument("login", required=False)
@database_option
@json_option
def sessions(login: str | None, database: str | None, as_json: bool) -> None:
    """List who is signed in, from where and since when; LOGIN alone, if it is named."""
    from monitor.services.accounts import list_accounts

    store = open_store(database)
    wanted = _find(store, login).account.id if login else None
    found = [
        {
            "id": one.id,
            "login": row.state.account.subject,
            "name": row.state.account.name,
            "agent": one.agent,
            "started_at": one.started_at.isoformat(),
            "seen_at": one.seen_at.isoformat(),
        }
        for row in list_accounts(store, by=SYSTEM)
        if wanted is None or row.state.account.id == wanted
        for one in _open_ones(store, row.sessions)
    ]
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("Nobody is signed in.", err=True)
    for one in found:
        click.echo(
            f"{one['id']}  {one['login']}  {one['agent']}, since {one['started_at'][:16]}, "
            f"last used {one['seen_at'][:16]}"
        )


@account.command(name="sign-out")
@click.argument("login", required=False)
@click.option("--session", default="", help="One session alone, by its key in the list of sessions.")
@database_option
@json_option
def sign_out(login: str | None, session: str, database: str | None, as_json: bool) -> None:
    """Sign LOGIN out everywhere, or one session alone."""
    from monitor.services.accounts import end_session, list_accounts

    if bool(login) == bool(session):
        raise click.UsageError("Name who is signed out, or --session KEY.")
    store = open_store(database)
    keys = [session]
    if login:
        wanted = _find(store, login).account.id
        rows = list_accounts(store, by=SYSTEM)
        keys = [one.id for row in rows if row.state.account.id == wanted for one in row.sessions]
    for key in keys:
        end_session(store, session_id=key, by=SYSTEM)
    click.echo(f"Signed out: {len(keys)} session{'s' * (len(keys) != 1)}.", err=True)
    if as_json:
        print_json({"ended": len(keys)})


@account.group()
def rule() -> None:
    """Rules of single sign-on: which role follows from what your organisation's provider says of somebody."""


@rule.command(name="list")
@database_option
@json_option
def list_rules(database: str | None, as_json: bool) -> None:
    """List the rules in force: what is granted for what, who wrote it, and how many hold something by it."""
    from monitor.services import claim_rules

    rows = claim_rules.list_rules(open_store(database), by=SYSTEM)
    if as_json:
        print_json([_plain_rule(row.rule) | {"holders": row.holders} for row in rows])
        return
    if not rows:
        click.echo("No rule grants anything at single sign-on.", err=True)
    for row in rows:
        by = f"written by {row.rule.by_name} on {row.rule.recorded_at:%Y-%m-%d}"
        click.echo(f"{row.rule.id}  {said_of_rule(row.rule)}; {by}, held by {row.holders}")


@rule.command(name="add")
@click.argument("claim")
@click.argument("value")
@click.argument("role", type=ROLE)
@click.option("--service", default="", help="In which service; in every one if none is named.")
@database_option
@json_option
def add_rule(claim: str, value: str, role: Role, service: str, database: str | None, as_json: bool) -> None:
    """Grant ROLE to whoever the provider's CLAIM has VALUE for, letter by letter, from their next sign-in on."""
    from monitor.services import claim_rules

    store = open_store(database)
    made = claim_rules.add_rule(store, claim=claim, value=value, role=role, service=service, by=SYSTEM)
    click.echo(f"Rule {made.id}: {said_of_rule(made)}. It counts from the next sign-in on.", err=True)
    if as_json:
        print_json(_plain_rule(made))


@rule.command(name="remove")
@click.argument("number", type=int)
@database_option
@json_option
def remove_rule(number: int, database: str | None, as_json: bool) -> None:
    """Take the rule of this NUMBER back, and with it what anybody holds by it: gone with their next click."""
    from monitor.services import claim_rules

    gone = claim_rules.remove_rule(open_store(database), rule_id=number, by=SYSTEM)
    click.echo(f"Taken back: {said_of_rule(gone.rule)}. Accounts that lost it: {gone.holders}.", err=True)
    if as_json:
        print_json(_plain_rule(gone.rule) | {"holders": gone.holders})


def _find(store: Any, login: str) -> AccountState:
    """Return the account of a sign-in name, or of its key."""
    with store.reading() as reader:
        states: list[AccountState] = reader.account_states()
    plain = login.strip()
    found = [
        state
        for state in states
        if plain in (state.account.id, state.account.subject)
        or (state.account.way is Way.LOCAL and plain.casefold() == state.account.subject)
    ]
    if not found:
        known = ", ".join(state.account.subject for state in states) or "nobody yet"
        raise NotFoundError(f'There is no account "{login}". There are: {known}.')
    if len(found) > 1:
        keys = ", ".join(f"{state.account.id} ({state.account.way.word.lower()})" for state in found)
        raise RuleError(f'"{login}" signs in by several ways. Name one by its key: {keys}.')
    return found[0]


def _plain(state: AccountState) -> dict[str, Any]:
    account = state.account
    return {
        "id": account.id,
        "name": account.name,
        "title": account.title,
        "way": account.way.value,
        "login": account.subject,
        "grants": [
            {"role": role.value, "service": service or ""}
            for role, service in sorted(state.grants, key=lambda one: (one[1] or "", one[0].value))
        ],
        "by_rule": [
            {"rule": number, "role": role.value, "service": service or ""}
            for number, (role, service) in sorted(state.by_rule.items())
        ],
        "is_disabled": state.is_disabled,
        "last_day": state.last_day.isoformat(),
    }


def _plain_rule(rule: ClaimRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "claim": rule.claim,
        "value": rule.value,
        "role": rule.role.value,
        "service": rule.service,
        "by": rule.by_name,
        "recorded_at": rule.recorded_at.isoformat(),
    }


def _open_ones(store: Any, found: Sequence[Any]) -> list[Any]:
    from monitor.services.signing_in import is_over

    now = store.server_now()
    return [one for one in found if not is_over(one, now)]


def _say(state: AccountState, said: str, *, as_json: bool) -> None:
    click.echo(said, err=True)
    if as_json:
        print_json(_plain(state))


def _say_invitation(account_id: str, code: str, *, as_json: bool) -> None:
    if code:
        click.echo(
            "They set their password at /invitation on the register's address with this code, once, within 7 days:",
            err=True,
        )
    if as_json:
        print_json({"id": account_id, "code": code})
    elif code:
        click.echo(code)
