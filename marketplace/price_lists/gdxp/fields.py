"""Reading the fields of a GDXP object one by one, and noting each that is not as the format says."""

import re
from collections.abc import Iterator

from marketplace.price_lists.gdxp.document import Departure, Weight
from marketplace.price_lists.gdxp.strict_json import Number, printable

_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,12})?")


class Departures:
    """Collects what departs, in order."""

    def __init__(self):
        self.found: list[Departure] = []

    def dialect(self, code: str, place: str = "", **values) -> None:
        """Noted once per code: a dialect is a habit of the program that wrote the file."""
        if all(d.code != code for d in self.found):
            self.found.append(Departure(Weight.DIALECT, code, place, values))

    def error(self, code: str, place: str, **values) -> None:
        self.found.append(Departure(Weight.ERROR, code, place, values))


class Fields:
    """One object at one place of the file."""

    def __init__(self, value: object, place: str, departures: Departures):
        self.place, self._departures = place, departures
        self._value = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            departures.error("not_an_object", place)

    def __contains__(self, name: str) -> bool:
        return self._value.get(name) is not None

    def names(self) -> set[str]:
        return set(self._value)

    def raw(self, name: str) -> object:
        return self._value.get(name)

    def at(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

    def require(self, *names: str) -> None:
        for name in names:
            if self._value.get(name) is None:
                self._departures.error("missing", self.at(name))

    def object(self, name: str) -> "Fields":
        return Fields(self._value.get(name), self.at(name), self._departures)

    def objects(self, name: str) -> Iterator["Fields"]:
        value = self._value.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            self._departures.error("not_a_list", self.at(name))
            return
        for number, item in enumerate(value):
            yield Fields(item, f"{self.at(name)}[{number}]", self._departures)

    def text(self, name: str, *, required: bool = False) -> str:
        value = self._value.get(name)
        if value is None or value == "":
            if required:
                self._departures.error("missing" if value is None else "empty", self.at(name))
            return ""
        if isinstance(value, Number):
            self._departures.error("number_for_text", self.at(name), found=value[:40])
            return str(value)
        if not isinstance(value, str):
            self._departures.error("not_a_text", self.at(name))
            return ""
        clean = printable(value)
        if clean != value:
            self._departures.error("broken_character", self.at(name))
        return clean

    def number(self, name: str, *, required: bool = False, whole: bool = False, least: int = 0) -> str:
        """A number that is not negative, as its text; "" where absent or not to be used."""
        value = self._value.get(name)
        if value is None:
            if required:
                self._departures.error("missing", self.at(name))
            return ""
        if not isinstance(value, str):
            self._departures.error("not_a_number", self.at(name))
            return ""
        text = _without_exponent(str(value)) if isinstance(value, Number) else value.strip()
        if not isinstance(value, Number):
            if not text:
                if required:
                    self._departures.error("empty", self.at(name))
                return ""
            self._departures.error("text_for_number", self.at(name), found=text[:40])
            if text.count(",") == 1 and "." not in text:
                text = text.replace(",", ".")
        if not _PLAIN.fullmatch(text):
            self._departures.error("not_a_number", self.at(name), found=text[:40])
            return ""
        if whole and "." in text and text.partition(".")[2].strip("0"):
            self._departures.error("not_whole", self.at(name), found=text)
        if float(text) < least:
            self._departures.error("too_small", self.at(name), found=text, least=least)
        return text.rstrip("0").rstrip(".") if "." in text else text

    def truth(self, name: str, default: bool) -> bool:
        value = self._value.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._departures.error("not_true_or_false", self.at(name))
            return str(value).strip().lower() not in {"0", "false", "no", ""}
        return value


def _without_exponent(text: str) -> str:
    """1e2 is a number in JSON: 100. Anything absurd stays as it is and is refused."""
    match = re.fullmatch(r"(\d{1,6})(?:\.(\d{1,6}))?[eE]([+-]?\d)", text)
    if not match:
        return text
    digits, power = match[1] + (match[2] or ""), int(match[3]) - len(match[2] or "")
    if power >= 0:
        return digits + "0" * power
    digits = digits.rjust(1 - power, "0")
    return f"{digits[:power]}.{digits[power:]}"
