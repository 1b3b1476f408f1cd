"""A meeting while it is held: one question after another, with its facts, its answer and what is agreed."""

from monitor.domain.access import Permission
from monitor.ui import frame, meetings, room
from monitor.ui.filling import say_saved

page = frame.open_page(Permission.READ_MEETINGS)
say_saved()
room.show(page, meetings.asked_for())
