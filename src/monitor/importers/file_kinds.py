"""What a file is: by its name, by its size and by its first bytes, which have to agree."""

import re
import struct
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, Literal, get_args

from monitor.errors import UnreadableFileError

Form = Literal["docx", "odt", "xlsx", "ods", "pdf", "html", "txt", "md", "csv", "png", "jpeg", "eml"]

DOCUMENTS: Final[tuple[Form, ...]] = ("docx", "odt", "pdf", "html", "txt", "md")
SHEETS: Final[tuple[Form, ...]] = ("xlsx", "ods", "csv")
EVIDENCE: Final[tuple[Form, ...]] = ("pdf", "docx", "xlsx", "csv", "png", "jpeg", "eml", "txt")
"""What is kept as it came, and never read: see `child.check_evidence`."""

FILE_LIMIT: Final = 20 * 1024 * 1024
NAME_LIMIT: Final = 120

SUFFIXES: Final[Mapping[str, Form]] = {
    **{form: form for form in get_args(Form)},
    "htm": "html",
    "xhtml": "html",
    "markdown": "md",
    "text": "txt",
    "jpg": "jpeg",
}
FORM_WORDS: Final[Mapping[Form, str]] = {
    "docx": "a Word document (.docx)",
    "odt": "an OpenDocument text (.odt)",
    "xlsx": "a workbook (.xlsx)",
    "ods": "an OpenDocument sheet (.ods)",
    "pdf": "a PDF",
    "html": "a web page (.html)",
    "txt": "a text file (.txt)",
    "md": "a Markdown file (.md)",
    "csv": "a CSV file",
    "png": "a PNG picture",
    "jpeg": "a JPEG picture",
    "eml": "an e-mail (.eml)",
}
SAVE_AS_WORD: Final = "open it and save it as a Word document (.docx)"
SAVE_AS_WORKBOOK: Final = "open it and save it as a workbook (.xlsx)"
_OTHER_SUFFIXES: Final = {
    "doc": ("an old Word document", SAVE_AS_WORD),
    "dot": ("an old Word template", SAVE_AS_WORD),
    "docm": ("a Word document with macros", SAVE_AS_WORD),
    "dotx": ("a Word template", SAVE_AS_WORD),
    "dotm": ("a Word template with macros", SAVE_AS_WORD),
    "rtf": ("an RTF document", SAVE_AS_WORD),
    "ott": ("an OpenDocument template", SAVE_AS_WORD),
    "pages": ("a Pages document", SAVE_AS_WORD),
    "xls": ("an old workbook", SAVE_AS_WORKBOOK),
    "xlsm": ("a workbook with macros", SAVE_AS_WORKBOOK),
    "xlsb": ("a binary workbook", SAVE_AS_WORKBOOK),
    "xltx": ("a workbook template", SAVE_AS_WORKBOOK),
    "numbers": ("a Numbers sheet", SAVE_AS_WORKBOOK),
    "mht": ("a web archive", "save the page again as HTML only"),
    "mhtml": ("a web archive", "save the page again as HTML only"),
    "zip": ("an archive", "unpack it and import the files in it one by one"),
    "eml": ("an e-mail", "save the document attached to it and import that"),
    "msg": ("an e-mail", "save the document attached to it and import that"),
}

