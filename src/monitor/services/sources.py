"""The passages in which a recommendation was read, each in its kept file."""

from dataclasses import dataclass

from monitor.domain.access import Actor, scope_of
from monitor.domain.sources import Source
from monitor.services.changing import visible_inspections, visible_record
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class PassageView:
    """
    One passage, with the text of the file round it.

    Attributes:
        place: Where a person finds it, for a sheet; empty for a document.
        before, after: The rest of the file's text; both empty where the file also holds what this reader may not see.
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
        visible = visible_inspections(reader, scope_of(by))
        sources = {one.fingerprint: one for one in reader.sources()}
        found = []
        for passage in reversed(record.passages):
            text = reader.source_text(passage.source)
            is_open = all(one.inspection_id in visible for one in reader.report_sources(passage.source))
            found.append(
                PassageView(
                    source=sources[passage.source],
                    place=passage.place,
                    before=text[: passage.starts_at] if is_open else "",
                    passage=text[passage.starts_at : passage.ends_at],
                    after=text[passage.ends_at :] if is_open else "",
                )
            )
    return tuple(found)
