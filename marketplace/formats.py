"""Template filters: amounts, quantities, distances and moments as people of each language read them."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, get_day_names, get_month_names
from babel.numbers import format_currency, format_decimal
from flask import Flask
from flask_babel import get_locale as locale_of_request
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.i18n import DEFAULT, LOCALES
from marketplace.money import CENTS_PER_EURO, PRICE_UNITS_PER_EURO, QUANTITY_UNITS
from marketplace.rome_time import ROME, SUMMER, which_of_two

_DEFAULT_LOCALE = Locale.parse(LOCALES[DEFAULT])
#: The same prices and distances stand on many pages, and writing one takes as long as finding a row.
_remembered = lru_cache(maxsize=8192)

#: Units as they stand after a number, which may ask for the plural. One that is not here is shown as it is.
UNITS = {
    "kg": lambda n: "kg",
    "l": lambda n: ngettext("litre", "litres", n),
    "piece": lambda n: ngettext("piece", "pieces", n),
    "pack": lambda n: ngettext("pack", "packs", n),
    "jar": lambda n: ngettext("jar", "jars", n),
    "bottle": lambda n: ngettext("bottle", "bottles", n),
    "box": lambda n: ngettext("box", "boxes", n),
    "bunch": lambda n: ngettext("bunch", "bunches", n),
    "dozen": lambda n: ngettext("dozen", "dozens", n),
    "meal": lambda n: ngettext("meal", "meals", n),
    "hour": lambda n: ngettext("hour", "hours", n),
    "day": lambda n: ngettext("day", "days", n),
    "month": lambda n: ngettext("month", "months", n),
    "person": lambda n: ngettext("person", "people", n),
    "m2": lambda n: "m²",
    "m3": lambda n: "m³",
    "km": lambda n: "km",
    "kwh": lambda n: "kWh",
    "service": lambda n: ngettext("service", "services", n),
    "course": lambda n: ngettext("course", "courses", n),
    "ticket": lambda n: ngettext("ticket", "tickets", n),
}


def money(cents: int | None) -> str:
    """1234 to "12,34 €" or "€12.34"."""
    return "" if cents is None else _euros(Decimal(cents) / CENTS_PER_EURO, 2)


def unit_price(amount: int | None) -> str:
    """Ten-thousandths of a euro; as many decimals as it has, two at least."""
    if amount is None:
        return ""
    value = Decimal(amount) / PRICE_UNITS_PER_EURO
    decimals = 2 if amount % 100 == 0 else 3 if amount % 10 == 0 else 4
    return _euros(value, decimals)


def quantity(thousandths: int | None, unit: str | None = None) -> str:
    """Thousandths of a unit, with its name: 2500 and "kg" to "2,5 kg"."""
    if thousandths is None:
        return ""
    number = _decimal(Decimal(thousandths) / QUANTITY_UNITS, "#,##0.###", _locale())
    if not unit:
        return number
    # anything but exactly one is plural, in both languages: "0,5 litri", "1 litro"
    name = UNITS[unit](1 if thousandths == QUANTITY_UNITS else 2) if unit in UNITS else unit
    return f"{number}\u00a0{name}"


def km(distance: float | None) -> str:
    """Kilometres: one decimal below 10, none above."""
    if distance is None:
        return ""
    if distance < 9.95:
        return f"{_decimal(round(distance, 1), '#,##0.#', _locale())}\u00a0km"
    return f"{_decimal(round(distance), '#,##0', _locale())}\u00a0km"


def day(value: date | datetime | str | None, form: str = "long") -> str:
    """A day as people say it, in Europe/Rome: "21 novembre 2026"."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(ROME).date()
    return format_date(value, form, locale=_locale())


def moment(value: datetime | None, form: str = "long") -> str:
    """A moment in Europe/Rome: "21 novembre 2026, 18:30"; of an hour that comes twice also which of the two."""
    if value is None:
        return ""
    local = value.astimezone(ROME)
    text = (
        f"{format_date(local, form, locale=_locale())}, {format_datetime(local, 'HH:mm', locale=_locale())}"
    )
    if which := which_of_two(value):
        words = _("the first, in summer time") if which == SUMMER else _("the second, in winter time")
        text += f" ({words})"
    return text


def moment_until(value: datetime | None, end: datetime | None) -> str:
    """From a moment to another one in Europe/Rome, the day said once: "21 novembre 2026, 18:30 – 20:00"."""
    if value is None or end is None:
        return moment(value)
    same_day = value.astimezone(ROME).date() == end.astimezone(ROME).date()
    last = format_datetime(end.astimezone(ROME), "HH:mm", locale=_locale()) if same_day else moment(end)
    return f"{moment(value)} – {last}"


def months(numbers) -> str:
    """Months 1 to 12 in words, runs of them as from-to: "gennaio, giugno–agosto"; none is all year."""
    present = sorted(set(numbers or ()))
    if not present or len(present) == 12:
        return _("all year")
    return _months(tuple(present), _locale())


def month_name(value: int | date) -> str:
    """A month in words: 11, or a day of it, to "novembre"."""
    number = value if isinstance(value, int) else value.month
    return get_month_names("wide", context="stand-alone", locale=_locale())[number]


def weekday(number: int) -> str:
    """ISO weekday, Monday is 1, in words."""
    return get_day_names("wide", context="stand-alone", locale=_locale())[number - 1]


@_remembered
def _months(present: tuple[int, ...], locale: Locale) -> str:
    names = get_month_names("wide", context="stand-alone", locale=locale)
    return ", ".join(_run(names, first, last) for first, last in _runs(present))


def _runs(present: tuple[int, ...]) -> list[tuple[int, int]]:
    """Consecutive months as (first, last); one that passes December begins before it."""
    runs: list[list[int]] = []
    for number in present:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    if len(runs) > 1 and runs[0][0] == 1 and runs[-1][-1] == 12:
        runs[0] = runs.pop() + runs[0]
    return [(run[0], run[-1]) for run in runs]


def _run(names, first: int, last: int) -> str:
    return names[first] if first == last else f"{names[first]}–{names[last]}"


def _euros(value: Decimal, decimals: int) -> str:
    return _currency(value, decimals, _locale())


@_remembered
def _currency(value: Decimal, decimals: int, locale: Locale) -> str:
    pattern = "#,##0." + "0" * decimals
    return format_currency(
        value,
        "EUR",
        format=f"{pattern}\u00a0¤" if locale.language == "it" else f"¤{pattern}",
        locale=locale,
        currency_digits=False,
    )


@_remembered
def _decimal(value: Decimal | float, pattern: str, locale: Locale) -> str:
    return format_decimal(value, format=pattern, locale=locale)


def _locale() -> Locale:
    return locale_of_request() or _DEFAULT_LOCALE


def init_app(app: Flask) -> None:
    for filter_ in (
        money,
        unit_price,
        quantity,
        km,
        day,
        moment,
        moment_until,
        months,
        month_name,
        weekday,
    ):
        app.add_template_filter(filter_)
