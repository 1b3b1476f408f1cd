"""
Whatever a person or a file wrote is shown as text on every page, in every chart and in every form.

The register is the demonstration with a report whose every text tries to be something else: a script, a picture, a
link, a formula, a colour, a chart's own template; or to break the page by its length.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import pytest
from playwright.sync_api import Dialog, Page, expect

from monitor.domain.access import Actor
from monitor.domain.evidence import CheckedBy, Direction, EvidenceKind
from monitor.domain.statuses import Assurance, ForceReport, Kind, MoveCategory, Position, Precision
from monitor.domain.text import TEXT_MAX
from monitor.services import deciding, intake, updating
from monitor.services.sample import demonstration_people, load_demonstration
from monitor.store import Store, migrate
from tests.browser.conftest import OpensPage, register_in, serving
from tests.browser.visiting import PATIENT, fits_its_width, open_at, open_form, settled

TRICKS: Final = (
    "<script>document.title = 'hit'; alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![picture](https://outside.example/picture.png)",
    "[press me](javascript:alert(1))",
    "[press me](https://outside.example/page)",
    "https://outside.example/bare",
    ":red[not red] :blue-badge[no badge] :small[not small]",
    ":material/home: :smile:",
    "$x^2$ and $$y$$",
    "**not bold** _not slanted_ ~~not gone~~ `not code`",
    "<b>not bold</b> <a href='https://outside.example/'>no link</a>",
    "%{x} %{customdata[0]} {{ braces }}",
    "# not a heading",
    "| not | a table |",
)
TURNED: Final = "before \u202eturned round\u202c after"
TITLES: Final = {
    "HX-001": "<script>alert(1)</script> $x^2$ %{x}",
    "HX-002": "![i](https://o.example/p.png) :red[no]",
    "HX-003": "[l](javascript:alert(1)) **b** :smile: $y$",
    "HX-004": "<b>B</b><a href='//o.example'>a</a> `c`",
    "HX-005": "W" * 42,
}
ALL: Final = f"{' '.join(TRICKS)} {TURNED}"
LONG: Final = (f"{ALL}\n\n" * 40 + "W" * TEXT_MAX)[:TEXT_MAX]
REPORT: Final = (f"{TRICKS[0]} {TRICKS[3]} {TRICKS[8]} " + "Long " * 60)[:299].strip()
NAME: Final = f"{TRICKS[10]} {'N' * 60}"

LIVE: Final = """() => {
    const places = [...document.querySelectorAll('main, [role=dialog], [data-testid=stToast]')];
    const found = selector => places.flatMap(place => [...place.querySelectorAll(selector)]).map(e => e.outerHTML);
    return [
        ...found('script, iframe, object, embed, .katex'),
        ...found('img[src^="http"]:not([src^="' + location.origin + '"])'),
        ...found('[onerror], [onload], [onclick]'),
        ...found('a[href^="javascript"], a[href*="outside.example"], a[href*="o.example"]'),
    ];
}"""
"""What became more than text: elements that run, load or lead out of the product."""

Scene = Callable[[Page, str], None]


def at(path: str, **params: str) -> Scene:
    """Return what opens a page."""

    def opened(page: Page, url: str) -> None:
        open_at(page, url, path, params)

    return opened


def form(label: str, reference: str, acting: str) -> Scene:
    """Return what opens a form of a recommendation."""

    def opened(page: Page, url: str) -> None:
        open_form(open_at(page, url, "recommendation", {"ref": reference, "acting": acting}), label)

    return opened


def dropped(name: str, content: str, look_at: str) -> Scene:
    """Return what drops a file and looks at a recommendation in it."""

    def opened(page: Page, url: str) -> None:
        open_at(page, url, "review", {"acting": "fenwick"})
        page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "", "buffer": content.encode()}
        )
        expect(page.get_by_role("heading", name="What was read")).to_be_visible(timeout=PATIENT)
        settled(page)
        page.locator(".st-key-rows-review").get_by_role("button", name=look_at).last.click()
        expect(page.locator(".st-key-review-back")).to_be_visible(timeout=PATIENT)
        settled(page)

    return opened


HOSTILE_FILE: Final = (
    f"Inspection Title:\n{TRICKS[0]} {TRICKS[3]} {'Long ' * 50}\n\nKey Findings\n\n- {ALL}\n\nRecommendations:\n\n"
    f"1. By March 2024, forces should stop {ALL}\n\n2. {TRICKS[1]} Forces should {TRICKS[6]} {TRICKS[8]} at once.\n"
)
HOSTILE_SHEET: Final = (
    'Ref,Report,Recommendation text,Lead,"<script>alert(1)</script> $x$",Status\n'
    f'HT-1,"{TRICKS[0]} report","The force should {TRICKS[1]} :red[no] $x$ **b** now.",{TRICKS[6]},{TRICKS[3]},:smile:\n'
)

SCENES: Final[dict[str, tuple[Scene, tuple[str, ...]]]] = {
    "overview": (at(""), tuple(TITLES.values())[:4]),
    "register": (at("register", show="late"), tuple(TITLES.values())),
    "register, another column": (
        at("register", text="HX", columns="owner", order="reference"),
        (TITLES["HX-004"], TRICKS[10]),
    ),
    "recommendation": (at("recommendation", ref="HX-001"), (TITLES["HX-001"], *TRICKS)),
    "recommendation, long": (at("recommendation", ref="HX-005"), (TITLES["HX-005"], *TRICKS)),
    "form: decide assurance": (form("Decide assurance", "HX-002", "fenwick"), (TRICKS[0],)),
    "form: propose closure": (form("Propose closure", "HX-003", "lowther"), (TRICKS[0], TRICKS[8])),
    "form: give owner": (form("Give owner, board and closure test", "HX-003", "fenwick"), ()),
    "updates of the force": (at("updates", acting="lowther", ref="HX-003"), (TITLES["HX-003"], TRICKS[0])),
    "updates of the office": (at("updates"), (TITLES["HX-001"],)),
    "progress": (at("progress"), (TITLES["HX-001"], TITLES["HX-004"])),
    "reports": (at("reports"), (TRICKS[0], TRICKS[8])),
    "import, a report": (dropped("hostile.txt", HOSTILE_FILE, "Long"), (TRICKS[0], TRICKS[6])),
    "import, a recommendation": (
        dropped("hostile.txt", HOSTILE_FILE, "Stop"),
        (TRICKS[0], TRICKS[3], TRICKS[8]),
    ),
    "import, a tracker": (
        dropped("hostile.csv", HOSTILE_SHEET, "hostile.csv"),
        ("<script>alert(1)</script> $x$", ":smile:"),
    ),
}
"""What is opened, and some of what must be read there as it was written."""


@pytest.fixture(scope="module")
def hostile_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of the product with a register full of hostile text."""
    folder = tmp_path_factory.mktemp("hostile")
    migrate(register_in(folder))
    store = Store(register_in(folder))
    load_demonstration(store)
    add_hostile_texts(store, {one.id: one for one in demonstration_people()})
    store.close()
    with serving(folder) as url:
        yield url


