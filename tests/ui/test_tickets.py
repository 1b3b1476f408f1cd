"""Links to files: once, for a minute, for the sign-in that asked, and never more than so many."""

from monitor.ui.tickets import MOST, MOST_FOR_ONE, SECONDS, Tickets
from tests.builders import EDITOR


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return where it stands."""
        return self.now


def issue(tickets: Tickets, session_id: str = "s1", name: str = "a.txt") -> str:
    """Issue a ticket for a small file."""
    return tickets.issue(
        session_id=session_id, by=EDITOR, name=name, media_type="text/plain", make=lambda: b"x"
    )


def test_a_ticket_is_used_once() -> None:
    """The second time there is none."""
    tickets = Tickets()
    token = issue(tickets)

    first, second = tickets.use(token, session_id="s1"), tickets.use(token, session_id="s1")

    assert first is not None
    assert (first.name, first.make()) == ("a.txt", b"x")
    assert second is None


def test_another_sign_in_cannot_use_it_nor_use_it_up() -> None:
    """Whoever copies the address gets nothing, and takes nothing from its owner."""
    tickets = Tickets()
    token = issue(tickets)

    assert tickets.use(token, session_id="s2") is None
    assert tickets.use(token, session_id="") is None
    assert tickets.use(token, session_id="s1") is not None


def test_a_ticket_is_over_after_a_minute() -> None:
    """Just before it still holds."""
    clock = Seconds()
    tickets = Tickets(clock=clock)
    early, late = issue(tickets), issue(tickets)

    clock.now += SECONDS - 0.1
    assert tickets.use(early, session_id="s1") is not None
    clock.now += 0.1
    assert tickets.use(late, session_id="s1") is None
    assert len(tickets) == 0


def test_tokens_cannot_be_guessed() -> None:
    """Each is another one, of 256 random bits; an unknown one opens nothing."""
    tickets = Tickets()
    tokens = {issue(tickets) for _ in range(50)}

    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 43
    assert tickets.use("", session_id="s1") is None


def test_one_sign_in_cannot_fill_the_place_of_all() -> None:
    """Its own oldest go first; another's stay."""
    tickets = Tickets()
    others = issue(tickets, "s2")
    mine = [issue(tickets) for _ in range(MOST_FOR_ONE + 10)]

    assert len(tickets) == MOST_FOR_ONE + 1
    assert tickets.use(mine[9], session_id="s1") is None
    assert tickets.use(mine[10], session_id="s1") is not None
    assert tickets.use(others, session_id="s2") is not None


def test_there_are_never_more_than_so_many() -> None:
    """However many sign-ins ask."""
    tickets = Tickets()
    for number in range(MOST + 20):
        issue(tickets, f"s{number}")

    assert len(tickets) == MOST
