"""Whether the server is alive, and whether it can do its work: for whoever watches over it."""

import json
import logging
from collections.abc import Callable
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from monitor.store import Store
from monitor.store.migrate import HEAD, revision_of

_log: Final = logging.getLogger("monitor.health")


def routes(store: Callable[[], Store]) -> list[Route]:
    """Return the two routes. Neither says anything of the register."""

    def state() -> dict[str, bool]:
        held = store()
        with held.reading() as reader:
            reader.history_head()
        return {"database": True, "migrations": revision_of(held.engine) == HEAD, "history": True}

    async def ready(request: Request) -> Response:
        try:
            found = await to_thread.run_sync(state)
        except Exception as problem:  # whatever it is: who watches over the server must hear of it
            _log.warning(json.dumps({"event": "not ready", "cause": type(problem).__name__}))
            found = {"database": False, "migrations": False, "history": False}
        return JSONResponse(
            {"ready": all(found.values()), **found}, status_code=200 if all(found.values()) else 503
        )

    async def alive(request: Request) -> Response:
        return PlainTextResponse("alive")

    return [Route("/healthz", alive), Route("/readyz", ready)]
