"""Everything or nothing, one writer at a time, and one moment for all that is read together."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text

from monitor.domain.history import first_broken
from monitor.domain.record import Record, Stamp, state_of
from monitor.domain.statuses import ForceReport
from monitor.errors import ConflictError, MonitorError, RuleError, UnreadableFileError
from monitor.services.updating import report_progress
from monitor.store import Store, Unit
from monitor.store.tables import metadata
from tests.builders import A_REPORT, DAY, EDITOR, OFFICE, Clock, an_item, day, take_in
from tests.registers import OpenStore


def everything(store: Store) -> dict[str, list[str]]:
    """Return every row of every table, as text."""
    with store.reading() as reader:
        return {
            table: sorted(map(str, reader.connection.execute(text(f"SELECT * FROM {table}"))))
            for table in metadata.tables
        }


def say(unit: Unit, record: Record, words: str) -> None:
    """Append a report and save it."""
    record.report(Stamp(EDITOR, DAY, unit.now), status=ForceReport.IN_PROGRESS, narrative=words)
    unit.save(record, by=EDITOR)


def refuse_history(store: Store) -> None:
    """Let the database refuse every further row of history, as a full disk or a broken table would."""
    statements = {
        "sqlite": ["CREATE TRIGGER full BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'no room'); END"],
        "postgresql": [
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$",
            "CREATE TRIGGER full_disk BEFORE INSERT ON history FOR EACH ROW EXECUTE FUNCTION full_disk()",
        ],
    }
    with store.engine.execution_options(writes=True).begin() as connection:
        for statement in statements[connection.dialect.name]:
            connection.execute(text(statement))


CHANGES: list[tuple[str, Callable[[Store], object]]] = [
    ("an update", lambda s: report_progress(s, reference="CC-001", by=EDITOR, **A_REPORT)),
    ("an intake", lambda s: take_in(s, "CC-002", due_on=day(90))),
]


@pytest.mark.parametrize("change", [pytest.param(act, id=title) for title, act in CHANGES])
def test_a_change_whose_history_cannot_be_written_is_undone(
    register: Store, change: Callable[[Store], object]
) -> None:
    """No change without its history: the register is as before, and one sentence says why."""
    take_in(register)
    refuse_history(register)
    before = everything(register)

    with pytest.raises(UnreadableFileError, match="no room") as refused:
        change(register)

    assert everything(register) == before
    assert "\n" not in refused.value.message


def test_an_error_at_the_end_of_a_block_undoes_all_of_it(register: Store) -> None:
    """Two changes that were saved in a block go with it, also those already sent to the database."""
    take_in(register)
    before = everything(register)

    with pytest.raises(ZeroDivisionError), register.writing() as unit:  # noqa: PT012 - the block is what fails
        say(unit, unit.record("CC-001"), "One.")
        unit.flush()
        say(unit, unit.record("CC-001"), "Two.")
        raise ZeroDivisionError

    assert everything(register) == before


def test_a_block_inside_another_joins_it(register: Store) -> None:
    """What a service does inside a larger change is kept or undone with it."""
    take_in(register)
    before = everything(register)

    with pytest.raises(ZeroDivisionError), register.writing():  # noqa: PT012 - the block is what fails
        report_progress(register, reference="CC-001", by=EDITOR, **A_REPORT)
        raise ZeroDivisionError

    assert everything(register) == before


def test_an_error_inside_a_block_that_goes_on_after_it_still_undoes_all_of_it(register: Store) -> None:
    """Half of a change cannot be kept by catching the error of the other half."""
    take_in(register)
    before = everything(register)

    with pytest.raises(RuleError, match="no words yet"), register.writing():  # noqa: PT012 - the block is what fails
        report_progress(register, reference="CC-001", by=EDITOR, **A_REPORT)
        with suppress(MonitorError):
            report_progress(register, reference="CC-001", by=EDITOR, **A_REPORT | {"narrative": ""})

    assert everything(register) == before


def test_after_an_error_the_next_change_works(register: Store) -> None:
    """A block that failed leaves nothing open behind it."""
    take_in(register)
    with pytest.raises(ZeroDivisionError), register.writing():
        raise ZeroDivisionError

    assert report_progress(register, reference="CC-001", by=EDITOR, **A_REPORT).version == 2


def test_several_changes_of_one_recommendation_in_one_block_are_each_in_its_history(register: Store) -> None:
    """Three saves are three versions and three rows, whether or not the block was sent in between."""
    take_in(register)

    with register.writing() as unit:
        record = unit.record("CC-001")
        say(unit, record, "One.")
        say(unit, record, "Two.")
        unit.flush()
        say(unit, unit.record("CC-001"), "Three.")

    with register.reading() as reader:
        record = reader.record("CC-001")
        rows = reader.history(subject=("recommendation", "CC-001"))
        assert [r.narrative for r in record.reports] == ["One.", "Two.", "Three."]
        assert record.version == len(rows) == 4
        assert all(seen.cached == seen.rebuilt for seen in reader.cached_and_rebuilt())
        assert first_broken(reader.all_history()) is None


def test_what_is_not_yet_sent_is_seen_inside_its_own_block(register: Store) -> None:
    """Reading inside a change shows the change."""
    take_in(register)

    with register.writing() as unit:
        say(unit, unit.record("CC-001"), "One.")
        with register.reading() as reader:
            assert [r.narrative for r in reader.record("CC-001").reports] == ["One."]


def test_nothing_is_seen_from_outside_before_the_end(
    register: Store, database_url: str, open_store: OpenStore
) -> None:
    """Another process sees a change when all of it is there."""
    take_in(register)
    other = open_store(database_url)
    before = other.data_version()

    with register.writing() as unit:
        say(unit, unit.record("CC-001"), "One.")
        unit.flush()
        assert other.data_version() == before

    assert other.data_version() == before + 1


def test_a_reader_sees_one_moment_of_the_register(
    register: Store, database_url: str, open_store: OpenStore
) -> None:
    """What is written while a page is read does not mix into it."""
    take_in(register)
    other = open_store(database_url)

    with register.reading() as reader:
        before = reader.data_version()
        report_progress(other, reference="CC-001", by=EDITOR, **A_REPORT)
        assert reader.data_version() == before
        assert reader.record("CC-001").reports == []

    assert register.data_version() == before + 1


def test_two_objects_of_one_recommendation_cannot_write_over_each_other(register: Store) -> None:
    """The second save of a version that has passed is refused, and nothing of the block stays."""
    take_in(register)
    before = everything(register)

    with pytest.raises(MonitorError), register.writing() as unit:  # noqa: PT012 - the block is what fails
        first, second = unit.record("CC-001"), unit.record("CC-001")
        say(unit, first, "One.")
        say(unit, second, "Two.")

    assert everything(register) == before


def test_saving_without_a_change_writes_nothing(register: Store) -> None:
    """Opening and closing a form is no event."""
    take_in(register)
    before = register.data_version()

    with register.writing() as unit:
        unit.save(unit.record("CC-001"), by=EDITOR)

    assert register.data_version() == before


def test_numbers_are_given_once(register: Store) -> None:
    """Two new rows of one block, and one of the next, have three numbers."""
    with register.writing() as unit:
        given = [unit.new_id("evidence"), unit.new_id("evidence")]
        for number in given:
            unit.add(an_item(id=number), by=EDITOR, verb="evidence recorded")
    with register.writing() as unit:
        given.append(unit.new_id("evidence"))

    assert given == [1, 2, 3]


@pytest.mark.parametrize(
    ("seen", "conflict"), [(None, False), (3, False), (2, True), (1, True), (0, True), (99, True)]
)
def test_a_version_that_has_passed_is_a_conflict(register: Store, seen: int | None, conflict: bool) -> None:
    """None means "as it is now"; any version but the present one was seen before somebody else's change."""
    take_in(register)
    for words in ("One.", "Two."):
        report_progress(register, reference="CC-001", by=EDITOR, **A_REPORT | {"narrative": words})

    with register.writing() as unit:
        record = unit.record("CC-001")
        if not conflict:
            unit.check_version(record, seen)
            return
        with pytest.raises(ConflictError) as refused:
            unit.check_version(record, seen)

    assert refused.value.facts["now"] == 3
    assert [row.seq for row in refused.value.facts["theirs"]] == sorted(
        row.seq for row in refused.value.facts["theirs"]
    )


