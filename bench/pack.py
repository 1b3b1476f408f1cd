"""
Measure what the pack of a meeting costs for a large register, against reading that register once.

Both are timed in the same process, by its own processor time, so that other work on the machine disturbs neither.
While a pack is made in a thread, as a page makes it, another thread answers filter clicks: how much longer each
takes is the second figure. The answer is one JSON object on standard output. Exit: 0 within the bars, 1 above one,
3 not measured.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

from monitor.domain.access import SYSTEM
from monitor.domain.statuses import MeetingKind
from monitor.packs.publishing import make_pack
from monitor.services import view as viewing
from monitor.services.filters import Filter, select
from monitor.services.sample import load_demonstration
from monitor.services.view import RegisterView, register_view
from monitor.settings import Settings
from monitor.store import Store, migrate

PACK_BAR: Final = 8.0
"""A pack in its three forms may cost so many readings of the register."""

CLICK_BAR: Final = 6.0
"""A filter click may take so many times as long while a pack is made: two threads share one interpreter."""

FORMS: Final = ("docx", "pdf", "html")


def main() -> int:
    """Measure, print, and say by the exit code whether it is within the bars."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--recommendations", type=int, default=5000)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = a_register(Path(folder), asked.recommendations)
        meeting = next(
            one
            for one in register_view(store, by=SYSTEM).meetings
            if one.kind is MeetingKind.CONFERENCE and one.on >= store.today()
        )

        def pack() -> None:
            made = make_pack(
                store, meeting_id=meeting.id, by=SYSTEM, settings=Settings(database=""), forms=FORMS
            )
            assert all(made.files.values())
            assert len(made.facts.view.rows) == asked.recommendations

        readings = [spent(lambda: reading(store)) for _ in range(asked.rounds)]
        packs = [spent(lambda: (viewing._views.clear(), pack())) for _ in range(asked.rounds)]
        alone, beside = clicks(store, lambda: None), clicks(store, pack)
        store.close()
    if not beside:
        return 3
    answer = {
        "recommendations": asked.recommendations,
        "baseline": "reading the register once",
        "reading_s": round(min(readings), 3),
        "pack_s": round(min(packs), 3),
        "pack_ratio": round(min(packs) / min(readings), 2),
        "click_ms": round(median(alone) * 1000, 1),
        "click_beside_a_pack_ms": round(median(beside) * 1000, 1),
        "click_ratio": round(median(beside) / median(alone), 2),
    }
    print(json.dumps(answer))
    return int(answer["pack_ratio"] > PACK_BAR or answer["click_ratio"] > CLICK_BAR)


def a_register(folder: Path, recommendations: int) -> Store:
    """Return a demonstration register of this size."""
    address = f"sqlite:///{folder / 'register.sqlite'}"
    migrate(address)
    store = Store(address)
    load_demonstration(store, recommendations=recommendations)
    return store


def reading(store: Store) -> RegisterView:
    """Read the register afresh."""
    viewing._views.clear()
    return register_view(store, by=SYSTEM)


def spent(act: Callable[[], object]) -> float:
    """Return the processor time of the process that something takes, in seconds."""
    before = time.process_time()
    act()
    return time.process_time() - before


def clicks(store: Store, beside: Callable[[], Any]) -> list[float]:
    """Return how long filter clicks take while something else is done in a thread, in seconds."""
    view = register_view(store, by=SYSTEM)
    other = threading.Thread(target=beside)
    taken, place = [], 0
    other.start()
    while other.is_alive() or len(taken) < 20:
        place += 1
        before = time.perf_counter()
        select(view, Filter(show="everything", text=f"record {place}"))
        taken.append(time.perf_counter() - before)
        time.sleep(0.02)
    other.join()
    return taken


if __name__ == "__main__":
    sys.exit(main())
