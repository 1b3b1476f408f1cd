"""What each reader makes of a document: the same blocks, whatever it was written in."""

import io
import zlib
from collections.abc import Iterator
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from monitor.errors import UnreadableFileError
from monitor.importers.blocks import BOLD_LEVEL, Block, Document, tidy
from monitor.importers.read_docx import read_docx
from monitor.importers.read_html import read_html
from monitor.importers.read_odt import read_odt
from monitor.importers.read_pdf import read_pdf
from monitor.importers.read_text import read_markdown, read_text
from tests.importers.files import (
    Words,
    deflated,
    good_word,
    odt,
    paragraph,
    pdf,
    relations,
    saved,
    types,
    word,
    word_parts,
    zipped,
)

FLATTENED = """\
Cumbria Office of Police and Crime Commissioner
 \tInspection Title:\x20
\tBoth sides of the coin\x20

\tKey Findings

\tIn this report we examine:
-call handling
· technology

We aim to help.

\tRecommendations:

\t1. #23432 – By March 2023, forces should:
· review
2. #23475 – Recommendation 2

\tResponse:

[bookmark: _GoBack]The Chief Constable welcomes it.
\t\tInspection Title:

\t\tIntegrated PEEL
"""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No reader opens a connection, whatever a document asks for."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a reader asked for the network")

    for name in ("socket.socket.connect", "socket.create_connection", "socket.getaddrinfo"):
        monkeypatch.setattr(name, refuse)


def kinds(document: Document) -> list[tuple[str, str]]:
    """Return kind and text of each block, once it is seen that every block stands where it says."""
    assert all(block.text == tidy(document.text[block.start : block.end]) for block in document.blocks)
    return [(block.kind, block.text) for block in document.blocks]


def places(document: Document) -> list[tuple[int | None, int | None, int | None, str]]:
    """Return table, row and column of each block that is in one."""
    return [
        (block.table, block.row, block.column, block.text)
        for block in document.blocks
        if block.table is not None
    ]


def of(document: Document, text: str) -> Block:
    """Return the block with this text."""
    return next(block for block in document.blocks if block.text == text)


