"""
Files to take away: one quiet button that opens the formats, each file made only when it is asked for.

Where people sign in, a file leaves by a link that works once and for them alone (`monitor.ui.tickets`): what Streamlit's
own button is given can be fetched by anybody who knows its address. Here, and nowhere else, it is decided which.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from monitor.domain.access import Permission
from monitor.domain.evidence import EvidenceItem
from monitor.domain.evidence_files import media_type_of
from monitor.exporters import ExportTable, as_bytes
from monitor.packs.tables import register_export
from monitor.services import signing_in
from monitor.services.auditing import history_seen
from monitor.services.evidence_files import may_take_files, read_file
from monitor.services.filters import Filter
from monitor.services.signing_in import SignedIn
from monitor.services.view import RegisterView
from monitor.ui import frame, safe, session, words
from monitor.ui.tickets import PATH, SECONDS, TICKETS

MIME: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "ics": "text/calendar",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Download:
    """
    One file that can be taken away.

    Attributes:
        label: The words on its button ("Excel").
        name: The file's name; its suffix says which kind it is.
        make: Returns the file's bytes; called on the click, outside the page's run.
        key: Name of its button on the page; what is behind one button takes its own from it.
    """

    label: str
    name: str
    make: Callable[[], bytes]
    key: str = ""

    @property
    def media_type(self) -> str:
        """Return the type under which it goes out."""
        return MIME.get(self.name.rpartition(".")[2]) or media_type_of(self.name)


def offer(downloads: Sequence[Download], *, key: str, note: str = "", label: str = "Download") -> None:
    """
    Show the quiet button; what is behind it is made only while it is open, so that a click elsewhere stays cheap.

    Args:
        downloads: The files, in the order shown.
        key: Name of the button on its page.
        note: One gray sentence about the files: what they hold.
    """
    opened = st.popover(label, icon=":material/download:", type="tertiary", key=key, on_change="rerun")
    if not opened.open:
        return
    with opened:
        show(downloads, key=key)
        if note:
            st.caption(safe.text(note))


def show(downloads: Sequence[Download], *, key: str, **look: Any) -> None:
    """
    Show a button for each file, where the place has just been opened: a link to it does not hold long.

    Args:
        look: What else is said of each button, such as its icon.
    """
    named = [(one, one.key or f"{key}-{one.name}") for one in downloads]
    if not session.is_signed_in():
        for one, button in named:
            st.download_button(
                safe.text(one.label),
                data=one.make,
                file_name=one.name,
                mime=one.media_type,
                key=button,
                on_click="ignore",
                **look,
            )
        return
    asking = _asking()
    if asking is None:
        return
    for one, button in named:
        token = TICKETS.issue(
            session_id=asking.session.id,
            by=asking.actor,
            name=one.name,
            media_type=one.media_type,
            make=one.make,
        )
        st.link_button(safe.text(one.label), f"{PATH}{token}", key=button, **look)
    st.caption(
        f"Each link works once, for {SECONDS:.0f} seconds. To have it again, close this and open it again."
    )


def _asking() -> SignedIn | None:
    """Return who looks at the page, asked for anew; None where their sign-in has ended."""
    named = session.this_sign_in()
    return signing_in.who_is(session.served_store(), session_id=named) if named else None


def standing(download: Download, *, key: str, **look: Any) -> None:
    """Show the button of one file that stands on its page: where people sign in, it opens and holds the link."""
    if session.is_signed_in():
        offer([Download("Save the file", download.name, download.make)], key=key, label=download.label)
    else:
        show([download], key=key, **look)


def evidence_downloads(page: frame.Page, items: Sequence[EvidenceItem], service: str) -> None:
    """Show the button for the files kept with items of evidence; nothing where there are none, or to the public."""
    kept = [item for item in items if item.file is not None]
    if not kept or not may_take_files(page.actor, service):
        return

    by = page.actor  # the file is read outside this run, where the page knows nobody

    def content(item: EvidenceItem) -> bytes:
        return read_file(page.store, evidence_id=item.id, by=by).content

    offer(
        [
            Download(item.file_name, item.file_name, partial(content, item), key=f"evidence-file-{place}")
            for place, item in enumerate(kept)
        ],
        key="evidence-files",
        label=words.capitalised(words.counted(len(kept), "file", "files")) + " of evidence",
        note="Each is what was added, byte for byte. Open only what you expect.",
    )


def register_downloads(
    page: frame.Page, view: RegisterView, places: npt.NDArray[np.intp], wanted: Filter
) -> None:
    """
    Show the button for rows as CSV and Excel, with every column; nothing to a reader who may not export.

    Args:
        places: Where the rows stand in the view, in the order in which the files shall have them.
    """
    if not page.actor.may(Permission.EXPORT):
        return
    by = page.actor  # the file is made outside this run, where the page knows nobody

    @lru_cache(maxsize=1)
    def table() -> ExportTable:
        return register_export(
            view,
            view.rows.iloc[places],
            wanted,
            by=by,
            history=history_seen(page.store, by=by),
            made_at=page.store.now(),
        )

    stem = f"register_{view.as_at.isoformat()}"
    offer(
        [
            Download("Excel, with every column", f"{stem}.xlsx", lambda: as_bytes(table(), "xlsx")),
            Download("CSV, with every column", f"{stem}.csv", lambda: as_bytes(table(), "csv")),
        ],
        key="register-download",
        note=f"{words.plural(len(places), 'row')}, {view.as_at_words}.",
    )
