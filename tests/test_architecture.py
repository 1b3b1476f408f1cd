"""
The map of the code, as a test: what may import what, and what may stand nowhere.

To change the map, change the tables below and say why in the commit. The tests at the end show that each rule
can be broken.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From top to bottom. A module may import from its own package and from the groups below it, not from its
# neighbours in a group.
GROUPS = (
    (
        "dashboard",
        "pages",
        "monitor.cli",
        "monitor.cli_accounts",
        "monitor.cli_handover",
        "monitor.cli_meetings",
        "monitor.cli_publish",
        "monitor.cli_responses",
        "monitor.server",
    ),
    ("monitor.cli_options",),
    ("monitor.ui",),
    ("monitor.packs",),
    ("monitor.services", "monitor.charts", "monitor.exporters"),
    ("monitor.store", "monitor.importers", "monitor.analysis"),
    ("monitor.domain",),
    ("monitor.dates", "monitor.errors", "monitor.settings", "monitor.working_days"),
    ("monitor",),  # the name and the version
)

# Neighbours that may be imported all the same.
NEIGHBOURS = {
    ("monitor.cli", "monitor.server"): "`monitor serve` starts the server",
    ("monitor.cli", "monitor.cli_accounts"): "its commands about accounts",
    ("monitor.cli", "monitor.cli_handover"): "its commands about leaving and arriving",
    ("monitor.cli", "monitor.cli_meetings"): "its commands about meetings",
    ("monitor.cli", "monitor.cli_publish"): "its command about the public site",
    ("monitor.cli", "monitor.cli_responses"): "its command about responses",
    ("monitor.cli_responses", "monitor.cli_meetings"): "how a file is written",
    ("monitor.dates", "monitor.errors"): "what cannot be read is refused in words",
    ("monitor.settings", "monitor.errors"): "what cannot be read is refused in words",
}

# Lower, and still not to be imported.
NEVER = {
    ("pages", "monitor.store"): "pages go through services, which check the permission",
    ("dashboard", "monitor.store"): "pages go through services, which check the permission",
}

# Other people's packages, and the only places that know them.
ONLY_IN = {
    "sqlalchemy": ("monitor.store",),
    "alembic": ("monitor.store",),
    "streamlit": ("dashboard", "pages", "monitor.ui", "monitor.server"),
}

# Reading any of these runs what was written.
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal"}
UNSAFE_CALLS = {"eval", "exec"}

# "Today" is an argument everywhere but here.
CLOCK = "src/monitor/store/clock.py"
CLOCK_CALLS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "Timestamp": {"now", "utcnow", "today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
}

# What Streamlit is given here, it gives to everybody who knows the address: one module decides when.
MEDIA = "src/monitor/ui/downloads.py"
MEDIA_CALLS = {"download_button", "image", "audio", "video", "pdf", "pyplot"}

LONGEST_PAGE = 60
SQL_BEGINNINGS = ("select ", "insert into ", "update ", "delete from ", "create table ", "with recursive ")


def test_the_code_follows_the_map() -> None:
    """Every import goes downwards, and nothing forbidden stands anywhere."""
    assert list(violations(ROOT)) == []


def test_the_map_has_no_place_twice() -> None:
    """Each package stands in one group."""
    packages = [package for group in GROUPS for package in group]

    assert len(packages) == len(set(packages))


@pytest.mark.parametrize(
    ("path", "source", "complaint"),
    [
        (
            "src/monitor/domain/a.py",
            "from monitor.store import tables",
            "monitor.domain may not import monitor.store",
        ),
        ("src/monitor/domain/a.py", "def f():\n    import monitor.ui.safe", "may not import monitor.ui"),
        ("src/monitor/domain/a.py", "from monitor import store", "may not import monitor.store"),
        ("src/monitor/domain/a.py", "from ..services import record", "may not import monitor.services"),
        ("src/monitor/domain/a.py", "import numpy", "the standard library only, not numpy"),
        (
            "src/monitor/domain/a.py",
            "import importlib\nimportlib.import_module('monitor.ui')",
            "may not import monitor.ui",
        ),
        (
            "src/monitor/charts/a.py",
            "from monitor.services import register",
            "may not import monitor.services",
        ),
        ("src/monitor/analysis/a.py", "from monitor.store import Store", "may not import monitor.store"),
        ("src/monitor/errors.py", "from monitor import dates", "may not import monitor.dates"),
        ("src/monitor/services/a.py", "import sqlalchemy.orm", "sqlalchemy belongs in monitor.store"),
        ("src/monitor/charts/a.py", "import streamlit as st", "streamlit belongs in"),
        ("src/monitor/extras/a.py", "import json", "monitor.extras.a has no place on the map"),
        ("pages/a.py", "from monitor.store import Store", "pages go through services"),
        ("pages/a.py", "\n" * 61, "61 lines; a page has 60 at most"),
        ("pages/a.py", "rows = f('SELECT reference FROM recommendation')", "SQL in a page"),
        ("dashboard.py", "import alembic", "alembic belongs in monitor.store"),
        ("src/monitor/services/a.py", "import datetime as dt\ndt.datetime.now(dt.UTC)", "asks the clock"),
        ("src/monitor/domain/a.py", "from datetime import date\ndate.today()", "asks the clock"),
        ("src/monitor/analysis/a.py", "import pandas as pd\npd.Timestamp.today()", "asks the clock"),
        ("src/monitor/ui/a.py", "f(default_factory=datetime.now)", "asks the clock"),
        ("src/monitor/services/a.py", "import pickle", "pickle runs what it reads"),
        ("src/monitor/services/a.py", "from marshal import loads", "marshal runs what it reads"),
        ("src/monitor/services/a.py", "eval('1 + 1')", "eval runs what it reads"),
        ("src/monitor/analysis/a.py", "frame.eval('a + b')", "eval runs what it reads"),
        ("src/monitor/ui/a.py", "st.markdown(text, unsafe_allow_html=True)", "unsafe_allow_html"),
        ("src/monitor/ui/a.py", "st.html(f'<b>{name}</b>')", "st.html takes a file"),
        ("src/monitor/ui/a.py", "text = '<b>'\nst.html(text)", "st.html takes a file"),
        ("src/monitor/ui/a.py", "text = Path('a').read_text()\nst.html(text)", "st.html takes a file"),
        ("src/monitor/ui/a.py", "st.download_button('Save', data=rows)", "leaves bytes with Streamlit"),
        ("src/monitor/ui/a.py", "column.download_button('Save', data=rows)", "leaves bytes with Streamlit"),
        ("src/monitor/ui/a.py", "from streamlit import image", "leaves bytes with Streamlit"),
        ("src/monitor/ui/a.py", "show = st.image", "leaves bytes with Streamlit"),
        ("pages/a.py", "st.pdf(content)", "leaves bytes with Streamlit"),
        ("dashboard.py", "st.video(content)", "leaves bytes with Streamlit"),
    ],
)
def test_what_breaks_the_map_is_found(tmp_path: Path, path: str, source: str, complaint: str) -> None:
    """A file that breaks a rule is named, with the rule."""
    plant(tmp_path, path, source)

    found = list(violations(tmp_path))

    assert len(found) == 1
    assert found[0].startswith(path)
    assert complaint in found[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "src/monitor/domain/a.py",
            "import zoneinfo\nfrom monitor import dates\nfrom monitor.domain.b import C",
        ),
        ("src/monitor/store/a.py", "import sqlalchemy\nfrom monitor.domain import record"),
        ("src/monitor/store/migrations/versions/0001_a.py", "from alembic import op"),
        ("src/monitor/store/clock.py", "from datetime import datetime, UTC\ndatetime.now(UTC)"),
        ("src/monitor/services/a.py", "def f(register): return register.now()"),
        ("src/monitor/cli.py", "from monitor import __version__, server"),
        ("src/monitor/ui/a.py", "LOOK = Path(__file__).with_name('style.css')\nst.html(LOOK)"),
        (
            "src/monitor/ui/a.py",
            "HERE: Final = Path(__file__).parent\nLOOK: Final = HERE / 'style.css'\nst.html(LOOK)",
        ),
        ("pages/a.py", "import streamlit as st\nst.title('Select a service to update')"),
        ("src/monitor/ui/downloads.py", "st.download_button('Save', data=make)"),
        ("src/monitor/exporters/a.py", "chart.image(content)"),
    ],
)
def test_what_follows_the_map_passes(tmp_path: Path, path: str, source: str) -> None:
    """A file that keeps to the rules is not complained about."""
    plant(tmp_path, path, source)

    assert list(violations(tmp_path)) == []


def plant(root: Path, path: str, source: str) -> None:
    """Write a file into a tree of its own."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, encoding="utf-8")


