"""The blueprint of the pages of delivery night, which several modules of views fill."""

from flask import Blueprint

blueprint = Blueprint("delivery", __name__)
