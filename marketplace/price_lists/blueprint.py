"""The blueprint of price lists, which several modules of views fill."""

from flask import Blueprint

blueprint = Blueprint("price_lists", __name__)
