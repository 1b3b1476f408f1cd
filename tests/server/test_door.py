"""What is refused at the door, and the one line in the log that each leaves; what may be said to Streamlit, and what comes."""

import json
import re
import socket
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from monitor.domain.access import Role
from monitor.server.frames import is_ours, read
from monitor.services.signing_in import TRIES, sign_out
from tests.server.running import Running, Tab, announce

CANARY = "canary"
MB = 1024 * 1024


def lines(served: Running, log: str = "monitor.door") -> list[dict[str, Any]]:
    """Return what a log says so far."""
    return [line for line in map(json.loads, served.log) if line["log"] == log]


def asked(method: str, path: str, **given: Any) -> Callable[[Running, str], int]:
    """Return what asks for something and returns the status of the answer."""

    def ask(served: Running, token: str) -> int:
        with served.client(token) as browser:
            return browser.request(method, path, **given).status_code

    return ask


def sent(size: int, **given: Any) -> Callable[[Running, str], int]:
    """Return what announces a file and returns the status of the answer."""
    return lambda served, token: int(announce(served, size, token, **given).split(b" ")[1])


REFUSALS: dict[str, tuple[Callable[[Running, str], int], int, str, str]] = {
    "unknown host": (asked("GET", "/", headers={"Host": f"{CANARY}.example"}), 400, "GET", "nobody"),
    "another site": (asked("POST", "/sign-in", headers={"Origin": f"https://{CANARY}.example"}), 403, "POST", "nobody"),
    "method": (asked("TRACE", f"/{CANARY}"), 405, "other", "nobody"),
    "no sign-in": (asked("GET", f"/_stcore/metrics?{CANARY}"), 401, "GET", "nobody"),
    "no sign-in, a file": (sent(20 * MB), 401, "file", "nobody"),
    "sign-in over": (asked("GET", f"/register?text={CANARY}"), 303, "GET", "leaver"),
    "metrics": (asked("GET", "/_stcore/metrics"), 404, "GET", "office"),
    "file of no page": (sent(1, origin=""), 403, "file", "office"),
    "file of no length": (sent(1, said=""), 411, "file", "office"),
    "file too large": (sent(21 * MB), 413, "file", "office"),
    "form too large": (asked("POST", "/sign-in", data={"login": CANARY * 2000}), 413, "POST", "nobody"),
    "form of too many fields": (asked("POST", "/sign-in", content=f"{CANARY}=1&" * 30), 400, "POST", "nobody"),
}  # fmt: skip


@pytest.fixture(scope="module")
def people(served: Running) -> dict[str, tuple[str, str]]:
    """Return accounts and sessions: nobody's, one that goes on, one that has ended."""
    office, leaver = served.somebody("office", Role.OFFICE), served.somebody("leaver", Role.OFFICE)
    sign_out(served.store, token=leaver[1])
    return {"nobody": ("", ""), "office": office, "leaver": leaver}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_refusal_leaves_one_line(served: Running, people: dict[str, tuple[str, str]], why: str) -> None:
    """Why, what was asked for and by whose account; no address, no name, nothing that came with it."""
    ask, status, kind, who = REFUSALS[why]
    account, token = people[who]
    before = len(lines(served))

    assert ask(served, token) == status

    (line,) = lines(served)[before:]
    assert line == {
        "at": line["at"], "level": "warning", "log": "monitor.door", "event": "refused at the door",
        "why": why.partition(",")[0], "asked": kind, "account": account,
    }  # fmt: skip
    assert CANARY not in json.dumps(line)


def test_a_day_of_files_leaves_one_line(served: Running) -> None:
    """Counted are those that were let through."""
    key, token = served.somebody("files", Role.OFFICE)
    answers = [sent(20 * MB)(served, token) for _ in range(11)]

    assert answers[-1] == 429
    said = [line["why"] for line in lines(served) if line["account"] == key]
    assert said == ["files of a day"] * answers.count(429)


def test_a_message_that_no_page_sends_leaves_one_line(served: Running) -> None:
    """By whose account it came."""
    key, token = served.somebody("frames", Role.OFFICE)
    said = BackMsg()
    said.clear_cache = True
    with Tab(served.url, token) as tab:
        tab.run()
        tab.send(said.SerializeToString())
        tab.run()

    assert [(line["why"], line["asked"]) for line in lines(served) if line["account"] == key] == [
        ("message of no page", "socket")
    ]


def test_a_socket_without_a_sign_in_leaves_one_line(served: Running) -> None:
    """With a cookie that opens nothing it says so."""
    for token, why in (("", "no sign-in"), (CANARY, "sign-in over")):
        before = len(lines(served))
        with pytest.raises(Exception, match="401"):
            Tab(served.url, token)
        assert [(line["why"], line["asked"]) for line in lines(served)[before:]] == [(why, "socket")]


def test_a_sign_in_that_has_to_wait_leaves_one_line(served: Running) -> None:
    """Beside one for each wrong try; no name, for nobody knows whose it is."""
    before = len(lines(served, "monitor.sign-in"))
    with served.client() as browser:
        for _ in range(TRIES + 2):
            browser.post("/sign-in", data={"login": CANARY, "password": CANARY})

    said = lines(served, "monitor.sign-in")[before:]
    assert [line["event"] for line in said] == ["sign-in refused"] * TRIES + ["sign-in throttled"] * 2
    assert CANARY not in json.dumps(said)


