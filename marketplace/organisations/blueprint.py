"""The blueprint of the pages on organisations, which several modules of views fill."""

from flask import Blueprint

blueprint = Blueprint("organisations", __name__)
