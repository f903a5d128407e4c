"""Text that people type, as it is kept: no characters that nobody can type or see, no stray spaces.

PostgreSQL keeps no NUL, and other control characters only confuse those who read.
"""

import re

from flask_babel import gettext as _
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import URL
from wtforms.widgets import TelInput, URLInput

#: Control characters, but for tab and new line, and the two that are none and that no XML carries.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\ufffe\uffff]")
_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029]")


def one_line(text: str) -> str:
    """The words with single spaces between them."""
    return " ".join(_CONTROL.sub(" ", text).split())


def several_lines(text: str) -> str:
    """The text with its lines, without what surrounds it."""
    return _CONTROL.sub("", _NEWLINES.sub("\n", text)).strip()


class LineField(StringField):
    """One line of text. Of several values of its name the last counts: a button chosen wins over the box."""

    def process_formdata(self, valuelist) -> None:
        if valuelist:
            self.data = one_line(valuelist[-1])


class PhoneField(LineField):
    widget = TelInput()


class LinkField(LineField):
    """The address of a page, whole and of the web only: it becomes a link."""

    widget = URLInput()

    def pre_validate(self, form) -> None:
        if not self.data:
            return
        whole = _("Write the whole address, beginning with https://")
        if not self.data.lower().startswith(("http://", "https://")):
            raise ValidationError(whole)
        URL(message=whole)(form, self)


class ProseField(TextAreaField):
    """A text of several lines."""

    def process_formdata(self, valuelist) -> None:
        if valuelist:
            self.data = several_lines(valuelist[-1])
