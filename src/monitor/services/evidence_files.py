"""Files of evidence: looked through, scanned and counted before they are kept, and given out to those who may see them."""

import json
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from monitor.dates import end_of_day, london_day
from monitor.domain.access import Actor, Permission, scope_of
from monitor.domain.evidence_files import Scan, media_type_of, size_words
from monitor.domain.sources import fingerprint_of
from monitor.errors import RuleError, UnreadableFileError
from monitor.importers.child import check_evidence
from monitor.services.changing import visible_inspections
from monitor.services.scanning import scan
from monitor.settings import Settings
from monitor.store import Reader, Store

_log: Final = logging.getLogger("monitor.files")


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as somebody gave it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: see `check_file`, the only place that makes one."""

    name: str
    content: bytes
    scan: Scan


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it goes out again: byte for byte what came in, under our own media type."""

    name: str
    media_type: str
    content: bytes


def check_file(given: GivenFile) -> CheckedFile:
    """
    Return a file that may be kept. It takes its time: ask before a transaction is open.

    Raises:
        UnreadableFileError: in one sentence, from the gate or about the virus scanner.
    """
    admitted = check_evidence(given.name, given.content)
    scanned = scan(admitted.name, given.content, clamd=Settings.from_environment().clamd)
    return CheckedFile(admitted.name, given.content, scanned)


def noted(event: str, content: bytes, by: Actor) -> None:
    """Leave one line in the log: which file, by its fingerprint, and who; nothing that a person wrote."""
    line = {"event": event, "sha256": fingerprint_of(content), "size": len(content), "actor": by.id}
    _log.warning("%s", json.dumps(line))


def check_quota(reader: Reader, content: bytes, by: Actor) -> None:
    """
    Do nothing while somebody may add this file of evidence today.

    The day's bytes are those of the different files that one account has added, as they are kept: the same file
    brought again costs nothing. Whether somebody else brought it before makes no difference, so that nobody can tell.

    Raises:
        RuleError: saying how much a day is allowed, and how much there was.
    """
    most = Settings.from_environment().evidence_mb_a_day
    today = london_day(reader.clock_now())
    files = reader.evidence_bytes(by.id, since=end_of_day(today - timedelta(days=1)))
    added = sum(files.values())
    if fingerprint_of(content) not in files and added + len(content) > most * 1024 * 1024:
        raise RuleError(
            f"The file has {size_words(len(content))}, and {by.name} has added {size_words(added)} of files today. A day "
            f"allows {most} MB: add the file tomorrow, or give a link to it.",
            added=added,
        )


def may_take_files(by: Actor, service: str) -> bool:
    """Tell whether somebody may take a service's files of evidence away: they can name people, so the public may not."""
    return by.may(Permission.EXPORT, service)


def read_file(store: Store, *, evidence_id: int, by: Actor) -> KeptFile:
    """
    Return the file kept with an item of evidence.

    It is seen where a recommendation that it serves is seen, and taken away by those who may export there.

    Raises:
        NotFoundError: the same for an item that is absent, one that is hidden and one without a file.
        AccessError: for somebody who may read the recommendation and not export.
        UnreadableFileError: for a file whose bytes were changed past the product.
    """
    scope = scope_of(by)
    with store.reading() as reader:
        visible, served = visible_inspections(reader, scope), reader.reports_served(evidence_id)
        item = reader.evidence_item(evidence_id)
        if item is None or item.file is None or served.isdisjoint(visible):
            raise by.not_found(f"There is no file of evidence {evidence_id} in this register.")
        by.require(Permission.EXPORT, item.service)
        content = reader.evidence_content(item.file) or b""
    if fingerprint_of(content) != item.file:
        raise UnreadableFileError(
            f"{item.file_name} is no longer what was added: it was changed past the product. Tell the administrator; "
            "monitor verify names it."
        )
    noted("file given out", content, by)
    return KeptFile(item.file_name, media_type_of(item.file_name), content)
