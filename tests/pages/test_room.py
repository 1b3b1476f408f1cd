"""The room: one question at a time, its answer, what is agreed and decided; who may write and who may only read."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.meetings import Answer, Outcome
from monitor.domain.statuses import Assurance, MeetingKind
from monitor.services.actions import actions_waiting, agree_action
from monitor.services.meetings import cancel, read_meeting, record_answer, record_meeting
from monitor.services.questions import add_question, drop_question, prepared_questions
from monitor.services.reading import read_recommendation
from monitor.store import Store
from monitor.ui import room, session
from tests.builders import (
    ANALYST,
    DAY,
    EDITOR,
    OFFICE,
    OFFICE_2,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    a_register,
    close,
    day,
    take_in,
)
from tests.pages.test_recommendation import HOSTILE, fill, press, said

ROOT = Path(__file__).resolve().parents[2]
TODAY = day(45)
WHAT = "Draw fifty closed cases and show what they say."

Opens = Callable[..., AppTest]


@pytest.fixture
def clock() -> Clock:
    """Return a server's clock that stands on the day the story begins."""
    return Clock()


@pytest.fixture
def store(sqlite_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a register, served to the pages, on the day of a Conference with three late recommendations to ask about."""
    made = a_register(sqlite_url, clock)
    monkeypatch.setenv(session.DATABASE_VARIABLE, sqlite_url)
    monkeypatch.setattr(session, "_store", lambda _: made)
    monkeypatch.setattr(room, "CLEARED", 0)
    for number in (1, 2, 3):
        take_in(made, f"CC-00{number}", owner=EDITOR.name, due_on=day(10 * number))
    clock.set(day(40))
    drop_question(made, meeting_id=hold(made), question="response_due:1", by=OFFICE)
    clock.set(TODAY)
    return made


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens the room as a person: `open_page(OFFICE, question="2")`."""

    def opened(by: Actor, meeting: str = "1", *, page: str = "room", **params: str) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page(f"pages/{page}.py")
        for name, value in {"meeting": meeting, **params}.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return opened


def hold(store: Store, *, on: object = TODAY, is_public: bool = True) -> int:
    """Record a Conference and return its number."""
    facts = {"service": SERVICE, "kind": MeetingKind.CONFERENCE, "by": OFFICE}
    return record_meeting(store, on=on, is_public=is_public, **facts).id  # type: ignore[arg-type]


def asked(store: Store, place: int) -> str:
    """Return the key of a question, by its place from 1."""
    return prepared_questions(store, meeting_id=1, by=OFFICE).questions[place - 1].key


def answer(
    store: Store, place: int, words: str = "It is done.", *, by: Actor = OFFICE_2, **told: object
) -> None:
    """Answer a question of the first meeting."""
    question = prepared_questions(store, meeting_id=1, by=OFFICE).questions[place - 1]
    facts = {"outcome": Outcome.ANSWERED, "asked": question.text, "references": question.references}
    record_answer(store, meeting_id=1, question=question.key, words=words, by=by, **facts | told)  # type: ignore[arg-type]


def answers(store: Store) -> tuple[Answer, ...]:
    """Return everything answered at the first meeting."""
    return read_meeting(store, meeting_id=1, by=OFFICE).answers


def say(app: AppTest, words: str, outcome: Outcome = Outcome.ANSWERED) -> AppTest:
    """Fill in the answer and save it."""
    fill(app, outcome=outcome, words=words)
    return press(app, "Save and next question")


def shown(app: AppTest) -> str:
    """Return what the page says, as a reader sees it."""
    return said(app).replace("\\", "")


def agenda(app: AppTest) -> list[str]:
    """Return the titles of the agenda, the present one among them in bold."""
    return [one.label.replace("\\", "") for one in app.button if str(one.key).startswith("choose-agenda-")]


def test_the_question_is_the_heading_with_its_facts(open_page: Opens, store: Store) -> None:
    """As it will be asked, with what prompted it, its drawing, and what to ask if the answer is the usual one."""
    app = open_page(OFFICE)

    question = prepared_questions(store, meeting_id=1, by=OFFICE).questions[0]
    assert app.title[0].value.replace("\\", "") == question.text
    assert "question 1 of 3" in shown(app)
    for fact in question.facts:
        assert f"**{fact.figure}**" in shown(app)
        assert fact.words in shown(app)
    assert "If the answer is “it is nearly done”" in shown(app)
    assert "Facts as at 18 April 2024" in shown(app)
    assert app.get("plotly_chart")
    assert agenda(app) == ["**1. Do CC-001**", "2. Do CC-002", "3. Do CC-003", "What came of it"]


def test_an_answer_is_recorded_and_the_next_question_comes(open_page: Opens, store: Store) -> None:
    """Its outcome, its words, the question as it was asked and what it is about; the agenda has a mark and a word."""
    first = asked(store, 1)

    app = say(open_page(OFFICE), "The last case closes on Friday.")

    assert app.toast[0].value == "Answer recorded."
    assert "question 2 of 3" in shown(app)
    assert ":green[:material/check_circle: Answered]" in shown(app)
    kept = answers(store)[0]
    assert (kept.question, kept.outcome, kept.words) == (
        first,
        Outcome.ANSWERED,
        "The last case closes on Friday.",
    )
    assert (kept.references, kept.by) == (("CC-001",), OFFICE.id)
    assert kept.asked.endswith("?")


@pytest.mark.parametrize(
    ("outcome", "words", "refusal"),
    [
        (None, "Half an answer", "What was the outcome?"),
        (Outcome.ANSWERED, "", "Write down what was answered"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    open_page: Opens, store: Store, outcome: Outcome | None, words: str, refusal: str
) -> None:
    """A refusal stands above the form, with what was typed still in it."""
    app = fill(open_page(OFFICE), words=words)
    if outcome:
        fill(app, outcome=outcome)

    app = press(app, "Save and next question")

    assert any(":red[" in one.value and refusal in one.value for one in app.markdown)
    assert app.text_area[0].value == words
    assert answers(store) == ()


def test_what_was_typed_waits_while_another_question_is_looked_at(open_page: Opens) -> None:
    """Skipping and the agenda both keep it."""
    app = fill(open_page(OFFICE), words="Half a sentence")
    app = press(app, "Skip for now")
    assert "question 2 of 3" in shown(app)
    assert app.text_area[0].value == ""

    app = app.button(key="choose-agenda-1").click().run()

    assert "question 1 of 3" in shown(app)
    assert app.text_area[0].value == "Half a sentence"


def test_an_action_that_was_agreed_is_asked_for_at_once(open_page: Opens, store: Store) -> None:
    """The form opens over the question with its owner filled in; recorded, the owner has it in My updates."""
    first = asked(store, 1)
    app = say(open_page(OFFICE), "Nobody has looked yet.", Outcome.ACTION_AGREED)
    assert "question 1 of 3" in shown(app)
    assert "It is about CC-001 Do CC-001." in shown(app)
    assert app.selectbox[0].value == EDITOR.name

    app = press(fill(app, what=WHAT, due_on=day(70)), "Record the action")

    assert app.toast[0].value == "Action recorded. Its owner sees it in My updates."
    assert f"{WHAT} **{EDITOR.name}, by 13 May 2024**" in shown(app)
    agreed = actions_waiting(store, by=EDITOR)[0].state.action
    assert (agreed.what, agreed.due_on, agreed.reference) == (WHAT, day(70), "CC-001")
    assert (agreed.question, agreed.meeting_id) == (first, 1)
    assert "question 2 of 3" in shown(press(app, "Next question"))


def test_an_action_of_several_recommendations_is_given_to_one(open_page: Opens, store: Store) -> None:
    """Of a question about three the first is proposed, and another can be chosen."""
    add_question(
        store,
        meeting_id=1,
        text="Who reads these together?",
        references=["CC-002", "CC-001", "CC-003"],
        by=OFFICE,
    )

    app = press(open_page(OFFICE, question="4"), "Record an action")
    press(fill(app, what=WHAT, due_on=day(70), reference="CC-001"), "Record the action")

    assert actions_waiting(store, by=EDITOR)[0].state.action.reference == "CC-001"


def test_an_action_of_a_question_about_nothing_in_particular(open_page: Opens, store: Store) -> None:
    """It belongs to no recommendation, nobody is proposed, and assurance cannot be decided."""
    add_question(store, meeting_id=1, text="What should we have asked?", by=OFFICE)

    app = open_page(OFFICE, question="4")
    assert "Decide assurance" not in {one.label for one in app.button}
    app = press(app, "Record an action")
    assert app.selectbox[0].value is None
    press(fill(app, what=WHAT, due_on=day(70), owner=EDITOR.name), "Record the action")

    assert actions_waiting(store, by=EDITOR)[0].state.action.reference == ""


def test_a_refused_action_keeps_its_words(open_page: Opens, store: Store) -> None:
    """Too few words are refused in the dialog."""
    app = press(open_page(OFFICE), "Record an action")

    app = press(fill(app, what="Do it.", due_on=day(70)), "Record the action")

    assert any(":red[" in one.value and "at least 20 characters" in one.value for one in app.markdown)
    assert actions_waiting(store, by=EDITOR) == []


def test_assurance_is_decided_at_the_meeting(open_page: Opens, store: Store) -> None:
    """The form of the recommendation's own page, with the meeting and its day filled in; the facts stay as asked."""
    before = open_page(OFFICE).title[0].value
    app = press(open_page(OFFICE), "Decide assurance")

    app = press(fill(app, level=Assurance.PARTLY_ASSURED, rationale="Half of it was shown."), "Save")

    decided = read_recommendation(store, reference="CC-001", by=OFFICE).record.decisions[-1]
    assert (decided.level, decided.meeting_id, decided.happened_on) == (Assurance.PARTLY_ASSURED, 1, TODAY)
    assert app.title[0].value == before


def test_when_all_are_asked_the_page_says_what_came_of_it(open_page: Opens, store: Store) -> None:
    """Outcomes counted, each question with its answer and its action, and what was agreed besides."""
    answer(store, 1, "Done on Friday.")
    answer(store, 2, "Nobody knows.", outcome=Outcome.BRING_BACK)
    agree_action(
        store,
        meeting_id=1,
        what=WHAT,
        owner="Somebody Else",
        due_on=day(60),
        question=asked(store, 3),
        by=OFFICE,
    )
    agree_action(
        store, meeting_id=1, what="Find another room for May.", owner="A Clerk", due_on=day(50), by=OFFICE
    )
    app = open_page(OFFICE)
    assert "question 3 of 3" in shown(app)

    fill(app, outcome=Outcome.ACTION_AGREED, words="Fifty cases are drawn.")
    app = press(app, "Save and finish")

    assert app.title[0].value == "All three questions have been asked."
    assert "1 answered, 1 with an action agreed and 1 to bring back." in shown(app)
    for words in (
        "Done on Friday.",
        "Nobody knows.",
        "Somebody Else, by 3 May 2024",
        "A Clerk, by 23 April 2024",
    ):
        assert words in shown(app)
    assert "Agreed besides" in shown(app)


def test_what_is_not_asked_and_not_recorded_yet_is_said(open_page: Opens, store: Store) -> None:
    """One of three asked; its action was agreed and is not written down."""
    answer(store, 1, "Somebody will.", outcome=Outcome.ACTION_AGREED)

    app = open_page(OFFICE, question="end")

    assert app.title[0].value == "One of three questions has been asked."
    assert "The action itself is not recorded yet." in shown(app)
    assert shown(app).count("No answer is recorded.") == 2


def test_an_answer_to_what_is_no_longer_asked_stays_on_the_page(open_page: Opens, store: Store) -> None:
    """It stands besides, with the question as it was asked then."""
    record_answer(
        store,
        meeting_id=1,
        question="claimed:CC-001",
        asked="Is it really done?",
        outcome=Outcome.ANSWERED,
        words="It is.",
        references=["CC-001"],
        by=OFFICE,
    )

    app = open_page(OFFICE, question="end")

    assert "Asked besides" in shown(app)
    assert "Is it really done?" in shown(app)


def test_an_answer_is_put_right_and_the_first_stays(open_page: Opens, store: Store) -> None:
    """The form begins with what stands; a later answer takes its place."""
    answer(store, 1, "The last case closes on Monday.")
    app = open_page(ANALYST, question="1")
    assert "> The last case closes on Monday." in shown(app)

    app = press(open_page(OFFICE, question="1"), "Change the answer")
    assert app.text_area[0].value == "The last case closes on Monday."
    fill(app, words="It closed on Friday.")
    app = press(app, "Save")
    assert "> It closed on Friday." in shown(app)

    assert [one.words for one in answers(store)] == [
        "The last case closes on Monday.",
        "It closed on Friday.",
    ]
    app = open_page(ANALYST, question="1")
    assert "> It closed on Friday." in shown(app)
    assert app.expander[0].label == "One earlier answer"


def test_leaving_an_answer_as_it_was_changes_nothing(open_page: Opens, store: Store) -> None:
    """The page shows it again, and no second answer is kept."""
    answer(store, 1, "As it was.")
    app = press(open_page(OFFICE, question="1"), "Change the answer")

    app = press(fill(app, words="Something else"), "Leave it as it was")

    assert "> As it was." in shown(app)
    assert len(answers(store)) == 1


@pytest.mark.parametrize(
    ("choice", "kept"), [("Keep mine", ["Theirs.", "Mine."]), ("Keep theirs", ["Theirs."])]
)
def test_somebody_answers_at_the_same_time(
    open_page: Opens, store: Store, choice: str, kept: list[str]
) -> None:
    """Both texts are shown; neither is lost unseen."""
    app = fill(open_page(OFFICE), outcome=Outcome.ANSWERED, words="Mine.")
    answer(store, 1, "Theirs.")

    app = press(app, "Save and next question")
    assert "This question was answered by Office2 Person while you had it open." in shown(app)
    assert "Theirs." in shown(app)
    assert "Mine." in shown(app)
    app = press(app, choice)

    assert not app.exception
    assert [one.words for one in answers(store)] == kept


def test_an_answer_given_meanwhile_is_shown_to_who_typed_nothing(open_page: Opens, store: Store) -> None:
    """No form stands over an answer that somebody else wrote down."""
    app = open_page(OFFICE)
    answer(store, 1, "Theirs.")

    app = app.run()

    assert "> Theirs." in shown(app)
    assert not app.text_area
    assert press(app, "Change the answer").text_area[0].value == "Theirs."


def test_the_facts_stay_those_of_the_first_answer(open_page: Opens, store: Store, clock: Clock) -> None:
    """What happens to the register afterwards changes neither the question nor the day of its facts."""
    before = open_page(OFFICE, question="1").title[0].value
    answer(store, 1)
    clock.set(day(50))
    close(store, "CC-001")

    app = open_page(OFFICE, question="1")

    assert app.title[0].value == before
    assert "Facts as at 18 April 2024, as it was then known" in shown(app)
    assert "Decide assurance" not in {one.label for one in app.button}


@pytest.mark.parametrize("by", [EDITOR, ANALYST])
def test_others_read_and_write_nothing(open_page: Opens, store: Store, by: Actor) -> None:
    """Questions and answers without a form; the way on is there."""
    answer(store, 1, "Done.")

    app = open_page(by, question="1")

    assert "> Done." in shown(app)
    assert not app.text_area
    assert not app.segmented_control
    labels = {one.label.replace("\\", "").strip("*") for one in app.button}
    assert labels == {"1. Do CC-001", "2. Do CC-002", "3. Do CC-003", "What came of it", "Next question"}
    assert "No answer is recorded." in shown(press(app, "Next question"))


def test_the_public_is_told_whom_the_page_is_for(open_page: Opens) -> None:
    """Nothing of what is asked is shown."""
    app = open_page(PUBLIC)

    assert app.title[0].value.startswith("This page is for")
    assert "CC-001" not in said(app)


def test_before_the_day_questions_are_read_by_the_office_alone(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """The office walks through them without a form; the force is told when they come out."""
    clock.set(day(43))

    app = open_page(OFFICE)
    assert "The meeting is in two days. From 18 April 2024 on, answers are recorded here." in shown(app)
    assert not app.text_area
    assert "question 2 of 3" in shown(press(app, "Next question"))

    app = open_page(EDITOR)
    assert app.title[0].value == "The questions are not out yet."
    assert "18 April 2024" in shown(app)


def test_what_is_asked_in_private_is_for_the_force_and_the_office(open_page: Opens, store: Store) -> None:
    """An analyst knows of the meeting and not of its questions."""
    number = record_meeting(
        store, service=SERVICE, kind=MeetingKind.ONE_TO_ONE, on=TODAY, is_public=False, by=OFFICE
    ).id

    assert "read by the force and the office" in open_page(ANALYST, str(number)).title[0].value
    assert "question 1 of" in shown(open_page(EDITOR, str(number)))


def test_a_past_day_shows_what_was_known_and_takes_the_form_away(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """Of a meeting held since, the day itself shows nothing that was written down later."""
    clock.set(day(46))
    answer(store, 1, "Written a day later.")
    clock.set(day(50))

    app = open_page(OFFICE, question="1", as_at=TODAY.isoformat())
    assert "Written a day later." not in said(app)
    assert not app.text_area

    app = open_page(OFFICE, question="1", as_at=day(47).isoformat())
    assert "> Written a day later." in shown(app)
    assert "Change the answer" not in {one.label for one in app.button}


def test_the_day_before_shows_the_questions_as_they_then_stood(open_page: Opens, store: Store) -> None:
    """What was added since is not among them."""
    add_question(store, meeting_id=1, text="What else?", by=OFFICE)

    assert "question 1 of 3" in shown(open_page(OFFICE, as_at=day(44).isoformat()))
    assert "question 1 of 4" in shown(open_page(OFFICE))


def test_a_meeting_that_is_over_opens_with_what_came_of_it(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """And its answers can still be written down."""
    clock.set(day(46))

    app = open_page(OFFICE)
    assert app.title[0].value == "No answer has been recorded."
    app = app.button(key="choose-outcome-2").click().run()

    assert "question 2 of 3" in shown(app)
    assert app.text_area


@pytest.mark.parametrize(
    ("meeting", "title"),
    [
        ("99", "There is no meeting 99 on this register."),
        ("x", "There is no meeting 0 on this register."),
        ("", "No meeting is named."),
    ],
)
def test_a_meeting_that_is_not_there(open_page: Opens, meeting: str, title: str) -> None:
    """It is said plainly, with the way to those that are."""
    assert open_page(OFFICE, meeting).title[0].value == title


def test_no_question_and_a_cancelled_meeting_are_said_plainly(
    open_page: Opens, store: Store, clock: Clock, sqlite_url: str
) -> None:
    """Neither is an empty page."""
    other = hold(store, on=day(60))
    cancel(store, meeting_id=other, reason=REASON, by=OFFICE)
    assert open_page(OFFICE, str(other)).title[0].value == "This meeting was cancelled."

    early = hold(store, on=DAY - timedelta(days=1))
    assert open_page(OFFICE, str(early)).title[0].value == "No question is prepared for this meeting."


def test_an_address_that_names_no_question_opens_the_first(open_page: Opens) -> None:
    """Whatever stands in it, the page answers."""
    app = open_page(OFFICE, question="0")

    for place in ("9", "-1", "²", "1.5"):
        app.query_params["question"] = place
        assert "question 1 of 3" in shown(app.run())


def test_hostile_words_are_shown_letter_by_letter(open_page: Opens, store: Store) -> None:
    """Of a question, an answer, an action and its owner."""
    add_question(store, meeting_id=1, text=HOSTILE, references=["CC-001"], by=OFFICE)
    answer(store, 4, HOSTILE)
    agree_action(
        store, meeting_id=1, what=HOSTILE, owner=HOSTILE, due_on=TODAY, question=asked(store, 4), by=OFFICE
    )

    for app in (open_page(OFFICE, question="4"), open_page(OFFICE, question="end")):
        for live in (" <script>", " :red[x]", "![i]", "[l](javascript:"):
            assert live not in said(app)


def test_the_facts_behind_are_one_click_away_and_so_is_the_way_back(open_page: Opens) -> None:
    """For who writes here the way keeps what was typed; the recommendation leads back to the question."""
    app = fill(open_page(OFFICE, question="2"), words="Half a sentence")
    app = app.button(key="choose-behind-CC-002").click().run()
    assert app.title[0].value == "Do CC-002"

    back = next(one.proto for one in app.get("page_link") if one.proto.label == "Back to question 2")

    assert back.page == "room"
    assert "meeting=1" in back.query_string
    assert "question=2" in back.query_string
    app.switch_page("pages/room.py")
    for name, value in (("meeting", "1"), ("question", "2")):
        app.query_params[name] = value
    assert app.run().text_area[0].value == "Half a sentence"


def test_a_recommendation_leads_back_only_where_somebody_came_from_a_question(open_page: Opens) -> None:
    """Words of an address that no page wrote make no link."""
    app = open_page(OFFICE, "", page="recommendation", ref="CC-001")

    for meeting, question in (("1", "<b>"), ("1", ""), ("x", "2"), ("²", "2")):
        app.query_params["meeting"], app.query_params["question"] = meeting, question
        assert app.run().title[0].value == "Do CC-001"
        assert not [one for one in app.get("page_link") if one.proto.label.startswith("Back to")]
