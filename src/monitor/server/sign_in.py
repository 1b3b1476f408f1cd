"""
The pages on which somebody signs in.

They are plain forms: they work without a script, by keyboard alone, and before Streamlit has been reached at all.
The one script there is spares whoever follows an invitation's link the typing of its code.
"""

from collections.abc import Awaitable, Callable, Mapping
from html import escape
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qs, quote

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from monitor.domain.accounts import PASSWORD_AT_LEAST, Way
from monitor.errors import MonitorError
from monitor.server.door import note
from monitor.server.gatekeeper import LOOK, agent_of, cookie_of, token_of
from monitor.services import signing_in
from monitor.services.signing_in import SignedIn
from monitor.settings import SignIn
from monitor.store import Store
from monitor.ui.frame import NAME

FORM_BYTES: Final = 8 * 1024
AT_ONCE: Final = 2
WAITING: Final = 20
"""Passwords that are checked at the same time, each with 64 MB of memory; and how many more may wait."""

_PAGE: Final = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {name}</title>
<link rel="icon" href="/sign-in/icon.svg">
<link rel="stylesheet" href="/sign-in/style.css">
</head>
<body>
<header><a href="/"><picture>
<source srcset="/sign-in/logo-dark.svg" media="(prefers-color-scheme: dark)">
<img src="/sign-in/logo-light.svg" alt="{name}" width="256" height="26">
</picture></a></header>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""

_UI: Final = files("monitor.ui")
_FONTS: Final = files("monitor.charts") / "fonts"
_FILES: Final = {
    "style.css": (files("monitor.server") / "sign_in.css", "text/css"),
    "invitation.js": (files("monitor.server") / "invitation.js", "text/javascript"),
    **{
        name: (_UI / name, "image/svg+xml; charset=utf-8")
        for name in ("icon.svg", "logo-light.svg", "logo-dark.svg")
    },
    **{
        f"{name}.woff2": (_FONTS / f"{name}.woff2", "font/woff2")
        for name in ("MonitorSans-Regular", "MonitorSans-Semibold", "MonitorSerif-Semibold")
    },
}
"""What these pages are drawn with: it is in the package, and the same for everybody."""


