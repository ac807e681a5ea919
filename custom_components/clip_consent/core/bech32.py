"""Age X25519 recipients: Bech32 with the prefix `age`, read and written.

A clip is offered only if it can be sealed, so keys that nobody can own are refused too.
"""

from typing import Final

from .errors import InvalidRequestError

_PREFIX: Final = "age"
_LENGTH: Final = 62  # "age1", 52 characters of key, 6 of checksum
_ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)

_PRIME: Final = 2**255 - 19  # of the field of X25519, RFC 7748
# The points of low order, with which every shared secret is zero and so known to all:
# https://cr.yp.to/ecdh.html#validate
_LOW_ORDER: Final = frozenset(
    {
        0,
        1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
        _PRIME - 1,
    }
)


def public_key(recipient: str) -> bytes:
    """Return the 32 bytes that `age1…` spells. Raises InvalidRequestError.

    Only the one spelling that age writes is taken: lower case, padding of zeros; and
    only what a secret key can have as its public half.
    """
    digits = [_ALPHABET.find(character) for character in recipient[len(_PREFIX) + 1 :]]
    if (
        len(recipient) != _LENGTH
        or not recipient.startswith(f"{_PREFIX}1")
        or min(digits) < 0
        or _checksum(digits) != 1
    ):
        raise InvalidRequestError("recipient_malformed", "recipient")
    value = 0
    for digit in digits[:-6]:
        value = value << 5 | digit
    if value & 0b1111:  # 52 characters hold 4 bits more than 32 bytes
        raise InvalidRequestError("recipient_malformed", "recipient")
    key = (value >> 4).to_bytes(32)
    point = int.from_bytes(key, "little")
    if point >= _PRIME or point in _LOW_ORDER:
        raise InvalidRequestError("recipient_malformed", "recipient")
    return key


def spelt(key: bytes) -> str:
    """Return the `age1…` of a public key of 32 bytes."""
    value = int.from_bytes(key) << 4
    digits = [value >> 5 * place & 31 for place in reversed(range(52))]
    rest = _checksum([*digits, *[0] * 6]) ^ 1
    digits += [rest >> 5 * place & 31 for place in reversed(range(6))]
    return f"{_PREFIX}1" + "".join(_ALPHABET[digit] for digit in digits)


def _checksum(digits: list[int]) -> int:
    prefix = [ord(c) >> 5 for c in _PREFIX] + [0] + [ord(c) & 31 for c in _PREFIX]
    rest = 1
    for digit in prefix + digits:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ digit
        for bit, term in enumerate(_GENERATOR):
            rest ^= term if top >> bit & 1 else 0
    return rest
