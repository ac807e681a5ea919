"""Run a real Home Assistant in a folder and a port of its own, on loopback only."""

import asyncio
from datetime import UTC, datetime
import json
from pathlib import Path
import sys
import time
from typing import Any, Final

import aiohttp

from .client import HomeAssistantClient
from .login import Login, browser_client
from .processes import LOOPBACK, Process
from .recordings import Recordings

DOMAIN: Final = "clip_consent"
USER: Final = "demo"
PASSWORD: Final = "demo-password"
TIME_ZONE: Final = "Europe/Amsterdam"
PLACE: Final = (52.37, 4.89)  # latitude, longitude
_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_CONFIGURATION: Final = """\
homeassistant:
  name: Demo home
  time_zone: {time_zone}
  country: NL
  currency: EUR
  language: en
  unit_system: metric
  latitude: {place[0]}
  longitude: {place[1]}
  internal_url: {base_url}
  media_dirs:
    local: {media}

config:
history:
logbook:
mobile_app:
media_source:

ffmpeg:

camera:
{cameras}

logger:
  default: warning
  logs:
    custom_components.{domain}: debug
"""
_FAULT_SIGNS: Final = (" ERROR ", " CRITICAL ", "Detected blocking call")
_CAMERA: Final = """\
  - platform: ffmpeg
    name: {name}
    input: {input}
"""


class StartError(Exception):
    """Home Assistant did not come up."""


def _stored(key: str, version: int, minor: int, data: dict[str, Any]) -> str:
    """Return the text of a file of Home Assistant's storage."""
    return json.dumps(
        {"version": version, "minor_version": minor, "key": key, "data": data}
    )


