"""Signing in, in a real browser: by password, by single sign-on, by a proxy; by keyboard alone; each page in axe."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import Way
from monitor.services.accounts import add_account, disable, grant, list_accounts, withdraw
from monitor.services.claim_rules import add_rule, remove_rule
from tests.browser.conftest import OpensPage, new_visitor
from tests.browser.proxying import Proxy, proxying
from tests.browser.test_accessible import RULES
from tests.browser.visiting import PATIENT, fits_its_width, settled
from tests.server.running import PASSWORD, Running, running

LOOKS: Final = [("desk", False), ("phone", True)]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def identity() -> Iterator[str]:
    """Yield the address of a provider of single sign-on, a process of its own."""
    port = free_port()
    in_a_group = json.dumps({"sub": "carol", "groups": ["others", "opcc-staff"]})
    program = str(Path(sys.executable).with_name("oidc-provider-mock"))
    command = [program, "--port", str(port), "--user-claims", in_a_group]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                with closing(urlopen(f"{url}/.well-known/openid-configuration", timeout=5)):  # noqa: S310
                    break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=15)


@pytest.fixture(scope="module")
def served(identity: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Yield a server with passwords and single sign-on, whose register nobody administers at the beginning."""
    with running(
        tmp_path_factory.mktemp("served"),
        "--sample-if-empty",
        MONITOR_SIGN_IN="password,oidc",
        MONITOR_OIDC_ISSUER=identity,
        MONITOR_OIDC_CLIENT_ID="monitor",
        MONITOR_OIDC_CLIENT_SECRET="known to both",
    ) as server:
        yield server


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Proxy]]:
    """Yield a server behind a proxy that says who is there."""
    with (
        running(tmp_path_factory.mktemp("proxied"), "--sample-if-empty", MONITOR_SIGN_IN="proxy") as server,
        proxying(server.port) as proxy,
    ):
        yield server, proxy


def is_here(page: Page, name: str) -> None:
    """Wait until a page of the product says who is signed in."""
    settled(page)
    expect(page.locator(".st-key-first-line").get_by_text(name)).to_be_visible(timeout=PATIENT)


