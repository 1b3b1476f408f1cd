"""What a document holds, as a plan: each report with the fields it would be taken in with."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from monitor.domain.deadlines import DeadlineReading
from monitor.domain.record import SHORT_TITLE_MAX
from monitor.domain.sources import fingerprint_of
from monitor.domain.statuses import Applicability, Precision, Programme, SetBy
from monitor.importers.addressees import Addressed
from monitor.importers.blocks import Document
from monitor.importers.extract import Extracted, Recommendation, extract
from monitor.services.plans import FilePlan, ItemPlan, Place, ReportPlan, opened_on
from monitor.settings import Titles

_PROGRAMMES: Final = (
    (Programme.SPOTLIGHT, r"spotlight"),
    (Programme.SUPER_COMPLAINT, r"super-?complaint"),
    (Programme.JOINT, r"\bjoint\b|JTAI"),
    (Programme.PEEL, r"\bPEEL\b"),
    (Programme.AUDIT, r"\baudit\b"),
    (Programme.CORONER, r"\bprevent(?:ion of)? (?:future|other) deaths\b|\bregulation 28 report"),
    (Programme.THEMATIC, r"thematic|national"),
)
_BEFORE_THE_ASK: Final = re.compile(
    r"^.{0,160}?\b(?:(?:should|must|needs? to)\b|expects?\b(?: to see)?\b.{0,60}?\bto\b)\s+"
    r"(?:(?:also|immediately|urgently|now)\s+)?(?:(?:make sure|ensure|satisfy (?:itself|themselves))\s*[-–—:]?\s*)?"
    r"(?:that\s+)?(?:(?:it|they|its|their|the force|forces)\s+)?",
    re.IGNORECASE | re.DOTALL,
)
_CUT_OFF: Final = re.compile(
    r"(?: (?:and|or|the|a|an|of|to|for|in|on|with|that|by|from|its|their|as|at|is|are|be|which|when|where))+$",
    re.IGNORECASE,
)
_ONLY_A_LITTLE: Final = 8


def plan_document(
    document: Document, content: bytes, *, service: str, services: Sequence[str], today: date
) -> FilePlan:
    """
    Return what a document holds, not yet held against the register.

    Args:
        service: For whom it is taken in.
        services: All of the register, so that a report about another one is not taken for ours.
    """
    titles = Titles.from_environment()
    found = extract(document, service=service, known_services=services, titles=titles)
    return FilePlan(
        name=document.name,
        fingerprint=fingerprint_of(content),
        form=document.form,
        service=service,
        content=content,
        text=document.text,
        reports=tuple(_report(place, one, service, today) for place, one in enumerate(found)),
    )


def _report(place: int, read: Extracted, service: str, today: date) -> ReportPlan:
    known = read.publication
    precision = known.precision if known.published else Precision.UNKNOWN
    given: dict[str, Any] = {
        "title": known.title,
        "publishers": known.publishers or ("HMICFRS",),
        "programme": programme_of(f"{known.inspection_type} {known.title}"),
        "is_national": _is_national(read),
        "published_on": known.published,
        "published_precision": precision,
        "published_source": "",
        "key_findings": tuple(read.key_findings),
        "grades": tuple((one["question"], one["grade"]) for one in read.grades),
        "stated_count": read.stated_count,
        "stated_addressees": "; ".join(read.stated_addressees),
        "stated_applicability": _stated_for(read),
    }
    day = opened_on(known.published, precision, today)
    items = tuple(
        _item(f"{place}-{number}", one, service, day, read.problems)
        for number, one in enumerate(read.recommendations)
    )
    names = tuple(f"{one.name[:1].upper()}{one.name[1:]}: " for one in read.recommendations)
    own = tuple(
        said for said in dict.fromkeys(read.problems) if not (names and _lowered(said, names) is not None)
    )
    return ReportPlan(
        place=place,
        service=service,
        given=given,
        items=items,
        inside=read.inside,
        problems=own,
        statements=tuple((one.speaker, one.text) for one in read.statements),
        mechanisms=tuple((one.body or one.kind.replace("_", " "), one.text) for one in read.evidence),
    )


def _item(key: str, read: Recommendation, service: str, opened: date, problems: Sequence[str]) -> ItemPlan:
    name = f"{read.name[:1].upper()}{read.name[1:]}: "
    reading = read.deadline
    given: dict[str, Any] = {
        "reference": "",
        "kind": read.kind,
        "number": read.number,
        "external_reference": read.reference,
        "short_title": short_title_of(read.text),
        "text": read.text,
        "lead_in": read.lead_in,
        "parts": read.parts,
        "addressees": read.addressed.addressees,
        "applicability": _applicability(read.addressed),
        "applicability_reason": "",
        "parent": "" if read.cause is None else f"{key.partition('-')[0]}-{read.cause}",
        **target_of(reading),
        "opened_on": opened,
        "owner": "",
        "executive_lead": "",
        "board": "",
        "themes": (),
        "closure_test": "",
    }
    own = tuple(said for one in dict.fromkeys(problems) if (said := _lowered(one, (name,))) is not None)
    return ItemPlan(key=key, service=service, given=given, place=Place(read.start, read.end), problems=own)


def _lowered(said: str, names: Sequence[str]) -> str | None:
    """Return what is said of one of these names, without the name; None where it is said of something else."""
    for name in names:
        if said.casefold().startswith(name.casefold()):
            rest = said[len(name) :]
            return rest[:1].upper() + rest[1:]
    return None


def target_of(reading: DeadlineReading | None) -> dict[str, Any]:
    """Return a deadline as a recommendation is taken in with it; without a date, the phrase alone."""
    rule = reading.rule if reading else ""
    has_words = reading is not None and rule not in (
        "none",
        "not-a-deadline",
        "response-clock",
        "assessed-when",
    )
    due = reading.due if reading is not None and has_words else None
    return {
        "due_on": due,
        "due_precision": reading.precision if reading is not None and due else Precision.DAY,
        "due_phrase": reading.phrase if reading is not None and has_words else "",
        "due_rule": rule if due else "",
        "due_set_by": SetBy.INSPECTORATE,
        "assessed_when": reading.assessed_when if reading is not None else "",
    }


def _applicability(addressed: Addressed) -> Applicability:
    if addressed.applies_to_service is None:
        return Applicability.NOT_DECIDED
    if not addressed.applies_to_service:
        return Applicability.FOR_OTHERS
    return Applicability.SHARED if len(addressed.addressees) > 1 else Applicability.FOR_SERVICE


def programme_of(words: str) -> Programme:
    """Return the series that a type of inspection, or a title, speaks of."""
    return next(
        (programme for programme, words_for in _PROGRAMMES if re.search(words_for, words, re.IGNORECASE)),
        Programme.OTHER,
    )


def _is_national(read: Extracted) -> bool:
    said = read.publication.inspection_type
    return bool(re.search(r"national|thematic|spotlight|super-?complaint", said, re.IGNORECASE))


def _stated_for(read: Extracted) -> Applicability | None:
    if read.stated_count is None or read.recommendations:
        return None
    for_others = any(said.endswith("not for this service.") for said in read.problems)
    return Applicability.FOR_OTHERS if for_others else Applicability.NOT_DECIDED


def short_title_of(text: str) -> str:
    """
    Return a proposal for the name by which people call a recommendation: what is asked, in at most 42 characters.

    It is the beginning of what follows "should" or "must", cut at a word and marked as cut; a person puts it right.
    """
    flat = " ".join(text.split())
    asked = _BEFORE_THE_ASK.sub("", flat, count=1)
    plain = (asked if len(asked) > _ONLY_A_LITTLE else flat).strip(" -–—:;,.•")
    plain = re.split(r"(?<=\w)[.;:](?:\s|$)", plain, maxsplit=1)[0] or plain
    if len(plain) > SHORT_TITLE_MAX:
        cut = plain[:SHORT_TITLE_MAX].rpartition(" ")[0] or plain[: SHORT_TITLE_MAX - 1]
        plain = f"{_CUT_OFF.sub('', cut).rstrip(' ,;:–—-')}…"
    return plain[:1].upper() + plain[1:] if plain else "Without words"
