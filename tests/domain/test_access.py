import json

import pytest

from monitor.domain.access import ALLOWED, SYSTEM, WORDS, Actor, Permission, Role, permissions_of, scope_of
from monitor.errors import AccessError
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    EDITOR,
    ELSEWHERE,
    NOBODY,
    OFFICE,
    OFFICE_ELSEWHERE,
    PUBLIC,
    SERVICE,
    person,
)

FORCE = {Role.FORCE_EDITOR, Role.FORCE_APPROVER}
EVERYBODY = set(Role)

WHO_MAY = {
    Permission.READ: EVERYBODY,
    Permission.READ_EMBARGOED: {Role.OFFICE},
    Permission.EXPORT: FORCE | {Role.OFFICE, Role.ANALYST},
    Permission.TAKE_IN: {Role.OFFICE},
    Permission.CORRECT_WORDING: {Role.OFFICE},
    Permission.ASSIGN: {Role.OFFICE, Role.FORCE_APPROVER},
    Permission.LINK: {Role.OFFICE},
    Permission.REPORT_PROGRESS: FORCE,
    Permission.ADD_EVIDENCE: FORCE | {Role.OFFICE},
    Permission.ASK_DATE: FORCE,
    Permission.DECIDE_DATE: {Role.OFFICE},
    Permission.DECIDE_ASSURANCE: {Role.OFFICE},
    Permission.RECORD_POSITION: {Role.OFFICE},
    Permission.PROPOSE_CLOSURE: FORCE | {Role.OFFICE},
    Permission.AGREE_CLOSURE: {Role.OFFICE},
    Permission.REOPEN: {Role.OFFICE},
    Permission.CHECK_SUSTAINMENT: {Role.OFFICE},
    Permission.RECORD_MEETING: {Role.OFFICE},
    Permission.READ_MEETINGS: FORCE | {Role.OFFICE, Role.ANALYST},
    Permission.READ_ANSWERS: FORCE | {Role.OFFICE},
    Permission.RESPOND: {Role.OFFICE},
    Permission.COMMENT_AS_CHIEF: FORCE | {Role.OFFICE},
    Permission.READ_DRAFTS: {Role.OFFICE, Role.ANALYST},
    Permission.PUBLISH_SITE: {Role.OFFICE},
    Permission.CARRY_OVER: {Role.OFFICE},
    Permission.READ_AUDIT: {Role.OFFICE, Role.ADMINISTRATOR},
    Permission.MANAGE_ACCOUNTS: {Role.ADMINISTRATOR},
    Permission.MANAGE_SERVICES: {Role.ADMINISTRATOR},
    Permission.VERIFY: EVERYBODY - {Role.PUBLIC_VIEWER},
}
"""Written out a second time on purpose: whoever changes who may do what changes it here as well."""


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission), ids=lambda permission: permission.name.lower())
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: Role, permission: Permission) -> None:
    """Every pair of role and permission is decided, and decided once."""
    assert person("somebody", role).may(permission, SERVICE) is (role in WHO_MAY[permission])


def test_every_permission_has_words_and_somebody_who_holds_it() -> None:
    """A refusal can name what was asked for and who could do it."""
    assert set(WORDS) == set(Permission)
    assert set(ALLOWED) == set(Role)
    assert permissions_of(Role) == frozenset(Permission)


@pytest.mark.parametrize("permission", list(Permission), ids=lambda permission: permission.name.lower())
def test_a_person_without_a_role_may_do_nothing(permission: Permission) -> None:
    """Signed in is not yet allowed."""
    assert not NOBODY.may(permission)


@pytest.mark.parametrize("permission", list(Permission), ids=lambda permission: permission.name.lower())
def test_a_role_counts_only_in_the_services_granted(permission: Permission) -> None:
    """The office of another force has no say here."""
    assert not OFFICE_ELSEWHERE.may(permission, SERVICE)


def test_a_grant_for_every_service_counts_in_each() -> None:
    """Services left open mean all of them, also those added later."""
    assert person("all", Role.OFFICE, services=None).may(Permission.TAKE_IN, "A force added tomorrow")


