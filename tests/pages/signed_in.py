"""Pages where people sign in, as somebody with an account opens them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import SYSTEM, Actor, Role
from monitor.domain.accounts import Way
from monitor.services.accounts import add_account, list_accounts
from monitor.services.signing_in import accept_invitation, is_over, session_of, sign_in
from monitor.store import Store
from monitor.ui import session
from tests.builders import Clock, a_register

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "four unrelated garden words"

Opens = Callable[..., AppTest]


@pytest.fixture
def clock() -> Clock:
    """Return a server's clock that stands on the day the story begins."""
    return Clock()


@pytest.fixture
def store(sqlite_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Yield a register on which people sign in with a password or with single sign-on, served to the pages."""
    store = a_register(sqlite_url, clock)
    monkeypatch.setenv(session.DATABASE_VARIABLE, store.address)
    monkeypatch.setenv("MONITOR_SIGN_IN", "password,oidc")
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.setenv(f"MONITOR_OIDC_{name}", "https://id.example")
    monkeypatch.setattr(session, "_store", lambda _: store)
    yield store
    store.close()


def join(store: Store, name: str, *grants: tuple[Role, str], login: str = "", agent: str = "Firefox") -> str:
    """Make an account with a password that is signed in, and return its key."""
    account, code = add_account(
        store, name=name, way=Way.LOCAL, subject=login or name.split()[0], grants=grants, by=SYSTEM
    )
    accept_invitation(store, code=code, password=PASSWORD, agent=agent)
    return account.id


def who(store: Store, key: str) -> Actor:
    """Return an account's person as the database has them now."""
    return next(row.state.actor for row in list_accounts(store, by=SYSTEM) if row.state.account.id == key)


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens a page as somebody: `open_page("accounts", key)`."""

    def opened(page: str, key: str | Actor, **params: str) -> AppTest:
        if isinstance(key, Actor):
            monkeypatch.setattr(session, "people", lambda _: (key,))
        else:
            here = sign_in_of(store, key)
            monkeypatch.setattr(session, "this_sign_in", lambda: here)
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page(f"pages/{page}.py")
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return opened


def sign_in_of(store: Store, key: str) -> str:
    """Return a session of an account that opens something; a new one where the last is over."""
    row = next(row for row in list_accounts(store, by=SYSTEM) if row.state.account.id == key)
    if row.sessions and not is_over(row.sessions[0], store.server_now()):
        return row.sessions[0].id
    found = session_of(store, token=sign_in(store, login=row.state.account.subject, password=PASSWORD))
    assert found is not None
    return found.id


def said(app: AppTest) -> str:
    """Return every word of text on the page, as a reader sees it."""
    kinds = (app.title, app.header, app.markdown, app.caption, app.code)
    shown = "\n".join(str(one.value) for kind in kinds for one in kind)
    return shown.replace("\\", "").replace("\u2060", "")


def labels(app: AppTest) -> list[str]:
    """Return the words of the buttons."""
    return [button.label.replace("\\", "") for button in app.button]


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button with these words and run the page."""
    next(button for button in app.button if button.label.replace("\\", "") == label).click()
    app.run()
    assert not app.exception, app.exception
    return app


def links(app: AppTest) -> dict[str, str]:
    """Return where the links to pages lead, by their words; without the one to one's own account above each page."""
    found = [
        one.proto for one in app.get("page_link") if not (one.proto.icon and one.proto.page == "account")
    ]
    return {one.label.replace("\\", "").strip("*"): f"{one.page}?{one.query_string}" for one in found}


def field(app: AppTest, label: str) -> Any:
    """Return the field of this label."""
    kinds = (app.text_input, app.selectbox, app.multiselect, app.segmented_control, app.date_input)
    return next(one for kind in kinds for one in kind if one.label == label)


def toasts(app: AppTest) -> list[str]:
    """Return what the messages in the corner say."""
    return [one.value.replace("\\", "") for one in app.toast]


def holds(store: Store, token: str) -> bool:
    """Tell whether a cookie still opens something."""
    return session_of(store, token=token) is not None
