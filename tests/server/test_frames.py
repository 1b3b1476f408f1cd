"""What may be said to Streamlit: what pages say, and nothing that its developers' menus do."""

from collections.abc import Callable

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from monitor.domain.access import Role
from monitor.server.frames import is_ours
from tests.server.running import Running, Tab

NOT_OURS: dict[str, Callable[[BackMsg], object]] = {
    "clear_cache": lambda said: setattr(said, "clear_cache", True),
    "set_run_on_save": lambda said: setattr(said, "set_run_on_save", True),
    "load_git_info": lambda said: setattr(said, "load_git_info", True),
    "debug_shutdown_runtime": lambda said: setattr(said, "debug_shutdown_runtime", True),
    "install_skills": lambda said: said.backend_operation_request.install_skills.SetInParent(),
    "dismiss_skills_nudge": lambda said: said.backend_operation_request.dismiss_skills_nudge.SetInParent(),
    "nothing": lambda said: None,
}


@pytest.mark.parametrize("kind", NOT_OURS)
def test_what_no_page_says_is_dropped(served: Running, kind: str) -> None:
    """There is no answer to it, and the page goes on: the next run is answered."""
    _, token = served.somebody(f"menu-{kind}".replace("_", "-"), Role.OFFICE)
    said = BackMsg()
    NOT_OURS[kind](said)
    assert not is_ours(said.SerializeToString())
    with Tab(served.url, token) as tab:
        tab.run()
        tab.send(said.SerializeToString())

        assert "Person menu" in tab.run()

        answered = {message.WhichOneof("type") for message in tab.messages}
        assert not answered & {"git_info_changed", "backend_operation_response"}


def test_what_pages_say_goes_on() -> None:
    """To run, to stop, to send a file, to fetch a part of a table."""
    run, stop, files, beat, rows = (BackMsg() for _ in range(5))
    run.rerun_script.query_string = "a=b"
    stop.stop_script = True
    files.file_urls_request.request_id = "1"
    beat.app_heartbeat = True
    rows.backend_operation_request.dataframe_chunk.source_id = "1"

    assert all(is_ours(said.SerializeToString()) for said in (run, stop, files, beat, rows))
    assert is_ours(b"\xff\xff"), "Streamlit hangs up on what cannot be read"
