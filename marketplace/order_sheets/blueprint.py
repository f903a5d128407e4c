"""The blueprint of the pages between a group and its supplier, which several modules of views fill."""

from flask import Blueprint

blueprint = Blueprint("order_sheets", __name__)