class TestText:
    """Plain text and Markdown."""

    def test_flattened_table_gives_cells_and_what_is_in_them(self) -> None:
        """Tabs begin cells, marks begin items, and the lines that follow belong to the cell."""
        document = read_text("a.txt", FLATTENED.encode())

        assert document.text == FLATTENED
        assert kinds(document) == [
            ("paragraph", "Cumbria Office of Police and Crime Commissioner"),
            ("cell", "Inspection Title:"),
            ("cell", "Both sides of the coin"),
            ("cell", "Key Findings"),
            ("cell", "In this report we examine:"),
            ("item", "call handling"),
            ("item", "technology"),
            ("paragraph", "We aim to help."),
            ("cell", "Recommendations:"),
            ("item", "1. #23432 – By March 2023, forces should:"),
            ("item", "review"),
            ("item", "2. #23475 – Recommendation 2"),
            ("cell", "Response:"),
            ("paragraph", "The Chief Constable welcomes it."),
            ("cell", "Inspection Title:"),
            ("cell", "Integrated PEEL"),
        ]

    def test_cell_knows_its_table_and_row(self) -> None:
        """Two tabs are a table of their own; what follows a cell has its row."""
        document = read_text("a.txt", FLATTENED.encode())

        assert of(document, "We aim to help.").row == of(document, "In this report we examine:").row == 3
        assert (of(document, "Integrated PEEL").table, of(document, "Integrated PEEL").depth) == (1, 1)
        assert document.blocks[0].table is None

    @pytest.mark.parametrize(
        ("content", "note"),
        [
            ("Victim’s".encode(), None),
            ("\ufeffVictim’s".encode(), None),
            ("Victim’s".encode("utf-16"), None),
            ("\ufeffVictim’s".encode("utf-16-be"), None),
            ("Victim’s".encode("cp1252"), "read as Windows-1252"),
        ],
    )
    def test_encoding_is_told(self, content: bytes, note: str | None) -> None:
        """UTF-8 and UTF-16 are sure; anything else is said."""
        document = read_text("a.txt", content)

        assert document.text == "Victim’s"
        assert [sentence for sentence in document.notes if (note or "") not in sentence] == []
        assert bool(document.notes) is bool(note)

    @pytest.mark.parametrize("content", [b"a\x81", b"\xff\xfe\x00"])
    def test_encoding_that_cannot_be_told_is_refused(self, content: bytes) -> None:
        """Letters are never guessed."""
        with pytest.raises(UnreadableFileError, match="an encoding we cannot tell"):
            read_text("a.txt", content)

    def test_lines_broken_at_a_width_are_one_paragraph(self) -> None:
        """Some programs break lines; the words go on."""
        line = "forces should make sure that what they do is what they say they do"
        text = f"{line}\n{line}\n{line}\nend.\n\n- {line}\n{line}\n"

        assert kinds(read_text("a.txt", text.encode())) == [
            ("paragraph", f"{line}\n{line}\n{line}\nend."),
            ("item", f"{line}\n{line}"),
        ]

    def test_text_that_looks_like_something_stays_text(self) -> None:
        """Scripts, formulas and marks are words like others; what cannot be seen goes."""
        text = "<script>alert(1)</script>\n=1+1\n$x$ %{y}\n{{ 7*7 }}\na\u202eb\n"

        assert read_text("a.txt", f"{text}\x07".encode()).text == text

    def test_nothing_but_blanks_is_refused(self) -> None:
        """A file without words is said to be one."""
        with pytest.raises(UnreadableFileError, match="holds no words"):
            read_text("a.txt", b" \n\t\n")

    def test_markdown(self) -> None:
        """Headings, lists and tables are blocks; marks of emphasis and addresses go."""
        text = (
            "# Report\n\nSome **strong** and *leaning* words,\nbroken, [linked](http://a/b).\n\nSection\n-------\n"
            "- one\n  - inner\n- two\n\n1. first\n2. second\n\n| Ref | Words |\n| --- | --- |\n| 1 | `a` |\n\n***\nend"
        )
        document = read_markdown("a.md", text.encode())

        assert kinds(document) == [
            ("heading", "Report"),
            ("paragraph", "Some strong and leaning words,\nbroken, linked."),
            ("heading", "Section"),
            ("item", "one"),
            ("item", "inner"),
            ("item", "two"),
            ("item", "1. first"),
            ("item", "2. second"),
            ("cell", "Ref"),
            ("cell", "Words"),
            ("cell", "1"),
            ("cell", "a"),
            ("paragraph", "end"),
        ]
        assert [block.depth for block in document.blocks[:6]] == [1, 0, 2, 0, 1, 0]
        assert places(document)[-1] == (0, 1, 1, "a")


