"""The calm page on which a response is written: one text at a time, the others beside it, nothing typed lost between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.domain.response_desk import Ask, Explains, ResponsePart, ResponseText, says_something
from monitor.packs.response import chief_officer_of
from monitor.services import responding
from monitor.services.responses import OF_ALL, ResponseView
from monitor.settings import Settings
from monitor.ui import safe, words
from monitor.ui.fields import Field, Pick, Words, words_of
from monitor.ui.filling import Answer, Draft, Form, Outcome, fill_in, keep_typed
from monitor.ui.frame import Page
from monitor.ui.sessions import moment

_VISIT: Final = "_writing"
_LINES: Final = 14
_LINES_EXPLAINED: Final = 8


@dataclass(frozen=True)
class Piece:
    """
    One text of a response.

    Attributes:
        ask: The recommendation that is explained; None for comments.
        is_missing: Approval waits for it.
    """

    page: Page
    seen: ResponseView
    part: ResponsePart
    ask: Ask | None = None

    @property
    def key(self) -> str:
        """Return what tells it from the other texts of the same response."""
        return self.ask.reference if self.ask else self.part.value

    @property
    def reference(self) -> str:
        """Return what tells it from everything else."""
        return f"response {self.seen.report.id} {self.key}"

    @property
    def names(self) -> Mapping[str, Any]:
        """Return how a service is told which text is meant."""
        told: dict[str, Any] = {"inspection_id": self.seen.report.id}
        return told | ({"reference": self.ask.reference} if self.ask else {"part": self.part})

    @property
    def title(self) -> str:
        """Return what people call it."""
        if self.ask:
            return self.ask.short_title
        if self.part is ResponsePart.OFFICE:
            return self.part.word
        return f"{chief_officer_of(self.seen.report.service, Settings.from_environment().titles)}’s comments"

    @property
    def versions(self) -> tuple[ResponseText, ...]:
        """Return its versions, oldest first."""
        return self.seen.response.versions(self.part, self.ask.reference if self.ask else "")

    @property
    def stands(self) -> ResponseText | None:
        """Return the version that stands; None where nothing does."""
        return self.seen.response.text(self.part, self.ask.reference if self.ask else "")

    @property
    def is_missing(self) -> bool:
        """Tell whether it says nothing yet."""
        return self.stands is None or not says_something(self.stands.text)

    @property
    def may_write(self) -> bool:
        """Tell whether this person writes it."""
        writes = (
            Permission.COMMENT_AS_CHIEF if self.part is ResponsePart.CHIEF_OFFICER else Permission.RESPOND
        )
        return writes in self.seen.may and self.seen.response.not_due is None and not self.page.is_past

    @property
    def offer(self) -> str:
        """Return what the register can say in it; empty where it has nothing."""
        if self.part is ResponsePart.CHIEF_OFFICER:
            return ""
        return self.seen.offers.get(self.ask.reference if self.ask else OF_ALL, "")


@dataclass
class _Visit:
    """One person at the desk of one report: which text is open, and what is typed into each."""

    actor: str
    report: int
    chosen: str = ""
    drafts: dict[str, Draft] = field(default_factory=dict)


def pieces(page: Page, seen: ResponseView) -> list[Piece]:
    """Return the texts of a response in the order of its document: each recommendation, then the comments."""
    explained = [Piece(page, seen, ResponsePart.EXPLANATION, ask) for ask in seen.response.must_explain]
    comments = [Piece(page, seen, part) for part in (ResponsePart.CHIEF_OFFICER, ResponsePart.OFFICE)]
    hidden = Permission.READ_DRAFTS not in seen.may
    return [
        *explained,
        *(one for one in comments if one.stands or one.may_write or not (hidden or one.is_missing)),
    ]


def open_piece(page: Page, piece: Piece) -> None:
    """Open a text to be written; called by a button."""
    _visit(page, piece.seen).chosen = piece.key


def opened(page: Page, seen: ResponseView) -> Piece | None:
    """Return the text that is open to be written by this person, if one is."""
    visit = _visit(page, seen)
    for draft in visit.drafts.values():
        keep_typed(draft)
    return next((one for one in pieces(page, seen) if one.key == visit.chosen and one.may_write), None)


def _visit(page: Page, seen: ResponseView) -> _Visit:
    visit: _Visit | None = st.session_state.get(_VISIT)
    if visit is None or (visit.actor, visit.report) != (page.actor.id, seen.report.id):
        visit = st.session_state[_VISIT] = _Visit(page.actor.id, seen.report.id)
    return visit


# Writing


def show(page: Page, piece: Piece) -> None:
    """Show one text to be written, and the others beside it."""
    visit = _visit(page, piece.seen)
    own = [one for one in pieces(page, piece.seen) if one.may_write]
    st.button(
        "Back to the response",
        key="back",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=_leave,
        args=(visit,),
    )
    st.title(safe.text(piece.title), anchor=False)
    left, right = st.columns([7, 4], gap="xlarge")
    with left, st.container(key="writing"):
        _show_form(visit, piece, own)
    with right:
        _show_others(visit, piece, own)


def _leave(visit: _Visit) -> None:
    visit.chosen = ""


def _show_form(visit: _Visit, piece: Piece, own: Sequence[Piece]) -> None:
    if piece.ask:
        st.caption(safe.text(piece.ask.name))
        st.markdown(safe.quotation(piece.ask.text))
    draft = visit.drafts.setdefault(piece.key, Draft("write", piece.reference, len(piece.versions)))
    outcome = fill_in(
        draft,
        EXPLANATION if piece.ask else COMMENTS,
        piece,
        leave="Cancel",
        beside=lambda: _offer(visit, draft, piece),
    )
    st.caption("Each saving is a version with your name and the day. Earlier ones stay, and can be read.")
    show_versions(piece, key="writing")
    if outcome is Outcome.OPEN:
        return
    visit.drafts.pop(piece.key, None)
    following = next((one.key for one in own if one.is_missing and one.key != piece.key), "")
    visit.chosen = following if outcome is Outcome.SAVED else ""
    st.rerun()


def _offer(visit: _Visit, draft: Draft, piece: Piece) -> None:
    """Show the button that puts what the register can say into the field, after what is typed there."""
    if piece.offer:
        st.button(
            "Take what the register says",
            key="take-offer",
            icon=":material/content_paste:",
            help="Status, dates, evidence and board as sentences. Nothing is saved until you save it.",
            on_click=_take,
            args=(visit, draft, piece),
        )


def _take(visit: _Visit, draft: Draft, piece: Piece) -> None:
    keep_typed(draft)
    typed = str(draft.values.get("text", draft.starts.get("text", ""))).rstrip()
    text = piece.offer if not typed else typed if piece.offer in typed else f"{typed}\n\n{piece.offer}"
    # Another opening of the form with the same values: a field that is on the screen cannot be given another text.
    visit.drafts[piece.key] = Draft(
        draft.form, draft.reference, draft.version, starts=draft.starts, values={**draft.values, "text": text}
    )


def _show_others(visit: _Visit, piece: Piece, own: Sequence[Piece]) -> None:
    missing = sum(one.is_missing for one in own)
    st.header(
        "All texts" if not missing else f"{words.capitalised(words.counted(missing, 'text'))} to write",
        anchor=False,
    )
    with st.container(key="rows-texts", gap=None):
        for place, one in enumerate(own):
            is_open = one.key == piece.key
            with st.container(key=f"{'current' if is_open else 'row'}-text-{place}", gap=None):
                title = safe.text(one.title)
                st.button(
                    f"**{title}**" if is_open else title,
                    key=f"choose-text-{place}",
                    type="tertiary",
                    on_click=setattr,
                    args=(visit, "chosen", one.key),
                )
                number = f"{safe.text(one.ask.name)} · " if one.ask else ""
                st.caption(f"{number}{standing_markdown(one)}")


def standing_markdown(piece: Piece) -> str:
    """Return in Markdown whether a text is written, of what, by whom and when."""
    text = piece.stands
    if text is None or piece.is_missing:
        return ":orange[:material/edit: Not written yet]"
    of = f"{text.explains.word}: " if text.explains else ""
    by = f" by {safe.text(text.by_name)}" if text.by_name else ""
    return f":green[:material/check_circle: {of}written {dates.short_date(dates.london_day(text.recorded_at))}]{by}"


def show_versions(piece: Piece, *, key: str) -> None:
    """Show every version that there was, the newest first, folded."""
    versions = piece.versions
    if not versions or not versions[-1].by_name:
        return
    with st.expander(words.plural(len(versions), "version"), type="compact", key=f"versions-{key}"):
        for number, one in reversed(list(enumerate(versions, start=1))):
            of = f" · {one.explains.word}" if one.explains else ""
            st.caption(f"Version {number} · {safe.text(one.by_name)}, {moment(one.recorded_at)}{of}")
            st.markdown(safe.paragraphs(one.text) or "_Taken back._")


# Forms


def _text(piece: Piece, label: str, lines: int) -> Words:
    stands = piece.stands
    return Words(name="text", label=label, lines=lines, start=stands.text if stands else "")


def _explanation(piece: Piece) -> list[Field]:
    stands = piece.stands
    return [
        Pick(
            name="explains",
            label="What is done about it?",
            among=words_of(Explains),
            start=stands.explains if stands else None,
        ),
        _text(piece, "The action taken or proposed, or why there is none", _LINES_EXPLAINED),
    ]


COMMENTS: Final[Form[Piece]] = Form(
    key="write-comments",
    label="Write",
    permissions=frozenset({Permission.RESPOND, Permission.COMMENT_AS_CHIEF}),
    fits=lambda piece: piece.may_write,
    title=lambda piece: piece.title,
    fields=lambda piece: [_text(piece, "The comments, as they will be published", _LINES)],
    answers=(Answer("Save", responding.write_comments, "Saved as a version of its own."),),
)
EXPLANATION: Final[Form[Piece]] = Form(
    key="write-explanation",
    label="Write",
    permissions=frozenset({Permission.RESPOND}),
    fits=lambda piece: piece.may_write,
    title=lambda piece: piece.title,
    fields=_explanation,
    answers=(Answer("Save", responding.explain, "Saved as a version of its own."),),
)
