"""Files of evidence: kept once and unaltered, seen by those who see what they serve, scanned, counted; or nothing at all."""

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from monitor.domain.access import SYSTEM, Actor, Role
from monitor.domain.evidence_files import Scan
from monitor.domain.statuses import Precision
from monitor.errors import (
    AccessError,
    ConflictError,
    MonitorError,
    NotFoundError,
    RuleError,
    UnreadableFileError,
)
from monitor.services import evidence_files, updating
from monitor.services.checking import verify
from monitor.services.evidence_files import CheckedFile, GivenFile, read_file
from monitor.services.examining import Finding, examine
from monitor.services.intake import take_in_report
from monitor.services.reading import read_recommendation
from monitor.services.scanning import scan
from monitor.store import Store
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    DAY,
    EDITOR,
    EDITOR_2,
    ELSEWHERE,
    NOBODY,
    OFFICE,
    OFFICE_ELSEWHERE,
    PUBLIC,
    SERVICE,
    Clock,
    day,
    give_evidence,
    moment,
    person,
    take_in,
)
from tests.evidence import GOOD, NOTE, a_clamd

A_NOTE = GivenFile("note.txt", NOTE)
EVERYWHERE = person("everywhere", Role.OFFICE, services=None)


def files_kept(store: Store) -> int:
    """Return how many files the register holds."""
    with store.reading() as reader:
        return int(reader.connection.execute(text("SELECT count(*) FROM evidence_file")).scalar() or 0)


@pytest.mark.parametrize("name", GOOD)
def test_a_file_comes_out_as_it_went_in(sqlite_register: Store, name: str) -> None:
    """Byte for byte, under its name and our own type, and the history vouches for it."""
    take_in(sqlite_register)

    item = give_evidence(sqlite_register, file=GivenFile(name, GOOD[name]))

    kept = read_file(sqlite_register, evidence_id=item.id, by=OFFICE)
    assert (kept.name, kept.content) == (name, GOOD[name])
    assert kept.media_type != "application/octet-stream"
    assert (item.file, item.file_size) == (hashlib.sha256(GOOD[name]).hexdigest(), len(GOOD[name]))
    assert verify(sqlite_register, by=OFFICE).ok


def test_the_item_reads_back_with_its_file(register: Store) -> None:
    """On each database; an item without one has none."""
    take_in(register)
    with_file, without = give_evidence(register, file=A_NOTE), give_evidence(register)

    seen = {item.id: item for item in read_recommendation(register, reference="CC-001", by=OFFICE).evidence}

    assert seen[with_file.id] == with_file
    assert (with_file.file_name, with_file.file_scan) == ("note.txt", Scan.NOT_SCANNED)
    assert seen[without.id].file is None
    assert read_file(register, evidence_id=with_file.id, by=ANALYST).content == NOTE
    assert verify(register, by=OFFICE).ok


def test_the_same_file_is_kept_once_and_called_what_each_called_it(register: Store) -> None:
    """Nobody learns by what name, or whether at all, somebody else had added it."""
    take_in(register, "CC-001")
    take_in(register, "CC-002")

    first = give_evidence(register, "CC-001", file=A_NOTE)
    second = give_evidence(register, "CC-002", file=GivenFile("minutes.txt", NOTE), by=EDITOR_2)

    assert files_kept(register) == 1
    assert [read_file(register, evidence_id=one.id, by=OFFICE).name for one in (first, second)] == [
        "note.txt",
        "minutes.txt",
    ]
    assert verify(register, by=OFFICE).ok


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\note.txt", "note.txt"),
        ("no\u202etxt.exe\0.txt", "no\ufffdtxt.exe\ufffd.txt"),
        ("x" * 300 + ".txt", "x" * 115 + "…" + ".txt"),
    ],
)
def test_hostile_names_are_cleaned_before_they_are_kept(
    sqlite_register: Store, name: str, shown: str
) -> None:
    """No folder, nothing invisible, 120 characters."""
    take_in(sqlite_register)

    item = give_evidence(sqlite_register, file=GivenFile(name, NOTE))

    assert item.file_name == shown
    assert len(item.file_name) <= 120