@pytest.mark.parametrize(
    ("roles", "recorded"),
    [
        pytest.param({Role.FORCE_EDITOR}, Role.FORCE_EDITOR, id="one role"),
        pytest.param({Role.FORCE_EDITOR, Role.FORCE_APPROVER}, Role.FORCE_APPROVER, id="editor and approver"),
        pytest.param({Role.OFFICE, Role.ANALYST}, Role.OFFICE, id="office and analyst"),
        pytest.param({Role.OFFICE, Role.ADMINISTRATOR}, Role.OFFICE, id="office and administrator"),
        pytest.param(
            {Role.FORCE_EDITOR, Role.ADMINISTRATOR}, Role.FORCE_EDITOR, id="editor and administrator"
        ),
        pytest.param(set(), Role.PUBLIC_VIEWER, id="none"),
    ],
)
def test_history_records_the_role_that_may_do_most(roles: set[Role], recorded: Role) -> None:
    """Of somebody's roles, the one recorded with a change is the one that may do most."""
    assert Actor(id="x", name="X", roles=frozenset(roles)).role is recorded


def test_a_refusal_says_what_was_asked_and_who_could_do_it() -> None:
    """The sentence names the person, the thing and the roles that it takes."""
    with pytest.raises(AccessError) as refused:
        EDITOR.require(Permission.AGREE_CLOSURE, SERVICE)

    assert refused.value.message == "Editor Person may not agree closure. It takes: office."
    assert refused.value.facts["permission"] == "AGREE_CLOSURE"


def test_a_refusal_in_another_service_says_which() -> None:
    """Somebody who may do it elsewhere is told that it is the service that stands in the way."""
    with pytest.raises(AccessError, match=f"may not take in a report for {ELSEWHERE}"):
        OFFICE.require(Permission.TAKE_IN, ELSEWHERE)


@pytest.mark.parametrize(
    ("by", "embargoed"),
    [
        pytest.param(OFFICE, True, id="the office"),
        pytest.param(EDITOR, False, id="the force"),
        pytest.param(ANALYST, False, id="an analyst"),
        pytest.param(ADMINISTRATOR, False, id="an administrator"),
        pytest.param(PUBLIC, False, id="the public"),
        pytest.param(SYSTEM, True, id="the command line"),
    ],
)
def test_only_the_office_reads_what_is_embargoed(by: Actor, embargoed: bool) -> None:
    """The scope of a reader says whether embargoed reports belong to it."""
    assert scope_of(by).shows_embargoed(SERVICE) is embargoed


def test_roles_that_differ_from_service_to_service_do_not_leak() -> None:
    """The office of one and an analyst of another is the office in the first alone."""
    both = Actor.granted("both", "Both", [(Role.OFFICE, SERVICE), (Role.ANALYST, ELSEWHERE)])

    assert both.may(Permission.TAKE_IN, SERVICE)
    assert not both.may(Permission.TAKE_IN, ELSEWHERE)
    assert both.may(Permission.TAKE_IN)
    assert both.services_with(Permission.EXPORT) == frozenset({SERVICE, ELSEWHERE})
    assert [scope_of(both).shows_embargoed(one) for one in (SERVICE, ELSEWHERE)] == [True, False]


def test_a_role_granted_everywhere_holds_in_every_service() -> None:
    """One grant without a service is enough, beside others that name one."""
    everywhere = Actor.granted("a", "A", [(Role.ANALYST, None), (Role.OFFICE, SERVICE)])

    assert everywhere.services is None
    assert everywhere.may(Permission.EXPORT, ELSEWHERE)
    assert not everywhere.may(Permission.TAKE_IN, ELSEWHERE)


def test_a_refusal_leaves_one_line_in_the_log_without_names(caplog: pytest.LogCaptureFixture) -> None:
    """Who, by their key, and what; nothing that a person wrote."""
    with caplog.at_level("WARNING", logger="monitor.access"), pytest.raises(AccessError):
        EDITOR.require(Permission.AGREE_CLOSURE, SERVICE)

    (line,) = [json.loads(record.message) for record in caplog.records]
    assert line == {
        "event": "refused",
        "actor": EDITOR.id,
        "permission": "AGREE_CLOSURE",
        "in_service": True,
    }


def test_a_scope_shows_the_services_granted_and_no_other() -> None:
    """The scope is part of every cache key, so it must tell services apart."""
    scope = scope_of(EDITOR)

    assert scope.shows(SERVICE)
    assert not scope.shows(ELSEWHERE)


def test_somebody_who_may_not_read_has_no_scope() -> None:
    """Reading is refused as a whole, and not answered with an empty register."""
    with pytest.raises(AccessError, match="may not read the register"):
        scope_of(NOBODY)
