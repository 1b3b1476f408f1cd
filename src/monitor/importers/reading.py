"""
A report read line by line: what stands under which label, which lines are a finding's own words, and who answers.

One pass, with the place in the document as its only memory: the section, the list that is open and the
finding that is being read. What is neither asked nor answered stays where it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.domain.statuses import Kind
from monitor.importers.blocks import BOLD_LEVEL
from monitor.importers.labels import (
    Header,
    Label,
    Section,
    header_of,
    is_boilerplate,
    is_topic,
    kind_of,
    label_of,
    labels_kind,
    number_last,
    reference_first,
    reference_last,
)
from monitor.importers.language import (
    ALL_FOR_OTHERS,
    CONTINUES,
    HAS_DONE,
    LEADS_TO_PARTS,
    LISTS_ON,
    NONE_MADE,
    RECOMMENDED_BEFORE,
    RECOMMENDS,
    REPORTED,
    asks,
    commands,
    last_sentence,
    levelled,
    sentences,
    tells,
)
from monitor.importers.lines import Line, marked
from monitor.importers.outline import Found, Outline, Read, Role, is_reference_heading
from monitor.importers.publication import is_page_day, title_from_row
from monitor.importers.speakers import introduces_speaker

_DATE_FIRST: Final = re.compile(
    r"(?!by (?:law|contrast|comparison|then|default|[a-z]+ing)\b)(?:by|before|no later than|not later than|within|immediately|with immediate effect|from|during|on or before)\b[^.:;]{0,70}?[,:]?\s*(?:the |all |each |every |chief |police |forces|fire |npcc|college|home office|services)",
    re.IGNORECASE,
)
_THE_SERVICE_SHOULD: Final = re.compile(
    r"(?:the (?:force|service|constabulary|chief (?:constable|fire officer))|[A-Z][\w’'-]+(?: [A-Z&][\w’'-]*| and){0,4} (?:Police|Constabulary|Service))(?:,? [\w’' ]{0,60},?)? (?:should|must|needs? to)\b",
    re.IGNORECASE,
)
_REFERS_BACK: Final = re.compile(r"\brecommendations?\b|\bareas? for improvement\b|\?$", re.IGNORECASE)
_NAMES_KIND: Final = re.compile(r"recommendation|\bafi|\barea|cause", re.IGNORECASE)
_ASKS_THAT: Final = re.compile(
    r"\brecommendation (?P<number>\d{1,3})(?: (?:in|of) the report)?\)?,? (?:asks?|recommends?|requires?|says|states|is|calls for)(?: that)?,? (?P<words>[^.]*?\b(?:should|must)\b[^.]*\.)"
    r"|\brecommendation (?P<asked>\d{1,3})\b[^.;:]{0,40}? (?:asks?|requires?|calls on|urges?) (?:all |the |each |every )?(?:forces|services|chief (?:constables|fire officers)|police|constabular(?:y|ies)|force|service|pccs?|npcc|college|home office)\b[^.;]{0,120}? to [^.]*\.",
    re.IGNORECASE,
)
_OWN_WORDS: Final = re.compile(
    r"(?:you |please |if you |our (?!recommendation)|my |i (?!recommend)|we (?:have|are|will|accept|agree|welcome|already|do|also have|plan|aim|intend|hope)\b)",
    re.IGNORECASE,
)
_RECOMMENDED_THAT: Final = re.compile(
    r"\b(?:HMICFRS|HMIC|the (?:report|inspectorate|inspection)|inspectors|it|they) (?:has |have |also )?(?:recommended|asked|recommends|asks)\b[^.:]{0,90}:$",
    re.IGNORECASE,
)
_A_BODY: Final = re.compile(
    r"(?:we |hmicfrs |this )|(?:(?!\b(?:should|must|needs?)\b).){0,120}?\b(?:forces?|services?|constabular(?:y|ies)|police|chief|commissioners?|PCCs?|college|council|office|agency|authorit(?:y|ies)"
    r"|government|department|ministry|inspectorate|bodies|boards?|partnerships?|trusts?|NPCC|CPS|NCA|mayors?|they|it)\b(?:(?!\b(?:should|must|needs?)\b).){0,200}?\b(?:should|must|needs? to|expects?)\b",
    re.IGNORECASE,
)
_IS_A_CAUSE: Final = re.compile(
    r"\b(?:is|was|as) an? (?:accelerated )?cause (?:of|for) concern\b", re.IGNORECASE
)
_DATE_LAST: Final = re.compile(
    r"(?:^|[,;–-]? )(?:by|before|within|no later than|immediately|with immediate effect|during)\b.*$",
    re.IGNORECASE,
)
_RECOMMENDATIONS_ARE: Final = re.compile(
    r"\b(?:the|its|their|our|these) (?:\w+ ){0,2}?(?P<what>recommendations|areas for improvement)(?: for [\w ,’'-]{3,60}?)? (?:are|were)\b"
    r"(?:[^:]{0,160}:$|[^.:]{0,60}\b(?:below|as follows|these)\b[^.:]{0,30}[.:]$)",
    re.IGNORECASE,
)
_LONG_AGO: Final = re.compile(
    r"\b(?:last|previous|earlier|closed|completed)\b|\b(?:in|of|from|our|its|since) (?:[A-Z][a-z]+ )?(?:19|20)\d\d",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(r"(?:what|how|why|when|next|our|my|who)\b", re.IGNORECASE)
_BARE_DATE: Final = re.compile(r"date:? ?(?:\d|$)", re.IGNORECASE)
_ALIKE: Final = 40
_WORDS_OF_AN_ITEM: Final = 3
_ONLY_DATE: Final = re.compile(
    r"(?:by|before|no later than|not later than|within|immediately|with immediate effect|during)\b[^.]{0,60}[,:.]?$",
    re.IGNORECASE,
)
_STATUS_EVENT: Final = re.compile(
    r"(?:\d{1,2}[/. -](?:\d{1,2}|[A-Za-z]{3,9})[/. -]\d{2,4}\s*[-–—:]?\s*)?(?:status:?\s*)?(?:awaiting[- ]review|being[- ]progressed|complete[d]?|no[- ]further[- ]action(?:[- ]needed)?|in progress|not started|closed|open|ongoing|superseded)\b\.?(?:\s*[-–—:(]?\s*(?:on )?\d{1,2}[/. -](?:\d{1,2}|[A-Za-z]{3,9})[/. -]\d{2,4}\)?)?(?:\s*[-–—:].*)?$",
    re.IGNORECASE,
)
_REPLY: Final = re.compile(
    r"(?:we|our|i|my|the (?:pcc|commissioner|chief constable|constabulary)|officers|staff|the force (?:has|is|have|was|will|already|currently|continues|accepts|welcomes|agrees)|the service (?:has|is|was|will|already|currently|continues|accepts|agrees)|"
    r"(?:this|the) recommendation (?:is|has|was|will)|accepted|agreed|partially accepted|not accepted|completed?|in progress|[A-Z][\w’'-]+(?: [A-Z&][\w-]*){0,4} (?:police|constabulary|fire and rescue service) (?:has|is|have|was|will|already|currently|continues|accepts|agrees))\b",
    re.IGNORECASE,
)
_FIRST_PERSON: Final = re.compile(
    r"(?:we (?:have|are|will|accept|agree|welcome)|our|i (?:have|am|accept|agree|welcome)|(?:partially |not )?accepted|agreed|completed?)\b",
    re.IGNORECASE,
)
_FOR_WHOM: Final = re.compile(
    r"\(?(?:for|to|addressed to|directed to):? (?:the |all )?[\w ,&’'-]{3,70}\)?[:.]?$", re.IGNORECASE
)
_HEADING_SAYS_RECOMMENDATION: Final = re.compile(r"(?:hmicfrs )?recommendation \d{1,3}[:.]?$", re.IGNORECASE)
_MANY: Final = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}|several|following|these) (?:\w+ ){0,3}?(?:recommendations|areas for improvements?|afis|causes of concern)\b",
    re.IGNORECASE,
)
_THESE_FOLLOW: Final = re.compile(
    r"\b(?:the following|these|following|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (?:\w+ ){0,2}?(?P<what>recommendations|areas for improvements?|afis)\b(?: (?:to|for|aimed at|addressed to) (?P<to>[\w ,’'&-]{3,70}))?[^.:]{0,40}:$",
    re.IGNORECASE,
)
_LETTER_OPENS: Final = re.compile(r"dear\s+[\w .,’'&-]{2,60}$", re.IGNORECASE)
_GREETING_ENDS: Final = re.compile(
    r"yours (?:sincerely|faithfully|truly)\b|kind regards|best wishes", re.IGNORECASE
)


_FOR_MEMBERS: Final = re.compile(
    r"(?:it is recommended )?(?:that )?(?:the )?(?:members?|(?:[\w&,’']+ ){0,6}?(?:committee|panel|board|authority|working group|conference|executive|commissioner))\b[^.;:]{0,60}?"
    r"(?:\b(?:is|are|be) (?:asked|invited|recommended|requested) to\b|\b(?:(?:should|to) )?(?:notes?|receives?|endorses?|approves?)\b)",
    re.IGNORECASE,
)
"""What a paper asks of the meeting that it goes to: to note it, and the like; never a finding."""
_BODIES_SHOULD: Final = re.compile(
    r"[A-Z][^.:;]{2,160} (?:should|must)(?: (?:together|jointly|each|all|also))?:"
)
_CHAPTER: Final = re.compile(
    r"(?:introduction|background|conclusions?|summary|methodology|context|overview)", re.IGNORECASE
)
_MEETING: Final = "what is asked of the meeting"
_THEY_ARE: Final = re.compile(r"[.] (?:They|These) are that (?=[^.:]{3,60}:$)")
"""What joins the count of findings to the list of them: "It names three areas for improvement. They are that ..."."""
_WHAT_NEXT: Final = re.compile(r"what happens next", re.IGNORECASE)
_CONTENTS: Final = re.compile(r"(?:table of )?contents|in this (?:report|page|section)", re.IGNORECASE)
_CONTENTS_AT_LEAST: Final = 2
_ONLY_SERVICE: Final = re.compile(
    r"[A-Z][\w’'-]+(?: [A-Z&a][\w’'-]*){0,5} (?:Police|Constabulary|Service|Authority)|all forces|national",
    re.IGNORECASE,
)


_OWN_DATA: Final = (Section.TITLE, Section.PUBLISHED, Section.TYPE, Section.PUBLISHERS)


@dataclass(slots=True)
class _List:
    """The list that is open: how its items are marked, and what leads into them."""

    style: str = ""
    depth: int = 0
    lead_in: str = ""
    last_number: int = 0
    is_headed: bool = False
    """Whether each finding is worded as a heading, so that what stands below one explains it."""
    is_explained: bool = False
    """Whether paragraphs between the findings explain them, so that not everything that asks is a finding."""
    is_dated: bool = False
    """Whether only a date leads in ("Within three months:"), for paragraphs as well as for items."""


def outline_of(lines: Sequence[Line]) -> Outline:
    """Return a report's lines with their roles, and the findings in them."""
    reading = _Reading(list(lines))
    reading.run()
    return reading.outline


