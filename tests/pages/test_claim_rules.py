"""Rules of single sign-on, as an administrator writes and takes them back on the page of accounts."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import Way
from monitor.services.accounts import list_accounts
from monitor.services.claim_rules import add_rule, list_rules, remove_rule
from monitor.services.signing_in import sign_in_by
from monitor.store import Store
from tests.builders import ELSEWHERE, SERVICE, Clock, day
from tests.pages.signed_in import (
    Opens,
    clock,
    field,
    join,
    labels,
    links,
    open_page,
    press,
    said,
    store,
    toasts,
    who,
)

__all__ = ["clock", "open_page", "store"]

RULE: dict[str, Any] = {"claim": "groups", "value": "opcc-staff", "role": Role.OFFICE, "service": SERVICE}
HOSTILE = "<script>alert(1)</script> $x$ **b** :red[x] [l](javascript:x) `c`"


@pytest.fixture
def ada(store: Store) -> str:
    """Return the key of an administrator of everything."""
    return join(store, "Ada Reed", (Role.ADMINISTRATOR, ""))


def came(store: Store, name: str, **claims: object) -> str:
    """Let somebody sign in by single sign-on of whom this is said, and return their key."""
    sign_in_by(store, way=Way.OIDC, subject=f"https://id.example {name}", name=name, claims=claims)
    states = (row.state.account for row in list_accounts(store, by=SYSTEM))
    return next(account.id for account in states if account.name == name)


def the_rules(open_page: Opens, key: str, **params: str) -> AppTest:
    """Open the rules as somebody."""
    return open_page("accounts", key, show="rules", **params)


def write(app: AppTest, claim: str, value: str, role: Role | None, service: str | None) -> AppTest:
    """Fill in the form and press its button."""
    field(app, "Claim").set_value(claim)
    field(app, "Value").set_value(value)
    field(app, "Role").set_value(role)
    field(app, "In which service").set_value(service)
    app.run()
    return press(app, "Add")


def confirm(app: AppTest) -> AppTest:
    """Press the button of the question."""
    next(button for button in app.button if button.key == "confirm").click()
    app.run()
    assert not app.exception, app.exception
    return app


def test_the_list_of_accounts_leads_to_the_rules(
    store: Store, ada: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With how many there are; where nobody comes by single sign-on and none was left, there is no such way."""
    assert "show=rules" in links(open_page("accounts", ada))["Rules of single sign-on"]
    add_rule(store, **RULE, by=SYSTEM)
    assert "Rules of single sign-on: one" in links(open_page("accounts", ada))

    monkeypatch.setenv("MONITOR_SIGN_IN", "password")
    app = the_rules(open_page, ada)
    assert "Nobody signs in with single sign-on here now" in said(app)
    remove_rule(store, rule_id=1, by=SYSTEM)
    assert not [label for label in links(open_page("accounts", ada)) if label.startswith("Rules")]


def test_a_rule_is_written_and_stands_there_in_words(store: Store, ada: str, open_page: Opens) -> None:
    """What it grants, for what, who wrote it, and how many hold something by it; the form is empty again."""
    app = the_rules(open_page, ada)
    assert app.title[0].value == "No rule grants anything at single sign-on."
    assert Role.ADMINISTRATOR.word not in field(app, "Role").options

    write(app, "groups", "opcc-staff", Role.OFFICE, SERVICE)

    assert toasts(app) == ["Rule added. It counts from the next sign-in on."]
    assert field(app, "Claim").value == ""
    write(app, "roles", "reader", Role.PUBLIC_VIEWER, "Every service")
    came(store, "Kit Moss", groups=["opcc-staff"])
    app.run()
    assert app.title[0].value == "Two rules grant roles at single sign-on."
    text = said(app)
    assert f'**Office in {SERVICE}**\nwhere "groups" has "opcc-staff"' in text
    assert "**Public viewer in every service**" in text
    assert "Written by Ada Reed, 4 Mar 2024 · one account holds it" in text
    assert "nobody holds it now" in text
    assert [row.rule.by for row in list_rules(store, by=SYSTEM)] == [ada, ada]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("", "x", Role.OFFICE, SERVICE), "Say the claim"),
        (("groups", "", Role.OFFICE, SERVICE), "Say the value"),
        (("groups", "x ", Role.OFFICE, SERVICE), "letter by letter"),
        (("email", "x", Role.OFFICE, SERVICE), "write of themselves"),
        (("groups", "x", None, SERVICE), "Choose a role and the service"),
        (("groups", "x", Role.OFFICE, None), "Choose a role and the service"),
        (("groups", "opcc-staff", Role.OFFICE, SERVICE), "already"),
    ],
)
def test_what_cannot_be_written_is_said_at_its_button_and_stays_typed(
    store: Store, ada: str, open_page: Opens, given: tuple[str, str, Role | None, str | None], sentence: str
) -> None:
    """One sentence, and no rule is made."""
    add_rule(store, **RULE, by=SYSTEM)

    app = write(the_rules(open_page, ada), *given)

    assert sentence in said(app)
    assert field(app, "Claim").value == given[0]
    assert len(list_rules(store, by=SYSTEM)) == 1


