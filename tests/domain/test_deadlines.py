"""Deadlines as printed, and how each is read: the field's own forms, and what only looks like one."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.deadlines import RULES, DeadlineReading, deadline_rules, read_deadline
from monitor.domain.statuses import Precision

PUBLISHED = date(2022, 8, 11)
STALKING = date(2024, 9, 27)
DAY, MONTH, YEAR, UNKNOWN = Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.UNKNOWN


def on(iso: str) -> date:
    """Return the day, written shortly for the tables."""
    return date.fromisoformat(iso)


# What is printed, when the report was published, the day expected, its precision, the rule.
Row = tuple[str, date | None, str | None, Precision, str]

PHRASES: list[Row] = [
    # A month and a year.
    ("By March 2023", PUBLISHED, "2023-03-31", MONTH, "month-end"),
    ("by march 2023", None, "2023-03-31", MONTH, "month-end"),
    ("BY MARCH 2023", None, "2023-03-31", MONTH, "month-end"),
    ("By July 2026", PUBLISHED, "2026-07-31", MONTH, "month-end"),
    ("By September 2014", date(2014, 1, 1), "2014-09-30", MONTH, "month-end"),
    ("By February 2024", PUBLISHED, "2024-02-29", MONTH, "month-end"),
    ("By Feb 2023", PUBLISHED, "2023-02-28", MONTH, "month-end"),
    ("By Sept. 2023", PUBLISHED, "2023-09-30", MONTH, "month-end"),
    ("by, March 2023", PUBLISHED, None, UNKNOWN, "none"),
    ("March 2024", PUBLISHED, "2024-03-31", MONTH, "month-end"),
    ("Mar-24", PUBLISHED, "2024-03-31", MONTH, "month-end"),
    ("By May 2023", PUBLISHED, "2023-05-31", MONTH, "month-end"),
    ("No later than March 2015", date(2014, 3, 1), "2015-03-31", MONTH, "month-end"),
    ("by 03/2024", PUBLISHED, "2024-03-31", MONTH, "month-end"),
    # The end or the start of a month or a year.
    ("by the end of April 2014", date(2014, 1, 1), "2014-04-30", DAY, "end-of-month"),
    ("by the end of September 2022", PUBLISHED, "2022-09-30", DAY, "end-of-month"),
    ("by end of September 2022", PUBLISHED, "2022-09-30", DAY, "end-of-month"),
    ("By end-March 2023", PUBLISHED, "2023-03-31", DAY, "end-of-month"),
    ("End of March 2024", PUBLISHED, "2024-03-31", DAY, "end-of-month"),
    ("no later than the end of March 2015", date(2014, 3, 1), "2015-03-31", DAY, "end-of-month"),
    ("before the end of 2024", PUBLISHED, "2024-12-31", DAY, "end-of-year"),
    ("by the end of 2024", PUBLISHED, "2024-12-31", DAY, "end-of-year"),
    ("by the end of the calendar year 2023", PUBLISHED, "2023-12-31", DAY, "end-of-year"),
    ("by the start of April 2024", PUBLISHED, "2024-04-01", MONTH, "start-of-period"),
    ("by the beginning of 2025", PUBLISHED, "2025-01-01", YEAR, "start-of-period"),
    # A bare year.
    ("during 2020", date(2020, 7, 9), "2020-12-31", YEAR, "year-end"),
    ("in 2023", PUBLISHED, "2023-12-31", YEAR, "year-end"),
    ("By 2025", PUBLISHED, "2025-12-31", YEAR, "year-end"),
    ("throughout 2023", PUBLISHED, "2023-12-31", YEAR, "year-end"),
    ("2024", PUBLISHED, "2024-12-31", YEAR, "year-end"),
    # A full day, in every order that is used here.
    ("By 31 March 2024", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("By 1 June 2023", date(2023, 3, 30), "2023-06-01", DAY, "full-day"),
    ("02nd May 2019", date(2019, 5, 2), "2019-05-02", DAY, "full-day"),
    ("by the 31st of March 2024", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("by Friday 31 March 2023", PUBLISHED, "2023-03-31", DAY, "full-day"),
    ("by Friday, 31st March, 2023", PUBLISHED, "2023-03-31", DAY, "full-day"),
    ("by March 31, 2023", PUBLISHED, "2023-03-31", DAY, "full-day"),
    ("By 31-Mar-2024", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("30 Sep 2023", PUBLISHED, "2023-09-30", DAY, "full-day"),
    ("by 2024-03-31", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("27/08/2015", date(2015, 1, 1), "2015-08-27", DAY, "full-day"),
    ("By 31.03.2024", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("by 5pm on 31 March 2024", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("By\u00a031\u00a0March\u00a02024", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("By 31\nMarch 2024", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("Deadline: 31 March 2024", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("Target date – 31/03/2024", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("due by 31 March 2024", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("by 31 March 2024 at the latest", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("By 29 February 2024", PUBLISHED, "2024-02-29", DAY, "full-day"),
    ("Not later than 31 March 2015", date(2014, 3, 1), "2015-03-31", DAY, "not-later-than"),
    ("by no later than 1 June 2023", PUBLISHED, "2023-06-01", DAY, "not-later-than"),
    ("no later than 1 October 2023", PUBLISHED, "2023-10-01", DAY, "not-later-than"),
    ("on or before 1 October 2023", PUBLISHED, "2023-10-01", DAY, "not-later-than"),
    # Days that cannot be, or can be two.
    ("By 31 June 2023", PUBLISHED, None, UNKNOWN, "impossible-day"),
    ("By 29 February 2023", PUBLISHED, None, UNKNOWN, "impossible-day"),
    ("By 03/31/2024", PUBLISHED, None, UNKNOWN, "impossible-day"),
    ("By March 26", PUBLISHED, None, UNKNOWN, "unclear-day"),
    ("by 2020/22", PUBLISHED, None, UNKNOWN, "unclear-day"),
    # Before.
    ("before 1 April 2024", PUBLISHED, "2024-03-31", DAY, "before-a-day"),
    ("before March 2023", PUBLISHED, "2023-02-28", MONTH, "before-a-day"),
    ("prior to March 2024", PUBLISHED, "2024-02-29", MONTH, "before-a-day"),
    ("before 2025", PUBLISHED, "2024-12-31", YEAR, "before-a-day"),
    # Two digits for a year: proposed in prose, and asked about.
    ("By 27/03/25", STALKING, "2025-03-27", DAY, "full-day"),
    ("By 31 March 24", PUBLISHED, "2024-03-31", DAY, "full-day"),
    ("by March '24", PUBLISHED, "2024-03-31", MONTH, "month-end"),
    # Months, weeks and days of publication.
    ("within six months", STALKING, "2025-03-27", DAY, "months-after-publication"),
    ("Within 6 months", STALKING, "2025-03-27", DAY, "months-after-publication"),
    ("within six (6) months", STALKING, "2025-03-27", DAY, "months-after-publication"),
    ("within three months", date(2021, 9, 15), "2021-12-15", DAY, "months-after-publication"),
    ("within 12 months", PUBLISHED, "2023-08-11", DAY, "months-after-publication"),
    ("within twenty-four months", PUBLISHED, "2024-08-11", DAY, "months-after-publication"),
    ("within a year", PUBLISHED, "2023-08-11", DAY, "months-after-publication"),
    ("within two years", PUBLISHED, "2024-08-11", DAY, "months-after-publication"),
    ("within the next six months", STALKING, "2025-03-27", DAY, "months-after-publication"),
    ("in the next 12 months", PUBLISHED, "2023-08-11", DAY, "months-after-publication"),
    ("within the next year", PUBLISHED, "2023-08-11", DAY, "months-after-publication"),
    ("in six months' time", STALKING, "2025-03-27", DAY, "months-after-publication"),
    ("within a period of six months", STALKING, "2025-03-27", DAY, "months-after-publication"),
    ("within six months of the date of this report", STALKING, "2025-03-27", DAY, "months-after-publication"),
    (
        "within six months of this report’s publication",
        STALKING,
        "2025-03-27",
        DAY,
        "months-after-publication",
    ),
    (
        "within three months of the publication of this report",
        PUBLISHED,
        "2022-11-11",
        DAY,
        "months-after-publication",
    ),
    ("six months after publication", STALKING, "2025-03-27", DAY, "months-after-publication"),
    ("No later than six months after publication", STALKING, "2025-03-27", DAY, "months-after-publication"),
    ("6 months", STALKING, "2025-03-27", DAY, "months-after-publication"),
    ("within one month", date(2023, 1, 31), "2023-02-28", DAY, "months-after-publication"),
    ("within six months", date(2023, 8, 31), "2024-02-29", DAY, "months-after-publication"),
    ("within 12 months", date(2024, 2, 29), "2025-02-28", DAY, "months-after-publication"),
    ("within six weeks of publication", PUBLISHED, "2022-09-22", DAY, "weeks-after-publication"),
    ("within a fortnight", PUBLISHED, "2022-08-25", DAY, "weeks-after-publication"),
    ("within 30 days of publication", PUBLISHED, "2022-09-10", DAY, "days-after-publication"),
    ("within 28 calendar days", PUBLISHED, "2022-09-08", DAY, "days-after-publication"),
    ("within 12 months of 1 April 2024", PUBLISHED, "2025-04-01", DAY, "months-after-a-day"),
    ("within 10 working days of publication", PUBLISHED, None, UNKNOWN, "working-days"),
    ("within 12 to 18 months", PUBLISHED, None, UNKNOWN, "range"),
    ("within six months of the revisit", PUBLISHED, None, UNKNOWN, "counts-from-another-day"),
    ("within three months of receipt of this letter", PUBLISHED, None, UNKNOWN, "counts-from-another-day"),
    ("within 999 years", PUBLISHED, "3021-08-11", DAY, "months-after-publication"),
    # At once.
    ("immediately", PUBLISHED, "2022-08-11", DAY, "immediate"),
    ("Immediate", PUBLISHED, "2022-08-11", DAY, "immediate"),
    ("With immediate effect", PUBLISHED, "2022-08-11", DAY, "immediate"),
    ("Immediately following publication", PUBLISHED, "2022-08-11", DAY, "immediate"),
    ("on publication", PUBLISHED, "2022-08-11", DAY, "immediate"),
    ("immediately, and no later than 31 March 2024", PUBLISHED, "2024-03-31", DAY, "not-later-than"),
    # Financial and other years.
    ("by the end of the financial year", PUBLISHED, "2023-03-31", DAY, "financial-year-end"),
    ("by the end of this financial year", date(2023, 3, 31), "2023-03-31", DAY, "financial-year-end"),
    ("by the end of the next financial year", PUBLISHED, "2024-03-31", DAY, "financial-year-end"),
    ("by the end of the financial year 2023/24", PUBLISHED, "2024-03-31", DAY, "financial-year-end"),
    ("by the end of 2023/24", PUBLISHED, "2024-03-31", DAY, "financial-year-end"),
    ("by the end of the 2023–24 financial year", PUBLISHED, "2024-03-31", DAY, "financial-year-end"),
    ("during 2023/24", PUBLISHED, "2024-03-31", YEAR, "financial-year-end"),
    ("2023/24", PUBLISHED, "2024-03-31", YEAR, "financial-year-end"),
    ("by the end of the calendar year", PUBLISHED, "2022-12-31", DAY, "end-of-year"),
    ("by the end of the year", PUBLISHED, "2022-12-31", DAY, "end-of-year"),
    ("by year end", PUBLISHED, "2022-12-31", DAY, "end-of-year"),
    ("by the end of next year", PUBLISHED, "2023-12-31", DAY, "end-of-year"),
    ("by the end of the month", PUBLISHED, "2022-08-31", DAY, "end-of-month"),
    ("by the end of Q2 2023/24", PUBLISHED, "2023-09-30", DAY, "financial-quarter-end"),
    ("by Q4 2023/24", PUBLISHED, "2024-03-31", DAY, "financial-quarter-end"),
    # No year printed.
    ("by the end of September", PUBLISHED, "2022-09-30", MONTH, "year-not-printed"),
    ("by 31 March", PUBLISHED, "2023-03-31", DAY, "year-not-printed"),
    ("by 11 August", PUBLISHED, "2022-08-11", DAY, "year-not-printed"),
    ("By March", None, None, UNKNOWN, "year-not-printed"),
    # Parts of a month or a year: ask.
    ("by mid December", date(2021, 9, 15), None, UNKNOWN, "part-of-month"),
    ("by mid-December 2023", PUBLISHED, None, UNKNOWN, "part-of-month"),
    ("by early March 2024", PUBLISHED, None, UNKNOWN, "part-of-month"),
    ("by the first week of May 2024", PUBLISHED, None, UNKNOWN, "part-of-month"),
    ("by week commencing 3 April 2023", PUBLISHED, None, UNKNOWN, "part-of-month"),
    ("by spring 2024", PUBLISHED, None, UNKNOWN, "part-of-year"),
    ("Winter 2023/24", PUBLISHED, None, UNKNOWN, "part-of-year"),
    ("by Q2 2023", PUBLISHED, None, UNKNOWN, "part-of-year"),
    ("by the end of the second quarter of 2023", PUBLISHED, None, UNKNOWN, "part-of-year"),
    ("by mid-2024", PUBLISHED, None, UNKNOWN, "part-of-year"),
    ("by late 2023", PUBLISHED, None, UNKNOWN, "part-of-year"),
    ("by the end of the performance year", PUBLISHED, None, UNKNOWN, "part-of-year"),
    # Meetings, intervals, starts, and what is left open.
    ("at the February 2019 meeting", date(2018, 11, 1), None, UNKNOWN, "meeting"),
    ("prior to the next meeting", PUBLISHED, None, UNKNOWN, "meeting"),
    ("by the next Public Accountability Conference", PUBLISHED, None, UNKNOWN, "meeting"),
    ("at least annually", PUBLISHED, None, UNKNOWN, "recurring"),
    ("through their annual force management statements", PUBLISHED, None, UNKNOWN, "recurring"),
    ("every six months", PUBLISHED, None, UNKNOWN, "recurring"),
    ("by the end of each financial year", PUBLISHED, None, UNKNOWN, "recurring"),
    ("Implementation March 26 earliest", STALKING, None, UNKNOWN, "not-before"),
    ("from April 2023", PUBLISHED, None, UNKNOWN, "not-before"),
    ("not before 1 April 2024", PUBLISHED, None, UNKNOWN, "not-before"),
    ("with effect from 1 April 2024", PUBLISHED, None, UNKNOWN, "not-before"),
    ("as soon as practicable", PUBLISHED, None, UNKNOWN, "as-soon-as"),
    ("As a matter of urgency", PUBLISHED, None, UNKNOWN, "as-soon-as"),
    (
        "as soon as is practicable, and no later than 1 October 2023",
        PUBLISHED,
        "2023-10-01",
        DAY,
        "not-later-than",
    ),
    ("During PEEL 2020/21", date(2020, 7, 9), None, UNKNOWN, "assessed-when"),
    ("in their Integrated PEEL 2020-2021 Inspections", date(2020, 7, 9), None, UNKNOWN, "assessed-when"),
    ("at our next inspection", PUBLISHED, None, UNKNOWN, "assessed-when"),
    # Not deadlines.
    ("within 56 days", PUBLISHED, None, UNKNOWN, "response-clock"),
    ("two months to respond", PUBLISHED, None, UNKNOWN, "response-clock"),
    ("two months for a select committee", PUBLISHED, None, UNKNOWN, "response-clock"),
    ("as of 1 November 2023", PUBLISHED, None, UNKNOWN, "not-a-deadline"),
    ("over the last 6 months", PUBLISHED, None, UNKNOWN, "not-a-deadline"),
    ("between 3 and 8 July 2023", PUBLISHED, None, UNKNOWN, "not-a-deadline"),
    ("for a minimum of 24 months", PUBLISHED, None, UNKNOWN, "not-a-deadline"),
    ("in the year ending 31 March 2022", PUBLISHED, None, UNKNOWN, "not-a-deadline"),
    ("from April 2022 to March 2023", PUBLISHED, None, UNKNOWN, "not-a-deadline"),
    ("within 24 hours", PUBLISHED, None, UNKNOWN, "not-a-deadline"),
    ("for six months", PUBLISHED, None, UNKNOWN, "not-a-deadline"),
    ("in the 12 months to 31 March 2023", PUBLISHED, None, UNKNOWN, "not-a-deadline"),
    ("To be confirmed", PUBLISHED, None, UNKNOWN, "none"),
    ("N/A", PUBLISHED, None, UNKNOWN, "none"),
    ("no deadline", PUBLISHED, None, UNKNOWN, "none"),
    ("", PUBLISHED, None, UNKNOWN, "none"),
    ("   \n", PUBLISHED, None, UNKNOWN, "none"),
    ("PEEL 2018/19", PUBLISHED, None, UNKNOWN, "assessed-when"),
]

# The words that are the deadline, after the text.
TEXTS: list[tuple[str, date | None, str | None, Precision, str, str]] = [
    # Where it stands: first, after a heading, after a number, after the subject, in the middle, last.
    (
        "1. #23432 – By March 2023, forces should make sure their crime scene management practices adhere to the "
        "authorised professional practice or provide a rationale for deviating from it. They should also include:\n"
        "· Giving victims timely and appropriate advice during their initial call; and\n· Applying a risk assessment.",
        PUBLISHED,
        "2023-03-31",
        MONTH,
        "month-end",
        "By March 2023",
    ),
    (
        "Recommendation 2\nBy March 2023, all forces should ensure SAC investigations are subject to effective supervision.",
        PUBLISHED,
        "2023-03-31",
        MONTH,
        "month-end",
        "By March 2023",
    ),
    (
        "The force should, within three months:\n• review its policy; and\n• train its staff.",
        STALKING,
        "2024-12-27",
        DAY,
        "months-after-publication",
        "within three months",
    ),
    (
        "Chief constables should, within three months of this report’s publication, review all vetting decisions.",
        STALKING,
        "2024-12-27",
        DAY,
        "months-after-publication",
        "within three months of this report’s publication",
    ),
    (
        "The force should review its custody arrangements by 31 March 2024.",
        PUBLISHED,
        "2024-03-31",
        DAY,
        "full-day",
        "by 31 March 2024",
    ),
    (
        "As soon as is practicable, and no later than 1 October 2023, chief fire officers should make sure their "
        "services provide a confidential way to raise concerns.",
        date(2023, 3, 30),
        "2023-10-01",
        DAY,
        "not-later-than",
        "no later than 1 October 2023",
    ),
    (
        "We expect the police service during 2020 to make sure it has effective national guidelines.",
        date(2020, 7, 9),
        "2020-12-31",
        YEAR,
        "year-end",
        "during 2020",
    ),
    (
        "With immediate effect, chief fire officers should review how their services gather feedback from staff.",
        date(2023, 3, 30),
        "2023-03-30",
        DAY,
        "immediate",
        "With immediate effect",
    ),
    (
        "The force should immediately improve how it supervises detainees.",
        PUBLISHED,
        "2022-08-11",
        DAY,
        "immediate",
        "immediately",
    ),
    (
        "The force must take immediate action to improve its call handling.",
        PUBLISHED,
        "2022-08-11",
        DAY,
        "immediate",
        "take immediate action",
    ),
    (
        "The force should stop this practice immediately.",
        PUBLISHED,
        "2022-08-11",
        DAY,
        "immediate",
        "immediately",
    ),
    (
        "We recommend that by the end of the financial year the force should publish its plan.",
        PUBLISHED,
        "2023-03-31",
        DAY,
        "financial-year-end",
        "by the end of the financial year",
    ),
    (
        "The Home Office should, before the end of 2024, bring forward legislation.",
        PUBLISHED,
        "2024-12-31",
        DAY,
        "end-of-year",
        "before the end of 2024",
    ),
    (
        "The force should make sure all supervisors are trained within 12 months.",
        PUBLISHED,
        "2023-08-11",
        DAY,
        "months-after-publication",
        "within 12 months",
    ),
    (
        "By 31 March 2024, forces that had paused their training should restart it.",
        PUBLISHED,
        "2024-03-31",
        DAY,
        "full-day",
        "By 31 March 2024",
    ),
    (
        "The force should implement the recommendations that were made in our 2019 report by 31 March 2024.",
        PUBLISHED,
        "2024-03-31",
        DAY,
        "full-day",
        "by 31 March 2024",
    ),
    (
        "Chief constables should make sure that officers have received the training by 31 March 2024.",
        PUBLISHED,
        "2024-03-31",
        DAY,
        "full-day",
        "by 31 March 2024",
    ),
    ("The new unit should be set up by 2025.", PUBLISHED, "2025-12-31", YEAR, "year-end", "by 2025"),
    (
        "The policy should be completed before 1 April 2024.",
        PUBLISHED,
        "2024-03-31",
        DAY,
        "before-a-day",
        "before 1 April 2024",
    ),
    (
        "Forces should have this in place by the end of September 2023 and report on it annually.",
        PUBLISHED,
        "2023-09-30",
        DAY,
        "end-of-month",
        "by the end of September 2023",
    ),
    (
        "The force should update its policy. In March 2019 we found that it had none. By 31 March 2024 it should have one.",
        PUBLISHED,
        "2024-03-31",
        DAY,
        "full-day",
        "By 31 March 2024",
    ),
    (
        "By March 2024, forces should act on recommendation 4 of our earlier report, which they should have done by March 2021.",
        PUBLISHED,
        "2024-03-31",
        MONTH,
        "month-end",
        "By March 2024",
    ),
    (
        "By September 2023, forces should adopt the guidance (the College of Policing should publish it by April 2023).",
        PUBLISHED,
        "2023-09-30",
        MONTH,
        "month-end",
        "By September 2023",
    ),
    (
        "HMICFRS found gaps. Within six weeks of publication, the force should send its action plan to us.",
        PUBLISHED,
        "2022-09-22",
        DAY,
        "weeks-after-publication",
        "Within six weeks of publication",
    ),
    # What only looks like a deadline.
    (
        "We expect all forces to make sure the service meets the new strategy. We will assess how well forces adopt the "
        "principles during PEEL 2020/21.",
        date(2020, 7, 9),
        None,
        UNKNOWN,
        "assessed-when",
        "",
    ),
    (
        "In 2019, HMICFRS inspected how county lines drug trafficking is dealt with.",
        date(2020, 1, 10),
        None,
        UNKNOWN,
        "none",
        "",
    ),
    ("In March 2019 we found that the force should improve.", date(2019, 5, 2), None, UNKNOWN, "none", ""),
    (
        "The force should build on the findings of the 2017 inspection.",
        date(2019, 5, 2),
        None,
        UNKNOWN,
        "none",
        "",
    ),
    (
        "The force should implement the recommendations made in 2017.",
        date(2019, 5, 2),
        None,
        UNKNOWN,
        "none",
        "",
    ),
    (
        "By 31 March 2022, the force had trained 45 percent of its officers.",
        PUBLISHED,
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "In the year ending 31 December 2023, the force recorded 12,000 crimes. It should record more.",
        date(2024, 5, 1),
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "As of 1 November 2023, the force should be proud of its vetting team.",
        date(2024, 5, 1),
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "Over the last 6 months the force has improved, and it should continue to.",
        date(2024, 5, 1),
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "The force should make sure that victims are contacted within five days.",
        PUBLISHED,
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "The force should make sure that applications are decided within six months.",
        PUBLISHED,
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "The force should make sure that emergency calls are answered within 10 seconds and attended within 15 minutes.",
        PUBLISHED,
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "The force should make sure that each case is reviewed within 28 days of the arrest.",
        PUBLISHED,
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "The force should make sure officers secure the scene immediately after the incident.",
        PUBLISHED,
        None,
        UNKNOWN,
        "none",
        "",
    ),
    (
        "The force should make sure that call handlers transfer emergency calls that they cannot answer immediately.",
        PUBLISHED,
        None,
        UNKNOWN,
        "none",
        "",
    ),
    ("The force should identify children at immediate risk of harm.", PUBLISHED, None, UNKNOWN, "none", ""),
    ("The chief officer resigned with immediate effect.", PUBLISHED, None, UNKNOWN, "none", ""),
    (
        "We will inspect the force again by March 2024. It should improve.",
        PUBLISHED,
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    ("HMICFRS will revisit within six months.", PUBLISHED, None, UNKNOWN, "not-a-deadline", ""),
    (
        "The force should review all crimes recorded before 1 April 2019.",
        PUBLISHED,
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "The force should review cases that were closed by March 2021.",
        PUBLISHED,
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    ("The force should reduce the backlog, which grew by 2020 cases.", PUBLISHED, None, UNKNOWN, "none", ""),
    (
        "The force should keep footage for at least six months.",
        PUBLISHED,
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "The force should monitor this for the next 12 months.",
        PUBLISHED,
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "Data from April 2022 to March 2023 show that the force should do more.",
        date(2023, 10, 1),
        None,
        UNKNOWN,
        "not-a-deadline",
        "",
    ),
    (
        "The police and crime commissioner should publish comments within 56 days of publication.",
        PUBLISHED,
        None,
        UNKNOWN,
        "response-clock",
        "",
    ),
    (
        "The Government should respond to the select committee within two months.",
        PUBLISHED,
        None,
        UNKNOWN,
        "response-clock",
        "",
    ),
    (
        "The force should review its policy at least annually.",
        PUBLISHED,
        None,
        UNKNOWN,
        "recurring",
        "at least annually",
    ),
    (
        "The force may by then have improved; it should carry on.",
        PUBLISHED,
        None,
        UNKNOWN,
        "none",
        "",
    ),
    ("Each force should march by the book in its 2023 plan.", PUBLISHED, None, UNKNOWN, "none", ""),
    ("The force should make better use of body-worn video.", PUBLISHED, None, UNKNOWN, "none", ""),
    (
        "In PEEL 2018/19 we found that the force should improve.",
        date(2022, 8, 11),
        None,
        UNKNOWN,
        "none",
        "",
    ),
    (
        "Section 33 of the Police Act 1996 requires local policing bodies to respond to recommendations within 56 days.",
        PUBLISHED,
        None,
        UNKNOWN,
        "response-clock",
        "",
    ),
]


def _shown(reading: DeadlineReading) -> tuple[str | None, Precision, str]:
    return (reading.due.isoformat() if reading.due else None, reading.precision, reading.rule)


@pytest.mark.parametrize(
    ("phrase", "published", "due", "precision", "rule"), PHRASES, ids=[row[0] for row in PHRASES]
)
def test_phrase_alone(
    phrase: str, published: date | None, due: str | None, precision: Precision, rule: str
) -> None:
    """A phrase by itself, as a deadline column holds it, is read by one rule."""
    reading = read_deadline(phrase, published=published)
    assert _shown(reading) == (due, precision, rule), reading.note
    assert reading.note.endswith(".")


@pytest.mark.parametrize(
    ("text", "published", "due", "precision", "rule", "phrase"), TEXTS, ids=[row[0][:60] for row in TEXTS]
)
def test_phrase_in_a_text(
    text: str, published: date | None, due: str | None, precision: Precision, rule: str, phrase: str
) -> None:
    """In the whole text of a recommendation the deadline is found, and nothing else is taken for one."""
    reading = read_deadline(text, published=published)
    assert _shown(reading) == (due, precision, rule), reading.note
    assert reading.phrase == phrase
    assert not reading.further


def test_tables_are_large_enough() -> None:
    """The scenarios hold at least 120 rows, a fifth of them not deadlines."""
    rules = [row[4] for row in PHRASES] + [row[4] for row in TEXTS]
    assert len(rules) >= 200
    assert sum(rule in {"not-a-deadline", "none", "response-clock", "assessed-when"} for rule in rules) >= 40


@pytest.mark.parametrize(
    "phrase",
    [
        "immediately",
        "within six months",
        "within six weeks of publication",
        "within 30 days",
        "by the end of the financial year",
        "by the end of the year",
        "by 31 March",
    ],
)
@pytest.mark.parametrize(
    ("published", "precision"),
    [
        (None, DAY),
        (None, UNKNOWN),
        (date(2020, 7, 31), MONTH),
        (date(2020, 12, 31), YEAR),
        (date(2020, 7, 1), UNKNOWN),
    ],
)
def test_nothing_counts_from_a_publication_that_is_not_known_to_the_day(
    phrase: str, published: date | None, precision: Precision
) -> None:
    """A relative phrase gives no day, and its note asks for the day of publication."""
    reading = read_deadline(phrase, published=published, published_precision=precision)
    assert reading.due is None
    assert reading.precision is UNKNOWN
    assert "day of publication" in reading.note


def test_the_month_that_is_known_is_named() -> None:
    """The note says what is known of the publication, so that the person sees what is missing."""
    reading = read_deadline("immediately", published=date(2020, 7, 31), published_precision=MONTH)
    assert "July 2020" in reading.note


def test_printed_date_needs_no_publication() -> None:
    """A printed day stands by itself."""
    reading = read_deadline("By March 2023", published=date(2022, 8, 1), published_precision=MONTH)
    assert _shown(reading) == ("2023-03-31", MONTH, "month-end")
    assert not reading.from_publication


def test_two_clocks_in_one_sentence() -> None:
    """Assess within three months, correct immediately: both are kept, and the earliest day governs."""
    reading = read_deadline("assess within three months, correct immediately", published=date(2021, 9, 15))
    assert _shown(reading) == ("2021-09-15", DAY, "two-clocks")
    assert [(part.phrase, part.due) for part in reading.further] == [
        ("within three months", on("2021-12-15")),
        ("immediately", on("2021-09-15")),
    ]
    assert "15 December 2021" in reading.note
    assert "15 September 2021" in reading.note


def test_two_clocks_over_bullets() -> None:
    """The lead-in's date reaches every bullet, and a bullet's own word is kept beside it."""
    text = "By 1 January 2024, chief fire officers should:\n• immediately review their arrangements; and\n• train their staff."
    reading = read_deadline(text, published=date(2023, 3, 30))
    assert _shown(reading) == ("2023-03-30", DAY, "two-clocks")
    assert [part.rule for part in reading.further] == ["full-day", "immediate"]
    assert reading.phrase == "By 1 January 2024 … immediately"


def test_two_clocks_without_a_publication() -> None:
    """The printed day governs while the other waits for the day of publication, and the note asks for it."""
    text = "By 1 January 2024, chief fire officers should:\nimmediately review their arrangements"
    reading = read_deadline(text)
    assert _shown(reading) == ("2024-01-01", DAY, "two-clocks")
    assert "day of publication is needed" in reading.note


def test_one_date_printed_twice_is_one_clock() -> None:
    """The same day said again is not a second deadline."""
    text = "By 31 March 2024, forces should review it. They should finish by 31 March 2024."
    assert read_deadline(text, published=PUBLISHED).further == ()


def test_two_dates_in_two_sentences() -> None:
    """Two sentences with two dates are two clocks."""
    text = "By 31 March 2024, forces should review it. By 30 September 2024, they should train their staff."
    reading = read_deadline(text, published=PUBLISHED)
    assert reading.rule == "two-clocks"
    assert [part.due for part in reading.further] == [on("2024-03-31"), on("2024-09-30")]


@pytest.mark.parametrize(
    ("phrase", "published", "precision", "warned"),
    [
        ("By 22 November 2019", date(2022, 8, 11), DAY, "before the report was published"),
        ("By 22 November 2035", date(2024, 9, 27), DAY, "more than five years"),
        ("By June 2020", date(2020, 7, 1), MONTH, "before the report was published"),
        ("By July 2020", date(2020, 7, 31), MONTH, ""),
        ("By 2019", date(2020, 12, 31), YEAR, "before the report was published"),
        ("By 22 November 2025", date(2024, 9, 27), DAY, ""),
        ("By 11 August 2022", date(2022, 8, 11), DAY, ""),
    ],
)
def test_a_slip_of_the_pen_is_kept_and_pointed_at(
    phrase: str, published: date, precision: Precision, warned: str
) -> None:
    """A day far from the report's own keeps standing as printed; the note says so."""
    reading = read_deadline(phrase, published=published, published_precision=precision)
    assert reading.due is not None
    assert warned in reading.note
    assert ("Check it" in reading.note) == bool(warned)


