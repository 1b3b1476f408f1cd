"""One server a file: started as its command does, with the demonstration register and passwords."""

from collections.abc import Iterator

import pytest

from tests.server.running import Running, running


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Yield a server on which people sign in with passwords."""
    with running(
        tmp_path_factory.mktemp("served"), "--sample-if-empty", MONITOR_SIGN_IN="password"
    ) as server:
        yield server
