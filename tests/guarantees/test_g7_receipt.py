"""G7 record: a receipt and a file can be checked by anyone, without this home."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
import hashlib
import json
from pathlib import Path
import random
import re
import subprocess
import sys
from typing import Any

from pyrage import x25519
import pytest

from tests.manager.world import ANNA, World

ROOT = Path(__file__).parents[2]
VERIFY = ROOT / "script" / "verify_clip.py"
# DER of an Ed25519 public key, RFC 8410, up to the key itself
ED25519 = bytes.fromhex("302a300506032b6570032100")


@dataclass
class Received:
    """What a requester holds, and what the owner can give them."""

    folder: Path
    package: Path
    key: Path
    receipt: dict[str, Any]

    def verify(self, path: Path, **options: Path) -> int:
        """Run the script that needs nothing of ours; return its exit status."""
        arguments = [f"--{name}={value}" for name, value in options.items()]
        return subprocess.run(
            [sys.executable, "-I", VERIFY, path, *arguments],
            capture_output=True,
            check=False,
        ).returncode

    def unpack(self) -> Path:
        """Unpack as docs/verify.md says, with that page's own command."""
        page = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
        [command] = re.findall(r"^age .*\| tar .*$", page, re.MULTILINE)
        subprocess.run(["bash", "-ec", command], check=True, cwd=self.folder)
        return self.folder


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Return a running home."""
    world = World(folder=tmp_path)
    await world.boot()
    yield world
    await world.manager.async_stop()


@pytest.fixture
async def received(world: World, tmp_path: Path) -> Received:
    """Return a delivery, fetched the way a requester does."""
    identity = x25519.Identity.generate()
    case = await world.asked(recipient=str(identity.to_public()))
    await world.approve(case)
    await world.pass_undo()
    status_id = case.request.request_id
    status: Any = await world.manager.direct.async_status(status_id)
    [delivery] = status["deliveries"]
    path = await world.manager.direct.async_drop(status_id, delivery["id"])
    assert path
    shown: Any = world.manager.reading.view(
        await world.case(status_id), user_name=str, problem_text=str, sentence=str
    )
    folder = tmp_path / "requester"
    folder.mkdir()
    (folder / "key.txt").write_text(f"{identity}\n")
    (folder / "clip.age").write_bytes(path.read_bytes())
    [receipt] = shown["deliveries"]
    (folder / "receipt.json").write_text(json.dumps(receipt))
    return Received(
        folder,
        folder / "clip.age",
        folder / "key.txt",
        receipt,
    )


def test_a_receipt_fits_its_file(received: Received) -> None:
    """Sealed file, unpacked folder, receipt: all say the same to a stranger's tools."""
    receipt = received.folder / "receipt.json"
    assert (
        received.verify(received.package, identity=received.key, receipt=receipt) == 0
    )
    assert received.verify(received.unpack(), receipt=receipt) == 0


def test_common_tools_are_enough(received: Received) -> None:
    """With age, tar and openssl alone: the signature holds, the digest is the clip's."""
    folder = received.unpack()
    header, payload, signature = (
        base64.urlsafe_b64decode(part + "==")
        for part in (folder / "manifest.jws").read_text().split(".")
    )
    signed = (folder / "manifest.jws").read_bytes().rpartition(b".")[0]
    jwk = json.loads(header)["jwk"]
    assert jwk["x"] == received.receipt["signing_key"]
    for name, data in (
        ("key.der", ED25519 + base64.urlsafe_b64decode(jwk["x"] + "==")),
        ("signed", signed),
        ("signature", signature),
    ):
        (folder / name).write_bytes(data)
    command = [
        *("openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"),
        *("-inkey", "key.der", "-in", "signed", "-sigfile", "signature"),
    ]
    assert subprocess.run(command, cwd=folder, check=False).returncode == 0
    (folder / "signed").write_bytes(signed[:-1] + b"A")
    assert subprocess.run(command, cwd=folder, check=False).returncode != 0
    digest = subprocess.run(
        ["sha256sum", "clip.mp4"], cwd=folder, check=True, capture_output=True
    ).stdout.split()[0]
    assert json.loads(payload)["content"]["sha256"] == digest.decode()


async def test_the_ledger_names_the_file_that_was_fetched(
    received: Received, world: World
) -> None:
    """The digest of the fetched file is in the exported ledger's line `shared`."""
    entries, _ = await world.manager.reading.async_export_ledger(ANNA)
    [line] = [entry for entry in entries if entry.kind == "shared"]
    digest = hashlib.sha256(received.package.read_bytes()).hexdigest()
    assert line.data["package_sha256"] == digest


async def test_an_export_is_checked_by_the_published_rule(
    received: Received, world: World
) -> None:
    """Section 8 of the interfaces, followed by hand, finds the chain whole."""
    entries, head = await world.manager.reading.async_export_ledger(ANNA)
    previous = "0" * 64
    for number, entry in enumerate((each.as_json() for each in entries), start=1):
        said = json.loads(json.dumps(entry))
        digest = said.pop("digest")
        text = json.dumps(
            said, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        assert said["seq"] == number
        assert said["previous"] == previous
        assert hashlib.sha256(text.encode()).hexdigest() == digest
        previous = digest
    assert (head.seq, head.digest) == (len(entries), previous)


def test_a_changed_byte_of_the_package_is_noticed(received: Received) -> None:
    """Wherever it is: header, ciphertext, padding, the last byte."""
    whole = received.package.read_bytes()
    chance = random.Random(7)
    places = {0, 30, 150, len(whole) - 1, *chance.choices(range(len(whole)), k=12)}
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1
        received.package.write_bytes(changed)
        assert received.verify(received.package, identity=received.key) == 1, place
    for length in (len(whole) - 1, len(whole) // 2):
        received.package.write_bytes(whole[:length])
        assert received.verify(received.package, identity=received.key) == 1
    received.package.write_bytes(whole)
    assert received.verify(received.package, identity=received.key) == 0


@pytest.mark.parametrize("name", ["clip.mp4", "manifest.jws"])
def test_a_changed_byte_of_the_content_is_noticed(
    received: Received, name: str
) -> None:
    """Once unpacked too, in the clip and in each part of the manifest."""
    path = received.unpack() / name
    whole = path.read_bytes()
    chance = random.Random(7)
    for place in (0, len(whole) - 3, *chance.choices(range(len(whole)), k=10)):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert received.verify(received.folder) == 1, place


@pytest.mark.parametrize(
    "field",
    ["sha256", "package_sha256", "package_size", "manifest_sha256", "signing_key"],
)
def test_another_receipt_does_not_fit(received: Received, field: str) -> None:
    """Each fact of a receipt is compared."""
    value = received.receipt[field]
    other = value + 1 if isinstance(value, int) else value[::-1]
    assert other != value
    path = received.folder / "receipt.json"
    path.write_text(json.dumps({**received.receipt, field: other}))
    assert received.verify(received.package, identity=received.key, receipt=path) == 1
