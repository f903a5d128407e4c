"""How many worlds a property is tried on: few in the suite, many in ``make ordeal`` (``EXAMPLES=40``)."""

import os

from hypothesis import settings

#: How many times as many as in the suite.
FACTOR = int(os.environ.get("EXAMPLES", "1"))


def examples(few: int) -> settings:
    """Settings for a property that is tried on ``few`` examples in the suite."""
    return settings(max_examples=few * FACTOR)
