"""
The two forms by which the office takes in a report and its recommendations, each in a dialog.

What was typed stays in its fields until it is saved or left; a refusal stands above them. A deadline
is read as it is typed: the date read is a proposal with its rule, which the person confirms by saving
or puts right.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.domain.deadlines import DeadlineReading, read_deadline
from monitor.domain.inspections import Inspection
from monitor.domain.record import SHORT_TITLE_MAX, Record
from monitor.domain.statuses import Applicability, Kind, Precision, Programme, SetBy
from monitor.errors import MonitorError, RuleError
from monitor.services import filters, intake
from monitor.services.reports import (
    addressees,
    causes_of_concern,
    next_reference,
    publishers,
    usual_applicability,
)
from monitor.services.view import RegisterView
from monitor.ui import frame, safe, words
from monitor.ui.fields import DATE_FORMAT, Lines, Pick, Words, words_of
from monitor.ui.filling import DIALOG_WIDTH
from monitor.ui.frame import Page

TITLE_MAX: Final = 300
"""A longer title would not fit into the address of a link to the report's own rows."""

_FIRST_YEAR: Final = 1990
_FIRST_DAY, _LAST_DAY = date(_FIRST_YEAR, 1, 1), date(2100, 12, 31)
_KNOWN: Final = {
    Precision.DAY: "The day",
    Precision.MONTH: "Only the month",
    Precision.YEAR: "Only the year",
    Precision.UNKNOWN: "Not stated",
}
_SCOPES: Final = {True: "National", False: "Of this service"}
_CARRIED: Final = ("kind", "addressees", "applicability")
"""What the next recommendation of the same report begins with."""

_OPEN: Final = "_taking_in"
_SAID: Final = "_taken_in"
_numbers: Final = itertools.count(1)


@dataclass
class Opening:
    """
    One opening of a form.

    Attributes:
        report: Number of the report to which a recommendation is added; None where a report is taken in.
        starts: Values that some fields begin with.
    """

    report: int | None = None
    starts: Mapping[str, Any] = field(default_factory=dict)
    number: int = field(default_factory=lambda: next(_numbers))
    problem: MonitorError | None = None

    def key(self, name: str) -> str:
        """Return the key of a field of this opening."""
        return f"{name}-take-{self.number}"

    def value(self, name: str) -> Any:
        """Return what a field holds now."""
        return st.session_state.get(self.key(name))


@dataclass(frozen=True)
class _Button:
    """One button that saves, and what stands open after it."""

    label: str
    then: Callable[[Any], Opening | None]


def report_button() -> None:
    """Show the button that opens the form for a report."""
    st.button(
        "Take in a report",
        type="primary",
        icon=":material/add:",
        key="take-in-report",
        on_click=_open,
        args=(None,),
    )


def recommendation_button(report: Inspection) -> None:
    """Show the button that opens the form for a recommendation of a report."""
    st.button(
        "Add a recommendation",
        type="tertiary",
        icon=":material/add:",
        key=f"add-to-{report.id}",
        on_click=_open,
        args=(report.id,),
    )


def _open(report: int | None) -> None:
    st.session_state[_OPEN] = Opening(report)


def leave() -> None:
    """Forget the open form, if there is one."""
    st.session_state.pop(_OPEN, None)


def say_saved() -> None:
    """Say what has just been saved, once."""
    said = st.session_state.pop(_SAID, "")
    if said:
        st.toast(said, icon=":material/check:")


def show_form(page: Page, view: RegisterView) -> None:
    """Show the open form, if there is one, over the page."""
    opening: Opening | None = st.session_state.get(_OPEN)
    if opening is None:
        return
    # Not dismissible by a click beside it or by Escape: a long text would be lost.
    if opening.report is None:
        dialog = st.dialog("Take in a report", width=DIALOG_WIDTH, dismissible=False)
        dialog(_take_in_report)(page, view, opening)
    elif opening.report in view.inspections:
        dialog = st.dialog("Add a recommendation", width=DIALOG_WIDTH, dismissible=False)
        dialog(_take_in_recommendation)(page, view, opening, view.inspections[opening.report])
    else:
        leave()


