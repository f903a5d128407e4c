"""Form fields whose data are our integers: cents, ten-thousandths of a euro, thousandths of a unit."""

from flask_babel import gettext as _
from wtforms import StringField, ValidationError

from marketplace.i18n import current_language
from marketplace.plain_decimals import Fault, NotPlain, read_decimal, write_decimal


class PlainDecimalField(StringField):
    """A number by the rule of :mod:`marketplace.plain_decimals`; ``data`` is an integer, or ``None`` if empty.

    ``minimum`` and ``maximum`` are in the same smallest unit as ``data``.
    """

    decimals = 0
    least_decimals = 0
    default_maximum = 10**15

    def __init__(self, label=None, validators=None, *, minimum=0, maximum=None, **kwargs):
        super().__init__(label, validators, **kwargs)
        self.minimum = minimum
        self.maximum = self.default_maximum if maximum is None else maximum
        self._typed: str | None = None
        # phones show their number keys
        self.render_kw = {"inputmode": "decimal", "autocomplete": "off"} | (self.render_kw or {})

    def _value(self) -> str:
        if self._typed is not None:
            return self._typed
        return "" if self.data is None else self._write(self.data)

    def process_formdata(self, valuelist) -> None:
        if not valuelist:
            return
        self._typed, self.data = valuelist[0], None
        if not self._typed.strip():
            return
        try:
            self.data = read_decimal(self._typed, self.decimals)
        except NotPlain as fault:
            raise ValueError(_explain(fault, self.decimals)) from None

    def pre_validate(self, form) -> None:
        if self.data is None:
            return
        if self.data < self.minimum:
            raise ValidationError(_("At least %(number)s.", number=self._write(self.minimum)))
        if self.data > self.maximum:
            raise ValidationError(_("At most %(number)s.", number=self._write(self.maximum)))

    def _write(self, count: int) -> str:
        mark = "," if current_language() == "it" else "."
        return write_decimal(count, self.decimals, mark=mark, least=self.least_decimals)


class MoneyField(PlainDecimalField):
    """An amount in euros; ``data`` in cents, at most a milliard of euros."""

    decimals = 2
    least_decimals = 2
    default_maximum = 10**11


class UnitPriceField(PlainDecimalField):
    """A price per unit in euros; ``data`` in ten-thousandths of a euro, at most a milliard of euros."""

    decimals = 4
    least_decimals = 2
    default_maximum = 10**13


class QuantityField(PlainDecimalField):
    """A quantity; ``data`` in thousandths of the unit."""

    decimals = 3


class WholeNumberField(PlainDecimalField):
    """A count of things or days."""


def _explain(fault: NotPlain, decimals: int) -> str:
    if fault.fault is Fault.AMBIGUOUS:
        many, few = fault.meanings
        return _("Do you mean %(many)s or %(few)s? Please write it so.", many=many, few=few)
    if fault.fault is Fault.TOO_PRECISE:
        if decimals == 0:
            return _("Please write a whole number.")
        return _("At most %(digits)s digits after the comma.", digits=decimals)
    return _("Please write a plain number, such as 12,50.") if decimals else _("Please write a whole number.")
