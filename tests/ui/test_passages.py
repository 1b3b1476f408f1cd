"""A passage in the text of its file, and two wordings as one: what is marked, what is left out, what is escaped."""

from streamlit.testing.v1 import AppTest

from monitor.ui import passages


def shown(text: str, passage: str, *, whole: bool = False) -> AppTest:
    """Return a page that shows a passage."""

    def page(text: str, start: int, end: int) -> None:
        from monitor.ui.passages import show_passage

        show_passage(text, start, end, key="one")

    start = text.index(passage)
    app = AppTest.from_function(page, args=(text, start, start + len(passage)))
    if whole:
        app.session_state["one-all"] = True
    app.run()
    assert not app.exception
    return app


def markdown(app: AppTest) -> str:
    """Return what is drawn as markdown."""
    assert not app.exception
    return "\n".join(str(one.value) for one in app.markdown)


def difference(before: str, after: str) -> str:
    """Return two wordings as they are drawn."""

    def page(before: str, after: str) -> None:
        from monitor.ui.passages import show_difference

        show_difference(before, after)

    return markdown(AppTest.from_function(page, args=(before, after)).run())


def test_passage_is_marked_between_what_stands_around_it() -> None:
    """A short text is there whole, with its lines and gaps, and nothing is offered besides."""
    app = shown("One. Two.\nThree.\n\n\n\nFour.", "Two.\nThree.")
    assert markdown(app) == "One. :orange-background[Two.]\\\n:orange-background[Three.]\n\nFour."
    assert not app.toggle


def test_long_text_is_cut_at_a_word_until_all_of_it_is_asked_for() -> None:
    """Of two hundred pages the nearest words are shown; the whole comes a part at a time, the passage's first."""
    text = "first " + "word " * 60_000 + "Here." + " word" * 60_000 + " last"
    app = shown(text, "Here.")
    assert len(markdown(app)) < passages.BEFORE + passages.AFTER + 100
    assert markdown(app).startswith("… word ")
    assert markdown(app).endswith("word …")
    assert app.toggle[0].label == "Show the whole text (600,016 characters)"
    whole = shown(text, "Here.", whole=True)
    assert ":orange-background[Here.]" in markdown(whole)
    assert passages.PART // 2 < len(markdown(whole)) < passages.PART + 100


def test_markup_of_a_file_is_text() -> None:
    """Nothing that a file says becomes an element, a link or a colour, nor leaves the mark."""
    drawn = markdown(shown("a <b> [l](javascript:x) ] :red[no] \u202eturned", "[l](javascript:x) ] :red[no]"))
    assert drawn == "a \\<b> :orange-background[\\[l\\](javascript\\:x) \\] \\:red\\[no\\]] turned"


def test_words_taken_out_and_put_in_are_told_apart() -> None:
    """What both have stands once; the rest is struck through, or bold on a tinted ground."""
    drawn = difference("The force should act by March.", "The force must act by March, and report.")
    assert ":gray[~~should~~] :blue-background[**must**]" in drawn
    assert drawn.count("force") == 1
    assert "and report." in drawn


def test_wordings_that_share_little_are_shown_one_after_the_other() -> None:
    """As one text nobody could read them."""
    drawn = difference("Train every sergeant.", "By March, forces should review how scenes are managed.")
    assert drawn == "Train every sergeant.\nBy March, forces should review how scenes are managed."


def test_markup_in_a_wording_is_text() -> None:
    """Both sides are escaped, whether they differ or not."""
    drawn = difference("<b>one</b> two ~~three~~", "<b>one</b> <i>three</i> two ~~three~~")
    assert "\\<b>one\\</b>" in drawn
    assert ":blue-background[**\\<i>three\\</i>**]" in drawn
    assert "\\~\\~three\\~\\~" in drawn
