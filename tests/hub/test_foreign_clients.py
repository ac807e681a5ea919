"""F-15: foreign clients of tus, and our own, against the drop box on a real port."""

import asyncio
from dataclasses import replace
import io
from pathlib import Path
import secrets

import pytest
from tusclient.client import TusClient

from custom_components.clip_consent.base.outbound import Outbound, origin_of
from custom_components.clip_consent.core.errors import DeliveryError
from custom_components.clip_consent.core.models import Delivery, Destination, Way
from custom_components.clip_consent.home.portals.upload import Uploader
from tests.deliveries import Sealed
from tests.servers.processes import FOLDER, require_node_modules
from tests.servers.proxy import Fault, FaultProxy

from .drop_world import NOON, REQUEST, of_bytes
from .http_world import PATH, HttpWorld

DATA = of_bytes(3_000_017)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file to send."""
    path = tmp_path / "clip.age"
    path.write_bytes(DATA)
    return path


async def only_delivery(world: HttpWorld) -> bytes:
    """Return the bytes of the one delivery there is, and no other upload."""
    [held] = world.drops._book
    [delivery] = await world.drops.async_deliveries(REQUEST)
    assert delivery.delivery_id == held.upload.upload_id
    assert delivery.size == held.upload.length
    return world.data(held.upload).read_bytes()


async def node(base: str, file: Path, chunk: int, cut: int = 0) -> list[str]:
    """Send with tus-js-client; returns what it printed."""
    require_node_modules()
    process = await asyncio.create_subprocess_exec(
        "node",
        FOLDER / "tus_client.mjs",
        f"{base}/drops/{REQUEST}",
        file,
        str(chunk),
        str(cut),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    printed = (await process.stdout.read()).decode().splitlines()
    assert await process.wait() == 0
    return printed


@pytest.mark.parametrize("chunk", [0, 1_000_000])
async def test_tus_js_client(web_world: HttpWorld, file: Path, chunk: int) -> None:
    """At once, and in parts."""
    url, offsets = await node(web_world.base, file, chunk)
    assert url.startswith(f"{web_world.base}/drops/{REQUEST}/")
    assert offsets == ""
    assert await only_delivery(web_world) == DATA


async def test_tus_js_client_goes_on(web_world: HttpWorld, file: Path) -> None:
    """It hangs up in the middle; another object of it goes on at the true offset."""
    data = DATA * 10  # more than lies in the buffers of the line
    file.write_bytes(data)
    _, offsets = await node(web_world.base, file, 500_000, 1_000_000)
    told = [int(offset) for offset in offsets.split(",")]
    assert told
    assert all(0 <= offset < len(data) for offset in told)
    assert await only_delivery(web_world) == data


@pytest.mark.parametrize("chunk", [0, 1_000_000])
@pytest.mark.parametrize("reset", [False, True])
async def test_tus_js_client_over_a_line_that_breaks(
    web_world: HttpWorld, file: Path, chunk: int, reset: bool
) -> None:
    """It tries again by itself, at the true offset."""
    async with FaultProxy(web_world.port) as proxy:
        # The PATCH comes on the line that the POST came on.
        proxy.faults["POST"].append(Fault(cut_after=600_000, reset=reset))
        base = f"http://127.0.0.1:{proxy.port}{PATH}"
        _, offsets = await node(base, file, chunk)
    told = [int(offset) for offset in offsets.split(",")]
    assert told
    assert all(0 <= offset < len(DATA) for offset in told)
    assert await only_delivery(web_world) == DATA


@pytest.mark.parametrize("chunk", [len(DATA) + 1, 700_000])
async def test_tuspy(web_world: HttpWorld, chunk: int) -> None:
    """At once, and in parts."""
    client = TusClient(f"{web_world.base}/drops/{REQUEST}")
    uploader = client.uploader(file_stream=io.BytesIO(DATA), chunk_size=chunk)
    await asyncio.to_thread(uploader.upload)
    assert await only_delivery(web_world) == DATA


async def test_tuspy_goes_on(web_world: HttpWorld) -> None:
    """Another object of it asks how far it was."""
    client = TusClient(f"{web_world.base}/drops/{REQUEST}")
    first = client.uploader(file_stream=io.BytesIO(DATA), chunk_size=1_000_000)
    await asyncio.to_thread(first.upload_chunk)
    await web_world.restart()

    def rest() -> int:
        second = client.uploader(
            file_stream=io.BytesIO(DATA), chunk_size=800_000, url=first.url
        )
        offset: int = second.offset
        second.upload()
        return offset

    assert await asyncio.to_thread(rest) == 1_000_000
    assert await only_delivery(web_world) == DATA


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """Return a package, ready to be sent."""
    return Sealed(tmp_path_factory.mktemp("spool"), size=2_500_000)


class Home:
    """Our own client, with what a home's manager would keep."""

    def __init__(self, sealed: Sealed, base: str) -> None:
        url = f"{base}/drops/{REQUEST}"
        consent = replace(
            sealed.delivery.consent, destination=Destination(way=Way.TUS, url=url)
        )
        self.sealed = sealed
        self.delivery: Delivery = replace(
            sealed.delivery, delivery_id=secrets.token_hex(13), consent=consent
        )
        self._url = url

    async def _save(self, url: str | None) -> None:
        self.delivery = replace(self.delivery, upload_url=url)

    async def attempt(self) -> str | None:
        """Deliver once; returns the code of what went wrong."""
        outbound = Outbound(
            allowed_fetch=frozenset(),
            allowed_send=frozenset({origin_of(self._url)}),
            patience=2,
        )
        try:
            await Uploader(outbound.send).async_deliver(
                self.delivery,
                self.sealed.path,
                save=self._save,
                progress=lambda _: None,
            )
        except DeliveryError as err:
            if err.permanent:
                raise
            return err.code
        finally:
            await outbound.async_close()
        return None


