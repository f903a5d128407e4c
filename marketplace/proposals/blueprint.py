"""The blueprint of questions and answers, which several modules of views fill."""

from flask import Blueprint

blueprint = Blueprint("proposals", __name__)
