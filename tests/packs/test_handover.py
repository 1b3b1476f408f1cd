"""Leaving with everything, and arriving with it: the same register elsewhere, or one sentence and nothing."""

import ast
import csv
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from monitor.cli import main
from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import Way
from monitor.domain.evidence_files import Scan
from monitor.domain.meetings import QuestionChange, QuestionStage
from monitor.domain.statuses import Assurance, ForceReport, Kind, LinkKind, Position, Precision
from monitor.domain.text import unguard
from monitor.errors import AccessError, RuleError, UnreadableFileError
from monitor.packs import handover
from monitor.packs.handover import arriving, cells, check, leaving
from monitor.packs.handover.dictionary import TYPES, attributes_of
from monitor.services import accounts
from monitor.services.checking import verify
from monitor.services.deciding import decide_assurance, record_position
from monitor.services.evidence_files import CheckedFile
from monitor.services.importing import apply_plans, read_file
from monitor.services.intake import learn_publication, link_recommendations, take_in_report
from monitor.services.sample import load_demonstration
from monitor.services.signing_in import accept_invitation
from monitor.services.updating import report_progress
from monitor.store import Store
from monitor.store.migrate import HEAD
from monitor.store.tables import APPEND_ONLY, LIST_NAMES, metadata
from monitor.store.whole import KEPT, LEFT_OUT, ColumnShape, count_rows, rows_of, shapes
from tests.builders import (
    ADMINISTRATOR,
    DAY,
    EDITOR,
    OFFICE,
    SERVICE,
    Clock,
    a_register,
    close,
    day,
    give_evidence,
    moment,
    take_in,
)
from tests.store.test_guards import hold_a_meeting

HOSTILE = (
    '=HYPERLINK("https://evil.example","x")', "+44 20 7946 0000", "-1", "@SUM(A1)", "'tis", "''", "\t=1+1",
    "a\rb", "a\r\nb\n", 'say "so", then; go', "\\", "\\N", "", " ", "\u2028line", "\u202e<script>alert(1)</script>",
    "Café 🚓 ٣", "null", "\ufeff=1",
)  # fmt: skip
Refused = Callable[[Path], list[str]]
PASSWORD = "four unrelated garden words"
NOTE = b"Minutes of the board\n"


def a_full_register(url: str, clock: Clock) -> Store:
    """Return a register with rows in every table that is handed over, and hostile texts in it."""
    store = a_register(url, clock)
    take_in(store, "CC-001", due_on=day(90))
    take_in(store, "CC-002")
    report_progress(
        store, reference="CC-001", status=ForceReport.IN_PROGRESS, narrative=HOSTILE[0], by=EDITOR
    )
    close(store, "CC-001")
    record_position(store, reference="CC-001", position=Position.CLOSED, source="@Letter", by=OFFICE)
    give_evidence(store, "CC-002", title="=1+1", file=CheckedFile("note.txt", NOTE, Scan.NOT_SCANNED))
    decide_assurance(store, reference="CC-002", level=Assurance.NOT_ASSURED, rationale=HOSTILE[2], by=OFFICE)
    link_recommendations(store, reference="CC-001", kind=LinkKind.REPEATS, other="CC-002", by=OFFICE)
    learn_publication(
        store, inspection_id=1, published_on=day(-2), precision=Precision.DAY, source="Letter", by=OFFICE
    )
    take_in_report(
        store,
        service=SERVICE,
        title="Later",
        by=OFFICE,
        embargo_until=moment(day(9)),
        key_findings=HOSTILE[:7],
    )
    sheet = b"Ref,Inspection,Recommendation\nR-1,Under lock,The force should review its custody cameras.\n"
    plan = read_file(store, name="tracker.csv", content=sheet, service=SERVICE, by=OFFICE)
    apply_plans(store, plans=[plan], taken={plan.fingerprint: plan.everything()}, by=OFFICE)
    _, code = accounts.add_account(
        store,
        name="Kit Moss",
        way=Way.LOCAL,
        subject="kit",
        grants=[(Role.ANALYST, SERVICE)],
        by=ADMINISTRATOR,
    )
    accept_invitation(store, code=code, password=PASSWORD)
    accounts.add_account(store, name="Not Yet", way=Way.LOCAL, subject="not.yet", by=ADMINISTRATOR)
    hold_a_meeting(store)
    with store.writing() as unit:
        noted: dict[str, Any] = {"recorded_at": unit.now, "by": OFFICE.id, "by_name": OFFICE.name}
        for place, words in enumerate(HOSTILE, start=2):
            unit.add(
                QuestionChange(
                    id=place, meeting_id=1, service=SERVICE, question=f"own:{place}", text=words,
                    stage=QuestionStage.ADDED, references=(words, words), **noted,
                ),
                by=OFFICE,
                verb="recorded",
            )  # fmt: skip
    return store