async def test_our_own_client(web_world: HttpWorld, sealed: Sealed) -> None:
    """What a home sealed is what lies there."""
    assert await Home(sealed, web_world.base).attempt() is None
    assert await only_delivery(web_world) == sealed.path.read_bytes()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(cut_after=300),
        Fault(cut_after=1_000_000),
        Fault(cut_after=1_000_000, reset=True),
        Fault(lose_answer=True),
        Fault(hold=True),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_our_own_client_when_the_line_breaks(
    web_world: HttpWorld, sealed: Sealed, method: str, fault: Fault
) -> None:
    """N-04, N-05: however it breaks, one delivery comes of it, byte for byte."""
    whole = sealed.path.read_bytes()
    async with FaultProxy(web_world.port) as proxy:
        proxy.faults[method].append(fault)
        home = Home(sealed, f"http://127.0.0.1:{proxy.port}{PATH}")
        codes = []
        for _ in range(8):
            codes.append(await home.attempt())
            if codes[-1] is None:
                break
            await asyncio.sleep(0.05)
    assert codes[-1] is None
    [delivery] = await web_world.drops.async_deliveries(REQUEST)
    path = web_world.folder / f"{delivery.delivery_id}.age"
    assert path.read_bytes() == whole
    for held in web_world.drops._book:  # begun by one whose answer was lost, never used
        if held.upload.upload_id != delivery.delivery_id:
            assert held.upload.offset == 0


async def test_our_own_client_while_the_hub_stops_and_starts(
    web_world: HttpWorld, sealed: Sealed
) -> None:
    """It comes again, and nothing is sent twice."""
    home = Home(sealed, web_world.base)
    await web_world.drops.async_stop()
    assert await home.attempt() == "upload_busy"
    await web_world.start()
    assert await home.attempt() is None
    assert await only_delivery(web_world) == sealed.path.read_bytes()
    assert web_world.clock.now() == NOON
