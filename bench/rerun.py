"""
Measure what a filter click costs the server, against a stock empty Streamlit page in the same run.

A click is timed over the web socket, from sending the rerun to hearing that the script has
finished. The two sides take turns, so that other work on the machine disturbs both alike. The
answer is one JSON object on standard output. Exit: 0 within the bar, 1 above it, 3 not measured.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

ROOT: Final = Path(__file__).resolve().parents[1]
BAR: Final = 0.6
STOCK_START: Final = (
    "import sys; sys.modules.update(dict.fromkeys(('uvloop', 'httptools', 'orjson'))); "
    "from streamlit.web.cli import main; main()"
)
"""Starts Streamlit as `pip install streamlit` gives it: without the packages that its extra `performance` adds."""

STOCK_PAGE: Final = 'import streamlit as st\n\nst.write("ok")\n'

# Fields that stand on every page and are not what is measured.
OF_THE_FRAME: Final = frozenset({"Act as", "Show the register as at"})
FILTER: Final = {"register": "Show", "progress": "Theme"}
"""The field that is clicked, by its label."""

POPOVER: Final = {"register": None, "progress": "Filter"}
"""The button behind which the field is made once it is opened."""

EXPECTED: Final = {"register": ["dataframe", "page_link"], "progress": ["plotly_chart"]}
"""Kinds of element of which one must come."""


class NotMeasuredError(Exception):
    """The page did not answer as the page that was meant."""


@dataclass
class Answer:
    """What one run of the script sent."""

    seconds: float = 0.0
    bytes: int = 0
    messages: int = 0
    page: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    choices: dict[str, tuple[str, str, list[str]]] = field(default_factory=dict)
    popovers: dict[str, str] = field(default_factory=dict)
    failed: bool = False


class Visitor:
    """One browser tab, without the browser."""

    def __init__(self, port: int) -> None:
        self._address = ""
        self._open: list[str] = []
        raw = socket.create_connection(("127.0.0.1", port))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._opened = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            sock=raw,
            subprotocols=[Subprotocol("streamlit")],
            compression=None,
            max_size=None,
        )

    def __enter__(self) -> Self:
        """Return the open visit."""
        self._socket: ClientConnection = self._opened.__enter__()
        return self

    def __exit__(self, *problem: Any) -> None:
        """Close the tab."""
        self._opened.__exit__(*problem)

    def keep_open(self, popover: str) -> None:
        """Leave a button's popover open, as it is while somebody chooses in it."""
        self._open.append(popover)

    def run(self, page: str = "", choice: tuple[str, str, str] | None = None) -> Answer:
        """
        Run a page once.

        Args:
            page: The page's hash. Without it Streamlit runs the first page, whatever was meant.
            choice: A field's id, the kind of its value, and the value that is chosen.
        """
        asked = BackMsg()
        asked.rerun_script.page_script_hash = page
        asked.rerun_script.query_string = self._address
        for popover in self._open:
            opened = asked.rerun_script.widget_states.widgets.add()
            opened.id, opened.bool_value = popover, True
        if choice:
            widget = asked.rerun_script.widget_states.widgets.add()
            widget.id = choice[0]
            if choice[1] == "string_array_value":
                widget.string_array_value.data.append(choice[2])
            else:
                widget.string_value = choice[2]
        payload = asked.SerializeToString()
        heard: list[bytes] = []
        begun = time.perf_counter()
        self._socket.send(payload)
        while True:
            raw = self._socket.recv(timeout=60)
            assert isinstance(raw, bytes)
            heard.append(raw)
            message = ForwardMsg()
            message.ParseFromString(raw)
            if message.WhichOneof("type") == "script_finished":
                break
        answer = Answer(seconds=time.perf_counter() - begun, bytes=sum(map(len, heard)), messages=len(heard))
        self._address = _read(heard, answer) or self._address
        return answer


def _read(heard: Sequence[bytes], answer: Answer) -> str | None:
    """Note which page ran and what it sent, and return the address it asked for; not timed."""
    address = None
    for raw in heard:
        message = ForwardMsg()
        message.ParseFromString(raw)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            answer.page = message.navigation.page_script_hash
            answer.pages = {one.url_pathname: one.page_script_hash for one in message.navigation.app_pages}
        elif kind == "script_finished":
            answer.failed = message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            _note(message.delta.new_element, answer)
        elif kind == "delta" and message.delta.add_block.WhichOneof("type") == "popover":
            if message.delta.add_block.popover.id:
                answer.popovers[message.delta.add_block.popover.label] = message.delta.add_block.popover.id
        elif kind == "page_info_changed":
            address = message.page_info_changed.query_string
        elif kind == "ref_hash":
            answer.kinds.append("seen before")
    return address


