"""
What the tables, columns and words of a handover mean: its data dictionary, in the form of a Frictionless Data Package.

A column's meaning is the sentence of its dataclass where that has one, and otherwise follows from its name: most of
them are plain words.

Source:
    Data Package (v2), datapackage.org; Table Schema for columns, keys and references.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from monitor.domain.statuses import MeetingKind, Vocabulary
from monitor.domain.wording import meeting_name
from monitor.packs.handover import check
from monitor.services.columns import BY_KEY
from monitor.settings import Titles
from monitor.store.whole import CLASSES, ColumnShape, Kind, TableShape, shapes

PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"

TYPES: Final[Mapping[Kind, str]] = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "flag": "boolean",
    "day": "date",
    "moment": "datetime",
    "list": "array",
    "file": "string",
    "long text": "string",
}

EVERYWHERE: Final[Mapping[str, str]] = {
    "id": "Its number, by which other tables name it.",
    "service": "The constabulary or fire and rescue service it belongs to, by name.",
    "recommendation_id": "The recommendation it is about.",
    "inspection_id": "The report it belongs to.",
    "meeting_id": "The meeting it belongs to.",
    "evidence_id": "The item of evidence.",
    "action_id": "The action it is a step of.",
    "account_id": "The account that was changed.",
    "n": "Its place among the rows of the same recommendation, from 1.",
    "happened_on": "The civil day in London on which it happened, as a person gave it.",
    "recorded_at": "The moment at which it was written down, by the clock of the server.",
    "by": "Key of whoever did it.",
    "by_name": "Name of whoever did it, as known at that moment.",
    "by_role": "The role in which they did it.",
    "fingerprint": "SHA-256 of its bytes.",
    "reason": "Why, in words.",
    "title": "Its title.",
    "name": "Its name.",
    "version": "Changes recorded to it so far.",
    "stage": "Which step it is.",
    "content": "The file.",
}
"""What a column of this name means wherever nothing else is said of it."""

OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "register": {
        "id": "Always 1.",
        "is_demonstration": "True for a demonstration: the people, the activity and the figures are invented.",
        "clock_begins": "For a demonstration, the moment at which its own clock began.",
        "loaded_at": "The moment at which the register began, by the clock of the server.",
    },
    "inspection": {
        "publishers": "Who published it.",
        "programme": "The series it belongs to.",
        "published_precision": "How exactly the day of publication is known.",
        "link": "Where it can be read.",
        "key_findings": "What it found, in its own words.",
        "is_national": "True for a report on more than this service.",
        "is_restricted": "True for a report that only the office may read.",
        "embeds": "Number of an earlier report whose response stands inside this one's.",
        "is_demonstration": "True where it is invented.",
        "stated_addressees": "Whom those are for, where none is listed, as printed.",
    },
    "recommendation": {
        "inspection_id": "The report it stands in.",
        "taken_in_on": "The day on which it came onto the register.",
        "reference": "The register's own reference, such as CC-036. It never changes hands.",
        "version": "Changes made to it so far.",
        "themes": "Subjects.",
        "original_on": "The target date first set. It never changes.",
        "target_on": "The target date in force; nothing while none is set.",
        "strong_on": "Last day that sound, strong evidence describes.",
        "fair_on": "Last day that sound evidence, at least fair, describes.",
        "contradicted_on": "Last day of sound evidence that contradicts.",
        "proposed_reason": "As what it is proposed to be closed.",
    },
    "wording": {
        "text": "The words as printed.",
        "lead_in": "The words in front of its parts.",
        "parts": "Its parts, where it has some.",
        "source": "Where other words than before were found.",
    },
    "assignment": {
        "short_title": "Short title, at most 42 characters.",
        "owner": "Operational lead.",
        "executive_lead": "Chief officer who answers for it.",
        "board": "Board that governs it.",
        "themes": "Subjects.",
        "applicability": "Whom it is for.",
        "applicability_reason": "Why it is for them.",
        "verification_level": "How it is to be verified, in the office's own words.",
        "closure_test": "What must be shown before it can be closed as met.",
        "closure_test_agreed_on": "Day on which the closure test was agreed.",
    },
    "target_date": {
        "precision": "How exactly the day is known.",
        "phrase": "The words in which it was printed.",
        "rule": "The rule by which those words were read as a day.",
        "set_by": "Who set it.",
        "category": "Why the date moves, in one of a few words.",
    },
    "progress_report": {
        "status": "What the force reports.",
        "narrative": "In the force's words.",
        "confidence": "How sure the force is of its date.",
        "blocked_by": "What is in the way, in the force's words.",
    },
    "assurance_decision": {
        "level": "What the office is assured of.",
        "rationale": "Why, in the office's words.",
        "ask": "What the office wants to see next.",
        "meeting_id": "The meeting at which it was decided.",
    },
    "inspectorate_position": {
        "position": "The inspectorate's position.",
        "comment": "What the inspectorate said with it.",
        "source": "Where the office read it.",
    },
    "closure_step": {
        "reason": "How it ends.",
        "statement": "What is said with the step.",
        "evidence_ids": "Numbers of the items of evidence that the step rests on.",
        "answers": "Place of the step it answers: the proposal, the closing that is reopened, or the closing that is checked.",
        "sustained": "For a later check, whether it still holds.",
    },
    "link": {
        "kind": "How it stands to the other.",
        "other": "Reference of the other recommendation.",
    },
    "passage": {
        "source": "Fingerprint of the file.",
        "starts_at": "Where the passage begins in the text of the file: characters before it.",
        "ends_at": "Where the passage ends: characters before the first that is no longer of it.",
    },
    "evidence": {
        "kind": "What sort of evidence it is.",
        "describes_from": "First day of the period that it describes, where it is a period.",
        "describes_on": "Last day that it describes.",
        "sample": "Cases looked at.",
        "population": "Of how many cases.",
        "measure": "What was measured.",
        "value": "What was measured: the value.",
        "target": "The value aimed at.",
        "unit": "The unit of value and target.",
        "direction": "Which way it points.",
        "checked_by": "Who looked.",
        "note": "What else was said of it.",
        "file": "Fingerprint of the file kept with it; nothing where there is none.",
        "file_scan": "What the virus scanner said.",
    },
    "evidence_use": {
        "evidence_id": "The item of evidence that serves it.",
    },
    "source": {
        "text": "The text as it was read from the file.",
        "content": "The file as it was taken in.",
        "name": "What the file was called.",
        "form": "Its form, as docx or pdf.",
    },
    "meeting": {
        "kind": "What sort of meeting it is.",
        "on": "The day of the meeting.",
        "place": "Where it is.",
        "is_public": "True where the public may come.",
        "attendees": "Who is expected, or was there.",
        "is_cancelled": "True where it does not take place.",
    },
    "publication_day": {
        "published_on": "The day of publication that was learned.",
        "precision": "How exactly it is known.",
    },
    "meeting_change": {
        "on": "The day of the meeting.",
        "place": "Where it is.",
        "is_public": "True where the public may come.",
        "attendees": "Who is expected, or was there.",
        "papers": "Title and link of each paper.",
        "minutes": "Where the minutes can be read.",
        "is_cancelled": "True where it does not take place.",
    },
    "question_change": {
        "stage": "What the change does.",
    },
    "answer": {
        "outcome": "What came of the question.",
    },
    "action": {
        "agreed_on": "The day on which it was agreed.",
    },
    "action_step": {
        "words": "What came of it, or why.",
        "due_on": "For a moved date, the day now agreed.",
    },
    "pack": {
        "content": "Fingerprint of what the pack says, as JSON, from which each form of it is drawn.",
        "since_on": "The earlier of the two days that it compares.",
        "as_at": "The later of the two days that it compares.",
        "docx": "Fingerprint of the pack as docx.",
        "pdf": "Fingerprint of the pack as pdf.",
        "html": "Fingerprint of the pack as html.",
    },
    "response_text": {"text": "The words. An empty version takes back the one before."},
    "response_step": {
        "docx": "For a publication, the fingerprint of its bytes as docx.",
        "html": "For a publication, the fingerprint of its bytes as html.",
    },
    "account": {
        "id": "Its key; it stands in the history for ever.",
        "name": "Name of the person.",
        "way": "How the person signs in.",
    },
    "account_change": {
        "stage": "What was changed.",
        "role": "The role that was granted or taken back; nothing for other changes.",
        "service": "Where the role holds; nothing for every service.",
        "until": "The last day on which the account can be used, where that was changed.",
        "by_rule": "Number of the rule of single sign-on that granted it; nothing where an administrator did.",
    },
    "claim_rule": {
        "claim": "What the provider of single sign-on calls it, such as groups.",
        "value": "What it must hold, such as opcc-staff.",
        "role": "The role that follows.",
        "service": "Where it holds; nothing for every service.",
    },
    "history": {
        "seq": "Its number, from 1, without gaps.",
        "recorded_at": "The moment of the change in UTC; never before the row above.",
        "actor": "Key of whoever made the change.",
        "actor_name": "Their name, as known at that moment.",
        "actor_role": "The role in which they made it.",
        "verb": "What was done, in words.",
        "subject_kind": "What sort of thing was changed, such as recommendation.",
        "subject": "Which one: its reference, number or key.",
        "service": "The service it belongs to; nothing for what belongs to every one.",
        "body": "JSON as text: what was added, and what stood before and after.",
        "previous": "The hash of the row before; 64 noughts for the first.",
        "hash": "The hash of this row; README.md says how it is worked out.",
    },
}  # fmt: skip
"""What a column of one table means, where its dataclass says nothing of it or speaks to programmers."""


def data_schema(shape: TableShape) -> dict[str, Any]:
    """Return the Table Schema of a table."""
    meanings = dict(_meanings(shape.name))
    columns = shape.columns
    if shape.name == "history":
        columns = tuple(sorted(columns, key=lambda column: column.name))  # as the keys of its lines
    schema: dict[str, Any] = {
        "fields": [_field(shape, column, meanings) for column in columns],
        "primaryKey": list(shape.key),
    }
    if shape.references:
        schema["foreignKeys"] = [
            {
                "fields": list(columns),
                "reference": {
                    **({} if table == shape.name else {"resource": table}),
                    "fields": list(theirs),
                },
            }
            for columns, table, theirs in shape.references
        ]
    return schema


def _field(shape: TableShape, column: ColumnShape, meanings: Mapping[str, str]) -> dict[str, Any]:
    said = meaning(shape, column, meanings)
    field: dict[str, Any] = {"name": column.name, "type": TYPES[column.kind], "description": said}
    if column.words is not None:
        field["constraints"] = {"enum": [member.value for member in column.words]}
        field["vocabulary"] = vocabulary_name(column.words)
    return field


def meaning(shape: TableShape, column: ColumnShape, meanings: Mapping[str, str]) -> str:
    """Return what a column means, in words; always something."""
    said = (
        OWN.get(shape.name, {}).get(column.name)
        or meanings.get(column.name)
        or (BY_KEY[column.name].meaning if shape.name == "recommendation" and column.name in BY_KEY else "")
        or EVERYWHERE.get(column.name)
        or _from_name(column)
    )
    if column.kind in ("file", "long text"):
        said += f" Its place is in the folder files/{shape.name}."
    if column.words is not None:
        said += f' One of the words of "{vocabulary_name(column.words)}" in vocabularies.csv.'
    return said


def _from_name(column: ColumnShape) -> str:
    words = column.name.replace("_", " ")
    if column.kind == "flag":
        return f"Whether this holds: {words.removeprefix('is ')}."
    if column.kind == "day":
        return f"Day: {words.removesuffix(' on')}."
    if column.kind == "moment":
        return f"Moment: {words.removesuffix(' at')}."
    return f"{words.capitalize()}."


_ATTRIBUTE: Final = re.compile(r"    (\w+(?:, \w+)*): (.+)")


def _meanings(table: str) -> Iterator[tuple[str, str]]:
    """Yield what the docstrings of a table's dataclasses say of its columns, one name or several at once."""
    for cls in CLASSES.get(table, ()):
        yield from attributes_of(inspect.cleandoc(vars(cls).get("__doc__") or ""))


