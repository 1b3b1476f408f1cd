"""The answers to the security standard: every requirement once, every test named exists, what is written down is so."""

import ast
import asyncio
import logging
import math
import re
import tomllib
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from starlette.applications import Starlette

import run
from monitor import settings
from monitor.domain.accounts import PASSWORD_AT_LEAST, PASSWORD_AT_MOST, RENEWED_FOR_DAYS, Way
from monitor.domain.claim_rules import VALUES_AT_MOST
from monitor.domain.evidence_files import FILE_BYTES, MEDIA_TYPES
from monitor.domain.text import TEXT_MAX
from monitor.importers import archive, child, file_kinds, pictures, sheets
from monitor.server import gatekeeper
from monitor.server.logs import as_line
from monitor.server.sign_in import SignInPages
from monitor.services import accounts, signing_in
from monitor.services.passwords import OF_THE_FIELD
from monitor.services.secrets import fresh_code, fresh_token, is_password, password_hash
from monitor.store import SignIns
from monitor.store.tables import metadata
from tests.builders import ADMINISTRATOR, Clock, a_register

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "asvs.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
SOURCE = ROOT / "src" / "monitor"
ANSWERS = {"Yes", "Not applicable", "Gap"}
TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
MB = 1024 * 1024

# What the standard's version 5.0.0 has at each level, and what is taken of the third.
REQUIREMENTS = {"1": 70, "2": 183, "3": 9}

# The first words of imports with which code hashes and signs, speaks to others, or starts programs.
POWERS = {
    "argon2", "authlib", "cryptography", "ftplib", "hashlib", "hmac", "http.client", "httpx", "itsdangerous",
    "joserfc", "requests", "secrets", "smtplib", "socket", "ssl", "subprocess", "urllib.request",
}  # fmt: skip

SCREEN = {
    ("server", "enableStaticServing"): False,
    ("server", "enableXsrfProtection"): True,
    ("server", "enableCORS"): True,
    ("server", "enableAgentApi"): False,
    ("client", "showErrorDetails"): "none",
    ("client", "showErrorLinks"): False,
    ("client", "allowedOrigins"): [],
    ("client", "toolbarMode"): "viewer",
    ("browser", "gatherUsageStats"): False,
    ("logger", "enableRich"): False,
    ("runner", "magicEnabled"): False,
}


class Line(NamedTuple):
    """One requirement as the document has it."""

    number: str
    level: str
    words: str
    answer: str
    proof: str


def lines() -> list[Line]:
    """Return the document's requirements in their order."""
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| (.*) \|$", TEXT, flags=re.MULTILINE)
    return [Line(number, *(cell.strip() for cell in rest.split(" | "))) for number, rest in rows]


LINES = lines()
NAMED = sorted(set(TEST.findall(TEXT)))


def test_every_requirement_stands_there_once() -> None:
    """As many of each level as the standard has, in its order, and none twice."""
    numbers = [line.number for line in LINES]

    assert [number for number, times in Counter(numbers).items() if times > 1] == []
    assert Counter(line.level for line in LINES) == REQUIREMENTS
    assert numbers == sorted(numbers, key=lambda number: [int(part) for part in number.split(".")])


@pytest.mark.parametrize("line", LINES, ids=[line.number for line in LINES])
def test_every_line_is_answered(line: Line) -> None:
    """One of three answers; a Yes names its test, anything else says why."""
    assert line.answer in ANSWERS
    assert line.words
    if line.answer == "Yes":
        assert TEST.search(line.proof), "a Yes names a test"
    else:
        assert len(TEST.sub("", line.proof)) > 5, "a sentence is missing"
        assert line.proof.endswith((".", ")"))


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[f"{file}::{name}" for file, name in NAMED])
def test_every_test_named_exists(file: str, name: str) -> None:
    """The file is there, and the function in it, in its class where one is named."""
    body: list[ast.stmt] = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    for part in name.split("::"):
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        found = [one for one in body if isinstance(one, kinds) and one.name == part]
        assert found, f"{file} has no {part}"
        body = found[0].body
    assert part.startswith("test_"), "a class alone proves nothing"


def test_the_summary_counts_the_lines() -> None:
    """The table at the top says how many of each answer there are."""
    counted = Counter((line.level, line.answer) for line in LINES)
    for level in REQUIREMENTS:
        row = " | ".join(str(counted[level, answer]) for answer in ("Yes", "Not applicable", "Gap"))
        assert re.search(rf"^\| {level}\b[^|]*\| {row} \|$", TEXT, flags=re.MULTILINE), (
            f"level {level}: {row}"
        )


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)\s]+)\)", TEXT))))
def test_every_link_leads_somewhere(link: str) -> None:
    """A file of the project, or a heading of this document."""
    path, _, heading = link.partition("#")
    if path.startswith("https://"):
        return
    headings = {one.lower().replace(" ", "-") for one in re.findall(r"^#+ (.+)$", TEXT, flags=re.MULTILINE)}
    assert (DOCUMENT.parent / path).exists() if path else heading in headings


