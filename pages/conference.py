"""The Conference: every meeting, and one being prepared: what to ask, what changed, what was agreed, the pack."""

from monitor.domain.access import Permission
from monitor.ui import conference, frame, meetings
from monitor.ui.filling import say_saved

page = frame.open_page(Permission.READ)
say_saved()
number = meetings.asked_for()
if number is None:
    meetings.show(page)
else:
    conference.show(page, number)
