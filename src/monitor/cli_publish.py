"""`monitor publish`: the public site, shown as a draft, proposed, and written as it was approved."""

from pathlib import Path
from typing import Any

import click

from monitor.cli_options import database_option, json_option, open_store, print_json
from monitor.dates import long_date
from monitor.domain.access import SYSTEM
from monitor.settings import Settings

_MOST_TOLD = 12


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--preview",
    is_flag=True,
    help="Write it as it is now, each page marked DRAFT, and say what would change.",
)
@click.option(
    "--propose",
    is_flag=True,
    help="Propose to publish it as it is now; another person approves it. Writes no files.",
)
@database_option
@json_option
def publish(folder: Path | None, preview: bool, propose: bool, database: str | None, as_json: bool) -> None:
    """
    Write the public site into FOLDER, as it was approved last. Any web server can serve it, and it needs none.

    Only what is public goes out: nothing under embargo, restricted or of private meetings, and no names of people. A
    demonstration is written as it is now.
    """
    if preview and propose:
        raise click.UsageError("Preview it, or propose it.")
    if propose == (folder is not None):
        raise click.UsageError("Name a folder to write into; --propose alone takes none.")
    if folder is None:
        _propose(open_store(database), as_json=as_json)
    else:
        _write(open_store(database), folder, preview=preview, as_json=as_json)


def _propose(store: Any, *, as_json: bool) -> None:
    from monitor.packs.site import propose_site

    made = propose_site(store, by=SYSTEM, settings=Settings.from_environment())
    for line in _changes(made.changes):
        click.echo(line, err=True)
    click.echo(
        f"Publication {made.publication.id} is proposed. A person of the office approves it; then monitor publish FOLDER "
        "writes it.",
        err=True,
    )
    if as_json:
        print_json({"publication": made.publication.id, **_plain(made.changes)})


def _write(store: Any, folder: Path, *, preview: bool, as_json: bool) -> None:
    from monitor.packs.site import preview_site, publish_site

    make = preview_site if preview else publish_site
    done = make(store, folder, by=SYSTEM, settings=Settings.from_environment())
    written = done.written
    if preview:
        for line in _changes(done.changes):
            click.echo(line, err=True)
    counted = (
        f"{len(written.written):,} of {written.files:,} files written"
        if written.written
        else "nothing has changed"
    )
    moved = f", {len(written.redirects):,} old addresses lead on" if written.redirects else ""
    click.echo(
        f"{'DRAFT: ' if preview else ''}{written.pages:,} pages as at {long_date(done.site.facts.view.as_at)} stand in {folder}: "
        f"{counted}{moved}. Open {folder / 'index.html'}.",
        err=True,
    )
    if as_json:
        approved = done.publication
        print_json(
            {
                "folder": str(folder),
                "is_draft": preview,
                "is_demonstration": done.site.facts.view.is_demonstration,
                "publication": approved.id if approved else None,
                "as_at": done.site.facts.view.as_at,
                "head": done.site.facts.head,
                "pages": written.pages,
                "files": written.files,
                "written": list(written.written),
                "redirects": list(written.redirects),
                "removed": list(written.removed),
                "changes": _plain(done.changes),
            }
        )


def _changes(changes: Any) -> list[str]:
    """Return what changes against what was approved last, in a few lines."""
    if changes.is_first:
        lines = [f"Nothing was approved before: all {len(changes.added):,} pages are new."]
    else:
        lines = [
            f"Against what was approved last: {len(changes.added):,} pages added, {len(changes.changed):,} changed, "
            f"{len(changes.gone):,} gone."
        ]
        lines += [_row(one) for one in changes.rows[:_MOST_TOLD]]
        if len(changes.rows) > _MOST_TOLD:
            lines.append(f"  and {len(changes.rows) - _MOST_TOLD:,} more")
    lines += [f"  ! a name that the register knows stands in {where}" for where in changes.named]
    return lines


def _row(one: Any) -> str:
    said = f"{one.before or 'nothing'} → {one.after or 'nothing'}"
    return f"  {one.reference} {one.title}: {one.heading.lower()}: {said}"


def _plain(changes: Any) -> dict[str, Any]:
    return {
        "is_first": changes.is_first,
        "added": sorted(changes.added),
        "changed": sorted(changes.changed),
        "gone": sorted(changes.gone),
        "rows": [
            {"reference": one.reference, "what": one.heading, "before": one.before, "after": one.after}
            for one in changes.rows
        ],
        "named": list(changes.named),
    }
