"""
Who may do what: one table that a manager can read.

Roles are granted by service. A permission is asked for by the service function that changes or
shows something; pages ask as well, but only so that nobody is shown a form they cannot use.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from monitor.domain.statuses import Vocabulary
from monitor.errors import AccessError, NotFoundError

_log: Final = logging.getLogger("monitor.access")


class Role(Vocabulary):
    """A part that a person plays for one or more services."""

    PUBLIC_VIEWER = "public_viewer", "Public viewer", "Reads what is public."
    FORCE_EDITOR = (
        "force_editor",
        "Force editor",
        "Reports progress, adds evidence, asks for dates and proposes closure for the force.",
    )
    FORCE_APPROVER = (
        "force_approver",
        "Force approver",
        "Does what a force editor does, and gives each item its owner, lead and board.",
    )
    OFFICE = (
        "office",
        "Office",
        "Weighs evidence, decides assurance and dates, agrees closure, keeps reports and meetings.",
    )
    ANALYST = (
        "analyst",
        "Analyst",
        "Reads and exports everything of the services granted, embargoed reports excepted.",
    )
    ADMINISTRATOR = (
        "administrator",
        "Administrator",
        "Looks after services and the installation; cannot close, edit text or touch history.",
    )


class Permission(Enum):
    """One thing that somebody may or may not do."""

    READ = auto()
    READ_EMBARGOED = auto()
    EXPORT = auto()
    TAKE_IN = auto()
    CORRECT_WORDING = auto()
    ASSIGN = auto()
    LINK = auto()
    REPORT_PROGRESS = auto()
    ADD_EVIDENCE = auto()
    ASK_DATE = auto()
    DECIDE_DATE = auto()
    DECIDE_ASSURANCE = auto()
    RECORD_POSITION = auto()
    PROPOSE_CLOSURE = auto()
    AGREE_CLOSURE = auto()
    REOPEN = auto()
    CHECK_SUSTAINMENT = auto()
    RECORD_MEETING = auto()
    READ_MEETINGS = auto()
    READ_ANSWERS = auto()
    RESPOND = auto()
    COMMENT_AS_CHIEF = auto()
    READ_DRAFTS = auto()
    PUBLISH_SITE = auto()
    READ_AUDIT = auto()
    MANAGE_ACCOUNTS = auto()
    CARRY_OVER = auto()
    MANAGE_SERVICES = auto()
    VERIFY = auto()


_P = Permission
_FORCE = {
    _P.READ, _P.EXPORT, _P.REPORT_PROGRESS, _P.ADD_EVIDENCE, _P.ASK_DATE, _P.PROPOSE_CLOSURE, _P.READ_MEETINGS,
    _P.READ_ANSWERS, _P.COMMENT_AS_CHIEF, _P.VERIFY,
}  # fmt: skip
_OFFICE = {
    _P.READ, _P.READ_EMBARGOED, _P.EXPORT, _P.TAKE_IN, _P.CORRECT_WORDING, _P.ASSIGN, _P.LINK, _P.ADD_EVIDENCE,
    _P.DECIDE_DATE, _P.DECIDE_ASSURANCE, _P.RECORD_POSITION, _P.PROPOSE_CLOSURE, _P.AGREE_CLOSURE, _P.REOPEN,
    _P.CHECK_SUSTAINMENT, _P.RECORD_MEETING, _P.READ_MEETINGS, _P.READ_ANSWERS, _P.RESPOND, _P.COMMENT_AS_CHIEF,
    _P.READ_DRAFTS, _P.PUBLISH_SITE, _P.CARRY_OVER, _P.READ_AUDIT, _P.VERIFY,
}  # fmt: skip

ALLOWED: Final[dict[Role, frozenset[Permission]]] = {
    Role.PUBLIC_VIEWER: frozenset({_P.READ}),
    Role.FORCE_EDITOR: frozenset(_FORCE),
    Role.FORCE_APPROVER: frozenset(_FORCE | {_P.ASSIGN}),
    Role.OFFICE: frozenset(_OFFICE),
    Role.ANALYST: frozenset({_P.READ, _P.EXPORT, _P.READ_MEETINGS, _P.READ_DRAFTS, _P.VERIFY}),
    Role.ADMINISTRATOR: frozenset(
        {_P.READ, _P.MANAGE_SERVICES, _P.MANAGE_ACCOUNTS, _P.READ_AUDIT, _P.VERIFY}
    ),
}

OF_THE_FORCE: Final = frozenset({Role.FORCE_EDITOR, Role.FORCE_APPROVER})
"""Whoever holds one of these does not agree a closing, whatever else they hold."""

WORDS: Final[dict[Permission, str]] = {
    _P.READ: "read the register",
    _P.READ_EMBARGOED: "read embargoed reports",
    _P.EXPORT: "export",
    _P.TAKE_IN: "take in a report",
    _P.CORRECT_WORDING: "record a corrected wording",
    _P.ASSIGN: "give owners and boards",
    _P.LINK: "link recommendations",
    _P.REPORT_PROGRESS: "report progress for the force",
    _P.ADD_EVIDENCE: "add evidence",
    _P.ASK_DATE: "ask for a date",
    _P.DECIDE_DATE: "agree or move a date",
    _P.DECIDE_ASSURANCE: "decide assurance",
    _P.RECORD_POSITION: "record the inspectorate's position",
    _P.PROPOSE_CLOSURE: "propose closure",
    _P.AGREE_CLOSURE: "agree closure",
    _P.REOPEN: "reopen",
    _P.CHECK_SUSTAINMENT: "record a sustainment check",
    _P.RECORD_MEETING: "record a meeting, its answers and its actions",
    _P.READ_MEETINGS: "read of private meetings and of actions",
    _P.READ_ANSWERS: "read what is asked and answered at private meetings",
    _P.RESPOND: "write, approve and publish the office's response to a report",
    _P.COMMENT_AS_CHIEF: "write the chief officer's comments",
    _P.READ_DRAFTS: "read responses before they are published",
    _P.PUBLISH_SITE: "propose and approve what the public site says",
    _P.READ_AUDIT: "read who did what",
    _P.MANAGE_ACCOUNTS: "manage accounts",
    _P.CARRY_OVER: "carry over what the force reported earlier",
    _P.MANAGE_SERVICES: "manage services",
    _P.VERIFY: "check the history",
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """
    Somebody who acts, as known when they act.

    Attributes:
        id: Stable key of the person; two roles held by one person share it.
        roles: What they are, in every service of `services`.
        services: Names of the services they are granted; None means every service.
        grants: Where the roles differ from service to service: each role with the one it is held in, None for every
            one. `roles` and `services` then hold all of them together.
    """

    id: str
    name: str
    roles: frozenset[Role]
    services: frozenset[str] | None = None
    title: str = ""
    grants: frozenset[tuple[Role, str | None]] | None = None

    @classmethod
    def granted(
        cls,
        id: str,  # noqa: A002
        name: str,
        grants: Iterable[tuple[Role, str | None]],
        *,
        title: str = "",
    ) -> "Actor":
        """Return somebody who holds each role in the service it is granted in."""
        held = frozenset(grants)
        services = frozenset(service for _, service in held if service is not None)
        return cls(
            id=id,
            name=name,
            roles=frozenset(role for role, _ in held),
            services=None if any(service is None for _, service in held) else services,
            title=title,
            grants=held,
        )

    def roles_in(self, service: str) -> frozenset[Role]:
        """Return what they are in a service."""
        if self.grants is not None:
            return frozenset(role for role, where in self.grants if where is None or where == service)
        return self.roles if self.services is None or service in self.services else frozenset()

    @property
    def role(self) -> Role:
        """Return the role that history records: the one that may do most."""
        order = list(Role)
        return max(self.roles, key=lambda r: (len(ALLOWED[r]), order.index(r)), default=Role.PUBLIC_VIEWER)

    def may(self, permission: Permission, service: str | None = None) -> bool:
        """Tell whether the actor holds the permission, in the service if one is named."""
        roles = self.roles if service is None else self.roles_in(service)
        return any(permission in ALLOWED[role] for role in roles)

    def services_with(self, permission: Permission) -> frozenset[str] | None:
        """Return the services in which the actor holds the permission; None for every one."""
        if self.grants is None:
            return self.services if self.may(permission) else frozenset()
        held = {service for role, service in self.grants if permission in ALLOWED[role]}
        return None if None in held else frozenset(service for service in held if service is not None)

    def require(self, permission: Permission, service: str | None = None) -> None:
        """
        Do nothing when allowed.

        Raises:
            AccessError: saying what is not allowed and which roles may.
        """
        if self.may(permission, service):
            return
        who = ", ".join(role.word.lower() for role in Role if permission in ALLOWED[role])
        self.note("refused", permission=permission.name, in_service=service is not None)
        raise AccessError(
            f"{self.name} may not {WORDS[permission]}"
            + (f" for {service}." if service and self.may(permission) else ".")
            + f" It takes: {who}.",
            permission=permission.name,
            actor=self.id,
        )

    def refused(self, message: str, *, cause: str) -> AccessError:
        """Return a refusal that does not hang on a permission alone, noted in the log by its cause."""
        self.note("refused", cause=cause)
        return AccessError(message, actor=self.id)

    def not_found(self, message: str) -> NotFoundError:
        """Return that nothing of the kind is there, in the words for what is absent and for what is hidden; noted."""
        self.note("not found")
        return NotFoundError(message)

    def note(self, event: str, **facts: str | bool) -> None:
        """Leave one line in the log of what was refused to them, without anything that a person wrote."""
        _log.warning(json.dumps({"event": event, "actor": self.id, **facts}))


SYSTEM: Final = Actor(
    id="system",
    name="This installation",
    roles=frozenset({Role.OFFICE, Role.FORCE_EDITOR, Role.ADMINISTRATOR}),
    title="the command line",
)
"""Who acts when somebody with the database at hand uses the command line."""


@dataclass(frozen=True)
class Scope:
    """What a reader may see: part of every cache key, so that nothing leaks from one reader to another."""

    services: frozenset[str] | None
    embargoed: frozenset[str] | None
    meetings: frozenset[str] | None = frozenset()

    def shows(self, service: str) -> bool:
        """Tell whether the service's rows may be seen."""
        return self.services is None or service in self.services

    def shows_embargoed(self, service: str) -> bool:
        """Tell whether the service's rows may be seen before they are published."""
        return self.embargoed is None or service in self.embargoed

    def shows_meetings(self, service: str) -> bool:
        """Tell whether the service's private meetings may be known of, and who comes to a public one."""
        return self.meetings is None or service in self.meetings


def scope_of(by: Actor) -> Scope:
    """
    Return what the actor may read.

    Raises:
        AccessError: for an actor without any right to read.
    """
    by.require(Permission.READ)
    return Scope(
        by.services_with(Permission.READ),
        by.services_with(Permission.READ_EMBARGOED),
        by.services_with(Permission.READ_MEETINGS),
    )


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return everything that the roles together allow."""
    return frozenset().union(*(ALLOWED[role] for role in roles))
