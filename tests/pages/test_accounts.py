"""Accounts, as an administrator keeps them and as everybody sees their own."""

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import AccountStanding, Way
from monitor.services import accounts as service
from monitor.services.calendar import whose_calendar
from monitor.services.signing_in import accept_invitation, sign_in, sign_in_by
from monitor.store import Store
from monitor.ui import accounts
from tests.builders import ADMINISTRATOR, ELSEWHERE, OFFICE, SERVICE, Clock, day
from tests.pages.signed_in import (
    PASSWORD,
    Opens,
    clock,
    field,
    holds,
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

HOSTILE = "<script>alert(1)</script> $x$ **b** :red[x] [l](javascript:x) `c`"
CHANGES = {"Grant", "Renew for 90 days", "New invitation", "Disable", "Enable"}


@pytest.fixture
def ada(store: Store) -> str:
    """Return the key of an administrator of everything."""
    return join(store, "Ada Reed", (Role.ADMINISTRATOR, ""))


@pytest.fixture
def kit(store: Store) -> str:
    """Return the key of somebody of the office."""
    return join(store, "Kit Moss", (Role.OFFICE, SERVICE), (Role.ANALYST, ""))


def state(store: Store, key: str) -> Any:
    """Return what an account is."""
    return next(row for row in service.list_accounts(store, by=SYSTEM) if row.state.account.id == key)


def waiting(store: Store, name: str = "Lee Ash") -> str:
    """Let somebody sign in by single sign-on who was never here, and return their key."""
    sign_in_by(store, way=Way.OIDC, subject=f"https://id.example {name}", name=name)
    return next(
        row.state.account.id
        for row in service.list_accounts(store, by=SYSTEM)
        if row.state.account.name == name
    )


# The list


def test_list_says_who_may_do_what_until_when(store: Store, ada: str, kit: str, open_page: Opens) -> None:
    """Name, what they are, how they sign in, what is granted by service, and until when, in words."""
    app = open_page("accounts", ada)

    assert app.title[0].value == "Two people can use the register."
    text = said(app)
    assert "Every service: administrator" in text
    assert f"Every service: analyst  \n{SERVICE}: office" in text
    assert "Signs in with a password, as kit" in text
    assert "Active until 1 June 2024" in text
    assert "Last used 4 March 2024" in text
    assert f"who={kit}" in links(app)["Kit Moss"]


def test_those_who_wait_stand_first(store: Store, ada: str, open_page: Opens) -> None:
    """Somebody who came by single sign-on can see nothing yet; the heading says so."""
    waiting(store)
    app = open_page("accounts", ada)

    assert app.title[0].value == "One person can use the register, and one waits for a role."
    assert [one.value for one in app.header] == ["One person waits for a role", "Everybody else"]
    assert list(links(app))[-2:] == ["Lee Ash", "Ada Reed"]
    assert "Nothing granted" in said(app)


def test_disabled_expired_dormant_and_ending_ones_are_marked(
    store: Store, clock: Clock, ada: str, kit: str, open_page: Opens
) -> None:
    """A word with a mark, never a colour alone."""
    gone = join(store, "Una Gone", (Role.OFFICE, SERVICE))
    service.disable(store, account_id=gone, by=SYSTEM)
    clock.set(day(80))
    service.renew(store, account_id=ada, by=SYSTEM)
    text = said(open_page("accounts", ada))
    assert ":gray[:material/block: Disabled]" in text
    assert ":orange[:material/schedule: Active until 1 June 2024, 10 days left]" in text
    assert "Dormant, last used 4 March 2024" in text
    assert "1 of them dormant" in text

    clock.set(day(90))
    app = open_page("accounts", ada)
    assert ":orange[:material/event_busy: Expired on 2 June 2024]" in said(app)
    assert "**3 accounts**: 1 active, 1 disabled, 1 expired." in said(app)
    assert state(store, kit).standing is AccountStanding.EXPIRED


def test_list_is_found_by_name_and_paged(
    store: Store, ada: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By letters of the name or of the sign-in name; long lists a page at a time."""
    monkeypatch.setattr(accounts, "ACCOUNTS_A_PAGE", 2)
    for name in ("Bea One", "Cy Two", "Di Three"):
        join(store, name, (Role.ANALYST, SERVICE))
    app = open_page("accounts", ada)
    assert "Di Three" not in links(app)

    field(app, "Find by name").set_value("di t").run()
    assert [name for name in links(app) if "Three" in name or "Ada" in name] == ["Di Three"]
    field(app, "Find by name").set_value("zeppelin").run()
    assert "Nobody of that name" in said(app)


def test_names_are_shown_as_they_were_written(store: Store, ada: str, open_page: Opens) -> None:
    """In the list, in the account's own page and in its confirmation."""
    key, _ = service.add_account(
        store, name=HOSTILE, title=HOSTILE, way=Way.PROXY, subject=HOSTILE, by=ADMINISTRATOR
    )
    for app in (open_page("accounts", ada), press(open_page("accounts", ada, who=key.id), "Disable")):
        raw = "\n".join(str(one.value) for kind in (app.markdown, app.caption, app.title) for one in kind)
        raw += "\n".join(one.proto.label for one in app.get("page_link"))
        for trap in (" **b**", " :red[x]", "[l](javascript", " $x$", " `c`", " <script>"):
            assert trap not in raw


# Who may


def test_page_is_for_administrators(store: Store, kit: str, open_page: Opens) -> None:
    """Somebody of the office reads whom it is for, and no name."""
    app = open_page("accounts", kit)

    assert app.title[0].value == "This page is for the administrator"
    assert "Kit Moss" not in links(app)


def test_where_nobody_signs_in_there_are_no_accounts(
    store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the menu nor by address."""
    monkeypatch.delenv("MONITOR_SIGN_IN")
    for page in ("accounts", "account"):
        app = open_page(page, ADMINISTRATOR)
        assert app.title[0].value == "Nobody signs in here"
        assert not labels(app)


def test_ones_own_row_has_no_button_that_would_be_refused(store: Store, ada: str, open_page: Opens) -> None:
    """It says why, and leads to what one can do oneself."""
    join(store, "Bea Second", (Role.ADMINISTRATOR, ""))
    app = open_page("accounts", ada, who=ada)

    assert "It takes another administrator" in said(app)
    assert not CHANGES & set(labels(app))
    assert not [label for label in labels(app) if label.startswith(("Withdraw", "Sign out"))]
    assert "Your sessions and your password" in links(app)


def test_an_administrator_of_one_service_is_offered_that_one(
    store: Store, kit: str, open_page: Opens
) -> None:
    """Neither to grant in another one nor to withdraw what holds everywhere."""
    local = join(store, "Lo Cal", (Role.ADMINISTRATOR, SERVICE))
    app = open_page("accounts", local, who=kit)

    assert field(app, "In which service").options == [SERVICE]
    assert "Withdraw office" in labels(app)
    assert "Withdraw analyst" not in labels(app)


def test_on_a_past_day_nothing_can_be_changed(
    store: Store, clock: Clock, ada: str, kit: str, open_page: Opens
) -> None:
    """The list says so."""
    clock.set(day(3))
    app = open_page("accounts", ada, as_at=day(1).isoformat())
    assert "Invite somebody" not in labels(app)
    assert "Go back to today" in said(app)
    app = open_page("accounts", ada, who=kit, as_at=day(1).isoformat())
    assert not CHANGES & set(labels(app))


# Inviting


def invite(app: AppTest, **given: Any) -> AppTest:
    """Fill in the form and press its button."""
    press(app, "Invite somebody")
    for label, value in given.items():
        field(app, label.replace("_", " ")).set_value(value)
    app.run()
    return press(app, "Invite")


def test_an_invitation_is_shown_once_and_works(store: Store, ada: str, open_page: Opens) -> None:
    """The link sets the password; put away, it stands nowhere."""
    app = invite(
        open_page("accounts", ada),
        Name="Una New",
        Name_to_sign_in_with="Una",
        Roles=[Role.OFFICE, Role.ANALYST],
        In_which_services=[SERVICE],
    )

    assert toasts(app) == ["Una New has an account."]
    assert "Pass this on to Una New." in said(app)
    found = re.search(r"/invitation#([a-z0-9-]+)", app.code[0].value)
    assert found is not None
    assert accept_invitation(store, code=found[1], password=PASSWORD)
    press(app, "I have passed it on")
    assert found[1] not in said(app)
    made = next(row for row in service.list_accounts(store, by=SYSTEM) if row.state.account.name == "Una New")
    assert made.state.grants == {(Role.OFFICE, SERVICE), (Role.ANALYST, SERVICE)}
    assert made.state.account.by == ada


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"Name": "Una", "Name_to_sign_in_with": "ada"}, '"ada" has an account already.'),
        ({"Name": "Una", "Name_to_sign_in_with": "a b"}, "cannot be a sign-in name"),
        ({"Name_to_sign_in_with": "una"}, "needs the name of a person"),
        ({"Name": "Una", "Name_to_sign_in_with": "una", "Roles": [Role.OFFICE]}, "Choose the services"),
    ],
)
def test_what_cannot_be_invited_is_said_and_stays_typed(
    store: Store, ada: str, open_page: Opens, given: dict[str, Any], sentence: str
) -> None:
    """One sentence at the button, and nothing is made."""
    app = invite(open_page("accounts", ada), **given)

    assert sentence in said(app)
    assert field(app, "Name to sign in with").value == given["Name_to_sign_in_with"]
    assert len(service.list_accounts(store, by=SYSTEM)) == 1


def test_somebody_of_single_sign_on_needs_no_invitation(store: Store, ada: str, open_page: Opens) -> None:
    """There is nothing to pass on."""
    app = press(open_page("accounts", ada), "Invite somebody")
    field(app, "How they sign in").set_value(Way.OIDC).run()
    field(app, "Name").set_value("Lee Ash")
    field(app, "Issuer and subject at the provider, with a blank between").set_value("https://id.example 7")
    app.run()
    press(app, "Invite")

    assert not app.code
    assert toasts(app) == ["Lee Ash has an account."]


def test_cancelling_makes_nobody(store: Store, ada: str, open_page: Opens) -> None:
    """The form is gone, and comes back empty."""
    app = press(open_page("accounts", ada), "Invite somebody")
    field(app, "Name").set_value("Una")
    app.run()
    press(app, "Cancel")
    assert "Invite" not in labels(app)
    assert field(press(app, "Invite somebody"), "Name").value == ""


# One account


def test_granting_and_withdrawing_hold_at_once(store: Store, ada: str, kit: str, open_page: Opens) -> None:
    """Each with what was done in the past tense."""
    app = open_page("accounts", ada, who=kit)
    assert app.title[0].value == "Kit Moss"
    field(app, "Role").set_value(Role.FORCE_EDITOR)
    field(app, "In which service").set_value(ELSEWHERE)
    press(app, "Grant")
    assert toasts(app) == ["Force editor granted to Kit Moss. It holds from their next click on."]
    assert f"Force editor in {ELSEWHERE}" in said(app)

    press(app, "Withdraw office")
    assert toasts(app) == ["Office withdrawn from Kit Moss."]
    assert set(who(store, kit).grants or ()) == {(Role.FORCE_EDITOR, ELSEWHERE), (Role.ANALYST, None)}


def test_a_refusal_stands_at_its_button_once(store: Store, ada: str, kit: str, open_page: Opens) -> None:
    """In one sentence, until the next click."""
    app = press(open_page("accounts", ada, who=kit), "Grant")
    assert "Choose a role and the service in which it holds." in said(app)

    field(app, "Role").set_value(Role.OFFICE)
    field(app, "In which service").set_value(SERVICE)
    press(app, "Grant")
    assert f'Kit Moss already holds "Office" for {SERVICE}.' in said(app)
    assert "Choose a role" not in said(app)
    app.run()
    assert "already holds" not in said(app)


def test_disabling_asks_first_and_signs_out(store: Store, ada: str, kit: str, open_page: Opens) -> None:
    """Cancelled, nothing happens; confirmed, every session ends, and it can be undone."""
    token = sign_in(store, login="kit", password=PASSWORD)
    app = press(press(open_page("accounts", ada, who=kit), "Disable"), "Cancel")
    assert holds(store, token)

    press(app, "Disable")
    assert "Nobody can sign in with it" in said(app)
    next(button for button in app.button if button.key == "confirm").click()
    app.run()
    assert toasts(app) == ["The account of Kit Moss is disabled."]
    assert not holds(store, token)
    assert "Nobody is signed in with it." in said(app)
    assert not {"Renew for 90 days", "New invitation"} & set(labels(app))

    press(app, "Enable")
    next(button for button in app.button if button.key == "confirm").click()
    app.run()
    assert state(store, kit).standing is AccountStanding.ACTIVE


def test_renewing_counts_from_today(store: Store, clock: Clock, ada: str, kit: str, open_page: Opens) -> None:
    """Another 90 days."""
    clock.set(day(10))
    app = press(open_page("accounts", ada, who=kit), "Renew for 90 days")

    assert "Active until 11 June 2024" in said(app)


def test_a_new_invitation_is_shown_for_a_forgotten_password(
    store: Store, ada: str, kit: str, open_page: Opens
) -> None:
    """For a password kept here; somebody of single sign-on has none."""
    app = press(open_page("accounts", ada, who=kit), "New invitation")
    assert "Pass this on to Kit Moss." in said(app)
    other = waiting(store)
    assert "New invitation" not in labels(open_page("accounts", ada, who=other))


def test_sessions_are_signed_out_one_by_one(
    store: Store, clock: Clock, ada: str, kit: str, open_page: Opens
) -> None:
    """What is over is not listed."""
    token = sign_in(store, login="kit", password=PASSWORD, agent="Safari on iPhone")
    app = press(open_page("accounts", ada, who=kit), "Sign out Safari on iPhone")
    assert toasts(app) == ["Signed out: Safari on iPhone."]
    assert not holds(store, token)
    assert "Sign out Firefox" in labels(app)

    clock.set(day(1))
    assert "Nobody is signed in with it." in said(open_page("accounts", ada, who=kit))


def test_an_unknown_account_shows_the_list(store: Store, ada: str, open_page: Opens) -> None:
    """An address that is old or made up leads nowhere else."""
    assert open_page("accounts", ada, who="nobody").title[0].value == "One person can use the register."


# Your account


def test_everybody_sees_their_own_account(store: Store, kit: str, open_page: Opens) -> None:
    """What they may do by service, until when, and where they are signed in, this place marked."""
    app = open_page("account", kit)

    text = said(app)
    assert app.title[0].value == "Kit Moss"
    assert f"Office in {SERVICE}" in text
    assert "Analyst in every service" in text
    assert "Active until 1 June 2024" in text
    assert "this one" in text
    ways_out = [one.proto.body for one in app.get("html") if "/sign-out" in one.proto.body]
    assert len(ways_out) == 2, "under one's name, and where one is signed in"
    assert all('<form method="post" action="/sign-out">' in one for one in ways_out)


def test_ones_other_sessions_can_be_signed_out(store: Store, kit: str, open_page: Opens) -> None:
    """The one of the lost phone, not this one."""
    here = service.list_sessions(store, by=who(store, kit))[0].id
    token = sign_in(store, login="kit", password=PASSWORD, agent="Edge on Windows")
    app = open_page("account", kit)
    # The last one to sign in counts as the place of the page; the other one can be ended.
    press(app, "Sign out Firefox")

    assert holds(store, token)
    assert here not in [one.id for one in service.list_sessions(store, by=who(store, kit))]


def test_password_is_changed_by_whoever_knows_it(store: Store, kit: str, open_page: Opens) -> None:
    """A refusal keeps the old one; the fields are empty afterwards in both cases."""
    app = open_page("account", kit)

    def change(old: str, new: str, again: str) -> str:
        for label, value in (("Present password", old), ("New password", new), ("The same again", again)):
            field(app, label).set_value(value)
        press(app, "Change the password")
        return said(app)

    other = "three quite different clouds"
    assert "The two new passwords are not the same." in change(PASSWORD, other, PASSWORD)
    assert "The present password is not right." in change(other, other, other)
    assert "It needs at least 12." in change(PASSWORD, "short", "short")
    change(PASSWORD, other, other)
    assert toasts(app) == ["Password changed."]
    assert sign_in(store, login="kit", password=other)


def test_whoever_signs_in_elsewhere_changes_the_password_there(store: Store, open_page: Opens) -> None:
    """There is no form for it."""
    key = waiting(store)
    service.grant(store, account_id=key, role=Role.ANALYST, service=SERVICE, by=SYSTEM)
    app = open_page("account", key)

    assert "Your organisation keeps your password" in said(app)
    assert not app.text_input


def test_a_calendar_address_is_shown_once_and_ended(store: Store, kit: str, open_page: Opens) -> None:
    """Its owner makes it, sees it, and ends it; what was shown opens the calendar until then."""
    app = open_page("account", kit)
    app.button("calendar-make").click().run()
    shown = next(code.value for code in app.code if "/calendar/" in code.value)
    token = shown.rpartition("/")[2].removesuffix(".ics")

    owner = whose_calendar(store, token=token)
    assert owner is not None
    assert owner.id == kit
    later = open_page("account", kit)
    assert not any("/calendar/" in code.value for code in later.code)
    later.button("calendar-end").click().run()
    assert whose_calendar(store, token=token) is None
    assert "calendar-end" not in {button.key for button in later.button}


def test_the_first_line_leads_to_ones_own_account(
    store: Store, kit: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one's name, on every page."""
    found = open_page("register", kit).get("page_link")
    own = [one.proto.label for one in found if one.proto.page == "account"]
    assert own == ["Kit Moss"]
    monkeypatch.delenv("MONITOR_SIGN_IN")
    assert "account" not in [one.proto.page for one in open_page("register", OFFICE).get("page_link")]
