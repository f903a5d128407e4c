"""What is wrong in a dataset, and where."""

from dataclasses import dataclass

#: The line of a problem that concerns a whole file, or a file that is not there.
WHOLE_FILE = 0


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: ``line`` counts the lines of the file from 1, ``column`` is a name of the header or empty."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = self.file
        if self.line != WHOLE_FILE:
            place += f", line {self.line}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.reason}"
