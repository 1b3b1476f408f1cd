"""Where each page of the public site stands, for ever: an address that was published never leads to nothing."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from monitor.domain.sources import fingerprint_of
from monitor.errors import RuleError

FILE: Final = "addresses.json"
PAGE: Final = "index.html"
FORM: Final = 1
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_NOT_A_NAME: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
"""Names that Windows keeps for itself."""
_LONGEST: Final = 60


def slug(words: str, *, otherwise: str) -> str:
    """Return words as one part of an address: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
    kept = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    cut = kept[:_LONGEST].rpartition("-")[0] if len(kept) > _LONGEST else kept
    return _usable(cut or otherwise)


def reference_part(reference: str) -> str:
    """Return a reference as one part of an address: as it is where that can be, otherwise with a mark of its own."""
    if _PLAIN.fullmatch(reference):
        return _usable(reference)
    kept = re.sub(r"[^A-Za-z0-9_-]+", "-", reference).strip("-")[:_LONGEST]
    return f"{kept}-{mark(reference)[:8]}".strip("-")


def _usable(part: str) -> str:
    return f"{part}-" if _NOT_A_NAME.fullmatch(part) else part


def apart(parts: Iterable[str]) -> list[str]:
    """Return parts of addresses so that no two are alike, also where capitals do not count: the later ones are numbered."""
    taken: set[str] = set()
    found = []
    for part in parts:
        number, own = 1, part
        while own.casefold() in taken:
            number += 1
            own = f"{part}-{number}"
        taken.add(own.casefold())
        found.append(own)
    return found


def mark(words: str) -> str:
    """Return a fingerprint of words, short enough for an address."""
    return fingerprint_of(words.encode())[:16]


def from_here(page: str, target: str) -> str:
    """Return the way from one file of the site to another, so that it also works without a server."""
    return "../" * page.count("/") + target


def public_address(path: str) -> str:
    """Return a page's address below the beginning of the site: what people copy, without the file's own name."""
    return path.removesuffix(PAGE)


@dataclass(frozen=True, slots=True)
class Known:
    """
    An address that was published.

    Attributes:
        key: What stands there, whatever it comes to be called.
        title: What it was called last.
        first: The day shown when it was first published.
        to: Where it leads since it is gone; empty while it stands.
    """

    key: str
    title: str
    first: str
    to: str = ""


@dataclass(frozen=True)
class AddressBook:
    """Every address ever published in a folder, and every file there that is the site's own."""

    office: str = ""
    is_demonstration: bool = False
    is_draft: bool = False
    as_at: str = ""
    head: str = ""
    addresses: Mapping[str, Known] = ()  # type: ignore[assignment]
    files: tuple[str, ...] = ()

    @classmethod
    def read(cls, content: bytes) -> "AddressBook":
        """
        Return the book that a folder holds.

        Raises:
            RuleError: for a file that was not written by the product.
        """
        try:
            told: dict[str, Any] = json.loads(content)
            kept = {path: Known(**one) for path, one in told.pop("addresses").items()}
            if told.pop("form") > FORM:
                raise RuleError(f"{FILE} was written by a newer release. Update the product first.")
            return cls(addresses=kept, files=tuple(told.pop("files")), **told)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise RuleError(
                f"{FILE} cannot be read, so it is not known which addresses were published here. Put back the "
                "last good copy of it, or name an empty folder."
            ) from None

    def written(self) -> bytes:
        """Return the book as it is kept in the folder."""
        told = {
            "form": FORM,
            "office": self.office,
            "is_demonstration": self.is_demonstration,
            "is_draft": self.is_draft,
            "as_at": self.as_at,
            "head": self.head,
            "addresses": {path: asdict(one) for path, one in sorted(self.addresses.items())},
            "files": sorted(self.files),
        }
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def carried_over(
    before: Mapping[str, Known], now: Mapping[str, tuple[str, str]], *, as_at: str
) -> dict[str, Known]:
    """
    Return every address ever published: those that stand, and those that are gone with where they lead.

    Args:
        before: The addresses known so far.
        now: The pages that stand now: path to key and title.
        as_at: The day shown.
    """
    where = {key: path for path, (key, _) in reversed(list(now.items()))}
    found = {}
    for path, (key, title) in now.items():
        first = before[path].first if path in before else as_at
        found[path] = Known(key, title, first)
    for path, known in before.items():
        if path not in now:
            found[path] = Known(
                known.key, known.title, known.first, where.get(known.key) or _above(path, now)
            )
    return found


def _above(path: str, now: Mapping[str, Any]) -> str:
    """Return the nearest page above one that is gone."""
    parts = path.split("/")[:-1]
    while parts:
        parts.pop()
        above = "/".join([*parts, PAGE])
        if above in now:
            return above
    return PAGE