class TestWord:
    """Word documents."""

    def test_good_document(self) -> None:
        """Headings, lists with their numbers, and a table row by row with joined cells once."""
        document = read_docx("a.docx", good_word())

        assert kinds(document) == [
            ("heading", "Finding time for crime"),
            ("heading", "Recommendations"),
            ("paragraph", "Published on 11 August 2022."),
            ("item", "giving victims advice"),
            ("item", "1. forces should review"),
            ("item", "2. forces should report"),
            ("cell", "Reference"),
            ("cell", "Words"),
            ("cell", "By"),
            ("cell", "#23432 forces should"),
            ("item", "first"),
            ("item", "second"),
            ("cell", "March 2023"),
        ]
        assert places(document)[-4:] == [
            (0, 1, 0, "#23432 forces should"),
            (0, 1, 0, "first"),
            (0, 1, 0, "second"),
            (0, 1, 2, "March 2023"),
        ]
        assert document.notes == ()

    def test_tracked_changes_are_read_as_accepted_and_counted(self) -> None:
        """What was inserted counts, what was deleted does not, and no name is kept."""
        body = (
            '<w:p><w:r><w:t xml:space="preserve">By March </w:t></w:r>'
            '<w:del w:author="Secret Name"><w:r><w:delText>2022</w:delText></w:r></w:del>'
            '<w:ins w:author="Secret Name"><w:r><w:t>2023</w:t></w:r></w:ins></w:p>'
            '<w:p><w:pPr><w:rPr><w:del w:author="x"/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">joined </w:t>'
            "</w:r></w:p>" + paragraph("on")
        )
        document = read_docx("a.docx", word(body))

        assert kinds(document) == [("paragraph", "By March 2023"), ("paragraph", "joined on")]
        assert document.notes == (
            "The document has tracked changes: 1 insertion read as part of the text, 2 deletions left out. "
            "Who made them is not kept.",
        )
        assert "Secret" not in str(document)

    def test_deleted_row_is_not_read(self) -> None:
        """A row taken out under tracked changes is out."""
        cell = "<w:tc>{}</w:tc>"
        kept, gone = (cell.format(paragraph(words)) for words in ("kept", "gone"))
        body = f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{gone}</w:tr><w:tr>{kept}</w:tr></w:tbl>"

        assert kinds(read_docx("a.docx", word(body))) == [("cell", "kept")]

    def test_joined_and_inner_cells_are_read_once(self) -> None:
        """A cell joined downwards is in its first row; a table in a cell is a table of its own."""
        inner = f"<w:tbl><w:tr><w:tc>{paragraph('inner')}</w:tc></w:tr></w:tbl>"
        down = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>'
        body = (
            f"<w:tbl><w:tr><w:tc>{down}{paragraph('both')}</w:tc><w:tc>{paragraph('a')}{inner}{paragraph('b')}</w:tc>"
            f"</w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('unseen')}</w:tc>"
            f"<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{paragraph('c')}</w:tc><w:tc>{paragraph('d')}</w:tc>"
            "</w:tr></w:tbl>"
        )
        document = read_docx("a.docx", word(body))

        assert places(document) == [
            (0, 0, 0, "both"),
            (0, 0, 1, "a"),
            (1, 0, 0, "inner"),
            (0, 0, 1, "b"),
            (0, 1, 1, "c"),
            (0, 1, 3, "d"),
        ]
        assert [block.kind for block in document.blocks] == [
            "cell",
            "cell",
            "cell",
            "paragraph",
            "cell",
            "cell",
        ]

    def test_what_stands_inside_a_paragraph(self) -> None:
        """Links, controls, breaks, fields and symbols are read; instructions and hidden text are not."""
        body = (
            '<w:p><w:hyperlink r:id="r9"><w:r><w:t>linked</w:t></w:r></w:hyperlink><w:r><w:br/><w:t>next</w:t>'
            '<w:tab/><w:t>tab</w:t><w:noBreakHyphen/></w:r><w:r><w:sym w:char="F0B7"/></w:r>'
            "<w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple w:instr='PAGE'><w:r><w:t>7</w:t></w:r>"
            "</w:fldSimple><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:sdt><w:sdtContent><w:r>"
            "<w:t>!</w:t></w:r></w:sdtContent></w:sdt><w:r><w:commentReference/><w:footnoteReference/></w:r></w:p>"
        )
        document = read_docx("a.docx", word(body))

        assert kinds(document) == [("paragraph", "linked\nnext tab-•7!")]
        assert document.notes == (
            "Hidden text was left out (1 place).",
            "The comments in the margin were not read.",
            "The footnotes were not read.",
        )

    def test_text_box_is_read_once_after_its_paragraph(self) -> None:
        """Word keeps a box twice, for itself and for older programs."""
        box = f"<w:txbxContent>{paragraph('in the box')}</w:txbxContent>"
        body = (
            "<w:p><w:r><w:t>before</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing>"
            f"{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
            f"</w:r></w:p>{paragraph('after')}"
        )

        assert [text for _, text in kinds(read_docx("a.docx", word(body)))] == [
            "before",
            "in the box",
            "after",
        ]

    def test_numbers_that_word_only_shows_are_read(self) -> None:
        """The words "Recommendation 1" are often the number of a list and stands nowhere in the text."""
        level = (
            '<w:lvl w:ilvl="{}"><w:start w:val="{}"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
        )
        numbering = (
            '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f'<w:abstractNum w:abstractNumId="1">{level.format(0, 3, "decimal", "Recommendation %1")}'
            f"{level.format(1, 1, 'lowerLetter', '%1%2)')}{level.format(2, 1, 'upperRoman', '%3.')}</w:abstractNum>"
            '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
            '<w:num w:numId="6"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
            "</w:lvlOverride></w:num></w:numbering>"
        )
        listed = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'
        rows = ((0, 5), (1, 5), (2, 5), (1, 5), (0, 5), (1, 5), (0, 6), (0, 6), (0, 0), (0, 99))
        body = "".join(paragraph("words", listed.format(*row)) for row in rows)
        parts = {
            "word/_rels/document.xml.rels": relations(("numbering", "numbering.xml", False)),
            "word/numbering.xml": numbering,
        }

        assert [text for _, text in kinds(read_docx("a.docx", word(body, parts)))] == [
            "Recommendation 3 words",
            "3a) words",
            "I. words",
            "3b) words",
            "Recommendation 4 words",
            "4a) words",
            "Recommendation 1 words",
            "Recommendation 2 words",
            "words",
            "words",
        ]

    def test_table_of_contents_is_left_out(self) -> None:
        """Its lines repeat the headings."""
        document = docx.Document()
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("Recommendation 1 .... 7", style="toc 1")
        document.add_paragraph("Recommendation 1")
        read = read_docx("a.docx", saved(document))

        assert kinds(read) == [("paragraph", "Recommendation 1")]
        assert read.notes == ("The table of contents was left out.",)

    def test_heading_by_outline_or_by_a_style_resting_on_another(self) -> None:
        """An office's own heading style is a heading."""
        document = docx.Document()
        own: Any = document.styles.add_style("Office Heading", 1)
        own.base_style = document.styles["Heading 2"]
        document.add_paragraph("by style", style="Office Heading")
        direct = document.add_paragraph("by outline")
        properties: Any = direct._p.get_or_add_pPr()
        properties.append(
            parse_xml(paragraph("", "<w:outlineLvl w:val='2'/>").replace("<w:p>", _NAMED))[0][0]
        )
        read = read_docx("a.docx", saved(document))

        assert [(block.kind, block.depth) for block in read.blocks] == [("heading", 2), ("heading", 3)]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (lambda: word("<w:p/>"), "has no text"),
            (lambda: zipped({"[Content_Types].xml": types()}.items()), "has no text in it"),
            (
                lambda: zipped({**word_parts(), "word/document.xml": "<a/>"}.items()),
                "no text that can be found",
            ),
            (
                lambda: word(more={"word/document.xml": "<a xmlns='http://purl.oclc.org/ooxml/a'/>"}),
                "Strict Open XML",
            ),
        ],
    )
    def test_document_without_text_is_refused(self, content: Any, words: str) -> None:
        """The sentence says what would be right."""
        with pytest.raises(UnreadableFileError, match=words):
            read_docx("a.docx", content())


