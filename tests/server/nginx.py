"""
A reverse proxy that does what a configuration of nginx says, as far as the operations page writes one.

What it does not know it refuses, so that nothing on the page is passed over. With nginx itself the page is followed
by hand; this follows it each time.
"""

import asyncio
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PROTOCOLS = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
UNITS = {"k": 1024, "m": 1024 * 1024}

# What changes nothing here: how long is waited, what nginx says of itself, what it logs and how often one may ask.
PASSED_OVER = {
    "access_log", "limit_req", "limit_req_status", "limit_req_zone", "proxy_http_version", "proxy_read_timeout",
    "server_tokens", "ssl_session_tickets",
}  # fmt: skip


@dataclass
class Block:
    """A block of the configuration: what stands before its brace, its directives, and the blocks within."""

    words: list[str]
    directives: list[list[str]] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)

    def value(self, name: str) -> str:
        """Return the only value of a directive."""
        (found,) = [one[1:] for one in self.directives if one[0] == name]
        return " ".join(found)


def parsed(text: str) -> Block:
    """Return a configuration as blocks."""
    whole = Block([])
    open_ones, words = [whole], list[str]()
    for found in re.finditer(r'#[^\n]*|"([^"]*)"|([;{}])|([^\s;{}]+)', text):
        quoted, mark, word = found.groups()
        if mark == "{":
            inner = Block(words)
            open_ones[-1].blocks.append(inner)
            open_ones.append(inner)
            words = []
        elif mark == ";":
            open_ones[-1].directives.append(words)
            words = []
        elif mark == "}":
            open_ones.pop()
        elif word is not None or quoted is not None:
            words.append(quoted if word is None else word)
    assert open_ones == [whole]
    assert not words
    return whole


class Nginx:
    """The two servers of a configuration, one for https and one that sends browsers there."""

    def __init__(self, text: str, *, moved: Mapping[int, int]) -> None:
        """Take what the configuration says. `moved` has the ports of this test in place of those that it names."""
        whole = parsed(text)
        (self._upgrade,) = [one for one in whole.blocks if one.words[0] == "map"]
        self.clear, self.server = [one for one in whole.blocks if one.words == ["server"]]
        assert self.clear.value("listen") == "80"
        assert self.server.value("listen") == "443 ssl"
        known = PASSED_OVER | {
            "client_max_body_size", "listen", "proxy_pass", "proxy_request_buffering", "proxy_set_header", "return",
            "server_name", "ssl_certificate", "ssl_certificate_key", "ssl_ciphers", "ssl_protocols",
        }  # fmt: skip
        for block in (whole, *whole.blocks[1:], *self.server.blocks):
            for directive in block.directives:
                assert directive[0] in known, directive
        assert self.server.value("proxy_request_buffering") == "off", "passed on as it comes"
        passes = {one.value("proxy_pass") for one in self.server.blocks}
        (passed,) = passes
        self._port = moved[int(passed.rpartition(":")[2])]
        size = self.server.value("client_max_body_size")
        self._most = int(size[:-1]) * UNITS[size[-1]]
        self.url = self.clear_url = ""

    @property
    def context(self) -> ssl.SSLContext:
        """Return what the server says of TLS."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        named = sorted(PROTOCOLS[one] for one in self.server.value("ssl_protocols").split())
        made.minimum_version, made.maximum_version = named[0], named[-1]
        made.set_ciphers(self.server.value("ssl_ciphers"))
        made.load_cert_chain(self.server.value("ssl_certificate"), self.server.value("ssl_certificate_key"))
        return made

    async def send_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer in the clear: with where to go."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, where = self.clear.value("return").split()
        to = where.replace("$host", _said(head, "host")).replace("$request_uri", head.split(" ")[1])
        writer.write(
            f"HTTP/1.1 {status} Moved\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        writer.close()

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one request on, or a socket until its end."""
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            if int(_said(head, "content-length") or 0) > self._most:
                writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                writer.close()
                return
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
            far_writer.write(self.rewritten(head).encode("latin-1"))
            try:
                await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))
            finally:
                far_writer.transport.abort()
                writer.close()

    def rewritten(self, head: str) -> str:
        """Return the head of a request as the configuration passes it on: a header set to nothing is taken out."""
        first, *lines = head.rstrip("\r\n").split("\r\n")
        upgrade = _said(head, "upgrade")
        mapped = {words[0]: words[1] for words in self._upgrade.directives}
        variables = {
            "$host": _said(head, "host").partition(":")[0],
            "$http_upgrade": upgrade,
            "$connection_upgrade": mapped[""] if not upgrade else mapped["default"],
        }
        given = [one[1:] for one in self.server.directives if one[0] == "proxy_set_header"]
        # What is between two neighbours nginx does not hand on by itself.
        names = {name.lower() for name, _ in given} | {"connection", "upgrade"}
        kept = [line for line in lines if line.partition(":")[0].lower() not in names]
        for name, value in given:
            assert not value.startswith("$") or value in variables, value
            if shown := variables.get(value, value):
                kept.append(f"{name}: {shown}")
        return "\r\n".join([first, *kept]) + "\r\n\r\n"


def _said(head: str, name: str) -> str:
    found = re.search(rf"^{name}:[ \t]*(.*?)\r$", head, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.close()


@contextmanager
def serving(nginx: Nginx) -> Iterator[Nginx]:
    """Run both servers on ports of this machine; their event loop has a thread of its own."""
    ready = Event()
    ends: list[Callable[[], object]] = []

    async def run() -> None:
        end, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.set_exception_handler(lambda *_: None)
        secure = await asyncio.start_server(nginx.pass_on, "127.0.0.1", 0, ssl=nginx.context)
        clear = await asyncio.start_server(nginx.send_on, "127.0.0.1", 0)
        nginx.url = f"https://127.0.0.1:{secure.sockets[0].getsockname()[1]}"
        nginx.clear_url = f"http://127.0.0.1:{clear.sockets[0].getsockname()[1]}"
        ends.append(lambda: loop.call_soon_threadsafe(end.set))
        ready.set()
        await end.wait()
        for server in (secure, clear):
            server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.1)

    thread = Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield nginx
    finally:
        ends[0]()
        thread.join()


def certify(folder: Path, name: str) -> None:
    """Write a certificate that vouches for itself, and its key, as the page names them."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