class HomeAssistant:
    """One Home Assistant: its folder, its process, its log."""

    def __init__(
        self, folder: Path, port: int, place: tuple[float, float] = PLACE
    ) -> None:
        """Name folder, port and place (latitude, longitude); nothing happens yet."""
        self.place = place
        self.folder = folder
        self.port = port
        self.base_url = f"http://{LOOPBACK}:{port}"
        self.log = folder / "home-assistant.log"
        self._process: Process | None = None

    def prepare(self, recordings: Recordings | None) -> None:
        """Write the configuration of a new home and link the integration into it."""
        storage = self.folder / ".storage"
        storage.mkdir(parents=True)
        # The step "core_config" would have Home Assistant set up integrations that
        # look things up on the internet, so all but the user counts as done. A fresh
        # `http:` in YAML would be on trial and restart Home Assistant after minutes.
        (storage / "onboarding").write_text(
            _stored(
                "onboarding",
                4,
                1,
                {"done": ["core_config", "integration", "analytics"]},
            ),
            encoding="utf-8",
        )
        (storage / "http").write_text(
            _stored(
                "http",
                2,
                2,
                {
                    "stable": {
                        "server_host": [LOOPBACK],
                        "server_port": self.port,
                        "cors_allowed_origins": [],
                        "login_attempts_threshold": -1,
                        "ip_ban_enabled": True,
                        "ssl_profile": "modern",
                        "use_x_frame_options": True,
                        "created_at": datetime.now(UTC).isoformat(),
                        "error": None,
                        "error_message": None,
                    },
                    "pending": None,
                    "yaml_migration_done": True,
                },
            ),
            encoding="utf-8",
        )
        components = self.folder / "custom_components"
        components.mkdir()
        (components / DOMAIN).symlink_to(_REPOSITORY / "custom_components" / DOMAIN)
        (self.folder / "configuration.yaml").write_text(
            self._configuration(recordings), encoding="utf-8"
        )

    def _configuration(self, recordings: Recordings | None) -> str:
        media = self.folder / "media"
        if recordings is None:
            media.mkdir()
        cameras = "".join(
            _CAMERA.format(
                name=camera.name,
                input=min(camera.folder.rglob("*.mp4")),
            )
            for camera in (recordings.cameras if recordings else ())
        )
        return _CONFIGURATION.format(
            time_zone=TIME_ZONE,
            base_url=self.base_url,
            media=recordings.media_folder if recordings else media,
            cameras=cameras,
            domain=DOMAIN,
            place=self.place,
        )

    def add_component(self, name: str, code: str) -> None:
        """Put an integration of one module into a home that was not started yet."""
        folder = self.folder / "custom_components" / name
        folder.mkdir()
        (folder / "__init__.py").write_text(code, encoding="utf-8")
        manifest = {
            "domain": name,
            "name": name.replace("_", " ").capitalize(),
            "codeowners": [],
            "dependencies": ["http"],
            "documentation": "https://example.org",
            "iot_class": "calculated",
            "version": "1.0.0",
        }
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        with (self.folder / "configuration.yaml").open("a", encoding="utf-8") as file:
            file.write(f"\n{name}:\n")

    @property
    def process(self) -> Process:
        """The running process. Raise StartError if there is none."""
        if self._process is None:
            raise StartError("not started")
        return self._process

    def start(self) -> None:
        """Start Home Assistant; `answering` waits for it."""
        program = [sys.executable, "-m", "homeassistant"]
        self._process = Process(
            [*program, "-c", str(self.folder), "--skip-pip"],
            self.folder / "output.log",
            {"SETUP_PORT": str(self.port), "TZ": TIME_ZONE},
            # elsewhere, Python may take another folder of custom components first
            self.folder,
        )

    def stop(self) -> int | None:
        """Shut down cleanly; return the exit status, None if it was not running."""
        if self._process is None:
            return None
        status = self._process.stop()
        self._process = None
        return status

    def kill(self) -> None:
        """End Home Assistant as a power cut would."""
        self.process.kill()
        self._process = None

    async def answering(
        self,
        session: aiohttp.ClientSession,
        timeout: float = 90,
        every: float = 0.2,
    ) -> None:
        """Wait until it answers. Raise StartError if it ends or takes too long."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if (status := self.process.exit_status) is not None:
                raise StartError(f"exit status {status}, see {self.log}")
            try:
                async with session.get(f"{self.base_url}/manifest.json") as response:
                    if response.ok:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(every)
        raise StartError(f"no answer in {timeout:.0f} s, see {self.log}")

    async def onboard(self, session: aiohttp.ClientSession) -> Login:
        """Make the first user as the onboarding screen does."""
        client = browser_client(self.base_url)
        async with session.post(
            f"{self.base_url}/api/onboarding/users",
            json={
                "name": "Sam",
                "username": USER,
                "password": PASSWORD,
                "client_id": client.client_id,
                "language": "en",
            },
        ) as response:
            response.raise_for_status()
            code = (await response.json())["auth_code"]
        return await Login.with_code(session, self.base_url, client, code)

    async def log_in(
        self, session: aiohttp.ClientSession, user: str = USER, password: str = PASSWORD
    ) -> Login:
        """Log in as a browser does."""
        client = browser_client(self.base_url)
        return await Login.with_password(session, self.base_url, client, user, password)

    async def running(
        self, client: HomeAssistantClient, timeout: float = 90, every: float = 0.2
    ) -> None:
        """Wait until everything is set up. Raise StartError if it takes too long."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            config = await client.call("GET", "/api/config")
            if config["state"] == "RUNNING" and "mobile_app" in config["components"]:
                return
            await asyncio.sleep(every)
        raise StartError(f"not running after {timeout:.0f} s, see {self.log}")

    def faults(self) -> list[str]:
        """Return the lines of the log that tell of an error or a blocked loop."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return [
            line
            for line in text.splitlines()
            if any(sign in line for sign in _FAULT_SIGNS)
        ]


async def add_user(
    client: HomeAssistantClient,
    name: str,
    password: str,
    *,
    group: str = "system-users",
) -> str:
    """Make another user with a login of that name; return the user's id."""
    async with client.connection() as connection:
        made = await connection.command(
            "config/auth/create", name=name.capitalize(), group_ids=[group]
        )
        user_id: str = made["user"]["id"]
        await connection.command(
            "config/auth_provider/homeassistant/create",
            user_id=user_id,
            username=name,
            password=password,
        )
    return user_id