@pytest.fixture(scope="module")
def left(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path]]:
    """Yield the full register and the folder in which it was handed over; both are only read."""
    folder = tmp_path_factory.mktemp("left")
    shutil.copyfile(sqlite_template, folder / "register.sqlite")
    store = a_full_register(f"sqlite:///{folder / 'register.sqlite'}", Clock())
    handover.hand_over(store, folder / "handover", by=SYSTEM)
    yield store, folder / "handover"
    store.close()


@pytest.fixture
def package(left: tuple[Store, Path], tmp_path: Path) -> Path:
    """Return a copy of the handover to do things to."""
    return Path(shutil.copytree(left[1], tmp_path / "copy"))


def arrived(url: str, folder: Path) -> Store:
    """Return the register that was built from a folder."""
    store = Store(url, clock=Clock())
    handover.build_register(store, handover.read_package(folder, by=SYSTEM), by=SYSTEM)
    return store


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table that is handed over."""
    with store.reading() as reader:
        return {shape.name: list(rows_of(reader, shape)) for shape in shapes()}


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a handover but for the moment it was made at."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    said = json.loads(found[check.MANIFEST])
    del said["created"], said["fingerprint"]
    return found | {check.MANIFEST: check.rendered(said)}


@pytest.fixture(scope="module")
def empty(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yield an empty database, in which nothing is ever built: whoever tries is refused."""
    path = tmp_path_factory.mktemp("empty") / "register.sqlite"
    shutil.copyfile(sqlite_template, path)
    store = Store(f"sqlite:///{path}")
    yield store
    store.close()


@pytest.fixture
def refused(empty: Store) -> Refused:
    """Return what gives each sentence with which a folder is refused; nothing of it is stored."""

    def trying(folder: Path) -> list[str]:
        with pytest.raises(UnreadableFileError) as found:
            handover.build_register(empty, handover.read_package(folder, by=SYSTEM), by=SYSTEM)
        with empty.reading() as reader:
            assert not any(count_rows(reader).values())
        faults = [said for _, said in found.value.facts["faults"]]
        assert found.value.message.startswith(f"{folder} cannot be imported. {faults[0]}")
        return faults

    return trying


def reseal(folder: Path, change: Callable[[dict[str, Any]], object] = lambda said: None) -> None:
    """Write the list of all files anew, as somebody could who knows how: with every size and fingerprint put right."""
    said = json.loads((folder / check.MANIFEST).read_bytes())
    for resource in said["resources"]:
        path = folder / resource["path"]
        if path.is_file():
            resource["bytes"] = path.stat().st_size
            resource["hash"] = f"sha256:{check.fingerprint_of(path)}"
    change(said)
    said["fingerprint"] = check.sealed(said)
    (folder / check.MANIFEST).write_bytes(check.rendered(said))


