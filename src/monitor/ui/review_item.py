"""One recommendation as it was read: its passage, how it stands to the register, and every field to put right."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.deadlines import DeadlineReading, read_deadline
from monitor.domain.record import SHORT_TITLE_MAX
from monitor.domain.statuses import Applicability, Kind, Precision, SetBy, Standing
from monitor.services import filters
from monitor.services.plans import SETTLED_NEW, Difference, ItemPlan, ReportPlan
from monitor.services.reports import addressees
from monitor.ui import passages, safe, words
from monitor.ui.fields import words_of
from monitor.ui.frame import Page
from monitor.ui.review_desk import Entry
from monitor.ui.review_fields import Fields, asked
from monitor.ui.review_file import Dropped, is_wording_alone, words_differ

_EXACT: Final = {
    member: words.capitalised(member.word) for member in (Precision.DAY, Precision.MONTH, Precision.YEAR)
}
_ALWAYS_OF_ANOTHER: Final = frozenset({"text", "lead_in", "parts", "due_phrase", "due_on", "due_precision"})
"""What can differ from a row that is on the register, whatever the file; a sheet's own columns come to it."""


def title_of(item: ItemPlan) -> str:
    """Return what a recommendation is called."""
    return str(item.given.get("short_title") or "") or "Without a short title"


def about(item: ItemPlan) -> str:
    """Return its reference, kind and number, as text."""
    given = item.given
    reference = item.found if item.standing is not Standing.NEW and item.found else given.get("reference", "")
    kind = f"{given['kind'].word} {given.get('number', '')}".strip()
    parts = [reference, kind, given.get("external_reference", "")]
    return " · ".join(str(part) for part in parts if part)


def deadline_words(item: ItemPlan, *, most: int = 40) -> str:
    """Return the deadline as read and as printed, as text: "31 March 2023, printed “By March 2023”"."""
    given = item.given
    due, phrase = given.get("due_on"), str(given.get("due_phrase") or "")
    printed = f"“{words.shortened(phrase, most)}”" if phrase and not _is_the_day(phrase, due) else ""
    if due is None:
        return f"no date read from {printed}" if printed else "no date"
    read = dates.short_date(due)
    if given.get("due_precision") is Precision.MONTH:
        read = dates.month_year(due)
    elif given.get("due_precision") is Precision.YEAR:
        read = str(due.year)
    return f"due {read}, printed {printed}" if printed else f"due {read}"


def _is_the_day(phrase: str, due: date | None) -> bool:
    """Tell whether a phrase is no more than the day itself."""
    try:
        return dates.parse_day(phrase) == due
    except ValueError:
        return False


def show(page: Page, dropped: Dropped, entry: Entry, item: ItemPlan) -> None:
    """Show it: what it is to the register, what is asked, then the passage beside the fields."""
    st.caption(safe.text(about(item)))
    _show_standing(page, dropped, item)
    asked((*dropped.own_problems(item), *item.noted))
    if item.standing is Standing.UNCHANGED:
        _show_passage(dropped, item, entry)
        return
    left, right = st.columns([6, 6], gap="medium")
    with left:
        _show_passage(dropped, item, entry)
        _show_updates(item)
    with right:
        st.subheader("As it will be recorded", anchor=False)
        _show_fields(page, dropped, entry, item)


def _show_passage(dropped: Dropped, item: ItemPlan, entry: Entry) -> None:
    st.subheader("Where it was read", anchor=False)
    where = f"{dropped.plan.name} · {item.place.words}" if item.place.words else dropped.plan.name
    st.caption(safe.text(where))
    passages.show_passage(dropped.plan.text, item.place.start, item.place.end, key=entry.name)


# How it stands to the register


def _show_standing(page: Page, dropped: Dropped, item: ItemPlan) -> None:
    match item.standing:
        case Standing.DOUBTFUL:
            _ask_which(page, dropped, item)
        case Standing.CHANGED:
            _show_differences(page, dropped, item)
        case Standing.UNCHANGED:
            st.markdown(words.status_markdown(item.standing, f"On the register, just as here: {item.found}"))
            _link(page, item)
            _offer_new(dropped, item)
        case Standing.NEW:
            said = item.standing.meaning if item.settled is None else "New, as you said."
            st.markdown(words.status_markdown(item.standing, said))


