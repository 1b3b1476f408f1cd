"""`monitor pack`, its template, and `monitor calendar`: what a meeting is prepared with, and the days to keep in mind."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from monitor.cli_options import (
    DAY,
    database_option,
    database_unused,
    json_option,
    open_store,
    print_json,
)
from monitor.dates import long_date
from monitor.domain.access import SYSTEM
from monitor.domain.statuses import MeetingKind
from monitor.domain.wording import meeting_name
from monitor.errors import NotFoundError, RuleError
from monitor.settings import Settings, Titles

FORMS = ("docx", "pdf", "html")


@click.command()
@click.option("--meeting", "on", type=DAY, required=True, help="Day of the meeting.")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--service", default="", help="Whose meeting, where several services meet on that day.")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in MeetingKind]), help="Which meeting of that day."
)
@click.option("--since", type=DAY, help="Tell what changed from this day; otherwise from the meeting before.")
@click.option("--as-at", type=DAY, help="A past day, as it was then known.")
@click.option(
    "--annex", multiple=True, help="A recommendation with a page of its own; may be given several times."
)
@click.option("--publish", is_flag=True, help="Also keep it in the register, for ever.")
@click.option("--published", is_flag=True, help="Write the pack that was published last, as it was.")
@database_option
@json_option
def pack(
    on: date,
    out: Path,
    service: str,
    kind: str | None,
    since: date | None,
    as_at: date | None,
    annex: tuple[str, ...],
    publish: bool,
    published: bool,
    database: str | None,
    as_json: bool,
) -> None:
    """Write the pack of a meeting to OUT.docx, .pdf or .html."""
    form = out.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise click.UsageError(f"{out.name} cannot be written: a pack is docx, pdf or html.")
    from monitor.services.packs import find_meeting

    store = open_store(database)
    meeting = find_meeting(store, on=on, by=SYSTEM, service=service, kind=MeetingKind(kind) if kind else None)
    choices = {"since_on": since, "as_at": as_at, "annex": list(annex) or None}
    answer, content = (
        _published(store, meeting.id, form) if published else _made(store, meeting.id, form, choices, publish)
    )
    write_file(out, content)
    click.echo(f"The pack of {answer['meeting']} is in {out}.", err=True)
    if as_json:
        print_json(answer | {"file": str(out)})


def _made(
    store: Any, meeting_id: int, form: str, choices: dict[str, Any], publish: bool
) -> tuple[dict[str, Any], bytes]:
    from monitor.packs.publishing import make_pack, publish_pack
    from monitor.services.packs import read_pack

    settings, told = Settings.from_environment(), _progress()
    if publish:
        kept = publish_pack(
            store, meeting_id=meeting_id, by=SYSTEM, settings=settings, progress=told, **choices
        )
        return _answer(store, kept), read_pack(store, pack_id=kept.id, form=form, by=SYSTEM)[1]
    made = make_pack(
        store, meeting_id=meeting_id, by=SYSTEM, settings=settings, forms=(form,), progress=told, **choices
    )
    facts = made.facts
    answer = {
        "meeting": _meeting_words(facts.meeting),
        "since": facts.since.start.isoformat(),
        "as_at": facts.view.as_at.isoformat(),
        "head": facts.head,
        "questions": [question.text for question in facts.questions],
        "balance": facts.since.balance.line(),
        "published": None,
    }
    return answer, made.files[form]


def _published(store: Any, meeting_id: int, form: str) -> tuple[dict[str, Any], bytes]:
    from monitor.services.meetings import read_meeting
    from monitor.services.packs import read_pack

    packs = read_meeting(store, meeting_id=meeting_id, by=SYSTEM).packs
    if not packs:
        raise NotFoundError("No pack has been published for this meeting. Leave out --published to make one.")
    kept, content = read_pack(store, pack_id=packs[-1].id, form=form, by=SYSTEM)
    return _answer(store, kept), content


def _answer(store: Any, kept: Any) -> dict[str, Any]:
    from monitor.services.meetings import read_meeting

    return {
        "meeting": _meeting_words(read_meeting(store, meeting_id=kept.meeting_id, by=SYSTEM).meeting),
        "since": kept.since_on.isoformat(),
        "as_at": kept.as_at.isoformat(),
        "head": kept.head,
        "published": {"pack": kept.id, "docx": kept.docx, "pdf": kept.pdf, "html": kept.html},
    }


def _meeting_words(meeting: Any) -> str:
    name = meeting_name(meeting.kind, Titles.from_environment())
    return f"{meeting.service}, {name}, {long_date(meeting.on)}"


def _progress() -> Callable[[str], None]:
    shown = sys.stderr.isatty()

    def told(said: str) -> None:
        if shown:
            click.echo(f"{said} ...", err=True)

    return told


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--service", default="", help="The days of one service.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(["meeting", "papers", "target", "action", "response"]),
    help="What to tell of; may be given several times, otherwise everything.",
)
@click.option("--address", default="", help="Where the product is reached, for the links: https://...")
@database_option
@json_option
def calendar(
    out: Path, service: str, only: tuple[str, ...], address: str, database: str | None, as_json: bool
) -> None:
    """Write meetings, papers due, target dates, actions and statutory days to OUT.ics."""
    if out.suffix.lower() != ".ics":
        raise click.UsageError(f"{out.name} cannot be written: a calendar is an .ics file.")
    from monitor.packs.calendar_file import calendar_file
    from monitor.services.calendar import EntryKind, read_calendar

    store, titles = open_store(database), Titles.from_environment()
    known = [one.name for one in store_services(store)]
    if service and service not in known:
        raise NotFoundError(
            f'There is no service "{service}" on this register. There are: {", ".join(known)}.'
        )
    kinds = frozenset(EntryKind(one) for one in only) or frozenset(EntryKind)
    chosen: dict[str, Any] = {"by": SYSTEM, "titles": titles, "service": service or None, "kinds": kinds}
    write_file(out, calendar_file(store, address=address, **chosen))
    entries = read_calendar(store, **chosen).entries
    click.echo(f"{len(entries):,} days are in {out}.", err=True)
    if as_json:
        days = [
            {"on": one.on, "kind": one.kind.value, "title": one.title, "cancelled": one.is_cancelled}
            for one in entries
        ]
        print_json({"file": str(out), "entries": days})


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@database_unused
@json_option
def template(out: Path, as_json: bool) -> None:
    """Write the Word template to begin your own from to OUT.docx; MONITOR_WORD_TEMPLATE names the one to use."""
    if out.suffix.lower() != ".docx":
        raise click.UsageError(f"{out.name} cannot be written: a template is a .docx file.")
    from monitor.exporters.word_template import kept_template

    write_file(out, kept_template())
    click.echo(f"The template is in {out}. Change its styles in Word, never their names.", err=True)
    if as_json:
        print_json({"file": str(out)})


def store_services(store: Any) -> list[Any]:
    """Return the services of a register."""
    with store.reading() as reader:
        return list(reader.services())


def write_file(out: Path, content: bytes) -> None:
    """Write a file, or say why it cannot be."""
    try:
        out.write_bytes(content)
    except OSError as problem:
        raise RuleError(f"{out} cannot be written: {problem.strerror}.") from None