def add_hostile_texts(store: Store, people: dict[str, Actor]) -> None:
    """Take in a report and its recommendations, and say everything about them that can be said in free text."""
    office, force = people["fenwick"], people["lowther"]
    begun, moved = date(2021, 5, 4), date(2021, 6, 1)
    report = intake.take_in_report(
        store,
        service=next(iter(force.services or ())),
        title=REPORT,
        by=office,
        published_on=begun,
        published_precision=Precision.DAY,
        publishers=(NAME,),
        key_findings=(ALL,),
        grades=((ALL, TRICKS[6]),),
        published_source=ALL,
    )
    for place, (reference, title) in enumerate(TITLES.items()):
        long = reference == "HX-005"
        intake.take_in_recommendation(
            store,
            reference=reference,
            inspection_id=report.id,
            kind=Kind.RECOMMENDATION,
            short_title=title,
            text=LONG if long else ALL,
            by=office,
            on=begun,
            number=TRICKS[8],
            external_reference=TRICKS[7],
            addressees=(NAME,),
            due_on=date(2021, 6, 30),
            due_phrase=ALL,
            owner=force.name if reference == "HX-003" else NAME,
            executive_lead=NAME,
            board=NAME,
            themes=(TRICKS[6], TRICKS[8]),
            closure_test=ALL,
        )
        deciding.move_date(
            store,
            reference=reference,
            due_on=date(2022, 1, 10 + place),
            reason=ALL,
            category=MoveCategory.DEPENDS_ON_OTHERS,
            by=office,
            on=moved,
        )
        updating.add_evidence(
            store,
            references=[reference],
            kind=EvidenceKind.LETTER,
            title=ALL,
            describes_on=moved,
            direction=Direction.MIXED,
            checked_by=CheckedBy.OUTSIDE,
            checker=NAME,
            measure=TRICKS[8],
            value=4,
            target=5,
            unit=TRICKS[6],
            link="javascript:alert(1)",
            note=ALL,
            by=force,
            on=moved,
        )
        updating.report_progress(
            store,
            reference=reference,
            status=ForceReport.COMPLETE,
            narrative=LONG if long else ALL,
            blocked_by=ALL,
            by=force,
            on=date(2021, 9, 1),
        )
        if reference != "HX-001":
            deciding.decide_assurance(
                store, reference=reference, level=Assurance.PARTLY_ASSURED, rationale=ALL, ask=ALL, by=office
            )
        deciding.record_position(
            store, reference=reference, position=Position.OPEN, source=ALL, comment=ALL, by=office
        )


