"""A pack in its three forms: made, published, and made again to see whether anything differs."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from monitor.domain.access import Actor
from monitor.domain.meetings import Pack
from monitor.errors import RuleError
from monitor.exporters.document import Document, as_json, from_json, plain_lines
from monitor.exporters.to_docx import docx_bytes
from monitor.exporters.to_html import html_bytes
from monitor.exporters.to_pdf import pdf_bytes
from monitor.packs.conference import conference_document
from monitor.services.packs import FORMS, PackFacts, gather, keep_pack, read_pack
from monitor.settings import Settings
from monitor.store import Store

Progress = Callable[[str], None]
"""Told what is being done, in words."""

WORDS: Final[Mapping[str, str]] = {"docx": "Word", "pdf": "PDF", "html": "web page"}


@dataclass(frozen=True)
class MadePack:
    """A pack as made: what it rests on, what it says, and its bytes in each form asked for."""

    facts: PackFacts
    document: Document
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class MadeAgain:
    """
    A published pack made again from the register.

    Attributes:
        differences: Lines that the published one says ("- ") and the new one does not, and the other way ("+ ").
        other_bytes: The forms whose bytes differ, even where the words do not: a newer release may draw otherwise.
    """

    pack: Pack
    files: Mapping[str, bytes]
    differences: tuple[str, ...]
    other_bytes: tuple[str, ...]


def make_pack(
    store: Store,
    *,
    meeting_id: int,
    by: Actor,
    settings: Settings,
    forms: tuple[str, ...] = FORMS,
    progress: Progress = lambda said: None,
    **choices: Any,
) -> MadePack:
    """
    Return the pack of a meeting, in the forms asked for.

    Args:
        choices: `as_at`, `known_at`, `since_on` and `annex`, as `monitor.services.packs.gather` takes them.

    Raises:
        NotFoundError, AccessError, RuleError: as `gather`; a template that cannot be used.
    """
    progress("Reading the register")
    facts = gather(store, meeting_id=meeting_id, by=by, **choices)
    progress("Drawing the charts")
    document = conference_document(facts, settings)
    files = {}
    for form in forms:
        progress(f"Writing the {WORDS[form]}")
        files[form] = render(document, form, settings)
    return MadePack(facts, document, files)


def render(document: Document, form: str, settings: Settings) -> bytes:
    """Return a document as the bytes of one form; Word takes its styles from the office's template, where there is one."""
    if form == "docx":
        return docx_bytes(document, _template(settings))
    return pdf_bytes(document) if form == "pdf" else html_bytes(document)


def _template(settings: Settings) -> bytes | None:
    if not settings.word_template:
        return None
    try:
        return Path(settings.word_template).read_bytes()
    except OSError as problem:
        raise RuleError(
            f"The Word template {settings.word_template} cannot be read ({problem.strerror}). "
            "Set MONITOR_WORD_TEMPLATE to a .docx file, or leave it empty."
        ) from None


def publish_pack(
    store: Store,
    *,
    meeting_id: int,
    by: Actor,
    settings: Settings,
    progress: Progress = lambda said: None,
    **choices: Any,
) -> Pack:
    """
    Make the pack of a meeting in every form and keep it for ever.

    Raises:
        AccessError: for an actor who may not record meetings; and as `make_pack`.
    """
    made = make_pack(store, meeting_id=meeting_id, by=by, settings=settings, progress=progress, **choices)
    progress("Keeping it")
    return publish_made(store, made=made, by=by)


def publish_made(store: Store, *, made: MadePack, by: Actor) -> Pack:
    """
    Keep a pack for ever, exactly as it was made and looked at.

    Raises:
        AccessError: for an actor who may not record meetings.
    """
    content = as_json(made.document).encode()
    return keep_pack(store, facts=made.facts, content=content, files=made.files, by=by)


def published_document(store: Store, *, pack_id: int, by: Actor) -> Document:
    """Return what a published pack says."""
    return from_json(read_pack(store, pack_id=pack_id, form="content", by=by)[1])


def make_again(store: Store, *, pack_id: int, by: Actor, settings: Settings) -> MadeAgain:
    """
    Make a published pack again from the register as it was known then, and tell what differs.

    Raises:
        NotFoundError: for a pack that is absent or hidden.
    """
    pack, kept = read_pack(store, pack_id=pack_id, form="content", by=by)
    made = make_pack(
        store,
        meeting_id=pack.meeting_id,
        by=by,
        settings=settings,
        as_at=pack.as_at,
        known_at=pack.known_at,
        since_on=pack.since_on,
        annex=pack.annex,
        prepared_by=pack.by_name,
    )
    before, after = (plain_lines(one) for one in (from_json(kept), made.document))
    told = difflib.unified_diff(before, after, lineterm="", n=0)
    differences = tuple(line for line in told if not line.startswith(("---", "+++", "@@")))
    other = tuple(
        form
        for form, content in made.files.items()
        if content != read_pack(store, pack_id=pack_id, form=form, by=by)[1]
    )
    return MadeAgain(pack, made.files, differences, other)
