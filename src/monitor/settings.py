"""What an installation decides for itself, read from the environment in one place."""

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

import platformdirs

from monitor.errors import SetupError

TITLE_MAX: Final = 80
_BESIDES_LETTERS: Final = " '’‘,.&()/–—-"


@dataclass(frozen=True, slots=True)
class Titles:
    """
    What the office, people and meetings are called here. Offices change; these change everywhere at once.

    Attributes:
        head_of_office: `MONITOR_TITLE_HEAD_OF_OFFICE`.
        chief_officer: `MONITOR_TITLE_CHIEF_OFFICER`.
        conference: The public meeting (`MONITOR_TITLE_CONFERENCE`).
        conference_short: The same where there is little room (`MONITOR_TITLE_CONFERENCE_SHORT`).
        office: The office itself (`MONITOR_TITLE_OFFICE`); empty for the name under which its register was begun.
    """

    head_of_office: str = "Police and Crime Commissioner"
    chief_officer: str = "Chief Constable"
    conference: str = "Public Accountability Conference"
    conference_short: str = "Conference"
    office: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """
        Return what they are called here. A public meeting with a name of its own has no other short name unless told.

        Raises:
            SetupError: for what cannot be a title.
        """
        kept = cls()
        conference = _title("MONITOR_TITLE_CONFERENCE", environment)
        short = _title("MONITOR_TITLE_CONFERENCE_SHORT", environment)
        return cls(
            head_of_office=_title("MONITOR_TITLE_HEAD_OF_OFFICE", environment) or kept.head_of_office,
            chief_officer=_title("MONITOR_TITLE_CHIEF_OFFICER", environment) or kept.chief_officer,
            conference=conference or kept.conference,
            conference_short=short or conference or kept.conference_short,
            office=_title("MONITOR_TITLE_OFFICE", environment),
        )

    def office_or(self, begun: str) -> str:
        """Return what the office is called, where its register was begun under this name."""
        return self.office or begun


RESPONSE_WARNINGS: Final = (14, 7)
"""Days before the last day of a statutory response on which to warn."""
RESPONSE_CLOCKS: Final = ("prevention-of-future-deaths",)
"""Clocks that can run besides section 55; their rules stand in `monitor.domain.responses`."""
WAYS: Final = ("password", "oidc", "proxy")
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
SECRET_AT_LEAST: Final = 32
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_NOT_A_NAME: Final = frozenset({"authorization", "cookie", "forwarded", "host", "origin", "user-agent"})
"""Headers that say something else, and that a browser may fill in."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """
    How people sign in, and from where the register is reached.

    Attributes:
        ways: Any of "password", "oidc" and "proxy" (`MONITOR_SIGN_IN`, separated by commas); empty for none.
        hosts: Names under which browsers reach it (`MONITOR_HOSTS`), besides this machine's own.
        behind_tls: Whether browsers come by https (`MONITOR_BEHIND_TLS`).
        issuer, client_id, client_secret: The provider of single sign-on (`MONITOR_OIDC_...`).
        proxy_header: The header in which the reverse proxy hands on who signed in (`MONITOR_PROXY_HEADER`).
        secret: Signs what lasts from one step of single sign-on to the next (`MONITOR_SECRET`).
    """

    ways: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    behind_tls: bool = False
    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    proxy_header: str = "X-Remote-User"
    secret: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """
        Return how people sign in here.

        Raises:
            SetupError: for a way that is unknown, one that lacks something, or one that would not be safe.
        """
        found = cls(
            ways=_listed(environment.get("MONITOR_SIGN_IN", "")),
            hosts=_listed(environment.get("MONITOR_HOSTS", "")),
            behind_tls=environment.get("MONITOR_BEHIND_TLS", "").casefold() in ("1", "yes", "true"),
            # Kept as it is written: a provider's name for itself is compared letter by letter.
            issuer=environment.get("MONITOR_OIDC_ISSUER", "").strip(),
            client_id=environment.get("MONITOR_OIDC_CLIENT_ID", ""),
            client_secret=_secret(
                "MONITOR_OIDC_CLIENT_SECRET", "MONITOR_OIDC_CLIENT_SECRET_FILE", environment
            ),
            proxy_header=environment.get("MONITOR_PROXY_HEADER") or "X-Remote-User",
            secret=_secret("MONITOR_SECRET", "MONITOR_SECRET_FILE", environment),
        )
        found._check()
        return found

    def _check(self) -> None:
        if unknown := [way for way in self.ways if way not in WAYS]:
            raise SetupError(
                f'MONITOR_SIGN_IN names "{unknown[0]}". It can be {", ".join(WAYS)}, or several with commas between.'
            )
        if wrong := [host for host in self.hosts if not _HOST.fullmatch(host)]:
            raise SetupError(
                f'MONITOR_HOSTS names "{wrong[0]}". Write names alone, such as monitor.example.org, '
                "without https, port or star."
            )
        if self.hosts and self.ways and not self.behind_tls:
            raise SetupError(
                "Passwords and sessions would cross the network in the clear. Let browsers come by https, "
                "and say so with MONITOR_BEHIND_TLS=1."
            )
        if self.secret and len(self.secret) < SECRET_AT_LEAST:
            raise SetupError(
                f"MONITOR_SECRET needs at least {SECRET_AT_LEAST} characters, all of them random."
            )
        if "oidc" in self.ways:
            self._check_provider()
        header = self.proxy_header
        if not _HEADER.fullmatch(header) or header.casefold() in _NOT_A_NAME:
            raise SetupError(f'MONITOR_PROXY_HEADER cannot be "{header}". X-Remote-User is usual.')

    def _check_provider(self) -> None:
        if not (self.issuer and self.client_id and self.client_secret):
            raise SetupError(
                "Single sign-on needs MONITOR_OIDC_ISSUER, MONITOR_OIDC_CLIENT_ID and MONITOR_OIDC_CLIENT_SECRET "
                "(or MONITOR_OIDC_CLIENT_SECRET_FILE)."
            )
        parts = urlsplit(self.issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise SetupError("MONITOR_OIDC_ISSUER must begin with https://.")


def signs_in(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether people sign in here, without reading anything else."""
    return bool(_listed(environment.get("MONITOR_SIGN_IN", "")))


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words.split(",") if word.strip())


