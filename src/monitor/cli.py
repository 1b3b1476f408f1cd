"""The command line: what people script. Answers on standard output, messages on standard error, exit 0, 1 or 2."""

import csv
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from monitor import __version__
from monitor.cli_accounts import account
from monitor.cli_handover import handover, import_handover
from monitor.cli_meetings import calendar, pack, template
from monitor.cli_options import DAY
from monitor.cli_options import address_of as _address
from monitor.cli_options import database_option as _database
from monitor.cli_options import database_unused as _database_unused
from monitor.cli_options import json_option as _json
from monitor.cli_options import open_store as _store
from monitor.cli_options import print_json as _print
from monitor.cli_publish import publish
from monitor.cli_responses import response
from monitor.domain.access import SYSTEM
from monitor.domain.inspections import read_publication
from monitor.domain.statuses import Precision
from monitor.errors import MonitorError, NotFoundError
from monitor.settings import Titles

_F = TypeVar("_F", bound=Callable[..., Any])


class Publication(click.ParamType[tuple[date, Precision]]):
    """A day of publication as exactly as it is known: a day, a month (January 2020, 2020-01) or a year."""

    name = "day, month or year"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[date, Precision]:
        """Return the day and its precision, or say what would be right."""
        if isinstance(value, tuple):
            return value
        try:
            return read_publication(str(value))
        except ValueError as problem:
            self.fail(str(problem), param, ctx)


class Monitor(click.Group):
    """Turns what a person can cause into one sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except MonitorError as problem:
            click.echo(problem.message, err=True)
            ctx.exit(1)


@click.group(cls=Monitor, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="monitor")
def main() -> None:
    """Follow recommendations by the inspectorate from publication to verified closure."""


def _as_at(command: _F) -> _F:
    return click.option("--as-at", type=DAY, help="A past day, as it was then known.")(command)


FILTERS: Final = (
    "service", "inspection", "owner", "executive_lead", "board", "theme", "kind", "force_report", "assurance",
    "position", "schedule_state", "evidence_grade", "closure_reason", "target_set_by",
)  # fmt: skip
"""The filters that take several values; spelt out so that no command waits for tables it does not need."""


def _filters(command: _F) -> _F:
    for name in reversed(FILTERS):
        option = f"--{name.replace('_', '-')}"
        command = click.option(option, name, multiple=True, help="Limit; may be given several times.")(
            command
        )
    command = click.option("--due-to", type=DAY, help="Target date at the latest.")(command)
    command = click.option("--due-from", type=DAY, help="Target date at the earliest.")(command)
    command = click.option("--text", default="", help="Words that must occur, in any of their forms.")(
        command
    )
    shown = "A named set of rows, as open, late, claimed, no_evidence, closed or everything."
    return click.option("--show", default="everything", help=shown)(command)


def _filter_of(given: dict[str, Any]) -> Any:
    from monitor.services.filters import Filter

    return Filter.from_address(
        {
            k: (list(v) if isinstance(v, tuple) else v.isoformat() if isinstance(v, date) else v)
            for k, v in given.items()
        }
    )


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option(
    "--port", default=8501, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for any free one."
)
@click.option(
    "--sample-if-empty", is_flag=True, help="Load the demonstration register when nothing is there yet."
)
@_database
def serve(host: str, port: int, sample_if_empty: bool, database: str | None) -> None:
    """Serve the register and print its address."""
    from monitor.server import serve as run

    store = _store(database, make=True)
    if sample_if_empty and store.info() is None and not store.data_version():
        _load(store, None)
    store.close()
    run(host=host, port=port, database_url=_address(database))


@main.command()
@click.option(
    "--recommendations", type=click.IntRange(1, 200_000), help="How many; as told by the stories otherwise."
)
@_database
@_json
def sample(recommendations: int | None, database: str | None, as_json: bool) -> None:
    """Load the demonstration register into an empty database."""
    store = _store(database, make=True)
    loaded = _load(store, recommendations)
    if as_json:
        _print(
            {
                "recommendations": loaded,
                "history_rows": store.data_version(),
                "today": store.today().isoformat(),
            }
        )


def _load(store: Any, recommendations: int | None) -> int:
    from monitor.services.sample import load_demonstration

    shown = sys.stderr.isatty()

    def progress(done: int, of: int) -> None:
        if shown:
            click.echo(f"\rLoading the demonstration register: {done * 100 // of} %", err=True, nl=False)

    loaded = load_demonstration(store, recommendations=recommendations, progress=progress)
    click.echo(
        ("\r" if shown else "") + f"The demonstration register holds {loaded:,} recommendations.", err=True
    )
    return loaded


@main.command()
@click.option("--office", required=True, help="Name of the local policing body.")
@click.option(
    "--service", "services", multiple=True, required=True, help="A constabulary or fire and rescue service."
)
@_database
@_json
def begin(office: str, services: Sequence[str], database: str | None, as_json: bool) -> None:
    """Begin a real register in an empty database. Its clock is the server's."""
    from monitor.services.intake import begin_register

    begin_register(_store(database, make=True), office=office, services=services, by=SYSTEM)
    click.echo(f"The register of {office} has begun, for {', '.join(services)}.", err=True)
    if as_json:
        _print({"office": office, "services": list(services)})


