"""Attacks on the running server: another's session, forged headers and frames, floods, tabs that were left open."""

import random
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import product

import httpx
import pytest
from sqlalchemy import create_engine, text
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from monitor.domain.access import SYSTEM, Role
from monitor.services.accounts import disable, withdraw
from monitor.services.checking import verify
from monitor.services.signing_in import session_of, sign_out
from monitor.ui.session import SESSION_HEADER, WARM_UP
from tests.server.running import Running, Tab, announce, answer_to

SERVICE = "Cumbria Constabulary"
CLAIMED = "CC-036"
"""A recommendation of the demonstration that is open."""

MB = 1024 * 1024
WHO = ("office", "editor", "administrator")


@pytest.fixture(scope="module")
def tokens(served: Running) -> dict[str, str]:
    """Return the sessions of three people who are signed in, by what they are."""
    return {
        "office": served.somebody("office", Role.OFFICE)[1],
        "editor": served.somebody("editor", Role.FORCE_EDITOR)[1],
        "administrator": served.somebody("administrator", Role.ADMINISTRATOR)[1],
    }


# Taking over


@pytest.mark.parametrize(("owner", "thief"), list(product(WHO, WHO)))
def test_a_session_of_streamlit_is_resumed_by_its_owner_alone(
    served: Running, tokens: dict[str, str], owner: str, thief: str
) -> None:
    """Whoever knows another's id gets a fresh session as themselves, and the owner's goes on."""
    with Tab(served.url, tokens[owner]) as theirs:
        theirs.run()
        with Tab(served.url, tokens[thief], session=theirs.session) as other:
            drawn = other.run()

            assert (other.session == theirs.session) == (owner == thief)
            assert f"Person {thief}" in drawn
        if owner != thief:
            assert f"Person {owner}" in theirs.run()


def test_another_sign_in_of_the_same_person_gets_a_session_of_its_own(served: Running) -> None:
    """What ends with one sign-in must not live on in another."""
    _, first = served.somebody("twice", Role.OFFICE)
    with served.client() as browser:
        browser.post("/sign-in", data={"login": "twice", "password": "four unrelated garden words"})
        second = browser.cookies["monitor_session"]
    with Tab(served.url, first) as tab:
        tab.run()
        with Tab(served.url, second, session=tab.session) as other:
            other.run()
            assert other.session != tab.session


@pytest.mark.parametrize("token", ["", "x", "'; drop table login_session; --", "a" * 4000])
def test_a_socket_without_a_sign_in_is_not_opened(
    served: Running, tokens: dict[str, str], token: str
) -> None:
    """With or without somebody's session id: nobody gets as far as Streamlit."""
    with Tab(served.url, tokens["office"]) as tab:
        tab.run()
        for session in ("", tab.session):
            with pytest.raises(InvalidStatus) as refused:
                Tab(served.url, token, session=session)
            assert refused.value.response.status_code == 401


def test_a_socket_after_signing_out_is_not_opened(served: Running) -> None:
    """The cookie names nothing any more."""
    _, token = served.somebody("leaver", Role.OFFICE)
    with Tab(served.url, token) as tab:
        tab.run()
        session = tab.session
    sign_out(served.store, token=token)

    with pytest.raises(InvalidStatus):
        Tab(served.url, token, session=session)


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", "http://127.0.0.1.elsewhere.example"])
def test_a_socket_from_another_site_is_not_opened(
    served: Running, tokens: dict[str, str], origin: str
) -> None:
    """A page of another site cannot use the cookie of somebody who is signed in."""
    with pytest.raises(InvalidStatus) as refused:
        Tab(served.url, tokens["office"], origin=origin)
    assert refused.value.response.status_code == 403
    with Tab(served.url, tokens["office"], origin=served.url) as own:
        assert "Person office" in own.run()


def test_a_socket_under_another_host_is_not_opened(served: Running, tokens: dict[str, str]) -> None:
    """Nor can another site point its own name at this server."""
    request = (
        "GET /_stcore/stream HTTP/1.1\r\nHost: elsewhere.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        f"Cookie: monitor_session={tokens['office']}\r\n\r\n"
    )
    assert answer_to(served, request.encode()).startswith(b"HTTP/1.1 400")