def sign_in(page: Page, url: str, login: str) -> None:
    """Sign in with a password."""
    page.goto(f"{url}/sign-in")
    page.get_by_label("Name").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_from_the_printed_code_to_signing_out(served: Running, new_page: OpensPage) -> None:
    """The first administrator, somebody invited, a wrong password and a right one, and out again."""
    page = new_page()
    page.goto(f"{served.url}/first-account")
    page.get_by_label("One-time code").fill(served.first_code)
    page.get_by_label("Your name").fill("Ada Reed")
    page.get_by_label("Name to sign in with").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    is_here(page, "Ada Reed")

    _, code = add_account(
        served.store, name="Kit Moss", way=Way.LOCAL, subject="kit", grants=[(Role.OFFICE, "")], by=SYSTEM
    )
    page = new_page(size="phone")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    page.goto(f"{served.url}/invitation#{code}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Kit Moss")
    assert page.url == f"{served.url}/invitation"
    assert asked
    assert code not in " ".join(one.partition("#")[0] for one in asked), "told to the server in no address"
    page.get_by_label("Password").fill("too short")
    page.get_by_label("The same again").fill("too short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 12")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    is_here(page, "Kit Moss")

    page = new_page()
    page.goto(f"{served.url}/register?show=late")
    page.get_by_label("Name").fill("kit")
    page.get_by_label("Password").fill("a wrong password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    expect(page.get_by_label("Name")).to_have_value("kit")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    is_here(page, "Kit Moss")
    assert page.url == f"{served.url}/register?show=late"

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert page.context.pages == [page]
    assert page.context.cookies() == []
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_by_keyboard_alone(served: Running, page: Page) -> None:
    """Tab, type and Enter: in the order in which things are read, each with a visible mark of where one is."""
    served.somebody("keys", Role.OFFICE)
    page.goto(f"{served.url}/sign-in")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("keys")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Password")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    is_here(page, "Person keys")

    page.get_by_role("link", name="Person keys").focus()
    page.keyboard.press("Tab")
    way_out = page.get_by_role("button", name="Sign out")
    expect(way_out).to_be_focused()
    assert way_out.evaluate("one => getComputedStyle(one).outlineWidth") == "3px"
    kept = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert all(name.startswith(("stActiveTheme", "stSidebar")) for name in kept), kept
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Sign in again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_signing_out_in_one_tab_ends_the_other(served: Running, page: Page) -> None:
    """The other shows nothing more, though nobody touches it, and leads to signing in again."""
    served.somebody("tabs", Role.OFFICE)
    sign_in(page, served.url, "tabs")
    is_here(page, "Person tabs")
    other = page.context.new_page()
    other.goto(f"{served.url}/register")
    is_here(other, "Person tabs")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("You are signed out")

    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out", timeout=PATIENT)

    settled(page)
    expect(page.get_by_text("Cumbria")).to_have_count(0)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Name").fill("tabs")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    is_here(page, "Person tabs")
    assert len(page.context.pages) == 2


def test_what_is_withdrawn_is_gone_with_the_next_click(served: Running, page: Page) -> None:
    """A demotion, then an account that is disabled, while the page is open."""
    key, _ = served.somebody("falls", Role.FORCE_EDITOR, Role.ANALYST)
    sign_in(page, served.url, "falls")
    is_here(page, "Person falls")
    page.goto(f"{served.url}/recommendation?ref=CC-036")
    settled(page)
    page.get_by_role("button", name="Report progress").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What has changed").fill("The last of the reviews was done in January.")
    withdraw(served.store, account_id=key, role=Role.FORCE_EDITOR, service="", by=SYSTEM)
    before = served.store.data_version()

    dialog.get_by_role("button", name="Save").click()

    expect(dialog.get_by_text("may not report progress")).to_be_visible(timeout=PATIENT)
    assert served.store.data_version() == before
    disable(served.store, account_id=key, by=SYSTEM)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out", timeout=PATIENT)


def test_single_sign_on_with_a_provider(served: Running, browser: Browser, identity: str) -> None:
    """There and back: first without anything, then with what an administrator granted; denied, in words of ours."""
    context = new_visitor(browser)
    context.route(
        re.compile("^https:"), lambda route: route.abort()
    )  # the provider's own page has a style elsewhere
    page = context.new_page()
    page.goto(f"{served.url}/register?show=late")
    page.get_by_role("link", name="Sign in with your organisation").click()
    page.locator("input[name=sub]").fill("alice")
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("see nothing yet|Become the first"), timeout=PATIENT
    )
    found = [row.state.account for row in list_accounts(served.store, by=SYSTEM)]
    assert [one.subject for one in found if one.way is Way.OIDC] == [f"{identity} alice"]

    page = context.new_page()
    page.goto(f"{served.url}/oidc/start")
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("alert")).to_contain_text("did not let you in")
    page.get_by_role("link", name="Begin again").click()
    expect(page).to_have_url(f"{served.url}/", timeout=PATIENT)  # still signed in by the first tab
    context.close()


