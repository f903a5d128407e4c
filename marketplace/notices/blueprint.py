"""Where the pages of notices belong."""

from flask import Blueprint

blueprint = Blueprint("notices", __name__)
