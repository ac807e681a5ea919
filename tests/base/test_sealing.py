"""What the writer of age files writes, read by those who know better."""

import base64
from collections.abc import Callable, Iterator
import hashlib
import os
from pathlib import Path
import subprocess
import tracemalloc
import zlib

from hypothesis import given, settings, strategies as st
import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.base.sealing import (
    CHUNK,
    parse_recipient,
    seal,
    sealed_size,
    write_payload,
)
from custom_components.clip_consent.core.errors import SealError
from tests.servers.processes import require_node_modules, run_node

SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK)
ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def sealed(plain: bytes, identity: x25519.Identity) -> bytes:
    """Return `plain` as one of our files."""
    out = bytearray()
    seal([plain], parse_recipient(str(identity.to_public())), out.extend)
    return bytes(out)


@pytest.fixture(scope="module")
def identity() -> x25519.Identity:
    """Return a requester's key."""
    return x25519.Identity.generate()


@pytest.fixture(scope="module")
def files(
    tmp_path_factory: pytest.TempPathFactory, identity: x25519.Identity
) -> dict[Path, bytes]:
    """Return sealed files of the telling sizes, with what is in them."""
    folder = tmp_path_factory.mktemp("sealed")
    made = {}
    for size in SIZES:
        plain = os.urandom(size)
        path = folder / f"{size}.age"
        path.write_bytes(sealed(plain, identity))
        made[path] = plain
    return made


def test_its_length_is_known_before(files: dict[Path, bytes]) -> None:
    """`sealed_size` is what comes out."""
    for path, plain in files.items():
        assert path.stat().st_size == sealed_size(len(plain))


def test_opened_by_pyrage(files: dict[Path, bytes], identity: x25519.Identity) -> None:
    """The Rust library opens every size."""
    for path, plain in files.items():
        assert pyrage.decrypt(path.read_bytes(), [identity]) == plain


def test_opened_by_age(
    files: dict[Path, bytes], identity: x25519.Identity, tmp_path: Path
) -> None:
    """The reference program opens every size."""
    key = tmp_path / "key.txt"
    key.write_text(str(identity))
    for path, plain in files.items():
        result = subprocess.run(
            ["age", "-d", "-i", key, path], check=True, capture_output=True
        )
        assert result.stdout == plain


def test_opened_by_typage(files: dict[Path, bytes], identity: x25519.Identity) -> None:
    """The browser's library opens every size."""
    require_node_modules()
    found = run_node("typage.mjs", str(identity), *map(str, files))
    assert found == [hashlib.sha256(plain).hexdigest() for plain in files.values()]


@given(
    pieces=st.lists(st.binary(max_size=300), max_size=8),
    sizes=st.lists(st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1]), max_size=3),
)
@settings(max_examples=50, deadline=None)
def test_the_cut_into_pieces_does_not_matter(
    pieces: list[bytes], sizes: list[int]
) -> None:
    """However the source hands it over, it is the same plaintext."""
    pieces += [b"x" * size for size in sizes]
    out, identity = bytearray(), x25519.Identity.generate()
    seal(
        map(memoryview, pieces),
        parse_recipient(str(identity.to_public())),
        out.extend,
    )
    assert len(out) == sealed_size(sum(map(len, pieces)))
    assert pyrage.decrypt(bytes(out), [identity]) == b"".join(pieces)


def test_nobody_else_opens_it(identity: x25519.Identity) -> None:
    """Another key does not."""
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed(b"secret", identity), [x25519.Identity.generate()])


def test_nothing_of_it_is_ever_the_same(identity: x25519.Identity) -> None:
    """Two seals of the same bytes to the same key have only the frame in common."""
    first, second = (sealed(b"secret" * 20, identity) for _ in range(2))
    assert first[:32] == second[:32] == b"age-encryption.org/v1\n-> X25519 "
    assert first[32:75] != second[32:75]  # the share
    assert first[76:119] != second[76:119]  # the wrapped key
    assert first[168:184] != second[168:184]  # the nonce
    assert first[184:] != second[184:]


def test_every_flipped_bit_is_noticed(identity: x25519.Identity) -> None:
    """Not one bit of a file can be another."""
    whole = sealed(b"what the camera saw", identity)
    for place in range(len(whole)):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << bit
            with pytest.raises(pyrage.DecryptError):
                pyrage.decrypt(bytes(damaged), [identity])


def test_every_truncation_is_noticed(identity: x25519.Identity) -> None:
    """Not at any byte of a short file, nor around the chunks of a long one."""
    short = sealed(b"what the camera saw", identity)
    long = sealed(os.urandom(2 * CHUNK + 10), identity)
    start = sealed_size(0) - 16
    edges = [
        start + chunks * (CHUNK + 16) + around
        for chunks in range(3)
        for around in (-1, 0, 1, 15, 16, 17)
    ]
    for whole, ends in ((short, range(len(short))), (long, edges)):
        for end in ends:
            with pytest.raises(pyrage.DecryptError):
                pyrage.decrypt(whole[:end], [identity])


def test_chunks_keep_their_order(identity: x25519.Identity) -> None:
    """Swapped, doubled or dropped chunks are noticed."""
    whole = sealed(os.urandom(3 * CHUNK), identity)
    start, step = sealed_size(0) - 16, CHUNK + 16
    head, chunks = whole[:start], [whole[start + n * step :][:step] for n in range(3)]
    for order in ((1, 0, 2), (0, 0, 1, 2), (0, 2), (2,), (0, 1, 2, 2)):
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(head + b"".join(chunks[n] for n in order), [identity])