# What is written down because the standard asks for it


def part(heading: str) -> str:
    """Return what stands under a heading."""
    found = re.search(rf"^### {heading}\n(.*?)(?=^#|\Z)", TEXT, flags=re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    return " ".join(found[1].split())


def hours(time: timedelta) -> int:
    """Return whole hours."""
    return round(time.total_seconds() / 3600)


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("Ways in", f"at least {PASSWORD_AT_LEAST} and at most {PASSWORD_AT_MOST} characters"),
        ("Ways in", f"After {signing_in.TRIES} wrong tries for a name within {signing_in.TRIES_WITHIN.seconds // 60} minutes"),
        ("Ways in", f"for {accounts.INVITED_FOR.days} days"),
        ("Ways in", f"for {hours(signing_in.FIRST_CODE_HOLDS)} hours"),
        ("Ways in", f"after {RENEWED_FOR_DAYS} days"),
        ("Sessions", f"{hours(signing_in.IDLE)} hours after its last use, and {hours(signing_in.AT_MOST)} hours after its beginning"),
        ("Limits", f"| a file that is imported | {file_kinds.FILE_LIMIT // MB} MB |"),
        ("Limits", f"| unpacked | {archive.PART_LIMIT // MB} MB a part, {archive.WHOLE_LIMIT // MB} MB in all, {archive.ENTRY_LIMIT:,} parts |"),
        ("Limits", f"{sheets.ROW_LIMIT:,} rows"),
        ("Limits", f"{child.PROCESSOR_SECONDS} seconds of the processor, {child.WALL_SECONDS} by the clock, {child.MEMORY_LIMIT // MB} MB of memory"),
        ("Limits", f"| a file sent to the server | {gatekeeper.FILE_BYTES // MB} MB |"),
        ("Limits", f"{gatekeeper.DAY_BYTES // MB} MB a day"),
        ("Limits", f"{TEXT_MAX:,} characters"),
        ("Limits", f"a claim of at most {VALUES_AT_MOST:,} values"),
        ("Limits", f"| a file of evidence | {FILE_BYTES // MB} MB; {settings.Settings('').evidence_mb_a_day} MB a day"),
        ("Limits", f"{pictures.PIXEL_LIMIT // 1_000_000} million points"),
    ],
)  # fmt: skip
def test_figures_written_are_those_applied(heading: str, sentence: str) -> None:
    """A number in the document is the one in the code."""
    assert sentence in part(heading)


def test_every_form_of_file_is_named() -> None:
    """What can be imported or kept as evidence stands in the document."""
    rows = dict(re.findall(r"\| (forms [a-z ]+) \| (.*?) \|", part("Limits")))

    assert set(rows["forms that are imported"].split(", ")) == {*file_kinds.DOCUMENTS, *file_kinds.SHEETS}
    assert set(rows["forms of evidence"].split(", ")) == set(MEDIA_TYPES)


def test_every_way_in_is_described() -> None:
    """No way of signing in is without its line, and no line without its way."""
    assert tuple(re.findall(r"\| `(\w+)` \|", part("Ways in"))) == settings.WAYS


def test_what_is_said_of_sessions_holds(sqlite_url: str) -> None:
    """Each has a token of 256 random bits; several may be open at once, and one that ends leaves the others."""
    password = "four unrelated garden words"
    with closing(a_register(sqlite_url, Clock())) as store:
        account, code = accounts.add_account(
            store, name="Kit Moss", way=Way.LOCAL, subject="moss", by=ADMINISTRATOR
        )
        first = signing_in.accept_invitation(store, code=code, password=password)
        second = signing_in.sign_in(store, login="moss", password=password)

        assert len(SignIns(store).sessions(account.id)) == 2
        signing_in.sign_out(store, token=first)
        assert signing_in.session_of(store, token=first) is None
        assert signing_in.session_of(store, token=second) is not None
    assert "as many sessions at once as they like" in part("Sessions")
    assert len(urlsafe_b64decode(fresh_token() + "=")) * 8 == 256
    assert len({first, second, *(fresh_token() for _ in range(1_000))}) == 1_002


def test_a_code_has_enough_random_bits() -> None:
    """One that people type, of small letters and figures that are told apart: more than 128, whatever is drawn."""
    codes = [fresh_code() for _ in range(200)]
    letters = {letter for code in codes for letter in code} - {"-"}
    length = {len(code.replace("-", "")) for code in codes}

    assert length == {28}
    assert 28 * math.log2(len(letters)) > 128
    assert not letters & set("il1o0")
    assert len(set(codes)) == len(codes)


def test_words_of_the_field_are_listed() -> None:
    """Those that do not count in a password are those of the code."""
    said = part("Ways in")

    assert f"the words of the field: {', '.join(sorted(OF_THE_FIELD))}." in said