def resource(said: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what the list of all files says of one."""
    return next(one for one in said["resources"] if one["name"] == name)


def run_check(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Return what the script in the folder answered, run by Python alone."""
    command = [sys.executable, "-I", str(folder / "check.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", encoding="utf-8")


# Round trips


def test_a_register_has_a_row_in_every_table(left: tuple[Store, Path]) -> None:
    """Otherwise the tests below would say nothing of some."""
    with left[0].reading() as reader:
        assert [name for name, rows in count_rows(reader).items() if not rows] == []


def test_the_same_register_arrives_on_the_other_database_and_back(
    left: tuple[Store, Path], postgresql_url: str, sqlite_url: str, tmp_path: Path
) -> None:
    """Every row, the history's head and every byte of a further handover are the same; verify passes; guards hold."""
    store, folder = left
    with closing(arrived(postgresql_url, folder)) as there:
        assert everything(there) == everything(store)
        assert verify(there, by=SYSTEM) == verify(store, by=SYSTEM)
        handover.hand_over(there, tmp_path / "second", by=SYSTEM)
        assert_append_only(there)
    with closing(arrived(sqlite_url, tmp_path / "second")) as back:
        assert everything(back) == everything(store)
        assert verify(back, by=SYSTEM).ok
        handover.hand_over(back, tmp_path / "third", by=SYSTEM)
        assert_append_only(back)
        take_in(back, "CC-003")  # and goes on
        close(back, "CC-003")
        assert verify(back, by=SYSTEM).ok

    assert contents(folder) == contents(tmp_path / "second") == contents(tmp_path / "third")


def assert_append_only(store: Store) -> None:
    """Each table that nothing is taken from refuses it."""
    for table in APPEND_ONLY:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            store.engine.connect().execution_options(writes=True) as connection,
        ):
            connection.execute(text(f"DELETE FROM {table}"))


def test_the_demonstration_arrives_with_its_clock(sqlite_template: Path, tmp_path: Path) -> None:
    """With a hostile text and a file added to it; and it is a demonstration there too."""
    urls = []
    for name in ("one", "two"):
        shutil.copyfile(sqlite_template, tmp_path / name)
        urls.append(f"sqlite:///{tmp_path / name}")
    with closing(Store(urls[0])) as store:
        load_demonstration(store)
        reference = next(iter(everything(store)["recommendation"]))[1]
        note = CheckedFile("note.txt", NOTE, Scan.NOT_SCANNED)
        give_evidence(store, reference, title="=cmd|x", file=note, describes_on=store.today(), by=SYSTEM)
        done = handover.hand_over(store, tmp_path / "out", by=SYSTEM)
        with closing(arrived(urls[1], tmp_path / "out")) as there:
            assert everything(there) == everything(store)
            assert there.info() == store.info()
            assert verify(there, by=SYSTEM).head == done.head

    assert "**demonstration**" in (tmp_path / "out" / "README.md").read_text()


# What lies in the folder


def test_the_same_register_is_handed_over_in_the_same_bytes(left: tuple[Store, Path], tmp_path: Path) -> None:
    """But for the moment, by the clock of the register, and what follows from it."""
    store, folder = left
    handover.hand_over(store, tmp_path / "again", by=SYSTEM)
    first, second = (json.loads((one / check.MANIFEST).read_bytes()) for one in (folder, tmp_path / "again"))

    assert contents(folder) == contents(tmp_path / "again")
    assert first["created"].startswith(DAY.isoformat())
    assert {key for key in first if first[key] != second[key]} <= {"created", "fingerprint"}


def test_nothing_that_opens_something_leaves(left: tuple[Store, Path], sqlite_url: str) -> None:
    """No hash of a password, session or invitation stands in any file, the page says so, and none arrives."""
    store, folder = left
    with store.reading() as reader:
        secrets = {
            name: reader.connection.execute(metadata.tables[name].select()).all() for name in sorted(LEFT_OUT)
        }
    hashes = [
        value.encode()
        for name in ("credential", "invitation", "login_session")
        for row in secrets[name]
        for column, value in row._mapping.items()
        if "hash" in column
    ]
    assert len(hashes) >= 3
    for content in contents(folder).values():
        assert not [one for one in hashes if one in content]
    page = (folder / "README.md").read_text()
    assert [said for said in LEFT_OUT.values() if f"- {said}\n" not in page] == []
    assert "Nothing is held back for embargo" in page
    with closing(arrived(sqlite_url, folder)) as there, there.reading() as reader:
        for name in LEFT_OUT:
            assert reader.connection.execute(metadata.tables[name].select()).first() is None
        assert {state.account.name for state in reader.account_states()} == {"Kit Moss", "Not Yet"}
    assert b"Later" in (folder / "data" / "inspection.csv").read_bytes()  # under embargo


def test_every_file_is_listed_and_every_column_is_described(left: tuple[Store, Path]) -> None:
    """A Data Package: paths, sizes, fingerprints; fields with a type and a meaning; keys that lead somewhere."""
    said = json.loads((left[1] / check.MANIFEST).read_bytes())
    listed = {one["path"]: one for one in said["resources"]}
    names = [one["name"] for one in said["resources"]]

    assert set(listed) == set(contents(left[1])) - {check.MANIFEST}
    assert len(names) == len(set(names))
    for path, one in listed.items():
        content = (left[1] / path).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    for name in KEPT:
        schema = resource(said, name)["schema"]
        fields = {one["name"]: one for one in schema["fields"]}
        assert set(schema["primaryKey"]) <= set(fields)
        for key in schema.get("foreignKeys", ()):
            other = resource(said, key["reference"].get("resource", name))["schema"]
            assert set(key["reference"]["fields"]) <= {one["name"] for one in other["fields"]}
        for one in fields.values():
            assert one["type"] in TYPES.values()
            assert one["description"].endswith("."), (name, one)
            assert "None" not in one["description"].split(), (name, one)


def test_the_words_of_the_tables_are_explained(left: tuple[Store, Path]) -> None:
    """Each word that a column may hold has its row in vocabularies.csv."""
    said = json.loads((left[1] / check.MANIFEST).read_bytes())
    with (left[1] / "vocabularies.csv").open(encoding="utf-8", newline="") as lines:
        words = {(row["vocabulary"], row["value"]): row for row in csv.DictReader(lines)}
    for name in KEPT:
        for field in resource(said, name)["schema"]["fields"]:
            for value in field.get("constraints", {}).get("enum", ()):
                assert words[field["vocabulary"], value]["meaning"]


def test_no_cell_could_run_and_each_text_is_as_it_was(left: tuple[Store, Path]) -> None:
    """A plain reader of CSV has the text after taking one apostrophe away; a spreadsheet runs nothing."""
    with (left[1] / "data" / "question_change.csv").open(encoding="utf-8", newline="") as lines:
        found = [row["text"] for row in csv.DictReader(lines)]

    assert [unguard(cell) for cell in found][1:] == list(HOSTILE)
    for path in left[1].rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                assert not [cell for cell in row if cell.strip()[:1] in tuple("=+@")], path


def test_the_rule_that_is_printed_gives_every_hash_of_the_history(left: tuple[Store, Path]) -> None:
    """The Python in README.md, line by line as it stands there, works out the hash that each row carries."""
    page = (left[1] / "README.md").read_text(encoding="utf-8")
    (rule,) = (
        block
        for block in re.findall(r"^```\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        if "hashlib" in block
    )
    *steps, last = rule.strip().splitlines()
    program = compile("\n".join([*steps, f"found = {last}"]), "README.md", "exec")
    lines = (left[1] / check.HISTORY).read_bytes().splitlines(keepends=True)
    assert len(lines) > 30
    for line in lines:
        names: dict[str, Any] = {"line": line.decode()}
        exec(program, names)  # noqa: S102 - the product's own words
        assert names["found"] == json.loads(line)["hash"]


def test_files_lie_under_their_fingerprint(left: tuple[Store, Path]) -> None:
    """A file of evidence, a file that was read with its text, and a pack, unaltered."""
    files = {path.relative_to(left[1]).as_posix(): path.read_bytes() for path in left[1].glob("files/*/*")}

    assert files[f"files/evidence_file/{hashlib.sha256(NOTE).hexdigest()}"] == NOTE
    assert files[f"files/published_file/{hashlib.sha256(b'A pack').hexdigest()}"] == b"A pack"
    assert len([path for path in files if path.endswith(".txt")]) == 1
    for path, content in files.items():
        assert Path(path).stem == hashlib.sha256(content).hexdigest()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_nobody_else_may_read_it(left: tuple[Store, Path], tmp_path: Path) -> None:
    """Also where the folder was there before."""
    (tmp_path / "there").mkdir(mode=0o755)
    handover.hand_over(left[0], tmp_path / "there", by=SYSTEM)

    assert left[1].stat().st_mode & 0o077 == 0
    assert (tmp_path / "there").stat().st_mode & 0o077 == 0
    assert run_check(tmp_path / "there").returncode == 0


# The script


def test_the_script_checks_alone(package: Path) -> None:
    """One plain line with the counts, the head and the fingerprint, and 0; with the fingerprint kept elsewhere, too."""
    done = run_check(package)
    said = json.loads((package / check.MANIFEST).read_bytes())

    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    assert done.stdout.startswith("Everything fits: ")
    assert said["handover"]["head"] in done.stdout
    assert run_check(package, "--fingerprint", said["fingerprint"]).returncode == 0
    other = run_check(package, "--fingerprint", "0" * 64)
    assert (other.returncode, "not the one that was given" in other.stdout) == (1, True)


def test_the_script_needs_an_old_python_and_nothing_else(package: Path) -> None:
    """Python 3.8 can read it, and it imports what Python brings along."""
    tree = ast.parse((package / "check.py").read_bytes(), feature_version=(3, 8))
    named = {
        one.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for one in ([a.name for a in node.names] if isinstance(node, ast.Import) else [str(node.module)])
    }

    assert named <= set(sys.stdlib_module_names)


KINDS = [
    ("README.md", "README.md"),
    ("check.py", "check.py"),
    (check.MANIFEST, check.MANIFEST),
    ("vocabularies.csv", "vocabularies.csv"),
    ("data/evidence.csv", "data/evidence.csv"),
    (check.HISTORY, f"{check.HISTORY}, row "),
    ("files/evidence_file/*", "files/evidence_file/"),
    ("files/source/*.txt", "files/source/"),
    ("files/published_file/*", "files/published_file/"),
]


@pytest.mark.parametrize(("pattern", "named"), KINDS, ids=[pattern for pattern, _ in KINDS])
def test_one_changed_byte_is_told_by_name(package: Path, pattern: str, named: str, refused: Refused) -> None:
    """In each kind of file, by the script and by the import; in the history with the row."""
    (path,) = list(package.glob(pattern))[:1]
    content = bytearray(path.read_bytes())
    at = len(content) // 2
    content[at] = ord("x") if content[at] != ord("x") else ord("y")
    path.write_bytes(content)

    if path.name != "check.py":
        done = run_check(package)
        assert (done.returncode, done.stderr) == (1, "")
        assert done.stdout.startswith(f"It does not fit. {named}")
    (said, *_) = refused(package)
    assert said.startswith(named)


def test_one_changed_byte_in_a_blank_of_the_list_is_told(package: Path, refused: Refused) -> None:
    """What it says stays the same; the bytes do not."""
    path = package / check.MANIFEST
    path.write_bytes(path.read_bytes().replace(b"\n ", b"\n\t", 1))

    assert refused(package) == [f"{check.MANIFEST}: was changed after the handover."]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda lines: [*lines[:4], *lines[5:]], "history.jsonl, row 5: has the number 6: a row is missing"),
        (lambda lines: lines[:-1], "history.jsonl: has "),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "history.jsonl, row 1: has the number 2"),
        (lambda lines: [*lines[:2], lines[2].replace(b"recorded_at", b"recorded_by"), *lines[3:]], "row 3: was changed"),
        (lambda lines: [*lines, b"\n"], "was changed"),
        (lambda lines: [lines[0].replace(b'"seq":1', b'"seq":true'), *lines[1:]], "row 1: was changed"),
    ],
)  # fmt: skip
def test_a_history_that_was_cut_or_put_together_anew_is_told(
    package: Path, spoil: Callable[[list[bytes]], list[bytes]], said: str, refused: Refused
) -> None:
    """Also where every fingerprint of the file was put right afterwards."""
    path = package / check.HISTORY
    path.write_bytes(b"".join(spoil(path.read_bytes().splitlines(keepends=True))))
    reseal(package)

    (found, *_) = refused(package)
    assert said in found