class SignInPages:
    """The routes of signing in and out, for one register."""

    def __init__(self, *, store: Callable[[], Store], sign_in: SignIn) -> None:
        """Make them. `store` is asked for at each request."""
        self._store, self._sign_in = store, sign_in
        self._turns = CapacityLimiter(AT_ONCE)

    @property
    def routes(self) -> list[Route]:
        """Return the routes for the app."""
        return [
            Route(f"{LOOK}{{name}}", _drawn_with, methods=["GET"]),
            Route("/sign-in", self.show, methods=["GET"]),
            Route("/sign-in", self.enter, methods=["POST"]),
            Route("/sign-out", self.ask_to_leave, methods=["GET"]),
            Route("/sign-out", self.leave, methods=["POST"]),
            Route("/invitation", self.show_invitation, methods=["GET"]),
            Route("/invitation", self.accept, methods=["POST"]),
            Route("/first-account", self.show_first, methods=["GET"]),
            Route("/first-account", self.make_first, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the ways in."""
        wanted = request.query_params.get("next", "")
        if signed_in(request) is not None:
            return RedirectResponse(local_path(wanted), status_code=303)
        if self._sign_in.ways == ("password",) and await self._needs_first():
            return RedirectResponse("/first-account", status_code=303)
        return self._sign_in_page(wanted)

    async def _needs_first(self) -> bool:
        return await to_thread.run_sync(lambda: signing_in.needs_first_administrator(self._store()))

    def _sign_in_page(self, wanted: str, problem: str = "", login: str = "") -> Response:
        onward, ways = quote(local_path(wanted), safe="/"), self._sign_in.ways
        parts = [_said(problem)]
        if "password" in ways:
            parts.append(
                f'<form method="post" action="/sign-in">{_hidden("next", local_path(wanted))}'
                f"{_field('login', 'Name', value=login, autocomplete='username', focus=not login)}"
                f"{_field('password', 'Password', kind='password', autocomplete='current-password', focus=bool(login))}"
                "<button>Sign in</button></form>"
            )
        if "oidc" in ways:
            also = "password" in ways
            parts.append(
                f'<p{" class=or" if also else ""}><a class="button{" second" if also else ""}" '
                f'href="/oidc/start?next={onward}">Sign in with your organisation</a></p>'
            )
        if ways == ("proxy",):
            parts.append("<p>Come by the address that your organisation gave you; it signs you in.</p>")
        parts.append('<p class="quiet end">No account, or a forgotten password? Ask the administrator.</p>')
        return page("Sign in", *parts, status=403 if problem else 200)

    async def enter(self, request: Request) -> Response:
        """Sign in with a password."""
        form = await _form(request)
        if "password" not in self._sign_in.ways:
            return self._sign_in_page("", "Nobody signs in with a password here.")
        return await self._opening(
            request,
            lambda store, agent: signing_in.sign_in(
                store, login=form.get("login", ""), password=form.get("password", ""), agent=agent
            ),
            form.get("next", ""),
            lambda problem: self._sign_in_page(form.get("next", ""), problem, form.get("login", "")[:120]),
        )

    async def ask_to_leave(self, request: Request) -> Response:
        """Ask whether to sign out: a link alone signs nobody out."""
        if signed_in(request) is None:
            return RedirectResponse("/sign-in", status_code=303)
        form = '<form method="post" action="/sign-out"><button autofocus>Sign out</button></form>'
        return page("Sign out?", "<p>Every open tab of this browser is signed out.</p>", form, _BACK)

    async def leave(self, request: Request) -> Response:
        """Sign out: every open tab of this session."""
        token, found = token_of(request.headers, self._sign_in), signed_in(request)
        await to_thread.run_sync(lambda: signing_in.sign_out(self._store(), token=token))
        elsewhere = found is not None and found.account.way is not Way.LOCAL
        answer = page(
            "You are signed out",
            "<p>Your organisation’s own sign-in may still hold: close the browser to end that too.</p>"
            if elsewhere
            else "",
            '<p><a class="button" href="/sign-in">Sign in again</a></p>',
        )
        answer.headers["set-cookie"] = cookie_of("", self._sign_in)
        # Copies alone. Under "storage" the choice of light or dark would go, and under "cookies" those that other
        # hosts of the office's domain have set; neither holds anything of the register.
        answer.headers["clear-site-data"] = '"cache"'
        return answer

    async def show_invitation(self, request: Request) -> Response:
        """Ask for the code of an invitation. Its link has it behind a #, which a browser tells no server."""
        return _code_page()

    async def _invitation_page(self, code: str, problem: str = "") -> Response:
        account = await to_thread.run_sync(lambda: signing_in.invited_account(self._store(), code=code))
        if account is None:
            return _code_page(
                "This invitation was used already, it is over, or there is none with this code. Ask the administrator "
                "for another."
            )
        return page(
            f"Welcome, {account.name}",
            f"<p>Choose a password. You sign in with the name <strong>{escape(account.subject)}</strong>.</p>",
            _said(problem),
            f'<form method="post" action="/invitation">{_hidden("code", code)}'
            # For whoever keeps passwords: which name this one belongs to.
            f'<input type="hidden" name="username" autocomplete="username" value="{escape(account.subject)}">'
            f"{_new_password(focus=True)}<button>Set the password and sign in</button></form>",
            status=403 if problem else 200,
        )

    async def accept(self, request: Request) -> Response:
        """Show the form on which somebody invited sets a password; with one set, sign them in."""
        form = await _form(request)
        code = form.get("code", "")
        if "password" not in form:
            return await self._invitation_page(code)
        if form.get("password") != form.get("again"):
            return await self._invitation_page(code, "The two passwords are not the same.")
        return await self._opening(
            request,
            lambda store, agent: signing_in.accept_invitation(
                store, code=code, password=form.get("password", ""), agent=agent
            ),
            "",
            lambda problem: self._invitation_page(code, problem),
        )

    async def show_first(self, request: Request) -> Response:
        """Show the form on which whoever installed the product becomes the first administrator."""
        found = signed_in(request)
        if not await self._needs_first():
            return RedirectResponse("/" if found else "/sign-in", status_code=303)
        if found is None and "password" not in self._sign_in.ways:
            return RedirectResponse("/sign-in?next=/first-account", status_code=303)
        return _first_page({}, found)

    async def make_first(self, request: Request) -> Response:
        """Make the first administrator, by the code that the start printed: a new account, or who is signed in."""
        form, found = await _form(request), signed_in(request)
        if found is not None:
            return await self._becoming_first(form, found)
        if "password" not in self._sign_in.ways:
            return RedirectResponse("/sign-in?next=/first-account", status_code=303)
        if form.get("password") != form.get("again"):
            return _first_page(form, None, "The two passwords are not the same.")
        return await self._opening(
            request,
            lambda store, agent: signing_in.make_first_account(
                store,
                code=form.get("code", ""),
                name=form.get("name", ""),
                login=form.get("login", ""),
                password=form.get("password", ""),
                agent=agent,
            ),
            "/",
            lambda problem: _first_page(form, None, problem),
        )

    async def _becoming_first(self, form: Mapping[str, str], found: SignedIn) -> Response:
        def become() -> None:
            code = form.get("code", "")
            signing_in.become_first_administrator(self._store(), code=code, by=found.actor)

        try:
            await to_thread.run_sync(become)
        except MonitorError as problem:
            return _first_page(form, found, problem.message)
        return RedirectResponse("/", status_code=303)

    async def _opening(
        self,
        request: Request,
        opening: Callable[[Store, str], str],
        wanted: str,
        again: Callable[[str], Response | Awaitable[Response]],
    ) -> Response:
        """Open a session and go on with its cookie, or show the form again with what is wrong."""
        if self._turns.statistics().tasks_waiting > WAITING:
            note("too many at once", request.scope)
            return page(
                "Sign in", _said("Too many people sign in at this moment. Try again in a minute."), status=503
            )
        agent = agent_of(request.headers.get("user-agent", ""))
        try:
            token = await to_thread.run_sync(lambda: opening(self._store(), agent), limiter=self._turns)
        except MonitorError as problem:
            shown = again(problem.message)
            return shown if isinstance(shown, Response) else await shown
        return await going_on(request, token, wanted, self._store, self._sign_in)


def signed_in(request: Request) -> SignedIn | None:
    """Return who is asking, as the gatekeeper found out."""
    found: SignedIn | None = request.scope.get("monitor.signed_in")
    return found


async def going_on(
    request: Request, token: str, wanted: str, store: Callable[[], Store], sign_in: SignIn
) -> Response:
    """Return the answer that gives the browser its new cookie and sends it on; the session it had before ends."""
    before = token_of(request.headers, sign_in)
    await to_thread.run_sync(lambda: signing_in.sign_out(store(), token=before))
    answer = RedirectResponse(local_path(wanted), status_code=303)
    answer.headers["set-cookie"] = cookie_of(token, sign_in)
    return answer


def local_path(wanted: str) -> str:
    """Return an address of this site to go on to; the first page for anything that could be another's."""
    plain = wanted.replace("\\", "/")
    if not plain.startswith("/") or plain.startswith("//") or any(ord(ch) < 32 for ch in plain):
        return "/"
    return plain if not plain.startswith(("/sign-", "/oidc")) else "/"


_BACK: Final = '<p><a href="/">Back to the register</a></p>'


def _code_page(problem: str = "") -> Response:
    return page(
        "Your invitation",
        "" if problem else "<p>The code is the last part of the link that you were given.</p>",
        _said(problem),
        f'<form method="post" action="/invitation">{_field("code", "Code", focus=True)}<button>Go on</button></form>',
        '<script src="/sign-in/invitation.js"></script>',
        status=403 if problem else 200,
    )


def _first_page(form: Mapping[str, str], found: SignedIn | None, problem: str = "") -> Response:
    code = _field("code", "One-time code, as the server printed it", value=form.get("code", ""), focus=True)
    if found is not None:
        return page(
            "Become the first administrator",
            f"<p>Nobody administers this register yet. You are {escape(found.account.name)}.</p>",
            _said(problem),
            f'<form method="post" action="/first-account">{code}<button>Become the administrator</button></form>',
            status=403 if problem else 200,
        )
    return page(
        "Make the first account",
        "<p>Nobody has an account yet. The first one is the administrator’s: it makes the others.</p>",
        _said(problem),
        f'<form method="post" action="/first-account">{code}'
        + _field("name", "Your name", value=form.get("name", ""), autocomplete="name")
        + _field("login", "Name to sign in with", value=form.get("login", ""), autocomplete="username")
        + _new_password()
        + "<button>Make the account</button></form>",
        status=403 if problem else 200,
    )


def _new_password(*, focus: bool = False) -> str:
    return (
        _field("password", "Password", kind="password", autocomplete="new-password", rule="rule", focus=focus)
        + f'<p class="quiet rule" id="rule">At least {PASSWORD_AT_LEAST} characters. Three or four unrelated words are good.</p>'
        + _field("again", "The same again", kind="password", autocomplete="new-password")
    )


def page(title: str, *parts: str, status: int = 200) -> HTMLResponse:
    """Return a page of the sign-in. The title is text; the parts are HTML, in which every text was escaped."""
    shown = _PAGE.format(
        title=escape(title), name=escape(NAME), body="\n".join(part for part in parts if part)
    )
    return HTMLResponse(shown, status_code=status, headers={"cache-control": "no-store"})


def _said(problem: str) -> str:
    return f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _field(
    name: str,
    label: str,
    *,
    kind: str = "text",
    value: str = "",
    autocomplete: str = "off",
    focus: bool = False,
    rule: str = "",
) -> str:
    described = f' aria-describedby="{rule}"' if rule else ""
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" value="{escape(value)}" autocomplete="{autocomplete}"'
        f' required maxlength="300"{" autofocus" if focus else ""}{described}'
        ' autocapitalize="none" spellcheck="false">'
    )


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a small form, the first of each name."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > FORM_BYTES:
            note("form too large", request.scope)
            raise HTTPException(413, "This form is too large.")
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        note("form of too many fields", request.scope)
        raise HTTPException(400, "This form cannot be read.") from None
    return {name: values[0] for name, values in fields.items()}


async def _drawn_with(request: Request) -> Response:
    found = _FILES.get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("Not found", status_code=404)
    file, kind = found
    return Response(file.read_bytes(), media_type=kind, headers={"cache-control": "max-age=3600"})


def problem_page(problem: str, *, status: int = 403) -> Response:
    """Return the page that says why a sign-in by others did not work, with the way to begin again."""
    return page(
        "Not signed in",
        _said(problem),
        '<p><a class="button" href="/sign-in">Begin again</a></p>',
        status=status,
    )
