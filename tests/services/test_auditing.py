"""Who did what: what an auditor reads of the history, and what does not exist in it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.dates import london_day
from monitor.domain.access import SYSTEM, Actor, Role
from monitor.domain.accounts import Way
from monitor.domain.record import Stamp
from monitor.domain.sources import ReportSource, Source, TrackerColumns, fingerprint_of
from monitor.domain.statuses import Assurance, LinkKind, MeetingKind, MoveCategory, Precision
from monitor.errors import AccessError
from monitor.services.accounts import add_account, disable, grant, renew
from monitor.services.auditing import (
    VERBS,
    AuditAct,
    AuditFilter,
    AuditRow,
    count_audit,
    people_in_audit,
    read_audit,
    read_whole_audit,
    services_in_audit,
)
from monitor.services.deciding import decide_assurance
from monitor.services.intake import learn_publication, link_recommendations, take_in_report
from monitor.services.meetings import record_meeting
from monitor.services.sample import load_demonstration
from monitor.services.updating import ask_date, report_progress
from monitor.store import AUDITED, Store
from monitor.store.register import _TABLE_OF
from tests.builders import (
    A_REPORT,
    ADMINISTRATOR,
    ANALYST,
    APPROVER,
    DAY,
    EDITOR,
    ELSEWHERE,
    NOBODY,
    OFFICE,
    OFFICE_2,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    close,
    day,
    give_evidence,
    moment,
    person,
    take_in,
)

EVERYWHERE = person("everywhere", Role.OFFICE, services=None)
LOCAL_ADMINISTRATOR = person("local", Role.ADMINISTRATOR)


def told(row: AuditRow) -> AuditRow:
    """Return an entry without its number, which nobody is shown."""
    return replace(row, seq=0)


def everything(store: Store, by: Actor, **wanted: Any) -> list[Any]:
    """Return all that somebody is told: each page, the count, the people and the services."""
    asked = AuditFilter(**wanted)
    pages: list[list[AuditRow]] = []
    before: int | None = None
    while not pages or len(pages[-1]) == 4:
        found = read_audit(store, by=by, wanted=asked, before=before, limit=4)
        before = found[-1].seq if found else 0
        pages.append([told(row) for row in found])
    return [
        pages,
        count_audit(store, by=by, wanted=asked),
        people_in_audit(store, by=by),
        services_in_audit(store, by=by),
    ]


def acts(store: Store, by: Actor = OFFICE, **wanted: Any) -> list[tuple[str, str, str]]:
    """Return what was done, with what outcome and to what, newest first."""
    found = read_whole_audit(store, by=by, wanted=AuditFilter(**wanted))
    return [(row.what, row.detail, row.key or row.about) for row in found]


# What is read


def test_an_entry_says_when_who_what_and_of_what(register: Store) -> None:
    """In the words of the pages, newest first, also on PostgreSQL."""
    take_in(register, "CC-001", due_on=day(30))
    report_progress(register, reference="CC-001", by=EDITOR, **A_REPORT)
    item = give_evidence(register, "CC-001")
    decide_assurance(
        register, reference="CC-001", level=Assurance.NOT_ASSURED, rationale="Few cases.", by=OFFICE_2
    )
    ask_date(
        register,
        reference="CC-001",
        due_on=day(90),
        reason=REASON,
        category=MoveCategory.SCOPE,
        by=EDITOR,
    )

    found = read_audit(register, by=OFFICE)

    assert [(row.what, row.detail, row.name, row.role, row.key, row.about) for row in found[:5]] == [
        ("Target date asked", "2 Jun 2024", EDITOR.name, "Force editor", "CC-001", "Do CC-001"),
        ("Assurance decided", "Not assured", OFFICE_2.name, "Office", "CC-001", "Do CC-001"),
        ("Evidence added", "", EDITOR.name, "Force editor", "CC-001", "Do CC-001"),
        ("Evidence recorded", "", EDITOR.name, "Force editor", "", item.title),
        ("Progress reported", "In progress", EDITOR.name, "Force editor", "CC-001", "Do CC-001"),
    ]
    assert found[-1].what == "Service added"
    assert {row.service for row in found} == {SERVICE}
    assert found[0].recorded_at > found[-1].recorded_at


def test_reports_meetings_files_and_accounts_are_named(sqlite_register: Store) -> None:
    """Each by what people call it, not by its number."""
    learn_publication(
        sqlite_register,
        inspection_id=1,
        published_on=day(-9),
        precision=Precision.DAY,
        source="Letter",
        by=OFFICE,
    )
    record_meeting(sqlite_register, service=SERVICE, kind=MeetingKind.CONFERENCE, on=DAY, by=OFFICE)
    keep_file(sqlite_register, "response.docx", 1)
    key = account(sqlite_register)
    grant(sqlite_register, account_id=key, role=Role.ANALYST, service="", by=ADMINISTRATOR)
    renew(sqlite_register, account_id=key, by=ADMINISTRATOR)
    disable(sqlite_register, account_id=key, by=ADMINISTRATOR)

    assert acts(sqlite_register, ADMINISTRATOR)[:8] == [
        ("Account disabled", "", key),
        ("Account renewed", "until 1 Jun 2024", key),
        ("Account granted", "Analyst in every service", key),
        ("Account granted", f"Office in {SERVICE}", key),
        ("Account made", "", key),
        ("Read in a file", "", "PEEL assessment"),
        ("File kept", "", "response.docx"),
        ("Meeting recorded", "", "Public Accountability Conference, 4 Mar 2024"),
    ]
    assert acts(sqlite_register)[3] == ("Day of publication learned", "", "PEEL assessment")


def test_pages_follow_each_other_without_gap_or_repeat(sqlite_register: Store) -> None:
    """Also while somebody goes on writing: what is new comes before the first page."""
    for number in range(6):
        take_in(sqlite_register, f"CC-00{number}")
    whole = read_whole_audit(sqlite_register, by=OFFICE)

    first = read_audit(sqlite_register, by=OFFICE, limit=5)
    take_in(sqlite_register, "CC-NEW")
    second = read_audit(sqlite_register, by=OFFICE, before=first[-1].seq, limit=5)

    assert first + second == whole
    assert count_audit(sqlite_register, by=OFFICE) == len(whole) + 1
    assert read_audit(sqlite_register, by=OFFICE, before=whole[-1].seq) == []


def test_the_whole_is_read_in_several_goes(sqlite_register: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it is, each entry comes once."""
    for number in range(6):
        take_in(sqlite_register, f"CC-00{number}")
    whole = read_whole_audit(sqlite_register, by=OFFICE)

    monkeypatch.setattr("monitor.services.auditing._CHUNK", 4)

    assert read_whole_audit(sqlite_register, by=OFFICE) == whole