@pytest.mark.parametrize(
    ("scene", "size"),
    [(scene, "phone") for scene in SCENES]
    + [(scene, "desk") for scene in ("overview", "register", "recommendation", "progress")],
)
def test_stored_text_is_shown_as_text(new_page: OpensPage, hostile_url: str, scene: str, size: str) -> None:
    """Nothing runs, loads, leads out or is drawn otherwise; the words stand as written, and the page keeps its width."""
    page = new_page(size=size)
    asked: list[str] = []

    def refused(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refused)
    show, written = SCENES[scene]

    show(page, hostile_url)
    unfold(page)
    seen = page.evaluate(
        "() => [...document.querySelectorAll('main, [role=dialog]')].map(e => e.innerText).join(' ')"
        " + [...document.querySelectorAll('main text')].map(e => ' ' + e.textContent).join('')"
    )
    words = " ".join(seen.replace("\u2060", "").split())

    assert not asked
    assert page.evaluate(LIVE) == []
    assert "hit" not in page.title().split()
    assert not {"\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068"} & set(words)
    assert [text for text in written if text not in words] == []
    assert fits_its_width(page), "The page must be scrolled sideways"


def unfold(page: Page) -> None:
    """Open everything that is folded on the page or, where there is one, in the form over it."""
    over = page.get_by_role("dialog")
    folded = (over if over.count() else page.locator("main")).locator("details:not([open]) > summary:visible")
    while left := folded.count():
        folded.first.click()
        expect(folded).to_have_count(left - 1)


def test_hostile_text_comes_back_from_a_form_as_it_was_typed(page: Page, hostile_url: str) -> None:
    """A text that a person typed is kept to the letter, shown as text after saving, and by the message that says so."""
    open_at(page, hostile_url, "recommendation", {"ref": "HX-002", "acting": "lowther"})
    dialog = open_form(page, "Report progress")
    dialog.get_by_label("What has changed").fill(ALL.replace("\u202e", "").replace("\u202c", ""))
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENT)
    expect(page.locator(".st-key-voice-force")).to_contain_text(TRICKS[0], timeout=PATIENT)
    assert page.evaluate(LIVE) == []