# What is refused


def test_missing_and_strange_files_are_told_all_at_once(package: Path, refused: Refused) -> None:
    """Each by its name; what a file manager leaves behind is passed over."""
    (package / "data" / "link.csv").unlink()
    (package / "data" / "more.csv").write_text("id\r\n")
    (package / ".DS_Store").write_bytes(b"x")
    (package / "data" / "wording.csv").unlink()
    os.symlink("/etc/passwd", package / "data" / "wording.csv")

    assert refused(package) == [
        "data/wording.csv: is a link; a handover holds none.",
        "data/more.csv: does not belong to the handover.",
        "data/link.csv: is missing.",
    ]
    assert run_check(package).stdout.endswith(" And 2 more.\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_that_cannot_be_printed_is_told_all_the_same(package: Path, refused: Refused) -> None:
    """A terminal is told to do nothing by it."""
    (package / os.fsdecode(b"\x1b[2J\xff\xc3\xa9")).touch()

    assert refused(package) == ["?[2J?é: does not belong to the handover."]
    done = run_check(package)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("It does not fit. ?[2J?\\xe9: does not")


def test_a_folder_that_is_a_link_is_not_gone_into(package: Path, tmp_path: Path, refused: Refused) -> None:
    """Neither by the script nor by the import."""
    (package / "data").rename(tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", package / "data")

    assert refused(package)[0] == "data: is a link; a handover holds none."
    assert run_check(package).returncode == 1


def wrong_path(path: str) -> Callable[[dict[str, Any]], None]:
    """Return what makes the list of all files name another place."""

    def change(said: dict[str, Any]) -> None:
        resource(said, "link")["path"] = path

    return change


def in_list(**given: Any) -> Callable[[dict[str, Any]], None]:
    """Return what changes facts about the whole in the list of all files."""

    def change(said: dict[str, Any]) -> None:
        said["handover"].update(given)

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (wrong_path("../secret.csv"), 'names "../secret.csv", which is no place for a file of a handover'),
        (wrong_path("/etc/passwd"), 'names "/etc/passwd", which is no place'),
        (wrong_path("data/../../x.csv"), "which is no place"),
        (wrong_path("data/wording.csv"), "lists a file twice"),
        (in_list(form=2), "is of form 2 of a handover; this reads form 1"),
        (in_list(schema_revision="9999"), "was written by a newer release"),
        (in_list(schema_revision=7), "is not put together as the list of a handover"),
        (in_list(office=None), "is not put together as the list of a handover"),
        (in_list(head="0" * 64), "ends with the hash"),
        (in_list(history_rows=3), "has "),
        (lambda said: said.update(resources=3), "is not put together"),
        (lambda said: resource(said, "link").update(rows=9), "data/link.csv: has 1 rows; datapackage.json says 9"),
        (lambda said: resource(said, "link").update(bytes=-1), "is not put together"),
        (lambda said: resource(said, "link").update(hash="md5:1"), "has no SHA-256 fingerprint for data/link.csv"),
        (lambda said: said["resources"].remove(resource(said, "history")), "does not list history.jsonl"),
        (lambda said: said["resources"].remove(resource(said, "link")), "does not belong to the handover"),
    ],
)  # fmt: skip
def test_a_list_that_was_made_up_is_refused(
    package: Path, change: Callable[[dict[str, Any]], None], said: str, refused: Refused
) -> None:
    """Also where its own fingerprint is right: in one sentence."""
    reseal(package, change)

    assert said in refused(package)[0]