@pytest.mark.parametrize("phrase", ["By 27/03/25", "By 31 March 24", "Mar-24"])
def test_a_year_of_two_digits_is_asked_about(phrase: str) -> None:
    """It is proposed in prose, and the note asks to confirm it."""
    assert "two digits" in read_deadline(phrase, published=PUBLISHED).note


def test_assessed_when_is_kept_beside_a_deadline() -> None:
    """A text may hold both; the assessment does not become a date."""
    text = "By March 2021, forces should adopt the strategy. We will assess this during PEEL 2020/21."
    reading = read_deadline(text, published=date(2020, 7, 9))
    assert _shown(reading) == ("2021-03-31", MONTH, "month-end")
    assert reading.assessed_when == "PEEL 2020/21"


def test_the_phrase_is_the_printed_one() -> None:
    """Curly quotes, capitals and odd spaces stay; only line breaks become spaces."""
    text = "The force should, WITHIN\n  three  months of this report’s publication, act."
    reading = read_deadline(text, published=STALKING)
    assert reading.phrase == "WITHIN three months of this report’s publication"


def test_every_rule_reads_its_own_examples() -> None:
    """The table that people read is the table that is applied: each printed example gives its rule."""
    for rule in RULES:
        for example in rule.printed.split("; "):
            assert read_deadline(example, published=PUBLISHED).rule == rule.name, example


