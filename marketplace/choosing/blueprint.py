"""The routes of choosing: lists, comparison, report, outcome."""

from flask import Blueprint

blueprint = Blueprint("choosing", __name__)