def _take_in_report(page: Page, view: RegisterView, opening: Opening) -> None:
    above = st.container(key=opening.key("refused"))
    given = _ask_report(page, view, opening)

    def save() -> tuple[Inspection, str]:
        report = intake.take_in_report(page.store, by=page.actor, **_checked_report(given))
        return report, "Report taken in. Its recommendations can follow."

    _finish(
        opening,
        above,
        save,
        _Button("Take in", lambda _: None),
        _Button("Take in, then add a recommendation", lambda report: Opening(report.id)),
    )


def _take_in_recommendation(page: Page, view: RegisterView, opening: Opening, report: Inspection) -> None:
    above = st.container(key=opening.key("refused"))
    st.caption(safe.text(f"{report.title} · {report.published_words}"))
    given = _ask_recommendation(view, opening, report)

    def save() -> tuple[Record, str]:
        record = intake.take_in_recommendation(
            page.store, inspection_id=report.id, by=page.actor, **_checked_recommendation(given)
        )
        return record, safe.text(f"{record.reference} is on the register: {record.short_title}.")

    carried = {name: given[name] for name in _CARRIED}
    _finish(
        opening,
        above,
        save,
        _Button("Save and add another", lambda _: Opening(report.id, carried)),
        _Button("Save and finish", lambda _: None),
    )


def _finish(
    opening: Opening, above: Any, save: Callable[[], tuple[Any, str]], first: _Button, second: _Button
) -> None:
    """Show the buttons and do what the pressed one says; a refusal stands above the fields."""
    with st.container(horizontal=True, gap="small"):
        is_first = st.button(first.label, type="primary", key=opening.key("save-first"))
        is_second = st.button(second.label, key=opening.key("save-second"))
        left = st.button("Cancel", type="tertiary", key=opening.key("leave"))
    if left:
        leave()
        st.rerun()
    chosen = first if is_first else second if is_second else None
    if chosen is not None and _save(opening, save, chosen):
        st.rerun()
    if opening.problem is not None:
        with above:
            frame.refuse(opening.problem)


def _save(opening: Opening, save: Callable[[], tuple[Any, str]], chosen: _Button) -> bool:
    """Save once and note what stands open next. Between the two, nothing may stop the run: no call to Streamlit."""
    if st.session_state.get(_OPEN) is not opening:
        return True  # a second click on a form that is already saved
    try:
        saved, said = save()
    except MonitorError as problem:
        opening.problem = problem
        return False
    following = chosen.then(saved)
    if following is None:
        st.session_state.pop(_OPEN, None)
    else:
        st.session_state[_OPEN] = following
    st.session_state[_SAID] = said
    return True


# A report


def _ask_report(page: Page, view: RegisterView, opening: Opening) -> dict[str, Any]:
    """Show the fields of a report, and return what they hold by the names of `Inspection`."""
    key = opening.key
    services = [name for name in view.services if page.actor.may(Permission.TAKE_IN, name)]
    given: dict[str, Any] = {
        "title": Words(name="title", label="Title, as printed", lines=2).show(key("title"), "")
    }
    known = publishers(view)
    given["publishers"] = tuple(
        st.multiselect(
            "Published by",
            known,
            known[:1],
            accept_new_options=True,
            select_all=False,
            placeholder="Choose or type a name",
            key=key("publishers"),
            on_change="ignore",
        )
    )
    programme = Pick(name="programme", label="Programme", among=words_of(Programme))
    given["programme"] = programme.show(key("programme"), None)
    given["is_national"] = Pick(
        name="is_national", label="National, or of this service?", among=_SCOPES
    ).show(key("scope"), None)
    given["service"] = services[0] if services else ""
    if len(services) > 1:
        which = Pick(name="service", label="Service", among={name: name for name in services})
        given["service"] = which.show(key("service"), None)
    given["published_on"], given["published_precision"] = _ask_published(page, opening)
    source = Words(name="published_source", label="Where was the day of publication found?", lines=1)
    given["published_source"] = source.show(key("source"), "")
    given["link"] = Words(name="link", label="Link to the report, if you have it", lines=1).show(
        key("link"), ""
    )
    findings = Lines(name="key_findings", label="Key findings, one a line", lines=5)
    given["key_findings"] = findings.show(key("findings"), ())
    with st.expander("Number of recommendations and grades, if it states any"):
        given |= _ask_stated(view, opening)
    with st.expander("Who may not see it yet"):
        given |= _ask_held_back(opening)
    return given