def violations(root: Path) -> Iterator[str]:
    """Yield every broken rule as `file:line: what is wrong`."""
    files = [
        root / "dashboard.py",
        *(root / "pages").rglob("*.py"),
        *(root / "src" / "monitor").rglob("*.py"),
    ]
    for file in sorted(file for file in files if file.exists()):
        path = file.relative_to(root).as_posix()
        source = file.read_text(encoding="utf-8")
        tree = ast.parse(source, filename=path)
        module = module_of(path)
        home = place_of(module)
        if home is None:
            yield f"{path}:1: {module} has no place on the map"
            continue
        for line, imported in imports(tree, module, is_package=file.name == "__init__.py"):
            complaint = wrong_import(home, imported)
            if complaint:
                yield f"{path}:{line}: {complaint}"
        for line, complaint in wrong_calls(tree, may_ask_the_clock=path == CLOCK):
            yield f"{path}:{line}: {complaint}"
        if home in ONLY_IN["streamlit"] and path != MEDIA:
            yield from (f"{path}:{line}: {complaint}" for line, complaint in given_to_streamlit(tree))
        if home == "pages":
            yield from (f"{path}:{line}: {complaint}" for line, complaint in wrong_in_a_page(tree, source))


def module_of(path: str) -> str:
    """Return the dotted name of a file's module."""
    return path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def place_of(module: str) -> str | None:
    """Return the package on the map that a module belongs to; None if the map has none."""
    if module == "monitor":
        return module
    places = [package for group in GROUPS for package in group if package != "monitor"]
    return next((place for place in places if f"{module}.".startswith(f"{place}.")), None)