# Forging headers

FORGED = (
    SESSION_HEADER,
    SESSION_HEADER.lower(),
    SESSION_HEADER.upper(),
    "X_Monitor_Session",
    "x_monitor-session",
)


@pytest.mark.parametrize("name", [*FORGED, "X-Remote-User"])
def test_who_is_asking_cannot_be_said_from_outside(
    served: Running, tokens: dict[str, str], name: str
) -> None:
    """The header in which we hand it on is dropped, however it is written and however often it stands there."""
    found = session_of(served.store, token=tokens["administrator"])
    assert found is not None
    for said in (found.id, WARM_UP, "administrator"):
        with served.client(**{name: said}) as nobody:
            assert nobody.get("/").status_code == 303
            assert nobody.get("/_stcore/metrics").status_code == 401
        with pytest.raises(InvalidStatus):
            Tab(served.url, headers={name: said})
        with Tab(served.url, tokens["editor"], headers=[(name, said), (name, said)]) as tab:
            drawn = tab.run()
            assert "Person editor" in drawn
            assert "Person administrator" not in drawn


def test_two_cookies_of_one_name_are_one_person(served: Running, tokens: dict[str, str]) -> None:
    """Whichever counts, nobody is mixed of two: the answer is one of the two people's, or nobody's."""
    cookies = f"monitor_session={tokens['editor']}; monitor_session=x"
    with served.client(Cookie=cookies) as browser:
        assert browser.get("/").status_code in (200, 303)


# Files that Streamlit keeps


PLACES = ("", "register", "updates", "progress", "reports", "review", "recommendation")


def test_streamlit_keeps_no_file(served: Running, tokens: dict[str, str]) -> None:
    """What it keeps it gives to everybody who is signed in: no page leaves anything of the register there."""
    with Tab(served.url, tokens["office"]) as tab:
        for place in PLACES:
            drawn = tab.run(place, f"ref={CLAIMED}" if place == "recommendation" else "")
            assert "new_element" in drawn
            assert "deferred_file_id" not in drawn
            assert not re.findall(r"/media/[\w.-]+", "\n".join(str(one) for one in tab.messages))


def test_a_file_that_does_not_exist_is_not_found(served: Running, tokens: dict[str, str]) -> None:
    """Nor does a link that was made up open anything; who is not signed in cannot tell the difference."""
    for path in (f"/media/{'0' * 56}.csv", "/files/made-up"):
        with served.client(tokens["office"]) as browser:
            assert browser.get(path).status_code == 404
        with served.client(Accept="*/*") as nobody:
            assert nobody.get(path).status_code == 401


# Floods


def test_uploads_without_a_sign_in_are_refused_before_their_body(served: Running) -> None:
    """Twenty files of 20 MB: each is answered before a byte of it was sent, and memory does not grow."""
    before = served.memory()
    for _ in range(20):
        assert announce(served, 20 * MB).startswith(b"HTTP/1.1 401")
    with served.client() as nobody:
        for _ in range(20):
            try:
                refused = nobody.put("/_stcore/upload_file/session/file", content=b"x" * 20 * MB)
            except httpx.WriteError:
                continue  # it hung up on what it does not want
            assert refused.status_code == 401
    assert served.memory() - before < 60 * MB


