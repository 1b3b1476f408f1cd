"""What stands in a cell: no text can run as a formula, and every text comes back as it was."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.exporters.cells import could_run, count_of, day_of, flag_of, guard, is_missing, text_of, unguard


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\tplain",
        "\rplain",
        "\nplain",
        "\0=1",
        "\0plain",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20A1",
        " =1",
        "   +1",
        "\u00a0=1",
        "\u3000=1",
        "\ufeff=1",
        " \u200b =1",
        '=HYPERLINK("http://example.org","x")',
        "=cmd|' /C calc'!A0",
    ],
)
def test_guard_puts_an_apostrophe_before_what_could_run(text: str) -> None:
    """A formula's first letter is never the cell's first letter."""
    assert could_run(text)
    assert guard(text) == "'" + text
    assert unguard(guard(text)) == text


@pytest.mark.parametrize(
    "text", ["", "plain", "a=1", "1-2", "’quoted’", "#23432", "2023-03-31", "\u2212 5", " plain"]
)
def test_guard_leaves_a_plain_text(text: str) -> None:
    """What cannot run is written as it is."""
    assert guard(text) == text


@pytest.mark.parametrize("text", ["'", "''", "'=1+1", "'tis", "'‘"])
def test_guard_adds_one_to_an_apostrophe(text: str) -> None:
    """A text that starts with one gets one more, so that taking one off is always right."""
    assert guard(text) == "'" + text
    assert unguard(guard(text)) == text


@given(st.text())
def test_guard_comes_back_exactly(text: str) -> None:
    """Whatever the text, guard and unguard give it back, and a guarded cell cannot run."""
    assert unguard(guard(text)) == text
    assert not could_run(guard(text))


@pytest.mark.parametrize(
    "value", [None, float("nan"), np.float64("nan"), pd.NA, pd.NaT, np.datetime64("NaT")]
)
def test_nothing_is_nothing(value: object) -> None:
    """Every form of nothing is None, in a column of any kind."""
    assert is_missing(value)
    assert [read(value) for read in (text_of, day_of, count_of, flag_of)] == [None] * 4


def test_values_become_plain() -> None:
    """Values of pandas and numpy become those of the language."""
    assert text_of("") == ""
    assert text_of(36) == "36"
    assert text_of("a\ud800b") == "a?b"
    assert day_of(pd.Timestamp("2023-03-31")) == date(2023, 3, 31)
    assert day_of(np.datetime64("2023-03-31", "s")) == date(2023, 3, 31)
    assert day_of(datetime(2023, 3, 31, 9, tzinfo=UTC)) == date(2023, 3, 31)
    assert count_of(np.int64(7)) == 7
    assert count_of(7.0) == 7
    assert count_of(0.25) == 0.25
    assert count_of(float("inf")) is None
    assert flag_of(np.bool_(True)) is True


@pytest.mark.parametrize(
    ("read", "value"), [(day_of, "2023-03-31"), (count_of, "7"), (flag_of, 1), (flag_of, "yes")]
)
def test_a_value_of_the_wrong_kind_is_a_fault(read, value: object) -> None:  # type: ignore[no-untyped-def]
    """A column of days holds days: a text is never read as one here."""
    with pytest.raises(TypeError):
        read(value)