def _ask_published(page: Page, opening: Opening) -> tuple[date | None, Precision]:
    """Ask how exactly the day of publication is known, and for no more than that."""
    key = opening.key
    known = st.segmented_control(
        "What is known of the day of publication?",
        list(_KNOWN),
        default=Precision.DAY,
        format_func=lambda precision: _KNOWN[precision],
        required=True,
        key=key("precision"),
    )
    match known:
        case Precision.DAY:
            return _ask_day("Published on", key("published")), Precision.DAY
        case Precision.MONTH:
            left, right = st.columns(2)
            with left:
                months = dict(enumerate(dates.MONTHS, start=1))
                month = Pick(name="month", label="Month", among=months).show(key("month"), None)
            with right:
                year = _ask_year(page, key("month-year"))
            return (dates.month_end(year, month) if month and year else None), Precision.MONTH
        case Precision.YEAR:
            year = _ask_year(page, key("year"))
            return (date(year, 12, 31) if year else None), Precision.YEAR
    st.caption("No last day to respond can be told until the day is known.")
    return None, Precision.UNKNOWN


def _ask_day(label: str, key: str, on_change: Any = "ignore") -> date | None:
    given = st.date_input(
        label,
        None,
        min_value=_FIRST_DAY,
        max_value=_LAST_DAY,
        format=DATE_FORMAT,
        key=key,
        on_change=on_change,
    )
    return given if isinstance(given, date) else None


def _ask_year(page: Page, key: str) -> int | None:
    year: int | None = st.number_input(
        "Year",
        min_value=_FIRST_YEAR,
        max_value=page.today.year + 1,
        value=page.today.year,
        step=1,
        key=key,
        on_change="ignore",
    )
    return year


def _ask_stated(view: RegisterView, opening: Opening) -> dict[str, Any]:
    key = opening.key
    count: int | None = st.number_input(
        "How many recommendations it states",
        min_value=0,
        max_value=9_999,
        value=None,
        step=1,
        key=key("stated"),
        on_change="ignore",
    )
    to = Words(name="stated_addressees", label="Whom they are for, as printed", lines=1)
    addressed = to.show(key("stated-to"), "")
    whom = st.selectbox(
        "For whom those are that are not listed",
        list(Applicability),
        index=None,
        format_func=lambda member: member.word,
        placeholder="Not said",
        key=key("stated-for"),
        on_change="ignore",
    )
    grades = Lines(name="grades", label="Grades, one a line, as in “Legitimacy: Good”", lines=4)
    return {
        "stated_count": count,
        "stated_addressees": addressed,
        "stated_applicability": whom,
        "grades": grades.show(key("grades"), ()),
        "embeds": st.selectbox(
            "Report whose response stands inside the response to this one",
            list(view.inspections),
            index=None,
            format_func=lambda number: view.inspections[number].title,
            placeholder="None",
            key=key("embeds"),
            on_change="ignore",
        ),
    }


def _ask_held_back(opening: Opening) -> dict[str, Any]:
    key = opening.key
    restricted = st.checkbox("For the office only", key=key("restricted"), on_change="ignore")
    embargo = st.datetime_input(
        "Embargoed until, in London",
        None,
        min_value=datetime(_FIRST_YEAR, 1, 1),  # noqa: DTZ001 - the field knows no time zone
        max_value=datetime(2100, 12, 31),  # noqa: DTZ001
        format=DATE_FORMAT,
        key=key("embargo"),
        on_change="ignore",
    )
    st.caption("Until then only the office can know of the report and of what it holds.")
    return {
        "is_restricted": restricted,
        "embargo_until": embargo.replace(tzinfo=dates.LONDON) if embargo else None,
    }


