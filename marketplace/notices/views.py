"""The pages of notices, each group in a module of its own."""

from marketplace.notices import feed_views, preference_views, search_views  # noqa: F401
from marketplace.notices.blueprint import blueprint  # noqa: F401
