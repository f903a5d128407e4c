"""The blueprint of the pages on group orders, which several modules of views fill."""

from flask import Blueprint

from marketplace.i18n import current_language
from marketplace.plain_decimals import write_decimal

blueprint = Blueprint("orders", __name__)


@blueprint.app_template_filter("typed_quantity")
def typed_quantity(thousandths: int | None) -> str:
    """A quantity as a box of a form holds it and reads it back: no grouping, the comma or point of the language."""
    if thousandths is None:
        return ""
    return write_decimal(thousandths, 3, mark="," if current_language() == "it" else ".")
