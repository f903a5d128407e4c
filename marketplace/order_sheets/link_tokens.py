"""The tokens of links that open an order without an account."""

import secrets

#: As many as nobody guesses.
_BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(_BYTES)