_NAMED = '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


class TestOpenDocument:
    """OpenDocument texts."""

    def test_good_document(self) -> None:
        """Headings, lists with their numbers, tables, and what is left out."""
        styles = (
            '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
            'style:num-suffix="."/><text:list-level-style-bullet text:level="2"/></text:list-style>'
        )
        item = "<text:list-item><text:p>{}</text:p>{}</text:list-item>"
        inner = f"<text:list>{item.format('inner', '')}</text:list>"
        body = (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes>"
            '<text:h text:outline-level="2">Recommendations</text:h>'
            '<text:p>By<text:s text:c="2"/><text:span>March</text:span> 2023<text:line-break/>'
            '<text:a xlink:href="https://a/">link</text:a><office:annotation><text:p>comment</text:p>'
            "</office:annotation><text:note><text:p>foot</text:p></text:note>.</text:p>"
            f'<text:list text:style-name="L1">{item.format("first", inner)}{item.format("second", "")}</text:list>'
            f'<text:list text:style-name="L1">{item.format("again", "")}</text:list>'
            f'<text:list text:style-name="L1" text:continue-numbering="true">{item.format("more", "")}</text:list>'
            "<table:table><table:table-header-rows><table:table-row>"
            '<table:table-cell table:number-columns-spanned="2"><text:p>Ref</text:p></table:table-cell>'
            "<table:covered-table-cell><text:p>unseen</text:p></table:covered-table-cell>"
            "<table:table-cell><text:p>By</text:p><text:p>when</text:p></table:table-cell></table:table-row>"
            "</table:table-header-rows></table:table>"
            "<text:section><text:p><draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>"
            "</text:p></text:section><text:table-of-content><text:p>toc</text:p></text:table-of-content>"
        )
        document = read_odt("a.odt", odt(body, styles))

        assert kinds(document) == [
            ("heading", "Recommendations"),
            ("paragraph", "By  March 2023\nlink."),
            ("item", "1. first"),
            ("item", "inner"),
            ("item", "2. second"),
            ("item", "1. again"),
            ("item", "2. more"),
            ("cell", "Ref"),
            ("cell", "By"),
            ("paragraph", "when"),
            ("paragraph", "box"),
        ]
        assert places(document) == [(0, 0, 0, "Ref"), (0, 0, 2, "By"), (0, 0, 2, "when")]
        assert of(document, "inner").depth == 1
        assert len(document.notes) == 4

    def test_document_without_text_is_refused(self) -> None:
        """The sentence says what to ask for."""
        with pytest.raises(UnreadableFileError, match="has no text"):
            read_odt("a.odt", odt("<text:p/>"))
        with pytest.raises(UnreadableFileError, match="has no text in it"):
            read_odt("a.odt", odt(more={"content.xml": "<a/>"}))


