"""What the reader of age files reads, written by those who know better."""

import io
import os

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings, strategies as st
import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.base import sealing, unsealing
from custom_components.clip_consent.base.sealing import CHUNK, parse_recipient, seal
from custom_components.clip_consent.base.unsealing import (
    new_secret,
    recipient_of,
    unsealed,
)
from custom_components.clip_consent.core.bech32 import public_key
from custom_components.clip_consent.core.errors import AnswerError

SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK)
SECRET = bytes(range(32))


def theirs(plain: bytes, *secrets: bytes) -> bytes:
    """Seal as another implementation does."""
    keys = [x25519.Recipient.from_str(recipient_of(one)) for one in secrets]
    return pyrage.encrypt(plain, keys)


def ours(plain: bytes, secret: bytes = SECRET) -> bytes:
    """Seal as a home does."""
    out = bytearray()
    seal([plain], parse_recipient(recipient_of(secret)), out.extend)
    return bytes(out)


def opened(sealed: bytes, secret: bytes = SECRET) -> bytes:
    """Open it here."""
    return b"".join(unsealed(io.BytesIO(sealed), secret))


def refused(sealed: bytes, secret: bytes = SECRET) -> None:
    """Hold that it opens to nobody here."""
    with pytest.raises(AnswerError) as caught:
        opened(sealed, secret)
    assert caught.value.code == "answer_unreadable"


def test_a_key_is_the_one_that_other_programs_know() -> None:
    """The public half is spelt as age spells it; every key is a new one."""
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(public_key(recipient_of(first))) == 32
    sealed = pyrage.encrypt(b"x", [x25519.Recipient.from_str(recipient_of(first))])
    assert opened(sealed, first) == b"x"


@pytest.mark.parametrize("size", SIZES)
def test_it_opens_what_anybody_sealed(size: int) -> None:
    """This home's own software, and another."""
    plain = os.urandom(size)
    assert opened(ours(plain)) == plain
    assert opened(theirs(plain, SECRET)) == plain


def test_one_of_several_is_enough() -> None:
    """Stanzas of others, and of kinds that nobody knows here, are passed by."""
    assert opened(theirs(b"for two", new_secret(), SECRET)) == b"for two"
    refused(theirs(b"for others", new_secret(), new_secret()))
    refused(theirs(b"for another", new_secret()))


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0), bit=st.integers(0, 7))
def test_a_changed_bit_opens_nothing(place: int, bit: int) -> None:
    """Wherever it is; what was read before was authentic."""
    sealed = bytearray(ours(b"exactly these bytes"))
    sealed[place % len(sealed)] ^= 1 << bit
    refused(bytes(sealed))


@settings(max_examples=100, deadline=None)
@given(length=st.integers(0))
def test_what_is_cut_off_opens_nothing(length: int) -> None:
    """Also at the end of a chunk."""
    sealed = ours(bytes(CHUNK + 10))
    refused(sealed[: length % len(sealed)])


def test_a_cut_between_chunks_shows() -> None:
    """The last chunk says that it is the last; nothing may follow it."""
    sealed = ours(bytes(2 * CHUNK))
    refused(sealed[: -(CHUNK + 16)])
    refused(sealed + b"\0")
    refused(sealed + sealed[-(CHUNK + 16) :])


def stanza(kind: bytes, *arguments: bytes, body: bytes = b"") -> bytes:
    """Write a stanza."""
    return b" ".join([b"->", kind, *arguments]) + b"\n" + body + b"\n"


SHARE = b"A" * 43


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"age-encryption.org/v2\n",
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v1\n->\n\n--- AAAA\n",
        b"age-encryption.org/v1\nX25519 A\n\n--- AAAA\n",
        b"age-encryption.org/v1\n-> X25519  A\n\n--- AAAA\n",
        b"age-encryption.org/v1\n-> X25519 \x80\n\n--- AAAA\n",
        b"age-encryption.org/v1\n" + stanza(b"X25519") + b"--- AAAA\n",
        b"age-encryption.org/v1\n" + stanza(b"X25519", b"AAAA") + b"--- AAAA\n",
        b"age-encryption.org/v1\n"
        + stanza(b"X25519", b"AAAA", body=b"A" * 43)
        + b"--- AAAA\n",
        b"age-encryption.org/v1\n"
        + stanza(b"X25519", SHARE, body=b"A" * 43)
        + b"--- AAAA\n",  # the point of order 1
        b"age-encryption.org/v1\n" + stanza(b"other", body=b"A" * 65) + b"--- AAAA\n",
        b"age-encryption.org/v1\n" + stanza(b"other", body=b"AB") + b"--- AAAA\n",
        b"age-encryption.org/v1\n" + stanza(b"other", body=b"A") + b"--- AAAA\n",
        b"age-encryption.org/v1\n" + stanza(b"other", body=b"A=") + b"--- AAAA\n",
        b"age-encryption.org/v1\n" + stanza(b"other") + b"--- AAAA\n",
        b"age-encryption.org/v1\n" + stanza(b"o" * 2000) + b"--- AAAA\n",
        b"age-encryption.org/v1\n" + stanza(b"o") * 20000 + b"--- AAAA\n",
        b"age-encryption.org/v1\n-> o\n" + (b"A" * 64 + b"\n") * 2000 + b"\n",
    ],
)
def test_another_header_opens_nothing(header: bytes) -> None:
    """None of it ends otherwise than in that error."""
    refused(header + bytes(100))


def test_an_empty_chunk_behind_others_is_none_of_ours() -> None:
    """So one text has one way to be cut into chunks."""
    plain, file_key, nonce = bytes(CHUNK), bytes(16), bytes(16)
    head = sealing._header(file_key, parse_recipient(recipient_of(SECRET))) + nonce
    cipher = ChaCha20Poly1305(unsealing._derive(file_key, nonce, b"payload"))
    whole = cipher.encrypt(bytes(11) + b"\1", plain, None)
    first = cipher.encrypt(bytes(12), plain, None)
    empty = cipher.encrypt((1).to_bytes(11) + b"\1", b"", None)
    assert opened(head + whole) == plain
    refused(head + first + empty)
