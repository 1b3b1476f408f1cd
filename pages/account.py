"""Your account: what you may do, where you are signed in, your password."""

from monitor.domain.access import Permission
from monitor.ui import frame, own_account

page = frame.open_page(Permission.READ)
own_account.show(page)
