"""The blueprint of the pages on evidence, which several modules of views fill."""

from flask import Blueprint

blueprint = Blueprint("evidence", __name__)
