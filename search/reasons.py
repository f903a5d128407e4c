"""Reasons are data: a code and its numbers, rendered in a language only where they are shown."""

from dataclasses import dataclass

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something holds or does not: ``code`` with named plain values.

    The codes and the names of their values are listed beside the functions
    that give them; :mod:`marketplace.matches.sentences` knows every code.
    """

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, code: str, **values: Value) -> "Reason":
        return cls(code, tuple(sorted(values.items())))

    def as_dict(self) -> dict[str, Value]:
        return {"code": self.code, **dict(self.values)}
