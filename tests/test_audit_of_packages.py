"""`make audit`: a known weakness in a pinned package fails it, and so does a package that nothing is known of."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

import run


@contextmanager
def knowing(*weak: str, answers: int = 200) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Run a service that knows weaknesses of some packages; yield its address, and what it was asked for."""
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["content-length"])))
            name = said["package"]["name"]
            asked.append((name, said["version"]))
            found = {"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "999"}]}]}
            known = {
                "id": "OSV-2026-1",
                "details": "",
                "affected": [{"package": {"name": name, "ecosystem": "PyPI"}, **found}],
            }
            content = json.dumps({"vulns": [known]} if name in weak else {}).encode()
            self.send_response(answers)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take this environment for the one that run.py prepares."""
    monkeypatch.setattr(run, "prepare", lambda _: None)
    monkeypatch.setattr(run, "program", lambda _: Path(sys.executable))


def test_a_known_weakness_fails_the_audit(capfd: pytest.CaptureFixture[str]) -> None:
    """It names the package, its version and where the weakness is gone; every pinned package was asked about."""
    with knowing("starlette") as (address, asked):
        assert run.main(["audit", "--osv-url", address]) == 1

    said = capfd.readouterr().out
    assert "starlette" in said
    assert "OSV-2026-1" in said
    lock = (run.HERE / run.LOCK).read_text(encoding="utf-8")
    pinned = {line.split(" ")[0] for line in lock.splitlines() if "==" in line and ";" not in line}
    assert len(pinned) > 40
    assert {"==".join(one) for one in asked} >= pinned


def test_an_answer_that_is_none_fails_the_audit(capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing known and nothing heard are two things."""
    with knowing(answers=503) as (address, _):
        assert run.main(["audit", "--osv-url", address]) != 0

    assert "No known vulnerabilities" not in capfd.readouterr().out
