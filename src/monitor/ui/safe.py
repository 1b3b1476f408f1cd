"""
Stored text made fit for Streamlit's Markdown, so that it is shown as it was written.

Streamlit reads Markdown, LaTeX, colour marks, icons, emoji names, links, images and arrows in
almost everything it shows, labels and buttons included. Whatever a person or a file wrote goes
through here first; our own words do not need to.
"""

import re
from functools import lru_cache
from typing import Final

from monitor.domain.text import is_web_address

# Only what Markdown or Streamlit acts on gets a backslash: the label of a field is also its name for a
# screen reader, which reads the label as it was given.
_ACTED_ON: Final = re.compile(r"[\\`*_\[\]<&$~|]|:(?=\S)|^[#>+=-]")
_NUMBERED: Final = re.compile(r"^(\d{1,9})([.)])")

# Left-to-right and right-to-left overrides could make the words after them read backwards.
_INVISIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# Some patterns are looked for after the Markdown has been read, where a backslash is gone again.
# An invisible mark without width (word joiner) inside them keeps them from being found.
_JOINER: Final = "\u2060"
_FOUND_LATER: Final = (
    re.compile(r":(?=[A-Za-z0-9_+-]+[:/])"),  # :smile:, :material_home: and :material/home:
    re.compile(r"(?<=https:)(?=//)|(?<=http:)(?=//)", re.IGNORECASE),
    re.compile(r"(?<=www)(?=\.)", re.IGNORECASE),
    re.compile(r"@(?=[A-Za-z0-9_-])"),
    re.compile(r"(?:(?<=\s)|^)[<>~-](?=(?:->|-|>|=)(?:\s|$))"),  # <-> -> <- -- >= <= ~=
)


def text(stored: object) -> str:
    """
    Return the text as one line that Markdown shows letter by letter; None gives nothing.

    Line breaks and runs of spaces become one space. It can stand inside a sentence, a label, a
    table cell, a badge or a colour mark.
    """
    if stored is None:
        return ""
    return _shown(str(stored))


def paragraphs(stored: object) -> str:
    """Return the text with its line breaks and empty lines kept, each line shown letter by letter."""
    if stored is None:
        return ""
    blocks = re.split(r"\n\s*\n", str(stored).replace("\r\n", "\n").replace("\r", "\n").strip())
    # A backslash at the end of a line is a line break in Markdown.
    return "\n\n".join("\\\n".join(text(line) for line in block.split("\n")) for block in blocks)


def quotation(stored: object) -> str:
    """Return the text as a Markdown quotation, for the printed words of a recommendation."""
    return "\n".join("> " + line if line else ">" for line in paragraphs(stored).split("\n"))


def link(address: str, words: str) -> str:
    """Return a Markdown link when the address is http or https, else the words and the address as text."""
    plain = address.strip()
    if not is_web_address(plain):
        return f"{text(words)} ({text(plain)})" if plain else text(words)
    return f"[{text(words)}](<{plain.replace('(', '%28').replace(')', '%29')}>)"


# A page of the register says the same few words hundreds of times.
@lru_cache(maxsize=4096)
def _shown(stored: str) -> str:
    line = " ".join(_INVISIBLE.sub("", stored).split())
    for pattern in _FOUND_LATER:
        line = pattern.sub(lambda found: found[0] + _JOINER, line)
    return _NUMBERED.sub(r"\1\\\2", _ACTED_ON.sub(r"\\\g<0>", line))
