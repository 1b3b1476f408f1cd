"""A real browser on the real server: what the tests of whole pages ask for."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from run import HERE, clean_environment, find_browser

SIZES = {"desk": (1440, 1000), "phone": (390, 844)}
QUIET = [
    "--no-sandbox",  # root has no sandbox to use
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS_TO_START = 90

OpensPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """
    Yield a headless browser of the Chromium family that stays open for the tests of one file.

    Not longer: while playwright runs, nothing else in the process may run an event loop of its own.
    """
    path = find_browser()
    if path is None:
        pytest.fail(
            "These tests need a browser, and there is none here: `make test` installs one.", pytrace=False
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of the product, started as its command does, with the demonstration register."""
    with serving(tmp_path_factory.mktemp("served"), "--sample-if-empty") as url:
        yield url


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[str]:
    """Serve the register that lies in a folder, begun there if there is none, and yield the address of the product."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monitor = [sys.executable, "-c", "import sys; from monitor.cli import main; sys.exit(main())"]
    serve = [*monitor, "serve", "--port", str(port), "--database", register_in(folder), *options]
    environment = {**clean_environment(), "PYTHONPATH": str(HERE / "src"), "PYTHONUNBUFFERED": "1"}
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(serve, cwd=HERE, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield announced_address(process, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def register_in(folder: Path) -> str:
    """Return the address of the database that `serving` reads in a folder."""
    return f"sqlite:///{folder / 'register.sqlite'}"


def announced_address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """Return the address that the server prints once it is up; fail with what it said instead."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text(errors="replace"))
        if found:
            return found[0]
        time.sleep(0.1)
    pytest.fail(f"The server printed no address:\n{log.read_text(errors='replace')[-4000:]}", pytrace=False)


def new_visitor(browser: Browser, *, size: str = "desk", dark: bool = False) -> BrowserContext:
    """Return the empty browser of somebody in Britain, with a screen of this size."""
    width, height = SIZES[size]
    return browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )


@pytest.fixture
def new_page(browser: Browser) -> Iterator[OpensPage]:
    """
    Yield a function that opens an empty page of its own: `new_page(size="phone", dark=True)`.

    A page that asks another machine for anything does not get it, and fails the test: the product must work
    in an office without the internet, and tell nobody what is read in it.
    """
    contexts = []
    strangers: list[str] = []

    def only_here(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost"):
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    def open_page(*, size: str = "desk", dark: bool = False) -> Page:
        context = new_visitor(browser, size=size, dark=dark)
        contexts.append(context)
        context.route(re.compile("^https?://"), only_here)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not strangers, f"The page asked other machines: {strangers}"


@pytest.fixture
def page(new_page: OpensPage) -> Page:
    """Return an empty page at the size of a desk's screen."""
    return new_page()


@pytest.fixture
def phone_page(new_page: OpensPage) -> Page:
    """Return an empty page at the size of a phone's screen."""
    return new_page(size="phone")


@pytest.fixture
def dark_page(new_page: OpensPage) -> Page:
    """Return an empty page for a reader who prefers dark screens."""
    return new_page(dark=True)
