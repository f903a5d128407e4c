"""The blueprint of the catalogue's pages, which several modules of views fill."""

from flask import Blueprint

blueprint = Blueprint("catalogue", __name__)