def imports(tree: ast.Module, module: str, *, is_package: bool) -> Iterator[tuple[int, str]]:
    """Yield the line and full name of everything a module imports, wherever in it and however."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, name.name) for name in names)
            case ast.ImportFrom(module=base, names=names, level=level):
                parents = module.split(".") if is_package else module.split(".")[:-1]
                start = ".".join(parents[: len(parents) - level + 1]) if level else ""
                full = ".".join(part for part in (start, base) if part)
                # `from monitor import dates` brings a module; `from monitor.dates import iso` a name in one.
                yield from (
                    (node.lineno, f"{full}.{name.name}" if full == "monitor" else full) for name in names
                )
            case ast.Call(
                func=ast.Name(id=called) | ast.Attribute(attr=called),
                args=[ast.Constant(value=str(name)), *_],
            ):
                if called in ("import_module", "__import__"):
                    yield node.lineno, name


def wrong_import(home: str, imported: str) -> str | None:
    """Return what is wrong with a package on the map importing something; None if nothing is."""
    top = imported.partition(".")[0]
    if top in UNSAFE_MODULES:
        return f"{top} runs what it reads"
    if top in ONLY_IN and home not in ONLY_IN[top]:
        return f"{top} belongs in {', '.join(ONLY_IN[top])}"
    if top not in ("monitor", "pages", "dashboard"):
        if home == "monitor.domain" and top not in sys.stdlib_module_names:
            return f"monitor.domain knows the standard library only, not {top}"
        return None
    target = place_of(imported) or ("monitor" if imported.startswith("monitor.__") else None)
    if target is None:
        return f"{imported} has no place on the map"
    if (home, target) in NEVER:
        return f"{home} may not import {target}: {NEVER[home, target]}"
    if target == home or rank(target) > rank(home) or (home, target) in NEIGHBOURS:
        return None
    where = "beside" if rank(target) == rank(home) else "above"
    return f"{home} may not import {target}, which stands {where} it"


def rank(place: str) -> int:
    """Return how far down a package stands."""
    return next(number for number, group in enumerate(GROUPS) if place in group)


def wrong_calls(tree: ast.Module, *, may_ask_the_clock: bool) -> Iterator[tuple[int, str]]:
    """Yield what must stand nowhere: the clock, code made from text, HTML made from text."""
    files = names_of_files(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=attribute):
                if attribute in CLOCK_CALLS.get(owner, ()) and not may_ask_the_clock:
                    yield node.lineno, f"{owner}.{attribute} asks the clock: take today or now as an argument"
            case ast.keyword(arg="unsafe_allow_html"):
                yield node.value.lineno, "unsafe_allow_html lets text become HTML"
        match node:
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)) if called in UNSAFE_CALLS:
                yield node.lineno, f"{called} runs what it reads"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="st"), attr="html"), args=arguments):
                if not all(isinstance(argument, ast.Name) and argument.id in files for argument in arguments):
                    yield (
                        node.lineno,
                        "st.html takes a file of ours, a Path named in the same module, never text",
                    )


def given_to_streamlit(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield where a page would leave bytes with Streamlit, on the page itself or on a part of it."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=called) | ast.alias(name=called) if called in MEDIA_CALLS:
                yield node.lineno, f"{called} leaves bytes with Streamlit: it belongs in {MEDIA}"


def names_of_files(tree: ast.Module) -> set[str]:
    """Return the names a module gives to files, such as `LOOK = Path(__file__).with_name(...)`."""
    names: set[str] = set()
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ):
                inside = list(ast.walk(value or ast.Pass()))
                called = {part.id for part in inside if isinstance(part, ast.Name)}
                reads = {part.attr for part in inside if isinstance(part, ast.Attribute)} & {
                    "read_text",
                    "read_bytes",
                }
                if called & {"Path", *names} and not reads:
                    names.add(name)
    return names


def wrong_in_a_page(tree: ast.Module, source: str) -> Iterator[tuple[int, str]]:
    """Yield what a page may not have: length, and SQL."""
    lines = len(source.splitlines())
    if lines > LONGEST_PAGE:
        yield lines, f"{lines} lines; a page has {LONGEST_PAGE} at most: what it does belongs in monitor.ui"
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = " ".join(node.value.split()).lower()
            if words.startswith(SQL_BEGINNINGS) and (
                " from " in words or " set " in words or "into " in words
            ):
                yield node.lineno, "SQL in a page"