def test_uploads_with_a_sign_in_are_capped_by_size_and_day(served: Running) -> None:
    """Nine files of 20 MB and a little; then no more, by another sign-in neither, whether the first has ended or not."""
    _, token = served.somebody("flood", Role.OFFICE)
    assert announce(served, 21 * MB, token).startswith(b"HTTP/1.1 413")
    assert announce(served, 0, token, said="").startswith(b"HTTP/1.1 411")
    for odd in ("-1", "1e3", "²", "0x10"):
        assert announce(served, 0, token, said=odd).split(b" ")[1] in (b"400", b"411")

    before = served.memory()
    with served.client(token, Origin=served.url) as browser:
        answers = []
        for number in range(20):
            files = {"file": (f"{number}.csv", b"x" * (20 * MB - 1000))}
            try:
                answers.append(browser.put("/_stcore/upload_file/session/f", files=files).status_code)
            except httpx.WriteError:
                answers.append(429)
    assert answers[-1] == 429
    assert sum(answer != 429 for answer in answers) <= 10
    assert served.memory() - before < 260 * MB
    with served.client() as browser:
        browser.post("/sign-in", data={"login": "flood", "password": "four unrelated garden words"})
        again = browser.cookies["monitor_session"]
    assert announce(served, 20 * MB, again).startswith(b"HTTP/1.1 429")
    sign_out(served.store, token=token)
    assert announce(served, 20 * MB, again).startswith(b"HTTP/1.1 429")
    assert not announce(served, 100, again).startswith(b"HTTP/1.1 429"), "what was refused is not counted"


@pytest.mark.parametrize("path", ["/sign-in", "/invitation", "/first-account"])
def test_a_large_form_is_refused(served: Running, path: str) -> None:
    """By its bytes and by its fields; nothing goes wrong inside."""
    with served.client() as browser:
        assert browser.post(path, data={"login": "x" * 20_000}).status_code == 413
        assert browser.post(path, content="&".join(f"a{n}=1" for n in range(200))).status_code == 400
        assert browser.post(path, content=b"\xff\xfe=%ff%00&login=%00").status_code in (303, 403)


# Forged frames


def history(served: Running) -> int:
    """Return the number of the last row of the history."""
    return served.store.data_version()


def test_frames_that_are_nonsense_write_nothing_and_say_nothing(
    served: Running, tokens: dict[str, str]
) -> None:
    """The connection is closed, or nothing happens; no trace of our code comes back."""
    before, chance = history(served), random.Random(4)  # noqa: S311 - noise, not a secret
    whole = BackMsg()
    whole.rerun_script.page_script_hash = "x"
    whole.rerun_script.fragment_id = "y"
    frames = [
        b"", b"\x00", b"\xff" * 100, b"x" * MB, chance.randbytes(500), whole.SerializeToString()[:-3],
        *(chance.randbytes(chance.randrange(1, 200)) for _ in range(40)),
    ]  # fmt: skip
    for frame in frames:
        with Tab(served.url, tokens["editor"]) as tab:
            tab.send(frame)
    with Tab(served.url, tokens["editor"]) as tab:
        with suppress(ConnectionClosed):
            tab.send(b"x" * 7 * MB)
        assert tab.is_closed()
    assert history(served) == before
    assert "Traceback" not in (served.folder / "err").read_text()
    with served.client() as browser:
        assert browser.get("/readyz").status_code == 200


def test_frames_of_another_person_write_nothing(served: Running, tokens: dict[str, str]) -> None:
    """The press of a button that stands on the office's page, sent by the force, does nothing."""
    with Tab(served.url, tokens["office"]) as office:
        office.run("recommendation", f"ref={CLAIMED}")
        opened = office.pressing("Decide assurance")
    before = history(served)
    with Tab(served.url, tokens["editor"]) as editor:
        editor.run("recommendation", f"ref={CLAIMED}")
        drawn = editor.click(opened)
        assert "Decide assurance" not in drawn
    assert history(served) == before


# Tabs that were left open


def ended_by_disabling(served: Running, key: str, token: str) -> None:
    """Disable the account."""
    disable(served.store, account_id=key, by=SYSTEM)


def ended_by_signing_out(served: Running, key: str, token: str) -> None:
    """Sign out in another tab."""
    with served.client(token) as browser:
        assert browser.post("/sign-out").status_code == 200


def ended_by_time(served: Running, key: str, token: str) -> None:
    """Let eight hours pass without a click."""
    move_session(served, key, "seen_at", timedelta(hours=8, minutes=1))


def ended_by_more_time(served: Running, key: str, token: str) -> None:
    """Let twelve hours pass, whatever happens in them."""
    move_session(served, key, "started_at", timedelta(hours=12, minutes=1))