class TestWebPage:
    """Saved web pages."""

    def test_main_content_alone_is_read(self) -> None:
        """Menus, banners, scripts and footers are round the content and not in it."""
        page = """<!doctype html><html lang=en><head><title>Report - HMICFRS</title><base href="http://127.0.0.1:9/">
            <meta http-equiv=refresh content="0;url=http://127.0.0.1:9/"><script>document.write("<p>no")</script></head>
            <body><div id=CybotCookiebot class=cookie-banner><h2>Cookies</h2><p>We use cookies</div>
            <header><a href=/>Home</a></header><nav><ul><li>Menu</ul></nav><div role=navigation>More</div>
            <div class="has-sidebar"><h1>Report</h1><p>One <a href=x>link</a>,<br>two   blanks.<p hidden>unseen
            <h2>Recommendations</h2><ol start=2><li>second<ul><li>inner</ul><li><p>third</p><p>more</p></ol>
            <table><tr><th>Ref<th>Words<tr><td rowspan=2>1<td>a<ul><li>x</ul><tr><td>b</table>
            <img src=http://127.0.0.1:9/a.png alt=picture><iframe src=http://127.0.0.1:9/></iframe></div>
            <aside>side</aside><footer>foot</footer></body></html>"""
        document = read_html("a.html", page.encode())

        assert kinds(document) == [
            ("heading", "Report"),
            ("paragraph", "One link,\ntwo blanks."),
            ("heading", "Recommendations"),
            ("item", "2. second"),
            ("item", "inner"),
            ("item", "3. third"),
            ("paragraph", "more"),
            ("cell", "Ref"),
            ("cell", "Words"),
            ("cell", "1"),
            ("cell", "a"),
            ("item", "x"),
            ("cell", "b"),
        ]
        assert places(document)[-1] == (0, 2, 1, "b")
        assert document.notes == ()

    def test_element_marked_as_main_is_what_is_read(self) -> None:
        """Where a page says which part of it is the content, that part is read, under the title of the page."""
        page = f"<title>Report</title><div><p>before</div><main><p>{'words ' * 50}</main><div>after</div>"

        assert kinds(read_html("a.html", page.encode())) == [
            ("heading", "Report"),
            ("paragraph", ("words " * 50).strip()),
        ]

    @pytest.mark.parametrize(
        ("page", "note"),
        [
            ("<html lang=en class=translated-ltr><body><p>words", "translated by a machine"),
            ("<html lang=en><body><p _msttexthash=1>words", "translated by a machine"),
            ("<html lang=cy><body><p>geiriau", "not in English (language cy)"),
            ("<html lang=en-GB><body><p>words", None),
        ],
    )
    def test_translation_is_said(self, page: str, note: str | None) -> None:
        """Words that a browser has translated are not the inspectorate's words."""
        notes = read_html("a.html", page.encode()).notes

        assert [note in sentence for sentence in notes if note] == ([True] if note else [])
        assert bool(notes) is bool(note)

    @pytest.mark.parametrize(
        "content",
        [
            "<meta charset=windows-1252><p>Victim’s".encode("cp1252"),
            "<p>Victim’s".encode(),
            "\ufeff<p>Victim’s".encode("utf-16-le"),
            "<meta charset=no-such-thing><p>Victim’s".encode(),
        ],
    )
    def test_encoding_is_told(self, content: bytes) -> None:
        """The mark leads, then what the page states."""
        assert read_html("a.html", content).blocks[0].text == "Victim’s"

    @pytest.mark.parametrize(
        "page",
        [
            "<p>words" + "<table><tr><td>" * 8_000,
            "<p>words<table><tr>" + "<td colspan=99999999 rowspan=99999999>" * 300,
            "<p>words" + "<div class=nav>" * 900,
            "<p>words" + "<ul><li>" * 900,
        ],
    )
    def test_deep_or_wide_page_is_read_as_far_as_it_makes_sense(self, page: str) -> None:
        """The walk goes by children only, a hundred deep at most."""
        assert read_html("a.html", page.encode()).blocks[0].text == "words"

    @pytest.mark.parametrize(
        ("page", "words"),
        [
            ("<div>" * 60_000, "far more elements than a page to read"),
            ("<p>" * 900_000, "far more elements than a page to read"),
            ("<body><script>x</script><div id=root></div>", "holds no text of its own"),
            ("<title>Report</title><nav>Home</nav>", "holds no text of its own"),
        ],
    )
    def test_page_without_text_is_refused(self, page: str, words: str) -> None:
        """The sentence says what to do instead."""
        with pytest.raises(UnreadableFileError, match=words):
            read_html("a.html", page.encode())