# Nothing half kept


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        pytest.param({"file": GivenFile("a.png", b"MZ\0\0")}, UnreadableFileError, id="no picture"),
        pytest.param({"file": A_NOTE, "title": ""}, RuleError, id="no title"),
        pytest.param({"file": A_NOTE, "describes_on": day(1)}, RuleError, id="it describes tomorrow"),
        pytest.param({"file": A_NOTE, "on": day(1)}, RuleError, id="added tomorrow"),
        pytest.param({"file": A_NOTE, "version": 99}, ConflictError, id="somebody else was faster"),
        pytest.param({"file": A_NOTE, "by": PUBLIC}, AccessError, id="by the public"),
        pytest.param({"file": A_NOTE, "by": OFFICE_ELSEWHERE}, NotFoundError, id="by another force's office"),
    ],
)
def test_what_is_refused_leaves_neither_item_nor_file(
    register: Store, given: dict[str, Any], problem: type[MonitorError]
) -> None:
    """One transaction: the register is as it was."""
    take_in(register)
    before = register.data_version()

    with pytest.raises(problem):
        give_evidence(register, **given)

    assert register.data_version() == before
    assert files_kept(register) == 0


def test_a_file_of_somebody_who_may_not_add_is_not_looked_at(
    sqlite_register: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The permission comes before the work."""
    take_in(sqlite_register)
    monkeypatch.setattr(updating, "check_file", lambda _: pytest.fail("it was looked at"))

    with pytest.raises(AccessError):
        give_evidence(sqlite_register, file=A_NOTE, by=ANALYST)


def test_nobody_waits_while_a_file_is_looked_through(
    sqlite_register: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gate and scanner take seconds; another can write meanwhile."""
    take_in(sqlite_register, "CC-001")
    take_in(sqlite_register, "CC-002")

    def slowly(given: GivenFile) -> CheckedFile:
        other = Store(sqlite_register.address, clock=Clock())
        give_evidence(other, "CC-002", by=EDITOR_2)
        other.close()
        return CheckedFile(given.name, given.content, Scan.CLEAN)

    monkeypatch.setattr(updating, "check_file", slowly)

    assert give_evidence(sqlite_register, "CC-001", file=A_NOTE).file_scan is Scan.CLEAN


# How much


def test_a_day_allows_so_much_for_one_account(
    register: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted by what is kept: the next day, and another person, begin anew."""
    monkeypatch.setenv("MONITOR_EVIDENCE_MB_A_DAY", "1")
    take_in(register)
    large = b"x" * 600_000

    give_evidence(register, file=GivenFile("a.txt", large))
    with pytest.raises(RuleError, match=r"586 KB.*has added 586 KB of files today.*allows 1 MB"):
        give_evidence(register, file=GivenFile("b.txt", large + b"y"))
    give_evidence(register, file=GivenFile("b.txt", large + b"y"), by=EDITOR_2)
    clock.set(day(1))
    give_evidence(register, file=GivenFile("b.txt", large + b"y"))

    assert files_kept(register) == 2


def test_the_same_file_brought_again_costs_nothing(
    sqlite_register: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is what is kept; that somebody else brought it before helps nobody, and so tells nobody."""
    monkeypatch.setenv("MONITOR_EVIDENCE_MB_A_DAY", "1")
    take_in(sqlite_register)
    large, other = b"x" * 600_000, b"y" * 600_000

    for name in ("a.txt", "again.txt", "once-more.txt"):
        give_evidence(sqlite_register, file=GivenFile(name, large))
    give_evidence(sqlite_register, file=GivenFile("theirs.txt", other), by=EDITOR_2)
    with pytest.raises(RuleError, match=r"has added 586 KB of files today"):
        give_evidence(sqlite_register, file=GivenFile("theirs.txt", other))

    assert files_kept(sqlite_register) == 2


def test_two_files_in_one_transaction_are_counted_together(
    sqlite_register: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has not been written yet counts as well, and nothing of it is kept."""
    monkeypatch.setenv("MONITOR_EVIDENCE_MB_A_DAY", "1")
    take_in(sqlite_register)
    one, other = (CheckedFile("a.txt", letter * 600_000, Scan.CLEAN) for letter in (b"x", b"y"))

    def both() -> None:
        with sqlite_register.writing():
            give_evidence(sqlite_register, file=one)
            give_evidence(sqlite_register, file=other)

    with pytest.raises(RuleError, match="allows 1 MB"):
        both()

    assert files_kept(sqlite_register) == 0


# Who may see


HIDDEN: list[Any] = [
    pytest.param({"embargo_until": moment(day(30))}, id="embargoed"),
    pytest.param({"is_restricted": True}, id="restricted"),
    pytest.param({"service": ELSEWHERE}, id="of another service"),
]


@pytest.mark.parametrize("by", [EDITOR, ANALYST, PUBLIC], ids=lambda by: str(by.id))
@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_hidden_file_reads_as_one_that_is_absent(
    sqlite_register: Store, by: Actor, hidden: dict[str, Any]
) -> None:
    """The same words for it, for a number that nobody has, and for an item without a file."""
    facts: dict[str, Any] = {
        "service": SERVICE,
        "title": "Secret",
        "published_on": DAY,
        "published_precision": Precision.DAY,
    }
    report = take_in_report(sqlite_register, by=EVERYWHERE, **facts | hidden)
    take_in(sqlite_register, "CC-HIDDEN", inspection_id=report.id, by=EVERYWHERE)
    item = give_evidence(sqlite_register, "CC-HIDDEN", file=A_NOTE, by=EVERYWHERE)
    take_in(sqlite_register, "CC-OPEN")
    bare = give_evidence(sqlite_register, "CC-OPEN")

    said = []
    for number in (item.id, 999, bare.id, -1, 10**30):
        with pytest.raises(NotFoundError) as refusal:
            read_file(sqlite_register, evidence_id=number, by=by)
        said.append(refusal.value.message.replace(str(number), "…"))

    assert len(set(said)) == 1
    assert read_file(sqlite_register, evidence_id=item.id, by=EVERYWHERE).content == NOTE


def test_a_file_that_also_serves_what_is_seen_is_seen(sqlite_register: Store) -> None:
    """One of what it serves is enough, as it is for the item."""
    report = take_in_report(
        sqlite_register,
        by=OFFICE,
        service=SERVICE,
        title="Secret",
        published_on=DAY,
        published_precision=Precision.DAY,
        is_restricted=True,
    )
    take_in(sqlite_register, "CC-HIDDEN", inspection_id=report.id)
    take_in(sqlite_register, "CC-OPEN")

    item = give_evidence(sqlite_register, "CC-HIDDEN", "CC-OPEN", file=A_NOTE, by=OFFICE)

    assert read_file(sqlite_register, evidence_id=item.id, by=EDITOR).content == NOTE


@pytest.mark.parametrize("by", [PUBLIC, ADMINISTRATOR], ids=lambda by: str(by.id))
def test_whoever_may_only_read_takes_no_file_away(sqlite_register: Store, by: Actor) -> None:
    """It may name people: the public reads what it shows, not the file."""
    take_in(sqlite_register)
    item = give_evidence(sqlite_register, file=A_NOTE)

    with pytest.raises(AccessError, match="may not export"):
        read_file(sqlite_register, evidence_id=item.id, by=by)


def test_whoever_may_read_nothing_cannot_tell_one_from_another(sqlite_register: Store) -> None:
    """Without any right to read, a number that exists says what one that does not says."""
    take_in(sqlite_register)
    item = give_evidence(sqlite_register, file=A_NOTE)

    for number in (item.id, 999):
        with pytest.raises(AccessError):
            read_file(sqlite_register, evidence_id=number, by=NOBODY)


# Past the product


def test_a_byte_changed_past_the_product_is_named_and_not_given_out(register: Store) -> None:
    """`verify` names the item and its file; nobody is handed what was not added."""
    take_in(register)
    item = give_evidence(register, file=A_NOTE)
    unguarded(register, "UPDATE evidence_file SET content = :content", content=NOTE.replace(b"nine", b"nein"))

    verdict = verify(register, by=SYSTEM)

    assert not verdict.ok
    assert verdict.differences == (
        f"Evidence {item.id}, note.txt: the bytes kept were changed after the file was added.",
    )
    with pytest.raises(UnreadableFileError, match="no longer what was added"):
        read_file(register, evidence_id=item.id, by=OFFICE)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE evidence SET file = NULL", "is in the history but not in the register"),
        ("UPDATE evidence SET file_name = 'other.txt'", "is in the history but not in the register"),
        ("UPDATE evidence SET file_scan = 'clean'", "is in the history but not in the register"),
        ("INSERT INTO evidence_file (fingerprint, content) VALUES ('ab', 'x')", "that no evidence names"),
    ],
)
def test_whatever_else_is_done_to_a_file_past_the_product_is_found(
    sqlite_register: Store, statement: str, said: str
) -> None:
    """Its link to the item, its name and its mark, a file put in; the database refuses to take one out."""
    take_in(sqlite_register)
    give_evidence(sqlite_register, file=A_NOTE)

    unguarded(sqlite_register, statement)

    assert any(said in one for one in verify(sqlite_register, by=SYSTEM).differences)


def unguarded(store: Store, statement: str, **values: object) -> None:
    """Do something to the database as its owner, with its guards taken off."""
    with store.engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "sqlite":
            triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for name in triggers.scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE evidence_file DISABLE TRIGGER ALL"))
        connection.execute(text(statement), values)


# The scanner


def test_a_clean_file_is_kept_with_its_mark(sqlite_register: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scanner has been sent every byte of it."""
    take_in(sqlite_register)
    large = GivenFile("a.txt", b"line\n" * 50_000)
    with a_clamd(b"stream: OK\0") as (address, seen):
        monkeypatch.setenv("MONITOR_CLAMD", address)
        item = give_evidence(sqlite_register, file=large)

    assert item.file_scan is Scan.CLEAN
    assert seen == [large.content]


def test_a_file_in_which_something_is_found_is_refused(
    sqlite_register: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence names the file and what was found; nothing is kept."""
    take_in(sqlite_register)
    before = sqlite_register.data_version()
    with a_clamd(b"stream: Eicar-Test-Signature FOUND\0") as (address, _):
        monkeypatch.setenv("MONITOR_CLAMD", address)
        with pytest.raises(
            UnreadableFileError, match=r"note\.txt was refused: .* found Eicar-Test-Signature in it"
        ):
            give_evidence(sqlite_register, file=A_NOTE)

    assert sqlite_register.data_version() == before
    assert files_kept(sqlite_register) == 0


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"INSTREAM size limit exceeded. ERROR\0", id="an error"),
        pytest.param(b"stream: OK", id="an answer cut off"),
        pytest.param(b"", id="no answer"),
        pytest.param(b"UNKNOWN COMMAND\0", id="another program"),
        pytest.param(b"OK\0", id="not about the file"),
        pytest.param(b"x" * 10_000, id="an endless answer"),
        pytest.param(None, id="silence"),
    ],
)
def test_what_is_not_known_to_be_clean_is_not_kept(answer: bytes | None) -> None:
    """Anything but a plain answer counts as no answer, within the time allowed."""
    with (
        a_clamd(answer) as (address, _),
        pytest.raises(
            UnreadableFileError, match=r"note\.txt was not kept: the virus scanner could not be asked"
        ),
    ):
        scan("note.txt", NOTE, clamd=address, seconds=0.5)


@pytest.mark.parametrize("address", ["127.0.0.1:9", "nonsense", "host:port", "/no/such/socket", "unix:/no"])
def test_a_scanner_that_is_not_there_lets_nothing_through(
    sqlite_register: Store, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Named but not reachable is not the same as none."""
    take_in(sqlite_register)
    monkeypatch.setenv("MONITOR_CLAMD", address)

    with pytest.raises(UnreadableFileError, match="could not be asked"):
        give_evidence(sqlite_register, file=A_NOTE)

    assert files_kept(sqlite_register) == 0


@pytest.mark.parametrize("prefix", ["", "unix:"])
def test_a_scanner_can_listen_on_a_socket_in_the_file_system(tmp_path: Path, prefix: str) -> None:
    """As clamd does by default."""
    with a_clamd(b"stream: OK\0", path=tmp_path / "clamd") as (address, seen):
        assert scan("note.txt", NOTE, clamd=prefix + address) is Scan.CLEAN

    assert seen == [NOTE]


def test_the_doctor_says_whether_the_scanner_answers(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None is said, one that answers is named, one that does not is a fault."""

    def said() -> Finding:
        return next(one for one in examine(sqlite_url) if one.what == "Virus scanner")

    monkeypatch.delenv("MONITOR_CLAMD", raising=False)
    assert (said().ok, said().found[:4]) == (True, "none")
    monkeypatch.setenv("MONITOR_CLAMD", "127.0.0.1:9")
    assert not said().ok
    with a_clamd(b"") as (address, _):
        monkeypatch.setenv("MONITOR_CLAMD", address)
        assert said().ok


def test_the_log_names_a_file_by_its_fingerprint_alone(
    sqlite_register: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused, kept and given out: each is one line of JSON without a word that a person wrote."""
    take_in(sqlite_register)
    with caplog.at_level(logging.WARNING, logger="monitor.files"):
        item = give_evidence(sqlite_register, file=A_NOTE)
        with pytest.raises(UnreadableFileError):
            give_evidence(sqlite_register, file=GivenFile("note.png", NOTE))
        read_file(sqlite_register, evidence_id=item.id, by=OFFICE)

    lines = [json.loads(one.message) for one in caplog.records if one.name == "monitor.files"]
    assert [one["event"] for one in lines] == ["file kept", "file refused", "file given out"]
    assert {one["sha256"] for one in lines} == {hashlib.sha256(NOTE).hexdigest()}
    assert not any("note" in str(value) for one in lines for value in one.values())


def test_a_file_that_the_gate_refuses_is_not_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cheap question first."""
    monkeypatch.setattr(evidence_files, "scan", lambda *_, **__: pytest.fail("it was scanned"))

    with pytest.raises(UnreadableFileError):
        evidence_files.check_file(GivenFile("a.png", b"MZ\0\0"))
