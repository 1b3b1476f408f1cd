"""The route by which files leave: to whom they are for, once, to be saved and never shown."""

import re
from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import Way
from monitor.domain.evidence_files import Scan
from monitor.errors import NotFoundError
from monitor.server import files
from monitor.services import accounts, signing_in
from monitor.services.evidence_files import CheckedFile
from monitor.services.signing_in import SignedIn
from monitor.services.view import register_view
from monitor.store import Store
from monitor.ui.tickets import Tickets
from tests.builders import ADMINISTRATOR, SERVICE, a_register, give_evidence
from tests.server.running import Running, Tab

NOTE = b"Nine of ten cases met the standard."


class Asking:
    """Stands in for the gatekeeper: says who is asking."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.who = app, None

    who: SignedIn | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with who is asking."""
        more = {"monitor.signed_in": self.who} if self.who else {}
        await self.app({**scope, **more}, receive, send)


class Route:
    """The route of a register with two people signed in."""

    def __init__(self, store: Store) -> None:
        self.store, self.tickets = store, Tickets()
        self.app = Asking(Starlette(routes=files.routes(lambda: store, tickets=self.tickets)))
        self.kim, self.lee = self.signed_in("kim"), self.signed_in("lee")
        self.app.who = self.kim

    def ask(self, path: str, method: str = "GET") -> httpx.Response:
        """Return the answer."""

        async def asking() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, path)

        return anyio.run(asking)

    def signed_in(self, name: str) -> SignedIn:
        """Sign somebody in who is an analyst of the service."""
        accounts.add_account(
            self.store,
            name=name.capitalize(),
            way=Way.PROXY,
            subject=name,
            grants=[(Role.ANALYST, SERVICE)],
            by=ADMINISTRATOR,
        )
        token = signing_in.sign_in_by(self.store, way=Way.PROXY, subject=name, name=name)
        session = signing_in.session_of(self.store, token=token)
        assert session is not None
        found = signing_in.who_is(self.store, session_id=session.id)
        assert found is not None
        return found

    def ticket(self, name: str = "note.txt", media_type: str = "text/plain", **given: Any) -> str:
        """Return the address of a fresh ticket of Kim's."""
        token = self.tickets.issue(
            session_id=self.kim.session.id,
            by=self.kim.actor,
            name=name,
            media_type=media_type,
            make=given.get("make", lambda: NOTE),
        )
        return f"/files/{token}"


@pytest.fixture
def route(sqlite_url: str) -> Iterator[Route]:
    """Yield the route, with Kim asking."""
    store = a_register(sqlite_url)
    yield Route(store)
    store.close()


def test_a_file_goes_out_to_be_saved_and_never_shown(route: Route) -> None:
    """Under our type and its name, kept by nobody in between, and able to run nothing."""
    answer = route.ask(route.ticket())

    assert (answer.status_code, answer.content) == (200, NOTE)
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-disposition"] == 'attachment; filename="note.txt"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("sandbox;")


def test_a_link_works_once(route: Route) -> None:
    """The second time a page says what to do."""
    link = route.ticket()
    route.ask(link)

    again = route.ask(link)

    assert again.status_code == 404
    assert NOTE not in again.content
    assert "open <em>Download</em>, or the list of files, again" in again.text
    assert again.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("who", ["lee", None])
def test_a_link_is_for_the_sign_in_that_asked(route: Route, who: str | None) -> None:
    """Somebody else, and nobody, get the page that an unknown link gives; the owner can still use it."""
    link = route.ticket()
    route.app.who = route.lee if who else None

    refused = route.ask(link)
    unknown = route.ask("/files/unknown")

    assert refused.status_code == unknown.status_code == 404
    assert refused.text == unknown.text
    route.app.who = route.kim
    assert route.ask(link).content == NOTE


def test_looking_at_a_link_does_not_use_it_up(route: Route) -> None:
    """What scans addresses asks with HEAD."""
    link = route.ticket()

    assert route.ask(link, "HEAD").status_code == 405
    assert route.ask(link, "POST").status_code == 405
    assert route.ask(link).content == NOTE


@pytest.mark.parametrize("change", ["signed out", "demoted", "disabled", "granted more"])
def test_a_link_dies_with_the_rights_it_was_made_with(route: Route, change: str) -> None:
    """Even for the rest of its minute; the file is not made any more."""
    link = route.ticket(make=lambda: pytest.fail("it was made"))
    account = route.kim.account.id
    if change == "signed out":
        accounts.disable(route.store, account_id=account, by=ADMINISTRATOR)
        accounts.enable(route.store, account_id=account, by=ADMINISTRATOR)
    elif change == "demoted":
        accounts.withdraw(
            route.store, account_id=account, role=Role.ANALYST, service=SERVICE, by=ADMINISTRATOR
        )
    elif change == "disabled":
        accounts.disable(route.store, account_id=account, by=ADMINISTRATOR)
    else:
        accounts.grant(route.store, account_id=account, role=Role.OFFICE, service=SERVICE, by=ADMINISTRATOR)

    assert route.ask(link).status_code == 404