def attributes_of(docstring: str) -> Iterator[tuple[str, str]]:
    """Yield name and meaning of everything under "Attributes" in a docstring."""
    names, said = "", ""
    for line in [*docstring.partition("Attributes:\n")[2].splitlines(), "    end: of it"]:
        if found := _ATTRIBUTE.fullmatch(line):
            for name in names.split(", ") if names else ():
                yield name, said
            names, said = found[1], found[2]
        elif line.startswith("        "):
            said += " " + line.strip()


# The words


def vocabulary_name(words: type[Vocabulary]) -> str:
    """Return what a vocabulary is called: "closure_reason"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", words.__name__).lower()


def vocabularies() -> list[type[Vocabulary]]:
    """Return every vocabulary from which a column takes its words, by name."""
    used = {column.words for shape in shapes() for column in shape.columns if column.words is not None}
    return sorted(used, key=vocabulary_name)


VOCABULARY_FIELDS: Final[tuple[tuple[str, str], ...]] = (
    ("vocabulary", "Name of the vocabulary, as the columns name it."),
    ("value", "The word as it stands in the tables."),
    ("word", "The word as people read it."),
    ("meaning", "What it means."),
)


def vocabulary_rows(titles: Titles) -> list[tuple[str, str, str, str]]:
    """Return a row for each word of each vocabulary, with what the meetings are called here."""
    return [
        (
            vocabulary_name(words),
            member.value,
            meeting_name(member, titles) if isinstance(member, MeetingKind) else member.word,
            member.meaning,
        )
        for words in vocabularies()
        for member in words
    ]


def vocabulary_schema() -> dict[str, Any]:
    """Return the Table Schema of the table of words."""
    return {
        "fields": [{"name": name, "type": "string", "description": said} for name, said in VOCABULARY_FIELDS],
        "primaryKey": ["vocabulary", "value"],
    }


TABULAR: Final = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
DIALECT: Final = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
}
LINES: Final = {"format": "jsonl", "mediatype": "application/jsonl", "encoding": "utf-8"}


def path_of(shape: TableShape) -> str:
    """Return where a table stands in the folder."""
    return check.HISTORY if shape.name == "history" else f"data/{shape.name}.csv"
