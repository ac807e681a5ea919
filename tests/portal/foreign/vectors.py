"""Makes tests/portal/vectors.json anew: `python -m tests.portal.foreign.vectors`.

Every secret in it is known to everybody: the digest of its name. So another
implementation can check that it makes the very same bytes, or only that it reads them.
All is JSON, binary as base64url without padding; JavaScript reads the same file.

- `keys`: three keys of a hub, with JWK, thumbprint and words
- `hub`, `first_key`, `rotations`: their chain; `good`: which count at what time
- `log`: lines as `/log` says them, one redacted; its signed head; `broken`: what may not
  stand in the place of the third line (`null`: nothing does), and what a home calls that
- `feed`: a signed feed of that log; `refused`: what no home may take for it, read at `at`
- `sealed`: a package for a fixed identity. `small` is a whole age file, its tar not yet
  padded, so that it fits in here; who can seal with given secrets makes `padded` too
- `desk`: a desk secret as it is written, and the identities made of it for some `hint`s
"""

import hashlib
import json
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from . import age
from .log import new_line, text_digest
from .package import packed, padded, read_manifest
from .signing import FEED, HEAD, jwk, rotation, sign_as_hub, thumbprint, words
from .spelling import Said, b64, canonical, sha256

FILE: Final = Path(__file__).parents[1] / "vectors.json"
CELL: Final = "u33db"
ITEM: Final = "k5x2mzq7w3d4a6bnt2h5c7e3ya"
NOTICE: Final = "t2u3v4w5x6y7z2a3b4c5d6e7f2"
AT: Final = "2026-12-02T09:00:00Z"


def secret(name: str, size: int = 32) -> bytes:
    """Return a secret that everybody knows."""
    return hashlib.sha256(name.encode()).digest()[:size]


KEYS: Final = [
    Ed25519PrivateKey.from_private_bytes(secret(f"hub key {n}")) for n in range(3)
]
HUB: Final = thumbprint(KEYS[0].public_key())
IDENTITY: Final = X25519PrivateKey.from_private_bytes(secret("recipient"))
ROTATIONS: Final = [
    rotation(HUB, KEYS[0], KEYS[1].public_key(), "2026-12-01T00:00:00Z"),
    rotation(HUB, KEYS[1], KEYS[2].public_key(), "2027-01-01T00:00:00Z"),
]

# spelt by hand: a digest is over the text as it stands, not over what it means
REQUEST: Final = (
    f'{{"type":"request","id":"{ITEM}","published_at":"2026-12-01T09:00:00Z",'
    '"expires_at":"2026-12-08T09:00:00Z","kind":"police","name":"PC Meier",'
    '"organisation":"","verified_how":"Met in person, badge seen",'
    '"contact":"station12@police.example","case_number":"2026-1187",'
    '"title":"Kratzer in der Lindenstra\\u00dfe","text":"Ein blauer Bus,\\nDienstag – 🚐.",'
    '"start":"2026-11-30T18:00:00Z","end":"2026-11-30T19:00:00Z",'
    '"area":{"kind":"circle","latitude":52.520,"longitude":13.4,"radius":2e2},'
    f'"recipient":"{age.recipient(IDENTITY.public_key())}"}}'
)
NOTICE_TEXT: Final = canonical(
    {
        "type": "notice",
        "id": NOTICE,
        "published_at": "2026-12-01T10:00:00Z",
        "expires_at": "2026-12-08T10:00:00Z",
        "title": "Ice on the steps",
        "text": "Number 12 has not been gritted.",
        "cells": [CELL],
        "author": "neighbour",
        "recipient": None,
    }
).decode()
MANIFEST: Final[Said] = {
    "version": 1,
    "kind": "answer",
    "request_id": ITEM,
    "content": {"name": "answer.txt", "media_type": "text/plain; charset=utf-8"},
    **dict.fromkeys(
        ("camera", "covered", "frames", "width", "height", "video_codec", "audio")
    ),
    "asked": {"start": "2026-11-30T18:00:00Z", "end": "2026-11-30T19:00:00Z"},
    "transformations": [],
    "consent": {"at": "2026-12-02T09:30:00Z", "means": "panel"},
    "terms": {
        "purpose": "Ein blauer Bus",
        "delete_by": "2027-03-02T09:30:00Z",
        "onward_sharing": False,
    },
    "software": "vectors 1",
}


