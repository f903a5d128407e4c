"""The blueprint of the pages on households, which two modules of views fill."""

from flask import Blueprint

blueprint = Blueprint("households", __name__)