_KINDS: Final[Mapping[Form, str]] = {
    "docx": "zip",
    "odt": "zip",
    "xlsx": "zip",
    "ods": "zip",
    "pdf": "pdf",
    "png": "picture",
    "jpeg": "picture",
}
"""What the first bytes of a form say; of the others, that it is text."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SIGNATURES: Final = (
    (b"%PDF-", "pdf", "a PDF"),
    (b"PK\x03\x04", "zip", "an archive or an Office file"),
    (b"PK\x05\x06", "zip", "an empty archive"),
    (_OLE, "ole", "an old Office file"),
    (b"{\\rtf", "rtf", "an RTF document"),
    (b"MZ", "program", "a program"),
    (b"\x7fELF", "program", "a program"),
    (b"\xca\xfe\xba\xbe", "program", "a program"),
    (b"\xcf\xfa\xed\xfe", "program", "a program"),
    (b"#!", "program", "a script"),
    (b"\x1f\x8b", "archive", "a compressed file (gzip)"),
    (b"BZh", "archive", "a compressed file (bzip2)"),
    (b"\xfd7zXZ", "archive", "a compressed file (xz)"),
    (b"7z\xbc\xaf", "archive", "an archive (7z)"),
    (b"Rar!", "archive", "an archive (rar)"),
    (b"\x28\xb5\x2f\xfd", "archive", "a compressed file (zstd)"),
    (b"\x89PNG", "picture", "a picture"),
    (b"\xff\xd8\xff", "picture", "a picture"),
    (b"GIF8", "picture", "a picture"),
    (b"PAR1", "table", "a Parquet file"),
    (b"SQLite format 3", "table", "a SQLite database"),
)
EMBEDDED: Final = {"zip", "ole", "program", "archive"}
"""What no part of an Office file may be, by its first bytes."""

_HTML_START: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
_BEFORE_HTML: Final = ((b"<!--", b"-->"), (b"<?", b"?>"))
_MHT_START: Final = re.compile(rb"\s*(?:From|MIME-Version|Subject|Date|Snapshot-Content-Location):", re.I)
_HIDDEN_CHARACTERS: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown_name(name: str) -> str:
    """Return a file's name as it may be shown and kept: characters that hide are shown as a mark."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8")))[
        -1
    ]
    marked = "".join("\ufffd" if unicodedata.category(ch) in _HIDDEN_CHARACTERS else ch for ch in last)
    plain = " ".join(marked.split())
    if len(plain) > NAME_LIMIT:
        stem, dot, suffix = plain.rpartition(".")
        tail = f"{dot}{suffix}" if stem and len(suffix) <= 10 else ""
        plain = f"{plain[: NAME_LIMIT - len(tail) - 1]}…{tail}"
    return plain if plain.strip(".") else "the file"


def check_name(name: str, forms: Iterable[Form] = DOCUMENTS) -> Form:
    """Return the form that a name promises; raise the refusal if it is none of those wanted."""
    shown, wanted = shown_name(name), tuple(forms)
    suffix = shown.rpartition(".")[2].casefold() if "." in shown else ""
    form = SUFFIXES.get(suffix)
    if form in wanted:
        return form
    here = f"What can be read here: {', '.join(f'.{one}' for one in wanted)}."
    if suffix in _OTHER_SUFFIXES:
        what, advice = _OTHER_SUFFIXES[suffix]
        raise refused("name", f"{shown} is {what} (.{suffix}): {advice}.")
    if form is not None:
        raise refused("name", f"{shown} is named as {FORM_WORDS[form]}, which is not read here. {here}")
    raise refused("name", f"{shown} has no ending that can be read here. {here}")


def check_size(shown: str, content: bytes) -> None:
    """Raise the refusal for a file that is empty or too large."""
    if not content:
        raise refused("size", f"{shown} is empty (0 bytes): save it again and import that.")
    if len(content) > FILE_LIMIT:
        size = len(content) / 1024 / 1024
        raise refused(
            "size",
            f"{shown} has {size:.1f} MB. A file can have 20 MB: leave out its pictures, or import it in parts.",
        )


def refused(step: str, message: str, *problems: str) -> UnreadableFileError:
    """Return the refusal of a file, with the step that refuses it."""
    return UnreadableFileError(message, step=step, problems=list(problems) or [message])