def _secret(name: str, in_file: str, environment: Mapping[str, str]) -> str:
    """Return a secret from the environment, or from a file that nobody else may read."""
    path = environment.get(in_file, "")
    if not path:
        return environment.get(name, "")
    try:
        if os.name == "posix" and Path(path).stat().st_mode & 0o077:
            raise SetupError(f"{in_file} can be read by others. Let its owner alone read it: chmod 600.")
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise SetupError(f"{in_file} cannot be read ({problem.strerror}).") from None


@dataclass(frozen=True, slots=True)
class Settings:
    """
    Everything that can be set.

    Attributes:
        database: Address of the database (`MONITOR_DATABASE_URL`).
        update_every_days: An open item wants an update from the force this often (`MONITOR_UPDATE_EVERY_DAYS`).
        clamd: Where the virus scanner listens, host:port or the path of its socket (`MONITOR_CLAMD`); empty for none.
        evidence_mb_a_day: Files of evidence that one account may add in a day (`MONITOR_EVIDENCE_MB_A_DAY`).
        word_template: A Word file whose styles the packs take (`MONITOR_WORD_TEMPLATE`); empty for the product's own.
        response_warnings: How many days before the last day of a statutory response to warn, the most first
            (`MONITOR_RESPONSE_WARNINGS`).
        response_clocks: Which of `RESPONSE_CLOCKS` run here (`MONITOR_RESPONSE_CLOCKS`); none unless told.
        public_address: Where the public site is reached, https://... (`MONITOR_PUBLIC_ADDRESS`); empty where not known.
        public_contact: Whom its readers can ask (`MONITOR_PUBLIC_CONTACT`): an e-mail address or a web page.
        public_texts: Which words written for the office are public (`MONITOR_PUBLIC_TEXTS`); none unless named.
    """

    database: str
    titles: Titles = Titles()
    update_every_days: int = 30
    clamd: str = ""
    evidence_mb_a_day: int = 100
    word_template: str = ""
    response_warnings: tuple[int, ...] = RESPONSE_WARNINGS
    response_clocks: tuple[str, ...] = ()
    public_address: str = ""
    public_contact: str = ""
    public_texts: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """
        Return the settings of this process.

        Raises:
            SetupError: for one that cannot be used.
        """
        return cls(
            database=database_address(environment),
            titles=Titles.from_environment(environment),
            update_every_days=_whole("MONITOR_UPDATE_EVERY_DAYS", environment, 30),
            clamd=environment.get("MONITOR_CLAMD", "").strip(),
            evidence_mb_a_day=_whole("MONITOR_EVIDENCE_MB_A_DAY", environment, 100),
            word_template=environment.get("MONITOR_WORD_TEMPLATE", "").strip(),
            response_warnings=_days("MONITOR_RESPONSE_WARNINGS", environment, RESPONSE_WARNINGS),
            response_clocks=_clocks(environment.get("MONITOR_RESPONSE_CLOCKS", "")),
            public_address=environment.get("MONITOR_PUBLIC_ADDRESS", "").strip(),
            public_contact=environment.get("MONITOR_PUBLIC_CONTACT", "").strip(),
            public_texts=_listed(environment.get("MONITOR_PUBLIC_TEXTS", "")),
        )


