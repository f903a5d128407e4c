"""A text without the words that only a certified product may bear, for who chooses to leave them out."""

import re

from marketplace.catalogue.organic_words import organic_words


def without_organic_words(text: str) -> str:
    """The text with those words taken out, and the brackets and spaces that they leave."""
    for word in organic_words(text):
        text = re.sub(rf"\b{re.escape(word)}\b", "", text)
    text = re.sub(r"[(\[]\s*[)\]]", "", text)
    text = re.sub(r"[ \t]{2,}", " ", text)
    return re.sub(r"(?<!\s)\s+([,.;:])", r"\1", text).strip(" \t\n,;-–")