# Filters


def test_filters_choose_by_person_sort_service_and_reference(register: Store) -> None:
    """Each alone and together; letters of a pattern are letters."""
    take_in(register, "CC-001", due_on=day(30))
    take_in(register, "CC-002")
    report_progress(register, reference="CC-002", by=EDITOR, **A_REPORT)
    close(register, "CC-001")

    assert {row[2] for row in acts(register, reference="cc-001")} == {"CC-001"}
    assert acts(register, reference="%") == []
    assert acts(register, reference="CC_001") == []
    assert acts(register, person=EDITOR.id, act=AuditAct.PROGRESS) == [
        ("Progress reported", "In progress", "CC-002")
    ]
    assert [row[0] for row in acts(register, act=AuditAct.CLOSING)] == ["Closed", "Closure proposed"]
    assert acts(register, service=ELSEWHERE) == []
    assert [row[0] for row in acts(register, EVERYWHERE, service=ELSEWHERE)] == ["Service added"]
    assert acts(register, person="nobody") == []


def test_filter_of_days_counts_in_london(sqlite_register: Store, clock: Clock) -> None:
    """Half past eleven at night in summer belongs to the next day of UTC, and to its own in London."""
    clock.at = datetime(2024, 7, 1, 22, 59, 30, tzinfo=UTC)
    take_in(sqlite_register, "CC-001")
    clock.at = datetime(2024, 7, 1, 23, 30, tzinfo=UTC)
    take_in(sqlite_register, "CC-002")

    first, second = day(119), day(120)
    assert first.isoformat() == "2024-07-01"
    assert [row[2] for row in acts(sqlite_register, first=first, last=first)] == ["CC-001"]
    assert [row[2] for row in acts(sqlite_register, first=second)] == ["CC-002"]
    assert len(acts(sqlite_register, last=day(118))) == 2, "only the beginning of the register"