@main.command()
@click.argument("phrase", required=False)
@click.option(
    "--published",
    type=Publication(),
    help="Day of publication, or the month or year where only that is known.",
)
@click.option(
    "--tsv",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Many, with a heading row: phrase, published.",
)
@_database_unused
@_json
def due(
    phrase: str | None, published: tuple[date, Precision] | None, tsv: Path | None, as_json: bool
) -> None:
    """Say how a printed deadline is read."""
    if (phrase is None) == (tsv is None):
        raise click.UsageError("Give a phrase, or --tsv FILE.")
    if tsv is not None:
        _print([_reading(*row) for row in _phrases(tsv)])
        return
    answer = _reading(phrase or "", published)
    if as_json:
        _print(answer)
    else:
        click.echo(
            f"{answer['due'] or 'no date'}  ({answer['rule']}, {answer['precision']})\n{answer['note']}"
        )


def _phrases(path: Path) -> list[tuple[str, tuple[date, Precision] | None]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if not {"phrase", "published"} <= set(rows.fieldnames or ()):
            raise MonitorError(f"{path.name} needs the headings phrase and published, separated by a tab.")
        found: list[tuple[str, tuple[date, Precision] | None]] = []
        problems = []
        for place, row in enumerate(rows, start=2):
            given = (row["published"] or "").strip()
            try:
                found.append((row["phrase"] or "", read_publication(given) if given else None))
            except ValueError as problem:
                problems.append(f"Line {place}: {problem}")
    if problems:
        raise MonitorError(f"{path.name} cannot be read. " + " ".join(problems))
    return found


_WRITTEN: Final = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}
"""Characters of an ISO day that are known."""


def _reading(phrase: str, published: tuple[date, Precision] | None) -> dict[str, Any]:
    from monitor.domain.deadlines import read_deadline

    day, precision = published or (None, Precision.UNKNOWN)
    read = read_deadline(phrase, published=day, published_precision=precision)
    return {
        "phrase": phrase,
        "published": day.isoformat()[: _WRITTEN[precision]] if day else None,
        "due": read.due.isoformat() if read.due else None,
        "precision": read.precision.value,
        "rule": read.rule,
        "note": read.note,
    }


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--service", default="", help="Whose register it would be for, so that addressees can be told.")
@_database_unused
@_json
def extract(files: Sequence[Path], service: str, as_json: bool) -> None:
    """Say what documents hold: reports, recommendations, dates, statements. Stores nothing."""
    from monitor.importers.child import read_document
    from monitor.importers.extract import as_contract
    from monitor.importers.extract import extract as find

    titles = Titles.from_environment()
    found, refused = [], False
    for path in files:
        try:
            document = read_document(path.name, path.read_bytes())
        except MonitorError as problem:
            click.echo(problem.message, err=True)
            refused = True
            continue
        found += [as_contract(report) for report in find(document, service=service, titles=titles)]
    if as_json:
        _print(found)
    else:
        for report in found:
            click.echo(_report_words(report))
    if refused:
        sys.exit(1)


