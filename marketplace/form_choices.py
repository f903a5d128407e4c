"""Several choices in a form, each with its own box: for fingers, and for who uses the keyboard."""

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class Checkboxes(SelectMultipleField):
    """``data`` is the list of chosen values."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
