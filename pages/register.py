"""Every recommendation: search, filter, choose columns, take the rows away; each row opens its page."""

from monitor.domain.access import Permission
from monitor.ui import frame, register

page = frame.open_page(Permission.READ)
register.show_register(page)