@main.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--dry-run", "mode", flag_value="dry-run", default=True, help="Say what it would do; the default."
)
@click.option(
    "--apply", "mode", flag_value="apply", help="Store it: everything in all the files, or nothing."
)
@click.option("--service", default="", help="For whom; needed where the register has several services.")
@click.option("--report", "report_title", default="", help="Title of the report where a file names none.")
@click.option(
    "--confirm-wording",
    is_flag=True,
    help="With --apply: also record wordings that differ from the register's.",
)
@_database
@_json
def import_files(
    files: Sequence[Path],
    mode: str,
    service: str,
    report_title: str,
    confirm_wording: bool,
    database: str | None,
    as_json: bool,
) -> None:
    """
    Read documents and trackers into the register: what is new, changed, unchanged or doubtful.

    A folder that monitor handover wrote is imported alone, into an empty database.
    """
    folders = [path for path in files if path.is_dir()]
    if folders:
        if len(files) > 1 or service or report_title or confirm_wording:
            raise click.UsageError(
                "A folder is imported alone, and as it is: without files and other options."
            )
        import_handover(folders[0], apply=mode == "apply", database=database, as_json=as_json)
        return
    from monitor.services import importing
    from monitor.services.plans import answer_of, refused_file

    store = _store(database)
    whose = _service_of(store, service)
    plans, answers = [], []
    for path in files:
        if sys.stderr.isatty():
            click.echo(f"Reading {path.name} …", err=True)
        try:
            plan = importing.read_file(
                store,
                name=path.name,
                content=path.read_bytes(),
                service=whose,
                by=SYSTEM,
                report_title=report_title,
            )
        except MonitorError as problem:
            answers.append(refused_file(path.name, problem.message, problem.facts.get("problems", ())))
            continue
        plans.append(plan)
        answers.append(answer_of(plan))
    refused = any(answer["outcome"] == "refused" for answer in answers)
    if mode == "apply" and not refused:
        taken = {plan.fingerprint: plan.everything(wording=confirm_wording) for plan in plans}
        importing.apply_plans(store, plans=plans, taken=taken, by=SYSTEM)
        answers = [answer_of(plan, "applied") for plan in plans]
    if as_json:
        _print(answers)
    else:
        for answer in answers:
            click.echo(_import_words(answer, mode))
    if refused:
        sys.exit(1)


def _service_of(store: Any, named: str) -> str:
    with store.reading() as reader:
        services = [one.name for one in reader.services()]
    if not named and len(services) == 1:
        return str(services[0])
    for one in services:
        if one.casefold() == named.casefold():
            return str(one)
    listed = ", ".join(services) or "none yet: begin one with monitor begin"
    said = f'There is no service "{named}" on this register' if named else "Say for whom with --service"
    raise NotFoundError(f"{said}. Its services: {listed}.")


def _import_words(answer: dict[str, Any], mode: str) -> str:
    counted = ", ".join(f"{answer[one]} {one}" for one in ("new", "changed", "unchanged", "doubtful"))
    outcome = answer["outcome"]
    if outcome == "refused":
        counted = "refused; nothing of it is stored"
    elif mode == "dry-run":
        counted += "; nothing is stored yet, --apply stores it"
    lines = [f"{answer['file']}: {counted}"]
    for report in answer["reports"]:
        last_day = report["last_day_to_respond"] or "ask for the day of publication"
        title = report["title"] or "Title not stated"
        lines.append(
            f"  {report['standing']:<9} {title}: {report['recommendations']} listed; last day to respond: {last_day}"
        )
    for problem in answer["problems"]:
        where = problem["where"]
        said = problem["message"]
        lines.append(
            f"  {'!' if outcome == 'refused' else '?'} {said if where in said else f'{where}: {said}'}"
        )
    return "\n".join(lines)


def _report_words(report: dict[str, Any]) -> str:
    lines = [
        report["report_title"] or "Title not stated",
        f"  published: {report['published'] or 'not stated'}",
        f"  last day to respond: {_last_day_words(report)}",
    ]
    for one in report["recommendations"]:
        due = (
            f"  [{one['deadline_phrase']}: {one['deadline'] or 'no date'}]" if one["deadline_phrase"] else ""
        )
        lines.append(f"  {one['number'] or '-'} {one['kind'].replace('_', ' ')}: {one['text'][:100]}{due}")
    return "\n".join([*lines, *(f"  ? {problem}" for problem in report["problems"])])


def _last_day_words(report: dict[str, Any]) -> str:
    from monitor.domain.responses import last_day_if_known

    day = date.fromisoformat(report["published"]) if report["published"] else None
    last = last_day_if_known(day, Precision(report["published_precision"]))
    return last.isoformat() if last else "ask for the day of publication"