def _ask_which(page: Page, dropped: Dropped, item: ItemPlan) -> None:
    why = item.why or item.standing.meaning
    st.markdown(words.status_markdown(item.standing, why))
    if item.found is None:
        st.button(
            "It is new",
            key=f"new-{dropped.number}-{item.key}",
            on_click=dropped.settle_item,
            args=(item.key, SETTLED_NEW),
        )
        return
    with st.container(key="row-both", gap="small"):
        known = text_on_register(page, item.found)
        left, right = st.columns(2, gap="medium")
        with left:
            st.markdown(f"**On the register: {safe.text(item.found)}**")
            st.markdown(safe.paragraphs(words.shortened(known, 1_200)))
        with right:
            st.markdown("**In the file**")
            st.markdown(safe.paragraphs(words.shortened(str(item.given["text"]), 1_200)))
    with st.container(horizontal=True, gap="small"):
        for label, found in ((f"It is {item.found}", item.found), ("It is new", SETTLED_NEW)):
            st.button(
                safe.text(label),
                key=f"settle-{found or 'new'}-{dropped.number}-{item.key}",
                on_click=dropped.settle_item,
                args=(item.key, found),
            )


def _show_differences(page: Page, dropped: Dropped, item: ItemPlan) -> None:
    st.markdown(words.status_markdown(item.standing, f"{item.found} is on the register, and this differs"))
    _link(page, item)
    for one in item.differences:
        if one.field != "text":
            _show_difference(one)
    wording = next((one for one in item.differences if one.field == "text"), None)
    if wording is not None and words_differ(item):
        st.markdown("**The wording differs.** Struck through is on the register, bold is in the file.")
        passages.show_difference(wording.before, wording.after)
        key = f"wording-{dropped.number}-{item.key}"
        st.session_state[key] = item.key in dropped.wordings
        st.checkbox(
            "Record the new wording as a further version",
            key=key,
            disabled=not dropped.can_tick(item),
            on_change=_tick_wording,
            args=(dropped, item.key, key),
        )
        st.caption("The wording on the register stays beside it. Unticked, nothing of it changes.")
        if not is_wording_alone(item):
            st.caption("The other differences are taken with the tick in the list.")
    _offer_new(dropped, item)


def _show_difference(one: Difference) -> None:
    if one.before and one.field == "updates":
        st.markdown(f"**{safe.text(one.heading)}**")
        st.markdown(safe.paragraphs(words.shortened(one.after, 900)))
        return
    st.markdown(f"**{safe.text(one.heading)}**")
    passages.show_difference(one.before, one.after)


def _tick_wording(dropped: Dropped, item_key: str, key: str) -> None:
    dropped.tick_wording(item_key, is_on=bool(st.session_state[key]))


def _offer_new(dropped: Dropped, item: ItemPlan) -> None:
    st.button(
        safe.text(f"It is not {item.found}: it is new"),
        type="tertiary",
        key=f"not-{dropped.number}-{item.key}",
        on_click=dropped.settle_item,
        args=(item.key, SETTLED_NEW),
    )


def _link(page: Page, item: ItemPlan) -> None:
    if item.found:
        title = page.view.rows.loc[page.view.rows["reference"] == item.found, "short_title"]
        page.link("recommendation", f"Open {item.found} {next(iter(title), '')}".strip(), ref=item.found)


def text_on_register(page: Page, reference: str) -> str:
    """Return the words of a row of the register that this reader may see."""
    rows = page.view.rows
    return str(next(iter(rows.loc[rows["reference"] == reference, "text"]), ""))


# Fields


def _show_fields(page: Page, dropped: Dropped, entry: Entry, item: ItemPlan) -> None:
    fields = Fields(entry, item.given, lambda at, given: _correct(at, item.key, given))
    if item.standing is Standing.CHANGED:
        names = _ALWAYS_OF_ANOTHER | item.headings.keys() - {
            "reference",
            "kind",
            "number",
            "external_reference",
        }
        st.caption("Of a row that is on the register, what differs is recorded; the rest stays as it is.")
        _show_wording(fields)
        _show_target(fields, dropped.report_of(item.key), item)
        _show_people(page, fields, names)
        return
    with st.grid(columns=2, min_column_width=130):
        fields.line("reference", "Our reference")
        fields.line("number", "Number in the report")
    fields.pick("kind", "Kind", words_of(Kind))
    fields.line("external_reference", "Inspectorate’s reference")
    with st.container(gap="xsmall"):
        fields.line("short_title", "Short title")
        st.caption(_title_count(str(item.given.get("short_title") or "")))
    _show_wording(fields)
    fields.names("addressees", "Addressed to, as printed", addressees(page.view))
    fields.pick("applicability", "For whom it is", words_of(Applicability))
    _show_target(fields, dropped.report_of(item.key), item)
    _show_people(page, fields, None)