class _Reading:
    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.outline = Outline()
        self.section = Section.BODY
        self.label = Label(Section.BODY)
        self.speaker_words = ""
        self.open: Found | None = None
        self.reading_text = False
        self.list = _List()
        self.asks_before: tuple[Label, _List] | None = None
        self.heading_depth = 0
        self.cause: Found | None = None
        self.skip_until = 0
        self.is_letter = any(_LETTER_OPENS.fullmatch(line.text.rstrip(",:")) for line in lines[:25])
        self.one_heading = Kind.RECOMMENDATION
        self.is_single = False
        self.part_style = ""
        self.is_replying = False
        self.pending_reference = ""
        self.pending_kind: Kind | None = None
        self.pending_number = ""
        self.reply_depth = -1
        self.last_label = Section.BODY
        self.for_whom = ""
        self.in_form = False  # whether a row of a table, label beside content, gives the section

    def run(self) -> None:
        for place, line in enumerate(self.lines):
            if place < self.skip_until:
                continue
            self._read(place, line)
        self._close()
        self._quoted_in_passing()
        if self.outline.found:
            self._report_doubles()

    def _quoted_in_passing(self) -> None:
        """Add the recommendations that only a sentence of a reply gives: "The second (Recommendation 4) asks that ..."."""
        listed = {found.number for found in self.outline.found}
        if not any(found.kind is Kind.CAUSE_OF_CONCERN for found in self.outline.found):
            self.outline.problems.extend(
                f'A cause of concern is told in running text and is not listed here: "{_short(read.text)}"'
                for read in self.outline.reads
                if read.role is Role.BODY and _IS_A_CAUSE.search(read.text)
            )
        for read in self.outline.reads:
            if read.role not in (Role.RESPONSE, Role.BODY):
                continue
            for said in _ASKS_THAT.finditer(read.text):
                words, number = (said["words"] or said[0]).strip(), said["number"] or said["asked"]
                is_asked = asks(words) or bool(said["asked"])
                if number in listed or not is_asked or RECOMMENDED_BEFORE.search(said[0]):
                    continue
                listed.add(number)
                found = Found(Kind.RECOMMENDATION, read.line.start, read.line.end, number=number)
                found.pieces.append((False, words))
                found.is_answered = read.role is Role.RESPONSE
                found.doubts.append("it is told in running text: compare its words with the report")
                self.outline.found.append(found)

    # One line.

    def _read(self, place: int, line: Line) -> None:
        if self._is_number_alone(place, line):
            return
        if is_boilerplate(line.text) or is_page_day(line.text):
            self._say(line, Role.META)
            return
        if self.is_letter and _LETTER_OPENS.fullmatch(line.text.rstrip(",:")):
            self._enter(Label(Section.RESPONSE), line)
            return
        if self.in_form and line.table is None:  # below the form's table
            self._close()
            self.section, self.label, self.list = Section.BODY, Label(Section.BODY), _List()
            self.in_form = False
        header = header_of(line.text)
        if header and self._opens(place, line, header):
            known = self._answered_again(place, header)
            if known is not None:
                self._reply_to(known, line, header)
            else:
                self._open_with(place, line, header)
            return
        if self._names_kind(place, line) or self._is_reference(place, line):
            return
        label = self._label_at(place, line)
        if label is not None:
            self._take_label(place, line, label)
            return
        if line.is_heading:
            self._take_heading(place, line)
            return
        self._take_text(place, line)

    def _label_at(self, place: int, line: Line) -> Label | None:
        if line.table is not None and line.column == 0:
            beside = [
                other
                for other in self.lines[place + 1 : place + 200]
                if (other.table, other.row) == (line.table, line.row) and other.column == 1
            ]
            if beside and (label := label_of("", cells=(line.text, ""))):
                self.in_form = True
                return label
        if line.style == "bullet" and self.section is not Section.BODY:
            label = label_of(line.text)
            is_reply = label is not None and label.section is Section.RESPONSE and label.rest
            return label if is_reply and self.open is not None and self.open.pieces else None
        if line.style and not line.is_heading and self.section is Section.ASIDE:
            return None
        if self.last_label is Section.TITLE and not self.is_letter and _BARE_DATE.match(line.text):
            return label_of(f"published {line.text}")
        return label_of(line.text)

    def _names_kind(self, place: int, line: Line) -> bool:
        """Take a label such as "Type: Area for improvement", which says of what kind the next finding is."""
        before, colon, after = line.text.partition(":")
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        rest = after.strip() if colon and after.strip() else following.text if following else ""
        if not labels_kind(before) or (kind := kind_of(rest)) is None:
            return False
        self.pending_kind = kind
        if self.open is not None and not self.open.pieces:
            self.open.kind = kind
        self._say(line, Role.META)
        if not after.strip():
            self.skip_until = place + 2
        return True

    def _is_reference(self, place: int, line: Line) -> bool:
        """Take the external number of the next finding where it stands as a heading of its own: "R-2231"."""
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        if following is None or not is_reference_heading(line):
            return False
        self._close()
        self.pending_reference = line.text
        self._say(line, Role.META)
        return True

    def _is_number_alone(self, place: int, line: Line) -> bool:
        """Take the number of the next finding where it stands on a line of its own."""
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        if self.section is not Section.ASKS or following is None or following.style or self.is_single:
            return False
        if not re.fullmatch(r"\d{1,2}[.)]?", line.text) or not asks(following.text):
            return False
        self._close()
        self.pending_number = line.text.rstrip(".)")
        self._say(line, Role.META)
        return True

    def _answered_again(self, place: int, header: Header) -> Found | None:
        """Return the finding that a header names once more, with an answer below it instead of its own words."""
        held = [*self.outline.found, *([self.open] if self.open is not None and self.open.pieces else [])]
        kind = header.kind
        if self.section is Section.RESPONSE and not any(one.kind is kind for one in held):
            kind = Kind.AFI  # the reply calls them recommendations
        known = next(
            (one for one in held if header.number and (one.kind, one.number) == (kind, header.number)), None
        )
        if known is None and kind is not header.kind and header.number.isdigit():
            unnumbered = [one for one in held if one.kind is kind and not one.number]
            known = next(iter(unnumbered[int(header.number) - 1 :][:1]), None) if int(header.number) else None
        if known is None:
            return None
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        words = header.rest or (following.text if following is not None else "")
        if _alike(words, known.text):
            return None
        is_reply = bool(_REPLY.match(words.lstrip("“\"‘'"))) or tells(words) or not asks(words)
        if self.section is Section.RESPONSE or self.outline.has_response:
            return None if _DATE_FIRST.match(words) else known
        return known if is_reply else None

    def _reply_to(self, known: Found, line: Line, header: Header) -> None:
        if self.section is not Section.RESPONSE:
            self._enter(Label(Section.RESPONSE), line)
        else:
            self._close()
            self._say(line, Role.META)
        known.is_answered = self.outline.has_response = True
        if header.rest:
            self._say(self._rest(line, header.rest), Role.RESPONSE)

    def _opens(self, place: int, line: Line, header: Header) -> bool:
        """Return whether a header opens a finding, rather than speaking of one."""
        if self.section is Section.ASIDE:
            following = self.lines[place + 1] if place + 1 < len(self.lines) else None
            words = header.rest or (following.text if following is not None and not following.style else "")
            if not header.number or not asks(words) or line.style == "bullet":
                return False
        if header.rest and not asks(header.rest) and not commands(header.rest) and tells(header.rest):
            return False
        return not (header.rest and _STATUS_EVENT.fullmatch(header.rest))

    # Labels and headings.

    def _take_label(self, place: int, line: Line, label: Label) -> None:
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        if (
            label.section is Section.RESPONSE
            and not self.outline.has_response
            and _WHAT_NEXT.match(label.words)
        ):
            label = Label(Section.ASIDE, label.rest, words=label.words)  # the inspectorate's, on its own page
        self.last_label = label.section
        if self.open is not None and not self.open.pieces and label.rest and label.section in _OWN_DATA:
            rest = self._rest(line, label.rest)
            self.outline.meta.setdefault(label.section, [rest])
            self._say(line, Role.META)
            return
        if label.section in (Section.TRACKING, Section.REFERENCE, Section.DEADLINE, Section.ADDRESSEE):
            self._take_row_data(place, line, label)
            return
        is_plain = label.words.strip(" :").lower() == "recommendation"
        if (
            label.section is Section.ASKS
            and self.pending_kind
            and (is_plain or not _NAMES_KIND.search(label.words))
        ):
            label = Label(Section.ASKS, label.rest, self.pending_kind, is_single=True, words=label.words)
        if label.section is Section.ASKS and label.is_single and not self._leads_a_list(following):
            pending = self.open if self.open is not None and not self.open.pieces else None
            if pending is None:
                self._close()
            if self.section is not Section.RESPONSE or label.rest:
                self.section, self.label = Section.ASKS, label
            self.open = pending or Found(
                label.kind,
                line.start,
                line.end,
                reference=self.pending_reference,
                addressee=label.addressee or self._for_whom(),
            )
            self.pending_reference, self.pending_kind = "", None
            self.reading_text = True
            self.is_single = True
            self._adopt(self.open)
            if label.rest:
                self._take_text(place, self._rest(line, label.rest))
            else:
                self._say(line, Role.META)
            return
        if label.section is Section.RESPONSE and self.open is not None and self._is_inline(line, label):
            self._answer(line, label)
            return
        self._enter(label, line)
        if label.section is Section.ASIDE and _CONTENTS.match(label.words):
            self.skip_until = self._end_of_contents(place)
        if label.section is Section.PUBLISHED and re.search(
            r"report|inspection|hmicfrs|hmic|inspectorate", label.words, re.IGNORECASE
        ):
            self.outline.says_report_published = True
        if label.rest:
            rest = self._rest(line, label.rest)
            if label.section in (Section.TITLE, Section.PUBLISHED, Section.TYPE, Section.PUBLISHERS):
                self._take_text(place, rest)
            else:
                self._take_text(place, rest)

    def _end_of_contents(self, place: int) -> int:
        """Return where a table of contents is over: its lines are headings further below."""
        headings = {levelled(line.text) for line in self.lines[place + 1 :] if line.is_heading}
        end = place + 1
        while end < len(self.lines) and not self.lines[end].is_heading:
            if levelled(self.lines[end].text) not in headings:
                break
            end += 1
        return end if end - place > _CONTENTS_AT_LEAST else 0

    def _leads_a_list(self, following: Line | None) -> bool:
        """Return whether a label in the singular stands over a list all the same."""
        return (
            following is not None
            and bool(following.style)
            and header_of(following.text) is None
            and following.style != "dotted"
        )

    def _is_inline(self, line: Line, label: Label) -> bool:
        """Return whether a response's label answers the finding just read, rather than the report."""
        words = label.words.lower()
        if re.search(r"\breports?\b|\brecommendations\b|\binspection\b", words):
            return False
        if not label.rest and not self.is_single and (line.is_heading or line.style in ("plain", "dotted")):
            return False  # a part of the document, not a note under one finding
        has_both = re.search(r"commissioner|pcc", words) and re.search(r"chief", words)
        return not has_both and self.section is not Section.FINDINGS

    def _answer(self, line: Line, label: Label) -> None:
        self.reading_text, self.is_replying = False, True
        self.reply_depth = line.depth if line.style else -1
        if self.open is not None:
            self.open.is_answered = True
        self.outline.has_response = True
        self.speaker_words = label.speaker_words
        self._say(line, Role.META)
        if label.rest:
            self._say(self._rest(line, label.rest), Role.RESPONSE, first=True)

    def _take_row_data(self, place: int, line: Line, label: Label) -> None:
        """Take a label of a row's own data: its deadline and addressee count, how the work goes does not."""
        rest = label.rest
        if not rest and place + 1 < len(self.lines):
            following = self.lines[place + 1]
            is_beside = line.table is not None and (following.table, following.row) == (line.table, line.row)
            if is_beside or (
                self.open is not None
                and len(following.text) < 60
                and label_of(following.text) is None
                and header_of(following.text) is None
                and label.section is not Section.TRACKING
            ):
                rest = following.text
                self.skip_until = place + 2
        self._say(line, Role.META)
        held = self.open if self.open is not None and self.open.pieces else None
        if (
            label.section is Section.REFERENCE
            and held
            and held.reference
            and rest not in ("", held.reference)
        ):
            self._close()  # the next finding of a register begins with its reference
        if self.open is None:
            if (
                label.section is Section.REFERENCE
                and rest
                and re.fullmatch(r"#?[A-Z]{0,4}[-/]?\d{1,6}", rest)
            ):
                self.pending_reference = rest
            return
        if label.section is Section.DEADLINE:
            self.open.deadline_words = rest
        elif label.section is Section.ADDRESSEE:
            self.open.addressee = rest
        elif label.section is Section.REFERENCE and re.fullmatch(r"#?[A-Z]{0,4}[-/]?\d{1,6}", rest):
            self.open.reference = self.open.reference or rest
        elif self.open.pieces:
            self.reading_text = False

    def _enter(self, label: Label, line: Line) -> None:
        self._close()
        if label.section is Section.RESPONSE:
            self.outline.has_response = True
            if self.section is Section.ASKS:
                self.asks_before = (self.label, self.list)
            self.speaker_words = label.speaker_words
        if label.section is Section.ASKS and label.kind is Kind.CAUSE_OF_CONCERN:
            self.cause = None
        self.section, self.label, self.list = label.section, label, _List()
        self.is_single, self.for_whom = False, ""
        self.heading_depth = line.depth if line.is_heading else 0
        self._say(line, Role.META)

    def _is_open_for(self, place: int, line: Line) -> bool:
        """Return whether words in bold are the next of the finding that is open."""
        return (
            self.open is not None
            and bool(self.open.pieces)
            and self.reading_text
            and self._belongs(place, line)
        )

    def _is_topic_of_open(self, place: int, line: Line) -> bool:
        """Pass over the subject that stands between a finding's label and its words; return whether this is one."""
        found = self.open
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        if found is None or found.pieces or not self.reading_text or following is None or line.style:
            return False
        label = label_of(following.text)
        if label is not None and label.section is Section.ASKS and label.is_single and label.rest:
            following = self._rest(following, label.rest)
        elif label is not None:
            return False
        if not is_topic(line.text) or header_of(following.text):
            return False
        is_prose = found.kind is Kind.CAUSE_OF_CONCERN and len(following.text.split()) > len(
            line.text.split()
        )
        if not (is_prose or asks(following.text[slice(*sentences(following.text)[0])])):
            return False
        if self._is_reply(following) and not following.text.lower().startswith("the "):
            return False
        self._say(line, Role.META)
        return True

    def _says_none(self, line: Line) -> bool:
        """Take the word that there is no finding where one was announced: "Area for improvement: N/A"."""
        if self.open is None or self.open.pieces or not NONE_MADE.search(line.text) or asks(line.text):
            return False
        self.open, self.reading_text = None, False
        self._say(line, Role.META)
        return True

    def _is_topic_of_list(self, place: int, line: Line) -> bool:
        """Return whether a heading as high as the list's own is the subject of the findings below it."""
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        if line.depth != BOLD_LEVEL or self.heading_depth != BOLD_LEVEL:
            return False
        if following is None or following.is_heading or _QUESTION.match(line.text):
            return False
        first = following.text[slice(*sentences(following.text)[0])]
        return is_topic(line.text) and not self.is_single and asks(first) and not self._is_reply(following)

    def _is_subject(self, place: int, line: Line) -> bool:
        """Return whether a short line is the subject of the finding below it, and no order: "Preventing crime"."""
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        if following is None or line.style or following.style or not is_topic(line.text):
            return False
        first = following.text[slice(*sentences(following.text)[0])]
        return asks(first) and not self._is_reply(following)

    def _is_worded_as_heading(self, line: Line) -> bool:
        """Return whether a heading is itself one of the findings that the list holds."""
        return (
            self.section is Section.ASKS
            and self.label.kind is not Kind.CAUSE_OF_CONCERN
            and not (self.is_single and self.open is not None and self.open.pieces)
            and asks(line.text)
            and not _REFERS_BACK.search(line.text)
        )

    def _is_dated_heading(self, line: Line) -> bool:
        """Return whether a heading of a plan is a whole recommendation: "By 31 July 2024, the force should ..."."""
        return (
            self.section in (Section.BODY, Section.RESPONSE)
            and line.depth < BOLD_LEVEL
            and bool(_DATE_FIRST.match(line.text))
            and asks(line.text)
            and not _REFERS_BACK.search(line.text)
        )

    def _leads_by_date(self, place: int, line: Line) -> bool:
        """Take a line that holds only a date and stands over findings: "Within three months:"."""
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        words = line.text.rstrip(" :–-")
        if self.section is not Section.ASKS or following is None or line.style or following.is_heading:
            return False
        if not (line.is_heading or line.text.endswith(":")) or not _ONLY_DATE.fullmatch(words):
            return False
        if asks(line.text) or (self.open is not None and not self.open.pieces):
            return False
        if not (asks(following.text) or commands(following.text)):
            return False
        self._close()
        if levelled(words) in levelled(following.text):  # the words below say it themselves
            self.list = _List()
            self._say(line, Role.META)
            return True
        self.list = _List(style=following.style, depth=following.depth, lead_in=f"{words}:", is_dated=True)
        self._say(line, Role.ASK)
        return True

    def _take_heading(self, place: int, line: Line) -> None:
        if line.depth == BOLD_LEVEL and (self.section is Section.RESPONSE or self._is_open_for(place, line)):
            self._take_text(place, line)
            return
        if self._is_topic_of_open(place, line) or self._leads_by_date(place, line):
            return
        asks_in_heading = (
            self.open is not None
            and self.reading_text
            and not self.open.pieces
            and (
                asks(line.text)
                or self.open.kind is not Kind.RECOMMENDATION
                or _ONLY_DATE.fullmatch(line.text) is not None
            )
        )
        if asks_in_heading:
            self._go_on(line)
            return
        if self.section is Section.ASKS and asks(line.text) and self._leads(place, line):
            return
        if self._is_dated_heading(line):
            self._enter(Label(Section.ASKS, words=line.text), line)
        if self._is_worded_as_heading(line):
            self._open_at(line, line.text)
            self.list.is_headed = True
            return
        deeper = self.heading_depth and line.depth > self.heading_depth
        if self.section is Section.ASKS and _FOR_WHOM.fullmatch(line.text) and not asks(line.text):
            self._close()
            self.for_whom = re.sub(r"^\W*(?:for|to|addressed to|directed to):? ", "", line.text, flags=re.I)
            self._say(line, Role.META)
            return
        if self.section is Section.ASKS and (deeper or self._is_topic_of_list(place, line)):
            self._close()
            self._say(line, Role.META)
            return
        self._close()
        if self.section not in (Section.RESPONSE,):
            self.section, self.label, self.list = Section.BODY, Label(Section.BODY), _List()
            self.cause = None
        self._say(line, Role.BODY)

    # Text.

    def _take_text(self, place: int, line: Line) -> None:
        if _STATUS_EVENT.fullmatch(line.text) and (self.open is not None or self.outline.found):
            self.outline.events += 1
            self.reading_text = False
            self._say(line, Role.META)
            return
        if self._is_topic_of_open(place, line) or self._leads_by_date(place, line) or self._says_none(line):
            return
        if self.open is not None and not self.open.pieces and _FOR_MEMBERS.match(line.text):
            self.open, self.reading_text = None, False
            self._enter(Label(Section.ASIDE, words=_MEETING), line)
            return
        if self.label.words == _MEETING and self._is_over(line):
            self.section, self.label = Section.BODY, Label(Section.BODY)
        if self.open is not None and self.reading_text and self._belongs(place, line):
            self._go_on(line)
            return
        if self.section is Section.ASKS and introduces_speaker(line.text) and not self.is_single:
            self._enter(Label(Section.RESPONSE, words=line.text, speaker_words=line.text), line)
            return
        if self.section is Section.ASKS:
            self._in_asks(place, line)
        elif (label := self._introduces_list(place, line)) is not None and self.section is not Section.ASIDE:
            self._enter(label, line)
            if asks(last_sentence(line.text)):
                self._in_asks(place, replace(line, text=_THEY_ARE.split(line.text)[-1]))
        elif self.section is Section.FINDINGS:
            self._prose(line, Role.FINDING)
        elif self.section in (
            Section.TITLE,
            Section.PUBLISHED,
            Section.TYPE,
            Section.PUBLISHERS,
            Section.GRADES,
        ):
            self._in_meta(place, line)
        elif self.section is Section.RESPONSE:
            if self._is_quoted_by_number(line):
                self._open_with(place, line, Header(Kind.RECOMMENDATION, line.number, "", line.text))
            elif not self._resumes(place, line):
                self._answered(line)
        elif self.section is Section.ASIDE:
            self._say(line, Role.ASIDE)
        elif self.pending_reference and not line.style and asks(line.text):
            self.label = Label(Section.BODY, kind=self.pending_kind or Kind.RECOMMENDATION)
            self.is_single, self.pending_kind = True, None
            self._open_at(line, line.text)  # the words of a register's entry, below its labels
        else:
            self._prose(line, Role.RESPONSE if self.open is not None and self._is_answer(line) else Role.BODY)

    def _is_over(self, line: Line) -> bool:
        """Return whether what a paper asks of its meeting is over here: at the next chapter, or its first paragraph."""
        return (line.style == "plain" and is_topic(line.text)) or (
            line.style == "dotted" and line.number.endswith(".1")
        )

    def _is_quoted_by_number(self, line: Line) -> bool:
        """Return whether a letter quotes a recommendation after its bare number: 5. "By March 2026, forces should ..."."""
        words = line.text.lstrip("“\"‘'")
        return (
            line.style in ("plain", "bracket")
            and line.number.isdigit()
            and words != line.text
            and bool(_DATE_FIRST.match(words) or _A_BODY.match(words))
            and asks(words[slice(*sentences(words)[0])])
        )

    def _in_meta(self, place: int, line: Line) -> None:
        held = self.outline.meta.setdefault(self.section, [])
        if self.section is Section.GRADES or not held or line.start <= held[-1].end + 1:
            held.append(line)
            self._say(line, Role.META)
            return
        self.section = Section.RESPONSE if self.is_letter else Section.BODY
        self.label = Label(self.section)
        self._take_text(place, line)

    def _answered(self, line: Line) -> None:
        if self.open is not None:
            self.open.is_answered = True
        self.reading_text = False
        self._say(line, Role.RESPONSE)

    def _is_reply(self, line: Line) -> bool:
        return bool(_REPLY.match(line.text.lstrip("“\"‘'")))

    def _is_answer(self, line: Line) -> bool:
        """Return whether a line answers the finding before it: a reply, where the document holds a response or says "we accept"."""
        words = line.text.lstrip("“\"‘'")
        return self._is_reply(line) and (self.outline.has_response or bool(_FIRST_PERSON.match(words)))

    def _resumes(self, place: int, line: Line) -> bool:
        """Return whether the numbered list of recommendations goes on here, after an answer to one of them."""
        if self.asks_before is None or not line.number.isdigit():
            return False
        label, kept = self.asks_before
        if (
            line.style != kept.style
            or int(line.number) != kept.last_number + 1
            or not asks(line.text)
            or self._is_reply(line)
        ):
            return False
        self.section, self.label, self.list = Section.ASKS, label, kept
        self._in_asks(place, line)
        return True

    def _in_asks(self, place: int, line: Line) -> None:
        title = title_from_row(line.text)
        if (
            title
            or ALL_FOR_OTHERS.search(line.text)
            or (NONE_MADE.search(line.text) and not self._is_item(line))
        ):
            self.outline.row_title = self.outline.row_title or title
            self._say(line, Role.META)
            return
        if self.open is None and _FOR_MEMBERS.match(line.text):
            self.section, self.label, self.list = Section.ASIDE, Label(Section.ASIDE, words=_MEETING), _List()
            self._say(line, Role.ASIDE)
            return
        if line.style and not self._is_numbered_paragraph(line):
            self._item(place, line)
            return
        if self.open is not None and not self.reading_text and self._is_answer(line):
            self._answered(line)
            return
        if self._recommended_for_cause(place, line):
            return
        if self.is_single and self.open is not None and self.open.pieces:
            self.reading_text = False
            self._prose(line, Role.RESPONSE if self._is_answer(line) else Role.BODY)
            return
        if self._leads(place, line):
            return
        if self._is_subject(place, line):
            self._close()
            self._say(line, Role.META)
            return
        if not line.text[:1].islower() and not self.list.is_dated:
            self.list.lead_in = ""
        first = line.text[slice(*sentences(line.text)[0])]
        is_told = (
            tells(first)
            or bool(REPORTED.search(first) or HAS_DONE.match(first) or _OWN_WORDS.match(first))
            or (self.open is not None and bool(self.open.pieces) and not asks(first) and not commands(first))
        )
        if (is_told and not self.list.lead_in and asks(line.text)) or self._explains(line, first):
            self.list.is_explained = True
            self._close()
            self._prose(line, Role.BODY)
            return
        reply = self._is_reply(line) and not asks(line.text)
        if (  # a noun for an improvement: "3.1 The force's understanding of its demand."
            self.label.kind is Kind.AFI
            and line.style
            and self.open is None
            and not (reply or tells(line.text))
        ):
            self._open_at(line, line.text)
            return
        if (
            not reply
            and (
                asks(line.text) or (commands(line.text) and not tells(line.text) and self._stands_alone(line))
            )
            and not self._only_counts(line)
        ):
            self._open_at(line, line.text, lead_in=self.list.lead_in if self.list.is_dated else "")
            return
        if self.open is not None and (reply or tells(line.text)) and self.outline.has_response:
            self._answered(line)
            return
        self._say(line, Role.META if self._only_counts(line) else Role.BODY)

    def _is_numbered_paragraph(self, line: Line) -> bool:
        """Return whether a number is the paragraph's ("4.2"), as in committee papers, and not the finding's."""
        return line.style == "dotted" and not (self.list.style == "dotted" and self.list.last_number)

    def _explains(self, line: Line, first: str) -> bool:
        """Return whether a paragraph without a mark explains or answers a finding in a list that marks its findings."""
        if _DATE_FIRST.match(line.text) or not (self.list.is_explained or (self.open and self.open.pieces)):
            return False
        if self.list.is_headed or (self.list.is_explained and not _A_BODY.match(first)):
            return True
        if self.list.is_explained and self.list.style == "bullet" and not RECOMMENDS.search(first):
            return True
        is_marked = self.list.last_number > 0 or (self.list.style == "bullet" and not self.list.lead_in)
        return is_marked and not RECOMMENDS.search(first) and not _THE_SERVICE_SHOULD.match(first)

    def _recommended_for_cause(self, place: int, line: Line) -> bool:
        """Take what is recommended right under a cause of concern, without a label of its own."""
        if self.label.kind is not Kind.CAUSE_OF_CONCERN or self.open is None or not self.open.pieces:
            return False
        sentence = last_sentence(line.text)
        first = line.text[slice(*sentences(line.text)[0])]
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        leads = following is not None and following.style and line.text.endswith(":") and asks(sentence)
        if not (
            leads or (asks(first) and (_DATE_FIRST.match(line.text) or _THE_SERVICE_SHOULD.match(first)))
        ):
            return False
        cause = self.cause
        self._close()
        self.label, self.is_single, self.list = Label(Section.ASKS), False, _List()
        self.cause = cause
        self._in_asks(place, line)
        return True

    def _stands_alone(self, line: Line) -> bool:
        return line.table is None or line.column != 0

    def _introduces_list(self, place: int, line: Line) -> Label | None:
        """Return the label that a sentence stands for: "The inspection made the following recommendations to chief constables:"."""
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        sentence = last_sentence(_THEY_ARE.sub(" that ", line.text))
        found = _THESE_FOLLOW.search(sentence)
        if found is None and (listed := _RECOMMENDATIONS_ARE.search(sentence)):
            kind = Kind.AFI if listed["what"][0] in "aA" else Kind.RECOMMENDATION
            is_past = bool(_LONG_AGO.search(sentence))
            return (
                Label(Section.ASKS, kind=kind, words=sentence)
                if following and following.style and not is_past
                else None
            )
        if found is None and _RECOMMENDED_THAT.search(sentence) and following is not None:
            is_list = bool(following.style) and (asks(following.text) or asks(sentence))
            is_now = not _LONG_AGO.search(sentence)
            return Label(Section.ASKS, words=sentence) if is_list and is_now else None
        if found is None or line.style == "bullet" or following is None:
            return None
        if not (following.style or _ONLY_DATE.fullmatch(following.text.rstrip(" :–-"))):
            return None
        if (
            following.style
            and header_of(following.text) is None
            and not (following.number or asks(following.text) or commands(following.text))
        ):
            return None
        if RECOMMENDED_BEFORE.search(sentence) or re.search(
            r"\b(?:last|previous|earlier|(?:19|20)\d\d)\b", sentence
        ):
            return None
        kind = Kind.AFI if re.search(r"area|afi", found["what"], re.IGNORECASE) else Kind.RECOMMENDATION
        return Label(Section.ASKS, kind=kind, addressee=(found["to"] or "").strip(" :"), words=sentence)

    def _only_counts(self, line: Line) -> bool:
        return bool(_MANY.search(line.text)) and not re.search(r"\bshould\b|\bmust\b", line.text)

    def _is_item(self, line: Line) -> bool:
        return bool(line.style) and asks(line.text)

    def _leads(self, place: int, line: Line) -> bool:
        """Take a paragraph that leads into a list; return whether this was one."""
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        if (
            following is None
            or not LISTS_ON.search(line.text)
            or not (following.style or self._lost_bullets(place))
        ):
            return False
        sentence = last_sentence(line.text)
        has_duty = (
            asks(sentence)
            or bool(RECOMMENDED_BEFORE.search(sentence))
            or bool(re.search(r"\brecommends?\b", sentence, re.IGNORECASE))
        )
        if not re.search(r"\bshould\b|\bmust\b|\bneeds? to\b", sentence) and (
            self._only_counts(line) or asks(following.text)
        ):
            has_duty = False
        if not has_duty:
            self._close()
            self.list = _List(style=following.style, depth=following.depth)
            self._say(line, Role.META)
            return True
        if self._each_is_one(place, line, sentence):
            self._close()
            self.list = _List(
                style=following.style,
                depth=following.depth,
                lead_in=sentence,
                last_number=self.list.last_number if following.style == self.list.style else 0,
            )
            self._say(line, Role.ASK)
            return True
        return False

    def _each_is_one(self, place: int, line: Line, sentence: str) -> bool:
        """Return whether every item of the list that this sentence leads into is a finding by itself."""
        if re.match(r"(?:this|these|they|it)\b", sentence, re.IGNORECASE) or line.text.startswith("“"):
            return False
        count = self._items_after(place)
        if self._only_counts(line) or _RECOMMENDATIONS_ARE.search(sentence):
            return True
        if self.label.kind is Kind.AFI:
            return not self.is_single and not LEADS_TO_PARTS.search(sentence)
        if self._goes_on_counting(self.lines[place + 1]) and _BODIES_SHOULD.fullmatch(sentence):
            return True
        if self.label.kind is Kind.CAUSE_OF_CONCERN:
            return False
        if self.cause is not None:
            return not self.is_single and count > 1 and not LEADS_TO_PARTS.search(sentence)
        return False

    def _goes_on_counting(self, following: Line) -> bool:
        """Return whether a list takes up the count of the findings where the one before left it: 1, then 2 and 3."""
        if following.style != "plain" or not following.number.isdigit() or self.is_single:
            return False
        return int(following.number) == (self.list.last_number if self.list.style == "plain" else 0) + 1

    def _items_after(self, place: int) -> int:
        following = self.lines[place + 1]
        count = 0
        for line in self.lines[place + 1 :]:
            if line.style != following.style:
                break
            count += 1
        return count

    def _lost_bullets(self, place: int) -> bool:
        """Return whether the lines after this one read as a list whose bullets were lost."""
        after = self.lines[place + 1 : place + 3]
        return len(after) == 2 and all(line.text[:1].islower() for line in after)

    def _item(self, place: int, line: Line) -> None:
        """Take a marked line in a list of findings: a new one, a part of the last, or no ask at all."""
        if self.is_replying and not (self._is_next(line) or self._is_above_reply(line)):
            self._answered(line)
            return
        if not self.list.style:
            self.list.style, self.list.depth = line.style, line.depth
        is_peer = line.style == self.list.style and line.depth <= self.list.depth
        if not is_peer and self.open is not None:
            is_whole = bool(self.open.pieces) and not self.open.parts and not self._awaits_parts()
            if self.reading_text and not (is_whole and (tells(line.text) or asks(line.text))):
                self._go_on(line, is_part=True)
            else:
                self._answered(line)
            return
        is_again = line.number.isdigit() and 0 < int(line.number) <= self.list.last_number
        is_chapter = _CHAPTER.fullmatch(line.text) or not commands(line.text)
        if is_again and line.style == "plain" and is_topic(line.text) and is_chapter:
            self._close()  # the chapters after the recommendations: "1. Introduction"
            self.section, self.label, self.list = Section.BODY, Label(Section.BODY), _List()
            self._say(line, Role.BODY)
            return
        reference, words = reference_first(line.text)
        header = header_of(words)
        if header is not None:
            words = header.rest
        elif _HEADING_SAYS_RECOMMENDATION.fullmatch(words):
            words = ""
        if not line.number and is_topic(words) and self._is_subject(place, Line(words, 0, 0, "paragraph")):
            self._close()
            self.list = _List()
            self._say(line, Role.META)
            return
        if words and not self._acceptable(words):
            self._close()
            if tells(words):
                self.outline.problems.append(
                    f'Not taken as a finding, since it tells of what is done and asks for nothing: "{_short(words)}"'
                )
            self._say(line, Role.BODY)
            return
        self._open_at(
            line,
            words,
            reference=reference or (header.reference if header else ""),
            number=(header.number if header and header.number else line.number),
            lead_in=self.list.lead_in,
        )
        if line.number.isdigit():
            self.list.last_number = int(line.number)

    def _awaits_parts(self) -> bool:
        """Return whether the words of the open finding lead on to a list."""
        last = self.open.pieces[-1][1] if self.open is not None and self.open.pieces else ""
        return bool(LISTS_ON.search(last) or LEADS_TO_PARTS.search(last))

    def _is_above_reply(self, line: Line) -> bool:
        """Return whether a bullet is the next finding of a list whose answers are set in below their findings."""
        return (
            self.reply_depth > line.depth == self.list.depth
            and line.style == self.list.style
            and asks(line.text)
            and not self._is_reply(line)
        )

    def _is_next(self, line: Line) -> bool:
        """Return whether a marked line carries on the count of findings after an answer to one of them."""
        return (
            line.number.isdigit()
            and line.style == self.list.style
            and int(line.number) == self.list.last_number + 1
            and not tells(line.text)
            and not self._is_reply(line)
        )

    def _acceptable(self, words: str) -> bool:
        if RECOMMENDED_BEFORE.search(words) and not re.search(r"\bshould\b|\bmust\b", words):
            return False
        if len(words.split()) < _WORDS_OF_AN_ITEM and not (
            self.list.lead_in or asks(words) or commands(words)
        ):
            return False
        if self.list.lead_in:
            return not tells(words) or not re.match(r"(?:we|the force|the service)\b", words, re.IGNORECASE)
        if asks(words):
            return not self._is_pure_finding(words)
        return not tells(words) and not self._is_reply(Line(words, 0, 0, "paragraph"))

    def _is_pure_finding(self, words: str) -> bool:
        return bool(re.match(r"(?:we|hmicfrs|inspectors) (?:found|saw|heard|noted)\b", words, re.IGNORECASE))

    # Prose.

    def _prose(self, line: Line, role: Role) -> None:
        """Take a paragraph outside any list of findings: an ask stands here only where the report says that it recommends."""
        if self.open is not None and not self.reading_text and role is Role.RESPONSE:
            self.open.is_answered = True
        opened = False
        if role in (Role.BODY, Role.FINDING):
            opened = self._asks_in_prose(line)
        self._say(line, Role.ASK if opened else role)

    def _asks_in_prose(self, line: Line) -> bool:
        """Open a finding for each sentence of a paragraph in which the report recommends; return whether one does."""
        opened, reached = False, 0
        for start, end in sentences(line.text):
            sentence = line.text[start:end]
            if start < reached or not self._recommends(sentence, opens=start == 0 and not line.style):
                continue
            rest = self._sentences_going_on(line.text[end:])
            reached = end + len(rest)
            self._close()
            self.open = Found(Kind.RECOMMENDATION, line.start, line.end)
            self.open.pieces.append((False, (sentence + rest).strip()))
            self.reading_text = self.is_single = opened = True
            self._adopt(self.open)
        return opened

    def _recommends(self, sentence: str, *, opens: bool) -> bool:
        """Return whether a sentence of prose is itself a recommendation of this report."""
        said = RECOMMENDS.search(sentence)
        is_dated = (
            opens
            and self.section is Section.BODY
            and bool(_DATE_FIRST.match(sentence))
            and bool(re.search(r"\b(?:should|must)\b", sentence))
        )
        if not (said or is_dated) or (RECOMMENDED_BEFORE.search(sentence) and not is_dated):
            return False
        return bool(re.search(r"\b(?:that|to|should|must)\b|:", sentence[said.end() if said else 0 :]))

    def _sentences_going_on(self, text: str) -> str:
        kept = ""
        for start, end in sentences(text):
            if not (CONTINUES.match(text[start:end].strip()) and asks(text[start:end])):
                break
            kept = text[:end]
        return kept

    # The finding that is open.

    def _open_with(self, place: int, line: Line, header: Header) -> None:
        self._close()
        if self.section is Section.ASIDE:
            self.section, self.label = Section.BODY, Label(Section.BODY)
        number, reference = header.number, header.reference
        if reference and not number and _ONLY_SERVICE.fullmatch(header.rest):
            self.pending_reference, self.pending_kind = (
                reference,
                None,
            )  # a page of the register: labels follow
            self._say(line, Role.META)
            return
        if line.style in ("plain", "bracket") and not number and not line.is_heading:
            number = line.number
        self.open = Found(
            header.kind,
            line.start,
            line.end,
            number=number,
            reference=reference or self.pending_reference,
            addressee=_DATE_LAST.sub("", header.addressee) or self._for_whom(),
            deadline_words=header.addressee if _DATE_LAST.search(header.addressee) else "",
        )
        self.pending_reference = ""
        self.pending_kind = None
        self.reading_text = True
        self.is_single = True
        self._adopt(self.open)
        if self.section is Section.ASKS and line.style == self.list.style and line.number.isdigit():
            self.list.last_number = int(line.number)
        if _FOR_WHOM.fullmatch(header.rest) and not asks(header.rest):
            self.open.addressee = self.open.addressee or header.rest.strip("():. ")
        elif header.rest and not self._is_topic_of_open(
            place, self._rest(line, header.rest[:1].upper() + header.rest[1:])
        ):
            self._add(header.rest, line)
        self._say(line, Role.ASK)

    def _for_whom(self) -> str:
        """Return whom the heading above the findings names: "To chief constables"."""
        return (self.for_whom or self.label.addressee) if self.section is Section.ASKS else ""

    def _open_at(
        self, line: Line, words: str, *, number: str = "", reference: str = "", lead_in: str = ""
    ) -> None:
        self._close()
        kind = self.label.kind
        found = Found(
            kind,
            line.start,
            line.end,
            number=number or self.pending_number,
            reference=reference or self.pending_reference,
            addressee=self._for_whom(),
            lead_in=lead_in,
            leads_text=bool(lead_in),
        )
        self.pending_reference = self.pending_number = ""
        self.open, self.reading_text = found, True
        self._adopt(found)
        if words:
            self._add(words, line)
        self._say(line, Role.ASK)

    def _adopt(self, found: Found) -> None:
        """Note a cause of concern, so that what is recommended under it is known to be its own."""
        if found.kind is Kind.CAUSE_OF_CONCERN:
            self.cause = found
        elif found.kind is Kind.AFI:
            self.cause = None

    def _belongs(self, place: int, line: Line) -> bool:
        """Return whether a line goes on with the statement that is open."""
        found = self.open
        if found is None:
            return False
        if line.table is not None and found.pieces and self._other_cell(line):
            return False
        if not found.pieces:
            return self._begins(place, line, found)
        last_is_part, last = found.pieces[-1]
        if line.style:
            if self._is_peer_item(line):
                return False
            is_numbered_paragraph = line.style in ("plain", "dotted", "tab") and (
                self.section is not Section.ASKS or not self.list.style
            )
            opens_parts = not last_is_part and LISTS_ON.search(last)
            if (
                is_numbered_paragraph
                and not opens_parts
                and not (last_is_part and line.style == self.part_style)
            ):
                return bool(CONTINUES.match(line.text) and asks(line.text))
            if last_is_part:
                return not (tells(line.text) and self._is_reply(line))
            return bool(LISTS_ON.search(last)) or (
                LEADS_TO_PARTS.search(last + ":") is not None and last.endswith((":", "-"))
            )
        if (
            last_is_part
            and LISTS_ON.search(found.pieces[0][1])
            and line.text[:1].islower()
            and not last.endswith(".")
        ):
            return True
        if LISTS_ON.search(last) and not last_is_part:
            return not self._is_reply(line)
        if _ONLY_DATE.fullmatch(last) and len(found.pieces) == 1:
            return True
        return bool(CONTINUES.match(line.text)) and asks(line.text) and not self._is_reply(line)

    def _other_cell(self, line: Line) -> bool:
        cells = [read.line for read in self.outline.reads if read.role is Role.ASK]
        if not cells or cells[-1].table is None:
            return False
        last = cells[-1]
        return (last.table, last.row, last.column) != (line.table, line.row, line.column)

    def _is_peer_item(self, line: Line) -> bool:
        """Return whether a marked line is the next item of the list that the open finding is itself an item of."""
        if self.section is not Section.ASKS or not self.list.style or self.is_single:
            return False
        if line.style == self.list.style and line.depth <= self.list.depth:
            return not (
                self.open is not None
                and self.open.pieces
                and self.list.style == "bullet"
                and LISTS_ON.search(self.open.pieces[-1][1])
                and line.depth > self.list.depth
            )
        return False

    def _begins(self, place: int, line: Line, found: Found) -> bool:
        """Return whether a line is the first of the statement under a header."""
        if found.kind is Kind.CAUSE_OF_CONCERN:
            return True
        if _FOR_WHOM.fullmatch(line.text) and not asks(line.text):
            found.addressee = found.addressee or line.text.strip("():. ")
            self._say(line, Role.META)
            self.skip_until = place + 1
            return False
        if asks(line.text):
            is_own = re.match(r"(?:we(?! (?:also )?recommend)|our|i)\b", line.text, re.IGNORECASE)
            return not (self._is_reply(line) and is_own)
        if self._is_reply(line) or tells(line.text):
            return False
        if commands(line.text) or found.kind is Kind.AFI or _ONLY_DATE.fullmatch(line.text):
            return True
        following = self.lines[place + 1] if place + 1 < len(self.lines) else None
        return (
            following is not None
            and header_of(following.text) is None
            and asks(following.text)
            and not self._is_reply(following)
            and not following.is_heading
        )

    def _go_on(self, line: Line, *, is_part: bool | None = None) -> None:
        found = self.open
        if found is None:
            return
        last = found.pieces[-1] if found.pieces else None
        listing = last is not None and (last[0] or bool(LISTS_ON.search(last[1])))
        if is_part is None:
            unmarked = (
                last is not None
                and not line.style
                and listing
                and not CONTINUES.match(line.text)
                and line.text[:1].islower()
            )
            is_part = bool(last is not None and line.style and line.style != "dotted") or unmarked
        if last is not None and listing and not last[0] and not found.lead_in and is_part:
            found.lead_in = last_sentence(last[1])
        if is_part and line.style:
            self.part_style = line.style
        self._add(line.text, line, is_part=is_part)
        self._say(line, Role.ASK)

    def _add(self, words: str, line: Line, *, is_part: bool = False) -> None:
        found = self.open
        if found is None:
            return
        text = words
        if not found.pieces:
            reference, text = reference_first(words)
            found.reference = found.reference or reference
            if _HEADING_SAYS_RECOMMENDATION.fullmatch(text):
                found.number = found.number or re.sub(r"\D", "", text)
                text = ""
        number, text = number_last(text)
        found.number = found.number or number
        reference, text = reference_last(text)
        found.reference = found.reference or reference
        if text:
            found.pieces.append((is_part, text))
        found.end = max(found.end, line.end)

    def _close(self) -> None:
        found, self.open, self.reading_text, self.is_replying = self.open, None, False, False
        if found is None:
            return
        _unquote(found)
        name = f"{found.kind.word} {found.number}".strip()
        if not found.pieces:
            where = f" ({found.reference})" if found.reference else ""
            self.outline.problems.append(
                f"{name}{where} is named, but its words are not printed here: it is not listed."
            )
            return
        if found.kind is not Kind.CAUSE_OF_CONCERN and self.cause is not None:
            found.cause = self.cause
        self.outline.found.append(found)

    def _report_doubles(self) -> None:
        """Keep a statement that is printed twice once."""
        kept: list[Found] = []
        seen: dict[tuple[str, str], Found] = {}
        for found in self.outline.found:
            words = levelled(found.text)
            earlier = seen.get((found.kind, words))
            if earlier is not None and (
                not found.number or not earlier.number or found.number == earlier.number
            ):
                earlier.number = earlier.number or found.number
                earlier.reference = earlier.reference or found.reference
                earlier.is_answered = earlier.is_answered or found.is_answered
                self.outline.problems.append(f'Printed twice and kept once: "{_short(found.text)}"')
                continue
            seen.setdefault((found.kind, words), found)
            kept.append(found)
        self.outline.found = kept

    def _rest(self, line: Line, rest: str) -> Line:
        start = max(line.start, line.end - len(rest))
        style, number, words = marked(rest)
        if not number or not words:
            style, number, words = "", "", rest
        return Line(
            words, start, line.end, "paragraph", style, number, line.depth, line.table, line.row, line.column
        )

    def _say(self, line: Line, role: Role, *, first: bool = False) -> None:
        if role is Role.ASIDE and _GREETING_ENDS.match(line.text):
            return
        self.outline.reads.append(
            Read(line, role, self.speaker_words if role is Role.RESPONSE else "", line.text, first)
        )


def _alike(words: str, text: str) -> bool:
    """Return whether some words are the beginning of a statement that is known."""
    first, second = levelled(words)[:_ALIKE], levelled(text)
    return bool(first) and first in second[: 3 * _ALIKE]


def _unquote(found: Found) -> None:
    """Take off the quotation marks that the quoting document put around a statement."""
    if not found.pieces:
        return
    opens, closes = found.pieces[0][1][:1], found.pieces[-1][1].rstrip(". ")[-1:]
    if opens in '“"‘' and closes in '”"’' and opens and closes:
        is_part, text = found.pieces[0]
        found.pieces[0] = (is_part, text[1:])
        if found.lead_in and not found.leads_text:
            found.lead_in = found.lead_in.lstrip('“"‘')
        is_part, text = found.pieces[-1]
        found.pieces[-1] = (is_part, re.sub(r"[”\"’](\.?)\s*$", r"\1", text))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 90 else f"{flat[:89].rstrip()}…"