def check_first_bytes(shown: str, form: Form, content: bytes) -> None:
    """Raise the refusal for a file whose first bytes are of another kind than its name says."""
    kind, what = signature(content)
    wanted = _KINDS.get(form, "text")
    problem = None
    if kind == "ole":
        problem = _ole_words(shown, content)
    elif kind == "zip" and wanted != "zip":
        what, advice = _zip_words(content)
        problem = f"{shown} is {what}, not {FORM_WORDS[form]}: {advice}."
    elif kind != wanted and (kind, form) not in (("html", "html"), ("mht", "eml")):
        advice = {
            "pdf": "give it the ending .pdf",
            "html": "give it the ending .html",
            "rtf": SAVE_AS_WORD,
            "mht": "save the page again as HTML only",
        }.get(kind, "import the document itself")
        problem = f"{shown} is {what}, not {FORM_WORDS[form]}: {advice}."
    elif (
        form == "html"
        and kind == "text"
        and not content.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")
    ):
        problem = f"{shown} is text, not a web page: give it the ending .txt."
    elif wanted in ("pdf", "text", "picture") and _ends_as_archive(content):
        problem = f"{shown} is two files in one (with an archive at its end): import the document itself."
    elif (
        form != "csv"
        and wanted == "text"
        and b"\0" in content
        and not content.startswith((b"\xff\xfe", b"\xfe\xff"))
    ):
        problem = f"{shown} holds bytes that text does not have: save it as UTF-8 text and import that."
    elif wanted in ("zip", "picture") and b"%PDF-" in content[:1024]:
        what = "an archive" if wanted == "zip" else "a picture"
        problem = f"{shown} is two files in one ({what} and a PDF): import the document itself."
    if problem:
        raise refused("first bytes", problem)


def signature(content: bytes) -> tuple[str, str]:
    """Return what the first bytes say: a kind ("zip", "pdf", "html", "text", "program" ...) and it in words."""
    for start, kind, words in _SIGNATURES:
        # Two letters of text can look like a program: it also has bytes that text does not have.
        if content.startswith(start) and (start != b"MZ" or b"\0" in content[:512]):
            return kind, words
    head = content[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")
    for mark in _BOMS:
        head = head.removeprefix(mark)
    if _HTML_START.match(_without_comments(head)):
        return "html", "a web page"
    if _MHT_START.match(head) and b"multipart/related" in head:
        return "mht", "a web archive"
    if head[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        return "program", "a file of stored program objects"
    return "text", "text" if b"\0" not in head else "something unknown"


def _without_comments(head: bytes) -> bytes:
    """Return the beginning of a file from its first element on."""
    for _ in range(20):
        head = head.lstrip()
        ends = [end for start, end in _BEFORE_HTML if head.startswith(start)]
        if not ends:
            break
        head = head.partition(ends[0])[2]
    return head


def _ole_words(shown: str, content: bytes) -> str:
    def names(word: str) -> bool:
        return word.encode("utf-16-le") in content

    if names("EncryptedPackage"):
        return f"{shown} is protected with a password: open it, take the password off and save it again."
    if names("WordDocument"):
        return f"{shown} is an old Word document (.doc) inside: {SAVE_AS_WORD}."
    if names("Workbook") or names("Book"):
        return f"{shown} is an old workbook (.xls) inside: {SAVE_AS_WORKBOOK}."
    return f"{shown} is an old Office file inside: open it and save it in today's form (.docx or .xlsx)."


def _zip_words(content: bytes) -> tuple[str, str]:
    if b"word/document.xml" in content:
        return "a Word document", "give it the ending .docx"
    if b"xl/workbook.xml" in content:
        return "a workbook", "give it the ending .xlsx"
    if b"opendocument.text" in content[:100]:
        return "an OpenDocument text", "give it the ending .odt"
    if b"opendocument.spreadsheet" in content[:120]:
        return "an OpenDocument sheet", "give it the ending .ods"
    return "an archive", "unpack it and import the files in it one by one"


def _ends_as_archive(content: bytes) -> bool:
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 22 - 65_535))
    if at < 0 or at + 22 > len(content):
        return False
    size, offset = struct.unpack("<II", content[at + 12 : at + 20])
    return size > 0 and size + offset <= at and content[at - size : at - size + 4] == b"PK\x01\x02"
