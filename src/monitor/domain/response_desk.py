"""
Answering a report: who is asked, what is written, who approves it, when it is published and sent.

Nothing here is changed in place. Each part of a response is a list of versions, of which the last stands; everything
else is a list of steps. An approval is of exact versions: whatever is written, or corrected in the report, afterwards
needs another.

Source: Police Act 1996, section 55: (4) the chief officer is invited to comment by a day; (5) the local policing
body publishes its comments and the chief officer's; (5B) for each recommendation they explain the action taken or
proposed, or why there is none; (6) a copy goes to the inspectors of constabulary and to the Secretary of State.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Final

from monitor.dates import london_day, long_date
from monitor.domain.access import Actor, Permission
from monitor.domain.entries import plain_value
from monitor.domain.history import canonical
from monitor.domain.inspections import Inspection
from monitor.domain.sources import fingerprint_of
from monitor.domain.statuses import Applicability, Kind, Precision, Vocabulary


class ResponsePart(Vocabulary):
    """What a text of a response is."""

    CHIEF_OFFICER = "chief_officer", "Chief officer’s comments", "What the chief officer says of the report."
    OFFICE = "office", "Office’s comments", "What the local policing body says of the report."
    EXPLANATION = (
        "explanation",
        "Action or reason",
        "What was or will be done about one recommendation, or why nothing.",
    )


class Explains(Vocabulary):
    """What the explanation to a recommendation is of. One of these is told for each (section 55(5B))."""

    TAKEN = "taken", "Action taken", "Something was done."
    PROPOSED = "proposed", "Action proposed", "Something will be done."
    BOTH = "taken_and_proposed", "Action taken and proposed", "Something was done, and more will be."
    NONE = "none", "No action, and why", "Nothing was or will be done, for the reason given."


class ResponseStage(Vocabulary):
    """What a step of a response does."""

    INVITED = "invited", "Chief officer invited", "The chief officer is invited to comment by a day."
    RECEIVED = "received", "Chief officer’s comments received", "The chief officer’s comments are in."
    ASKED = "asked", "Approval asked for", "Somebody of the office asks a second person to approve it."
    SENT_BACK = "sent_back", "Sent back", "The second person does not approve it, and says why."
    APPROVED = "approved", "Approved", "A second person of the office approves exactly these texts."
    PUBLISHED = "published", "Published", "It is public; what was published is kept, byte for byte."
    PUBLISHED_EARLIER = (
        "published_earlier",
        "Published elsewhere",
        "It was published without this desk, on the day and at the link given; its words are not kept here.",
    )
    SENT_INSPECTORATE = (
        "sent_to_inspectorate",
        "Sent to the inspectorate",
        "A copy went to the inspectors of constabulary.",
    )
    SENT_SECRETARY = (
        "sent_to_secretary_of_state",
        "Sent to the Secretary of State",
        "A copy went to the Secretary of State.",
    )
    NOT_DUE = "not_due", "No response due", "The office records that none is due, and why."
    DUE_AFTER_ALL = "due_after_all", "Response due after all", "The office takes that back, and says why."


class ResponseState(Vocabulary):
    """How far a response has come: the furthest thing that has happened to it."""

    NOT_BEGUN = "not_begun", "Not begun", "Nothing has been done yet."
    INVITED = "invited", "Chief officer invited", "The chief officer is invited to comment by a day."
    RECEIVED = "received", "Chief officer’s comments received", "The chief officer’s comments are in."
    DRAFTING = "drafting", "Drafting", "The office is writing it, or waits for a second person."
    APPROVED = "approved", "Approved", "A second person has approved the texts as they stand."
    PUBLISHED = "published", "Published", "It is public."
    SENT_INSPECTORATE = (
        "sent_to_inspectorate",
        "Sent to the inspectorate",
        "Published, and a copy went to the inspectors of constabulary.",
    )
    SENT_SECRETARY = (
        "sent_to_secretary_of_state",
        "Sent to the Secretary of State",
        "Published, and a copy went to the Secretary of State.",
    )
    NOT_DUE = "not_due", "No response due", "The office has recorded that none is due, and why."


_REACHED_BY: Final = {
    ResponseState.INVITED: ResponseStage.INVITED,
    ResponseState.RECEIVED: ResponseStage.RECEIVED,
    ResponseState.SENT_INSPECTORATE: ResponseStage.SENT_INSPECTORATE,
    ResponseState.SENT_SECRETARY: ResponseStage.SENT_SECRETARY,
}
SENT: Final = (ResponseStage.SENT_INSPECTORATE, ResponseStage.SENT_SECRETARY)
PUBLICATION: Final = (ResponseStage.PUBLISHED, ResponseStage.PUBLISHED_EARLIER)
PUBLIC_STAGES: Final = (
    *PUBLICATION,
    *SENT,
    ResponseStage.NOT_DUE,
    ResponseStage.DUE_AFTER_ALL,
)
"""Steps that whoever may read the report may know of."""
PUBLIC_STATES: Final = frozenset(
    {
        ResponseState.PUBLISHED,
        ResponseState.SENT_INSPECTORATE,
        ResponseState.SENT_SECRETARY,
        ResponseState.NOT_DUE,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseText:
    """
    One version of one part of a response. The last version of a part stands; an empty one takes it back.

    Attributes:
        part: Whose comments they are, or that they explain.
        reference: The recommendation that is explained; empty for comments.
        explains: What the explanation is of; nothing for comments.
    """

    id: int
    inspection_id: int
    service: str
    part: ResponsePart
    reference: str = ""
    explains: Explains | None = None
    text: str
    recorded_at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseStep:
    """
    One step of a response.

    Attributes:
        happened_on: The day on which it happened, as a person gave it.
        until_on: For an invitation, the last day on which the chief officer's comments are asked for.
        words: Why it is sent back, or why none is due.
        link: For a publication, where it can be read.
        text_ids: The numbers of the texts that approval was asked for, given, or that were published.
        basis: Fingerprint of these and of what they answer: the report and its recommendations.
        content: For a publication, the fingerprint of what it says, as JSON.
        docx, html: For a publication, the fingerprints of its bytes in each form.
    """

    id: int
    inspection_id: int
    service: str
    stage: ResponseStage
    happened_on: date
    until_on: date | None = None
    words: str = ""
    link: str = ""
    text_ids: tuple[int, ...] = ()
    basis: str = ""
    content: str | None = None
    docx: str | None = None
    html: str | None = None
    recorded_at: datetime
    by: str
    by_name: str


FORMS: Final = ("docx", "html")
"""The forms in which a published response is kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """
    A recommendation as a response answers it.

    Attributes:
        deadline_phrase: The printed words about time, where there are any.
        parent: Reference of the cause of concern it stands under.
        is_taken_out: It was closed as not for us, so that it is one for others after all.
    """

    reference: str
    kind: Kind
    number: str = ""
    external_reference: str = ""
    short_title: str
    text: str
    addressees: tuple[str, ...] = ()
    deadline_phrase: str = ""
    applicability: Applicability
    parent: str = ""
    is_taken_out: bool = False

    @property
    def name(self) -> str:
        """Return what people call it: "Recommendation 2 (CC-036)"."""
        return f"{f'{self.kind.word} {self.number}'.strip()} ({self.reference})"

    @property
    def is_for_others(self) -> bool:
        """Tell whether it is listed as one for others, and needs no explanation."""
        return self.applicability is Applicability.FOR_OTHERS or self.is_taken_out


