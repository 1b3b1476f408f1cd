"""The public site: what would change, the one who proposes it, the other one who lets it out, and what was let out before."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.access import OF_THE_FORCE, Actor, Permission
from monitor.domain.publications import Publications, SitePublication
from monitor.packs.site.publishing import (
    RowChange,
    SiteChanges,
    changes_now,
    changes_of,
    propose_site,
)
from monitor.services.site import approve_publication, read_publications
from monitor.services.view import RegisterView
from monitor.settings import Settings
from monitor.store import Store
from monitor.ui import safe, words
from monitor.ui.filling import Answer, Form, open_draft, show_draft
from monitor.ui.frame import Page
from monitor.ui.sessions import moment

PAGES_SHOWN: Final = 40
ROWS_SHOWN: Final = 60
_DEMONSTRATION: Final = " A demonstration is written as it is, whatever was approved."
_SITE: Final = "public site"


@dataclass(frozen=True)
class OfSite:
    """
    The public site as it is to be proposed or approved.

    Attributes:
        waiting: What was proposed and nobody has approved.
        changes: What the form at hand is about: of the proposal, or of the register as it is.
    """

    page: Page
    waiting: SitePublication | None
    changes: SiteChanges

    @property
    def reference(self) -> str:
        """Return what tells it from everything else: a proposal is approved as it was looked at."""
        return f"{_SITE} {self.waiting.id if self.waiting else ''}"

    @property
    def names(self) -> Mapping[str, Any]:
        """Return which proposal is meant."""
        return {"publication_id": self.waiting.id if self.waiting else 0}


def show(page: Page) -> None:
    """Show what waits, or what would change, and what was published."""
    if page.is_past:
        st.title("The public site is shown as it stands today.", anchor=False)
        st.markdown("Go back to today to see what would change on it.")
        return
    if not page.view.services:
        st.title("There is nothing to publish yet.", anchor=False)
        st.markdown(
            "The register has not begun. Once the office takes in a report, its public page can be made."
        )
        return
    known = read_publications(page.store, by=page.actor)
    waiting = known.waiting
    place = st.empty()
    place.skeleton(height=240)
    now = _now(page.store, page.actor, page.view)
    changes = _proposed(page.store, page.actor, waiting, known.approved) if waiting else now
    place.empty()
    subject = OfSite(page, waiting, changes)
    st.title(_finding(subject), anchor=False)
    _show_next(subject, now)
    with st.container(key="section-changes"):
        _show_changes(changes)
    with st.container(key="section-published"):
        _show_published(known)
    show_draft(subject, (PROPOSE, APPROVE))


# A view is another one after every change, so that the pages are made once for each.
@lru_cache(maxsize=2)
def _now(store: Store, by: Actor, view: RegisterView) -> SiteChanges:
    return changes_now(store, by=by, settings=Settings.from_environment())


@lru_cache(maxsize=4)
def _proposed(
    store: Store, by: Actor, publication: SitePublication, approved: SitePublication | None
) -> SiteChanges:
    return changes_of(store, publication=publication, by=by)


def _finding(subject: OfSite) -> str:
    changes = subject.changes
    if subject.waiting is not None:
        return "A publication waits for a second person."
    if changes.is_first:
        return "Nothing has been published yet."
    if changes.is_nothing:
        return "The public site says what the register says."
    number = len(changes.added) + len(changes.changed) + len(changes.gone)
    verb = "differs" if number == 1 else "differ"
    return f"{words.capitalised(words.counted(number, 'page'))} of the public site {verb} from the register."


# What can be done


def _show_next(subject: OfSite, now: SiteChanges) -> None:
    waiting, changes = subject.waiting, subject.changes
    if waiting is not None:
        st.markdown(
            f"{safe.text(waiting.by_name)} proposed it on {moment(waiting.recorded_at)}, as at "
            f"{dates.long_date(waiting.as_at)}. {_who_approves(subject)}"
        )
        if now != changes and not now.is_nothing:
            st.markdown(
                ":orange[:material/history: Something was recorded since. Propose it again to have that in it.]"
            )
    else:
        st.markdown("One person of the office proposes what is published, and another lets it out.")
    with st.container(horizontal=True, gap="small", key="publish-ways"):
        if APPROVE.fits(subject):
            _button(APPROVE, subject, "primary")
        if PROPOSE.fits(subject) and (waiting is None or now != changes):
            _button(PROPOSE, subject, "secondary" if waiting else "primary")
    st.caption(
        "An approved publication becomes files with `monitor publish DIR`, run where the register lies; copy that folder "
        f"to any web host.{_DEMONSTRATION if subject.page.is_demonstration else ''}"
    )


def _button(form: Form[OfSite], subject: OfSite, kind: Any) -> None:
    label = "Propose it again as it is now" if form is PROPOSE and subject.waiting else form.label
    st.button(label, type=kind, key=form.key, on_click=open_draft, args=(form.key, subject.reference, None))


def _who_approves(subject: OfSite) -> str:
    by = subject.page.actor
    if subject.waiting is not None and subject.waiting.by == by.id:
        return "You proposed it, so another person of the office approves it."
    if by.roles & OF_THE_FORCE:
        return "Somebody who works for the office alone approves it."
    return "Read what it changes, then let it out."


# What changes


def _show_changes(changes: SiteChanges) -> None:
    if changes.is_nothing:
        st.header("What would change", anchor=False)
        st.markdown("Nothing but the day. Nothing needs to be proposed.")
        return
    st.header("What it changes" if not changes.is_first else "What it holds", anchor=False)
    for told in changes.named:
        st.markdown(
            f":orange[:material/person_search: The name of somebody known to the register: {safe.text(told)}]"
        )
    for key, title, pages in (
        ("added", "page" if changes.is_first else "page added", changes.added),
        ("changed", "page changed", changes.changed),
        ("gone", "page gone", changes.gone),
    ):
        if pages:
            _show_pages(key, title, pages)
    if changes.rows and not changes.is_first:
        st.subheader("What is told of recommendations", anchor=False)
        _show_rows(changes.rows)


def _show_pages(key: str, title: str, pages: Mapping[str, str]) -> None:
    number = words.plural(len(pages), title, title.replace("page", "pages"))
    with st.expander(words.capitalised(number), type="compact", key=f"pages-{key}"):
        shown = sorted(pages.items())[:PAGES_SHOWN]
        lines = [f"- {safe.text(name)} :small[:gray[{safe.text(path)}]]" for path, name in shown]
        more = [f"- and {len(pages) - PAGES_SHOWN:,} more"] if len(pages) > PAGES_SHOWN else []
        st.markdown("\n".join([*lines, *more]))


def _show_rows(rows: tuple[RowChange, ...]) -> None:
    with st.container(key="rows-site", gap=None):
        for place, row in enumerate(rows[:ROWS_SHOWN]):
            with st.container(key=f"row-site-{place}", gap=None):
                st.markdown(f"**{safe.text(row.reference)}** {safe.text(row.title)}")
                before, after = safe.text(row.before) or "_nothing_", safe.text(row.after) or "_nothing_"
                st.caption(f"{safe.text(row.heading)}: {before} → {after}")
    if len(rows) > ROWS_SHOWN:
        st.caption(f"and {len(rows) - ROWS_SHOWN:,} more")


# What was let out


def _show_published(known: Publications) -> None:
    if not known.approvals:
        return
    st.header("What was published", anchor=False)
    by_number = {one.id: one for one in known.proposed}
    with st.container(key="rows-published", gap=None):
        for place, approval in enumerate(reversed(known.approvals)):
            proposed = by_number.get(approval.publication_id)
            if proposed is None:
                continue
            with st.container(key=f"row-published-{place}", gap=None):
                st.markdown(f"**As at {dates.long_date(proposed.as_at)}**")
                st.caption(
                    f"Proposed by {safe.text(proposed.by_name)}, {moment(proposed.recorded_at)} · approved by "
                    f"{safe.text(approval.by_name)}, {moment(approval.recorded_at)} · fingerprint {proposed.head[:12]}"
                )


# Forms


def propose(store: Store, *, publication_id: int, by: Actor) -> object:
    """Propose the site as it is now, in place of one that waits."""
    del publication_id  # a newer proposal takes the place of any
    return propose_site(store, by=by, settings=Settings.from_environment())


def _about_proposing(subject: OfSite) -> None:
    st.markdown(
        "Everything that is public on the register at this moment is proposed. Another person of the office reads what "
        "that changes and lets it out; until then nothing is published."
    )
    if subject.waiting:
        st.markdown("It takes the place of the proposal that waits.")


def _about_approving(subject: OfSite) -> None:
    changes = subject.changes
    st.markdown(
        f"It adds {words.plural(len(changes.added), 'page')}, changes {words.plural(len(changes.changed), 'page')} and "
        f"takes away {words.plural(len(changes.gone), 'page')}. Once the files are on the web host everybody can read them."
    )


PROPOSE: Final[Form[OfSite]] = Form(
    key="propose-site",
    label="Propose this publication",
    permissions=frozenset({Permission.PUBLISH_SITE}),
    fits=lambda s: s.waiting is not None or not s.changes.is_nothing,
    title=lambda _: "Propose what is published?",
    facts=_about_proposing,
    fields=lambda _: [],
    answers=(Answer("Propose it", propose, "Proposed. It waits for another person of the office."),),
)
APPROVE: Final[Form[OfSite]] = Form(
    key="approve-site",
    label="Approve this publication",
    permissions=frozenset({Permission.PUBLISH_SITE}),
    fits=lambda s: bool(
        s.waiting and s.waiting.by != s.page.actor.id and not s.page.actor.roles & OF_THE_FORCE
    ),
    title=lambda _: "Let this publication out?",
    facts=_about_approving,
    fields=lambda _: [],
    answers=(Answer("Approve it", approve_publication, "Approved. It can be written with monitor publish."),),
)