def vectors() -> Said:
    """Return all of it."""
    lines = _lines()
    return {
        "keys": [_key(key, n) for n, key in enumerate(KEYS)],
        "hub": HUB,
        "first_key": jwk(KEYS[0].public_key()),
        "rotations": ROTATIONS,
        "good": [
            {"at": at, "kids": [thumbprint(KEYS[n].public_key()) for n in which]}
            for at, which in (
                ("2026-11-30T23:59:59Z", [0]),
                ("2026-12-01T00:00:00Z", [0, 1]),
                ("2026-12-14T23:59:59Z", [0, 1]),
                ("2026-12-15T00:00:00Z", [1]),
                ("2027-01-14T23:59:59Z", [1, 2]),
                ("2027-01-15T00:00:00Z", [2]),
            )
        ],
        "log": {"lines": lines, "head": _head(lines), "broken": _broken(lines)},
        "feed": _feed(lines),
        "sealed": _sealed(),
        "desk": _desk(),
    }


def _key(key: Ed25519PrivateKey, n: int) -> Said:
    kid = thumbprint(key.public_key())
    return {
        "secret": b64(secret(f"hub key {n}")),
        "jwk": jwk(key.public_key()),
        "thumbprint": kid,
        "words": words(kid),
    }


def _lines() -> list[Said]:
    """A log of seven entries; the fifth, a notice, names somebody and was redacted."""
    terms = {
        "name": "Lindenstraße",
        "operator": "Residents' association",
        "contact": "hub@lindenstrasse.example",
        "cells": [CELL],
        "neighbours_may_ask": True,
        "rules": "A time, a place, a reason.",
        "limits": {"per_week": 3},
    }
    said: list[tuple[str, str | None, int | None, str]] = [
        ("terms", None, None, canonical(terms).decode()),
        ("key", None, None, canonical({"rotation": ROTATIONS[0]}).decode()),
        ("published", ITEM, None, REQUEST),
        ("note", ITEM, 3, '{"text":"It was Wednesday."}'),
        ("published", NOTICE, None, NOTICE_TEXT),
        ("redacted", NOTICE, 5, '{"who":"Mo of number 5","why":"It names a house."}'),
        ("key", None, None, canonical({"rotation": ROTATIONS[1]}).decode()),
    ]
    lines: list[Said] = []
    for n, (kind, item, target, text) in enumerate(said):
        lines.append(
            new_line(
                lines[-1] if lines else None,
                secret(f"salt {n + 1}", 16).hex(),
                text,
                at=f"2026-12-01T{n + 8:02}:00:00Z",
                kind=kind,
                id=item,
                target=target,
            )
        )
    lines[4]["beside"] = None
    return lines


def _broken(lines: list[Said]) -> list[Said]:
    third = lines[2]
    salt, text = third["beside"]["salt"], third["beside"]["text"]
    changes: list[tuple[str, str, Said]] = [
        ("another text", "fork", {"beside": {"salt": salt, "text": f"{text} "}}),
        ("another salt", "fork", {"beside": {"salt": salt[::-1], "text": text}}),
        ("another digest", "fork", _entry(third, digest=text_digest(salt, "{}"))),
        ("another time", "fork", _entry(third, at="2026-12-01T10:00:01Z")),
        ("another previous", "fork", _entry(third, previous="1" * 64)),
        ("another hash", "fork", _entry(third, hash="2" * 64)),
    ]
    changed: list[Said] = [
        {"what": what, "code": code, "line": {**third, **by}}
        for what, code, by in changes
    ]
    return [*changed, {"what": "it is missing", "code": "gap", "line": None}]


def _entry(line: Said, **changed: str) -> Said:
    return {"entry": {**line["entry"], **changed}}


