"""The blueprint of demands: their pages are in several modules."""

from flask import Blueprint

blueprint = Blueprint("demands", __name__)
