"""Accounts in a real browser: invited, granted, signed out, disabled; by keyboard; each page in axe."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import Way
from monitor.services.accounts import add_account
from monitor.services.claim_rules import add_rule
from monitor.services.signing_in import accept_invitation, sign_in, sign_in_by
from tests.browser.conftest import new_visitor
from tests.browser.test_accessible import HEADINGS, LOOKS, ours, violations
from tests.browser.visiting import PATIENT, choose, fits_its_width, settled
from tests.server.running import PASSWORD, Running, running

SERVICE: Final = "Cumbria Constabulary"
COOKIE: Final = "monitor_session"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Yield a server with an administrator, somebody of the office, and somebody who waits."""
    with running(
        tmp_path_factory.mktemp("accounts"), "--sample-if-empty", MONITOR_SIGN_IN="password"
    ) as server:
        for name, role, service in (("Ada Reed", Role.ADMINISTRATOR, ""), ("Kit Moss", Role.OFFICE, SERVICE)):
            _, code = add_account(
                server.store,
                name=name,
                title="Head of performance",
                way=Way.LOCAL,
                subject=name.split()[0],
                grants=[(role, service)],
                by=SYSTEM,
            )
            accept_invitation(server.store, code=code, password=PASSWORD, agent="Firefox on Linux")
        sign_in_by(server.store, way=Way.OIDC, subject="https://id.example 1", name="Lee Ash")
        add_rule(
            server.store, claim="groups", value="opcc-staff", role=Role.OFFICE, service=SERVICE, by=SYSTEM
        )
        yield server


def signed_in(visitor: BrowserContext, served: Running, login: str) -> Page:
    """Return a page on which somebody is signed in."""
    token = sign_in(served.store, login=login, password=PASSWORD, agent="Chrome on Linux")
    visitor.add_cookies([{"name": COOKIE, "value": token, "url": served.url}])
    return visitor.new_page()


def opened(page: Page, url: str, path: str) -> Page:
    """Open a page of the product."""
    page.goto(f"{url}/{path}")
    return settled(page)


def the_list(page: Page, url: str) -> None:
    """Open the list of accounts."""
    opened(page, url, "accounts")


def inviting(page: Page, url: str) -> None:
    """Open the form by which somebody is invited."""
    opened(page, url, "accounts")
    page.get_by_role("button", name="Invite somebody").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_visible(timeout=PATIENT)
    settled(page)


def one(page: Page, url: str, name: str = "Kit Moss") -> None:
    """Open an account by its name in the list."""
    opened(page, url, "accounts")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible(timeout=PATIENT)
    settled(page)


def disabling(page: Page, url: str) -> None:
    """Open the question whether an account is disabled."""
    one(page, url)
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_visible(timeout=PATIENT)
    settled(page)


def invited_again(page: Page, url: str) -> None:
    """Make an invitation, and look at it."""
    one(page, url)
    page.get_by_role("button", name="New invitation").click()
    expect(page.get_by_text("Pass this on to Kit Moss.")).to_be_visible(timeout=PATIENT)
    # Streamlit's message in the corner has no name of its own; it goes after four seconds.
    expect(page.get_by_test_id("stToast")).to_have_count(1, timeout=PATIENT)
    expect(page.get_by_test_id("stToast")).to_have_count(0, timeout=PATIENT)
    settled(page)


def ones_own(page: Page, url: str) -> None:
    """Open one's own account from the first line."""
    opened(page, url, "register")
    page.get_by_role("link", name="Ada Reed").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible(timeout=PATIENT)
    settled(page)


def rules(page: Page, url: str) -> None:
    """Open the rules of single sign-on from the list."""
    opened(page, url, "accounts")
    page.get_by_role("link", name="Rules of single sign-on").click()
    expect(page.get_by_role("heading", name="Add a rule")).to_be_visible(timeout=PATIENT)
    settled(page)


def files(page: Page, url: str) -> None:
    """Open what can be taken away of who did what."""
    opened(page, url, "audit")
    page.get_by_role("button", name="Download").click()
    expect(page.get_by_text("CSV, every entry chosen")).to_be_visible(timeout=PATIENT)
    settled(page)