def _checked_report(given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what is sent to the service.

    Raises:
        RuleError: for what the form asks for and the register alone would not miss.
    """
    for name, label in (
        ("programme", "Programme"),
        ("is_national", "National, or of this service?"),
        ("service", "Service"),
    ):
        if given[name] is None:
            raise RuleError(f'"{label}" is still empty. Choose one, then save again.')
    title = " ".join(given["title"].split())
    if len(title) > TITLE_MAX:
        raise RuleError(
            f"The title has {len(title):,} characters. It can have {TITLE_MAX}: leave out the subtitle."
        )
    if given["published_precision"] is not Precision.UNKNOWN and given["published_on"] is None:
        raise RuleError('Give the day, month or year of publication, or choose "Not stated".')
    if not given["publishers"]:
        raise RuleError("Name at least one publisher.")
    return {**given, "title": title, "grades": tuple(_grade(line) for line in given["grades"])}


def _grade(line: str) -> tuple[str, str]:
    question, colon, grade = (part.strip() for part in line.rpartition(":"))
    if not (question and colon and grade):
        raise RuleError(
            f'The grade "{line}" has no question before a colon. Write it as in "Legitimacy: Good", one a line.'
        )
    return question, grade


# A recommendation


def _ask_recommendation(view: RegisterView, opening: Opening, report: Inspection) -> dict[str, Any]:
    """Show the fields of a recommendation, and return what they hold by the names of its service."""
    key, starts = opening.key, opening.starts
    given: dict[str, Any] = {}
    with st.grid(columns=3, min_column_width=150):
        given["reference"] = Words(name="reference", label="Our reference", lines=1).show(
            key("reference"), next_reference(view, report.service)
        )
        given["number"] = Words(name="number", label="Number in the report", lines=1).show(key("number"), "")
        given["external_reference"] = Words(name="external", label="Inspectorate’s number", lines=1).show(
            key("external"), ""
        )
    given["kind"] = Pick(name="kind", label="Kind", among=words_of(Kind)).show(
        key("kind"), starts.get("kind", Kind.RECOMMENDATION)
    )
    given["short_title"] = _ask_short_title(opening)
    given["text"] = st.text_area(
        "Text, as printed",
        key=key("text"),
        height=172,
        on_change=_read_text,
        args=(opening, report),
    )
    with st.expander("Lead-in and parts, if it has any"):
        lead_in = Words(name="lead_in", label="Lead-in to its parts", lines=1)
        given["lead_in"] = lead_in.show(key("lead-in"), "")
        given["parts"] = Lines(name="parts", label="Parts, one a line", lines=3).show(key("parts"), ())
    _ask_for_whom(view, opening, report, given)
    causes = causes_of_concern(view, report)
    given["parent"] = ""
    if causes:
        given["parent"] = (
            st.selectbox(
                "Cause of concern it stands under, if any",
                list(causes),
                index=None,
                format_func=lambda reference: f"{reference} {causes[reference]}",
                placeholder="None",
                key=key("parent"),
                on_change="ignore",
            )
            or ""
        )
    _ask_target(opening, report, given)
    _ask_who_does_it(view, opening, given)
    closure = Words(name="closure_test", label="Closure test: what will show that it is met", lines=3)
    given["closure_test"] = closure.show(key("closure-test"), "")
    return given


def _ask_short_title(opening: Opening) -> str:
    with st.container(gap="xsmall"):
        title = (
            st.text_input("Short title", key=opening.key("short-title"), live=True, autocomplete="off") or ""
        )
        length = len(" ".join(title.split()))
        said = f"{length} of {SHORT_TITLE_MAX} characters"
        st.caption(said if length <= SHORT_TITLE_MAX else f":red[:material/error: {said}: shorten it]")
    return title


def _ask_for_whom(view: RegisterView, opening: Opening, report: Inspection, given: dict[str, Any]) -> None:
    key, starts = opening.key, opening.starts
    known = list(dict.fromkeys([*starts.get("addressees", ()), *addressees(view)]))
    given["addressees"] = tuple(
        st.multiselect(
            "Addressed to, as printed",
            known,
            list(starts.get("addressees", ())),
            accept_new_options=True,
            select_all=False,
            placeholder="Choose or type a name",
            key=key("addressees"),
            on_change="ignore",
        )
    )
    members = list(Applicability)
    given["applicability"] = st.selectbox(
        "For whom it is",
        members,
        index=members.index(starts.get("applicability", usual_applicability(report))),
        format_func=lambda member: member.word,
        key=key("applicability"),
        on_change="ignore",
    )
    why = Words(name="applicability_reason", label="Why, in a sentence", lines=1)
    given["applicability_reason"] = why.show(key("why"), "")


def _ask_target(opening: Opening, report: Inspection, given: dict[str, Any]) -> None:
    """Ask for the printed phrase, show how it is read, and ask for the date in force."""
    key = opening.key
    with st.container(gap="xsmall"):
        phrase = (
            st.text_input(
                "Target date, as printed",
                key=key("phrase"),
                on_change=_read_phrase,
                args=(opening, report),
                autocomplete="off",
            )
            or ""
        )
        reading = _reading(phrase, report) if phrase.strip() else None
        if reading is not None:
            st.caption(_reading_words(reading))
    with st.grid(columns=2, min_column_width=220):
        due = _ask_day("Target date, if there is one", key("due"), on_change="rerun")
        st.session_state.setdefault(key("due-precision"), Precision.DAY)
        exact = st.segmented_control(
            "How exactly it is printed",
            [Precision.DAY, Precision.MONTH, Precision.YEAR],
            format_func=lambda member: words.capitalised(member.word),
            key=key("due-precision"),
            on_change="ignore",
        )
    if reading is not None and due is None:
        st.caption("Without a date no target is set. The words are kept as printed.")
    elif reading is not None and reading.due is not None and due != reading.due:
        st.caption("Your date is kept, with the phrase as printed beside it.")
    among = {member: words.capitalised(member.word) for member in SetBy}
    given["due_set_by"] = Pick(name="set_by", label="Who set it", among=among).show(
        key("set-by"), SetBy.INSPECTORATE
    )
    given["due_on"], given["due_precision"] = due, exact or Precision.DAY
    given["due_phrase"] = phrase
    given["due_rule"] = reading.rule if reading is not None and due == reading.due else ""
    when = Words(name="assessed_when", label="When the inspectorate will look at it, if it says so", lines=1)
    given["assessed_when"] = when.show(key("assessed"), "")


def _reading(phrase: str, report: Inspection) -> DeadlineReading:
    return read_deadline(
        phrase, published=report.published_on, published_precision=report.published_precision
    )


def _reading_words(reading: DeadlineReading) -> str:
    read = f"Read as **{dates.long_date(reading.due)}**" if reading.due else "**No date** is read"
    return f"{read}, by the rule *{safe.text(reading.rule)}*. {safe.text(reading.note)}"


def _read_text(opening: Opening, report: Inspection) -> None:
    """Propose the deadline that the printed text holds, where none has been given yet."""
    reading = _reading(opening.value("text") or "", report)
    if reading.assessed_when and not opening.value("assessed"):
        st.session_state[opening.key("assessed")] = reading.assessed_when
    if reading.phrase and not opening.value("phrase") and opening.value("due") is None:
        st.session_state[opening.key("phrase")] = reading.phrase
        _propose(opening, _reading(reading.phrase, report))


def _read_phrase(opening: Opening, report: Inspection) -> None:
    """Propose the date that the phrase gives, in place of the one read before."""
    _propose(opening, _reading(opening.value("phrase") or "", report))


def _propose(opening: Opening, reading: DeadlineReading) -> None:
    st.session_state[opening.key("due")] = reading.due
    if reading.due is not None:
        st.session_state[opening.key("due-precision")] = reading.precision


def _ask_who_does_it(view: RegisterView, opening: Opening, given: dict[str, Any]) -> None:
    known = filters.choices(view)
    with st.grid(columns=2, min_column_width=220):
        for name, label in (("owner", "Owner"), ("executive_lead", "Executive lead"), ("board", "Board")):
            given[name] = _ask_name(label, known[name], opening.key(name))
        given["themes"] = tuple(
            st.multiselect(
                "Themes",
                known["theme"],
                accept_new_options=True,
                select_all=False,
                placeholder="Choose or type",
                key=opening.key("themes"),
                on_change="ignore",
            )
        )


def _ask_name(label: str, known: Sequence[str], key: str) -> str:
    chosen = st.selectbox(
        label,
        known,
        index=None,
        accept_new_options=True,
        placeholder="Choose or type",
        key=key,
        on_change="ignore",
    )
    return chosen or ""


def _checked_recommendation(given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what is sent to the service.

    Raises:
        RuleError: for a choice that was taken away.
    """
    for name, label in (("kind", "Kind"), ("applicability", "For whom it is"), ("due_set_by", "Who set it")):
        if given[name] is None:
            raise RuleError(f'"{label}" is still empty. Choose one, then save again.')
    return dict(given)
