"""The command line, as somebody scripts it."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from monitor.cli import FILTERS, main
from monitor.domain.accounts import Way
from monitor.errors import AccessError
from monitor.exporters.office_template import open_template
from monitor.services.filters import Filter
from monitor.services.signing_in import accept_invitation, sign_in, sign_in_by
from monitor.store import Store


def run(*arguments: str | Path) -> Result:
    """Return what a command answered."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a demonstration register that is only read."""
    address = f"sqlite:///{tmp_path_factory.mktemp('cli') / 'register.sqlite'}"
    done = run("sample", "--database", address, "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["today"] == "2023-01-16"
    return address


ASKED_FOR = {
    "reference", "text", "inspection", "force_report", "assurance", "position", "schedule_state",
    "original_target", "current_target", "moves", "days_slipped", "owner", "board", "evidence_grade",
    "closed_on", "closure_reason", "version",
}  # fmt: skip


def test_export_prints_every_row_with_its_fields(sample: str) -> None:
    """Rows, three voices, both dates and the evidence's grade are there, and nothing else is printed."""
    done = run("export", "--json", "--database", sample)

    rows = json.loads(done.stdout)
    assert done.exit_code == 0
    assert len(rows) == 114
    assert set(rows[0]) >= ASKED_FOR
    assert all(row["demonstration"] for row in rows)


def test_export_takes_the_filters_of_the_register(sample: str) -> None:
    """A named set and a field limit the rows as they do on the page."""
    late = json.loads(run("export", "--json", "--show", "late", "--database", sample).stdout)
    mine = json.loads(
        run("export", "--json", "--show", "late", "--owner", "DSupt K. Lowther", "--database", sample).stdout
    )

    assert {row["schedule_state"] for row in late} == {"overdue"}
    assert {row["reference"] for row in mine} == {
        r["reference"] for r in late if r["owner"] == "DSupt K. Lowther"
    }


def test_export_as_at_a_past_day_knows_nothing_later(sample: str) -> None:
    """Only what had been recorded by then is in the rows."""
    rows = json.loads(run("export", "--json", "--as-at", "2021-06-30", "--database", sample).stdout)

    assert 0 < len(rows) < 114
    assert all(row["as_at"] == "2021-06-30" and row["opened_on"] <= "2021-06-30" for row in rows)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json", "parquet"])
def test_export_writes_each_format(sample: str, tmp_path: Path, suffix: str) -> None:
    """A file of each kind is written, and says how many rows on standard error."""
    out = tmp_path / f"register.{suffix}"

    done = run("export", out, "--show", "open", "--database", sample)

    assert done.exit_code == 0
    assert done.stdout == ""
    assert "63 rows" in done.stderr
    assert out.stat().st_size > 1000
    if suffix == "xlsx":
        assert openpyxl.load_workbook(out).sheetnames == ["Register", "About"]


def test_chart_answers_its_rows_and_its_balance(sample: str) -> None:
    """The rows of a chart are plain values, and the balance is their sum in words."""
    done = json.loads(run("chart", "slippage", "--json", "--database", sample).stdout)

    assert sum(row["Open"] for row in done["rows"]) == 63
    assert done["balance"].endswith("= 63 open.")


@pytest.mark.parametrize(
    ("suffix", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("html", b"<!doctype html>")]
)
def test_chart_writes_each_format(sample: str, tmp_path: Path, suffix: str, begins: bytes) -> None:
    """A picture, a drawing and a page each begin as they should."""
    out = tmp_path / f"chart.{suffix}"

    done = run("chart", "burn-up", out, "--database", sample)

    assert done.exit_code == 0, done.stderr
    assert out.read_bytes().startswith(begins)


def test_verify_says_that_everything_fits(sample: str) -> None:
    """A register that nobody tampered with is whole, and its head can be asked for again."""
    first = json.loads(run("verify", "--json", "--database", sample).stdout)
    again = run("verify", "--head", first["head"], "--database", sample)
    other = run("verify", "--head", "0" * 63 + "1", "--database", sample)

    assert (first["ok"], first["first_broken"], first["differences"]) == (True, None, [])
    assert again.exit_code == 0
    assert other.exit_code == 1


def test_due_reads_a_phrase_and_a_file_of_them(tmp_path: Path) -> None:
    """A month is kept as a month, and nothing relative is computed from one."""
    table = tmp_path / "phrases.tsv"
    table.write_text(
        "phrase\tpublished\tmore\nBy March 2023\t2022-08-11\tx\nwithin six months\tJanuary 2020\ty\n"
    )

    one = json.loads(run("due", "By March 2023", "--published", "2022-08-11", "--json").stdout)
    many = json.loads(run("due", "--tsv", table, "--json").stdout)

    assert (one["due"], one["precision"]) == ("2023-03-31", "month")
    assert many[0] == one
    assert (many[1]["due"], many[1]["published"]) == (None, "2020-01")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["export", "--json", "--show", "nothing"], 1, "is not a set of rows"),
        (["export", "--json", "--as-at", "2031-01-01"], 1, "lies in the future"),
        (["export", "--json", "--as-at", "30/02/2023"], 2, "does not exist"),
        (["export", "register.doc"], 1, "is not a format"),
        (["export"], 2, "Name a file"),
        (["chart", "pie", "--json"], 1, 'There is no chart "pie"'),
        (["chart", "ledger", "--json", "--reference", "CC-999"], 1, 'There is no recommendation "CC-999"'),
        (["chart", "burn-up", "chart.gif"], 1, "a chart is kept as"),
        (["sample"], 1, "already holds something"),
        (["begin", "--office", "Another", "--service", "Another"], 1, "already begun"),
        (["serve", "--host", "0.0.0.0"], 1, "open to other machines"),  # noqa: S104 - refused, which is the point
    ],
)
def test_what_cannot_be_done_is_one_sentence(sample: str, arguments: list[str], code: int, said: str) -> None:
    """Exit 1 for a refusal, 2 for wrong usage; never a traceback, and nothing on standard output."""
    done = run(*arguments, "--database", sample)

    assert done.exit_code == code
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sqlite:////no/such/place/register.sqlite", "There is no register at"),
        ("mysql://server/name", "is not a database this product uses"),
        ("register.sqlite", "is not a database address"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "cannot be used"),
    ],
)
def test_a_database_that_cannot_be_used_is_named(address: str, said: str) -> None:
    """The address, without its password, and what is wrong with it."""
    done = run("verify", "--database", address)

    assert done.exit_code == 1
    assert said in done.stderr


