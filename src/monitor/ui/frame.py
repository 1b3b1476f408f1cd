"""
The frame round every page: navigation, logo, stylesheet, and the line that says where and when we are.

A page begins with `page = frame.open_page(Permission.READ)` and shows its own content below.
The chosen day and, in a demonstration, the chosen person stand in the address of every page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from monitor import dates
from monitor.charts.theme import ThemeName
from monitor.domain.access import ALLOWED, Actor, Permission, Role
from monitor.errors import AccessError, MonitorError
from monitor.services.view import RegisterView, register_view
from monitor.store import Store
from monitor.ui import safe, session, words

NAME: Final = "Recommendations monitor"
AS_AT: Final = "as_at"
ACTING: Final = "acting"
FIRST_DAY: Final = date(2000, 1, 1)

_HERE: Final = Path(__file__).parent
_STYLESHEET: Final = _HERE / "style.css"
_ICON: Final = _HERE / "icon.svg"
# A link button of Streamlit's opens another tab, and the one in which somebody signs out would stay as it is.
_SIGN_IN: Final = _HERE / "sign_in.html"
_SIGN_OUT: Final = _HERE / "sign_out.html"
_LOGOS: Final = {theme: _HERE / f"logo-{theme}.svg" for theme in ("light", "dark")}


@dataclass(frozen=True)
class Listed:
    """
    One page of the product, as `dashboard.py` lists them.

    Attributes:
        name: The file in `pages/` and the address: `register` is `pages/register.py` at `/register`.
        in_menu: False for a page that is only reached by a link.
    """

    name: str
    title: str
    permission: Permission
    in_menu: bool = True


@dataclass(frozen=True)
class Page:
    """
    What a page needs to know before it shows anything.

    Attributes:
        known: Who opened it, as they were then.
        as_at: The day shown; `today` unless the reader chose a past one.
        store: The register, as `monitor.services` takes it.
        place: The service, or how many there are.
    """

    known: Actor
    as_at: date
    today: date
    store: Store
    is_demonstration: bool
    place: str
    _line: DeltaGenerator = field(repr=False, compare=False)
    _kept: Mapping[str, str] = field(repr=False, compare=False)
    _targets: Mapping[str, st.Page] = field(repr=False, compare=False)

    _run: object = field(default=None, repr=False, compare=False)
    _sign_in: str = field(default="", repr=False, compare=False)

    @property
    def actor(self) -> Actor:
        """
        Return who acts, asked for again where this is not the run that made the page.

        A form, a menu or a list that is run again alone keeps the page it was made with: what was withdrawn
        meanwhile is gone with this click too, and where the sign-in has ended the whole page says so.

        Raises:
            AccessError: where the sign-in has ended and nothing can be run again.
        """
        if session.this_run() is self._run:
            return self.known
        found = session.still(self.known, self._sign_in)
        if found is None:
            st.rerun()
            raise AccessError("This sign-in has ended. Sign in again.")
        return found

    @property
    def is_past(self) -> bool:
        """Tell whether a past day is shown, as it was then known."""
        return self.as_at != self.today

    @property
    def theme(self) -> ThemeName:
        """Return "light" or "dark": part of the key of every cached figure."""
        return theme()

    @property
    def view(self) -> RegisterView:
        """Return the register as this reader may see it on the chosen day; asking again costs little."""
        return register_view(self.store, by=self.actor, as_at=self.as_at if self.is_past else None)

    def may(self, permission: Permission) -> bool:
        """Tell whether a form is worth showing; today's register alone can be changed."""
        return not self.is_past and self.actor.may(permission)

    def say_where(self, *parts: str) -> None:
        """Say in the gray first line where we are, in place of the service: reference, kind, report."""
        _where(self._line, parts)

    def params(self, **more: str) -> dict[str, str]:
        """Return the address parameters of a link to another page, with the chosen day and person kept."""
        return {**self._kept, **more}

    def link(self, to: str, label: str, *, strong: bool = False, **params: str) -> None:
        """
        Show a link to a page of the product, with the chosen day kept.

        Args:
            to: The page's name ("recommendation").
            label: The words of the link as they were stored; they are shown as text.
            strong: True for a title in a list, and for the one that is being shown.
            params: What the address says besides, such as `ref="CC-036"`.
        """
        shown = f"**{safe.text(label)}**" if strong else safe.text(label)
        # Given the page itself, Streamlit need not look for its file: a long list of links costs half.
        st.page_link(self._targets.get(to, f"pages/{to}.py"), label=shown, query_params=self.params(**params))

    def go(self, to: str, **params: str) -> NoReturn:
        """Leave for another page of the product, from a button: what is typed on this one arrives with the click."""
        st.switch_page(self._targets.get(to, f"pages/{to}.py"), query_params=self.params(**params))


