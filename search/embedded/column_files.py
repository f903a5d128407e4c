"""The columns of a segment as bytes.

Pickled, as Whoosh pickles its own: the folder is written by us alone, checksums are tested before anything
is read, and what no longer fits the classes of today counts as damaged and is built anew.
"""

import pickle

from search.columns import Columns


def columns_to_bytes(columns: Columns) -> bytes:
    """The columns, to be read by :func:`columns_from_bytes`."""
    return pickle.dumps(columns, protocol=5)


def columns_from_bytes(content: bytes) -> Columns:
    """What :func:`columns_to_bytes` wrote. Raises anything for bytes that it did not write."""
    return pickle.loads(content)
