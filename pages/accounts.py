"""Accounts: who may sign in, what they are granted, and until when."""

from monitor.domain.access import Permission
from monitor.ui import accounts, frame

page = frame.open_page(Permission.MANAGE_ACCOUNTS)
accounts.show(page)
