"""The passages in which a recommendation was read, each in its kept file."""

from dataclasses import dataclass, replace

from monitor.domain.access import Actor, scope_of
from monitor.domain.sources import Source
from monitor.services.changing import visible_record
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class PassageView:
    """
    One passage, with the text of the file round it.

    Attributes:
        source: The file; what was noted when it was read only for those who see all of it.
        place: Where a person finds it, for a sheet; empty for a document.
        before, after: The rest of the file's text, for those who see embargoed and restricted reports too. For others
            both are empty, whatever the file holds: would they be so for some files only, that would tell.
    """

    source: Source
    place: str
    before: str
    passage: str
    after: str


def read_passages(store: Store, *, reference: str, by: Actor) -> tuple[PassageView, ...]:
    """
    Return where a recommendation was read, the latest first.

    Raises:
        NotFoundError: the same for a recommendation that is absent and one that is hidden.
    """
    with store.reading() as reader:
        record = visible_record(reader, reference, by)
        if not record.passages:
            return ()
        is_open = scope_of(by).shows_embargoed(record.service)
        sources = {one.fingerprint: one for one in reader.sources()}
        found = []
        for passage in reversed(record.passages):
            text = reader.source_text(passage.source)
            source = sources[passage.source]
            found.append(
                PassageView(
                    source=source if is_open else replace(source, notes=()),
                    place=passage.place,
                    before=text[: passage.starts_at] if is_open else "",
                    passage=text[passage.starts_at : passage.ends_at],
                    after=text[passage.ends_at :] if is_open else "",
                )
            )
    return tuple(found)
