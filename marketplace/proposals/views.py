"""All pages of questions, answers and joint answers."""

from marketplace.proposals import answer_views, opened_views, partner_views, question_views
from marketplace.proposals.blueprint import blueprint

__all__ = ["answer_views", "blueprint", "opened_views", "partner_views", "question_views"]