def run(listed: Sequence[Listed], *, folder: str = "pages") -> None:
    """
    Run the page that the address names inside the frame; the whole of `dashboard.py`.

    Args:
        folder: Where the pages are, beside the entry script.
    """
    st.set_page_config(page_title=NAME, page_icon=str(_ICON), layout="wide")
    st.html(_STYLESHEET)
    st.logo(str(_LOGOS[theme()]), size="medium")
    with problems_in_words():
        served = st.session_state["_served"] = session.register()
        actor = _current_actor(_people_or_stop(served))
        targets = {
            # A page that this person may not open keeps its address, so that it can say who may.
            page.name: st.Page(
                f"{folder}/{page.name}.py",
                title=page.title,
                icon="",
                url_path=page.name,
                default=place == 0,
                visibility="visible" if page.in_menu and actor.may(page.permission) else "hidden",
            )
            for place, page in enumerate(listed)
        }
        st.session_state["_targets"] = targets
        chosen = st.navigation(list(targets.values()), position="top")
        name_tab(chosen.title)
        _note_page(chosen.url_path)
        chosen.run()


def name_tab(title: str) -> None:
    """Name the browser's tab, its bookmark and its history after what the page shows."""
    st.set_page_config(page_title=f"{title} · {NAME}")


def open_page(permission: Permission) -> Page:
    """
    Show the first line and return what the page needs; where it is not permitted, say so and stop.

    Every page asks for its own permission: Streamlit can run a file in `pages/` without
    `dashboard.py`, and then nobody else has asked.
    """
    # Asked for once a run: by `run`, or here when the page runs alone.
    served: session.Register = st.session_state.pop("_served", None) or session.register()
    people = _people_or_stop(served)
    actor, as_at = _current_actor(people), _current_day(served.today)
    _keep(ACTING, None if actor == people[0] else actor.id)
    _keep(AS_AT, None if as_at == served.today else dates.iso(as_at))
    # A link from a page to itself leaves the browser's address as it was, and a reload would go back to it.
    st.query_params.from_dict({name: st.query_params.get_all(name) for name in st.query_params})
    # The outer key tells the stylesheet the theme, for dialogs and popovers, which stand outside the app.
    with (
        st.container(key=f"in-{theme()}"),
        st.container(key="first-line", horizontal=True, vertical_alignment="center", gap="medium"),
    ):
        line = st.empty()
        if len(people) > 1:
            _offer_people(people, actor)
        if session.is_signed_in():
            _offer_account(actor)
        _offer_day(as_at, served.today)
    page = Page(
        known=actor,
        as_at=as_at,
        today=served.today,
        store=served.store,
        is_demonstration=served.is_demonstration,
        place=served.place,
        _line=line,
        _kept=dict(_carried().values),
        _targets=st.session_state.get("_targets", {}),
        _run=session.this_run(),
        _sign_in=session.this_sign_in(),
    )
    if session.is_signed_in() and not actor.roles:
        _where(line, [NAME])
        nothing_granted(actor)
    _where(line, [served.place or NAME, "demonstration register" if served.is_demonstration else ""])
    if not actor.may(permission):
        not_permitted(permission)
    return page


def _people_or_stop(served: session.Register) -> Sequence[Actor]:
    """Return whom the visitor may act as; where the sign-in has ended, say so and show nothing else."""
    people = session.people(served)
    if not people:
        with st.container(key=f"in-{theme()}"):
            st.title("You are signed out", anchor=False)
            st.markdown("This sign-in has ended. Nothing more is shown until you sign in again.")
            st.html(_SIGN_IN)
        st.stop()
    return people


def not_permitted(permission: Permission) -> None:
    """Say whom the page is for and whom to ask, and stop the page."""
    st.title(f"This page is for {words.listed(_those_with(permission))}", anchor=False)
    st.markdown("You can read every other page in the menu. Ask the office if you should have this one.")
    st.stop()


def nothing_granted(actor: Actor) -> None:
    """Say to somebody who was never here, or has nothing left, what happens next, and stop the page."""
    st.title("You are signed in, and see nothing yet", anchor=False)
    st.markdown(
        f"Ask the administrator to grant something to **{safe.text(actor.name)}**. It holds from your next click on."
    )
    st.stop()


def empty(title: str, way_out: str) -> None:
    """Say in a heading that there is nothing, and in one sentence what to do next."""
    st.header(title, anchor=False)
    st.markdown(way_out)


def refuse(problem: MonitorError) -> None:
    """Show a refusal as one red line with what would be right; the place is where it is called."""
    st.markdown(f":red[:material/error: {safe.text(problem.message)}]")


class problems_in_words:  # noqa: N801 - read as a phrase: with problems_in_words()
    """Turn a refusal that no page expected into one line for the reader; anything else goes on."""

    def __enter__(self) -> None:
        """Nothing is prepared."""

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, _: object) -> bool:
        """Show the message of a `MonitorError` and swallow it."""
        if isinstance(problem, MonitorError):
            refuse(problem)
            return True
        return False


