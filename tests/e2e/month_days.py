# SPDX-License-Identifier: Apache-2.0
"""On which days Brazil's banks work, written here and not asked of the program under test."""

import datetime

FIXED = {(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25)}
FROM_EASTER = (-48, -47, -2, 60)  # Carnival, Good Friday, Corpus Christi.


def banking_day_from(day):
    """The day itself, or the next one on which banks work."""
    while not is_banking_day(day):
        day += datetime.timedelta(days=1)
    return day


def is_banking_day(day):
    moved = (day - easter(day.year)).days
    return day.weekday() < 5 and (day.month, day.day) not in FIXED and moved not in FROM_EASTER


def easter(year):
    """By Gauss, as Lichtenberg mended it."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    age = (19 * (year % 19) + moon) % 30
    limit = 21 + age - (age // 29 + (age // 28 - age // 29) * (year % 19 // 11))
    sun = 2 - (3 * century + 3) // 4
    first = 7 - (year + year // 4 + sun) % 7
    return datetime.date(year, 3, 1) + datetime.timedelta(days=limit + 7 - (limit - first) % 7 - 1)