def _title_count(title: str) -> str:
    length = len(" ".join(title.split()))
    said = f"{length} of {SHORT_TITLE_MAX} characters"
    return (
        said
        if 0 < length <= SHORT_TITLE_MAX
        else f":red[:material/error: {said}: {'shorten it' if length else 'give one'}]"
    )


def _show_wording(fields: Fields) -> None:
    fields.text("text", "Text, as printed", lines=7)
    with st.expander(_parts_label(fields.given), key=fields.key("parts-folded")):
        fields.line("lead_in", "Lead-in to its parts")
        fields.lines("parts", "Parts, one a line", lines=5)


def _parts_label(given: Mapping[str, Any]) -> str:
    parts = len(given.get("parts") or ())
    return f"Lead-in and {words.plural(parts, 'part')}" if parts else "Lead-in and parts, if it has any"


def _show_target(fields: Fields, report: ReportPlan, item: ItemPlan) -> None:
    given = item.given
    with st.container(gap="xsmall"):
        fields.line("due_phrase", "Target date, as printed")
        phrase = str(given.get("due_phrase") or "").strip()
        if phrase:
            st.caption(_reading_words(_reading(phrase, report), given))
    left, right = st.columns([3, 2], gap="small")
    with left:
        fields.day("due_on", "Target date, if any")
    with right:
        fields.pick("due_precision", "Printed to the", _EXACT)
    fields.line("assessed_when", "When the inspectorate will look at it, if it says so")


def _reading(phrase: str, report: ReportPlan) -> DeadlineReading:
    given = report.given
    return read_deadline(
        phrase, published=given.get("published_on"), published_precision=given["published_precision"]
    )


def _reading_words(reading: DeadlineReading, given: Mapping[str, Any]) -> str:
    read = f"Read as **{dates.long_date(reading.due)}**" if reading.due else "**No date** is read"
    said = f"{read}, by the rule *{safe.text(reading.rule)}*. {safe.text(reading.note)}"
    if given.get("due_on") is not None and given["due_on"] != reading.due:
        return f"{said} Your date is kept, with the phrase as printed beside it."
    return said


def _show_people(page: Page, fields: Fields, only: frozenset[str] | None) -> None:
    """Show who has it and what else may be given; of a row on the register, only what the file says of it."""
    known = filters.choices(page.view)
    for name, label in (("owner", "Owner"), ("executive_lead", "Executive lead"), ("board", "Board")):
        if only is None or name in only:
            fields.name(name, label, known[name])
    if only is not None:
        return
    with st.expander("Closure test, themes and the rest", key=fields.key("rest-folded")):
        fields.text("closure_test", "Closure test: what will show that it is met", lines=3)
        fields.names("themes", "Themes", known["theme"])
        fields.line("applicability_reason", "Why it is for them, in a sentence")
        fields.pick("due_set_by", "Who set the date", {one: words.capitalised(one.word) for one in SetBy})


def _correct(dropped: Dropped, key: str, given: dict[str, Any]) -> None:
    """Put a field right, and what hangs on it: a phrase is read, a date that is not the phrase's has no rule."""
    report, item = dropped.report_of(key), dropped.item(key)
    if "due_phrase" in given:
        reading = _reading(given["due_phrase"], report) if given["due_phrase"].strip() else None
        due = reading.due if reading else None
        given |= {
            "due_on": due,
            "due_precision": reading.precision if reading and due else Precision.DAY,
            "due_rule": reading.rule if reading and due else "",
        }
    elif "due_on" in given and item is not None:
        phrase = str(item.given.get("due_phrase") or "")
        reading = _reading(phrase, report) if phrase.strip() else None
        is_as_read = reading is not None and reading.due == given["due_on"]
        given["due_rule"] = reading.rule if reading is not None and is_as_read else ""
    dropped.correct_item(key, **given)


# What a tracker says the force reported


def _show_updates(item: ItemPlan) -> None:
    lines = list(_update_lines(item))
    if not lines:
        return
    st.subheader("What the force reported", anchor=False)
    st.caption("Each is taken in as a progress report with its own day.")
    with st.container(key="rows-updates", gap=None):
        for headline, text in lines:
            with st.container(gap="xxsmall"):
                st.markdown(headline)
                st.markdown(safe.paragraphs(text))


def _update_lines(item: ItemPlan) -> Iterator[tuple[str, str]]:
    for update in item.updates:
        day = dates.long_date(update.day)
        yield f"{day} · {words.status_markdown(update.status)}", words.shortened(update.text, 600)
