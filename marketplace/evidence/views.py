"""All pages on evidence, and its section on the desk."""

from marketplace.evidence import card_views, check_views, claim_views, desk, document_views, visit_views
from marketplace.evidence.blueprint import blueprint

__all__ = ["blueprint", "card_views", "check_views", "claim_views", "document_views", "visit_views"]

desk.take_part()