def _note(element: Element, answer: Answer) -> None:
    kind = element.WhichOneof("type") or ""
    answer.kinds.append(kind)
    if kind == "heading":
        answer.headings.append(element.heading.body)
    elif kind == "exception":
        answer.failed = True
    elif kind in ("selectbox", "radio", "multiselect", "button_group"):
        found = getattr(element, kind)
        names = [str(getattr(one, "content", one)) for one in found.options]
        value = "string_value" if kind in ("selectbox", "radio") else "string_array_value"
        if found.label not in OF_THE_FRAME and len(names) > 1:
            answer.choices[found.label] = (found.id, value, names)


@dataclass
class Side:
    """One of the two pages that take turns."""

    name: str
    process: "subprocess.Popen[bytes]"
    click: Callable[[int], Answer]
    times: list[list[float]] = field(default_factory=list)
    bytes: int = 0
    messages: int = 0
    cpu: float = 0.0

    def take_turn(self, clicks: int) -> None:
        """Click and keep the times."""
        cpu = _cpu_seconds(self.process.pid)
        turn = []
        for number in range(clicks):
            answer = self.click(number)
            turn.append(answer.seconds)
            self.bytes, self.messages = answer.bytes, answer.messages
            time.sleep(0.01)
        self.times.append(turn)
        self.cpu += _cpu_seconds(self.process.pid) - cpu

    def summary(self) -> dict[str, Any]:
        """Return the times in milliseconds."""
        every = sorted(second for turn in self.times for second in turn)
        return {
            "median_ms": _ms(median(every)),
            "min_ms": _ms(every[0]),
            "p95_ms": _ms(every[int(len(every) * 0.95)]),
            "cpu_ms": _ms(self.cpu / len(every)),
            "bytes": self.bytes,
            "messages": self.messages,
        }


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """Run both sides in turn and return the comparison."""
    with (
        tempfile.TemporaryDirectory() as kept,
        _our_server(Path(kept), arguments) as (ours, our_port),
        _stock_server(Path(kept)) as (stock, stock_port),
        Visitor(our_port) as our_visitor,
        Visitor(stock_port) as stock_visitor,
    ):
        click, shown = _our_click(our_visitor, arguments)
        stock_visitor.run()
        sides = [Side("ours", ours, click), Side("stock", stock, lambda _: stock_visitor.run())]
        for side in sides:
            for number in range(arguments.warm_up):
                side.click(number)
        for number in range(arguments.rounds):
            for side in sides if number % 2 == 0 else reversed(sides):
                side.take_turn(arguments.clicks)
    mine, theirs = (side.summary() for side in sides)
    by_round = [median(a) / median(b) for a, b in zip(sides[0].times, sides[1].times, strict=True)]
    ratio = mine["median_ms"] / theirs["median_ms"]
    return {
        "page": arguments.page,
        "recommendations": arguments.recommendations,
        "baseline": "stock empty Streamlit page",
        "ratio": round(ratio, 3),
        "ratio_by_round": [round(one, 3) for one in by_round],
        "bar": BAR,
        "within_bar": ratio <= BAR,
        "ours": mine,
        "stock": theirs,
        "rounds": arguments.rounds,
        "clicks": arguments.clicks,
        **shown,
    }


