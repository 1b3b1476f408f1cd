"""
Take the pictures of the handbook anew: `.venv/bin/python docs/pictures/make.py`, after `make setup`.

The product is started as its command does, with the demonstration in a temporary database, so that the pictures
show real pages and change nothing.
"""

import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER: Final = Path(__file__).resolve().parent
ROOT: Final = FOLDER.parents[1]
sys.path.insert(0, str(ROOT))

from monitor.domain.access import SYSTEM  # noqa: E402 - as installed by `make setup`
from monitor.exporters.to_pdf import page_pictures  # noqa: E402
from monitor.packs.publishing import make_pack  # noqa: E402
from monitor.services.meetings import list_meetings  # noqa: E402
from monitor.services.sample import load_demonstration  # noqa: E402
from monitor.settings import Settings  # noqa: E402
from monitor.store import Store, migrate  # noqa: E402
from run import clean_environment, find_browser  # noqa: E402 - run.py stands in the root, which is not a package

SECONDS_TO_START: Final = 90
GAP: Final = 16
MOST_BYTES: Final = 250_000
SETTLED: Final = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.getAttribute('data-test-script-state') === 'notRunning'
        && document.querySelector('h1') !== null
        && document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]') === null;
}"""


@dataclass(frozen=True)
class Picture:
    """
    One picture: its name, what the address says, and how much of the page it shows.

    Attributes:
        form: Label of a form that is opened first, by its button or by the menu.
        dropped: A file that is dropped first: its name and what it holds.
        look_at: What is then chosen in the list.
        height: Pixels of the page that are shown, from the top.
    """

    name: str
    address: str
    height: int = 1000
    width: int = 1440
    dark: bool = False
    form: str = ""
    dropped: tuple[str, str] = ("", "")
    look_at: str = ""


RESPONSE: Final = """\
Police and Crime Commissioner response to inspections published by HMICFRS

Inspection Title:
Custody of children

Date Published:
16 November 2022

Type of Inspection:
National Inspection

Key Findings

- Children wait too long for an adult who speaks for them.

Recommendations:

1. By September 2023, chief constables should make sure that every child in custody sees an appropriate adult within \
the first hour.

2. Within six months, chief constables should record the reason for each strip search of a child.

3. With immediate effect, forces should tell the local authority of each child who is kept overnight.

PCC & Chief Constable Response to Report and Recommendation:

The Commissioner welcomes the report.
"""
TRACKER: Final = """\
Ref,Report,Recommendation text,Lead,SRO,Due date,RAG,Update Sept 22,Parking note
CT-1,Custody of adults,The force should review its guidance on the care of detained people.,DSupt Ash,ACC Birch,\
31/03/2023,In progress,The review has begun.,x
CT-2,Custody of adults,The force should publish its guidance on the use of restraint.,DSupt Ash,ACC Birch,30/06/2023,\
Parked with legal,Counsel was asked.,
"""

PICTURES: Final = (
    Picture("overview", "?acting=fenwick", height=1100),
    Picture("overview-phone", "?acting=fenwick", height=1100, width=390),
    Picture("register", "register?acting=fenwick&show=late", height=900),
    Picture("recommendation", "recommendation?ref=CC-006&acting=fenwick", height=1400),
    Picture("recommendation-dark", "recommendation?ref=CC-006&acting=fenwick", height=1000, dark=True),
    Picture("report-progress", "recommendation?ref=CC-006&acting=lowther", form="Report progress"),
    Picture("updates", "updates?acting=lowther", height=1000),
    Picture("progress", "progress?acting=fenwick", height=1300),
    Picture("reports", "reports?acting=fenwick", height=1000),
    Picture(
        "import-report",
        "review?acting=fenwick",
        height=1300,
        dropped=("response.txt", RESPONSE),
        look_at="Every child in custody",
    ),
    Picture("import-tracker", "review?acting=fenwick", height=1300, dropped=("tracker.csv", TRACKER)),
    Picture("method", "method?acting=fenwick", height=1000),
    Picture("conference", "conference?acting=fenwick&meeting=55", height=1300),
    Picture("room", "room?acting=fenwick&meeting=55", height=1250, dark=True),
)


class PackPicture(NamedTuple):
    """Pages of the pack of the next Conference, side by side: the picture's name, and which, from 0."""

    name: str
    pages: tuple[int, ...]


PACK_PICTURES: Final = (
    PackPicture("pack-first-pages", (0, 1, 2)),
    PackPicture("pack-further-pages", (6, 11, 18)),
)


