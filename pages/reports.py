"""Reports: what each holds and until when to respond; the office takes in further ones here."""

from monitor.domain.access import Permission
from monitor.ui import frame, reports, taking_in

page = frame.open_page(Permission.READ)
view = page.view
if view.inspections:
    reports.show_finding(page, view)
    reports.show_list(page, view)
else:
    reports.show_none(page, view)
if page.may(Permission.TAKE_IN):
    taking_in.show_form(page, view)
else:
    taking_in.leave()
taking_in.say_saved()
