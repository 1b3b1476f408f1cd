"""The pack of a meeting: made on its button, taken away in three forms, published for ever, made again and compared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.domain.meetings import Meeting, Pack
from monitor.domain.questions import Question
from monitor.errors import MonitorError
from monitor.packs import publishing
from monitor.packs.publishing import MadeAgain, MadePack
from monitor.services.meetings import MeetingView
from monitor.services.packs import FORMS, MOST_ANNEXES, read_pack
from monitor.services.view import RegisterView
from monitor.settings import Settings
from monitor.store import Store
from monitor.ui import downloads, frame, safe, words
from monitor.ui.downloads import Download
from monitor.ui.fields import Several
from monitor.ui.filling import Answer, Form, open_draft, opened, show_draft
from monitor.ui.frame import Page
from monitor.ui.sessions import moment

LABELS: Final[Mapping[str, str]] = {"docx": "Word", "pdf": "PDF", "html": "Web page"}
LINES_SHOWN: Final = 40
SHORT: Final = 12

_KEPT: Final = "_pack"
_AGAIN: Final = "_pack_again"


@dataclass(frozen=True)
class _Kept:
    """
    The pack that somebody has made and may take away or publish.

    Attributes:
        actor: Who made it; nobody else is given it.
    """

    meeting_id: int
    actor: str
    made: MadePack


def show(
    page: Page, seen: MeetingView, view: RegisterView, questions: Sequence[Question], *, is_first: bool
) -> None:
    """
    Show what has been published for a meeting and, to whoever prepares it, the way to make and publish a pack.

    Args:
        view: The register that the pack is made from.
        questions: What is asked; the recommendations in them have a page of their own unless told.
        is_first: Making it is what the page is for now.
    """
    if not is_shown(page, seen):
        return
    st.header("The pack", anchor="pack")
    if _may_make(page, seen):
        _show_making(page, seen, view, questions, is_first=is_first)
    else:
        st.markdown("Everything above as one document, as it was published.")
    if seen.packs:
        _show_published(page, seen)


def is_shown(page: Page, seen: MeetingView) -> bool:
    """Tell whether there is anything to show: a published pack, or the way to make one."""
    return bool(seen.packs) or _may_make(page, seen)


def show_opened(page: Page, seen: MeetingView) -> None:
    """Show the form by which the made pack is published, where it is open."""
    kept = _kept(page, seen)
    if kept and _may_make(page, seen) and opened()[0] == PUBLISH.key:
        show_draft(OfPack(page, seen.meeting, kept.made), (PUBLISH,))


def offer_published(page: Page, meeting: Meeting, pack: Pack, *, key: str, label: str = "Download") -> None:
    """Show the button behind which a published pack can be taken away in each of its forms."""
    by, store = page.actor, page.store  # the file is read outside this run, where the page knows nobody
    files = {form: partial(_content, store, pack.id, form, by) for form in FORMS}
    note = f"Published on {moment(pack.recorded_at)} by {pack.by_name}, and kept as it was."
    downloads.offer(_downloads(meeting, files, key), key=f"pack-{key}", label=label, note=note)


def _content(store: Store, pack_id: int, form: str, by: Any) -> bytes:
    return read_pack(store, pack_id=pack_id, form=form, by=by)[1]


def _downloads(meeting: Meeting, files: Mapping[str, Callable[[], bytes]], key: str) -> list[Download]:
    stem = f"{meeting.kind.value}_{dates.iso(meeting.on)}"
    return [
        Download(LABELS[form], f"{stem}.{form}", make, key=f"{key}-{form}") for form, make in files.items()
    ]


def _may_make(page: Page, seen: MeetingView) -> bool:
    """Tell whether this person prepares the meeting, now."""
    needed = {Permission.RECORD_MEETING, Permission.EXPORT}
    return not page.is_past and needed <= seen.may and not seen.meeting.is_cancelled


# Making


def _show_making(
    page: Page, seen: MeetingView, view: RegisterView, questions: Sequence[Question], *, is_first: bool
) -> None:
    st.markdown(
        "Everything above as one document, with charts, definitions and a page for each recommendation that you "
        "choose. It is made for you alone until you publish it."
    )
    annex = _choose_annex(seen.meeting, view, questions)
    kept = _kept(page, seen)
    label = "Make the pack again" if kept else "Make the pack"
    is_next = is_first and not kept and not seen.packs
    if st.button(label, type="primary" if is_next else "secondary", key="make-pack"):
        _make(page, seen, annex)
    if kept:
        _show_made(seen, kept.made, view, is_first=is_first)


def _choose_annex(meeting: Meeting, view: RegisterView, questions: Sequence[Question]) -> tuple[str, ...]:
    titles = dict(zip(view.rows["reference"], view.rows["short_title"], strict=True))
    asked = dict.fromkeys(r for one in questions for r in one.references if r in titles)
    start = tuple(asked)[:MOST_ANNEXES]
    field = Several(
        name="annex",
        label=f"Which recommendations have a page of their own? At most {MOST_ANNEXES}.",
        among={reference: f"{reference} {title}" for reference, title in titles.items()},
    )
    # Another question asked, and what is proposed here is another choice.
    return tuple(field.show(f"annex-{meeting.id}-{'-'.join(start)}", start))


def _make(page: Page, seen: MeetingView, annex: Sequence[str]) -> None:
    refused = st.container()
    with st.status("Making the pack", expanded=False) as status:
        try:
            made = publishing.make_pack(
                page.store,
                meeting_id=seen.meeting.id,
                by=page.actor,
                settings=Settings.from_environment(),
                progress=lambda said: _told(status, f"{said} …"),
                annex=tuple(annex),
            )
        except MonitorError as problem:
            status.update(label="The pack is not made", state="error")
            with refused:
                frame.refuse(problem)
            return
        status.update(label="The pack is made", state="complete")
    st.session_state[_KEPT] = _Kept(seen.meeting.id, page.actor.id, made)
    st.rerun()


def _told(status: Any, said: str) -> None:
    status.update(label=said)


def _kept(page: Page, seen: MeetingView) -> _Kept | None:
    """Return the pack that this person has made and not published; nothing once it is."""
    kept: _Kept | None = st.session_state.get(_KEPT)
    if kept is None or (kept.meeting_id, kept.actor) != (seen.meeting.id, page.actor.id):
        return None
    is_out = any(pack.known_at == kept.made.facts.known_at for pack in seen.packs)
    return None if is_out else kept


def _show_made(seen: MeetingView, made: MadePack, view: RegisterView, *, is_first: bool) -> None:
    facts = made.facts
    with st.container(key="made-pack", gap="small"):
        st.markdown(
            f":green[:material/check_circle: Made on {moment(facts.known_at)}]: "
            f"{words.plural(len(facts.questions), 'question')}, {words.plural(len(facts.annex), 'page')} in detail. "
            "Look through it, then publish it."
        )
        if facts.view.version != view.version:
            st.markdown(
                ":orange[:material/history: Something was recorded since. Make it again to have that in it.]"
            )
        with st.container(horizontal=True, gap="small", key="made-files"):
            for form, content in made.files.items():
                one = _downloads(seen.meeting, {form: partial(_same, content)}, "made")[0]
                downloads.standing(one, key=f"made-{form}", icon=":material/download:")
        st.button(
            PUBLISH.label,
            type="primary" if is_first else "secondary",
            key=PUBLISH.key,
            on_click=open_draft,
            args=(PUBLISH.key, f"pack {seen.meeting.id}", None),
        )


def _same(content: bytes) -> bytes:
    return content


# Publishing


@dataclass(frozen=True)
class OfPack:
    """A pack that was made, and may be published."""

    page: Page
    meeting: Meeting
    made: MadePack

    @property
    def reference(self) -> str:
        """Return what tells it from everything else."""
        return f"pack {self.meeting.id}"

    @property
    def names(self) -> Mapping[str, Any]:
        """Return what is published: the pack as it was made and looked at."""
        return {"made": self.made}


def _meaning(subject: OfPack) -> None:
    known = moment(subject.made.facts.known_at)
    readers = "the force and the analysts" if subject.meeting.is_public else "the force"
    st.markdown(
        f"The pack of {known} is kept for ever, byte for byte, with that moment and a fingerprint. Nobody can "
        "change it or take it away; another one can be published after it."
    )
    st.markdown(f"From then on {readers} can read it here, with the questions as they now stand.")


PUBLISH: Final[Form[OfPack]] = Form(
    key="publish-pack",
    label="Publish this pack",
    permissions=frozenset({Permission.RECORD_MEETING}),
    fits=lambda _: True,
    title=lambda s: f"Publish the pack for {dates.long_date(s.meeting.on)}?",
    facts=_meaning,
    fields=lambda _: [],
    answers=(Answer("Publish it", publishing.publish_made, "Published. It is kept as it is."),),
)


def _show_published(page: Page, seen: MeetingView) -> None:
    st.subheader("Published", anchor=False)
    with st.container(key="rows-packs", gap=None):
        for place, pack in enumerate(reversed(seen.packs)):
            with st.container(key=f"row-pack-{place}"):
                _show_pack(page, seen, pack, place)


def _show_pack(page: Page, seen: MeetingView, pack: Pack, place: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container(gap=None):
            st.markdown(f"**{moment(pack.recorded_at)}**, by {safe.text(pack.by_name)}")
            st.caption(
                f"As at {dates.long_date(pack.as_at)}; what changed since {dates.long_date(pack.since_on)}. "
                f"Fingerprint {pack.content[:SHORT]}"
            )
        offer_published(page, seen.meeting, pack, key=f"published-{place}")
        if _may_make(page, seen):
            st.button(
                "Make it again and compare",
                type="tertiary",
                key=f"again-{place}",
                on_click=_ask_again,
                args=(pack.id,),
            )
    _show_again(page, pack)


def _ask_again(pack_id: int) -> None:
    st.session_state[_AGAIN] = (pack_id, None)


def _show_again(page: Page, pack: Pack) -> None:
    """Show how the published pack and the same made again differ, where that was asked for."""
    asked, again = st.session_state.get(_AGAIN) or (0, None)
    if asked != pack.id:
        return
    if again is None:
        with st.status("Making it again", expanded=False) as status:
            try:
                again = publishing.make_again(
                    page.store, pack_id=pack.id, by=page.actor, settings=Settings.from_environment()
                )
            except MonitorError as problem:
                status.update(label="It cannot be made again", state="error")
                frame.refuse(problem)
                st.session_state.pop(_AGAIN)
                return
            status.update(label="Made again and compared", state="complete")
        st.session_state[_AGAIN] = (pack.id, again)
    for line in compared(again):
        st.markdown(line)


def compared(again: MadeAgain) -> list[str]:
    """Return in Markdown whether a pack made again is the same, and every line that differs."""
    if not again.differences and not again.other_bytes:
        return [":green[:material/check_circle: Made again: the same, byte for byte.]"]
    if not again.differences:
        forms = words.listed([LABELS[form] for form in again.other_bytes])
        return [
            f":orange[:material/difference: Made again: every word is the same. {forms} are drawn otherwise by this "
            "release of the product.]"
        ]
    many = len(again.differences)
    shown = [
        f"- {'Published' if line.startswith('-') else 'Made again'}: {safe.text(line[1:].strip())}"
        for line in again.differences[:LINES_SHOWN]
    ]
    more = [f"- and {many - LINES_SHOWN:,} more"] if many > LINES_SHOWN else []
    verb = "differs" if many == 1 else "differ"
    said = f":orange[:material/difference: Made again: {words.plural(many, 'line')} {verb}.]"
    return [said, "\n".join([*shown, *more])]
