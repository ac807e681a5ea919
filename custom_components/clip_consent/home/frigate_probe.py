"""Looking at Frigate for the forms: instances, their cameras, what they recorded."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..base.outbound import Outbound
from ..core.errors import SourceError
from ..core.models import Window
from .sources.frigate_access import FRIGATE, FrigateInstances
from .sources.frigate_answers import FrigateCamera
from .sources.frigate_client import FrigateClient
from .sources.frigate_reader import FrigateReader

_SAME_SECONDS: Final = 15.0  # nobody waits longer before a form


@dataclass(frozen=True, slots=True, kw_only=True)
class FrigateCheck:
    """What an instance says: why it cannot be used, or its version and cameras."""

    error: str | None = None
    version: str = ""
    cameras: Mapping[str, FrigateCamera] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrigateSpan:
    """From when to when a camera has recordings; neither if it has none."""

    error: str | None = None
    span: Window | None = None


@callback
def frigate_instances(hass: HomeAssistant) -> dict[str, str]:
    """Return the instances that Home Assistant knows: entry ids with titles."""
    return FrigateInstances(hass).entries()


async def async_probe_frigate(
    hass: HomeAssistant, source: Mapping[str, str]
) -> FrigateCheck:
    """Ask an instance for its version and cameras."""
    try:
        check = await async_ask_frigate(hass, source)
    except SourceError as err:
        return FrigateCheck(error=err.code)
    return check if check.cameras else FrigateCheck(error="frigate_no_cameras")


async def async_ask_frigate(
    hass: HomeAssistant, source: Mapping[str, str]
) -> FrigateCheck:
    """Return an instance's version and cameras, none too. Raises SourceError."""
    async with _reading(hass, source) as reader:
        access = FrigateInstances(hass).access(source)
        version = await reader.async_version(access)
        cameras = await reader.async_cameras(access)
    return FrigateCheck(version=version, cameras=cameras)


async def async_probe_frigate_camera(
    hass: HomeAssistant, source: Mapping[str, str]
) -> FrigateSpan:
    """Ask what a camera has recorded."""
    try:
        async with _reading(hass, source) as reader:
            access = FrigateInstances(hass).access(source)
            return FrigateSpan(span=await reader.async_span(access, source["camera"]))
    except SourceError as err:
        return FrigateSpan(error=err.code)


async def async_same_frigate(
    hass: HomeAssistant, source: Mapping[str, str], others: Iterable[Mapping[str, str]]
) -> bool:
    """Tell whether one of the others has a camera's recordings at another address.

    By what Frigate calls them. What does not answer, or has none, is not told.
    """
    alike = [one for one in others if one.get("camera") == source["camera"]]
    for other in alike:
        with suppress(SourceError, TimeoutError):
            async with asyncio.timeout(_SAME_SECONDS):
                if await _async_share(hass, source, other):
                    return True
    return False


async def _async_share(
    hass: HomeAssistant, source: Mapping[str, str], other: Mapping[str, str]
) -> bool:
    """Return whether two cameras have a recording in common. Raises SourceError."""
    instances, name = FrigateInstances(hass), source["camera"]
    async with _reading(hass, source) as reader:
        access = instances.access(source)
        hour = await reader.async_newest_hour(access, name)
        mine = await reader.async_ids(access, name, hour) if hour else frozenset()
    if hour is None or not mine:
        return False
    async with _reading(hass, other) as reader:
        theirs = await reader.async_ids(instances.access(other), name, hour)
    return not mine.isdisjoint(theirs)


@callback
def frigate_place(hass: HomeAssistant, source: Mapping[str, str]) -> str:
    """Return what tells a camera's recordings from any other's, however it is reached.

    As it is written where the instance cannot be told.
    """
    try:
        url = FrigateInstances(hass).access(source).url
    except SourceError:
        url = source.get("entry_id", "")
    return f"{url}|{source.get('camera', '')}"


@callback
def frigate_entity(hass: HomeAssistant, source: Mapping[str, str]) -> str | None:
    """Return the camera entity that the Frigate integration made, if it did."""
    unique_id = f"{source.get('entry_id')}:camera:{source.get('camera')}"
    return er.async_get(hass).async_get_entity_id("camera", FRIGATE, unique_id)


@asynccontextmanager
async def _reading(
    hass: HomeAssistant, source: Mapping[str, str]
) -> AsyncIterator[FrigateReader]:
    """Yield who may read from this instance, and from no other place."""
    allowed, unverified = FrigateInstances(hass).origins([source])
    outbound = Outbound(
        allowed_fetch=allowed, allowed_send=frozenset(), unverified=unverified
    )
    try:
        yield FrigateReader(FrigateClient(outbound.fetch))
    finally:
        await outbound.async_close()
