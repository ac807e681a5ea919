"""The whole small world: recordings, a Home Assistant, phones. Built, used, ended."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
import shutil
from zoneinfo import ZoneInfo

import aiohttp

from .client import HomeAssistantClient
from .home_assistant import PASSWORD, TIME_ZONE, USER, HomeAssistant
from .kept_recordings import kept_recordings
from .login import Login
from .phone import Platform
from .phones_client import Phones, PhoneState, start_simulator
from .processes import Process, free_port
from .recordings import Recordings

ZONE = ZoneInfo(TIME_ZONE)


def yesterday() -> date:
    """Return the day before today in the demo home's time zone."""
    return (datetime.now(ZONE) - timedelta(days=1)).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A running world. What needs an event loop is made from it where it is used."""

    folder: Path
    recordings: Recordings
    home: HomeAssistant
    simulator: Process
    simulator_port: int
    refresh_token: str  # of the first user's login

    def phones(self, session: aiohttp.ClientSession) -> Phones:
        """Return the phones, spoken to through this session."""
        return Phones(session, self.simulator_port)

    async def owner(self, session: aiohttp.ClientSession) -> HomeAssistantClient:
        """Return a client of the first user, the demo's owner and administrator."""
        return HomeAssistantClient(session, await self.home.log_in(session))

    async def register_phone(
        self,
        session: aiohttp.ClientSession,
        name: str,
        platform: Platform,
        user: str = USER,
        password: str = PASSWORD,
    ) -> PhoneState:
        """Register a phone with this world's Home Assistant."""
        return await self.phones(session).register(
            self.home.base_url, user, password, name, platform
        )


@asynccontextmanager
async def running_world(
    folder: Path,
    media: Path,
    day: date,
    port: int = 0,
    prepared: Callable[[HomeAssistant], None] = lambda home: None,
) -> AsyncIterator[World]:
    """Build a new world in a folder, give it, and end all of it.

    `media` keeps a day's recordings from one time to the next; the home begins anew.
    `prepared` may add to it before it starts.
    """
    with ExitStack() as stack:
        recordings = await asyncio.to_thread(
            stack.enter_context, kept_recordings(media, day, ZONE)
        )
        home = new_home(folder, recordings, port)
        prepared(home)
        simulator_port = free_port()
        log = folder / "phones.log"
        log.unlink(missing_ok=True)
        simulator = start_simulator(simulator_port, log)
        stack.callback(simulator.stop)
        stack.callback(home.stop)
        home.start()
        async with aiohttp.ClientSession() as session:
            login = await _set_up(session, home)
            await Phones(session, simulator_port).answering()
        yield World(
            folder=folder,
            recordings=recordings,
            home=home,
            simulator=simulator,
            simulator_port=simulator_port,
            refresh_token=login.refresh_token,
        )


def new_home(folder: Path, recordings: Recordings, port: int) -> HomeAssistant:
    """Return a Home Assistant that was never started, in place of the one before."""
    place = folder / "home"
    if place.exists():
        shutil.rmtree(place)
    home = HomeAssistant(place, free_port(port))
    home.prepare(recordings)
    return home


async def _set_up(session: aiohttp.ClientSession, home: HomeAssistant) -> Login:
    """Wait for a fresh Home Assistant and make its first user."""
    await home.answering(session)
    login = await home.onboard(session)
    await home.running(HomeAssistantClient(session, login))
    return login