def test_memory_stays_constant(identity: x25519.Identity) -> None:
    """A hundred megabytes take no more than a few chunks."""
    key, piece = parse_recipient(str(identity.to_public())), bytes(2**20)
    tracemalloc.start()
    try:
        seal((piece for _ in range(100)), key, len)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_an_error_of_the_source_ends_it(identity: x25519.Identity) -> None:
    """What was written by then opens nowhere."""

    def broken() -> Iterator[bytes]:
        yield bytes(CHUNK)
        yield bytes(1)
        raise SealError("draft_changed")

    out = bytearray()
    with pytest.raises(SealError):
        seal(broken(), parse_recipient(str(identity.to_public())), out.extend)
    assert len(out) > CHUNK
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(bytes(out), [identity])


def spelled(key: bytes, prefix: str = "age", padding: int = 0) -> str:
    """Return any 32 bytes as a recipient, whatever they are."""
    value = int.from_bytes(key) << 4 | padding
    digits = [value >> 5 * place & 31 for place in range(51, -1, -1)]
    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    rest = _polymod(head + digits + [0] * 6) ^ 1
    digits += [rest >> 5 * place & 31 for place in range(5, -1, -1)]
    return f"{prefix}1" + "".join(ALPHABET[digit] for digit in digits)


def _polymod(values: list[int]) -> int:
    rest = 1
    for value in values:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate(
            (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        ):
            rest ^= term if top >> bit & 1 else 0
    return rest


def test_real_recipients_are_read() -> None:
    """Ours and pyrage's reading and spelling agree."""
    for _ in range(50):
        text = str(x25519.Identity.generate().to_public())
        assert spelled(parse_recipient(text)) == text


PRIME = 2**255 - 19
# The points whose multiples by a private key are all zero, and spellings of others that
# no age identity has.
IMPOSSIBLE = {
    "zero": 0,
    "one": 1,
    "order 8": (
        325606250916557431795983626356110631294008115727848805560023387167927233504
    ),
    "order 8, other": (
        39382357235489614581723060781553021112529911719440698176882885853963445705823
    ),
    "minus one": PRIME - 1,
    "p": PRIME,
    "p + 1": PRIME + 1,
    "p + 9": PRIME + 9,
    "high bit": 2**255 | 9,
    "all ones": 2**256 - 1,
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_impossible_keys_are_refused(name: str) -> None:
    """Nobody can own them, or everybody does."""
    key = IMPOSSIBLE[name].to_bytes(32, "little")
    with pytest.raises(SealError) as raised:
        parse_recipient(spelled(key))
    assert raised.value.code == "recipient_malformed"


def _swap(text: str) -> str:
    """Return it with the first two unequal neighbours of its data swapped."""
    at = next(i for i in range(10, len(text) - 1) if text[i] != text[i + 1])
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


MISSPELLINGS: dict[str, Callable[[str], str]] = {
    "empty": lambda text: "",
    "upper case": str.upper,
    "mixed case": str.capitalize,
    "swapped": _swap,
    "one less": lambda text: text[:-1],
    "one more": lambda text: text + "q",
    "space before": lambda text: " " + text,
    "line after": lambda text: text + "\n",
    "identity": lambda text: "AGE-SECRET-KEY-1" + text[4:].upper(),
    "other prefix": lambda text: spelled(parse_recipient(text), "agf"),
    "padding": lambda text: spelled(parse_recipient(text), padding=1),
    "foreign digits": lambda text: text[:20] + "б" + text[21:],
    "ssh": lambda text: "ssh-ed25519 AAAA",
    "two": lambda text: f"{text},{text}",
}


@pytest.mark.parametrize("name", MISSPELLINGS)
def test_misspelled_recipients_are_refused(
    name: str, identity: x25519.Identity
) -> None:
    """There is one spelling of a key, and no key at all is no key."""
    text = MISSPELLINGS[name](str(identity.to_public()))
    assert text != str(identity.to_public())
    with pytest.raises(SealError) as raised:
        parse_recipient(text)
    assert raised.value.code == "recipient_malformed"


def cctv_vectors() -> Iterator[tuple[str, dict[str, str], bytes]]:
    """Yield name, header and file of the conformance vectors (C2SP/CCTV)."""
    require_node_modules()
    for line in run_node("cctv.mjs"):
        name, encoded = line.split(" ")
        head, _, file = base64.b64decode(encoded).partition(b"\n\n")
        said = dict(pair.split(": ", 1) for pair in head.decode().splitlines())
        yield name, said, zlib.decompress(file) if "compressed" in said else file


def test_cctv_payloads_come_out_the_same() -> None:
    """From a vector's own file key and nonce, we write its payload, byte for byte."""
    checked = 0
    for name, head, file in cctv_vectors():
        x25519_only = head.get("identity", "").startswith("AGE-SECRET-KEY-1")
        if head["expect"] != "success" or not x25519_only or "armored" in head:
            continue
        plain = pyrage.decrypt(file, [x25519.Identity.from_str(head["identity"])])
        assert hashlib.sha256(plain).hexdigest() == head["payload"], name
        nonce_at = file.index(b"\n", file.index(b"\n--- ") + 1) + 1
        nonce, payload = file[nonce_at : nonce_at + 16], file[nonce_at + 16 :]
        out = bytearray()
        write_payload([plain], bytes.fromhex(head["file key"]), nonce, out.extend)
        assert out == payload, name
        checked += 1
    assert checked == 14


def test_cctv_recipients_are_read() -> None:
    """Every X25519 identity of the vectors has a recipient that we can seal to."""
    identities = {
        head["identity"]
        for _, head, _ in cctv_vectors()
        if head.get("identity", "").startswith("AGE-SECRET-KEY-1")
    }
    assert identities
    for text in identities:
        identity = x25519.Identity.from_str(text)
        assert pyrage.decrypt(sealed(b"plain", identity), [identity]) == b"plain"
