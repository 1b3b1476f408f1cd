"""What may be kept as evidence: content decides, pictures by their headers, e-mails by what they carry; nothing is read."""

import zlib
from collections.abc import Callable

import pytest

from monitor.errors import UnreadableFileError
from monitor.importers import child
from monitor.importers.child import check_evidence, read_document
from monitor.importers.file_kinds import EVIDENCE
from monitor.importers.gate import admit, admit_evidence
from monitor.importers.mail import DEPTH_LIMIT
from monitor.importers.pictures import PIXEL_LIMIT
from tests.evidence import GOOD, a_jpeg, a_mail, a_png, chunk
from tests.importers.files import good_word, word, zipped

BOMB = zlib.compress(b"\0" * 20_000_000, 9)
ARCHIVE = zipped([("a.txt", "x")])


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_of_each_kind_is_let_through(name: str) -> None:
    """Refusing everything would pass every other test here."""
    assert check_evidence(name, GOOD[name]).name == name


@pytest.mark.parametrize(
    ("name", "build", "said"),
    [
        ("photo.png", lambda: a_jpeg(), "is another kind of picture than a PNG picture"),
        ("photo.jpg", lambda: a_png(), "is another kind of picture than a JPEG picture"),
        ("photo.png", lambda: b"GIF89a\1\0\1\0", "is another kind of picture"),
        ("photo.png", lambda: b"MZ\0\0", "is a program, not a PNG picture"),
        ("photo.png", lambda: b"<html><script>1</script>", "is a web page, not a PNG picture"),
        ("photo.png", lambda: a_png(30_000, 30_000), "30,000 × 30,000 points"),
        ("photo.jpg", lambda: a_jpeg(65_000, 65_000), "65,000 × 65,000 points"),
        ("photo.png", lambda: a_png(0, 5), "cut off or damaged"),
        ("photo.jpg", lambda: a_jpeg(5, 0), "cut off or damaged"),
        ("photo.png", lambda: a_png()[:-12], "cut off or damaged"),
        ("photo.jpg", lambda: a_jpeg()[:-2], "cut off or damaged"),
        ("photo.jpg", lambda: b"\xff\xd8\xff\xd9", "cut off or damaged"),
        ("photo.png", lambda: a_png(after=b"<script>"), "something else after its end"),
        ("photo.png", lambda: a_png(after=ARCHIVE), "two files in one"),
        ("photo.jpg", lambda: a_jpeg() + ARCHIVE, "two files in one"),
        ("photo.jpg", lambda: a_jpeg(thumbnail=b"%PDF-1.4"), "two files in one"),
        ("photo.png", lambda: a_png(2, 2, chunk(b"zTXt", b"Comment\0\0" + BOMB)), "unpacks to too much"),
        ("photo.png", lambda: a_png(2, 2, chunk(b"iCCP", b"icc\0\0" + BOMB)), "unpacks to too much"),
        ("photo.png", lambda: a_png(2, 2, chunk(b"iTXt", b"XML\0\1\0\0\0" + BOMB)), "unpacks to too much"),
        ("letter.eml", lambda: b"Dear all, see the meeting.", "is text, not an e-mail"),
        ("letter.eml", lambda: b"Note: x\n\nFrom: somebody\n", "is text, not an e-mail"),
        ("letter.eml", lambda: a_mail(("a.bin", b"MZ\0\0\0")), r"carries a program \(a.bin\)"),
        ("letter.eml", lambda: a_mail(("a.pdf.LNK", b"x")), r"carries a program \(a.pdf.LNK\)"),
        ("letter.eml", lambda: a_mail(("m.eml", b"x")) + b"\0", "bytes that text does not have"),
        ("letter.eml", lambda: good_word(), "is a Word document, not an e-mail"),
        ("note.txt", lambda: b"MZ\0\0 program", "is a program, not a text file"),
        ("note.txt", lambda: b"a\0b", "bytes that text does not have"),
        ("figures.csv", lambda: b"a,b\0\n", "bytes that text does not have"),
        ("report.pdf", lambda: b"<html>", "is a web page, not a PDF"),
        ("report.pdf", lambda: b"%PDF-1.7" + ARCHIVE, "two files in one"),
        ("report.docx", lambda: b"%PDF-1.7", "is a PDF, not a Word document"),
        ("report.docx", lambda: word("", {"word/vbaProject.bin": b"x"}), "macros or other programs"),
        ("report.docx", lambda: ARCHIVE, "is an archive, not a Word document"),
        ("report.xlsx", lambda: good_word(), "Word document"),
        ("report.docm", lambda: good_word(), "with macros"),
        ("report.exe", lambda: b"MZ\0", "has no ending that can be read here"),
        ("report.svg", lambda: b"<svg/>", "has no ending that can be read here"),
        ("report.html", lambda: b"<html>", "which is not read here"),
        ("note.txt", lambda: b"", "is empty"),
        ("note.txt", lambda: b"x" * (20 * 1024 * 1024 + 1), "A file can have 20 MB"),
    ],
)
def test_what_is_not_what_it_says_or_could_do_harm_is_refused(
    name: str, build: Callable[[], bytes], said: str
) -> None:
    """One sentence names the file and says what would be right, in words for somebody who adds a file."""
    with pytest.raises(UnreadableFileError, match=said) as refusal:
        check_evidence(name, build())

    assert name in refusal.value.message
    assert "import" not in refusal.value.message