def cell(table: str, column: str, value: str) -> Callable[[Path], None]:
    """Return what writes a value into the first row of a table."""

    def change(folder: Path) -> None:
        path = folder / "data" / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        rows[1][rows[0].index(column)] = value
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\r\n").writerows(rows)

    return change


def heading(table: str, old: str, new: str) -> Callable[[Path], None]:
    """Return what gives a column another name."""

    def change(folder: Path) -> None:
        path = folder / "data" / f"{table}.csv"
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode(), 1))

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cell("evidence", "kind", "gossip"), 'data/evidence.csv, row 2, kind: "gossip" is not one of: inspection, '),
        (cell("evidence", "describes_on", "31/03/2023"), "describes_on: \"31/03/2023\" is not a day as 2023-03-31"),
        (cell("evidence", "describes_on", "20230331"), "is not a day as 2023-03-31"),
        (cell("evidence", "sample", "1e3"), "is not a whole number"),
        (cell("evidence", "sample", "99999999999"), "is not a whole number"),
        (cell("evidence", "sample", " 4"), "is not a whole number"),
        (cell("evidence", "value", "nan"), "is not a number"),
        (cell("evidence", "title", "=1+1"), "is not a text as a handover writes it"),
        (cell("evidence", "recorded_at", "2024-03-04T12:00:00"), "is not a moment as 2023-03-31T12:00:00Z"),
        (cell("evidence", "title", "Another title"), "what is in it does not fit together: 1: evidence is in the"),
        (cell("meeting", "is_public", "yes"), "is not true or false"),
        (cell("inspection", "grades", '{"a":1}'), "is not a list as JSON"),
        (cell("inspection", "grades", "[" * 9000), "is not a list as JSON"),
        (cell("inspection", "id", ""), "is not a whole number"),
        (cell("evidence_file", "content", "files/evidence_file/../../README.md"), "is no place of a file of evidence"),
        (cell("evidence_file", "content", "README.md"), "is no place of a file of evidence_file"),
        (cell("evidence_file", "content", f"files/evidence_file/{'0' * 64}"), "is missing or cannot be read"),
        (cell("evidence_file", "fingerprint", "0" * 64), "break a rule of the register (FOREIGN KEY"),
        (cell("evidence_use", "evidence_id", "77"), "break a rule of the register (FOREIGN KEY"),
        (cell("recommendation", "closed_on", "2020-01-01"), "(closing takes evidence and a second person)"),
        (cell("recommendation", "short_title", "Other"), "CC-001: short_title is kept as"),
        (cell("register", "id", "2"), "data/register.csv: says nothing of the register"),
        (heading("link", "other", "others"), 'data/link.csv: this product has no column "others" there'),
        (heading("link", ",other", ",n"), "data/link.csv: has a column twice"),
        (heading("link", ",other", ""), 'data/link.csv: lacks the column "other", which this release needs'),
        (heading("link", "\r\n", ",\r\n"), "data/link.csv: this product has no column"),
    ],
)  # fmt: skip
def test_a_table_that_was_made_up_is_refused(
    package: Path, change: Callable[[Path], None], said: str, refused: Refused
) -> None:
    """Also where every fingerprint was put right: by the file, the row and the column, or by what no longer fits."""
    change(package)
    reseal(package)

    assert said in " ".join(refused(package))