def test_deadline_rules_names_every_rule_once() -> None:
    """The page *How this is worked out* has one row a rule, and no rule is given that it does not hold."""
    described = [rule.name for rule in deadline_rules()]
    assert len(described) == len(set(described))
    used = {row[4] for row in PHRASES} | {row[4] for row in TEXTS} | {"two-clocks"}
    assert used == set(described)
    assert all(
        rule.printed and rule.reading.endswith(".") and rule.why.endswith(".") for rule in deadline_rules()
    )


HOSTILE = [
    "by " * 7000,
    "by the end of the " * 1100,
    "within a period of the next " * 750,
    "within six months " * 1100,
    "by 31 march 2024 " * 1200,
    "immediately " * 1700,
    "(" * 20000,
    "1" * 20000,
    "1/" * 10000,
    "a " * 10000,
    " " * 20000,
    "\n" * 20000,
    "- " * 10000,
    "from april 2022 to " * 1000,
    "for a minimum of at least up to more than " * 500,
    "at the next " * 1600,
    "at the next " + "board-" * 3300,
    "victims should have been " * 800,
    "peel 2020/21 " * 1500,
    "during the " * 1800,
    "the force should make sure that victims are contacted " * 400,
    "\u0130\u00df\u2019" * 6000,
    "twenty-" * 2800,
    "january " * 2500,
    "as soon as " * 1800,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:20].strip() or repr(text[:1]) for text in HOSTILE])
