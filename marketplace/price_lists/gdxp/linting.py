"""Departures in words. English, because the linter is a tool for the makers of programs of any tongue."""

from collections.abc import Iterator, Mapping

from marketplace.price_lists.gdxp.document import Departure, Document, Weight

DIALECTS: Mapping[str, str] = {
    "version_number": "protocolVersion is a number ({found})",
    "version_text": "protocolVersion is a text ({found!r})",
    "version_2": "protocolVersion {found}: v1 with attachments and transformations",
    "extras_in_v1": "has {extras}, which belong to 2.0",
    "supplier_order": "the order block is supplier.order; v1 has it as supplier.orderInfo",
    "block_order_info": "the order block is blocks[i].orderInfo; v1 has it as supplier.orderInfo",
    "lower_case_zipcode": "zipCode is written zipcode",
    "no_contacts": "there are no contacts",
    "minimum_1_for_unset": "minQty 1 may stand for no minimum",
    "version_0_xml": "v0, XML",
    "doctype_ignored": "the document type declaration is ignored: the DTD of v0 is not well-formed",
}
ERRORS: Mapping[str, str] = {
    "missing": "is required and missing",
    "empty": "is required and empty",
    "not_an_object": "must be an object",
    "not_a_list": "must be a list",
    "not_a_text": "must be a text",
    "number_for_text": "must be a text, not the number {found}",
    "text_for_number": "must be a number, not the text {found!r}",
    "not_a_number": "must be a number that is not negative",
    "not_whole": "must be a whole number, not {found}",
    "not_true_or_false": "must be true or false",
    "too_small": "must be at least {least}, not {found}",
    "too_large": "must be at most {most}, not {found}",
    "broken_character": "holds half a character or a NUL",
    "unknown_version": "names no version of GDXP: {found!r}",
    "unknown_contact": "is no type of contact: {found!r}",
    "unknown_phase": "is none of preorder, order, booking: {found!r}",
    "no_date": "must be a date (v1: YYYY-MM-DD, v0: YYYYMMDDHHmmss), not {found!r}",
    "no_blocks": "holds no block",
    "order_twice": "has its order block in more than one place",
    "key_twice": "appears twice in one object: readers will disagree",
    "not_utf8": "JSON must be UTF-8, not {encoding}",
    "bare_ampersand": "holds & or entities of HTML, which no XML parser takes",
}


def heading(name: str, document: Document) -> str:
    products = sum(len(supplier.products) for supplier in document.suppliers)
    dialects = ", ".join(document.dialects) or "none"
    verdict = "can be relied on" if document.reliable else "cannot be relied on"
    use = document.use.replace("_", " ")
    return f"{name}: GDXP v{document.version}, {use}, {products} products; dialects: {dialects}; {verdict}"


def findings(document: Document) -> Iterator[str]:
    """A line for each departure: its weight, its place, what it is."""
    return map(_line, document.departures)


def _line(departure: Departure) -> str:
    words = DIALECTS if departure.weight is Weight.DIALECT else ERRORS
    said = words[departure.code].format(**{"found": "", **departure.values})
    return f"{departure.weight.value}: {departure.place + ': ' if departure.place else ''}{said}"