def test_the_size_of_a_picture_is_that_of_the_picture_and_not_of_its_thumbnail() -> None:
    """A small preview lies before the frame of many photographs."""
    with pytest.raises(UnreadableFileError, match="points"):
        admit_evidence("a.jpg", a_jpeg(40_000, 40_000, thumbnail=a_jpeg(2, 2)))


def test_a_picture_of_just_the_limit_is_let_through() -> None:
    """The limit counts points, not sides."""
    assert admit_evidence("a.png", a_png(PIXEL_LIMIT // 1000, 1000)).form == "png"
    with pytest.raises(UnreadableFileError, match="points"):
        admit_evidence("a.png", a_png(PIXEL_LIMIT // 1000 + 1, 1000))


def test_mails_in_mails_end_somewhere() -> None:
    """However deep somebody nests them, the answer is one sentence."""
    mail = b"From: a@example.org\nSubject: x\n\nx"
    for _ in range(DEPTH_LIMIT + 2):
        mail = b"From: a@example.org\nSubject: x\nContent-Type: message/rfc822\n\n" + mail

    with pytest.raises(UnreadableFileError, match="too many parts in one another"):
        check_evidence("letter.eml", mail)


def test_the_file_is_looked_through_in_a_child_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong there is one sentence, and the file is never tried again here."""
    monkeypatch.setattr(child, "_START", "import os; os.abort()")

    with pytest.raises(UnreadableFileError, match=r"We could not look through note\.txt") as refusal:
        check_evidence("note.txt", b"x")

    assert refusal.value.facts["step"] == "child"


def test_the_name_of_the_file_stays_as_it_is_in_the_sentence() -> None:
    """Only our own words are put differently for somebody who imports nothing."""
    with pytest.raises(
        UnreadableFileError, match=r"^import list\.txt is a program.*: add the document itself\.$"
    ):
        check_evidence("import list.txt", b"MZ\0\0")


def test_pictures_and_mails_are_still_no_documents() -> None:
    """What can be kept is not thereby read."""
    with pytest.raises(UnreadableFileError, match="named as a PNG picture, which is not read here"):
        read_document("a.png", a_png())
    with pytest.raises(UnreadableFileError, match=r"is an e-mail .*save the document attached"):
        read_document("a.eml", a_mail())
    assert admit("a.txt", b"x", EVIDENCE).form == "txt"