def test_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    """Twice the text takes about twice the time: no pattern runs away."""
    read_deadline(text[: len(text) // 4], published=PUBLISHED)
    spent = []
    for part in (text[: len(text) // 4], text):
        started = time.process_time()
        read_deadline(part, published=PUBLISHED)
        spent.append(time.process_time() - started)
    assert spent[1] < 12 * max(spent[0], 0.02)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.one_of(st.none(), st.dates()))
def test_any_text_gives_a_reading(text: str, published: date | None) -> None:
    """Whatever is typed, there is a reading, its rule is in the table, and a day has a precision."""
    reading = read_deadline(text, published=published)
    assert reading.rule in {rule.name for rule in RULES}
    assert (reading.due is None) == (reading.precision is UNKNOWN)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "by",
                "before",
                "within",
                "six",
                "the",
                "end",
                "of",
                "March",
                "2024",
                "31",
                "12",
                "months",
                "year",
                "financial",
                "immediately",
                "should",
                "force",
                ",",
                ".",
                ":",
                "(",
                ")",
                "\n",
                "publication",
                "next",
                "meeting",
                "PEEL",
                "2020/21",
                "was",
                "2023",
                "/03/",
                "24",
                "from",
                "to",
                "no",
                "later",
                "than",
            ]
        ),
        max_size=25,
    ),
    st.dates(),
)
def test_any_order_of_its_own_words_gives_a_reading(words: list[str], published: date) -> None:
    """Its own words in any order do not trip it, and the phrase is always a part of the text."""
    text = " ".join(words)
    reading = read_deadline(text, published=published)
    if reading.rule != "two-clocks":
        assert reading.phrase in " ".join(text.split())
