"""
Plain text and Markdown, also the text that is left of a Word table once it was flattened.

In a flattened table a line that begins with a tab begins a cell (a label or its content), two tabs are a table
inside a cell, and the lines that follow belong to the cell until the next tab.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from monitor.errors import UnreadableFileError
from monitor.importers.blocks import (
    BOLD_LEVEL,
    Document,
    Writer,
    can_be_heading,
    is_numbered,
    readable,
    without_bullet,
)

_LONGEST_WRAPPED: Final = 100
_SHORTEST_FULL: Final = 55

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_LINE: Final = re.compile(r"[^\n]*\n?")
_TABS: Final = re.compile(r" *(\t+)(?: [ \t]*)?")
_HASHES: Final = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_UNDERLINE: Final = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE: Final = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_LIST: Final = re.compile(r"([ \t]*)([-*+]|\d{1,3}[.)])[ \t]+(?=\S)")
_DEFINES: Final = re.compile(r" {0,3}: +(?=\S)")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_TABLE_LINE: Final = re.compile(r" {0,3}\|.*\|[ \t]*$")
_TABLE_RULE: Final = re.compile(r"[ \t|:-]+$")
_LINK: Final = re.compile(r"!?\[([^\[\]\n]{1,1000})\]\([^()\s]{0,2000}(?: \"[^\"\n]{0,200}\")?\)")
_STRONG: Final = re.compile(r"(\*\*|__)(?=\S)([^\n*_]{1,2000})(?<=\S)\1")
_LEANING: Final = re.compile(r"(?<![\w*_])([*_])(?=\S)([^\n*_]{1,2000})(?<=\S)\1(?![\w*_])")
_CODE: Final = re.compile(r"`([^`\n]{1,2000})`")
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")


def decode(name: str, content: bytes, stated: str | None = None) -> tuple[str, str | None]:
    """
    Return the text of a file, and a sentence for a person if its encoding had to be taken on trust.

    A byte order mark leads, then what the file states, then UTF-8, then Windows-1252.

    Raises:
        UnreadableFileError: in none of them.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding), None
            except UnicodeDecodeError:
                raise _undecodable(name) from None
    for encoding in (*((stated,) if stated else ()), "utf-8"):
        try:
            return content.decode(encoding), None
        except (UnicodeDecodeError, LookupError):
            continue
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _undecodable(name) from None
    return text, "The file does not say how its letters are stored; it was read as Windows-1252."


def read_text(name: str, content: bytes) -> Document:
    """Return a text file as blocks; its text is kept as it is, with all marks and tabs."""
    return _read(name, content, "txt", _plain)


def read_markdown(name: str, content: bytes) -> Document:
    """Return a Markdown file as blocks, without its marks."""
    return _read(name, content, "md", _markdown)


def _read(name: str, content: bytes, form: str, read: Callable[[Writer, str], Document]) -> Document:
    text, note = decode(name, content)
    document = read(Writer(name, form, [note] if note else []), readable(text))
    if not document.blocks:
        raise UnreadableFileError(f"{name} holds no words.", step="reader")
    return document


def _undecodable(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{name} is in an encoding we cannot tell: save it as UTF-8 and import it again.", step="reader"
    )


def _plain(writer: Writer, text: str) -> Document:
    wrapped = _is_wrapped(text)
    place: dict[str, int | None] = {"table": None, "row": None, "column": None}
    rows: dict[int, int] = {}
    at = 0
    open_from: int | None = None
    for line in _lines(text):
        start, at = at, at + len(line)
        end = start + len(line.rstrip("\n"))
        words = line.rstrip("\n")
        if not words.strip():
            open_from = None
            continue
        tabs = _TABS.match(words)
        if tabs:
            table = len(tabs[1]) - 1
            rows[table] = rows.get(table, -1) + 1
            place = {"table": table, "row": rows[table], "column": 0}
            start += tabs.end()
            words = words[tabs.end() :]
        bullet = without_bullet(words)
        if bullet:
            nested = (len(words) - len(words.lstrip(" "))) // 2
            writer.place("item", text, start + bullet[0], end, depth=min(nested, 9), **place)
        elif is_numbered(words):
            writer.place("item", text, start, end, **place)
        elif tabs:
            writer.place("cell", text, start, end, depth=min(place["table"] or 0, 9), **place)
        elif wrapped and open_from is not None:
            writer.stretch(text, end)
            continue
        else:
            writer.place("paragraph", text, start, end, **place)
        open_from = start
    return writer.finish(text)