def test_whoever_looks_for_the_way_in_leaves_no_line(served: Running) -> None:
    """To be sent to the page of signing in is no refusal, nor is what anybody may have."""
    before = len(lines(served))
    with served.client() as browser:
        for path in ("/", "/register", "/sign-in", "/invitation", "/healthz", "/sign-in/style.css"):
            assert browser.get(path).status_code in (200, 303)
    assert len(lines(served)) == before


def test_what_is_served_says_what_it_is(served: Running, people: dict[str, tuple[str, str]]) -> None:
    """The page's own programs and styles, our pages' pictures and fonts: each under its type, text with its letters."""
    with served.client(people["office"][1]) as browser:
        page = browser.get("/").text
        found = {
            path.removeprefix("."): "" for path in re.findall(r'(?:src|href)="(\.?/static/[^"]+)"', page)
        }
        assert len(found) > 2
        ours = {
            "/sign-in": "text/html", "/sign-in/style.css": "text/css", "/sign-in/invitation.js": "text/javascript",
            "/sign-in/icon.svg": "image/svg+xml", "/sign-in/MonitorSans-Regular.woff2": "font/woff2",
            "/healthz": "text/plain", "/readyz": "application/json", "/_stcore/host-config": "application/json",
        }  # fmt: skip
        types = {
            "js": {"text/javascript", "application/javascript"},
            "css": {"text/css"},
            "woff2": {"font/woff2"},
        }
        for path, wanted in {**found, **ours}.items():
            answer = browser.get(path, follow_redirects=True)
            said, _, letters = answer.headers["content-type"].partition("; ")
            assert answer.status_code == 200, path
            assert said in ({wanted} if wanted else types[path.rpartition(".")[2]]), path
            assert (letters == "charset=utf-8") == (said.startswith("text/") or said.endswith("xml")), path


@pytest.mark.parametrize(
    "framing",
    ["Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX", "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
     "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
     "Content-Length: +1\r\n\r\na", "Content-Length: 0x1\r\n\r\na"],
)  # fmt: skip
def test_where_a_message_ends_is_read_in_one_way(served: Running, framing: str) -> None:
    """Whatever a proxy in front could read otherwise is refused, and the connection is over."""
    request = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n{framing}"
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=20)) as connection:
        connection.sendall(request.encode() + b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        said = b""
        while piece := connection.recv(4096):
            said += piece

    assert said.startswith(b"HTTP/1.1 400")
    assert b"alive" not in said


# What a page says

NOT_OURS: dict[str, Callable[[BackMsg], object]] = {
    "clear_cache": lambda said: setattr(said, "clear_cache", True),
    "set_run_on_save": lambda said: setattr(said, "set_run_on_save", True),
    "load_git_info": lambda said: setattr(said, "load_git_info", True),
    "debug_shutdown_runtime": lambda said: setattr(said, "debug_shutdown_runtime", True),
    "install_skills": lambda said: said.backend_operation_request.install_skills.SetInParent(),
    "dismiss_skills_nudge": lambda said: said.backend_operation_request.dismiss_skills_nudge.SetInParent(),
    "nothing": lambda said: None,
}


@pytest.mark.parametrize("kind", NOT_OURS)
def test_what_no_page_says_is_dropped(served: Running, kind: str) -> None:
    """There is no answer to it, and the page goes on: the next run is answered."""
    _, token = served.somebody(f"menu-{kind}".replace("_", "-"), Role.OFFICE)
    said = BackMsg()
    NOT_OURS[kind](said)
    assert not is_ours(said)
    with Tab(served.url, token) as tab:
        tab.run()
        tab.send(said.SerializeToString())

        assert "Person menu" in tab.run()

        answered = {message.WhichOneof("type") for message in tab.messages}
        assert not answered & {"git_info_changed", "backend_operation_response"}


def test_what_pages_say_goes_on() -> None:
    """To run, to stop, to send a file, to fetch a part of a table."""
    run, stop, files, beat, rows = (BackMsg() for _ in range(5))
    run.rerun_script.query_string = "a=b"
    stop.stop_script = True
    files.file_urls_request.request_id = "1"
    beat.app_heartbeat = True
    rows.backend_operation_request.dataframe_chunk.source_id = "1"

    assert all(is_ours(read(said.SerializeToString())) for said in (run, stop, files, beat, rows))
    assert is_ours(read(b"\xff\xff")), "Streamlit hangs up on what cannot be read"


def test_a_form_says_that_its_file_is_on_its_way(served: Running) -> None:
    """Begun and not there yet, the field looks empty to the page: it saves nothing, and says why until all has come."""
    _, token = served.somebody("slow", Role.FORCE_EDITOR)
    before = served.store.data_version()
    with Tab(served.url, token) as tab:
        tab.run("recommendation", "ref=CC-036")
        tab.choose("More", "Add evidence")
        asked = BackMsg()
        asked.file_urls_request.session_id = tab.session
        asked.file_urls_request.file_names.append("a.pdf")
        tab.send(asked.SerializeToString())
        assert "still on its way" in tab.press("Save"), "as soon as the browser has asked where to send it"

        with closing(socket.create_connection(("127.0.0.1", served.port), timeout=20)) as sending:
            head = (
                f"PUT /_stcore/upload_file/{tab.session}/1 HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
                f"Origin: {served.url}\r\nCookie: monitor_session={token}\r\nContent-Length: 1000\r\n"
                "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
            )
            sending.sendall(head.encode())
            assert "still on its way" in tab.press("Save")
        deadline = time.monotonic() + 10
        while "still on its way" in (drawn := tab.press("Save")) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "still empty" in drawn, "given up by the browser"
    assert served.store.data_version() == before
