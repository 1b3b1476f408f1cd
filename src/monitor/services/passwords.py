"""Which passwords may be used: long enough, and not among those that somebody who guesses tries first."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from functools import lru_cache
from typing import Final

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from monitor.domain.accounts import check_password
from monitor.errors import RuleError
from monitor.settings import Titles
from monitor.store import Store

SAFE_SCORE: Final = 4
"""The best of zxcvbn's five: more than ten thousand million tries by somebody who knows what people do."""

JUDGED: Final = 72
"""So many characters are judged; a longer password is no weaker than its beginning."""

OF_THE_FIELD: Final = (
    "accountability", "commissioner", "conference", "constabulary", "crime", "force", "hmicfrs", "inspection",
    "inspectorate", "monitor", "office", "opcc", "pcc", "peel", "police", "policing", "recommendation",
    "recommendations", "register",
)  # fmt: skip
"""Words that anybody would try here. The person's, the office's and the services' own come to them."""


def check_new_password(store: Store, password: str, *, names: Iterable[str]) -> None:
    """
    Do nothing for a password that may be used.

    Args:
        names: The person's name and sign-in name.

    Raises:
        RuleError: for one that is too short or too long, among the commonest, made of the person's or the office's
            name, or guessed soon.
    """
    own = tuple(names)
    check_password(password, common=_common(), names=own)
    known = {word for name in (*own, *_of_the_office(store)) for word in _words(name)}
    rest = _without(password, known.union(OF_THE_FIELD))
    if not rest or zxcvbn(rest[:JUDGED])["score"] < SAFE_SCORE:
        raise RuleError(
            "This password would be guessed too soon; names of people, forces and offices here do not count. "
            "Use three or four unrelated words."
        )


def _of_the_office(store: Store) -> Iterator[str]:
    with store.reading() as reader:
        if info := reader.info():
            yield info.office
            yield from (service.name for service in reader.services())
    yield from astuple(Titles.from_environment())


def _words(name: str) -> list[str]:
    """Return the words of a name, in small letters."""
    return "".join(ch if ch.isalnum() else " " for ch in name.casefold()).split()


def _without(password: str, known: Iterable[str]) -> str:
    """Return what is left of a password without the words that anybody would try, the longest taken out first."""
    rest = password.casefold()
    for word in sorted((one for one in known if len(one) > 2), key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])