def test_too_large_a_table_or_file_is_refused_before_it_is_read(
    package: Path, monkeypatch: pytest.MonkeyPatch, refused: Refused
) -> None:
    """By its name, whatever the list says of its size."""
    monkeypatch.setattr(arriving, "FILE_LIMIT", 5)
    assert "is larger than" in refused(package)[0]
    monkeypatch.setattr(arriving, "TABLE_LIMIT", 500)
    assert re.match(r"data/\w+\.csv: is larger than", refused(package)[0])


def test_a_register_that_has_begun_takes_in_no_other(database_url: str, package: Path) -> None:
    """On either database; every row of it stays."""
    with closing(a_register(database_url)) as register:
        before = everything(register)
        with pytest.raises(RuleError, match="already holds something"):
            handover.build_register(register, handover.read_package(package, by=SYSTEM), by=SYSTEM)
        assert everything(register) == before


def test_what_is_refused_leaves_nothing_behind(database_url: str, package: Path) -> None:
    """One transaction: a fault in the last table takes the first ones back."""
    cell("wording", "n", "7")(package)
    reseal(package)
    with closing(Store(database_url)) as store:
        with pytest.raises(UnreadableFileError):
            handover.build_register(store, handover.read_package(package, by=SYSTEM), by=SYSTEM)
        with store.reading() as reader:
            assert not any(count_rows(reader).values())


def test_nobody_hands_over_or_builds_but_from_the_machine(left: tuple[Store, Path], tmp_path: Path) -> None:
    """A handover takes everything of every service, so no role is enough."""
    for by in (OFFICE, ADMINISTRATOR):
        with pytest.raises(AccessError, match="from the command line"):
            handover.hand_over(left[0], tmp_path / "out", by=by)
        with pytest.raises(AccessError):
            handover.read_package(left[1], by=by)
    assert list(tmp_path.iterdir()) == []


# A handover of an earlier release


