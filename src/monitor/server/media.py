"""
Whose a file is that Streamlit keeps for a page: a download, a picture.

Streamlit serves it to anybody who knows its address. It does note which of its sessions show it, and each of
those belongs to a sign-in: a file that only other sign-ins show is not there for this one.
"""

from pathlib import PurePosixPath

from streamlit import runtime


def is_somebody_elses(path: str, sign_in: str) -> bool:
    """
    Tell whether a file is shown by pages of other sign-ins, and by none of this one.

    One that no page shows is in between two runs of the page that it belongs to, or about to be removed.

    Args:
        path: Its address: `/media/` and a hash of 224 bits.
        sign_in: The name of the session that asks.
    """
    if not runtime.exists():
        return False
    running = runtime.get_instance()
    wanted = PurePosixPath(path).stem
    # Streamlit has no public way to ask; should a new release keep them elsewhere, this fails, and the test with it.
    shown = dict(running.media_file_mgr._files_by_session_and_coord)
    showing = [session_id for session_id, files in shown.items() if wanted in list(files.values())]
    owners = {_owner(running, session_id) for session_id in showing}
    return bool(owners) and sign_in not in owners


def _owner(running: runtime.Runtime, session_id: str) -> object:
    found = running._session_mgr.get_session_info(session_id)
    return found.session._user_info.get("session") if found else None