def test_taking_a_rule_back_asks_first_and_says_who_loses(store: Store, ada: str, open_page: Opens) -> None:
    """Cancelled, nothing happens; confirmed, the role is gone."""
    add_rule(store, **RULE, by=SYSTEM)
    came(store, "Kit Moss", groups="opcc-staff")
    app = press(the_rules(open_page, ada), "Take back office")
    assert "One account holds its role by it and loses it with the next click." in said(app)
    press(app, "Cancel")
    assert len(list_rules(store, by=SYSTEM)) == 1

    confirm(press(app, "Take back office"))

    assert toasts(app) == ["Rule taken back."]
    assert app.title[0].value == "No rule grants anything at single sign-on."
    assert (
        "One person can use the register, and one waits for a role."
        in open_page("accounts", ada).title[0].value
    )


def test_an_account_says_what_it_holds_by_a_rule(store: Store, ada: str, open_page: Opens) -> None:
    """Why, without a button that would be refused, and with the way to the rule; its owner reads where it comes from."""
    add_rule(store, **RULE, by=SYSTEM)
    key = came(store, "Kit Moss", groups="opcc-staff")

    app = open_page("accounts", ada, who=key)

    assert f"Office in {SERVICE}" in said(app)
    assert 'By a rule, since "groups" has "opcc-staff"' in said(app)
    assert not [label for label in labels(app) if label.startswith("Withdraw")]
    assert "show=rules" in links(app)["Rules of single sign-on"]
    assert "It comes with your organisation’s sign-in." in said(open_page("account", who(store, key)))


def test_an_administrator_of_one_service_is_offered_that_one(store: Store, open_page: Opens) -> None:
    """Others' rules are read, and not taken back."""
    local = join(store, "Lo Cal", (Role.ADMINISTRATOR, SERVICE))
    add_rule(store, **RULE, by=SYSTEM)
    add_rule(store, **RULE | {"service": "", "role": Role.ANALYST}, by=SYSTEM)
    app = the_rules(open_page, local)

    assert field(app, "In which service").options == [SERVICE]
    assert [label for label in labels(app) if label.startswith("Take back")] == ["Take back office"]
    assert ELSEWHERE not in said(app)


def test_on_a_past_day_and_for_others_nothing_can_be_changed(
    store: Store, clock: Clock, ada: str, open_page: Opens
) -> None:
    """The rules can be read as they are today; somebody of the office reads whom the page is for."""
    add_rule(store, **RULE, by=SYSTEM)
    kit = join(store, "Kit Moss", (Role.OFFICE, SERVICE))
    assert the_rules(open_page, kit).title[0].value == "This page is for the administrator"

    clock.set(day(3))
    app = the_rules(open_page, ada, as_at=day(1).isoformat())
    assert "opcc-staff" in said(app)
    assert not {"Add", "Take back office"} & set(labels(app))


def test_what_a_rule_looks_for_is_shown_as_it_was_written(store: Store, ada: str, open_page: Opens) -> None:
    """In the list and in the question."""
    add_rule(store, **RULE | {"claim": HOSTILE, "value": HOSTILE}, by=SYSTEM)
    key = came(store, "Kit Moss", **{HOSTILE: HOSTILE})
    for app in (press(the_rules(open_page, ada), "Take back office"), open_page("accounts", ada, who=key)):
        raw = "\n".join(str(one.value) for kind in (app.markdown, app.caption) for one in kind)
        assert "alert(1)" in raw
        for trap in (" **b**", " :red[x]", "[l](javascript", " $x$", " `c`", "<script>"):
            assert trap not in raw.replace("\\<", "")