def _title(name: str, environment: Mapping[str, str]) -> str:
    """
    Return a title on one line; empty where none is given.

    Raises:
        SetupError: for one that is too long, or that holds what a page, a workbook or a file could act on.
    """
    title = " ".join(unicodedata.normalize("NFC", environment.get(name, "")).split())
    if len(title) > TITLE_MAX:
        raise SetupError(f"{name} has {len(title)} characters. A title can have {TITLE_MAX}.")
    if title and not (title[0].isalnum() and all(_in_a_title(ch) for ch in title)):
        raise SetupError(
            f"{name} cannot be used as a title. It begins with a letter or a digit, and has only letters, digits, "
            f"blanks and {' '.join(_BESIDES_LETTERS.strip())}."
        )
    return title


def _in_a_title(ch: str) -> bool:
    return ch in _BESIDES_LETTERS or unicodedata.category(ch)[0] in "LMN"


def _whole(name: str, environment: Mapping[str, str], usual: int) -> int:
    """Return a whole number above nought, or the usual one."""
    given = environment.get(name, "")
    return int(given) if given.isdecimal() and int(given) > 0 else usual


def _days(name: str, environment: Mapping[str, str], usual: tuple[int, ...]) -> tuple[int, ...]:
    """
    Return several numbers of days, the most first; the usual ones where none is given.

    Raises:
        SetupError: for what is no such list: a warning that never comes would be missed by nobody.
    """
    given = _listed(environment.get(name, ""))
    if not all(re.fullmatch("[0-9]{1,3}", one) for one in given):
        raise SetupError(f'{name} is "{environment[name]}". Give days with commas between, as in 14, 7.')
    return tuple(sorted({int(one) for one in given}, reverse=True)) or usual


def _clocks(words: str) -> tuple[str, ...]:
    """
    Return the clocks that are switched on.

    Raises:
        SetupError: for one that there is not.
    """
    named = _listed(words)
    if unknown := [one for one in named if one not in RESPONSE_CLOCKS]:
        raise SetupError(
            f'MONITOR_RESPONSE_CLOCKS names "{unknown[0]}". It can be {", ".join(RESPONSE_CLOCKS)}; leave it empty for none.'
        )
    return named


def database_address(environment: Mapping[str, str] = os.environ) -> str:
    """Return the address of the database, without reading anything else."""
    return environment.get("MONITOR_DATABASE_URL") or default_database()


def project_root() -> Path | None:
    """Return the folder of the checkout this runs from; None when there is none."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "dashboard.py").is_file() and (root / "pyproject.toml").is_file() else None


def default_database() -> str:
    """Return SQLite's address: in the checkout's `data` folder, else in the user's data folder."""
    root = project_root()
    folder = root / "data" if root else Path(platformdirs.user_data_dir("recommendations-monitor"))
    return f"sqlite:///{(folder / 'register.sqlite').as_posix()}"