def older(folder: Path, revision: str, tables: set[str], columns: dict[str, set[str]]) -> None:
    """Make a handover as an earlier release wrote it: without these tables and columns."""
    for name in tables:
        (folder / "data" / f"{name}.csv").unlink()
    for name, gone in columns.items():
        path = folder / "data" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        kept = [place for place, column in enumerate(rows[0]) if column not in gone]
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\r\n").writerows([[row[i] for i in kept] for row in rows])

    def change(said: dict[str, Any]) -> None:
        said["handover"]["schema_revision"] = revision
        said["resources"] = [one for one in said["resources"] if one["name"] not in tables]

    reseal(folder, change)


IN_0003 = {
    "register", "service", "inspection", "publication_day", "recommendation", "evidence", "source", "report_source",
    "tracker_columns", "meeting", "account", "account_change", "history", *LIST_NAMES,
}  # fmt: skip
LATER_COLUMNS = {
    "evidence": {"file", "file_name", "file_size", "file_scan"},
    "meeting": {"attendees", "papers", "minutes", "is_cancelled"},
    "account_change": {"by_rule"},
}


def test_a_handover_of_an_earlier_release_is_built(
    sqlite_template: Path, database_url: str, tmp_path: Path, refused: Refused
) -> None:
    """What came later is empty, or as the database fills it; verify passes, and the head is the same."""
    shutil.copyfile(sqlite_template, tmp_path / "old.sqlite")
    folder = tmp_path / "out"
    with closing(a_register(f"sqlite:///{tmp_path / 'old.sqlite'}")) as store:
        take_in(store, "CC-001")
        close(store, "CC-001")
        done = handover.hand_over(store, folder, by=SYSTEM)
        older(folder, "0003", set(KEPT) - IN_0003, LATER_COLUMNS)
        assert run_check(folder).returncode == 0
        with closing(arrived(database_url, folder)) as there:
            assert everything(there) == everything(store)
            assert verify(there, by=SYSTEM).head == done.head
    reseal(folder, in_list(schema_revision=HEAD))
    assert refused(folder)[0].endswith(f"is not listed in {check.MANIFEST}.")


# Leaving


