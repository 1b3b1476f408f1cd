"""Templates into bytes: every word escaped, and nothing that no page can hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from monitor.charts.theme import DARK, LIGHT, STATUS_TEXT, Role
from monitor.exporters.document import printable
from monitor.packs.site.addresses import from_here

POLICY: Final = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
"""What a page may do, said in the page: whatever were in it, nothing could run or be fetched from elsewhere."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("monitor.packs.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )


def _finalized(value: Any) -> Any:
    """Return what is printed: text without what no page can show."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@dataclass(frozen=True, slots=True)
class Notice:
    """Something said at the head of every page."""

    head: str
    words: str
    is_grave: bool


@dataclass(frozen=True)
class Frame:
    """
    What is the same on every page.

    Attributes:
        sections: The words and pages of the navigation.
        address: Where the site begins; empty where that is not known.
    """

    office: str
    services: str
    as_at: str
    head: str
    sections: Sequence[tuple[str, str]]
    notices: Sequence[Notice]
    address: str

    @property
    def site_name(self) -> str:
        """Return what stands behind the title of a page."""
        return f"Recommendations to {self.services}"


def rendered(template: str, path: str, **given: Any) -> Markup:
    """Return what a page says, without its frame."""
    made = (
        _environment()
        .get_template(f"{template}.html.j2")
        .render(to=lambda target: from_here(path, target), **given)
    )
    return Markup(made)  # noqa: S704 - made by a template that escapes


def framed(
    frame: Frame,
    path: str,
    main: Markup,
    *,
    title: str,
    description: str = "",
    feeds: Sequence[tuple[str, str]] = (),
    goes_to: str = "",
) -> bytes:
    """
    Return a whole page.

    Args:
        goes_to: The file of the site to which it leads on at once, where what stood there is gone.
    """
    stands = goes_to or path
    plain = stands.removesuffix("index.html")
    canonical = f"{frame.address}{plain}" if frame.address else from_here(path, stands) if goes_to else ""
    made = (
        _environment()
        .get_template("frame.html.j2")
        .render(
            to=lambda target: from_here(path, target),
            policy=POLICY,
            path=path,
            main=main,
            title=title,
            description=description,
            feeds=feeds,
            canonical=canonical,
            goes_to=from_here(path, goes_to) if goes_to else "",
            office=frame.office,
            services=frame.services,
            as_at=frame.as_at,
            head=frame.head,
            sections=frame.sections,
            notices=frame.notices,
            is_draft=any(notice.is_grave for notice in frame.notices),
            site_name=frame.site_name,
        )
    )
    return made.encode()


@cache
def style_sheet() -> bytes:
    """Return the one style sheet, with the tones of both themes."""
    made = (
        _environment()
        .get_template("site.css.j2")
        .render(
            light={role.value: LIGHT[role] for role in Role},
            dark={role.value: DARK[role] for role in Role},
            light_text={name: tone for name, tone in STATUS_TEXT["light"].items() if name},
            dark_text={name: tone for name, tone in STATUS_TEXT["dark"].items() if name},
        )
    )
    return made.encode()


def row_html(row: Any, path: str) -> Markup:
    """Return one line of a list as it stands on a page of the same depth."""
    macros: Any = _environment().get_template("macros.html.j2").module
    return Markup(macros.row(row, lambda target: from_here(path, target)))  # noqa: S704 - made by a template