def test_every_verb_of_the_demonstration_belongs_to_a_sort(sqlite_url: str) -> None:
    """Nothing that was done is missed by going through the sorts one by one."""
    store = Store(sqlite_url)
    load_demonstration(store)
    known = {verb.lower() for verbs in VERBS.values() for verb in verbs}

    done = {verb for row in read_whole_audit(store, by=SYSTEM) for verb in row.what.lower().split(", ")}
    one_by_one = sum(count_audit(store, by=SYSTEM, wanted=AuditFilter(act=act)) for act in AuditAct)

    assert done <= known
    assert one_by_one >= count_audit(store, by=SYSTEM) > 500
    assert len(known) == sum(len(verbs) for verbs in VERBS.values())
    store.close()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({}, "All entries."),
        (
            {"person": "office", "act": AuditAct.DATES, "first": DAY, "reference": "CC"},
            'Entries by Office Person, of the sort target dates, from 4 March 2024, with "CC" in the reference.',
        ),
        ({"service": SERVICE, "last": DAY}, f"Entries of {SERVICE}, to 4 March 2024."),
    ],
)
def test_filter_is_said_in_a_sentence(wanted: dict[str, Any], said: str) -> None:
    """For the caption of an export."""
    assert AuditFilter(**wanted).sentence({"office": "Office Person"}) == said


# What does not exist


def account(store: Store, *, by: Actor = ADMINISTRATOR, service: str = SERVICE, login: str = "moss") -> str:
    """Make an account of the office, and return its key."""
    made, _ = add_account(
        store, name="Kit Moss", way=Way.LOCAL, subject=login, grants=[(Role.OFFICE, service)], by=by
    )
    return made.id


def keep_file(store: Store, name: str, *reports: int, passage_of: str = "", service: str = SERVICE) -> None:
    """Keep a file in which reports, and a passage of a recommendation, were read."""
    with store.writing() as unit:
        facts: dict[str, Any] = {
            "recorded_at": unit.now,
            "by": EVERYWHERE.id,
            "by_name": EVERYWHERE.name,
            "service": service,
        }
        mark = fingerprint_of(name.encode())
        text = "A long text"
        source = Source(
            fingerprint=mark,
            name=name,
            form="docx",
            size=9,
            text_fingerprint=fingerprint_of(text.encode()),
            **facts,
        )
        unit.keep_source(source, text=text, content=name.encode(), by=EVERYWHERE)
        for place, number in enumerate(reports):
            read = ReportSource(
                id=unit.new_id("report_source"), inspection_id=number, source=mark, place=place, **facts
            )
            unit.add(read, by=EVERYWHERE, verb="read in a file")
        if passage_of:
            record = unit.record(passage_of)
            record.cite(
                Stamp(EVERYWHERE, london_day(unit.now), unit.now), source=mark, starts_at=0, ends_at=6
            )
            unit.save(record, by=EVERYWHERE)


def settle_columns(store: Store) -> None:
    """Settle how a tracker's columns are read."""
    with store.writing() as unit:
        settled = TrackerColumns(
            id=unit.new_id("tracker_columns"),
            service=SERVICE,
            headings_key="k",
            columns=(("Ref", "reference"),),
            words=(),
            recorded_at=unit.now,
            by=EVERYWHERE.id,
            by_name=EVERYWHERE.name,
        )
        unit.add(settled, by=EVERYWHERE, verb="columns of a sheet settled")


