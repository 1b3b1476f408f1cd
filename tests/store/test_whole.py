"""Every table is either handed over or left out, and somebody has said which."""

import pytest

from monitor.errors import RuleError
from monitor.services.intake import take_in_report
from monitor.store import Store
from monitor.store.tables import metadata
from monitor.store.whole import (
    CLASSES,
    HELD_BACK,
    KEPT,
    LEFT_OUT,
    LONG_TEXTS,
    Filling,
    count_rows,
    rows_of,
    shapes,
)
from tests.builders import OFFICE, SERVICE

BY_NAME = {shape.name: shape for shape in shapes()}


def test_every_table_is_kept_or_left_out() -> None:
    """A new table fails here until it has its line in `KEPT` or `LEFT_OUT` (src/monitor/store/whole.py)."""
    assert sorted([*KEPT, *LEFT_OUT]) == sorted(metadata.tables)


@pytest.mark.parametrize("name", sorted(KEPT))
def test_every_table_that_is_kept_says_what_a_row_is(name: str) -> None:
    """In a sentence; and what its columns are is read from a dataclass, or they are a fingerprint and a file."""
    assert KEPT[name].endswith(".")
    assert name in CLASSES or [c.name for c in BY_NAME[name].columns] == ["fingerprint", "content"]


def test_every_reference_leads_to_what_is_kept_and_comes_first() -> None:
    """Nothing that is handed over names a row that stays behind, and each table comes after those it names."""
    places = {shape.name: place for place, shape in enumerate(shapes())}
    for shape in shapes():
        for _, table, _ in shape.references:
            assert places[table] <= places[shape.name], (shape.name, table)


def test_no_row_that_is_kept_gets_its_number_from_the_database() -> None:
    """Numbers come along; a sequence of PostgreSQL would give them out again."""
    for name in KEPT:
        assert metadata.tables[name].autoincrement_column is None, name


def test_what_is_named_apart_exists() -> None:
    """Long texts and what is written last are columns that are there."""
    for table, column in [*LONG_TEXTS, HELD_BACK]:
        assert column in metadata.tables[table].columns


def test_rows_come_in_the_order_of_their_key(register: Store) -> None:
    """The same on both databases, also where the key is a text."""
    for title in ("b", "a"):
        take_in_report(register, service=SERVICE, title=title, by=OFFICE)
    with register.reading() as reader:
        rows = list(rows_of(reader, BY_NAME["inspection"]))
        counted = count_rows(reader)

    assert [row[0] for row in rows] == [1, 2, 3]
    assert counted["inspection"] == 3
    assert set(counted) == set(KEPT)


def test_a_row_comes_after_the_one_of_its_own_table_that_it_names(register: Store) -> None:
    """Whatever their numbers; neither database takes a number that is not there yet."""
    shape = BY_NAME["inspection"]
    with register.reading() as reader:
        (known,) = rows_of(reader, shape)
    row = dict(zip([c.name for c in shape.columns], known, strict=True))
    chain = [row | {"id": 11, "embeds": 12}, row | {"id": 12, "embeds": 13}, row | {"id": 13}]
    with register.writing() as unit:
        Filling(unit).add(shape, chain)
        assert [report.embeds for report in unit.inspections_as_taken_in()] == [None, 12, 13, None]
    nowhere = row | {"id": 14, "embeds": 99}
    with pytest.raises(RuleError, match="rows of inspection break a rule"), register.writing() as unit:
        Filling(unit).add(shape, [nowhere])
