"""What signing in writes, on both databases: the bytes of the files that somebody sends in a day."""

from concurrent.futures import ThreadPoolExecutor

from monitor.domain.access import SYSTEM
from monitor.domain.accounts import Way
from monitor.services.accounts import add_account
from monitor.store import SignIns, Store
from tests.builders import day

MOST = 100


def a_session(store: Store, name: str, login: str = "kit") -> SignIns:
    """Begin a session of an account, which is made first if it has to be."""
    sign_ins = SignIns(store)
    with store.reading() as reader:
        found = [one.account.id for one in reader.account_states() if one.account.subject == login]
    if not found:
        account, _ = add_account(store, name="Kit Moss", way=Way.PROXY, subject=login, grants=[], by=SYSTEM)
        found = [account.id]
    sign_ins.open(session_id=name, token_hash=name, account_id=found[0], agent="", now=store.server_now())
    return sign_ins


def test_a_day_is_counted_over_every_session_of_an_account(register: Store) -> None:
    """Those that have ended too; another day and another account begin anew, and what is refused does not count."""
    a_session(register, "first")
    a_session(register, "second")
    sign_ins = a_session(register, "theirs", "lee")

    assert sign_ins.count_upload("first", 60, day(0), at_most=MOST)
    sign_ins.end(register.server_now(), session_id="first")
    assert not sign_ins.count_upload("second", 41, day(0), at_most=MOST)
    assert sign_ins.count_upload("second", 30, day(0), at_most=MOST)
    assert sign_ins.count_upload("second", 10, day(0), at_most=MOST)
    sign_ins.end(register.server_now(), session_id="second")
    a_session(register, "third")
    assert not sign_ins.count_upload("third", 1, day(0), at_most=MOST)

    assert sign_ins.count_upload("theirs", 100, day(0), at_most=MOST)
    assert sign_ins.count_upload("third", 100, day(1), at_most=MOST)
    assert not sign_ins.count_upload("third", 1, day(1), at_most=MOST)


def test_files_at_the_same_instant_do_not_all_fit(register: Store) -> None:
    """By two sessions of one account at once: as many are let through as one after the other."""
    a_session(register, "first")
    sign_ins = a_session(register, "second")

    with ThreadPoolExecutor(4) as pool:
        let_through = list(
            pool.map(
                lambda number: sign_ins.count_upload(
                    ("first", "second")[number % 2], 30, day(0), at_most=MOST
                ),
                range(8),
            )
        )

    assert let_through.count(True) == 3