def test_what_is_no_longer_there_is_said_in_words(route: Route) -> None:
    """A refusal that comes while the file is made is a page, with its words shown as text."""

    def gone() -> bytes:
        raise NotFoundError("There is no <b>file</b> of evidence 1.")

    answer = route.ask(route.ticket(make=gone))

    assert answer.status_code == 404
    assert "There is no &lt;b&gt;file&lt;/b&gt; of evidence 1." in answer.text


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a b.txt", 'attachment; filename="a b.txt"'),
        ('a"; x=\\y%.txt', "attachment; filename=\"y_.txt\"; filename*=UTF-8''y%25.txt"),
        ("../../a.txt", 'attachment; filename="a.txt"'),
        (
            "a\r\nSet-Cookie: x.txt",
            "attachment; filename=\"a__Set-Cookie: x.txt\"; filename*=UTF-8''a%EF%BF%BD%EF%BF%BDSet-Cookie%3A%20x.txt",
        ),
        (
            "Bericht ä€.pdf",
            "attachment; filename=\"Bericht __.pdf\"; filename*=UTF-8''Bericht%20%C3%A4%E2%82%AC.pdf",
        ),
        ("", 'attachment; filename="the file"'),
    ],
)
def test_names_cannot_break_out_of_their_header(name: str, header: str) -> None:
    """One line of plain letters, with the whole name as RFC 8187 writes it."""
    assert files.disposition(name) == header


def test_long_names_are_cut_with_their_ending_kept() -> None:
    """120 characters are enough."""
    assert files.disposition("x" * 300 + ".pdf").count("x") == 115 * 2
    assert files.disposition("x" * 300 + ".pdf").endswith(".pdf")


# The running server


def opened(tab: Tab, reference: str, label: str) -> list[str]:
    """Open a place of a recommendation's page by the words on its button, and return the links to files in it."""
    tab.run("recommendation", f"ref={reference}")
    popovers = {one.delta.add_block.popover.label: one.delta.add_block.popover.id for one in tab.messages}
    asked = BackMsg()
    asked.rerun_script.page_script_hash = tab.pages["recommendation"]
    asked.rerun_script.query_string = f"ref={reference}"
    state = asked.rerun_script.widget_states.widgets.add()
    state.id = next(found for shown, found in popovers.items() if label in shown)
    state.bool_value = True
    drawn = tab.click(asked)
    assert "deferred_file_id" not in drawn
    assert not re.findall(r"/media/[\w.-]+", "\n".join(str(one) for one in tab.messages))
    return re.findall(r'url: "(/files/[\w-]+)"', drawn)


def test_evidence_leaves_by_a_link_that_dies_with_the_sign_in(served: Running) -> None:
    """On the real server: once, for who asked, whole; nobody else, no second time, and not after signing out."""
    register = register_view(served.store, by=SYSTEM).rows
    reference, service = register.iloc[0][["reference", "service"]]
    give_evidence(
        served.store,
        reference,
        file=CheckedFile("minutes.txt", NOTE, Scan.CLEAN),
        describes_on=served.store.today(),
        by=SYSTEM,
    )
    _, kim = served.somebody("kim", Role.ANALYST, service=service)
    _, lee = served.somebody("lee", Role.ANALYST, service=service)
    with Tab(served.url, kim) as tab:
        (first,), (second,) = (opened(tab, reference, "of evidence") for _ in range(2))
        with served.client() as nobody, served.client(lee) as other, served.client(kim) as browser:
            assert nobody.get(first).status_code in (303, 401)
            assert other.get(first).status_code == 404
            answer = browser.get(first)
            assert (answer.status_code, answer.content) == (200, NOTE)
            assert answer.headers.get_list("content-disposition") == ['attachment; filename="minutes.txt"']
            assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
            assert answer.headers.get_list("cache-control") == ["no-store"]
            (policy,) = answer.headers.get_list("content-security-policy")
            assert policy.startswith("sandbox;")
            assert browser.get(first).status_code == 404
            signing_in.sign_out(served.store, token=kim)
            assert browser.get(second).status_code in (303, 401)


def test_the_public_finds_no_file_on_the_page(served: Running) -> None:
    """There is no place to open."""
    reference, service = register_view(served.store, by=SYSTEM).rows.iloc[1][["reference", "service"]]
    give_evidence(
        served.store,
        reference,
        file=CheckedFile("victims.txt", NOTE, Scan.CLEAN),
        describes_on=served.store.today(),
        by=SYSTEM,
    )
    _, token = served.somebody("reader", Role.PUBLIC_VIEWER, service=service)

    with Tab(served.url, token) as tab:
        drawn = tab.run("recommendation", f"ref={reference}")

    assert "A file is kept with it" in drawn
    assert "victims.txt" not in drawn
    assert "of evidence" not in str([one.delta.add_block.popover.label for one in tab.messages])