def test_what_is_said_of_packages_can_be_done() -> None:
    """The command is there, and whoever looks after an installation is sent to how soon it has to be heeded."""
    said = part("Packages")
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    assert re.search(r"within \d+ hours .* within \d+ days", said)
    assert "`make audit`" in said
    assert "python3 run.py audit" in run.USAGE
    assert "(asvs.md#packages)" in operations


def test_a_password_counts_as_it_was_typed() -> None:
    """Nothing is cut off, trimmed or made small; 256 characters count to the last."""
    typed = "Four unrelated GARDEN words " * 10
    typed = typed[: PASSWORD_AT_MOST - 1] + " "
    kept = password_hash(typed)

    assert is_password(kept, typed)
    for other in (typed.casefold(), typed.strip(), typed[:-1], typed[:72], typed + " "):
        assert not is_password(kept, other), len(other)


async def shown(app: Starlette, path: str, code: str) -> str:
    """Return a page of an app that runs in this process; with a code, the one to which it opens."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as browser:
        return (await (browser.post(path, data={"code": code}) if code else browser.get(path))).text


@pytest.mark.parametrize("path", ["/sign-in", "/first-account", "/invitation"])
def test_password_fields_hide_what_is_typed_and_take_what_is_pasted(sqlite_url: str, path: str) -> None:
    """Each is of the browser's own kind, says which password is meant, and nothing of ours listens to it."""
    ways = (
        "password",
        "oidc",
    )  # with another way beside it the page of signing in stands before the first account
    with closing(a_register(sqlite_url, Clock())) as store:
        _, code = accounts.add_account(
            store, name="Kit Moss", way=Way.LOCAL, subject="moss", by=ADMINISTRATOR
        )
        routes = SignInPages(store=lambda: store, sign_in=settings.SignIn(ways=ways)).routes
        page = asyncio.run(shown(Starlette(routes=routes), path, code if path == "/invitation" else ""))
    fields = re.findall(r"<input [^>]*>", page)
    secret = [field for field in fields if 'type="password"' in field]

    assert len(secret) == (1 if path == "/sign-in" else 2)
    for field in secret:
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert 'value=""' in field
    for field in fields:
        assert ('name="password"' in field or 'name="again"' in field) == (field in secret)
    assert not re.search(r"<script|\son\w+=", page)


def test_every_table_has_a_level() -> None:
    """Each table of the database stands in the classification, once."""
    listed = re.findall(r"`(\w+)`", part("Data"))

    assert sorted(listed) == sorted(metadata.tables)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield every module of the product by its dotted name."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the full name of everything that a module imports."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(base), names=names, level=0):
                yield from (f"{base}.{name.name}" for name in names)


def test_every_module_with_special_powers_is_listed() -> None:
    """Whatever hashes, signs, speaks to others or starts programs is in one of two tables, with what it is for."""
    used = {
        (name, power)
        for name, tree in modules()
        for one in imported(tree)
        for power in POWERS
        if f"{one}.".startswith(f"{power}.")
    }
    tables = part("Cryptography") + part("Connections")
    listed = {
        (module, power)
        for module, powers in re.findall(r"\| `(monitor[\w.]*)` \| ([\w., ]+?) \|", tables)
        for power in powers.split(", ")
    }

    assert listed == used


def test_nothing_weak_or_predictable_is_used() -> None:
    """Hashes that the standard approves alone, and nothing random from a predictable source."""
    hashes = {
        node.attr
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "hashlib"
    }

    assert hashes <= {"sha256", "blake2s"}
    for name, tree in modules():
        assert not {"random", "uuid"} & {one.partition(".")[0] for one in imported(tree)}, name


def test_every_log_is_listed() -> None:
    """Each log has its line in the document, and none goes to a file or to another machine."""
    found = set()
    for _, tree in modules():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(attr="getLogger"), args=[ast.Constant(value=str(name))]):
                    found.add(name)
                case ast.Attribute(attr=attribute):
                    assert not attribute.endswith(
                        ("FileHandler", "SocketHandler", "SysLogHandler", "HTTPHandler")
                    )
    listed = set(re.findall(r"\| `(monitor\.[\w-]+)` \|", part("Logs")))

    assert listed == {name for name in found if name.startswith("monitor")}


def test_moments_in_the_log_are_in_utc() -> None:
    """Each line says when, with its distance from Greenwich."""
    record = logging.LogRecord("monitor.access", logging.WARNING, "a.py", 1, "{}", (), None)
    record.created = 1_700_000_000.5

    assert as_line(record)["at"] == "2023-11-14T22:13:20.500+00:00"


@pytest.mark.parametrize(("group", "name"), SCREEN, ids=[name for _, name in SCREEN])
def test_the_screen_is_set_as_it_must_be(group: str, name: str) -> None:
    """No folder served, no error shown, no statistics sent, no other origin spoken to."""
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    assert told[group][name] == SCREEN[group, name]
