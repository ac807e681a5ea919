"""An instance to ask, a recording in its segments, and a source that asks it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from custom_components.clip_consent.base.outbound import Origin, Outbound, origin_of
from custom_components.clip_consent.core.models import Camera, Piece, Window
from custom_components.clip_consent.home.media import Media
from custom_components.clip_consent.home.sources.frigate import FrigateSource
from custom_components.clip_consent.home.sources.frigate_access import FrigateAccess
from custom_components.clip_consent.home.sources.frigate_client import FrigateClient

from .footage import Footage, record
from .standin import MIDDLE, StandIn

type Bring = Callable[..., Awaitable[tuple[Piece, ...]]]
type MakeSource = Callable[..., FrigateSource]

NOON: Final = 1_795_435_200.0  # 2026-11-23 12:00 UTC


@pytest.fixture(scope="session")
def even(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """Return a minute whose segments begin at whole seconds."""
    return record(tmp_path_factory.mktemp("even"), group=20)


@pytest.fixture(scope="session")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """Return a minute whose segments begin anywhere in the second of their name."""
    return record(tmp_path_factory.mktemp("uneven"), group=17)


@pytest.fixture
async def frigate(
    even: Footage, tmp_path: Path, socket_enabled: None
) -> AsyncIterator[StandIn]:
    """Return a running instance that has recorded a minute from noon on."""
    one = StandIn(folder=tmp_path, version=MIDDLE, rows={"drive": even.rows(NOON)})
    async with one.running():
        yield one
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
async def make_source(tmp_path: Path) -> AsyncIterator[MakeSource]:
    """Return a maker of sources; their ways out are closed in the end."""
    opened: list[Outbound] = []

    def make(
        *,
        reach: str,
        patience: float = 20.0,
        answer_seconds: float = 20.0,
        measure: Callable[[str], Awaitable[float]] | None = None,
    ) -> FrigateSource:
        origins: frozenset[Origin] = frozenset({origin_of(reach)})
        outbound = Outbound(
            allowed_fetch=origins, allowed_send=frozenset(), patience=patience
        )
        opened.append(outbound)
        media = Media(ffmpeg="ffmpeg", folder=tmp_path / "measured")
        return FrigateSource(
            client=FrigateClient(outbound.fetch, answer_seconds=answer_seconds),
            access=lambda source: FrigateAccess(
                url=source["url"],
                username=source.get("username", ""),
                password=source.get("password", ""),
            ),
            measure=measure or media.async_length,
        )

    yield make
    for one in opened:
        await one.async_close()


@pytest.fixture
def source(frigate: StandIn, make_source: MakeSource) -> FrigateSource:
    """Return a source that may ask the instance."""
    return make_source(reach=frigate.url)


def camera(frigate: StandIn, name: str = "drive", **source: Any) -> Camera:
    """Return a camera that records there."""
    return Camera(
        camera_id="drive",
        name="Driveway",
        indoor=False,
        offered=True,
        source_kind="frigate",
        source={"url": frigate.url, "camera": name, **source},
    )


@pytest.fixture
def bring(source: FrigateSource, frigate: StandIn, tmp_path: Path) -> Bring:
    """Return how to bring what is found of a window."""

    async def bring(
        start: float,
        end: float,
        *,
        max_bytes: int = 2**30,
        told: Callable[[float], None] = lambda _: None,
    ) -> tuple[Piece, ...]:
        one, window = (
            camera(frigate),
            Window(
                start=datetime.fromtimestamp(NOON + start, UTC),
                end=datetime.fromtimestamp(NOON + end, UTC),
            ),
        )
        return await source.async_bring(
            one,
            await source.async_find(one, window),
            window=window,
            folder=tmp_path,
            max_bytes=max_bytes,
            progress=told,
        )

    return bring
