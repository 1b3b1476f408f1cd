import pytest

from monitor.domain import access, entries, evidence, statuses
from monitor.domain.statuses import ForceReport, Position, Vocabulary, parse_word

VOCABULARIES = sorted(
    {
        thing
        for module in (statuses, evidence, entries, access)
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Vocabulary) and thing is not Vocabulary
    },
    key=lambda vocabulary: vocabulary.__name__,
)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_each_word_of_a_vocabulary_is_its_own_and_is_explained(vocabulary: type[Vocabulary]) -> None:
    """No two members of a vocabulary share a word, and each has a printed definition that ends as a sentence."""
    words = [member.word for member in vocabulary]

    assert len(set(words)) == len(words)
    assert all(member.meaning.endswith((".", ")", "?")) for member in vocabulary)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_each_word_of_a_vocabulary_is_read_back_from_what_is_shown_and_what_is_stored(
    vocabulary: type[Vocabulary],
) -> None:
    """The word a person sees and the value in the database both name the member."""
    for member in vocabulary:
        assert parse_word(vocabulary, member.word) is member
        assert parse_word(vocabulary, member.value) is member
        assert str(member) == member.value


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        pytest.param("In progress", ForceReport.IN_PROGRESS, id="as it is shown"),
        pytest.param("IN PROGRESS", ForceReport.IN_PROGRESS, id="in capitals"),
        pytest.param("in-progress", ForceReport.IN_PROGRESS, id="with a dash"),
        pytest.param("  In  Progress ", ForceReport.IN_PROGRESS, id="with stray spaces"),
        pytest.param("in_progress", ForceReport.IN_PROGRESS, id="as it is stored"),
    ],
)
def test_a_status_word_is_read_whatever_its_case_dashes_and_spaces(found: str, meant: ForceReport) -> None:
    """Other people's spreadsheets vary in case and dashes; one spelling is kept."""
    assert parse_word(ForceReport, found) is meant


@pytest.mark.parametrize("found", ["done", "", "—", "in progres"])
def test_a_word_that_is_no_status_is_refused_with_those_that_are(found: str) -> None:
    """The message names what was found and every word that would have been accepted."""
    with pytest.raises(ValueError, match="is not one of: Open, Awaiting review") as refused:
        parse_word(Position, found)

    assert f'"{found}"' in str(refused.value)