def move_session(served: Running, key: str, column: str, back: timedelta) -> None:
    """Put a moment of somebody's sessions back, as if the clock had gone on."""
    engine = create_engine(served.store.address)
    with engine.begin() as connection:
        connection.execute(
            text(f"UPDATE login_session SET {column} = :at WHERE account_id = :key"),
            {"at": (served.store.server_now() - back).replace(tzinfo=None).isoformat(sep=" "), "key": key},
        )
    engine.dispose()


ENDINGS = (ended_by_disabling, ended_by_signing_out, ended_by_time, ended_by_more_time)
_counted: Iterator[int] = iter(range(1000))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_tab_left_open_shows_nothing_more(
    served: Running, ending: Callable[[Running, str, str], None]
) -> None:
    """At the next click it says that the sign-in has ended, and nothing of the register."""
    key, token = served.somebody(f"stale{next(_counted)}", Role.OFFICE)
    with Tab(served.url, token) as tab:
        assert CLAIMED in tab.run("recommendation", f"ref={CLAIMED}")
        ending(served, key, token)

        drawn = tab.run("recommendation", f"ref={CLAIMED}")

        assert "You are signed out" in drawn
        assert CLAIMED not in drawn
        assert SERVICE not in drawn
    with served.client(token) as browser:
        assert browser.get("/").status_code == 303


@pytest.mark.parametrize("ending", ENDINGS[:2])
def test_a_form_left_open_saves_nothing(served: Running, ending: Callable[[Running, str, str], None]) -> None:
    """A form is a part of the page that runs alone; it asks again all the same."""
    key, token = served.somebody(f"form{next(_counted)}", Role.FORCE_EDITOR)
    with Tab(served.url, token) as tab:
        tab.run("recommendation", f"ref={CLAIMED}")
        tab.press("Report progress")
        before = history(served)
        ending(served, key, token)
        ended = history(served)

        drawn = tab.press("Save", What_has_changed="The last of the reviews was done in January.")

        assert history(served) == ended >= before
        assert "You are signed out" in drawn


def test_a_demotion_bites_in_a_form_left_open(served: Running) -> None:
    """What the person may do is asked again with the click that saves, not remembered from the page."""
    key, token = served.somebody("demoted", Role.FORCE_EDITOR, Role.ANALYST)
    with Tab(served.url, token) as tab:
        tab.run("recommendation", f"ref={CLAIMED}")
        tab.press("Report progress")
        withdraw(served.store, account_id=key, role=Role.FORCE_EDITOR, service="", by=SYSTEM)
        before = history(served)

        drawn = tab.press("Save", What_has_changed="The last of the reviews was done in January.")

        assert history(served) == before
        assert "may not report progress" in drawn
        assert "Report progress" not in tab.run("recommendation", f"ref={CLAIMED}")


def test_a_form_saves_for_whoever_may(served: Running) -> None:
    """The same press by somebody who may: the tests above refuse for the reason that they name."""
    _, token = served.somebody("allowed", Role.FORCE_EDITOR)
    with Tab(served.url, token) as tab:
        tab.run("recommendation", f"ref={CLAIMED}")
        tab.press("Report progress")
        before = history(served)

        tab.press("Save", What_has_changed="The last of the reviews was done in January.")

        assert history(served) == before + 1
    assert verify(served.store, by=SYSTEM).first_broken is None


def test_many_at_once_cannot_fill_the_memory(served: Running) -> None:
    """Each password takes 64 MB to check: two are checked at a time, some wait, and the rest are told to come back."""
    before = served.memory()
    most = before

    def knock(number: int) -> int:
        with served.client() as browser:
            browser.timeout = httpx.Timeout(180)
            return browser.post("/sign-in", data={"login": f"guess{number}", "password": "x"}).status_code

    with ThreadPoolExecutor(64) as pool:
        waiting = [pool.submit(knock, number) for number in range(128)]
        while not all(one.done() for one in waiting):
            most = max(most, served.memory())
            time.sleep(0.02)
    answers = {one.result() for one in waiting}

    assert answers == {403, 503}
    assert most - before < 300 * MB
    with served.client() as browser:
        assert browser.get("/healthz").status_code == 200