@pytest.mark.parametrize("who", ["threads of one process", "processes of one register"])
def test_two_writers_at_once_lose_nothing(
    register: Store, database_url: str, open_store: OpenStore, who: str
) -> None:
    """Forty changes by four writers are forty versions, forty rows, and every text once."""
    take_in(register)
    errors: list[BaseException] = []

    def write(name: str, store: Store) -> None:
        try:
            for n in range(10):
                words = f"{name} {n}"
                report_progress(store, reference="CC-001", by=EDITOR, **A_REPORT | {"narrative": words})
        except BaseException as problem:
            errors.append(problem)

    stores = {name: register if who.startswith("threads") else open_store(database_url) for name in "ABCD"}
    threads = [threading.Thread(target=write, args=pair) for pair in stores.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    with register.reading() as reader:
        record = reader.record("CC-001")
        assert record.version == 41
        assert sorted(r.narrative for r in record.reports) == sorted(
            f"{name} {n}" for name in "ABCD" for n in range(10)
        )
        assert first_broken(reader.all_history()) is None
        assert all(seen.cached == seen.rebuilt for seen in reader.cached_and_rebuilt())


def test_a_record_read_back_is_the_record_that_was_written(register: Store) -> None:
    """Every field of every entry survives the database."""
    written = take_in(
        register,
        due_on=day(90),
        due_phrase="within three months",
        themes=("Child protection", "Légitimité"),
        parts=("one", "two"),
        addressees=("the force",),
        number="2",
        external_reference="#23432",
    )

    with register.reading() as reader:
        read = reader.record("CC-001")

    assert read.lists == written.lists
    assert state_of(read) == state_of(written)
    assert (read.addressees, read.number, read.external_reference) == (("the force",), "2", "#23432")


def test_the_clock_going_back_does_not_turn_the_order_of_history(register: Store, clock: Clock) -> None:
    """What is recorded later is never recorded earlier: the last row's moment stands in."""
    clock.set(day(5))
    take_in(register)

    clock.set(day(1))
    take_in(register, "CC-002", on=day(1))

    with register.reading() as reader:
        moments = [row.recorded_at for row in reader.all_history()]
    assert moments == sorted(moments)
    assert moments[-1] - moments[-2] == timedelta(0)


def test_a_chain_sealed_on_one_computer_is_checked_on_another(
    database_url: str, open_store: OpenStore
) -> None:
    """A server's clock in another zone writes the same moment, and the hash still fits after reading."""
    from zoneinfo import ZoneInfo

    from tests.builders import a_register

    noon = Clock()
    store = a_register(database_url, lambda: noon().astimezone(ZoneInfo("Australia/Sydney")))

    with store.reading() as reader:
        assert first_broken(reader.all_history()) is None
    store.close()


def test_a_block_of_the_office_and_one_of_the_force_are_two_names_in_history(register: Store) -> None:
    """Who did it is written with each row, as they were known then."""
    take_in(register, by=OFFICE)
    report_progress(register, reference="CC-001", by=EDITOR, **A_REPORT)

    with register.reading() as reader:
        rows = reader.history(subject=("recommendation", "CC-001"))
    assert [(row.actor, row.actor_role, row.verb) for row in rows] == [
        ("editor", "force_editor", "progress reported"),
        ("office", "office", "taken in"),
    ]