def main() -> None:
    """Take every picture and say how large it is."""
    browser_path = find_browser()
    if browser_path is None:
        sys.exit("There is no browser here: `make test` installs one.")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for picture in PICTURES:
            path = FOLDER / f"{picture.name}.png"
            path.write_bytes(in_256_colours(take(browser, url, picture)))
            print(f"{path.name}: {path.stat().st_size:,} bytes")
            if path.stat().st_size > MOST_BYTES:
                sys.exit(f"{path.name} is larger than {MOST_BYTES:,} bytes: show less of the page.")
        browser.close()
    for name, content in pack_pages().items():
        path = FOLDER / f"{name}.png"
        path.write_bytes(in_256_colours(content))
        print(f"{path.name}: {path.stat().st_size:,} bytes")


def pack_pages() -> dict[str, bytes]:
    """Return pictures of pages of the demonstration's next pack, side by side on gray."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/register.sqlite")
        migrate(store.address)
        load_demonstration(store)
        coming = next(m for m in list_meetings(store, by=SYSTEM) if m.on > store.today())
        made = make_pack(store, meeting_id=coming.id, by=SYSTEM, settings=Settings(database=""), forms=())
        store.close()
    pages = [Image.open(io.BytesIO(page)) for page in page_pictures(made.document, dots_to_an_inch=54)]
    found = {}
    for name, places in PACK_PICTURES:
        shown = [pages[place] for place in places]
        width, height = shown[0].size
        sheet = Image.new("RGB", (len(shown) * (width + GAP) + GAP, height + 2 * GAP), "#d9d6cf")
        for place, page in enumerate(shown):
            sheet.paste(page, (GAP + place * (width + GAP), GAP))
        out = io.BytesIO()
        sheet.save(out, "PNG")
        found[name] = out.getvalue()
    return found


@contextmanager
def served() -> Iterator[str]:
    """Yield the address of the product, with the demonstration in a database that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "monitor.cli", "serve", "--port", "0", "--sample-if-empty"]
        command += ["--database", f"sqlite:///{folder}/register.sqlite"]
        log = Path(folder, "log")
        environment = {**clean_environment(), "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
        for name in [name for name in environment if name.startswith("MONITOR_TITLE")]:
            del environment[name]
        with log.open("wb") as output:
            server = subprocess.Popen(  # noqa: S603 - starts the product's own command
                command, cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        try:
            yield announced(server, log)
        finally:
            server.terminate()
            server.wait(timeout=30)


def announced(server: "subprocess.Popen[bytes]", log: Path) -> str:
    """Return the address once the server has printed it; stop with what it said instead."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text(errors="replace"))
        if found:
            return found[0]
        time.sleep(0.1)
    sys.exit(f"The server printed no address.\n{log.read_text(errors='replace')[-2000:]}")


def take(browser: Browser, url: str, picture: Picture) -> bytes:
    """Return a picture of a page, as the browser gives it."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.dark else "light",
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{url}/{picture.address}")
    settle(page)
    if picture.form:
        open_form(page, picture.form)
        settle(page)
    if picture.dropped[0]:
        drop(page, picture)
    taken = page.get_by_role("dialog").screenshot() if picture.form else page.screenshot()
    context.close()
    return taken


def drop(page: Page, picture: Picture) -> None:
    """Drop a file on the page, and choose something that it holds."""
    name, content = picture.dropped
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "", "buffer": content.encode()}
    )
    page.get_by_role("heading", name="What was read").wait_for()
    settle(page)
    if picture.look_at:
        page.locator(".st-key-rows-review").get_by_role("button", name=picture.look_at).click()
        settle(page)


def settle(page: Page) -> None:
    """Wait until the page has been run and drawn, its charts and letters included."""
    page.wait_for_function(SETTLED, timeout=60_000)
    page.evaluate("() => document.fonts.ready")
    page.wait_for_timeout(1_500)


def open_form(page: Page, label: str) -> None:
    """Open a form by its button or by the menu beside it."""
    actions = page.locator(".st-key-actions")
    button = actions.get_by_role("button", name=label, exact=True)
    if button.count():
        button.click()
    else:
        actions.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name=label, exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").wait_for()


def in_256_colours(taken: bytes) -> bytes:
    """Return the same picture in a palette of its own 256 colours, which halves its size."""
    with Image.open(io.BytesIO(taken)) as picture:
        small = picture.convert("RGB").quantize(
            256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
        return out.getvalue()


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