def hide(store: Store, **given: Any) -> None:
    """Do everything that can be done to a report and a recommendation that some may not see, as somebody who may."""
    facts: dict[str, Any] = {
        "service": SERVICE,
        "title": "A secret report",
        "published_on": DAY,
        "published_precision": Precision.DAY,
    }
    facts |= given
    report = take_in_report(store, by=EVERYWHERE, **facts)
    learn_publication(
        store,
        inspection_id=report.id,
        published_on=day(-1),
        precision=Precision.DAY,
        source="Letter",
        by=EVERYWHERE,
    )
    take_in(store, "CC-HIDDEN", inspection_id=report.id, due_on=day(40), by=EVERYWHERE)
    close(store, "CC-HIDDEN", by=EVERYWHERE, second=person("second", Role.OFFICE, services=None))
    link_recommendations(store, reference="CC-001", kind=LinkKind.REPEATS, other="CC-HIDDEN", by=EVERYWHERE)
    keep_file(store, "alone.docx", report.id, service=facts["service"])
    keep_file(store, "passage.xlsx", passage_of="CC-HIDDEN", service=facts["service"])
    if facts["service"] == SERVICE:
        settle_columns(store)


HIDDEN: list[Any] = [
    pytest.param(
        {"embargo_until": moment(day(30))}, LOCAL_ADMINISTRATOR, id="embargoed, from an administrator"
    ),
    pytest.param({"is_restricted": True}, LOCAL_ADMINISTRATOR, id="restricted, from an administrator"),
    pytest.param({"service": ELSEWHERE}, LOCAL_ADMINISTRATOR, id="elsewhere, from an administrator"),
    pytest.param({"service": ELSEWHERE}, OFFICE, id="elsewhere, from the office"),
    pytest.param(
        {"embargo_until": moment(day(30))}, ADMINISTRATOR, id="embargoed, from everywhere's administrator"
    ),
    pytest.param(
        {"is_restricted": True},
        Actor.granted("two", "Two", [(Role.ADMINISTRATOR, SERVICE), (Role.OFFICE, ELSEWHERE)]),
        id="restricted, from another service's office",
    ),
]


@pytest.mark.parametrize(("given", "by"), HIDDEN)
@pytest.mark.parametrize(
    "wanted", [{}, {"reference": "CC"}, {"act": AuditAct.INTAKE}, {"act": AuditAct.FILES}, {"first": DAY}]
)
def test_what_is_hidden_makes_no_difference(
    sqlite_register: Store, clock: Clock, given: dict[str, Any], by: Actor, wanted: dict[str, Any]
) -> None:
    """Neither to a page, nor to how many there are, nor to whom one can choose."""
    take_in(sqlite_register, "CC-001", due_on=day(30))
    take_in(sqlite_register, "CC-002")
    give_evidence(sqlite_register, "CC-002")
    keep_file(sqlite_register, "open.docx", 1, passage_of="CC-001")
    before = everything(sqlite_register, by, **wanted)
    clock.at = moment(day(1))

    hide(sqlite_register, **given)

    assert everything(sqlite_register, by, **wanted) == before
    assert everything(sqlite_register, EVERYWHERE, **wanted)[1] > before[1]


def test_a_file_that_also_holds_what_is_hidden_is_there_for_what_is_seen(sqlite_register: Store) -> None:
    """Were it away, that would tell; one that holds nothing else is not there."""
    report = take_in_report(
        sqlite_register, service=SERVICE, title="A secret report", is_restricted=True, by=OFFICE
    )
    keep_file(sqlite_register, "both.docx", 1, report.id)
    keep_file(sqlite_register, "alone.docx", report.id)

    found = acts(sqlite_register, LOCAL_ADMINISTRATOR)
    assert ("File kept", "", "both.docx") in found
    assert ("Read in a file", "", "PEEL assessment") in found
    assert ("File kept", "", "alone.docx") in acts(sqlite_register)
    assert "alone.docx" not in str(found)
    assert "secret" not in str(found)


