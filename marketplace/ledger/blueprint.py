"""The blueprint of the pages on a group's cassa, which several modules of views fill."""

from flask import Blueprint

from marketplace.errors import NotFound
from marketplace.households.operations import is_group
from marketplace.i18n import current_language
from marketplace.organisations.models import Organisation
from marketplace.plain_decimals import write_decimal

blueprint = Blueprint("ledger", __name__)


def group_only(organisation: Organisation) -> Organisation:
    """Only purchasing groups and consumer co-ops keep accounts of households. Raises :class:`NotFound`."""
    if not is_group(organisation):
        raise NotFound
    return organisation


@blueprint.app_template_filter("typed_cents")
def typed_cents(cents: int) -> str:
    """An amount as a box of a form holds it and reads it back."""
    return write_decimal(max(cents, 0), 2, mark="," if current_language() == "it" else ".", least=2)
