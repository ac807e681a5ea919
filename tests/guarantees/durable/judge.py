"""Looks at what is left of a home from outside, and says what of G4 does not hold."""

from collections.abc import Iterator
import hashlib
import io
import itertools
import json
from pathlib import Path
import sqlite3
import tarfile

import pyrage
from pyrage import x25519

from custom_components.clip_consent.core.ledger import Entry, Head, first_fault
from script.demo_world.tus import Upload

from .killer import Life

LEFT = {"config/home.db", "cache/epoch", "cache/ledger_head"}
# What may have become of a request that was killed after its home said this last.
CALM_AFTER = {
    "": {"None", "waiting"},
    "SUBMITTED": {"waiting"},
    "TAP": {"waiting", "shared"},
    "REFUSED_TAP": {"waiting"},
    "APPROVED": {"shared"},
    "UNDOING": {"waiting", "shared"},
    "UNDONE": {"waiting"},
    "DECLINING": {"waiting", "closed"},
    "DECLINED": {"closed"},
    "SHARED": {"shared"},
}


def last_word(life: Life) -> str:
    """Return the last thing a home said that binds it."""
    word = ""
    for first, *rest in life.lines:
        if first == "REFUSED" and rest[0] == "approve":
            word = "REFUSED_TAP"
        elif first in CALM_AFTER:
            word = first
    return word


def had_to_tap_again(life: Life) -> bool:
    """Tell whether a confirmed tap did not stand, though nobody took it back."""
    words = [first for first, *_ in life.lines if first in CALM_AFTER]
    return ("APPROVED", "TAP") in itertools.pairwise(words)


def faults_at_calm(life: Life, state: str, uploads: list[Upload]) -> Iterator[str]:
    """Compare what a home had said with what came of it when nobody did anything."""
    word = last_word(life)
    if state not in CALM_AFTER[word]:
        yield f"after {word or 'nothing'} it is {state}"
    if had_to_tap_again(life):
        yield "a confirmed tap did not stand"
    if state == "shared" and not life.said("TAP"):
        yield "shared without a tap"
    if state != "shared" and uploads:
        yield f"{len(uploads)} uploads while {state}"


class Remains:
    """A home's folder after its last life."""

    def __init__(self, folder: Path, identity: x25519.Identity) -> None:
        self._folder, self._identity = folder, identity
        with sqlite3.connect(folder / "config" / "home.db") as db:
            self._sound = db.execute("PRAGMA integrity_check").fetchone()[0]
            rows = db.execute("SELECT * FROM ledger ORDER BY seq").fetchall()
            self.cases = db.execute("SELECT count(*) FROM cases").fetchone()[0]
        db.close()
        self.ledger = [
            Entry(
                seq=seq,
                at=at,
                kind=kind,
                case_id=case_id,
                data=json.loads(data),
                previous=previous,
                digest=digest,
            )
            for seq, at, kind, case_id, data, previous, digest in rows
        ]

    def lines(self, kind: str) -> list[Entry]:
        """Return the ledger's lines of a kind."""
        return [entry for entry in self.ledger if entry.kind == kind]

    def faults(self, lives: list[Life], uploads: list[Upload]) -> Iterator[str]:
        """Say what does not hold."""
        yield from self._faults_of_disk()
        yield from self._faults_of_taps(lives)
        finished = [upload for upload in uploads if upload.finished]
        shared = self.lines("shared")
        if len(finished) != len(shared) or len(shared) > 1:
            yield f"{len(finished)} arrived, {len(shared)} shared"
        for upload in finished:
            yield from self._faults_of_upload(upload)

    def _faults_of_disk(self) -> Iterator[str]:
        if self._sound != "ok":
            yield f"database: {self._sound}"
        apart = json.loads((self._folder / "cache" / "ledger_head").read_bytes())
        head = Head(seq=apart["seq"], digest=apart["digest"])
        if fault := first_fault(self.ledger, head=head):
            yield f"ledger entry {fault} is broken"
        if head.seq != len(self.ledger):
            yield "the head apart is not the last entry"
        if self.cases != 1:
            yield f"{self.cases} cases"
        left = {
            str(path.relative_to(self._folder))
            for path in self._folder.rglob("*")
            if not path.is_dir()
        }
        if left != LEFT:
            yield f"left behind: {left - LEFT}, missing: {LEFT - left}"

    def _faults_of_taps(self, lives: list[Life]) -> Iterator[str]:
        taps = [sha256 for life in lives for (sha256,) in life.said("TAP")]
        confirmed = [sha256 for life in lives for (sha256,) in life.said("APPROVED")]
        written = [entry.data["sha256"] for entry in self.lines("approved")]
        if not len(confirmed) <= len(written) <= len(taps):
            yield f"{len(taps)} taps, {len(confirmed)} confirmed, {len(written)} kept"
        if not set(confirmed) <= set(written) <= set(taps):
            yield "what was tapped is not what is kept"

    def _faults_of_upload(self, upload: Upload) -> Iterator[str]:
        receipts = [
            entry
            for entry in self.lines("shared")
            if entry.data["package_sha256"] == upload.sha256
        ]
        if len(receipts) != 1:
            yield f"{len(receipts)} receipts for what arrived"
            return
        [receipt] = receipts
        consents = [
            entry
            for entry in self.lines("approved")
            if entry.data["consent_id"] == receipt.data["consent_id"]
            and entry.seq < receipt.seq
        ]
        if len(consents) != 1:
            yield "what arrived was not approved"
            return
        if self._opened(upload) != consents[0].data["sha256"]:
            yield "what arrived is not what was approved"

    def _opened(self, upload: Upload) -> str:
        """Return the digest of the clip in a package."""
        plain = pyrage.decrypt(bytes(upload.data), [self._identity])
        with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
            clip = tar.extractfile("clip.mp4")
            assert clip is not None
            return hashlib.sha256(clip.read()).hexdigest()