SCENES: Final[dict[str, Callable[[Page, str], None]]] = {
    "list": the_list,
    "form: invite": inviting,
    "one account": one,
    "form: disable": disabling,
    "invitation": invited_again,
    "own account": ones_own,
    "rules": rules,
    "who did what, files": files,
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_of_accounts_can_be_read_by_everyone(browser: Browser, served: Running, look: str) -> None:
    """Nothing of ours in axe, headings in order, and nothing to be scrolled sideways."""
    size, dark = LOOKS[look]
    visitor = new_visitor(browser, size=size, dark=dark)
    page = signed_in(visitor, served, "ada")
    for name, show in SCENES.items():
        show(page, served.url)
        found = [told for violation in violations(page) for told in ours(violation)]
        levels = page.evaluate(HEADINGS)

        assert not found, f"{name}: " + "\n".join(found)
        assert levels.count(1) == 1, f"{name}: the headings are {levels}"
        assert "form" in name or all(b <= a + 1 for a, b in pairwise(levels)), name
        assert fits_its_width(page), f"{name} must be scrolled sideways"
    visitor.close()


def test_from_an_invitation_to_a_withdrawn_role(browser: Browser, served: Running) -> None:
    """The link opens the account; what is granted is there with the next click, and gone with the one after."""
    hers, his = new_visitor(browser), new_visitor(browser)
    admin = signed_in(hers, served, "ada")
    inviting(admin, served.url)
    form = admin.get_by_role("dialog")
    form.get_by_label("Name", exact=True).fill("Una New")
    form.get_by_label("Name to sign in with").fill("una")
    choose(form, "Roles", "Analyst")
    admin.keyboard.press("Escape")
    choose(form, "In which services", SERVICE)
    admin.keyboard.press("Tab")
    form.get_by_role("button", name="Invite", exact=True).click()
    expect(admin.get_by_text("Pass this on to Una New.")).to_be_visible(timeout=PATIENT)
    link = admin.locator(".st-key-current-invitation code").inner_text()
    admin.get_by_role("button", name="I have passed it on").click()
    expect(admin.get_by_text("Pass this on to Una New.")).to_have_count(0, timeout=PATIENT)

    page = his.new_page()
    page.goto(link)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    settled(page)
    expect(page.get_by_role("link", name="Import")).to_have_count(0)

    one(admin, served.url, "Una New")
    choose(admin.locator("main"), "Role", "Office")
    choose(admin.locator("main"), "In which service", SERVICE)
    admin.get_by_role("button", name="Grant", exact=True).click()
    expect(admin.get_by_text(f"Office in {SERVICE}", exact=True)).to_be_visible(timeout=PATIENT)
    opened(page, served.url, "register")
    expect(page.get_by_role("link", name="Import")).to_be_visible(timeout=PATIENT)

    admin.get_by_role("button", name="Withdraw office").click()
    expect(admin.get_by_text(f"Office in {SERVICE}", exact=True)).to_have_count(0, timeout=PATIENT)
    page.get_by_role("link", name="Progress").click()
    expect(page.get_by_role("link", name="Import")).to_have_count(0, timeout=PATIENT)
    expect(admin.get_by_role("heading", name="Una New", level=1)).to_be_visible()

    admin.get_by_role("button", name="Sign out Chrome on Linux").click()
    expect(admin.get_by_text("Nobody is signed in with it.")).to_be_visible(timeout=PATIENT)
    page.get_by_role("link", name="Register").click()
    expect(page.get_by_text("You are signed out")).to_be_visible(timeout=PATIENT)
    hers.close()
    his.close()


def test_an_account_is_disabled_by_keyboard_alone(browser: Browser, served: Running) -> None:
    """Reached, asked, confirmed; cancelled first with Escape, which disables nobody."""
    visitor = new_visitor(browser)
    page = signed_in(visitor, served, "ada")
    add_account(served.store, name="Bo Gone", way=Way.PROXY, subject="bo", grants=[], by=SYSTEM)
    one(page, served.url, "Bo Gone")
    page.get_by_role("button", name="Disable").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible(timeout=PATIENT)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENT)
    settled(page)
    expect(page.get_by_text("Active until")).to_be_visible()

    page.get_by_role("button", name="Disable").focus()
    page.keyboard.press("Enter")
    confirm = page.get_by_role("dialog").get_by_role("button", name="Disable")
    expect(confirm).to_be_visible(timeout=PATIENT)
    for _ in range(4):
        page.keyboard.press("Tab")
        if confirm.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Enable")).to_be_visible(timeout=PATIENT)
    visitor.close()
