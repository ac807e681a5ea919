"""Seal and upload a clip of 1 GB to a local tus server, against `age | curl -T`.

Ours hashes the clip again while it is encrypted, pads the package, and has it on
disk, synced, before the first byte leaves; `age` piped into `curl` does none of that.
So ours is the sum of two works where theirs is the longer of two. Both upload to the
same server, in turn, each beginning when the disk has nothing left to write.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
import hashlib
import multiprocessing
import os
from pathlib import Path
import resource
import statistics
import subprocess
import tempfile
import time

from custom_components.clip_consent.base.outbound import Outbound, origin_of
from custom_components.clip_consent.base.package import seal_package
from custom_components.clip_consent.core.models import (
    Choice,
    Consent,
    Delivery,
    Destination,
    Draft,
    Means,
    Way,
    Window,
)
from custom_components.clip_consent.core.serial import Json
from custom_components.clip_consent.home.portals.upload import Uploader
from tests.servers.processes import TusServer

from .measure import Measure

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WINDOW = Window(start=NOON, end=NOON + timedelta(minutes=10))
MIB = 2**20
SIZE = 10**9
REPEAT = 3


@dataclass(frozen=True)
class Clip:
    """A clip, whom it is for, and where it goes."""

    path: Path
    size: int
    sha256: str
    recipient: str
    url: str


@dataclass(frozen=True)
class Run:
    """What one delivery of ours took."""

    sealed: float  # seconds
    sent: float
    before: float  # MiB, resident at most
    after: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.sealed + self.sent


def make_clip(folder: Path, size: int, recipient: str, url: str) -> Clip:
    """Write a clip that cannot be compressed."""
    path, digest, left = folder / f"{size}.mp4", hashlib.sha256(), size
    with path.open("wb") as file:
        while left:
            piece = os.urandom(min(MIB, left))
            digest.update(piece)
            left -= file.write(piece)
    return Clip(path, size, digest.hexdigest(), recipient, url)


def delivery_of(clip: Clip) -> Delivery:
    """Return the approved delivery of a clip."""
    draft = Draft(
        sha256=clip.sha256,
        size=clip.size,
        file=clip.path.name,
        media_type="video/mp4",
        window=WINDOW,
        seconds=600.0,
        frames=12_000,
        width=1920,
        height=1080,
        video_codec="h264",
        audio=False,
        changes=(),
        still=None,
        sheet=None,
        choice=Choice(camera_id="", window=WINDOW),
    )
    consent = Consent(
        consent_id="",
        offer_id="",
        sha256=clip.sha256,
        recipient=clip.recipient,
        destination=Destination(way=Way.TUS, url=clip.url),
        user_id="",
        means=Means.PANEL,
        at=NOON,
        undo_until=NOON,
    )
    return Delivery(
        delivery_id="benchmark", consent=consent, draft=draft, camera_number=1
    )


async def deliver(clip: Clip, spool: Path) -> tuple[float, float]:
    """Return the seconds that sealing and sending took."""
    content: dict[str, Json] = {
        "name": "clip.mp4",
        "media_type": "video/mp4",
        "size": clip.size,
        "sha256": clip.sha256,
    }

    def seal() -> Delivery:
        with clip.path.open("rb") as draft:
            package = seal_package(
                draft=draft,
                expected_sha256=clip.sha256,
                expected_size=clip.size,
                manifest={"version": 1, "content": content},
                recipient=clip.recipient,
                spool_path=spool,
            )
        return replace(
            delivery_of(clip),
            package_sha256=package.package_sha256,
            package_size=package.package_size,
        )

    async def save(_: str | None) -> None:
        """Keep nothing."""

    outbound = Outbound(
        allowed_fetch=frozenset(), allowed_send=frozenset({origin_of(clip.url)})
    )
    try:
        begun = time.perf_counter()
        delivery = await asyncio.to_thread(seal)
        sealed = time.perf_counter()
        await Uploader(outbound.send).async_deliver(
            delivery, spool, save=save, progress=lambda _: None
        )
        return sealed - begun, time.perf_counter() - sealed
    finally:
        await outbound.async_close()
        spool.unlink(missing_ok=True)


def resident() -> float:
    """Return the most memory this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ours(small: Clip, clip: Clip) -> Run:
    """Deliver in a process of its own: first a small clip, so that all is loaded."""
    spool = clip.path.with_suffix(".age")
    asyncio.run(deliver(small, spool))
    before = resident()
    sealed, sent = asyncio.run(deliver(clip, spool))
    return Run(sealed, sent, before, resident())


