"""Files on their way: from the question where to send one until the page has it in its hands."""

from collections.abc import Callable

import pytest

from monitor.ui.uploads import BEGINS_WITHIN, SHOWN_WITHIN, Uploads


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return its time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
def uploads(clock: Clock) -> Uploads:
    """Return nothing on its way."""
    return Uploads(clock=clock)


def test_a_file_is_coming_until_the_page_has_it(uploads: Uploads, clock: Clock) -> None:
    """Asked for, begun, arrived: all the while, however long it takes; and to this page alone."""
    assert not uploads.is_coming("page")
    uploads.ask("page")
    assert uploads.is_coming("page")
    uploads.begin("page", "1")
    assert uploads.is_coming("page")
    uploads.end("page", "1", arrived=True)
    assert uploads.is_coming("page")
    assert not uploads.is_coming("other")
    uploads.take("page", "1")

    assert not uploads.is_coming("page")


def test_a_slow_file_is_coming_for_as_long_as_it_takes(uploads: Uploads, clock: Clock) -> None:
    """An hour, if need be."""
    uploads.ask("page")
    uploads.begin("page", "1")
    clock.now += 3600

    assert uploads.is_coming("page")


def never_begun(uploads: Uploads) -> float:
    """Ask where to send a file, and send none."""
    uploads.ask("page")
    return BEGINS_WITHIN


def broken_off(uploads: Uploads) -> float:
    """Begin, and hang up."""
    uploads.begin("page", "1")
    uploads.end("page", "1", arrived=False)
    return 0


def taken_out(uploads: Uploads) -> float:
    """Send a file, and take it out of the form again."""
    uploads.begin("page", "1")
    uploads.end("page", "1", arrived=True)
    uploads.end("page", "1", arrived=False)
    return 0


def left_behind(uploads: Uploads) -> float:
    """Send a file, and leave the form."""
    uploads.begin("page", "1")
    uploads.end("page", "1", arrived=True)
    return SHOWN_WITHIN


@pytest.mark.parametrize("give_up", [never_begun, broken_off, taken_out, left_behind])
def test_what_was_given_up_holds_nobody_for_long(
    uploads: Uploads, clock: Clock, give_up: Callable[[Uploads], float]
) -> None:
    """After half a minute at most a form can be saved."""
    clock.now += give_up(uploads)

    assert not uploads.is_coming("page")


def test_one_of_two_files_is_enough(uploads: Uploads) -> None:
    """The page has the first; the second is still coming."""
    for name in ("1", "2"):
        uploads.begin("page", name)
    uploads.end("page", "1", arrived=True)
    uploads.take("page", "1")

    assert uploads.is_coming("page")
    uploads.end("page", "2", arrived=False)
    assert not uploads.is_coming("page")
