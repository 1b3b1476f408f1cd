"""
The one way by which files leave where people sign in: a link of `monitor.ui.tickets`, opened once.

What goes out is never shown by the browser: it is saved, under the type that we give it, and could run nothing.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import MonitorError
from monitor.importers.file_kinds import shown_name
from monitor.server.sign_in import page
from monitor.services import signing_in
from monitor.services.signing_in import SignedIn
from monitor.store import Store
from monitor.ui.tickets import PATH, TICKETS, Ticket, Tickets

HEADERS: Final[Mapping[str, str]] = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
}
"""What a file says to the browser besides its name and type."""

_GONE: Final = (
    "This link is used or over",
    "A link to a file works once, within a minute, and for the person who asked for it. Close this tab, and open "
    "<em>Download</em>, or the list of files, again.",
)


def routes(store: Callable[[], Store], *, tickets: Tickets = TICKETS) -> list[Route]:
    """Return the route. `store` is asked for at each request: the database is named after the app is made."""

    def made(ticket: Ticket) -> bytes | None:
        """Return the file, made now; None for somebody whose rights are no longer those of the ticket."""
        person = signing_in.who_is(store(), session_id=ticket.session_id)
        return ticket.make() if person is not None and person.actor == ticket.by else None

    async def give(request: Request) -> Response:
        if request.method != "GET":  # a look ahead must not use the link up
            return Response(status_code=405, headers={"allow": "GET"})
        asking: SignedIn | None = request.scope.get("monitor.signed_in")
        token = request.path_params["token"]
        ticket = tickets.use(token, session_id=asking.session.id) if asking is not None else None
        if ticket is None:
            return _page(*_GONE, status=404)
        try:
            content = await to_thread.run_sync(made, ticket)
        except MonitorError as problem:
            return _page("There is no such file", escape(problem.message), status=404)
        if content is None:
            return _page(*_GONE, status=404)
        return Response(
            content,
            headers={
                **HEADERS,
                "content-type": ticket.media_type,
                "content-disposition": disposition(ticket.name),
            },
        )

    return [Route(PATH + "{token}", give, methods=["GET"])]


def disposition(name: str) -> str:
    """
    Return the header that has a file saved under its name, of 120 characters at most.

    Source:
        RFC 6266, with the plain name for old browsers and the whole one as RFC 8187 writes it.
    """
    shown = shown_name(name)
    plain = "".join(ch if " " <= ch <= "~" and ch not in '"\\%' else "_" for ch in shown)
    if plain == shown:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def _page(title: str, said: str, *, status: int) -> Response:
    return page(title, f"<p>{said}</p>", '<p><a href="/">Back to the register</a></p>', status=status)
