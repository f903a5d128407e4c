"""Where the pages of conversations belong."""

from flask import Blueprint

blueprint = Blueprint("conversations", __name__)