def test_the_filters_are_those_of_the_register() -> None:
    """The command line spells the filters out; the two lists are the same."""
    assert set(FILTERS) == {field.name for field in fields(Filter)} - {"show", "text", "due_from", "due_to"}


def test_template_writes_what_an_office_can_begin_from(tmp_path: Path) -> None:
    """A Word file that packs take as it is; under another ending nothing is written."""
    kept = tmp_path / "office.docx"

    done = run("template", kept, "--json")
    refused = run("template", tmp_path / "office.dotx")

    assert (done.exit_code, json.loads(done.stdout)) == (0, {"file": str(kept)})
    assert open_template(kept.read_bytes()).styles
    assert refused.exit_code == 2
    assert "a template is a .docx file" in refused.stderr
    assert not (tmp_path / "office.dotx").exists()


def test_doctor_says_what_is_there(sample: str) -> None:
    """Each finding is one line, and all is well."""
    found = json.loads(run("doctor", "--json", "--database", sample).stdout)

    assert found["ok"], found
    assert {"Python", "Database engine", "Register", "History"} <= {one["what"] for one in found["findings"]}


# Import


RESPONSE = """Title of report: Under lock: how custody is run
Date published: 12 January 2024
Type of inspection: National Thematic

Recommendation 1
By 31 May 2024, chief constables should make sure that every strip search is recorded within one hour.

Recommendation 2
By 30 June 2024, chief constables should publish their detention data each quarter.
"""
CONTRACT = {"file", "outcome", "new", "changed", "unchanged", "doubtful", "problems"}


@pytest.fixture
def begun(tmp_path: Path) -> str:
    """Return the address of a real register that has just begun."""
    address = f"sqlite:///{tmp_path / 'register.sqlite'}"
    done = run("begin", "--office", "The office", "--service", "Cumbria Constabulary", "--database", address)
    assert done.exit_code == 0, done.stderr
    return address


