"""What the database itself refuses, whoever asks: past the product, by raw SQL."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from monitor.domain.access import Role
from monitor.domain.accounts import ClaimRule, Way
from monitor.domain.evidence_files import Scan
from monitor.domain.meetings import (
    Action,
    ActionStage,
    ActionStep,
    Answer,
    Meeting,
    MeetingChange,
    Outcome,
    Pack,
    QuestionChange,
    QuestionStage,
)
from monitor.domain.publications import SiteApproval, SitePublication
from monitor.domain.response_desk import ResponsePart, ResponseStage, ResponseStep, ResponseText
from monitor.domain.statuses import Assurance, LinkKind, MeetingKind, Position, Precision
from monitor.services import accounts
from monitor.services.deciding import decide_assurance, record_position
from monitor.services.evidence_files import CheckedFile
from monitor.services.importing import apply_plans, read_file
from monitor.services.intake import learn_publication, link_recommendations
from monitor.services.updating import report_progress
from monitor.store import Store
from monitor.store.engine import open_engine
from monitor.store.tables import APPEND_ONLY, metadata
from tests.builders import (
    A_REPORT,
    ADMINISTRATOR,
    DAY,
    EDITOR,
    OFFICE,
    SERVICE,
    a_register,
    close,
    day,
    give_evidence,
    moment,
    take_in,
)
from tests.postgresql_server import PostgresqlServer


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Yield a register with a row in every append-only table: CC-001 closed, CC-002 open with evidence 2."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("guards") / "register.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        name = server.copy_template()
        url = server.url(name)
    store = a_register(url)
    take_in(store, "CC-001", due_on=day(90))
    take_in(store, "CC-002")
    report_progress(store, reference="CC-001", by=EDITOR, **A_REPORT)
    close(store, "CC-001")
    record_position(store, reference="CC-001", position=Position.CLOSED, source="Letter", by=OFFICE)
    give_evidence(store, "CC-002", file=CheckedFile("note.txt", b"Minutes", Scan.NOT_SCANNED))
    decide_assurance(
        store, reference="CC-002", level=Assurance.NOT_ASSURED, rationale="Few cases.", by=OFFICE
    )
    link_recommendations(store, reference="CC-001", kind=LinkKind.REPEATS, other="CC-002", by=OFFICE)
    learn_publication(
        store,
        inspection_id=1,
        published_on=day(-2),
        precision=Precision.DAY,
        source="Letter",
        by=OFFICE,
    )
    sheet = b"Ref,Inspection,Recommendation\nR-1,Under lock,The force should review its custody cameras.\n"
    plan = read_file(store, name="tracker.csv", content=sheet, service=SERVICE, by=OFFICE)
    apply_plans(store, plans=[plan], taken={plan.fingerprint: plan.everything()}, by=OFFICE)
    grants = [(Role.ANALYST, SERVICE)]
    accounts.add_account(
        store, name="Kit Moss", way=Way.LOCAL, subject="kit", grants=grants, by=ADMINISTRATOR
    )
    hold_a_meeting(store)
    store.close()
    engine = open_engine(url)
    yield engine
    engine.dispose()
    if request.param == "postgresql":
        server.drop(name)


def hold_a_meeting(store: Store) -> None:
    """Write one row of each kind that belongs to meetings and responses, and a rule of single sign-on."""
    with store.writing() as unit:
        noted: dict[str, Any] = {"recorded_at": unit.now, "by": OFFICE.id, "by_name": OFFICE.name}
        of: dict[str, Any] = {"id": 1, "service": SERVICE, **noted}
        kept = unit.keep_published(b"A pack")
        for thing in (
            Meeting(kind=MeetingKind.PANEL, on=DAY, **of),
            MeetingChange(meeting_id=1, on=DAY, minutes="https://office.example/minutes", **of),
            QuestionChange(meeting_id=1, question="own:1", stage=QuestionStage.ADDED, text="Why?", **of),
            Answer(meeting_id=1, question="own:1", asked="Why?", outcome=Outcome.ANSWERED, words="So.", **of),
            Action(meeting_id=1, what="Draw 50 cases", owner=EDITOR.name, due_on=day(9), agreed_on=DAY, **of),
            ActionStep(action_id=1, stage=ActionStage.DONE, happened_on=DAY, **of),
            Pack(
                meeting_id=1,
                since_on=day(-30),
                as_at=DAY,
                known_at=unit.now,
                head="",
                content=kept,
                docx=kept,
                pdf=kept,
                html=kept,
                **of,
            ),
            ResponseText(inspection_id=1, part=ResponsePart.OFFICE, text="We welcome it.", **of),
            ResponseStep(
                inspection_id=1,
                stage=ResponseStage.PUBLISHED,
                happened_on=DAY,
                text_ids=(1,),
                basis="f",
                content=kept,
                docx=kept,
                html=kept,
                **of,
            ),
            SitePublication(id=1, as_at=DAY, known_at=unit.now, head="", content=kept, **noted),
            SiteApproval(id=1, publication_id=1, **noted),
            ClaimRule(id=1, claim="groups", value="staff", role=Role.ANALYST, **noted),
        ):
            unit.add(thing, by=OFFICE, verb="recorded")


@pytest.fixture
def trial(database: Engine) -> Iterator[Connection]:
    """Yield a connection as somebody with the database at hand has; what was tried is undone afterwards."""
    with database.connect().execution_options(writes=True) as connection:
        yield connection
        connection.rollback()


def rows(database: Engine, table: str) -> list[str]:
    """Return all rows of a table."""
    with database.connect() as connection:
        return sorted(map(str, connection.execute(text(f"SELECT * FROM {table}"))))


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["update", "delete", "replace", "truncate"])
def test_what_was_written_is_not_changed_or_deleted(
    database: Engine, trial: Connection, table: str, verb: str
) -> None:
    """Each append-only table refuses to lose or change a row, by any statement."""
    is_sqlite = database.dialect.name == "sqlite"
    column = next(c.name for c in metadata.tables[table].columns if not c.primary_key)
    key = next(c.name for c in metadata.tables[table].columns if c.primary_key)
    statement = {
        "update": f'UPDATE {table} SET "{column}" = "{column}"',
        "delete": f"DELETE FROM {table}",
        "replace": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        if is_sqlite
        else f'INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING; UPDATE {table} SET "{key}" = 9',
        "truncate": f"DELETE FROM {table} WHERE 1" if is_sqlite else f"TRUNCATE {table} CASCADE",
    }[verb]
    before = rows(database, table)
    assert before, f"nothing in {table} to try it on"

    with pytest.raises(DatabaseError, match="is append-only"):
        trial.execute(text(statement))

    trial.rollback()
    assert rows(database, table) == before


def an_agreement(
    n: int, answers: int, by: str, stage: str = "agreed", evidence: str = "[2]", of: int = 2
) -> str:
    """Return the statement that writes a closing step of the second recommendation past the product."""
    on = day(0)
    at = moment(on).replace(tzinfo=None)
    return (
        'INSERT INTO closure_step (recommendation_id, n, happened_on, recorded_at, "by", by_name, by_role, stage, '
        "reason, statement, evidence_ids, answers) VALUES "
        f"({of}, {n}, '{on}', '{at}', '{by}', 'X', 'office', '{stage}', 'met', '', '{evidence}', {answers})"
    )


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([an_agreement(1, 1, "office")], id="without a proposal"),
        pytest.param(
            [an_agreement(1, 0, "editor", "proposed"), an_agreement(2, 1, "editor")], id="by the same person"
        ),
        pytest.param(
            [an_agreement(1, 0, "editor", "proposed", "[]"), an_agreement(2, 1, "office")],
            id="without evidence",
        ),
        pytest.param(
            [an_agreement(1, 0, "editor", "refused"), an_agreement(2, 1, "office")],
            id="on what was no proposal",
        ),
        pytest.param(
            [an_agreement(3, 0, "editor", "proposed", of=1), an_agreement(1, 3, "office")],
            id="on the proposal of another recommendation",
        ),
        pytest.param(
            ["UPDATE recommendation SET closed_on = '2024-03-04', closure_reason = 'met' WHERE id = 2"],
            id="in the cached state alone",
        ),
        pytest.param(
            ["UPDATE recommendation SET closed_on = '2023-01-01' WHERE id = 1"],
            id="on another day than the closing's",
        ),
    ],
)
def test_nothing_is_closed_past_the_product_without_evidence_and_a_second_person(
    trial: Connection, statements: list[str]
) -> None:
    """The database holds the rule for those who go round the product."""
    for statement in statements[:-1]:
        trial.execute(text(statement))

    with pytest.raises(DatabaseError, match="closing takes evidence and a second person"):
        trial.execute(text(statements[-1]))


def test_two_people_with_evidence_can_close_by_any_route(trial: Connection) -> None:
    """The guard refuses what breaks the rule, and nothing else."""
    trial.execute(text(an_agreement(1, 0, "editor", "proposed")))

    assert trial.execute(text(an_agreement(2, 1, "office"))).rowcount == 1


def test_history_can_still_be_added_to(trial: Connection) -> None:
    """Append-only means that appending works."""
    columns = [column.name for column in metadata.tables["history"].columns]
    values = ["seq + 1" if name == "seq" else name for name in columns]

    added = trial.execute(
        text(f"INSERT INTO history SELECT {', '.join(values)} FROM history ORDER BY seq DESC LIMIT 1")
    )

    assert added.rowcount == 1