def _head(lines: list[Said]) -> Said:
    entry = lines[-1]["entry"]
    said = {
        "version": 1,
        "hub": HUB,
        "n": entry["n"],
        "hash": entry["hash"],
        "at": "2026-12-02T08:00:00Z",
    }
    return {"at": AT, "payload": said, "token": sign_as_hub(said, KEYS[1], HEAD)}


def _feed(lines: list[Said]) -> Said:
    entry, third = lines[-1]["entry"], lines[2]
    said = {
        "version": 1,
        "hub": HUB,
        "cell": CELL,
        "seq": 17,
        "issued": "2026-12-02T08:00:00Z",
        "expires": "2026-12-04T08:00:00Z",
        "head": {"n": entry["n"], "hash": entry["hash"]},
        "items": [{"n": 3, **third["beside"]}],
    }
    token = sign_as_hub(said, KEYS[1], FEED)
    opening, _, signature = token.rpartition(".")
    other = sign_as_hub({**said, "seq": 18}, KEYS[1], FEED).rpartition(".")[0]
    late = sign_as_hub(said, KEYS[0], FEED)
    refused = [
        ("changed after it was signed", AT, f"{other}.{signature}"),
        ("of another typ", AT, sign_as_hub(said, KEYS[1], HEAD)),
        ("by a key not good yet", AT, sign_as_hub(said, KEYS[2], FEED)),
        ("by a key not good any more", "2026-12-15T00:00:00Z", late),
        ("without a signature", AT, f"{opening}."),
        ("expired", "2026-12-04T08:00:00Z", token),
        ("of another hub", AT, _as(said, hub=thumbprint(KEYS[1].public_key()))),
        ("of another cell", AT, _as(said, cell="u33dc")),
    ]
    return {
        "at": AT,
        "cell": CELL,
        "payload": said,
        "token": token,
        "etag": f'"{sha256(token.encode())}"',
        "refused": [
            {"what": what, "at": at, "token": token} for what, at, token in refused
        ],
    }


def _as(said: Said, **changed: str) -> str:
    return sign_as_hub({**said, **changed}, KEYS[1], FEED)


def _sealed() -> Said:
    content = "Nothing was recorded that evening. – Grüße".encode()
    key = Ed25519PrivateKey.from_private_bytes(secret("delivery key"))
    tar = packed(MANIFEST, content, key)
    secrets = age.Secrets(
        file_key=secret("file key", 16),
        ephemeral=secret("ephemeral"),
        nonce=secret("nonce", 16),
    )
    whole = age.seal(padded(tar), IDENTITY.public_key(), secrets)
    token = tar[512:].partition(b"\0")[0].decode()
    return {
        "identity": age.identity(IDENTITY),
        "recipient": age.recipient(IDENTITY.public_key()),
        "request_id": ITEM,
        "manifest": read_manifest(token),
        "manifest_jws": token,
        "content": content.decode(),
        "small": b64(age.seal(tar, IDENTITY.public_key(), secrets)),
        "padded": {
            "delivery_key": b64(secret("delivery key")),
            "file_key": b64(secrets.file_key),
            "ephemeral": b64(secrets.ephemeral),
            "nonce": b64(secrets.nonce),
            "tar_size": len(padded(tar)),
            "size": len(whole),
            "sha256": sha256(whole),
        },
    }


def _desk() -> Said:
    """A requester's secret, and the keys of three requests made of it."""
    desk = secret("desk secret")
    keys = {
        hint: X25519PrivateKey.from_private_bytes(age.desk_key(desk, hint))
        for hint in (secret("hint 1", 16).hex(), secret("hint 2", 16).hex(), "")
    }
    return {
        "secret": b64(desk),
        "written": age.desk_secret(desk),
        "requests": [
            {
                "key_hint": hint,
                "identity": age.identity(key),
                "recipient": age.recipient(key.public_key()),
            }
            for hint, key in keys.items()
        ],
    }


if __name__ == "__main__":
    spelt = json.dumps(vectors(), indent=1, ensure_ascii=False)
    FILE.write_text(f"{spelt}\n", encoding="utf-8")
