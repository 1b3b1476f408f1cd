"""Who did what: the history of the register, for those who may read all of it."""

from monitor.domain.access import Permission
from monitor.ui import audit, frame

page = frame.open_page(Permission.READ_AUDIT)
audit.show(page)