class TestBold:
    """Short paragraphs in bold, which stand for headings in most offices' documents."""

    def test_word_paragraph_in_bold_is_a_heading(self) -> None:
        """Bold by its runs or by its style; not where plain words stand beside it, nor in a table."""
        document = docx.Document()
        for bold, plain in (
            ("Recommendation 1", ""),
            ("Published:", " May 2021"),
            ("We saw this ourselves.", ""),
        ):
            run = document.add_paragraph()
            run.add_run(bold).bold = True
            run.add_run(plain)
        style = document.styles.add_style("Label", 1)
        style.font.bold = True
        document.add_paragraph("Area for improvement", style=style)
        cell = document.add_table(1, 1).cell(0, 0)
        cell.paragraphs[0].add_run("Key findings").bold = True
        read = read_docx("a.docx", saved(document))

        assert [block.text for block in read.blocks if block.kind == "heading"] == [
            "Recommendation 1",
            "Area for improvement",
        ]
        assert of(read, "Recommendation 1").depth == BOLD_LEVEL

    def test_word_run_that_is_not_bold_after_all(self) -> None:
        """A run can switch off what its style has switched on."""
        off = '<w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t>Plain words</w:t></w:r>'

        assert kinds(read_docx("a.docx", word(f"<w:p>{off}</w:p>"))) == [("paragraph", "Plain words")]

    @pytest.mark.parametrize(
        ("page", "kind"),
        [
            ("<p><strong>Area for improvement</strong></p>", "heading"),
            ("<p><b>Recommendation</b> <strong>1</strong></p>", "heading"),
            ("<p><strong>Recommendation 1:</strong> count the vans</p>", "paragraph"),
            ("<p><strong>We were pleased with this.</strong></p>", "paragraph"),
            ("<ul><li><strong>Vans</strong></li></ul>", "item"),
            ("<table><tr><td><strong>Vans</strong></td></tr></table>", "cell"),
        ],
    )
    def test_page_paragraph_in_bold_is_a_heading(self, page: str, kind: str) -> None:
        """All of the paragraph, short, and ended by no full stop."""
        assert read_html("a.html", f"<main>{page}<p>after</p></main>".encode()).blocks[0].kind == kind

    def test_open_document_paragraph_in_bold_is_a_heading(self) -> None:
        """Bold by the paragraph's style, or by the style of all its stretches."""
        styles = (
            '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold" '
            'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"/></style:style>'
        )
        body = (
            '<text:p><text:span text:style-name="B">Key findings</text:span></text:p>'
            '<text:p><text:span text:style-name="B">Title:</text:span> Vans</text:p><text:p>Words</text:p>'
        )

        assert [kind for kind, _ in kinds(read_odt("a.odt", odt(body, styles)))] == [
            "heading",
            "paragraph",
            "paragraph",
        ]

    def test_markdown_paragraph_in_bold_is_a_heading(self) -> None:
        """One line between two pairs of stars."""
        read = read_markdown("a.md", b"**Key findings**\n\n**Title:** Vans\n")

        assert [kind for kind, _ in kinds(read)] == ["heading", "paragraph"]


class TestNumbersOfWord:
    """What Word's own numbering puts in front of a paragraph."""

    LEVEL = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="{}"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    IN_LIST = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'

    def read(self, pattern: str, *texts: str) -> Document:
        """Return paragraphs numbered with a pattern."""
        main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        return read_docx(
            "a.docx",
            word(
                "".join(paragraph(text, self.IN_LIST) for text in texts),
                {
                    "word/numbering.xml": f'<w:numbering xmlns:w="{main}">{self.LEVEL.format(pattern)}</w:numbering>',
                    "word/_rels/document.xml.rels": relations(("numbering", "numbering.xml", False)),
                },
            ),
        )

    def test_label_in_front_of_nothing_is_read(self) -> None:
        """An empty paragraph shows "Recommendation 1" where its list says so, and counts."""
        read = self.read("Recommendation %1", "", "Vans")

        assert kinds(read) == [("paragraph", "Recommendation 1"), ("item", "Recommendation 2 Vans")]

    def test_bare_number_gets_its_full_stop(self) -> None:
        """Without it nobody could tell the number of a paragraph from a quantity."""
        assert kinds(self.read("%1", "vans were seen")) == [("item", "1. vans were seen")]

    def test_empty_paragraph_of_a_plain_list_gives_nothing(self) -> None:
        """It counts, as Word counts it, and is not shown."""
        assert kinds(self.read("%1.", "", "Vans")) == [("item", "2. Vans")]


