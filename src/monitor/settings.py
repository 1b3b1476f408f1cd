"""What an installation decides for itself, read from the environment in one place."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs


@dataclass(frozen=True, slots=True)
class Titles:
    """What people and meetings are called here. Offices change; these change everywhere at once."""

    head_of_office: str = "Police and Crime Commissioner"
    chief_officer: str = "Chief Constable"
    conference: str = "Public Accountability Conference"
    conference_short: str = "Conference"


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