@dataclass(frozen=True, slots=True)
class Missing:
    """Something without which a response cannot be approved: the part, the recommendation if it is about one, and in words."""

    part: ResponsePart
    reference: str
    words: str


_SEEN: Final = re.compile(r"\w")
_PLACEHOLDERS: Final = frozenset(
    {"tbc", "tba", "tbd", "to be confirmed", "to be added", "to follow", "na", "not applicable", "nil", "none", "xxx"}
)  # fmt: skip


def says_something(text: str) -> bool:
    """Tell whether a text says anything: not blank, not only marks, and not a word that keeps its place free."""
    plain = " ".join(re.sub(r"[^\w\s]", "", text.casefold()).split())
    return bool(_SEEN.search(plain)) and plain not in _PLACEHOLDERS


@dataclass(frozen=True, slots=True)
class Response:
    """A report with its recommendations, and everything written and done to answer it, oldest first."""

    report: Inspection
    asks: tuple[Ask, ...]
    steps: tuple[ResponseStep, ...] = ()
    texts: tuple[ResponseText, ...] = ()

    # The texts

    def versions(self, part: ResponsePart, reference: str = "") -> tuple[ResponseText, ...]:
        """Return every version of a part, oldest first: how many is what its next version is given as seen."""
        return tuple(one for one in self.texts if (one.part, one.reference) == (part, reference))

    def text(self, part: ResponsePart, reference: str = "") -> ResponseText | None:
        """Return the version of a part that stands; None where it was never written, or was taken back."""
        found = self.versions(part, reference)
        return found[-1] if found and found[-1].text else None

    @property
    def standing(self) -> tuple[ResponseText, ...]:
        """Return the texts that stand: comments first, then the explanations in the order of the report."""
        wanted = [
            (ResponsePart.CHIEF_OFFICER, ""),
            (ResponsePart.OFFICE, ""),
            *((ResponsePart.EXPLANATION, ask.reference) for ask in self.asks if not ask.is_for_others),
        ]
        return tuple(found for one in wanted if (found := self.text(*one)) is not None)

    @property
    def basis(self) -> str:
        """Return the fingerprint of what would be approved: the texts that stand, and what they answer."""
        report, texts = self.report, [one.id for one in self.standing]
        answered = [[plain_value(getattr(ask, one.name)) for one in fields(ask)] for ask in self.asks]
        said = [report.title, report.published_words, list(report.key_findings), answered, texts]
        return fingerprint_of(canonical({"approved": said}).encode())

    @property
    def must_explain(self) -> tuple[Ask, ...]:
        """
        Return the recommendations that need an explanation.

        Those for others need none, nor does a cause of concern that is answered by the recommendations under it. One
        of which nobody has decided whom it is for is ours until somebody does.
        """
        parents = {ask.parent for ask in self.asks if not ask.is_for_others}
        return tuple(ask for ask in self.asks if not ask.is_for_others and ask.reference not in parents)

    def missing(self, today: date) -> tuple[Missing, ...]:
        """Return everything without which it cannot be approved."""
        return tuple(self._missing(today))

    def _missing(self, today: date) -> Iterator[Missing]:
        for ask in self.must_explain:
            found = self.text(ResponsePart.EXPLANATION, ask.reference)
            if found is None or not says_something(found.text):
                undecided = ask.applicability is Applicability.NOT_DECIDED
                whose = "; nobody has decided whom it is for" if undecided else ""
                yield Missing(
                    ResponsePart.EXPLANATION, ask.reference, f"{ask.name}: neither an action nor a reason for none{whose}"
                )  # fmt: skip
        comments = self.text(ResponsePart.OFFICE)
        if comments is None or not says_something(comments.text):
            yield Missing(ResponsePart.OFFICE, "", "the office’s comments")
        if said := self._awaits_chief_officer(today):
            yield Missing(ResponsePart.CHIEF_OFFICER, "", said)

    def _awaits_chief_officer(self, today: date) -> str:
        """Return why the chief officer's comments have to be waited for; nothing once they are in, or their day is over."""
        found = self.text(ResponsePart.CHIEF_OFFICER)
        if found is not None and says_something(found.text):
            return ""
        invited = self.last(ResponseStage.INVITED)
        if invited is None or invited.until_on is None:
            return "the chief officer’s comments, to which the chief officer has not been invited"
        if today <= invited.until_on:
            return f"the chief officer’s comments, invited until {long_date(invited.until_on)}"
        if self.last(ResponseStage.RECEIVED) is not None:
            return "the chief officer’s comments, which were received and are not written here"
        return ""

    # The steps

    def last(self, *stages: ResponseStage) -> ResponseStep | None:
        """Return the last step of any of these stages."""
        return next((one for one in reversed(self.steps) if one.stage in stages), None)

    @property
    def asked(self) -> ResponseStep | None:
        """Return the request for approval that waits; None where the texts, or the report, changed since."""
        last = self.last(ResponseStage.ASKED, ResponseStage.SENT_BACK, ResponseStage.APPROVED)
        waits = last is not None and last.stage is ResponseStage.ASKED and last.basis == self.basis
        return last if waits else None

    @property
    def approved(self) -> ResponseStep | None:
        """Return the approval of exactly what stands; None where anything changed since."""
        last = self.last(ResponseStage.APPROVED)
        return last if last is not None and last.basis == self.basis else None

    @property
    def publications(self) -> tuple[ResponseStep, ...]:
        """Return every publication, in the order in which they were recorded."""
        return tuple(one for one in self.steps if one.stage in PUBLICATION)

    @property
    def answered_on(self) -> date | None:
        """Return the day on which it was first published: the one that the law asks about."""
        return min((one.happened_on for one in self.publications), default=None)

    @property
    def not_due(self) -> ResponseStep | None:
        """Return the record that no response is due, while it stands."""
        last = self.last(ResponseStage.NOT_DUE, ResponseStage.DUE_AFTER_ALL)
        return last if last is not None and last.stage is ResponseStage.NOT_DUE else None

    @property
    def has_newer_draft(self) -> bool:
        """Tell whether anything was written since it was last published."""
        last = self.last(ResponseStage.PUBLISHED)
        return last is not None and last.text_ids != tuple(one.id for one in self.standing)

    @property
    def dates(self) -> Mapping[ResponseState, date]:
        """Return the day of each state it has reached, in order; of "not begun", the day on which the report was published."""
        report, found = self.report, {}
        if report.published_on is not None and report.published_precision is Precision.DAY:
            found[ResponseState.NOT_BEGUN] = report.published_on
        written = next((one for one in self.texts if one.part is not ResponsePart.CHIEF_OFFICER), None)
        if written is not None:
            found[ResponseState.DRAFTING] = london_day(written.recorded_at)
        approval = self.last(ResponseStage.APPROVED) if self.publications else self.approved
        if approval is not None:
            found[ResponseState.APPROVED] = approval.happened_on
        if self.answered_on is not None:
            found[ResponseState.PUBLISHED] = self.answered_on
        for state, stage in _REACHED_BY.items():
            if (step := self.last(stage)) is not None:
                found[state] = step.happened_on
        if self.not_due is not None:
            found[ResponseState.NOT_DUE] = self.not_due.happened_on
        return {state: found[state] for state in ResponseState if state in found}

    @property
    def state(self) -> ResponseState:
        """Return the furthest state it has reached."""
        return next(reversed(list(self.dates)), ResponseState.NOT_BEGUN)

    def seen_by(self, by: Actor) -> "Response | None":
        """
        Return what somebody may know of it; None where that is nothing.

        The office and analysts read all. The force reads all but the office's comments, which it reads once they are
        published. Others read what is published, and not whose work it is.
        """
        service = self.report.service
        if by.may(Permission.READ_DRAFTS, service):
            return self
        last = self.last(ResponseStage.PUBLISHED)
        public = frozenset(last.text_ids) if last else frozenset()
        if by.may(Permission.COMMENT_AS_CHIEF, service):
            kept = (one for one in self.texts if one.part is not ResponsePart.OFFICE or one.id in public)
            return replace(self, texts=tuple(kept))
        steps = tuple(replace(one, by="", by_name="") for one in self.steps if one.stage in PUBLIC_STAGES)
        texts = tuple(replace(one, by="", by_name="") for one in self.texts if one.id in public)
        return replace(self, steps=steps, texts=texts) if steps else None
