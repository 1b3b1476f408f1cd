from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.history import HistoryRow, canonical, first_broken, row_hash
from tests.builders import a_history, a_history_row


def test_a_whole_history_has_no_broken_row() -> None:
    """Rows written one after the other fit each other."""
    assert first_broken(a_history(5)) is None


def test_an_empty_history_has_no_broken_row() -> None:
    """A register that has only just been made is sound."""
    assert first_broken([]) is None


def resealed(row: HistoryRow, **changed: object) -> HistoryRow:
    """Return the row changed and given the hash that fits it: what a careful forger does."""
    new = replace(row, **changed)  # type: ignore[arg-type]
    return replace(new, hash=row_hash(new))


Forgery = Callable[[list[HistoryRow]], list[HistoryRow]]

FORGERIES: list[tuple[str, Forgery, int]] = [
    ("a field of a row is changed", lambda h: [*h[:2], replace(h[2], body="{}"), *h[3:]], 3),
    ("a row is changed and sealed anew", lambda h: [*h[:2], resealed(h[2], body="{}"), *h[3:]], 4),
    ("a row in the middle is deleted", lambda h: [*h[:2], *h[3:]], 3),
    ("the first row is deleted", lambda h: h[1:], 1),
    (
        "a row is deleted and the rest renumbered",
        lambda h: [*h[:2], *(resealed(r, seq=r.seq - 1) for r in h[3:])],
        3,
    ),
    ("two rows are swapped", lambda h: [h[0], h[2], h[1], *h[3:]], 2),
    (
        "two rows are swapped and renumbered",
        lambda h: [h[0], resealed(h[2], seq=2), resealed(h[1], seq=3), *h[3:]],
        2,
    ),
    ("a row is inserted", lambda h: [*h[:2], replace(h[2], seq=3, verb="closed"), *h[2:]], 3),
    (
        "a row is inserted with a hash that fits it",
        lambda h: [*h[:2], a_history_row(seq=3, previous=h[1].hash, verb="closed"), *h[2:]],
        4,
    ),
    ("an earlier row is replayed at the end", lambda h: [*h, h[1]], 6),
    (
        "an earlier row is replayed with a new number",
        lambda h: [*h, resealed(h[1], seq=6)],
        6,
    ),
    (
        "a row is appended that was recorded before the one above it",
        lambda h: [
            *h,
            a_history_row(seq=6, previous=h[4].hash, recorded_at=h[4].recorded_at - timedelta(seconds=1)),
        ],
        6,
    ),
    ("the chain begins on another hash", lambda h: [resealed(h[0], previous="f" * 64), *h[1:]], 1),
]


@pytest.mark.parametrize(("forge", "broken"), [pytest.param(f, n, id=title) for title, f, n in FORGERIES])
def test_each_forgery_is_found_at_the_first_row_that_does_not_fit(forge: Forgery, broken: int) -> None:
    """Whatever is done to the rows, the check names the first that does not follow from the one before."""
    found = first_broken(forge(a_history(5)))

    assert found is not None
    assert found[0] == broken


@pytest.mark.parametrize(
    "name",
    [
        "recorded_at",
        "actor",
        "actor_name",
        "actor_role",
        "verb",
        "subject_kind",
        "subject",
        "service",
        "body",
        "previous",
    ],
)
def test_every_field_of_a_row_is_under_its_hash(name: str) -> None:
    """Nothing that a row says can be changed without its hash telling."""
    row = a_history_row()
    changed = row.recorded_at + timedelta(days=1) if name == "recorded_at" else "something else"

    assert row_hash(replace(row, **{name: changed})) != row.hash  # type: ignore[arg-type]


def test_a_cut_tail_shows_only_against_a_head_kept_elsewhere() -> None:
    """A history cut short is whole in itself; the hash printed on an earlier export is what it lacks."""
    history = a_history(5)
    head = history[-1].hash

    cut = history[:3]

    assert first_broken(cut) is None
    assert head not in {row.hash for row in cut}


def test_words_cannot_wander_from_one_field_into_the_next() -> None:
    """Two rows whose fields, run together, read the same have different hashes."""
    assert row_hash(a_history_row(subject="CC-1", verb="a")) != row_hash(
        a_history_row(subject="CC-", verb="1a")
    )


def test_the_canonical_text_does_not_depend_on_the_order_of_keys() -> None:
    """One value has one text, so that anybody can compute the hash again."""
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'
