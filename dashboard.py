"""The entry script: every page, in the order of the menu, with the permission that it asks for."""

from monitor.domain.access import Permission
from monitor.settings import Settings
from monitor.ui import frame, session

PAGES = (
    frame.Listed("overview", "Overview", Permission.READ),
    frame.Listed("register", "Register", Permission.READ),
    frame.Listed("updates", "My updates", Permission.ADD_EVIDENCE),
    frame.Listed("conference", Settings.from_environment().titles.conference_short, Permission.READ),
    frame.Listed("progress", "Progress", Permission.READ),
    frame.Listed("reports", "Reports", Permission.READ),
    frame.Listed("response", "Responses", Permission.READ),
    frame.Listed("review", "Import", Permission.TAKE_IN),
    frame.Listed("publish", "Publish", Permission.PUBLISH_SITE, in_menu=False),
    frame.Listed("method", "How this is worked out", Permission.READ),
    frame.Listed("audit", "Who did what", Permission.READ_AUDIT),
    frame.Listed("accounts", "Accounts", Permission.MANAGE_ACCOUNTS, in_menu=session.is_signed_in()),
    frame.Listed("account", "Your account", Permission.READ, in_menu=False),
    frame.Listed("recommendation", "Recommendation", Permission.READ, in_menu=False),
    frame.Listed("room", "In the room", Permission.READ_MEETINGS, in_menu=False),
)

frame.run(PAGES)
