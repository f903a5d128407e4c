"""Where the pages of pooling belong."""

from flask import Blueprint

blueprint = Blueprint("pooling", __name__)
