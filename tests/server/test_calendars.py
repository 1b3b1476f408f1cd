"""The address that calendar programs subscribe to: who it opens for, until when, and what it lets out."""

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import AccountState
from monitor.services import accounts
from monitor.services.calendar import make_address
from monitor.services.signing_in import who_is
from tests.server.running import Running

SERVICE = "Cumbria Constabulary"


def address(served: Running, login: str, role: Role) -> tuple[str, str]:
    """Return the key of a new account and the path of its calendar."""
    account, _ = served.somebody(login, role, service=SERVICE)
    state = next(one for one in _states(served) if one.account.id == account)
    return account, f"/calendar/{make_address(served.store, by=state.actor)}.ics"


def _states(served: Running) -> list[AccountState]:
    with served.store.reading() as reader:
        return reader.account_states()


def test_it_opens_without_a_sign_in_and_opens_nothing_else(served: Running) -> None:
    """A calendar program has no cookie; what it gets can run nothing, is kept by nobody, and names no other page."""
    _, path = address(served, "calendar-kit", Role.ANALYST)
    with served.client() as program:
        answer = program.get(path)
        elsewhere = program.get("/_stcore/metrics")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    assert answer.text.startswith("BEGIN:VCALENDAR")
    assert f"URL:{served.url}/recommendation?ref=" in answer.text.replace("\r\n ", "")
    assert elsewhere.status_code == 401


def test_what_opens_nothing_all_reads_the_same(served: Running) -> None:
    """A guess, an address that was ended by a fresh one, and that of a disabled account; each leaves a line."""
    account, old = address(served, "calendar-lee", Role.OFFICE)
    state = next(one for one in _states(served) if one.account.id == account)
    fresh = f"/calendar/{make_address(served.store, by=state.actor)}.ics"
    before = len(served.log)
    with served.client() as program:
        assert program.get(fresh).status_code == 200
        accounts.disable(served.store, account_id=account, by=SYSTEM)
        refused = [program.get(path) for path in ("/calendar/guess.ics", old, fresh)]

    assert {(one.status_code, one.text) for one in refused} == {(404, "There is no calendar here.")}
    lines = [line for line in served.log[before:] if "calendar" in line]
    assert len(lines) == 3
    assert not any("guess" in line or old[10:30] in line for line in served.log)


def test_it_is_for_reading_alone(served: Running) -> None:
    """Nothing can be written by it."""
    _, path = address(served, "calendar-ann", Role.ANALYST)
    with served.client(Origin=served.url) as program:
        assert program.post(path).status_code == 405
    assert who_is(served.store, session_id=path) is None