def _our_click(
    visitor: Visitor, arguments: argparse.Namespace
) -> tuple[Callable[[int], Answer], dict[str, Any]]:
    """Return what clicks the filter of our page, and what that page is; make sure that it is that page."""
    first = visitor.run()
    page = first.pages.get(arguments.page)
    if page is None:
        raise NotMeasuredError(f"There is no page {arguments.page}; there are {sorted(first.pages)}.")
    opened = visitor.run(page)
    label = arguments.filter or FILTER[arguments.page]
    popover = opened.popovers.get(POPOVER[arguments.page] or "")
    if popover and not arguments.no_filter:
        visitor.keep_open(popover)
        opened = visitor.run(page)
    if not arguments.no_filter and label not in opened.choices:
        raise NotMeasuredError(
            f"{arguments.page} shows no field {label!r}; it shows {sorted(opened.choices)}."
        )

    def click(number: int) -> Answer:
        choice = None
        if not arguments.no_filter:
            field_id, kind, names = opened.choices[label]
            choice = (field_id, kind, names[number % min(len(names), arguments.choices)])
        answer = visitor.run(page, choice)
        if answer.page != page or answer.failed or not answer.headings:
            raise NotMeasuredError(
                f"{arguments.page} did not run to its end: {answer.headings}, {answer.kinds}."
            )
        if arguments.expect and not {"seen before", *arguments.expect} & set(answer.kinds):
            raise NotMeasuredError(f"{arguments.page} sent no {arguments.expect}; it sent {answer.kinds}.")
        return answer

    shown = {
        "filter": None if arguments.no_filter else label,
        "heading": opened.headings[:1],
        "choices": 0 if arguments.no_filter else min(len(opened.choices[label][2]), arguments.choices),
        "elements": len(opened.kinds),
        "kinds": sorted(set(opened.kinds)),
    }
    return click, shown


@contextmanager
def _our_server(
    folder: Path, arguments: argparse.Namespace
) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """Start the product as `monitor serve` does, on a register of the size asked for."""
    address = arguments.database or f"sqlite:///{folder / 'bench.sqlite'}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "MONITOR_DATABASE_URL": address}
    command = [sys.executable, "-c", "from monitor.cli import main; main()"]
    if not arguments.database:
        made = subprocess.run(
            [*command, "sample", "--recommendations", str(arguments.recommendations), "--database", address],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise NotMeasuredError(f"The sample register could not be made: {made.stderr.strip()[-500:]}")
    port = _free_port()
    start = f"from monitor.server import serve; serve(port={port}, database_url={address!r})"
    begun = time.perf_counter()
    with _running([sys.executable, "-c", start], environment, folder, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        if not re.search(rf":{port}\s*$", line):
            raise NotMeasuredError(f"The product did not start: {line!r}")
        arguments.start_seconds = round(time.perf_counter() - begun, 2)
        yield process, port


@contextmanager
def _stock_server(folder: Path) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """Start `streamlit run` on a page that writes one word, with nothing tuned."""
    page = folder / "stock" / "page.py"
    page.parent.mkdir()
    page.write_text(STOCK_PAGE)
    port = _free_port()
    options = {
        "server.port": str(port),
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "logger.level": "error",
        "browser.gatherUsageStats": "false",
    }
    command = [sys.executable, "-c", STOCK_START, "run", str(page)]
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    with _running([*command, *flags], dict(os.environ), page.parent, stdout=subprocess.DEVNULL) as process:
        for _ in range(300):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield process, port


@contextmanager
def _running(
    command: Sequence[str], environment: dict[str, str], folder: Path, *, stdout: int
) -> "Iterator[subprocess.Popen[bytes]]":
    process = subprocess.Popen(command, env=environment, cwd=folder, stdout=stdout)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _cpu_seconds(pid: int) -> float:
    """Return the processor time of a process so far: what other work on the machine disturbs least."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def main() -> int:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0] if __doc__ else "")
    parser.add_argument("--page", choices=sorted(FILTER), default="register")
    parser.add_argument("--recommendations", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--clicks", type=int, default=20, help="clicks a side in each round")
    parser.add_argument("--warm-up", type=int, default=10, help="clicks a side before anything counts")
    parser.add_argument("--choices", type=int, default=1000, help="go round this many of the field's choices")
    parser.add_argument("--filter", help="label of the field to click, when it is not the usual one")
    parser.add_argument("--no-filter", action="store_true", help="run the page again without a choice")
    parser.add_argument("--expect", nargs="*", default=None, help="kinds of element, one of which must come")
    parser.add_argument("--database", help="address of a database to use as it is, instead of a new sample")
    arguments = parser.parse_args()
    if arguments.expect is None:
        arguments.expect = EXPECTED[arguments.page]
    try:
        result = measure(arguments)
    except NotMeasuredError as problem:
        print(json.dumps({"page": arguments.page, "not_measured": str(problem)}))
        return 3
    print(json.dumps({**result, "start_s": arguments.start_seconds}))
    return 0 if result["within_bar"] else 1


if __name__ == "__main__":
    sys.exit(main())