def test_a_group_at_the_provider_opens_the_register_by_a_rule(
    served: Running, browser: Browser, identity: str
) -> None:
    """Without an invitation; with the rule taken back, the next click shows nothing more."""
    rule = add_rule(served.store, claim="groups", value="opcc-staff", role=Role.OFFICE, service="", by=SYSTEM)
    context = new_visitor(browser)
    context.route(re.compile("^https:"), lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{served.url}/sign-in")
    page.get_by_role("link", name="Sign in with your organisation").click()
    page.locator("input[name=sub]").fill("carol")
    page.get_by_role("button").first.click()
    expect(page).to_have_url(re.compile(f"^{served.url}"), timeout=PATIENT)
    page.goto(f"{served.url}/account")
    is_here(page, "carol")
    expect(page.get_by_text("It comes with your organisation’s sign-in.")).to_be_visible()
    page.get_by_role("link", name="Import", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Import|Bring"), timeout=PATIENT)

    remove_rule(served.store, rule_id=rule.id, by=SYSTEM)
    page.get_by_role("link", name="Register", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("see nothing yet"), timeout=PATIENT)
    settled(page)
    expect(page.get_by_text("Cumbria")).to_have_count(0)
    context.close()


def test_a_proxy_says_who_is_there(proxied: tuple[Running, Proxy], page: Page) -> None:
    """Whoever it names is signed in, by http and by the socket; when it names another, the first one's tab ends."""
    server, proxy = proxied
    for login in ("ada", "bob"):
        add_account(
            server.store,
            name=login.title(),
            way=Way.PROXY,
            subject=login,
            grants=[(Role.OFFICE, "")],
            by=SYSTEM,
        )
    proxy.person = "ada"
    page.goto(f"{proxy.url}/register")
    is_here(page, "Ada")
    page.get_by_role("link", name="Overview", exact=True).click()
    is_here(page, "Ada")

    proxy.person = "bob"
    other = page.context.new_page()
    other.goto(proxy.url)
    is_here(other, "Bob")
    page.get_by_role("link", name="Register", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out", timeout=PATIENT)

    proxy.person = ""
    other.goto(f"{proxy.url}/register")
    expect(other.get_by_text("Come by the address")).to_be_visible()


# Accessible


def looked_at(page: Page, what: str) -> list[str]:
    """Return what axe finds on a page, and whether it has to be scrolled sideways."""
    found = [
        f"{what}: {one['id']}: {[node['html'][:200] for node in one['nodes']]}"
        for one in Axe().run(page, options=RULES).response["violations"]
    ]
    return found if fits_its_width(page) else [*found, f"{what}: wider than its screen"]


@pytest.mark.parametrize(("size", "dark"), LOOKS, ids=lambda one: str(one))
def test_every_page_of_signing_in_is_accessible(
    served: Running, browser: Browser, size: str, dark: bool
) -> None:
    """In light and in dark, at a desk and on a phone; with and without something that is wrong."""
    login = f"axe-{size}-{dark}".lower()
    key, _ = served.somebody(login, Role.OFFICE)
    _, code = add_account(
        served.store, name="Kit Moss", way=Way.LOCAL, subject=f"kit-{login}", grants=[], by=SYSTEM
    )
    context = new_visitor(browser, size=size, dark=dark)
    page = context.new_page()
    found = []
    for path in ("sign-in", f"invitation#{code}", "invitation#x", "oidc/callback", "files/x"):
        page.goto(f"{served.url}/{path}")
        found += looked_at(page, path)
    page.goto(f"{served.url}/sign-in")
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    found += looked_at(page, "sign-in, wrong")
    sign_in(page, served.url, login)
    settled(page)
    other = context.new_page()
    other.goto(f"{served.url}/sign-out")
    found += looked_at(other, "sign-out")
    withdraw(served.store, account_id=key, role=Role.OFFICE, service="", by=SYSTEM)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("see nothing"), timeout=PATIENT)
    found += looked_at(settled(page), "nothing granted")
    grant(served.store, account_id=key, role=Role.OFFICE, service="", by=SYSTEM)
    page.reload()
    settled(page)
    other.get_by_role("button", name="Sign out").click()
    found += looked_at(other, "signed out")
    page.get_by_test_id("stMain").get_by_test_id("stPageLink-NavLink").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out", timeout=PATIENT)
    found += looked_at(settled(page), "signed out elsewhere")
    context.close()

    assert found == []


@pytest.mark.parametrize(("size", "dark"), LOOKS, ids=lambda one: str(one))
def test_the_page_of_the_first_account_is_accessible(
    browser: Browser, tmp_path: Path, size: str, dark: bool
) -> None:
    """Before anybody has an account, with and without something that is wrong."""
    context = new_visitor(browser, size=size, dark=dark)
    with running(tmp_path, MONITOR_SIGN_IN="password") as server:
        page = context.new_page()
        page.goto(server.url)
        found = looked_at(page, "first account")
        for label in ("One-time code", "Your name", "Name to sign in with", "Password", "The same again"):
            page.get_by_label(label).fill("wrong")
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("alert")).to_be_visible()
        found += looked_at(page, "first account, wrong")
    context.close()

    assert found == []
