"""Recipients: every key that age writes is read, nothing else is."""

from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from hypothesis import given, strategies as st
from pyrage import RecipientError, x25519
import pytest

from custom_components.clip_consent.core.bech32 import _LOW_ORDER, public_key, spelt
from custom_components.clip_consent.core.errors import InvalidRequestError

KNOWN = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
KEY = bytes.fromhex("07e22f5e44a542e8dc8e753a42251e1010cc79d192b3f71c5b1c95645209997a")
PRIME = 2**255 - 19
ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def checksum(values: list[int]) -> int:
    """Return the checksum of BIP 173, written down from its reference code."""
    rest = 1
    for value in values:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for i in range(5):
            rest ^= GENERATOR[i] if (top >> i) & 1 else 0
    return rest


def bech32(prefix: str, digits: list[int], constant: int = 1) -> str:
    """Spell digits of five bits with a right checksum."""
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    rest = checksum([*expanded, *digits, 0, 0, 0, 0, 0, 0]) ^ constant
    tail = [rest >> 5 * (5 - i) & 31 for i in range(6)]
    return f"{prefix}1{''.join(ALPHABET[d] for d in digits + tail)}"


def digits_of(key: bytes, padding: int = 0) -> list[int]:
    """Return 52 digits of five bits: the key, then four bits of padding."""
    value = int.from_bytes(key) << 4 | padding
    return [value >> 5 * (51 - i) & 31 for i in range(52)]


def refused(recipient: str) -> bool:
    """Return whether it is refused, with the one code there is."""
    try:
        public_key(recipient)
    except InvalidRequestError as err:
        return (err.code, err.field) == ("recipient_malformed", "recipient")
    return False


def test_known_recipient() -> None:
    """The key of age's own manual."""
    assert public_key(KNOWN) == KEY


def test_recipients_of_another_implementation() -> None:
    """Rust's age makes them, we read them."""
    for _ in range(50):
        recipient = str(x25519.Identity.generate().to_public())
        assert bech32("age", digits_of(public_key(recipient))) == recipient


@given(st.integers(0, PRIME - 1).filter(lambda point: point not in _LOW_ORDER))
def test_every_key_is_read_back(point: int) -> None:
    """Reading is the inverse of spelling."""
    key = point.to_bytes(32, "little")
    assert public_key(bech32("age", digits_of(key))) == key
    assert spelt(key) == bech32("age", digits_of(key))


@pytest.mark.parametrize("point", sorted(_LOW_ORDER))
def test_keys_that_share_no_secret_are_refused(point: int) -> None:
    """Another implementation of X25519 refuses the same ones: all ends in zeros."""
    key = point.to_bytes(32, "little")
    assert refused(bech32("age", digits_of(key)))
    with pytest.raises(ValueError, match="shared key"):
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(key))


@pytest.mark.parametrize("point", [PRIME, PRIME + 1, 2**255 | 9, 2**256 - 1])
def test_second_spellings_of_a_point_are_refused(point: int) -> None:
    """No secret key has such a public half: X25519 would take it for another."""
    assert refused(bech32("age", digits_of(point.to_bytes(32, "little"))))


@given(st.integers(0, 61), st.characters())
def test_one_wrong_character_is_found(place: int, character: str) -> None:
    """The checksum finds any one of them."""
    wrong = KNOWN[:place] + character + KNOWN[place + 1 :]
    assert refused(wrong) == (wrong != KNOWN)


@given(st.text() | st.text(ALPHABET).map(lambda tail: f"age1{tail}"))
def test_nothing_but_the_typed_error(text: str) -> None:
    """Whatever the text, it is a key or refused; Rust's age agrees."""
    theirs = True
    try:
        x25519.Recipient.from_str(text)
    except RecipientError:
        theirs = False
    assert refused(text) != theirs


@pytest.mark.parametrize("length", [0, 1, 5, 6, 51, 53, 57, 58, 59, 104])
def test_other_lengths(length: int) -> None:
    """A right checksum over too few or too many digits is no key."""
    assert refused(bech32("age", [1] * length))


@pytest.mark.parametrize("padding", range(1, 16))
def test_padding_is_zero(padding: int) -> None:
    """Each key has one spelling."""
    assert refused(bech32("age", digits_of(KEY, padding)))
    assert not refused(bech32("age", digits_of(KEY, 0)))


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "age1",
        KNOWN.upper(),
        KNOWN[:-1] + KNOWN[-1].upper(),
        f" {KNOWN}",
        f"{KNOWN}\n",
        KNOWN.replace("age1", "agf1"),
        bech32("bge", digits_of(KEY)),
        bech32("age-secret-key-", digits_of(KEY)),
        bech32("age1pq", digits_of(KEY)),
        bech32("age", digits_of(KEY), constant=0x2BC830A3),  # Bech32m
        KNOWN.replace("q", "\uff51"),
    ],
)
def test_other_spellings(recipient: str) -> None:
    """Upper case, other prefixes, other checksums and look-alikes."""
    assert refused(recipient)
