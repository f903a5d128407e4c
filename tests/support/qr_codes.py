"""Reads a QR code in a clean picture, as ISO/IEC 18004 says, with nothing of the library that draws ours.

Versions 1 to 6 and bytes, which is what an address takes. Errors are not corrected: where a module is wrong, so is
what is read, and a test fails.
"""

from collections.abc import Iterator

import numpy as np
from PIL import Image

#: Data codewords of each block (table 9), by level and version from 1.
_BLOCKS = {
    "L": ([19], [34], [55], [80], [108], [68, 68]),
    "M": ([16], [28], [44], [32] * 2, [43] * 2, [27] * 4),
    "Q": ([13], [22], [17] * 2, [24] * 2, [15, 15, 16, 16], [19] * 4),
    "H": ([9], [16], [13] * 2, [9] * 4, [11, 11, 12, 12], [15] * 4),
}
_LEVELS = {0b01: "L", 0b00: "M", 0b11: "Q", 0b10: "H"}
#: What the 15 bits of the format are drawn with.
_FORMAT_MASK = 0b101_0100_0001_0010
_MASKS = (
    lambda i, j: (i + j) % 2,
    lambda i, j: i % 2,
    lambda i, j: j % 3,
    lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2,
    lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
)
_BYTES = 0b0100


def text_of_qr_code(picture: Image.Image) -> str:
    """What the only dark thing on a light picture says. Raises ``ValueError`` where it is no QR code that is read here."""
    modules = _modules(np.asarray(picture) < 128)
    level, mask = _format(modules)
    stream = _data(modules, _BLOCKS[level][(len(modules) - 17) // 4 - 1], _MASKS[mask])
    bits = "".join(f"{codeword:08b}" for codeword in stream)
    if int(bits[:4], 2) != _BYTES:
        raise ValueError("not written in bytes")
    length = int(bits[4:12], 2)
    return int(bits[12 : 12 + 8 * length], 2).to_bytes(length, "big").decode()


def _modules(dark: np.ndarray) -> np.ndarray:
    """One truth value for each module, taken in its middle."""
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    if not len(rows):
        raise ValueError("nothing is drawn")
    code = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    # the upper side of the left finder is seven modules long; its very edge may be blurred
    size = round(7 * code.shape[1] / max(1, int(np.argmin(code[len(code) // 60]))))
    if size not in range(21, 42, 4):
        raise ValueError(f"{size} modules are no version from 1 to 6")
    down, across = (((np.arange(size) + 0.5) * extent / size).astype(int) for extent in code.shape)
    return code[np.ix_(down, across)]


def _format(modules: np.ndarray) -> tuple[str, int]:
    """Level and mask, which are written twice and must agree."""
    last = len(modules) - 1
    beside_corner = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    elsewhere = [(last - r, 8) for r in range(7)] + [(8, last - 7 + c) for c in range(8)]
    first, second = (
        int("".join(str(int(modules[place])) for place in places), 2) ^ _FORMAT_MASK
        for places in (beside_corner, elsewhere)
    )
    if first != second:
        raise ValueError("the two formats differ")
    return _LEVELS[first >> 13], first >> 10 & 0b111


def _data(modules: np.ndarray, blocks: list[int], mask) -> bytes:
    """The data codewords in their order, those for correction left out."""
    bits = [
        bool(modules[place]) ^ (mask(*place) == 0)
        for place in _way(len(modules))
        if not _is_pattern(modules, place)
    ]
    drawn = iter(np.packbits(bits).tolist())
    found = [[] for _ in blocks]
    for position in range(max(blocks)):
        for block, length in zip(found, blocks, strict=True):
            if position < length:
                block.append(next(drawn))
    return bytes(codeword for block in found for codeword in block)


def _way(size: int) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up and down in turns; the column of the timing pattern is passed over."""
    upwards = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for row in range(size - 1, -1, -1) if upwards else range(size):
            yield from ((row, right), (row, right - 1))
        upwards = not upwards


def _is_pattern(modules: np.ndarray, place: tuple[int, int]) -> bool:
    """Whether a module is part of the figure and carries no data."""
    size = len(modules)
    row, column = place
    corner = (row < 9 and column < 9) or (row < 9 and column >= size - 8) or (row >= size - 8 and column < 9)
    alignment = size > 21 and abs(row - (size - 7)) <= 2 and abs(column - (size - 7)) <= 2
    return corner or alignment or 6 in place
