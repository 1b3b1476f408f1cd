"""`monitor response`: the published answer to a report, as Word or a web page."""

from pathlib import Path
from typing import Any

import click

from monitor.cli_meetings import write_file
from monitor.cli_options import database_option, json_option, open_store, print_json
from monitor.domain.access import SYSTEM
from monitor.settings import Settings

FORMS = ("docx", "html")


@click.command()
@click.argument("inspection")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--service", default="", help="Whose report, where several services have one of that title.")
@click.option("--published", is_flag=True, help="Write what was published last, as it was.")
@database_option
@json_option
def response(
    inspection: str, out: Path, service: str, published: bool, database: str | None, as_json: bool
) -> None:
    """
    Write the response to a report to OUT.docx or OUT.html.

    INSPECTION is the report's number, its title, or words of its title. A response that is not approved is written as a
    draft, and says so; what is missing is listed.
    """
    form = out.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise click.UsageError(f"{out.name} cannot be written: a response is docx or html.")
    from monitor.services.responses import find_report, read_response

    store, settings = open_store(database), Settings.from_environment()
    report = find_report(store, words=inspection, by=SYSTEM, service=service)
    write_file(out, _content(store, report.id, form, settings, published=published))
    seen = read_response(
        store,
        inspection_id=report.id,
        by=SYSTEM,
        warnings=settings.response_warnings,
        clocks=settings.response_clocks,
    )
    click.echo(f"The response to {report.title} is in {out}. {seen.timing.words}", err=True)
    if not published and seen.response.approved is None:
        said = "; ".join(one.words for one in seen.missing)
        click.echo(f"It is a draft.{f' Missing: {said}.' if said else ''}", err=True)
    if as_json:
        print_json(_answer(seen) | {"file": str(out)})


def _content(store: Any, number: int, form: str, settings: Settings, *, published: bool) -> bytes:
    from monitor.packs.response import make_response
    from monitor.services.responses import read_published

    if published:
        return read_published(store, inspection_id=number, form=form, by=SYSTEM)[1]
    return make_response(store, inspection_id=number, by=SYSTEM, settings=settings, forms=(form,))[form]


def _answer(seen: Any) -> dict[str, Any]:
    timing = seen.timing
    return {
        "inspection": seen.report.id,
        "title": seen.report.title,
        "service": seen.report.service,
        "state": seen.state.value,
        "dates": {state.value: day.isoformat() for state, day in seen.dates.items()},
        "last_day": timing.last_day.isoformat() if timing.last_day else None,
        "days_left": timing.days_left,
        "days_late": timing.days_late,
        "asks_for_day": timing.asks_for_day,
        "said": timing.words,
        "is_approved": seen.response.approved is not None,
        "missing": [one.words for one in seen.missing],
        "doubts": list(seen.doubts),
    }
