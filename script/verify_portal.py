#!/usr/bin/env python3
"""Check the public log of a Clip Consent hub, without that hub's page and without us.

Needs Python 3.11 and the package `cryptography` (pip install cryptography). All that it
reads is public; it sends nothing of yours.

    python3 verify_portal.py https://hub.example --save today.json
    python3 verify_portal.py https://hub.example --before last_year.json
    python3 verify_portal.py today.json

What holds when it says OK: the hub's keys follow from its first one and are those that
its log names, its newest head is signed with one of them that is good now, no entry of
the log was changed, removed, added in between or moved, every text is what its entry
says, and no text is gone but of what somebody wrote, each with an entry after it that
says who took it away, when and why.
A hub could still show others another log: two people who compare the head that is
printed here see that, and --before shows it to one who saved the log earlier. --words
holds the hub to the words that its operator gave you.

Exit status: 0 if all held, 1 if not, 2 if it could not be checked.
"""

import argparse
import base64
from datetime import datetime, timedelta
import hashlib
import json
from pathlib import Path
import sys
from typing import Any
import urllib.error
from urllib.parse import urlsplit
import urllib.request

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

BASE = "/api/clip_consent/portal/v1"
FIRST = "0" * 64
ENTRY = {"n", "at", "kind", "id", "target", "digest", "previous", "hash"}
HEAD = "clip-consent-log-head+jws"
MAY_GO = {"published", "note"}  # whose text may be taken away
OVERLAP = timedelta(days=14)
LARGEST = 2**20  # bytes of one answer
SECONDS = 30.0


class Mismatch(Exception):  # noqa: N818
    """What was found is not what it claims to be."""


def expect(held: bool, otherwise: str) -> None:
    """Raise Mismatch unless `held`."""
    if not held:
        raise Mismatch(otherwise)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose names differ: of two values, one would be unchecked."""
    made = dict(pairs)
    expect(len(made) == len(pairs), "a name stands twice in one object")
    return made


def parse(data: bytes | str) -> Any:
    """Read JSON."""
    return json.loads(data, object_pairs_hook=once)


def canonical(value: Any) -> bytes:
    """Return the one spelling that digests are made of."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def sha256(data: bytes) -> str:
    """Return a digest in hex."""
    return hashlib.sha256(data).hexdigest()


def decode(text: str) -> bytes:
    """Read base64url in its one spelling."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    expect(encode(data) == text, "base64 is spelt in another way")
    return data


def encode(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def thumbprint(jwk: dict[str, Any]) -> str:
    """Return the RFC 7638 thumbprint of an Ed25519 key."""
    expect((jwk["kty"], jwk["crv"]) == ("OKP", "Ed25519"), "a key is of another kind")
    plain = {"crv": jwk["crv"], "kty": jwk["kty"], "x": jwk["x"]}
    return encode(hashlib.sha256(canonical(plain)).digest())


def words(hub: str) -> str:
    """Return the eight words of a hub (proquints)."""
    data = decode(hub)[:16]
    said = []
    for at in range(0, 16, 2):
        number = int.from_bytes(data[at : at + 2], "big")
        letters = (
            *("bdfghjklmnprstvz"[number >> 12 & 15], "aiou"[number >> 10 & 3]),
            *("bdfghjklmnprstvz"[number >> 6 & 15], "aiou"[number >> 4 & 3]),
            "bdfghjklmnprstvz"[number & 15],
        )
        said.append("".join(letters))
    return "-".join(said)


def signed(token: str, keys: dict[str, Any], typ: str) -> dict[str, Any]:
    """Return what is signed, if one of the keys did it."""
    head, body, signature = token.split(".")
    header = parse(decode(head))
    expect(set(header) == {"alg", "kid", "typ"}, "a signature says more than it may")
    expect(header["alg"] == "EdDSA" and header["typ"] == typ, "it signs something else")
    expect(header["kid"] in keys, "it is signed by a key that is not the hub's, or old")
    key = Ed25519PublicKey.from_public_bytes(decode(keys[header["kid"]]["x"]))
    try:
        key.verify(decode(signature), f"{head}.{body}".encode())
    except InvalidSignature:
        raise Mismatch("a signature does not hold") from None
    return dict(parse(decode(body)))


def keys_of(info: dict[str, Any], rotations: list[str], at: datetime) -> dict[str, Any]:
    """Return the hub's keys that are good at a time, each named by the one before."""
    hub, key = info["hub"], info["first_key"]
    expect(thumbprint(key) == hub, "the hub is not named after its first key")
    good, since = {hub: key}, None
    for rotation in rotations:
        kid = thumbprint(key)
        said = signed(rotation, {kid: key}, "clip-consent-key+jws")
        expect(said["hub"] == hub, "a key is another hub's")
        begins = datetime.fromisoformat(said["from"])
        expect(since is None or begins > since, "keys do not follow in time")
        if begins + OVERLAP <= at:
            del good[kid]
        key, since = said["key"], begins
        if begins <= at:
            good[thumbprint(key)] = key
    return good


