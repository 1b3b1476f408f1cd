"""My updates: what waits for this person, one after another."""

from monitor.domain.access import Permission
from monitor.ui import frame, updates
from monitor.ui.filling import say_saved

# The force and the office add evidence; nobody else has anything waiting here.
page = frame.open_page(Permission.ADD_EVIDENCE)
say_saved()
updates.show(page)