def written(folder: Path, name: str, text: str) -> Path:
    """Return a file of this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_import_says_what_it_would_do_then_does_it_then_nothing(begun: str, tmp_path: Path) -> None:
    """A dry run stores nothing; applied twice, the second time changes nothing."""
    path = written(tmp_path, "response.txt", RESPONSE)
    answers = []
    for mode in ("--dry-run", "--apply", "--apply"):
        done = run("import", path, mode, "--json", "--database", begun)
        assert done.exit_code == 0, done.stderr
        (answer,) = json.loads(done.stdout)
        assert set(answer) >= CONTRACT
        answers.append((answer["outcome"], answer["new"], answer["unchanged"]))
        if mode == "--dry-run":
            assert json.loads(run("export", "--json", "--database", begun).stdout) == []

    assert answers == [("ready", 2, 0), ("applied", 2, 0), ("applied", 0, 2)]
    assert len(json.loads(run("export", "--json", "--database", begun).stdout)) == 2


def test_one_refused_file_of_several_stores_none(begun: str, tmp_path: Path) -> None:
    """Each file has its answer; the exit code says that one was refused."""
    good = written(tmp_path, "response.txt", RESPONSE)
    bad = written(
        tmp_path, "tracker.csv", "Ref,Recommendation,Deadline\nR-1,The force should act.,31/02/2024\n"
    )
    done = run("import", good, bad, "--apply", "--json", "--database", begun)

    outcomes = {answer["file"]: answer["outcome"] for answer in json.loads(done.stdout)}
    assert done.exit_code == 1
    assert outcomes == {"response.txt": "ready", "tracker.csv": "refused"}
    assert json.loads(run("export", "--json", "--database", begun).stdout) == []


def test_every_fault_is_told_with_where_it_stands(begun: str, tmp_path: Path) -> None:
    """Place, value found, what is wanted and the whole sentence."""
    path = written(tmp_path, "t.csv", "Ref,Recommendation,Deadline\nR-1,The force should act.,31/02/2024\n")
    (answer,) = json.loads(run("import", path, "--json", "--database", begun).stdout)

    fault = answer["problems"][0]
    assert set(fault) == {"where", "found", "wanted", "message"}
    assert fault["where"] == 'Sheet "t", row 2, "Deadline"'
    assert fault["found"] == "31/02/2024"
    assert fault["wanted"]


def test_other_words_are_recorded_only_when_confirmed(begun: str, tmp_path: Path) -> None:
    """The register keeps the first wording until somebody says otherwise."""
    run("import", written(tmp_path, "a.txt", RESPONSE), "--apply", "--database", begun)
    later = written(tmp_path, "b.txt", RESPONSE.replace("within one hour", "within a day"))

    def text() -> str:
        rows = json.loads(run("export", "--json", "--database", begun).stdout)
        return next(str(row["text"]) for row in rows if row["number"] == "1")

    (answer,) = json.loads(run("import", later, "--apply", "--json", "--database", begun).stdout)
    assert (answer["changed"], "within one hour" in text()) == (1, True)
    run("import", later, "--apply", "--confirm-wording", "--database", begun)
    assert "within a day" in text()


def test_for_whom_is_asked_where_there_are_several(tmp_path: Path) -> None:
    """The services are named; one of them, in any case of letters, is enough."""
    address = f"sqlite:///{tmp_path / 'two.sqlite'}"
    run("begin", "--office", "O", "--service", "Cumbria Constabulary", "--service", "Cumbria Fire and Rescue",
        "--database", address)  # fmt: skip
    path = written(tmp_path, "response.txt", RESPONSE)

    asked = run("import", path, "--database", address)
    named = run("import", path, "--service", "cumbria fire AND rescue", "--json", "--database", address)

    assert (asked.exit_code, "Cumbria Fire and Rescue" in asked.stderr) == (1, True)
    assert named.exit_code == 0


def test_an_import_in_words_says_what_to_do_next(begun: str, tmp_path: Path) -> None:
    """What is new, the last day to respond, and that nothing is stored yet."""
    done = run("import", written(tmp_path, "response.txt", RESPONSE), "--database", begun)

    assert "2 new" in done.stdout
    assert "2024-03-07" in done.stdout
    assert "--apply stores it" in done.stdout


def test_an_export_brought_back_changes_nothing(begun: str, tmp_path: Path) -> None:
    """As CSV and as Excel."""
    run("import", written(tmp_path, "response.txt", RESPONSE), "--apply", "--database", begun)
    for name in ("register.csv", "register.xlsx"):
        run("export", tmp_path / name, "--database", begun)
        (answer,) = json.loads(run("import", tmp_path / name, "--json", "--database", begun).stdout)
        assert [answer[one] for one in ("outcome", "new", "changed", "unchanged", "doubtful")] == [
            "ready", 0, 0, 2, 0,
        ]  # fmt: skip


# Accounts


def account(begun: str, *arguments: str) -> Result:
    """Return what `monitor account ...` answered."""
    return run("account", *arguments, "--database", begun)


def listed(begun: str) -> dict[str, dict[str, Any]]:
    """Return every account by its sign-in name."""
    return {one["login"]: one for one in json.loads(account(begun, "list", "--json").stdout)}


def test_an_account_is_made_granted_renewed_disabled_and_enabled(begun: str) -> None:
    """By the sign-in name, each with one sentence, and with the account as the answer in JSON."""
    made = account(
        begun,
        "add",
        "Kit Moss",
        "--login",
        "Moss",
        "--title",
        "Analyst",
        "--grant",
        "office:Cumbria Constabulary",
    )
    assert made.exit_code == 0, made.stderr
    assert re.fullmatch(r"[a-z0-9]{4}(-[a-z0-9]{4}){6}\n", made.stdout), "the code alone is the answer"

    assert account(begun, "grant", "moss", "force editor").exit_code == 0
    assert account(begun, "withdraw", "moss", "office", "--service", "Cumbria Constabulary").exit_code == 0
    assert "holds until" in account(begun, "renew", "moss").stderr
    disabled = json.loads(account(begun, "disable", "MOSS", "--json").stdout)
    assert disabled["is_disabled"] is True
    assert disabled["grants"] == [{"role": "force_editor", "service": ""}]
    assert "disabled" in account(begun, "list").stdout
    assert account(begun, "enable", "moss").exit_code == 0

    assert listed(begun)["moss"]["standing"] == "active"
    assert "Every service: force editor" in account(begun, "list").stdout
    assert json.loads(run("verify", "--json", "--database", begun).stdout)["ok"]


def test_an_invitation_is_printed_once_and_the_next_takes_its_place(begun: str) -> None:
    """The code opens the account; it stands nowhere afterwards."""
    first = json.loads(
        account(begun, "add", "Ada", "--login", "ada", "--grant", "administrator", "--json").stdout
    )
    second = json.loads(account(begun, "invite", "ada", "--json").stdout)
    store = Store(begun)

    with pytest.raises(AccessError):
        accept_invitation(store, code=first["code"], password="four unrelated garden words")
    accept_invitation(store, code=second["code"], password="four unrelated garden words", agent="Firefox")

    assert not any(one["code"] in account(begun, "list", "--json").stdout for one in (first, second))
    store.close()


def test_sessions_are_listed_and_signed_out(begun: str) -> None:
    """All of somebody, or one alone."""
    code = account(begun, "add", "Ada", "--login", "ada").stdout.strip()
    store = Store(begun)
    accept_invitation(store, code=code, password="four unrelated garden words", agent="Firefox")
    sign_in(store, login="ada", password="four unrelated garden words", agent="Safari")
    sign_in(store, login="ada", password="four unrelated garden words", agent="Edge")
    store.close()

    found = json.loads(account(begun, "sessions", "ada", "--json").stdout)
    assert {one["agent"] for one in found} == {"Firefox", "Safari", "Edge"}
    assert account(begun, "sign-out", "--session", found[0]["id"]).exit_code == 0
    assert json.loads(account(begun, "sign-out", "ada", "--json").stdout) == {"ended": 2}
    assert json.loads(account(begun, "sessions", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["disable", "nobody"], 1, 'There is no account "nobody". There are: ada'),
        (["grant", "ada", "king"], 2, "is not a role. There are: public_viewer"),
        (["grant", "ada", "administrator"], 1, "already holds"),
        (["grant", "ada", "office", "--service", "Elsewhere"], 1, 'There is no service "Elsewhere"'),
        (["withdraw", "ada", "office"], 1, "does not hold"),
        (["disable", "ada"], 1, "is the last administrator"),
        (["enable", "ada"], 1, "is not disabled"),
        (["add", "Eve", "--login", "ada"], 1, "has an account already"),
        (["invite", "https://id.example 1"], 1, "does not sign in with a password"),
        (["sign-out"], 2, "Name who is signed out"),
        (["sign-out", "--session", "nothing"], 1, "There is no such session"),
        (["frobnicate"], 2, "No such command"),
    ],
)
def test_what_cannot_be_done_to_an_account_is_said(
    begun: str, arguments: list[str], code: int, said: str
) -> None:
    """In one sentence, with the exit code of a refusal or of wrong usage, and nothing on standard output."""
    account(begun, "add", "Ada", "--login", "ada", "--grant", "administrator")
    account(begun, "add", "Lee", "--login", "https://id.example 1", "--way", "oidc")

    done = account(begun, *arguments)

    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_rules_of_single_sign_on_are_written_listed_and_taken_back(begun: str) -> None:
    """By their numbers, each with one sentence, and as JSON; what is printed holds what was typed, letter by letter."""
    added = account(
        begun,
        "rule",
        "add",
        "groups",
        "OPCC  staff",
        "office",
        "--service",
        "Cumbria Constabulary",
        "--json",
    )
    assert (added.exit_code, json.loads(added.stdout)["value"]) == (0, "OPCC  staff")
    assert account(begun, "rule", "add", "roles", "reader", "public-viewer").exit_code == 0
    store = Store(begun)
    sign_in_by(store, way=Way.OIDC, subject="https://id.example 1", name="Lee", claims={"roles": "reader"})
    store.close()

    said = account(begun, "rule", "list").stdout
    assert '1  office in Cumbria Constabulary where "groups" has "OPCC  staff"; written by' in said
    found = json.loads(account(begun, "rule", "list", "--json").stdout)
    assert [(one["id"], one["role"], one["service"], one["holders"]) for one in found] == [
        (1, "office", "Cumbria Constabulary", 0),
        (2, "public_viewer", "", 1),
    ]
    assert listed(begun)["https://id.example 1"]["by_rule"] == [
        {"rule": 2, "role": "public_viewer", "service": ""}
    ]

    gone = account(begun, "rule", "remove", "2")
    assert "Accounts that lost it: 1." in gone.stderr
    assert listed(begun)["https://id.example 1"]["grants"] == []
    assert [one["id"] for one in json.loads(account(begun, "rule", "list", "--json").stdout)] == [1]
    assert json.loads(run("verify", "--json", "--database", begun).stdout)["ok"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["add", "groups", "x", "administrator"], 1, "No rule makes an administrator"),
        (["add", "groups", "x", "king"], 2, "is not a role"),
        (["add", "groups", " x", "office"], 1, "letter by letter"),
        (["add", "email", "a@b.example", "office"], 1, "write of themselves"),
        (["add", "groups", "x", "office", "--service", "Elsewhere"], 1, 'There is no service "Elsewhere"'),
        (["remove", "7"], 1, "There is no such rule"),
        (["remove", "x"], 2, "is not a valid integer"),
    ],
)
def test_a_rule_that_cannot_be_is_said(begun: str, arguments: list[str], code: int, said: str) -> None:
    """In one sentence, and nothing on standard output."""
    done = account(begun, "rule", *arguments)

    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert "No rule grants anything" in account(begun, "rule", "list").stderr


def test_somebody_of_single_sign_on_gets_no_code(begun: str) -> None:
    """They have no password here."""
    made = account(begun, "add", "Lee", "--login", "https://id.example 1", "--way", "oidc", "--json")

    assert json.loads(made.stdout)["code"] == ""
    assert listed(begun)["https://id.example 1"]["way"] == "oidc"
