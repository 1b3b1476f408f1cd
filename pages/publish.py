"""Publish: what would change on the public site, and the two people who let it out."""

from monitor.domain.access import Permission
from monitor.ui import frame, publish
from monitor.ui.filling import say_saved

page = frame.open_page(Permission.PUBLISH_SITE)
say_saved()
publish.show(page)
