"""Statements as banks send them to programs: ISO 20022 camt.053, whatever its version (names only, no namespace).

An entry that gathers several payments is parted where each says its own amount and they add up to it.
"""

import re
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from marketplace.form_text import one_line
from marketplace.ledger.bank_lines import MAX_AMOUNT, MAX_LINES, BankFile, BankLine
from marketplace.price_lists.sheets.sheet import Unreadable

_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,13})(?:\.(?P<part>[0-9]{1,5}))?")


def read_camt(content: bytes) -> BankFile:
    """Raises :class:`Unreadable`; documents with a DTD or entities are refused unread."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Unreadable("broken_file") from None
    entries = list(_all(root, "Ntry"))
    if _name(root) != "Document" or not entries:
        raise Unreadable("empty" if _name(root) == "Document" else "broken_file")
    if len(entries) > MAX_LINES:
        raise Unreadable("too_many_rows", count=len(entries), limit=MAX_LINES)
    lines, unread = [], []
    for number, entry in enumerate(entries, 1):
        if _text(entry, "Sts", "Cd") == "PDNG" or _text(entry, "Sts") == "PDNG":
            continue
        amount, day = _amount(_first(entry, "Amt")), _day(entry)
        came = _text(entry, "CdtDbtInd")
        if amount is None or day is None or came not in ("CRDT", "DBIT"):
            unread.append(number)
            continue
        if amount == 0:
            continue
        details = [one for box in _children(entry, "NtryDtls") for one in _children(box, "TxDtls")]
        parts = [_amount(_detail_amount(one)) for one in details]
        if len(details) < 2 or None in parts or sum(parts) != amount:
            details, parts = details[:1] or [entry], [amount]
        for detail, cents in zip(details, parts, strict=True):
            if cents:
                sign = 1 if came == "CRDT" else -1
                lines.append(BankLine(number, day, sign * cents, _who(detail, came), _said(detail, entry)))
    return BankFile(tuple(lines), tuple(unread))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _all(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if _name(element) == name)


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element if _name(child) == name]


def _first(element: Element | None, *path: str) -> Element | None:
    for name in path:
        element = next(iter(_children(element, name)), None) if element is not None else None
    return element


def _text(element: Element, *path: str) -> str:
    found = _first(element, *path)
    return one_line(found.text or "") if found is not None else ""


def _detail_amount(detail: Element) -> Element | None:
    own = _first(detail, "Amt")
    return own if own is not None else _first(detail, "AmtDtls", "TxAmt", "Amt")


def _amount(element: Element | None) -> int | None:
    """Cents of an amount in euros."""
    match = _AMOUNT.fullmatch((element.text or "").strip()) if element is not None else None
    if match is None or element.get("Ccy") != "EUR":
        return None
    part = match["part"] or ""
    if part[2:].strip("0"):
        return None
    cents = int(match["whole"] + part[:2].ljust(2, "0"))
    return cents if cents <= MAX_AMOUNT else None


def _day(entry: Element) -> date | None:
    for when in ("BookgDt", "ValDt"):
        text = _text(entry, when, "Dt") or _text(entry, when, "DtTm")[:10]
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            continue
    return None


def _who(detail: Element, came: str) -> str:
    role = "Dbtr" if came == "CRDT" else "Cdtr"
    return (_text(detail, "RltdPties", role, "Nm") or _text(detail, "RltdPties", role, "Pty", "Nm"))[:160]


def _said(detail: Element, entry: Element) -> str:
    said = [
        one_line(one.text or "") for box in _children(detail, "RmtInf") for one in _children(box, "Ustrd")
    ]
    said += [
        _text(one, "CdtrRefInf", "Ref")
        for box in _children(detail, "RmtInf")
        for one in _children(box, "Strd")
    ]
    said = said or [_text(detail, "AddtlTxInf") or _text(entry, "AddtlNtryInf")]
    return " ".join(filter(None, said))[:1000]