def test_evidence_of_two_recommendations_is_shown_for_the_one_that_is_seen(sqlite_register: Store) -> None:
    """It is not hidden because it also serves another."""
    take_in(sqlite_register, "CC-001")
    report = take_in_report(
        sqlite_register, service=SERVICE, title="A secret report", is_restricted=True, by=OFFICE
    )
    take_in(sqlite_register, "CC-HIDDEN", inspection_id=report.id)
    give_evidence(sqlite_register, "CC-001", "CC-HIDDEN", by=OFFICE)

    assert acts(sqlite_register, LOCAL_ADMINISTRATOR, act=AuditAct.EVIDENCE) == [
        ("Evidence added", "", "CC-001"),
        ("Evidence recorded", "", "Audit of cases"),
    ]


def test_an_embargo_that_ends_shows_what_was_done_under_it(sqlite_register: Store, clock: Clock) -> None:
    """From its moment on, without anything being written."""
    take_in(sqlite_register, "CC-001")
    hide(sqlite_register, embargo_until=moment(day(7)))
    assert "CC-HIDDEN" not in str(everything(sqlite_register, LOCAL_ADMINISTRATOR))

    clock.set(day(8))

    assert "CC-HIDDEN" in str(everything(sqlite_register, LOCAL_ADMINISTRATOR))


def test_accounts_are_for_who_manages_them(sqlite_register: Store) -> None:
    """To the office they make no difference; to an administrator of one service, grants in another do not exist."""
    before = everything(sqlite_register, OFFICE)
    account(sqlite_register)
    assert everything(sqlite_register, OFFICE) == before

    before = everything(sqlite_register, LOCAL_ADMINISTRATOR)
    key = account(sqlite_register, login="lee", service=ELSEWHERE)
    found = acts(sqlite_register, LOCAL_ADMINISTRATOR)

    assert ("Account made", "", key) in found
    assert ELSEWHERE not in str(found)
    assert len(found) == before[1] + 1
    assert ("Account granted", f"Office in {ELSEWHERE}", key) in acts(sqlite_register, ADMINISTRATOR)


def test_each_service_is_for_its_own(sqlite_register: Store) -> None:
    """The other service's office reads its own alone."""
    take_in(sqlite_register, "CC-001")

    assert {row.service for row in read_whole_audit(sqlite_register, by=OFFICE_ELSEWHERE)} == {ELSEWHERE}
    assert services_in_audit(sqlite_register, by=OFFICE_ELSEWHERE) == [ELSEWHERE]
    both = Actor.granted("both", "Both", [(Role.OFFICE, SERVICE), (Role.ANALYST, ELSEWHERE)])
    assert {row.service for row in read_whole_audit(sqlite_register, by=both)} == {SERVICE}


@pytest.mark.parametrize("by", [NOBODY, PUBLIC, ANALYST, EDITOR, APPROVER], ids=lambda by: by.id)
def test_who_may_not_audit_is_refused(sqlite_register: Store, by: Actor) -> None:
    """Each of the functions asks for itself."""
    for read in (read_audit, read_whole_audit, count_audit, people_in_audit, services_in_audit):
        with pytest.raises(AccessError):
            read(sqlite_register, by=by)


def test_every_kind_of_subject_is_thought_of() -> None:
    """A kind that is new to the history has to be given its rule before anybody is shown it."""
    assert {*_TABLE_OF.values(), "recommendation", "source"} == AUDITED


def test_a_kind_without_a_rule_is_shown_to_nobody(sqlite_register: Store) -> None:
    """What was forgotten stays hidden."""
    before = count_audit(sqlite_register, by=SYSTEM)
    with sqlite_register.writing() as unit:
        unit._remember("new_thing", "1", SERVICE, "done", {}, OFFICE)

    assert count_audit(sqlite_register, by=SYSTEM) == before
    assert sqlite_register.data_version() == before + 1
