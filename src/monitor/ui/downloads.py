"""Files to take away: one quiet button that opens the formats, each file made only when it is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from monitor.domain.access import Permission
from monitor.exporters import ExportTable, as_bytes
from monitor.packs.tables import register_export
from monitor.services.filters import Filter
from monitor.services.view import RegisterView
from monitor.ui import frame, safe, words

MIME: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
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
    """

    label: str
    name: str
    make: Callable[[], bytes]


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
        for download in downloads:
            st.download_button(
                safe.text(download.label),
                data=download.make,
                file_name=download.name,
                mime=MIME[download.name.rpartition(".")[2]],
                key=f"{key}-{download.name}",
                on_click="ignore",
            )
        if note:
            st.caption(safe.text(note))


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

    @lru_cache(maxsize=1)
    def table() -> ExportTable:
        with page.store.reading() as reader:
            head = reader.history_head()
        return register_export(
            view,
            view.rows.iloc[places],
            wanted,
            by=page.actor,
            head=head.hash if head else "",
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
