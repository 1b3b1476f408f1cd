"""Responses: which reports are to be answered and until when, and the desk at which one of them is answered."""

from monitor.domain.access import Permission
from monitor.ui import frame, response, responses
from monitor.ui.filling import say_saved

page = frame.open_page(Permission.READ)
say_saved()
number = responses.asked_for(page)
if page.is_past:
    responses.show_past(page)
elif number is None:
    responses.show(page)
else:
    response.show(page, number)
