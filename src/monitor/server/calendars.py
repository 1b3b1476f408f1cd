"""
The address that a calendar program subscribes to: it opens one person's calendar, for reading, and nothing else.

A calendar program cannot sign in, so the address carries a secret of its own, which its owner makes and ends. Who
it is, and what they may see, is asked of the database each time.
"""

from collections.abc import Callable

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from monitor.errors import MonitorError
from monitor.packs.calendar_file import MEDIA_TYPE, calendar_file
from monitor.server.door import note
from monitor.server.gatekeeper import CALENDARS
from monitor.services.calendar import whose_calendar
from monitor.settings import Titles
from monitor.store import Store


def routes(store: Callable[[], Store], *, behind_tls: bool) -> list[Route]:
    """Return the route. `store` is asked for at each request: the database is named after the app is made."""

    def made(token: str, address: str) -> bytes | None:
        by = whose_calendar(store(), token=token)
        if by is None:
            return None
        titles = Titles.from_environment()
        try:
            return calendar_file(store(), by=by, titles=titles, address=address)
        except MonitorError:  # granted nothing any more
            return None

    async def give(request: Request) -> Response:
        host = request.headers.get("host", "")
        address = f"{'https' if behind_tls else 'http'}://{host}"
        content = await to_thread.run_sync(made, request.path_params["token"], address)
        if content is None:
            note("calendar", request.scope)
            return PlainTextResponse("There is no calendar here.", 404, {"cache-control": "no-store"})
        return Response(
            content,
            headers={
                "content-type": MEDIA_TYPE,
                "cache-control": "private, no-store",
                "content-disposition": 'inline; filename="recommendations.ics"',
                "content-security-policy": "sandbox; default-src 'none'",
                "referrer-policy": "no-referrer",
            },
        )

    return [Route(CALENDARS + "{token}.ics", give, methods=["GET"])]
