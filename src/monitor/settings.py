"""What an installation decides for itself, read from the environment in one place."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs

from monitor.errors import SetupError


@dataclass(frozen=True, slots=True)
class Titles:
    """What people and meetings are called here. Offices change; these change everywhere at once."""

    head_of_office: str = "Police and Crime Commissioner"
    chief_officer: str = "Chief Constable"
    conference: str = "Public Accountability Conference"
    conference_short: str = "Conference"


WAYS = ("password", "oidc", "proxy")


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
            SetupError: for a way that is unknown, or one that lacks something.
        """
        ways = _listed(environment.get("MONITOR_SIGN_IN", ""))
        found = cls(
            ways=ways,
            hosts=_listed(environment.get("MONITOR_HOSTS", "")),
            behind_tls=environment.get("MONITOR_BEHIND_TLS", "").casefold() in ("1", "yes", "true"),
            issuer=environment.get("MONITOR_OIDC_ISSUER", "").rstrip("/"),
            client_id=environment.get("MONITOR_OIDC_CLIENT_ID", ""),
            client_secret=_secret("MONITOR_OIDC_CLIENT_SECRET", environment),
            proxy_header=environment.get("MONITOR_PROXY_HEADER") or "X-Remote-User",
            secret=_secret("MONITOR_SECRET", environment),
        )
        if unknown := [way for way in ways if way not in WAYS]:
            raise SetupError(
                f'MONITOR_SIGN_IN names "{unknown[0]}". It can be {", ".join(WAYS)}, or several with commas between.'
            )
        if "oidc" in ways and not (found.issuer and found.client_id and found.client_secret):
            raise SetupError(
                "Single sign-on needs MONITOR_OIDC_ISSUER, MONITOR_OIDC_CLIENT_ID and MONITOR_OIDC_CLIENT_SECRET "
                "(or MONITOR_OIDC_CLIENT_SECRET_FILE)."
            )
        return found


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words.split(",") if word.strip())


def _secret(name: str, environment: Mapping[str, str]) -> str:
    """Return a secret from the environment, or from a file that nobody else may read."""
    path = environment.get(f"{name}_FILE", "")
    if not path:
        return environment.get(name, "")
    try:
        if os.name == "posix" and Path(path).stat().st_mode & 0o077:
            raise SetupError(f"{name}_FILE can be read by others. Let its owner alone read it: chmod 600.")
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise SetupError(f"{name}_FILE cannot be read ({problem.strerror}).") from None


@dataclass(frozen=True, slots=True)
class Settings:
    """
    Everything that can be set.

    Attributes:
        database: Address of the database (`MONITOR_DATABASE_URL`).
        update_every_days: An open item wants an update from the force this often (`MONITOR_UPDATE_EVERY_DAYS`).
    """

    database: str
    titles: Titles = Titles()
    update_every_days: int = 30

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the settings of this process."""
        kept = Titles()
        titles = Titles(
            head_of_office=environment.get("MONITOR_TITLE_HEAD_OF_OFFICE", kept.head_of_office),
            chief_officer=environment.get("MONITOR_TITLE_CHIEF_OFFICER", kept.chief_officer),
            conference=environment.get("MONITOR_TITLE_CONFERENCE", kept.conference),
            conference_short=environment.get("MONITOR_TITLE_CONFERENCE_SHORT", kept.conference_short),
        )
        days = environment.get("MONITOR_UPDATE_EVERY_DAYS", "")
        return cls(
            database=environment.get("MONITOR_DATABASE_URL") or default_database(),
            titles=titles,
            update_every_days=int(days) if days.isdigit() and int(days) > 0 else 30,
        )


def project_root() -> Path | None:
    """Return the folder of the checkout this runs from; None when there is none."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "dashboard.py").is_file() and (root / "pyproject.toml").is_file() else None


def default_database() -> str:
    """Return SQLite's address: in the checkout's `data` folder, else in the user's data folder."""
    root = project_root()
    folder = root / "data" if root else Path(platformdirs.user_data_dir("recommendations-monitor"))
    return f"sqlite:///{(folder / 'register.sqlite').as_posix()}"