def theirs(clip: Clip) -> float:
    """Return the seconds that `age` piped into `curl` takes."""
    tus = ["-H", "Tus-Resumable: 1.0.0"]
    curl = ["curl", "--silent", "--show-error", "--fail"]
    chunks = max(1, -(-clip.size // 65536))
    length = 184 + clip.size + 16 * chunks  # of what age writes for one such key
    begun = time.perf_counter()
    created = subprocess.run(
        [*curl, "-i", "-X", "POST", *tus, "-H", f"Upload-Length: {length}", clip.url],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    upload = next(
        line.partition(":")[2].strip()
        for line in created.splitlines()
        if line.lower().startswith("location:")
    )
    command = [*curl, "-X", "PATCH", "-T", "-", *tus, "-H", "Upload-Offset: 0", "-H"]
    command += ["Content-Type: application/offset+octet-stream", "-H", "Expect:"]
    with subprocess.Popen(
        ["age", "-r", clip.recipient, clip.path], stdout=subprocess.PIPE
    ) as age:
        subprocess.run([*command, upload], stdin=age.stdout, check=True)
    if age.returncode:
        raise subprocess.CalledProcessError(age.returncode, "age")
    return time.perf_counter() - begun


def measure(folder: Path, size: int, repeat: int) -> dict[str, float]:
    """Return the medians of several runs of both, one after the other."""
    uploads = folder / "uploads"
    uploads.mkdir()
    server = TusServer(uploads)
    server.start()
    try:
        keys = subprocess.run(["age-keygen"], check=True, capture_output=True).stdout
        recipient = keys.decode().partition("public key: ")[2].split()[0]
        clip = make_clip(folder, size, recipient, server.url)
        small = make_clip(folder, 100_000, recipient, server.url)
        runs, baseline = [], []
        spawning = multiprocessing.get_context("spawn")
        for _ in range(repeat):
            os.sync()
            baseline.append(theirs(clip))
            os.sync()
            with spawning.Pool(1) as pool:
                runs.append(pool.apply(ours, (small, clip)))
            for upload in uploads.iterdir():
                upload.unlink()
    finally:
        server.kill()
    median = statistics.median
    return {
        "age and curl": median(baseline),
        "seal": median(run.sealed for run in runs),
        "send": median(run.sent for run in runs),
        "throughput": median(baseline) / median(run.seconds for run in runs),
        "memory": max(run.after - run.before for run in runs),
    }


def run() -> list[Measure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as place:
        figures = measure(Path(place), SIZE, REPEAT)
    against = "`age` piped into `curl -T`"
    return [
        Measure(
            what="seal + upload 1 GB to a local tus server: throughput",
            against=against,
            wanted=0.8,
            measured=figures["throughput"],
            at_least=True,
            figures=f"seal {figures['seal']:.2f} s, send {figures['send']:.2f} s, to"
            f" {figures['age and curl']:.2f} s; nothing leaves before all of it was"
            " checked and is safely on the disk, so the two add up",
        ),
        Measure(
            what="seal + upload 1 GB to a local tus server: memory",
            against="the same home at rest",
            wanted=32,
            measured=figures["memory"],
            unit="MiB more",
            figures="the most of all runs",
        ),
    ]