def theme() -> ThemeName:
    """Return which of the two themes the reader sees."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _where(line: DeltaGenerator, parts: Sequence[str]) -> None:
    line.caption(" · ".join(safe.text(part) for part in parts if part))


def _those_with(permission: Permission) -> list[str]:
    """Return the roles that hold a permission, as a page title names them."""
    holders = [role for role in Role if permission in ALLOWED[role]]
    force = {Role.FORCE_EDITOR, Role.FORCE_APPROVER}
    if force.issuperset(holders):
        return ["the force"]
    return [f"the {role.word.lower()}" for role in holders]


# The day and the person are carried from page to page. Streamlit clears the address when the menu is
# used, and its own binding of a field to the address loses the value then; so the address is read
# here, kept for the session, and completed after a change of page. Where the reader chose on the
# page itself the address rules, so that the browser's back button undoes the choice.


@dataclass
class _Carried:
    """What one visit carries: the values, the page last shown, and which values we completed there."""

    values: dict[str, str] = field(default_factory=dict)
    page: str | None = None
    completed: set[str] = field(default_factory=set)


def _carried() -> _Carried:
    found: _Carried = st.session_state.setdefault("_carried", _Carried())
    return found


def _note_page(address: str) -> None:
    carried = _carried()
    if carried.page != address:
        carried.page = address
        carried.completed = set(carried.values)


def _keep(name: str, value: str | None) -> None:
    """Keep a value, in the session and in the address; None is the default, which stands in neither."""
    values = _carried().values
    if value is None:
        values.pop(name, None)
        if name in st.query_params:
            del st.query_params[name]
    else:
        values[name] = value
        if st.query_params.get(name) != value:
            st.query_params[name] = value


def _choose(name: str, value: str | None) -> None:
    """Keep what the reader has just chosen on this page."""
    _carried().completed.discard(name)
    _keep(name, value)


def _current_day(today: date) -> date:
    carried = _carried()
    asked = st.query_params.get(AS_AT)
    if asked is None and AS_AT in carried.completed:
        asked = carried.values.get(AS_AT)
    try:
        day = date.fromisoformat(asked or "")
    except ValueError:
        return today
    return day if FIRST_DAY <= day <= today else today


def _current_actor(people: Sequence[Actor]) -> Actor:
    asked = st.query_params.get(ACTING, _carried().values.get(ACTING))
    return next((one for one in people if one.id == asked), people[0])


def _offer_day(as_at: date, today: date) -> None:
    shown = f"As at {dates.long_date(as_at)}"
    is_past = as_at != today
    label = f":orange-badge[:material/history: {shown}, as it was then known]" if is_past else shown
    icon = None if is_past else ":material/calendar_today:"
    with st.popover(label, type="tertiary", icon=icon, wrap=True, key="as-at"):
        st.session_state["_day"] = as_at
        st.date_input(
            "Show the register as at",
            min_value=FIRST_DAY,
            max_value=today,
            format="DD/MM/YYYY",
            key="_day",
            on_change=_choose_day,
            args=(today,),
        )
        st.caption("A past day shows what was known on that day. Nothing can be changed on it.")
        if is_past:
            st.button("Back to today", on_click=_choose, args=(AS_AT, None))


def _choose_day(today: date) -> None:
    day = st.session_state["_day"]
    if day is not None:
        _choose(AS_AT, None if day == today else dates.iso(day))


def _offer_people(people: Sequence[Actor], actor: Actor) -> None:
    by_id = {one.id: one for one in people}
    with st.popover(
        f"Acting as {safe.text(_described(actor))} (demonstration)", type="tertiary", key="acting-as"
    ):
        st.session_state["_person"] = actor.id
        st.radio(
            "Act as",
            list(by_id),
            format_func=lambda one: safe.text(_described(by_id[one])),
            captions=[safe.text(one.title) for one in people],
            key="_person",
            on_change=_choose_person,
            args=(people[0].id,),
        )
        st.caption("Only the demonstration lets you change who you are.")


def _offer_account(actor: Actor) -> None:
    # Side by side in the line, not in a popover: what lies in one comes after the whole page for the Tab key.
    target = st.session_state.get("_targets", {}).get("account")
    if target is not None and actor.may(Permission.READ):
        st.page_link(target, label=safe.text(actor.name), icon=":material/person:", width="content")
    else:
        st.markdown(f":material/person: {safe.text(actor.name)}", width="content")
    offer_to_sign_out()


def offer_to_sign_out() -> None:
    """Show the button that ends this sign-in, in this tab; a form of another site cannot press it."""
    st.html(_SIGN_OUT, width="content")


def _choose_person(first: str) -> None:
    person = str(st.session_state["_person"])
    _choose(ACTING, None if person == first else person)


def _described(actor: Actor) -> str:
    return f"{actor.name}, {actor.role.word.lower()}"
