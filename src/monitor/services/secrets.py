"""Random names, codes and their hashes: what opens something is never stored as it is."""

import hashlib
import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_hasher = PasswordHasher()


def fresh_id() -> str:
    """Return a random name of 16 characters."""
    return secrets.token_hex(8)


def fresh_token() -> str:
    """Return a random token of 256 bits, as a cookie or a link carries it."""
    return secrets.token_urlsafe(32)


def fresh_code() -> str:
    """Return a random code of 138 bits that a person can type: seven groups of four letters and figures."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(7))


def hashed(token: str) -> str:
    """Return the SHA-256 of a random token; for those alone, a password has `password_hash`."""
    return hashlib.sha256(token.strip().encode("utf-8", "replace")).hexdigest()


def hashed_code(code: str) -> str:
    """Return the SHA-256 of a code as a person types it, in capitals or not."""
    return hashed(code.strip().lower())


def password_hash(password: str) -> str:
    """Return the argon2id hash of a password."""
    return _hasher.hash(_typed(password))


def is_password(kept: str | None, password: str) -> bool:
    """Tell whether a password has this hash. Where none is kept, it takes as long and is wrong."""
    try:
        return _hasher.verify(kept or _nobody(), _typed(password)) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Tell whether a password's hash was made with less work than is asked for now."""
    return _hasher.check_needs_rehash(kept)


def _typed(password: str) -> str:
    """Return a password the same whichever keyboard it was typed on: an é can be one character or two."""
    return unicodedata.normalize("NFC", password)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex(16))