def check_lines(lines: list[dict[str, Any]]) -> list[str]:
    """Return the hashes of all entries, if all of them hold."""
    hashes: list[str] = []
    untold = set()  # what is gone, and no entry after it has said why
    for n, line in enumerate(lines, 1):
        entry = line["entry"]
        expect(set(entry) >= ENTRY, f"entry {n} is no entry")
        expect(entry["n"] == n, f"entry {n} is missing, or is not at its place")
        before = hashes[-1] if hashes else FIRST
        expect(entry["previous"] == before, f"entry {n} does not follow the one before")
        body = {name: entry[name] for name in ENTRY - {"hash"}}
        expect(entry["hash"] == sha256(canonical(body)), f"entry {n} was changed")
        hashes.append(entry["hash"])
        if (beside := line["beside"]) is None:
            may_go = entry["kind"] in MAY_GO
            expect(may_go, f"the text of entry {n} is gone, which may not go")
            untold.add(n)
            continue
        digest = sha256(bytes.fromhex(beside["salt"]) + beside["text"].encode())
        expect(entry["digest"] == digest, f"the text of entry {n} was changed")
        if entry["kind"] == "redacted":
            untold.discard(entry["target"])
    for n in sorted(untold):
        raise Mismatch(f"the text of entry {n} is gone, and nothing after it says why")
    return hashes


def check(saved: dict[str, Any]) -> list[str]:
    """Return the hashes of a log, if keys, entries and head hold."""
    expect(saved["version"] == 1, "it is of another version")
    hashes = check_lines(saved["entries"])
    info = saved["info"]
    at = datetime.fromisoformat(saved["at"])
    named = rotations_in(saved["entries"])
    keys = keys_of(info, list(named.values()), at)
    # copies that were saved by an older version of this have the one head in `info`
    head = signed(saved.get("head", info["head"]), keys, HEAD)
    expect(head["hub"] == info["hub"], "the head is another hub's")
    expect(head["n"] == len(hashes), "entries are missing at the end")
    expect(follows(head, hashes), "the head is that of another log")
    check_info(info, signed(info["head"], keys, HEAD), named, hashes)
    return hashes


def check_info(
    info: dict[str, Any],
    head: dict[str, Any],
    named: dict[int, str],
    hashes: list[str],
) -> None:
    """Hold what a hub says of itself to its log, which may have grown since."""
    expect(head["n"] <= len(hashes), "entries are missing at the end")
    expect(follows(head, hashes), "the hub says the head of another log")
    by_then = [rotation for n, rotation in named.items() if n <= head["n"]]
    expect(info["rotations"] == by_then, "the hub names other keys than its log does")


def rotations_in(lines: list[dict[str, Any]]) -> dict[int, str]:
    """Return what the log says of keys, by the number of the entry."""
    return {
        line["entry"]["n"]: parse(line["beside"]["text"])["rotation"]
        for line in lines
        if line["entry"]["kind"] == "key"
    }


def follows(head: dict[str, Any], hashes: list[str]) -> bool:
    """Tell whether a head is one that the log had."""
    n = head["n"]
    return bool(head["hash"] == (hashes[n - 1] if n else FIRST))


def check_older(hashes: list[str], older: list[str]) -> None:
    """See that an older log is how this one begins."""
    for n, (now, then) in enumerate(zip(hashes, older, strict=False), 1):
        expect(now == then, f"entry {n} is another one than in the older copy")
    expect(len(hashes) >= len(older), "the older copy has more entries")


def get(address: str) -> Any:
    """Return what a hub answers, from nowhere else."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.HTTPDefaultErrorHandler,
    ):
        opener.add_handler(handler())
    try:
        with opener.open(address, timeout=SECONDS) as answer:
            data = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as err:
        err.close()
        raise
    expect(len(data) <= LARGEST, "an answer is larger than it may be")
    return parse(data)


def fetch(address: str, now: datetime) -> dict[str, Any]:
    """Return the keys and the whole log of a hub."""
    split = urlsplit(address)
    base = f"{split.scheme}://{split.netloc}{BASE}"
    info = get(f"{base}/info")
    entries: list[Any] = []
    while True:
        page = get(f"{base}/log?from={len(entries) + 1}")
        entries += page["entries"]
        if not page["entries"]:
            break
    # the log may have grown since `info`: the head that came last is of all there is
    said = {"info": info, "entries": entries, "head": page["head"]}
    return {"version": 1, "at": now.isoformat(), **said}


def summary(saved: dict[str, Any]) -> str:
    """Return how many entries there are of each kind."""
    kinds = [line["entry"]["kind"] for line in saved["entries"]]
    return ", ".join(f"{kind} {kinds.count(kind)}" for kind in sorted(set(kinds)))


def read(named: str) -> dict[str, Any]:
    """Return the log of a hub by its address, or of a file."""
    if named.startswith(("http://", "https://")):
        return fetch(named, datetime.now().astimezone())
    return dict(parse(Path(named).read_bytes()))


def main(arguments: list[str] | None = None) -> int:
    """Check what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("log", help="the hub's address, or a file that was saved")
    parser.add_argument("--save", type=Path, help="keep what was read in this file")
    parser.add_argument("--before", help="a log of the same hub that was saved earlier")
    parser.add_argument("--words", help="the words that the hub's operator gave you")
    options = parser.parse_args(arguments)
    try:
        saved = read(options.log)
        hashes = check(saved)
        hub = saved["info"]["hub"]
        if options.words:
            expect(options.words == words(hub), f"its words are {words(hub)}")
        if options.before:
            older = read(options.before)
            expect(older["info"]["hub"] == hub, "the older copy is another hub's")
            check_older(hashes, check(older))
        if options.save:
            options.save.write_text(json.dumps(saved, indent=1), encoding="utf-8")
    except Mismatch as err:
        print(f"NOT OK: {err}")
        return 1
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as err:
        print(f"NOT OK: this is no log that can be read ({type(err).__name__})")
        return 1
    except OSError as err:
        print(f"could not check: {err}", file=sys.stderr)
        return 2
    print(summary(saved) or "nothing was published yet")
    print(f"the hub's words: {words(hub)}")
    last = hashes[-1] if hashes else FIRST
    print(f"OK: {len(hashes)} entries, the head is {last}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
