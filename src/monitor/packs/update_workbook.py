"""The workbook for updates given offline: what is open for a person, in words made for them."""

import io
from datetime import date

from monitor.dates import long_date
from monitor.domain.access import Actor, Permission
from monitor.exporters.update_sheet import UpdateSheet, write_update_sheet
from monitor.importers.update_form import origin
from monitor.services.round_trip import UpdateForm

_INTRO = (
    "Fill in the coloured cells of the rows you want to report on, save, and upload the file on My updates. "
    "A row that you leave as it is changes nothing.",
    "A report needs words in “What has changed”. Leave “Happened on” empty if it is the day you upload. "
    "Change “Status now” and “Blocked by” where they are no longer right.",
    "The other cells are locked and not read. You may filter; to sort, take the protection off, it has no password. "
    "Nothing is recorded by uploading: you see every difference first.",
)


def update_workbook(form: UpdateForm, *, by: Actor) -> bytes:
    """
    Return the workbook's bytes.

    Raises:
        AccessError: for an actor who may not export.
    """
    by.require(Permission.EXPORT)
    whose = "All open items of the force" if form.is_everyone else f"Updates of {by.name}"
    count = f"{len(form.lines):,} open {'item' if len(form.lines) == 1 else 'items'}"
    demonstration = " Demonstration data." if form.is_demonstration else ""
    kept = io.BytesIO()
    write_update_sheet(
        UpdateSheet(
            title=f"{whose}, {long_date(form.today)}",
            intro=_INTRO,
            about=f"{form.office}: {count}, in the order of My updates.{demonstration}",
            origin=origin(by.name, form.today, form.history_rows, form.head),
            lines=form.lines,
            made_at=form.made_at,
        ),
        kept,
    )
    return kept.getvalue()


def update_workbook_name(today: date) -> str:
    """Return the name of a workbook downloaded today."""
    return f"updates_{today.isoformat()}.xlsx"
