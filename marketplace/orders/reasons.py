"""Why something is not taken or not given: a code and numbers, put into words only where it is shown."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """``numbers`` are integers by name, in the smallest units: thousandths, cents."""

    code: str
    numbers: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict:
        return {"code": self.code} | self.numbers

    @classmethod
    def from_json(cls, stored: dict) -> "Reason":
        return cls(stored["code"], {name: number for name, number in stored.items() if name != "code"})
