"""The Conference: every meeting as a list, and one of them: its questions, what changed, what was agreed, its pack."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor, Role
from monitor.domain.meetings import Meeting, Outcome
from monitor.domain.statuses import ForceReport, MeetingKind, MoveCategory
from monitor.packs.publishing import MadeAgain
from monitor.services import deciding, updating
from monitor.services.actions import agree_action, report_action
from monitor.services.meetings import (
    change_meeting,
    list_meetings,
    read_meeting,
    record_answer,
    record_meeting,
)
from monitor.services.questions import add_question, prepared_questions
from monitor.store import Store
from monitor.ui import meetings, session
from monitor.ui.packs import compared
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    OFFICE_2,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    a_register,
    day,
    moment,
    person,
    take_in,
)
from tests.pages.test_recommendation import HOSTILE, fill, press, said

ROOT = Path(__file__).resolve().parents[2]
CONFERENCE = MeetingKind.CONFERENCE
EVERYWHERE = person("everywhere", Role.OFFICE, services=None)
OWN = "How will the public see the difference by the summer?"

Opens = Callable[..., AppTest]


@pytest.fixture
def clock() -> Clock:
    """Return a server's clock that stands on the day the story begins, 4 March 2024."""
    return Clock()


@pytest.fixture
def store(sqlite_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a register without recommendations and meetings, served to the pages."""
    made = a_register(sqlite_url, clock)
    monkeypatch.setenv(session.DATABASE_VARIABLE, sqlite_url)
    monkeypatch.setattr(session, "_store", lambda _: made)
    return made


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens the page as a person: `open_page(OFFICE, meeting="1")`."""

    def opened(by: Actor, **params: str) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
        app.run()
        app.switch_page("pages/conference.py")
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return opened


def a_meeting(store: Store, on: date, **told: Any) -> Meeting:
    """Record a Conference."""
    facts: dict[str, Any] = {"service": SERVICE, "kind": CONFERENCE, "place": "Carleton Hall", "by": OFFICE}
    return record_meeting(store, on=on, **facts | told)


def answer(app: AppTest, label: str) -> AppTest:
    """Press a button of the open form that is called as the one that opened it."""
    next(one for one in app.button if one.label == label and str(one.key).startswith("draft-")).click()
    return app.run()


def buttons(app: AppTest) -> list[str]:
    """Return the words of every button."""
    return [str(button.label) for button in app.button]


def links(app: AppTest) -> list[str]:
    """Return the words of every link to a page."""
    return [str(getattr(link, "label", "")) for link in app.get("page_link")]


def prompted(store: Store, clock: Clock) -> None:
    """Take in what rules ask about on day 40: one that is late and moved, one claimed complete without evidence."""
    take_in(store, "CC-001", due_on=day(20), owner="CI Ash")
    take_in(store, "CC-002", due_on=day(200), owner="CI Ash")
    clock.set(day(10))
    deciding.move_date(
        store, reference="CC-001", due_on=day(30), reason=REASON, category=MoveCategory.SCOPE, by=OFFICE
    )
    updating.report_progress(
        store,
        reference="CC-002",
        status=ForceReport.COMPLETE,
        narrative="All officers are trained.",
        by=EDITOR,
    )
    clock.set(day(40))


def asked(store: Store, meeting: Meeting) -> list[str]:
    """Return the questions of a meeting as they are now asked."""
    return [one.text for one in prepared_questions(store, meeting_id=meeting.id, by=OFFICE).questions]


# The list


@pytest.mark.parametrize(
    ("by", "offers"), [(OFFICE, True), (EDITOR, False), (ANALYST, False), (PUBLIC, False)]
)
def test_without_meetings_the_page_says_so_and_the_office_can_record_one(
    open_page: Opens, by: Actor, offers: bool
) -> None:
    """The heading is the finding; the way out is offered to whoever may take it."""
    app = open_page(by)

    assert app.title[0].value == "No day is set for the next Conference."
    assert "No meeting is recorded yet." in said(app)
    assert ("Record a meeting" in buttons(app)) is offers


def test_the_next_conference_is_the_heading_and_what_has_been_stands_below(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """In how many days, where, and plainly that the papers should be out; what came of the one before."""
    before = a_meeting(store, day(0), minutes="https://office.example/minutes")
    record_answer(
        store,
        meeting_id=before.id,
        question="own:9",
        asked="When?",
        outcome=Outcome.ANSWERED,
        words="By June.",
        by=OFFICE,
    )
    clock.set(day(9))
    a_meeting(store, day(11))
    a_meeting(store, day(12), kind=MeetingKind.ONE_TO_ONE, is_public=False)

    app = open_page(OFFICE)

    assert app.title[0].value == "The Conference meets in two days."
    assert "**15 March 2024**, Carleton Hall, in public." in said(app)
    assert "due on 8 March 2024, five working days before. That day has passed, and no paper" in said(app)
    assert "1 question answered" in said(app)
    assert links(app).count("The register as it was shown") == 1
    assert "Prepare" in links(app)


@pytest.mark.parametrize(
    ("on", "today", "told"),
    [
        # Good Friday and Easter Monday lie between.
        (date(2024, 4, 5), date(2024, 3, 20), "are due on 27 March 2024, in seven days."),
        (date(2024, 4, 5), date(2024, 3, 27), "are due today"),
        (
            date(2024, 4, 5),
            date(2024, 3, 28),
            "were due on 27 March 2024, five working days before. That day has passed",
        ),
        (date(2024, 4, 5), date(2024, 4, 6), ""),
    ],
)
def test_the_day_for_agenda_and_papers_is_told(on: date, today: date, told: str) -> None:
    """Before it, on it and after it; nothing once the meeting is over."""
    meeting = Meeting(
        id=1, service=SERVICE, kind=CONFERENCE, on=on, recorded_at=moment(today), by="a", by_name="A"
    )

    words = meetings.agenda_words(meeting, today)

    assert told in words
    assert bool(told) is bool(words)


def test_the_name_of_the_conference_is_a_setting(
    open_page: Opens, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heading, the rows and the menu say what the office calls it."""
    monkeypatch.setenv("MONITOR_TITLE_CONFERENCE", "Scrutiny Assembly")
    monkeypatch.setenv("MONITOR_TITLE_CONFERENCE_SHORT", "Assembly")
    a_meeting(store, day(1))

    app = open_page(OFFICE)

    assert app.title[0].value == "The Assembly meets tomorrow."
    assert "Scrutiny Assembly" in said(app)
    assert "Public Accountability" not in said(app)


def test_what_has_been_is_shown_twenty_at_a_time(open_page: Opens, store: Store, clock: Clock) -> None:
    """The newest first, with the way to the older ones and back."""
    for n in range(25):
        a_meeting(store, day(n))
    clock.set(day(30))

    first, second = open_page(OFFICE), open_page(OFFICE, older="1")

    assert next(one for one in links(first) if one.endswith("2024**")) == "**28 March 2024**"
    assert sum(one.endswith("2024**") for one in links(first)) == 20
    assert sum(one.endswith("2024**") for one in links(second)) == 5
    assert ("Older" in links(first), "Newer" in links(first)) == (True, False)
    assert ("Older" in links(second), "Newer" in links(second)) == (False, True)


# Recording and changing


def test_the_office_records_a_meeting_and_is_taken_to_its_questions(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """Everything that was typed is kept; the meeting opens with what to ask."""
    prompted(store, clock)
    app = press(open_page(OFFICE), "Record a meeting")
    fill(
        app,
        day=day(50),
        place="Carlisle",
        attendees="The Chief Constable\nDCC Harland\n",
        papers="The agenda https://office.example/agenda\nQuestions from the public",
    )
    app = press(app, "Record it")

    (made,) = list_meetings(store, by=OFFICE)
    assert (made.on, made.place, made.is_public, made.kind) == (day(50), "Carlisle", True, CONFERENCE)
    assert made.attendees == ("The Chief Constable", "DCC Harland")
    assert made.papers == (("The agenda", "https://office.example/agenda"), ("Questions from the public", ""))
    assert app.title[0].value == "Public Accountability Conference, 23 April 2024"
    assert app.header[0].value == "Three questions to ask"
    assert app.query_params["meeting"] == str(made.id)


def test_what_is_refused_stays_in_the_form(open_page: Opens, store: Store) -> None:
    """Another Conference on the same day is refused in words, with the place still typed."""
    a_meeting(store, day(5))
    app = press(open_page(OFFICE), "Record a meeting")
    fill(app, day=day(5), place="Carlisle")
    app = press(app, "Record it")

    assert "already has a meeting of this kind on 9 March 2024" in said(app)
    assert next(one for one in app.text_input if str(one.key).endswith("-place")).value == "Carlisle"
    assert len(list_meetings(store, by=OFFICE)) == 1


def test_the_service_is_asked_only_where_there_are_several(open_page: Opens) -> None:
    """Whoever keeps one service is not asked for it; whoever keeps two must say."""
    one, two = (press(open_page(by), "Record a meeting") for by in (OFFICE, EVERYWHERE))

    def has_service(app: AppTest) -> bool:
        return any(str(field.key).endswith("-service") for field in app.segmented_control)

    assert (has_service(one), has_service(two)) == (False, True)
    fill(two, service=ELSEWHERE, day=day(3))
    press(two, "Record it")


def test_a_change_over_a_newer_one_shows_both_texts(open_page: Opens, store: Store) -> None:
    """Nothing is lost: what the other wrote stands beside one's own, and either can be kept."""
    meeting = a_meeting(store, day(5))
    app = press(open_page(OFFICE, meeting=str(meeting.id)), "Change")
    change_meeting(store, meeting_id=meeting.id, on=day(6), reason=REASON, by=OFFICE_2)
    fill(app, place="Barrow")
    app = press(app, "Save")

    assert "What they wrote" in said(app)
    assert REASON in said(app)
    app = press(app, "Keep mine")
    (kept,) = list_meetings(store, by=OFFICE)
    assert (kept.place, kept.on) == ("Barrow", day(6))


def test_moving_the_day_alone_is_a_change_and_needs_a_reason(open_page: Opens, store: Store) -> None:
    """Without words it is refused; with them it is moved."""
    meeting = a_meeting(store, day(5))
    app = press(open_page(OFFICE, meeting=str(meeting.id)), "Change")
    fill(app, day=day(7))
    app = press(app, "Save")
    assert list_meetings(store, by=OFFICE)[0].on == day(5)
    fill(app, reason=REASON)
    app = press(app, "Save")

    assert list_meetings(store, by=OFFICE)[0].on == day(7)
    assert "11 March 2024" in app.title[0].value


def test_a_meeting_that_is_called_off_stays_and_says_so(open_page: Opens, store: Store) -> None:
    """It is no longer the next one; its page and its row tell."""
    meeting = a_meeting(store, day(5))
    app = press(open_page(OFFICE, meeting=str(meeting.id)), "Call it off")
    fill(app, reason=REASON)
    app = answer(app, "Call it off")

    assert "It was cancelled." in said(app)
    assert not {"Change", "Edit", "Make the pack"} & set(buttons(app))
    assert open_page(OFFICE).title[0].value == "No day is set for the next Conference."


# Questions


def test_questions_are_edited_ordered_left_out_and_added(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """Each is one press away, and what the rule proposed stays beside an edited one."""
    prompted(store, clock)
    meeting = a_meeting(store, day(42))
    due, first, second = asked(store, meeting)
    app = open_page(OFFICE, meeting=str(meeting.id))

    app = press(app, "Down")
    assert asked(store, meeting) == [first, due, second]
    app = press(app, "Edit")
    fill(app, text="What will we see?")
    app = press(app, "Save")
    assert asked(store, meeting) == ["What will we see?", due, second]
    assert f"The rule proposed: “{first[:40]}" in said(app)
    app = press(app, "Leave out")
    assert asked(store, meeting) == [due, second]
    app = press(app, "Add a question")
    fill(app, text=OWN, references=["CC-001"])
    app = press(app, "Add it")

    assert asked(store, meeting) == [due, second, OWN]
    assert app.header[0].value == "Three questions to ask"
    app.session_state["left-out"] = True
    app = press(app.run(), "Bring back")
    assert len(asked(store, meeting)) == 4


def test_each_question_shows_its_facts_and_the_way_to_its_recommendation(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """Figures with their sentences, why it matters, and a link."""
    prompted(store, clock)
    meeting = a_meeting(store, day(42))

    app = open_page(OFFICE, meeting=str(meeting.id))

    assert "- **None** No evidence has been added." in said(app)
    assert "What is called complete leaves everybody" in said(app)
    assert {"CC-001 Do CC-001", "CC-002 Do CC-002"} <= set(links(app))


def test_what_was_answered_stands_with_the_words_that_were_asked(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """Also an answer to a question that is no longer among them; and all are counted."""
    prompted(store, clock)
    meeting = a_meeting(store, day(40))
    for key, words in (("claimed:CC-002", "Nobody has looked."), ("own:99", "It was overtime.")):
        record_answer(
            store,
            meeting_id=meeting.id,
            question=key,
            asked=f"Asked in the room about {key}?",
            outcome=Outcome.BRING_BACK,
            words=words,
            by=OFFICE,
        )

    app = open_page(ANALYST, meeting=str(meeting.id))

    assert app.header[0].value == "Two of three questions answered"
    for told in (
        "Asked in the room about claimed",
        "Asked in the room about own",
        "Nobody has looked.",
        "overtime",
    ):
        assert told in said(app)


# Who sees what


@pytest.mark.parametrize("by", [PUBLIC, ADMINISTRATOR])
def test_the_public_sees_day_place_and_minutes_of_a_public_meeting(
    open_page: Opens, store: Store, clock: Clock, by: Actor
) -> None:
    """Neither who comes, nor what is asked, nor the pack; and of a private meeting nothing at all."""
    prompted(store, clock)
    public = a_meeting(
        store,
        day(39),
        attendees=["Somebody"],
        papers=[("A paper", "")],
        minutes="https://office.example/minutes",
    )
    private = a_meeting(store, day(39), kind=MeetingKind.ONE_TO_ONE, is_public=False)

    listed, seen, hidden = (
        open_page(by),
        open_page(by, meeting=str(public.id)),
        open_page(by, meeting=str(private.id)),
    )

    assert "One-to-one" not in said(listed)
    assert "Carleton Hall, in public." in said(seen)
    assert "https://office.example/minutes" in said(seen)
    assert not [*seen.header]
    assert "Somebody" not in said(seen)
    assert "A paper" not in said(seen)
    assert not buttons(seen)
    assert hidden.title[0].value == "There is no such meeting"


def test_the_force_reads_what_is_asked_once_it_is_out(open_page: Opens, store: Store, clock: Clock) -> None:
    """Before the day and without a pack it says when; on the day the questions stand there, without controls."""
    prompted(store, clock)
    meeting = a_meeting(store, day(42))

    before = open_page(EDITOR, meeting=str(meeting.id))
    clock.set(day(42))
    after = open_page(EDITOR, meeting=str(meeting.id))

    assert "once a pack is published, or on the day" in said(before)
    assert after.header[0].value == "Three questions to ask"
    assert not {"Edit", "Down", "Leave out", "Add a question", "Make the pack", "Change"} & set(
        buttons(after)
    )


def test_an_analyst_is_told_that_a_private_meeting_is_not_for_them(open_page: Opens, store: Store) -> None:
    """They know that it was held; what was said is for others."""
    meeting = a_meeting(store, day(0), kind=MeetingKind.ONE_TO_ONE, is_public=False)

    assert "is for the office and the force" in said(open_page(ANALYST, meeting=str(meeting.id)))


def test_a_past_day_shows_the_meetings_as_they_were_then_known(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """What was recorded later is absent, and nothing can be changed."""
    prompted(store, clock)
    meeting = a_meeting(store, day(45))
    clock.set(day(44))
    add_question(store, meeting_id=meeting.id, text=OWN, by=OFFICE)
    later = a_meeting(store, day(50))

    seen = open_page(OFFICE, meeting=str(meeting.id), as_at=day(41).isoformat())
    absent = open_page(OFFICE, meeting=str(later.id), as_at=day(41).isoformat())

    assert seen.header[0].value == "Three questions to ask"
    assert OWN not in said(seen)
    assert not {"Edit", "Add a question", "Make the pack", "Change", "Record a meeting"} & set(buttons(seen))
    assert absent.title[0].value == "There is no such meeting"


# Since last time


def test_what_changed_balances_and_each_kind_opens_its_list(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """The heading counts, the sum stands below, and a kind that is opened names what moved and why."""
    a_meeting(store, day(5))
    prompted(store, clock)
    meeting = a_meeting(store, day(42))

    app = open_page(OFFICE, meeting=str(meeting.id))
    assert "Since 9 March: 1 date moved and 1 newly late" in [one.value for one in app.header]
    assert "2 open on 9 March + 0 new − 0 closed = 2 open on 13 April." in said(app)
    assert REASON not in said(app)
    app.session_state["since-moved"] = True
    app.run()

    assert REASON in said(app)
    assert "From 24 March 2024 to 3 April 2024" in said(app)


def test_other_days_can_be_chosen_and_the_wrong_way_round_is_said(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """The days stand in the address; the earlier one has to come first."""
    prompted(store, clock)
    meeting = a_meeting(store, day(42))

    none = open_page(OFFICE, meeting=str(meeting.id), **{"from": day(38).isoformat()})
    wrong = open_page(
        OFFICE, meeting=str(meeting.id), **{"from": day(30).isoformat(), "until": day(20).isoformat()}
    )

    assert "Nothing has changed since 11 April" in [one.value for one in none.header]
    assert "Give the earlier day first." in said(wrong)


# Actions


def test_an_action_is_reported_by_its_owner_and_accepted_by_the_office(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """It is carried into the next meeting; each sees what they may do, and what came of it."""
    take_in(store)
    before = a_meeting(store, day(0))
    agree_action(
        store,
        meeting_id=before.id,
        what="Send the office the December figures.",
        owner=EDITOR.name,
        due_on=day(10),
        reference="CC-001",
        by=OFFICE,
    )
    clock.set(day(12))
    meeting = a_meeting(store, day(20))

    owner = open_page(EDITOR, meeting=str(meeting.id))
    assert "One action from last time still open" in [one.value for one in owner.header]
    assert "2 days late" in said(owner)
    owner = press(owner, "Report it done")
    fill(owner, words="Sent this morning; 92% of forms.")
    owner = answer(owner, "Report it done")
    assert "Report it done" not in buttons(owner)
    office = press(open_page(OFFICE, meeting=str(meeting.id)), "Accept or send back")
    assert "Sent this morning; 92% of forms." in said(office)
    office = press(office, "Accept it as done")

    assert "Every action from last time has ended" in [one.value for one in office.header]
    assert "One action agreed here" in [one.value for one in open_page(OFFICE, meeting=str(before.id)).header]


def test_who_reported_an_action_done_is_not_offered_to_accept_it(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """It takes a second person of the office."""
    before = a_meeting(store, day(0))
    agreed = agree_action(
        store,
        meeting_id=before.id,
        what="Write to the supplier about May.",
        owner="CI Ash",
        due_on=day(9),
        by=OFFICE,
    )
    report_action(store, action_id=agreed.action.id, words="Written.", by=OFFICE)

    def offers(by: Actor) -> set[str]:
        return set(buttons(open_page(by, meeting=str(before.id))))

    assert "Accept or send back" not in offers(OFFICE)
    assert "Send back" in offers(OFFICE)
    assert "Accept or send back" in offers(OFFICE_2)


# The pack


def test_a_pack_is_made_on_its_button_published_and_made_again(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """Nothing is made before; what was made is what is published; made again it is the same."""
    prompted(store, clock)
    meeting = a_meeting(store, day(42))
    app = open_page(OFFICE, meeting=str(meeting.id))
    assert "Publish this pack" not in buttons(app)

    app = press(app, "Make the pack")
    assert not app.exception
    assert "3 questions, 2 pages in detail" in said(app)
    assert {"Word", "PDF", "Web page"} <= {
        str(getattr(one, "label", "")) for one in app.get("download_button")
    }
    app = press(app, "Publish this pack")
    assert "kept for ever, byte for byte" in said(app)
    app = press(app, "Publish it")
    (pack,) = read_meeting(store, meeting_id=meeting.id, by=OFFICE).packs
    assert pack.annex == tuple(dict.fromkeys(pack.annex))
    assert f"Fingerprint {pack.content[:12]}" in said(app)
    assert "Publish this pack" not in buttons(app)
    clock.set(day(43))
    take_in(store, "CC-009")
    app = press(app, "Make it again and compare")

    assert "Made again: the same, byte for byte." in said(app)


def test_what_differs_in_a_pack_made_again_is_told_line_by_line() -> None:
    """Words that differ stand there as text; another drawing of the same words is said to be that."""
    pack: Any = SimpleNamespace(id=1)

    changed = compared(MadeAgain(pack, {}, ("-3 late", "+4 *late* :red[x]"), ("docx", "pdf", "html")))
    drawn = compared(MadeAgain(pack, {}, (), ("pdf",)))

    assert "2 lines differ" in changed[0]
    assert changed[1].splitlines() == ["- Published: 3 late", "- Made again: 4 \\*late\\* \\:red\\[x\\]"]
    assert "every word is the same" in drawn[0]
    assert "PDF" in drawn[0]


# Text that people write


def test_what_people_wrote_is_shown_letter_by_letter(open_page: Opens, store: Store, clock: Clock) -> None:
    """Place, people, papers, questions, answers and actions can hold anything."""
    take_in(store, short_title=HOSTILE[:42])
    meeting = a_meeting(
        store, day(0), place=HOSTILE, attendees=[HOSTILE], papers=[(HOSTILE, "https://a.example/b(c)")]
    )
    add_question(store, meeting_id=meeting.id, text=HOSTILE * 3, references=["CC-001"], by=OFFICE)
    agree_action(
        store,
        meeting_id=meeting.id,
        what=HOSTILE,
        owner=HOSTILE,
        due_on=day(5),
        reference="CC-001",
        by=OFFICE,
    )

    listed, seen = open_page(OFFICE), open_page(OFFICE, meeting=str(meeting.id))

    for app in (listed, seen):
        assert "\\<script>" in said(app)
        for acted_on in (" $x$", "**b**", " :red[x]", " ![i]", "[l](java"):
            assert acted_on not in said(app)
