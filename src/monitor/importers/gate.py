"""
The gate before every reader: what may be read at all, decided before anything is unpacked.

The steps stand in the order of their cost: the name, the size, the first bytes, the directory of a zip, and
then each XML part as a stream, its bytes counted as they come. A file is refused at the first step that finds
something, in one sentence for the person, with everything that this step found.

What the gate lets through is plain, not true: what a document says is judged by those who import it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.importers.archive import check_directory, check_parts
from monitor.importers.file_kinds import (
    DOCUMENTS,
    EVIDENCE,
    Form,
    check_first_bytes,
    check_name,
    check_size,
    refused,
    shown_name,
)
from monitor.importers.mail import check_mail
from monitor.importers.pictures import check_picture
from monitor.importers.sheet_marks import SheetMarks


@dataclass(frozen=True, slots=True)
class Admitted:
    """
    A file that may be handed to its reader.

    Attributes:
        name: The name as it may be shown: no folders, nothing invisible, 120 characters at most.
        found: What a reader should say or refuse: "formulas", "hidden rows", "hidden columns", "hidden sheets"
            and how many.
        sheets: Where these stand, by sheet: see `check_parts`.
    """

    name: str
    form: Form
    found: Mapping[str, int] = field(default_factory=dict)
    sheets: Mapping[str, SheetMarks] = field(default_factory=dict)


def admit(name: str, content: bytes, forms: Iterable[Form] = DOCUMENTS) -> Admitted:
    """
    Return the file as its reader may have it.

    Args:
        name: As the file came; only its last part counts.
        content: All of it.
        forms: What this import reads.

    Raises:
        UnreadableFileError: with one sentence; `facts` name the `step` and list the `problems`.
    """
    shown = shown_name(name)
    form = check_name(name, forms)
    check_size(shown, content)
    check_first_bytes(shown, form, content)
    if form in ("docx", "xlsx", "odt", "ods"):
        entries = check_directory(shown, content)
        return Admitted(shown, form, *check_parts(shown, form, content, entries))
    if form in ("png", "jpeg"):
        check_picture(shown, form, content)
    if form == "eml":
        check_mail(shown, content)
    return Admitted(shown, form)


def admit_evidence(name: str, content: bytes) -> Admitted:
    """
    Return a file that may be kept as evidence, where no reader will find what the gate leaves to readers.

    Raises:
        UnreadableFileError: as `admit` raises it.
    """
    admitted = admit(name, content, EVIDENCE)
    if admitted.form == "csv" and b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(
            "first bytes", f"{admitted.name} holds bytes that text does not have: save it as UTF-8 text."
        )
    return admitted