def _lines(text: str) -> Iterator[str]:
    return (line[0] for line in _LINE.finditer(text) if line[0])


def _is_wrapped(text: str) -> bool:
    """Return whether the lines were broken at a width, so that a paragraph is several of them."""
    lines = text.split("\n")
    if "\t" in text or max(map(len, lines)) > _LONGEST_WRAPPED:
        return False
    pairs = [first for first, second in pairwise(lines) if first.strip() and second.strip()]
    return len(pairs) >= 3 and sum(len(line) >= _SHORTEST_FULL for line in pairs) * 2 >= len(pairs)


def _markdown(writer: Writer, text: str) -> Document:
    """Read headings, lists, tables and paragraphs; marks of emphasis and addresses of links are left out."""
    held: list[str] = []
    kept: dict[str, int] = {}  # indentation of the open list's levels
    indents: list[int] = []
    table, row = -1, 0
    in_code = in_table = False

    def flush(depth: int | None = None) -> None:
        if held:
            words = _unmarked("\n".join(held))
            level = kept.pop("depth", None)
            if depth is None and level is None and _STRONG.fullmatch(held[0]) and can_be_heading(words):
                depth = BOLD_LEVEL
            if depth is not None:
                writer.blank_line()
                writer.add("heading", words, depth=depth)
                writer.blank_line()
            elif level is not None:
                numbered = is_numbered(words)
                writer.add(
                    "item", words, before="  " * level + ("" if numbered else "- "), depth=min(level, 9)
                )
            else:
                writer.add("paragraph", words)
                writer.blank_line()
            held.clear()

    for line in text.split("\n"):
        if _FENCE.match(line):
            flush()
            in_code = not in_code
            continue
        if in_code:
            writer.add("paragraph", line)
            continue
        if not line.strip():
            flush()
            in_table = False
            continue
        if _DEFINES.match(line):  # what a term above it means: "Term" and then ": words"
            flush()
            line = _DEFINES.sub("", line)
        heading = _HASHES.match(line)
        listed = _LIST.match(line)
        if heading:
            flush()
            indents.clear()
            held.append(heading[2])
            flush(len(heading[1]))
        elif _TABLE_LINE.match(line):
            flush()
            table, row, in_table = (table, row + 1, True) if in_table else (table + 1, 0, True)
            if not _TABLE_RULE.match(line):
                _table_row(writer, line, table, row)
            else:
                row -= 1
        elif held and "depth" not in kept and _UNDERLINE.match(line):
            flush(1 if "=" in line else 2)
            indents.clear()
        elif _RULE.match(line):
            flush()
        elif listed:
            flush()
            indent = len(listed[1].expandtabs(4))
            while indents and indents[-1] > indent:
                indents.pop()
            if not indents or indents[-1] < indent:
                indents.append(indent)
            kept["depth"] = len(indents) - 1
            held.append(line.strip() if listed[2][0].isdigit() else line[listed.end() :])
        else:
            if not held and not line.startswith((" ", "\t")):
                indents.clear()
            held.append(line.strip().lstrip("> "))
    flush()
    return writer.finish()


def _table_row(writer: Writer, line: str, table: int, row: int) -> None:
    for column, cell in enumerate(re.split(r"(?<!\\)\|", line.strip().strip("|"))):
        writer.add("cell", _unmarked(cell), before="\t", table=table, row=row, column=column)


def _unmarked(text: str) -> str:
    for pattern in (_LINK, _CODE):
        text = pattern.sub(r"\1", text)
    for pattern in (_STRONG, _LEANING):
        text = pattern.sub(r"\2", text)
    return _ESCAPED.sub(r"\1", text)
