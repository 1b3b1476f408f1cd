"""A passage in the text of its file, and two wordings as one: what is marked, what is left out, what is escaped."""

from streamlit.testing.v1 import AppTest

from monitor.ui import passages


def shown(before: str, passage: str, after: str, *, whole: bool = False) -> AppTest:
    """Return a page that shows a passage."""

    def page(before: str, passage: str, after: str) -> None:
        from monitor.ui.passages import show_marked

        show_marked(before, passage, after, key="one", name='a "file" <b>.txt')

    app = AppTest.from_function(page, args=(before, passage, after))
    if whole:
        app.session_state["one-all"] = True
    return app.run()


def html(app: AppTest) -> str:
    """Return what was drawn."""
    assert not app.exception
    return "".join(one.proto.body for one in app.get("html"))


def difference(before: str, after: str) -> str:
    """Return two wordings as they are drawn."""

    def page(before: str, after: str) -> None:
        from monitor.ui.passages import show_difference

        show_difference(before, after)

    return html(AppTest.from_function(page, args=(before, after)).run())


def test_passage_is_marked_between_what_stands_around_it() -> None:
    """A short text is there whole, and nothing is offered besides."""
    app = shown("One.\n", "Two.", "\nThree.")
    assert "One.\n<mark>Two.</mark>\nThree." in html(app)
    assert not app.toggle


def test_long_text_is_cut_at_a_word_until_all_of_it_is_asked_for() -> None:
    """Of two hundred pages the nearest words are shown, with the sum of characters to open."""
    before, after = "first " + "word " * 60_000, "word " * 60_000 + "last"
    app = shown(before, "Here.", after)
    assert len(html(app)) < passages.BEFORE + passages.AFTER + 400
    assert "… word " in html(app)
    assert "word …" in html(app)
    assert app.toggle[0].label == "Show the whole text (600,015 characters)"
    whole = html(shown(before, "Here.", after, whole=True))
    assert "first word" in whole
    assert "word last" in whole


def test_markup_of_a_file_and_of_its_name_is_text() -> None:
    """Nothing that a file says becomes an element or leaves its attribute."""
    drawn = html(shown("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\u202eturned & </mark>"))
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert drawn.count("</mark>") == 1
    assert "\u202e" not in drawn
    assert 'aria-label="Text of a &quot;file&quot; &lt;b&gt;.txt, with the passage marked"' in drawn


def test_words_taken_out_and_put_in_are_told_apart() -> None:
    """What both have stands once; the rest is struck through or underlined."""
    drawn = difference("The force should act by March.", "The force must act by March, and report.")
    assert "<del>should</del> <ins>must</ins>" in drawn
    assert drawn.count("force") == 1
    assert "and report." in drawn


def test_wordings_that_share_little_are_shown_one_after_the_other() -> None:
    """As one text nobody could read them."""
    drawn = difference("Train every sergeant.", "By March, forces should review how scenes are managed.")
    assert "<del>Train every sergeant.</del>" in drawn
    assert "<ins>By March, forces should review how scenes are managed.</ins>" in drawn


def test_markup_in_a_wording_is_text() -> None:
    """Both sides are escaped, whether they differ or not."""
    drawn = difference("<b>one</b> two", "<b>one</b> <i>three</i> two")
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert "&lt;b&gt;one&lt;/b&gt;" in drawn