def a_page(number: int, *lines: Words) -> list[Words]:
    """Return the lines of a page with a running head and a page number."""
    return [
        (72, 800, 9, "R", "PEEL 2023–25 Police effectiveness"),
        *lines,
        (290, 40, 9, "R", str(number)),
    ]


class TestPdf:
    """PDFs."""

    def test_lines_become_headings_paragraphs_and_items(self) -> None:
        """Larger print heads, a wider gap parts, a mark lists, and what repeats on every page goes."""
        long = "Forces should make sure that their crime scene management practices adhere"
        pages = [
            a_page(
                1,
                (72, 740, 20, "B", "Finding time for crime"),
                (72, 700, 11, "B", "Recommendation 1"),
                (72, 680, 11, "R", long),
                (72, 667, 11, "R", "to the author-"),
                (72, 654, 11, "R", "ised professional practice."),
                (72, 630, 11, "R", f"{long} and include:"),
                (72, 617, 11, "R", "• giving victims appropriate advice during"),
                (80, 604, 11, "R", "their initial call; and"),
                (72, 591, 11, "R", "• applying a risk assessment"),
            ),
            a_page(
                2,
                (80, 740, 11, "R", "process and recording it."),
                (72, 716, 11, "R", "1. first"),
                (72, 703, 11, "R", "2. second"),
            ),
            a_page(3, (72, 740, 11, "R", f"{long}."), (72, 716, 11, "R", "Contents ........... 7")),
        ]
        document = read_pdf("a.pdf", pdf(pages))

        assert kinds(document) == [
            ("heading", "Finding time for crime"),
            ("heading", "Recommendation 1"),
            ("paragraph", f"{long} to the authorised professional practice."),
            ("paragraph", f"{long} and include:"),
            ("item", "giving victims appropriate advice during their initial call; and"),
            ("item", "applying a risk assessment process and recording it."),
            ("item", "1. first"),
            ("item", "2. second"),
            ("paragraph", f"{long}."),
        ]
        assert [block.depth for block in document.blocks[:2]] == [1, 2]
        assert document.notes == (
            "Running heads, running feet and page numbers were left out.",
            "The table of contents was left out.",
        )

    def test_hyphen_of_a_word_is_kept_where_the_document_writes_it(self) -> None:
        """The document itself says whether a hyphen at a line's end belongs to the word."""
        lines: list[Words] = [
            (72, 700, 11, "R", "The counter-corruption unit should look after the counter-"),
            (72, 687, 11, "R", "corruption plan and the inform-"),
            (72, 674, 11, "R", "ation it has."),
        ]

        assert kinds(read_pdf("a.pdf", pdf([lines])))[0][1] == (
            "The counter-corruption unit should look after the counter-corruption plan and the information it has."
        )

    def test_two_pages_are_enough_for_a_running_head(self) -> None:
        """What stands at the same place of both pages goes; on a single page it stays."""
        words = "Forces should make sure that their vans are counted."
        two = [a_page(1, (72, 700, 11, "R", words)), a_page(2, (72, 700, 11, "R", "This is for all forces."))]

        assert [text for _, text in kinds(read_pdf("a.pdf", pdf(two)))] == [words, "This is for all forces."]
        assert "PEEL" in read_pdf("a.pdf", pdf(two[:1])).text

    def test_columns_are_measured_by_their_own_width(self) -> None:
        """A sentence that ends at the edge of a narrow column does not end its paragraph."""
        wide = "Forces should make sure that their crime scene management practices adhere to what is authorised."
        page: list[Words] = [
            (72, 700, 11, "R", wide),
            (72, 660, 11, "R", "The force spoke to every victim of crime."),
            (72, 647, 11, "R", "The force should do so in time, and more."),
            (320, 660, 11, "R", "It looks at all its plans with its partners."),
            (320, 647, 11, "R", "They met often."),
        ]

        assert [text for _, text in kinds(read_pdf("a.pdf", pdf([page])))][1:] == [
            "The force spoke to every victim of crime. The force should do so in time, and more.",
            "It looks at all its plans with its partners. They met often.",
        ]

    def test_numbered_paragraphs_stand_apart(self) -> None:
        """A new number begins a paragraph, whatever the space above it; a short line ends one."""
        page: list[Words] = [
            (72, 700, 11, "R", "2.1 Recommendation 5"),
            (72, 687, 11, "R", "2.2 By March 2023, forces should count their vans and their boats, and say"),
            (72, 674, 11, "R", "how many they are."),
            (72, 661, 11, "R", "2.3 The force has done so."),
        ]

        assert [text for _, text in kinds(read_pdf("a.pdf", pdf([page])))] == [
            "2.1 Recommendation 5",
            "2.2 By March 2023, forces should count their vans and their boats, and say how many they are.",
            "2.3 The force has done so.",
        ]

    def test_set_in_lines_after_a_colon_are_items(self) -> None:
        """Browsers draw their bullets as pictures."""
        lines: list[Words] = [
            (72, 700, 11, "R", "Forces should make sure that they do all of the following in time:"),
            (100, 687, 11, "R", "review the plans that they have made for it; and"),
            (100, 674, 11, "R", "report what came of it."),
            (72, 650, 11, "R", "This is for all forces."),
        ]

        assert [kind for kind, _ in kinds(read_pdf("a.pdf", pdf([lines])))] == [
            "paragraph",
            "item",
            "item",
            "paragraph",
        ]

    def test_page_without_text_is_said(self) -> None:
        """A scanned page in between is not read, and the person knows."""
        document = read_pdf("a.pdf", pdf([[(72, 700, 11, "R", "Words on a page.")], [], []]))

        assert document.notes == (
            "2 pages have no text (2, 3): if they are pictures, what they say was not read.",
        )

    def test_text_that_is_not_to_be_seen_is_said(self) -> None:
        """Invisible print may say what the page does not."""
        stream = b"BT 3 Tr /R 11 Tf 72 700 Td (unseen words) Tj ET"

        assert "not to be seen" in read_pdf("a.pdf", pdf([], streams=[stream])).notes[0]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (lambda: pdf([[]]), "its pages are pictures. Ask for the document itself"),
            (lambda: pdf([[(72, 700, 11, "R", "words")]])[:300], "is damaged|its pages are pictures"),
            (lambda: b"%PDF-1.7\nnothing", "is damaged"),
            (
                lambda: pdf([], streams=[deflated(b"\0" * (100 << 20), 1)], filters="/Filter /FlateDecode"),
                "unpacks to far more than a report",
            ),
        ],
        ids=["pictures", "cut", "nothing", "bomb"],
    )
    def test_pdf_that_cannot_be_read_is_refused(self, content: Any, words: str) -> None:
        """The sentence says what to ask for."""
        with pytest.raises(UnreadableFileError, match=words):
            read_pdf("a.pdf", content())

    def test_locked_pdf_is_refused(self) -> None:
        """A PDF with a password says so."""
        locked = _locked_pdf()

        with pytest.raises(UnreadableFileError, match="protected with a password"):
            read_pdf("a.pdf", locked)

    def test_picture_of_a_chart_made_by_matplotlib_is_read(self) -> None:
        """A writer that is not ours: its letters come with fonts and tables of their own."""
        import matplotlib.figure

        figure = matplotlib.figure.Figure()
        figure.text(0.1, 0.5, "Forces should review their plans.")
        out = io.BytesIO()
        figure.savefig(out, format="pdf")

        assert [text for _, text in kinds(read_pdf("a.pdf", out.getvalue()))] == [
            "Forces should review their plans."
        ]


def _locked_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(pdf([[(72, 700, 11, "R", "words")]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def no_file_is_written(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No reader opens a file to write."""
    opened: list[str] = []
    real = io.open

    def watched(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        if set(mode) & set("wxa+"):
            opened.append(str(file))
        return real(file, mode, *more, **named)

    monkeypatch.setattr("builtins.open", watched)
    yield
    assert opened == []


def test_bombs_of_these_tests_are_small() -> None:
    """What stands in these tests is small on disk."""
    assert len(zlib.compress(b"\0" * (100 << 20))) < 200_000
