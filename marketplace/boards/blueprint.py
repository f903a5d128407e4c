"""Where the pages of boards belong."""

from flask import Blueprint

blueprint = Blueprint("boards", __name__)
