"""Writing the site into a folder: file by file, each there whole or not at all, and only what has changed."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.errors import RuleError
from monitor.packs.site import addresses
from monitor.packs.site.addresses import PAGE, AddressBook, Known, carried_over
from monitor.packs.site.building import Site, redirects

_BESIDE: Final = ".publishing-"


@dataclass(frozen=True, slots=True)
class Written:
    """What was done in the folder: how many files the site has, and which of them were written, led on or taken away."""

    folder: Path
    files: int
    pages: int
    written: tuple[str, ...]
    redirects: tuple[str, ...]
    removed: tuple[str, ...]


def write_site(folder: Path, site: Site, *, earlier: Mapping[str, Known]) -> Written:
    """
    Write the site into a folder; what is there already and the same is left alone.

    Whoever reads meanwhile never meets half a page. Addresses that were published and are gone lead on; files that are
    not the site's own are left alone.

    Args:
        earlier: Addresses of earlier publications, which the folder may not know.

    Raises:
        RuleError: for a folder that cannot be written, or holds something else.
    """
    try:
        return _write(folder, site, earlier)
    except OSError as problem:
        reason = os.strerror(problem.errno).lower() if problem.errno else "the system gave no reason"
        raise RuleError(f"{folder} cannot be written: {reason}.") from problem


def _write(folder: Path, site: Site, earlier: Mapping[str, Known]) -> Written:
    if folder.exists() and not folder.is_dir():
        raise RuleError(f"{folder} is a file. Name a folder.")
    if not folder.exists() and not folder.absolute().parent.is_dir():
        raise RuleError(f"There is no folder {folder.absolute().parent} to write {folder.name} into.")
    before = _book_of(folder, site)
    as_at = site.facts.view.as_at.isoformat()
    known = carried_over({**earlier, **before.addresses}, site.stands, as_at=as_at)
    gone = redirects(site, known, before.files)
    wanted = {**site.files, **gone}
    _check_foreign(folder, wanted, before)
    book = AddressBook(
        office=site.frame.office,
        is_demonstration=site.facts.view.is_demonstration,
        is_draft=site.is_draft,
        as_at=as_at,
        head=site.facts.head,
        addresses=known,
        files=tuple(wanted),
    )
    leaving = tuple(sorted(set(before.files) - wanted.keys()))
    written = []
    # First of all, whose files these are: a run that is broken off can be done again.
    if leaving or not (folder / addresses.FILE).exists():
        held = AddressBook(**{**vars(book), "files": (*book.files, *leaving)})
        _replace(folder, addresses.FILE, held.written())
    # The first page last: what it leads to is there before it is.
    for path in sorted(wanted, key=lambda path: (path == PAGE, path)):
        if _replace(folder, path, wanted[path]):
            written.append(path)
    for path in leaving:
        (folder / path).unlink(missing_ok=True)
    _replace(folder, addresses.FILE, book.written())
    return Written(folder, len(wanted), len(site.pages), tuple(written), tuple(sorted(gone)), leaving)


def _book_of(folder: Path, site: Site) -> AddressBook:
    """Return the addresses that a folder knows, once it is sure that this site belongs there."""
    place = folder / addresses.FILE
    if not place.exists():
        return AddressBook(addresses={})
    book = AddressBook.read(place.read_bytes())
    if book.is_draft != site.is_draft:
        holds, is_to = ("a draft", "published") if book.is_draft else ("what is published", "a draft")
        raise RuleError(f"{folder} holds {holds}, and this is {is_to}. Name another folder.")
    if book.is_demonstration != site.facts.view.is_demonstration:
        holds = "the demonstration" if book.is_demonstration else "a real register"
        raise RuleError(f"{folder} holds the site of {holds}. Name another folder for this one.")
    return book


def _check_foreign(folder: Path, wanted: Mapping[str, bytes], before: AddressBook) -> None:
    """Refuse to write over what is not the site's own."""
    own = set(before.files)
    for path, content in wanted.items():
        place = folder / path
        if path not in own and place.exists() and not (place.is_file() and place.read_bytes() == content):
            raise RuleError(
                f"{folder} holds a {path} that this command did not write. Take it away, or name another folder."
            )


def _replace(folder: Path, path: str, content: bytes) -> bool:
    """Put a file in place at once, and tell whether that was needed."""
    place = folder / path
    if place.is_file() and place.stat().st_size == len(content) and place.read_bytes() == content:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=place.parent, prefix=_BESIDE)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(beside).chmod(0o644)  # a web server reads it as somebody else
        Path(beside).replace(place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return True
