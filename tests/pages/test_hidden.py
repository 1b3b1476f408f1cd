"""What a reader may not see makes no difference to any page: all that is sent to the browser is the same without it."""

import pkgutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor import ui
from monitor.domain.access import Actor
from monitor.ui import session
from tests.builders import OFFICE
from tests.twins import ABSENT, EMBARGOED, READERS, SEEN, Twin, differences, plain, twins

__all__ = ["twins"]

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
OPENED = ("history", "register-download", "columns-open", "round-trip", "evidence-files", "table-by-report")
"""What is folded until somebody opens it, by its key: open here, so that what is in it is compared as well."""

ADDRESSES: dict[str, list[dict[str, Any]]] = {
    "recommendation": [{"ref": one} for one in (*SEEN, EMBARGOED, ABSENT)],
    "register": [
        {},
        {"show": "everything"},
        {"show": "everything", "text": "secret"},
        {"as_at": "2024-06-12"},
    ],
    "conference": [{}, *({"meeting": str(number)} for number in (1, 2, 3))],
    "overview": [{}, {"as_at": "2024-06-12"}],
    "audit": [{}, {"who": "everywhere"}],
}
"""With what each page is opened; without anything where nothing is said."""


def opened(twin: Twin, by: Actor, patch: pytest.MonkeyPatch) -> Iterator[tuple[str, AppTest]]:
    """Yield every page as somebody opens it, one after another in one visit."""
    patch.setenv(session.DATABASE_VARIABLE, twin.store.address)
    patch.setattr(session, "_store", lambda _: twin.store)
    patch.setattr(session, "people", lambda _: (by,))
    for module in pkgutil.iter_modules(ui.__path__):
        # Forms are numbered in the order in which this process opens them, whosever they are.
        patch.setattr(f"monitor.ui.{module.name}._numbers", count(1), raising=False)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    app.run()
    for page in PAGES:
        for address in ADDRESSES.get(page, [{}]):
            app.switch_page(f"pages/{page}.py")
            app.query_params.clear()
            for name, value in address.items():
                app.query_params[name] = value
            for key in OPENED:
                app.session_state[key] = True
            app.run()
            assert not app.exception, (page, app.exception)
            yield f"{page} {address}", app


def sent(app: AppTest) -> list[Any]:
    """Return all that is sent to the browser, in order: words, keys, links, figures and tables."""
    return [_sent(block) for block in app._tree.children.values()]


def _sent(node: Any) -> list[Any]:
    told: Any = str(getattr(node, "proto", None)).splitlines()
    if getattr(node, "type", "") in ("arrow_table", "table", "arrow_data_frame"):
        table = node.value.drop(
            columns="Hash", errors="ignore"
        )  # it covers the one before it: see `twins.plain`
        told = {
            "columns": [str(name) for name in table.columns],
            "rows": table.astype(str).to_numpy().tolist(),
        }
    return [told, [_sent(child) for child in getattr(node, "children", {}).values()]]


@pytest.fixture(scope="module")
def after_the_office(twins: tuple[Twin, Twin]) -> tuple[Twin, Twin]:
    """Return both registers after somebody of the office has opened every page, in the same process."""
    with pytest.MonkeyPatch.context() as patch:
        seen = {page: str(sent(app)) for page, app in opened(twins[0], OFFICE, patch)}
    told = {page for page, words in seen.items() if EMBARGOED in words or "ecret" in words}
    assert told >= {"register {}", "progress {}", "overview {}", "reports {}", "audit {}"}
    return twins


@pytest.mark.parametrize("who", ["the public", "a force editor", "an analyst", "an administrator"])
def test_every_page_is_the_same_without_what_is_hidden(
    after_the_office: tuple[Twin, Twin], monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """In every word, key, link, figure and table that is sent."""
    by = READERS[who]
    shown = [
        [(page, plain(twin, sent(app))) for page, app in opened(twin, by, monkeypatch)]
        for twin in after_the_office
    ]

    for (page, one), (_, other) in zip(*shown, strict=True):
        assert differences(one, other) == [], page
