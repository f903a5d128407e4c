"""Several choices, or several lines, in a form."""

import re
from collections.abc import Iterable, Mapping

from wtforms import FieldList, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.formats import month_name

_MONTHS = {str(number): number for number in range(1, 13)}
_NUMBER = re.compile(r"[0-9]{1,4}")


def choices(named: Mapping[object, object] | Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """Codes and their names as the choices of a field."""
    pairs = named.items() if isinstance(named, Mapping) else named
    return [SelectChoice(str(code), name) for code, name in pairs]


class Checkboxes(SelectMultipleField):
    """Each choice with its own box, for fingers and for who uses the keyboard; ``data`` is the list of chosen values."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Months(Checkboxes):
    """Months of the year; ``data`` is the list of chosen numbers, 1 to 12."""

    def __init__(self, label=None, validators=None, **kwargs):
        # words only where they are shown: in the language of whoever reads
        super().__init__(
            label,
            validators,
            coerce=_month,
            choices=lambda: [SelectChoice(n, month_name(n)) for n in range(1, 13)],
            **kwargs,
        )


class Lines(FieldList):
    """Lines of one kind, numbered in the names of their fields; a name whose number is none is nobody's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # by it templates tell how to show a field and its errors
        self.type = FieldList.__name__

    def _extract_indices(self, prefix, formdata):
        # the library's own takes every text that isdigit(), which "²" is and int() refuses
        for name in formdata:
            number = name[len(prefix) + 1 :].split("-", 1)[0] if name.startswith(f"{prefix}-") else ""
            if _NUMBER.fullmatch(number):
                yield int(number)


def _month(text: object) -> int:
    """A month from a form or from our own data. Raises ValueError."""
    if isinstance(text, int) and 1 <= text <= 12:
        return text
    try:
        return _MONTHS[text]
    except (KeyError, TypeError):
        raise ValueError(text) from None
