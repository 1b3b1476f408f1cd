"""Import: files are dropped, what was understood is looked at and put right, and what is ticked is taken in."""

from monitor.domain.access import Permission
from monitor.ui import frame, review

review.show(frame.open_page(Permission.TAKE_IN))
