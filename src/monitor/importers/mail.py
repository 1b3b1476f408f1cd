"""E-mails at the gate: an e-mail is one, and carries no program."""

import re
from email.message import Message
from email.parser import BytesParser
from typing import Final

from monitor.importers.file_kinds import refused, shown_name, signature

PART_LIMIT: Final = 500
DEPTH_LIMIT: Final = 20

_HEADER: Final = re.compile(rb"[!-9;-~]{1,70}:")
_OF_A_MAIL: Final = ("From", "Date", "Subject", "Received", "Message-ID", "MIME-Version")
_RUNS: Final = re.compile(
    r"\.(?:apk|app|bat|chm|cmd|com|cpl|dll|exe|hta|img|iso|jar|jse?|lnk|ms[ip]|pif|ps1|reg|scr|sh|url|vb[es]|vhd|wsf|xll)\Z",
    re.I,
)
"""Endings that a desk opens by running them."""


def check_mail(shown: str, content: bytes) -> None:
    """
    Do nothing for an e-mail that carries no program.

    Raises:
        UnreadableFileError: the refusal, with the step "mail".
    """
    mail = BytesParser().parsebytes(content) if _HEADER.match(content) else None
    if mail is None or sum(name in mail for name in _OF_A_MAIL) < 2:
        raise refused("mail", f"{shown} is text, not an e-mail: give it the ending .txt.")
    left = [PART_LIMIT]
    _check_part(shown, mail, left, 0)


def _check_part(shown: str, part: Message, left: list[int], depth: int) -> None:
    left[0] -= 1
    if left[0] < 0 or depth > DEPTH_LIMIT:
        raise refused("mail", f"{shown} has too many parts in one another: save it as a PDF.")
    if part.is_multipart():
        for inner in part.get_payload():
            if isinstance(inner, Message):
                _check_part(shown, inner, left, depth + 1)
        return
    name = shown_name(part.get_filename() or "")
    body = part.get_payload(decode=True)
    head = body[:4096] if isinstance(body, bytes) else b""
    if _RUNS.search(name) or signature(head)[0] == "program":
        raise refused(
            "mail", f"{shown} carries a program ({name}): take it out, or save the e-mail as a PDF."
        )