@main.command()
@click.argument("out", required=False, type=click.Path(dir_okay=False, path_type=Path))
@_as_at
@_filters
@_database
@_json
def export(out: Path | None, as_at: date | None, database: str | None, as_json: bool, **given: Any) -> None:
    """Write the register to OUT.csv, .xlsx, .json or .parquet, or print its rows with --json."""
    if out is None and not as_json:
        raise click.UsageError("Name a file to write, or --json to print the rows.")
    from monitor.exporters import as_bytes, write_table
    from monitor.packs.tables import register_export
    from monitor.services.auditing import history_seen
    from monitor.services.filters import select
    from monitor.services.view import register_view

    wanted = _filter_of(given)
    store = _store(database)
    view = register_view(store, by=SYSTEM, as_at=as_at)
    rows = select(view, wanted)
    history = history_seen(store, by=SYSTEM)
    stored = as_json or (out is not None and out.suffix.lower() in (".json", ".parquet"))
    table = register_export(
        view, rows, wanted, by=SYSTEM, history=history, made_at=store.now(), words=not stored
    )
    if out is not None:
        write_table(table, out)
        click.echo(f"{len(rows):,} rows written to {out}.", err=True)
    if as_json:
        click.echo(as_bytes(table, "json").decode())


@main.command()
@click.argument("name", required=False)
@click.argument("out", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--list", "listed", is_flag=True, help="Print the names of the charts.")
@click.option("--reference", help="The recommendation a ledger is about.")
@_as_at
@_filters
@_database
@_json
def chart(
    name: str | None,
    out: Path | None,
    listed: bool,
    reference: str | None,
    as_at: date | None,
    database: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Draw a chart to OUT.png, .svg or .html, or print its rows and balance with --json."""
    from monitor.charts.catalogue import CHARTS
    from monitor.packs.drawing import draw_chart, write_chart
    from monitor.services.view import register_view

    if listed:
        if as_json:
            _print(list(CHARTS))
        else:
            click.echo("\n".join(CHARTS))
        return
    if name is None:
        raise click.UsageError("Name a chart; --list names them.")
    if out is None and not as_json:
        raise click.UsageError("Name a file to write, or --json to print the rows.")
    options = {"reference": reference} if reference else {}
    view = register_view(_store(database), by=SYSTEM, as_at=as_at)
    drawn = draw_chart(view, name, _filter_of(given), **options)
    if out is not None:
        write_chart(drawn, out)
        click.echo(f"{drawn.finding}. Written to {out}.", err=True)
    if as_json:
        _print(
            {
                "name": drawn.name,
                "finding": drawn.finding,
                "counted": drawn.counted,
                "balance": drawn.balance,
                "method": drawn.method,
                "source": drawn.source,
                "alt": drawn.alt,
                "as_at": view.as_at.isoformat(),
                "rows": _plain_rows(drawn.table),
            }
        )


def _plain_rows(table: Any) -> list[dict[str, Any]]:
    """Return a chart's rows as plain values: days as ISO text, nothing as null."""
    days = table.select_dtypes("datetime").columns
    plain = table.assign(**{name: table[name].dt.strftime("%Y-%m-%d") for name in days})
    rows: list[dict[str, Any]] = json.loads(plain.to_json(orient="records"))
    return rows


@main.command()
@click.option("--head", help="A head hash printed earlier, which must occur in the chain.")
@_database
@_json
def verify(head: str | None, database: str | None, as_json: bool) -> None:
    """Check that the history is whole and that what is shown follows from it."""
    from monitor.services.checking import verify as check

    verdict = check(_store(database), by=SYSTEM, head=head)
    if as_json:
        _print({"ok": verdict.ok, **asdict(verdict)})
    else:
        click.echo(f"{verdict.history_rows:,} rows of history, head {verdict.head}.")
        if verdict.first_broken is not None:
            click.echo(f"Broken: {verdict.why}.")
        for line in verdict.differences:
            click.echo(line)
        click.echo("Everything fits." if verdict.ok else "It does not fit.")
    if not verdict.ok:
        sys.exit(1)


@main.command()
@_database
@_json
def doctor(database: str | None, as_json: bool) -> None:
    """Say what is here, what is missing, and what to do about it."""
    from monitor.services.examining import examine

    found = examine(_address(database))
    if as_json:
        _print(
            {"ok": all(finding.ok for finding in found), "findings": [asdict(finding) for finding in found]}
        )
    else:
        width = max(len(finding.what) for finding in found)
        for finding in found:
            click.echo(f"{'ok     ' if finding.ok else 'MISSING'}  {finding.what:<{width}}  {finding.found}")
    if not all(finding.ok for finding in found):
        sys.exit(1)


main.add_command(account)
main.add_command(handover)
main.add_command(calendar)
main.add_command(pack)
main.add_command(publish)
main.add_command(response)
main.add_command(template)

if __name__ == "__main__":
    main()