@pytest.mark.parametrize("is_there", [False, True], ids=["absent", "empty"])
def test_a_handover_that_fails_leaves_nothing(
    left: tuple[Store, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    """A full disk in the middle: one sentence, and the place is as it was."""
    target = tmp_path / "out"
    if is_there:
        target.mkdir()
    written = leaving._write_csv

    def full(path: Path, *rest: Any) -> None:
        if path.name == "wording.csv":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        written(path, *rest)

    monkeypatch.setattr(leaving, "_write_csv", full)
    with pytest.raises(RuleError, match="no space left on device"):
        handover.hand_over(left[0], target, by=SYSTEM)

    assert list(tmp_path.iterdir()) == ([target] if is_there else [])
    assert not is_there or list(target.iterdir()) == []


def test_only_an_empty_place_is_written_to(left: tuple[Store, Path], tmp_path: Path) -> None:
    """A file, a folder with something in it, and a place that is nowhere are refused in words."""
    (tmp_path / "file").touch()
    for target, said in (
        (tmp_path, "already holds something"),
        (tmp_path / "file", "is a file"),
        (tmp_path / "no" / "where", "There is no folder"),
    ):
        with pytest.raises(RuleError, match=said):
            handover.hand_over(left[0], target, by=SYSTEM)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_empty_database_has_nothing_to_hand_over(sqlite_url: str, tmp_path: Path) -> None:
    """It says so, and writes nothing."""
    with closing(Store(sqlite_url)) as store, pytest.raises(RuleError, match="has not begun"):
        handover.hand_over(store, tmp_path / "out", by=SYSTEM)
    assert list(tmp_path.iterdir()) == [tmp_path / "register.sqlite"]


def test_a_register_that_was_tampered_with_leaves_as_it_is_and_says_so(
    sqlite_url: str, tmp_path: Path, refused: Refused
) -> None:
    """Nobody is held back by it; but no register is built from it."""
    with closing(a_register(sqlite_url)) as register:
        take_in(register, "CC-001")
        with register.engine.connect().execution_options(writes=True) as connection:
            connection.execute(text("UPDATE recommendation SET short_title = 'Other'"))
            connection.commit()
        done = handover.hand_over(register, tmp_path / "out", by=SYSTEM)

    assert len(done.problems) == 1
    assert "short_title is kept as" in done.problems[0]
    assert json.loads((tmp_path / "out" / check.MANIFEST).read_bytes())["handover"]["problems"] == [
        *done.problems
    ]
    assert "short_title is kept as" in refused(tmp_path / "out")[0]


def test_progress_is_told(left: tuple[Store, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many rows of how many, when leaving and when arriving."""
    monkeypatch.setattr(leaving, "_EVERY", 10)
    monkeypatch.setattr(arriving, "_EVERY", 10)
    with left[0].reading() as reader:
        rows = sum(count_rows(reader).values())
    for act in (
        lambda told: handover.hand_over(left[0], tmp_path / "out", by=SYSTEM, progress=told),
        lambda told: handover.try_out(handover.read_package(left[1], by=SYSTEM), by=SYSTEM, progress=told),
    ):
        told: list[tuple[int, int]] = []
        act(lambda done, of, told=told: told.append((done, of)))
        assert [done for done, _ in told] == list(range(10, rows + 1, 10))
        assert {of for _, of in told} == {rows}


# Cells


def column(kind: Any, *, may_be_empty: bool = False, words: Any = None) -> ColumnShape:
    """Return a column."""
    return ColumnShape("c", kind, may_be_empty, words)


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])) | st.sampled_from(HOSTILE)


@settings(max_examples=80)
@given(texts | st.none(), st.booleans())
def test_every_text_comes_back_from_its_cell(value: str | None, may_be_empty: bool) -> None:
    """Nothing and the empty text stay apart where both can be."""
    if value is None and not may_be_empty:
        return
    shape = column("text", may_be_empty=may_be_empty)

    assert cells.read(shape, cells.written(shape, value)) == value


@settings(max_examples=40)
@given(
    st.tuples(st.integers(-(2**31) + 1, 2**31 - 1), st.just("integer"))
    | st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.just("number"))
    | st.tuples(st.booleans(), st.just("flag"))
    | st.tuples(st.dates(), st.just("day"))
    | st.tuples(st.lists(texts | st.tuples(texts, texts) | st.integers()).map(tuple), st.just("list"))
)
def test_every_value_comes_back_from_its_cell(value: tuple[Any, Any]) -> None:
    """A number, a day and a list have one spelling each."""
    shape = column(value[1])

    assert cells.read(shape, cells.written(shape, value[0])) == value[0]


def test_a_word_comes_back_as_the_member_it_is() -> None:
    """And any other is refused with those that would be right."""
    shape = column("text", words=Kind)

    assert cells.read(shape, "afi") is Kind.AFI
    with pytest.raises(ValueError, match="one of: recommendation, afi"):
        cells.read(shape, "AFI")


def test_what_a_docstring_says_of_several_names_is_said_of_each() -> None:
    """Over the end of the line, too."""
    said = "One thing.\n\nAttributes:\n    a, b: Both, as\n        they are.\n    c: The last."

    assert dict(attributes_of(said)) == {
        "a": "Both, as they are.",
        "b": "Both, as they are.",
        "c": "The last.",
    }


# The command line


def run(*arguments: str | Path) -> Result:
    """Return what a command answered."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_commands_leave_and_arrive(left: tuple[Store, Path], tmp_path: Path) -> None:
    """A dry run, which is the default, makes no database; applied, the head is the same; a second time is refused."""
    out, address = tmp_path / "out", f"sqlite:///{tmp_path / 'new.sqlite'}"
    done = json.loads(run("handover", out, "--json", "--database", left[0].address).stdout)
    tried = run("import", out, "--json", "--database", address)
    assert not (tmp_path / "new.sqlite").exists()
    words = run("import", out, "--apply", "--database", address)
    again = run("import", out, "--apply", "--json", "--database", address)
    (answer,) = json.loads(tried.stdout)

    assert (answer["file"], answer["outcome"], answer["new"], answer["problems"]) == ("out", "ready", 3, [])
    assert (answer["head"], answer["fingerprint"]) == (done["head"], done["fingerprint"])
    assert answer["tables"] == done["tables"]
    assert (tried.exit_code, words.exit_code, again.exit_code) == (0, 0, 1)
    assert "it is stored, and everything fits" in words.stdout
    assert "account invite" in words.stderr
    assert "already holds something" in json.loads(again.stdout)[0]["problems"][0]["message"]
    assert json.loads(run("verify", "--json", "--database", address).stdout)["head"] == done["head"]


def test_a_folder_that_is_no_handover_is_one_sentence(tmp_path: Path) -> None:
    """As words and as JSON; with files or options beside it, it is wrong usage."""
    (tmp_path / "empty").mkdir()
    address = f"sqlite:///{tmp_path / 'new.sqlite'}"
    done = run("import", tmp_path / "empty", "--json", "--apply", "--database", address)
    (problem,) = json.loads(done.stdout)[0]["problems"]

    assert (done.exit_code, problem["where"]) == (1, check.MANIFEST)
    assert "is no folder of a handover" in problem["message"]
    assert not (tmp_path / "new.sqlite").exists()
    assert run("import", tmp_path / "empty", tmp_path / "empty").exit_code == 2
    assert run("import", tmp_path / "empty", "--service", "Any").exit_code == 2
    assert run("handover", tmp_path / "out", "--database", address).exit_code == 1
