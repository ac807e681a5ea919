"""The world that the other end-to-end tests stand on is a real one."""

from pathlib import Path
import subprocess
import sys
import time

import aiohttp
import pytest
import pytest_asyncio
import pytest_socket

from script.demo_world import story
from script.demo_world.__main__ import _previewed
from script.demo_world.browser import PHONE_SCREEN, Browser
from script.demo_world.client import ApiError, HomeAssistantClient, wait_for_event
from script.demo_world.home_assistant import DOMAIN, add_user
from script.demo_world.phone import Platform
from script.demo_world.phones_client import Phones, PhoneState, Push, SimulatorError
from script.demo_world.world import World
from tests.interfaces import example

GUEST = "guest"  # name and password of another user
ACTION_EVENT = "mobile_app_notification_action"


def _service(phone: PhoneState) -> str:
    return f"mobile_app_{phone.name.lower().replace(' ', '_')}"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def guest(world: World) -> str:
    """Return a user whose phones are no approver's."""
    pytest_socket.enable_socket()
    async with aiohttp.ClientSession() as session:
        return await add_user(await world.owner(session), GUEST, GUEST)


async def _notify(
    owner: HomeAssistantClient, phones: Phones, phone: PhoneState, tag: str
) -> Push:
    """Send a push with buttons and a picture; return it as the phone shows it."""
    await owner.action(
        "notify",
        _service(phone),
        {
            "title": "Somebody asks",
            "message": f"<b>{tag}</b> {{{{ 1 + 1 }}}}",
            "data": {
                "tag": tag,
                "image": "/api/camera_proxy/camera.driveway",
                "url": "/map",
                "clickAction": "/history",
                "actions": [
                    {"action": f"YES_{tag}", "title": "Yes"},
                    {"action": "URI", "title": "Look", "uri": "/logbook"},
                    {"action": "NO", "title": "No"},
                    {"action": "LATER", "title": "Later"},
                ],
            },
        },
    )
    return await phones.wait_for(
        phone.phone_id,
        lambda push: push.tag == tag and push.ended is None and push.image is not None,
    )


async def test_home_assistant_starts_without_errors(
    world: World, owner: HomeAssistantClient
) -> None:
    """Home Assistant runs, with the integration found and nothing gone wrong."""
    config = await owner.call("GET", "/api/config")
    assert config["state"] == "RUNNING"
    assert config["time_zone"] == "Europe/Amsterdam"
    async with owner.connection() as connection:
        manifest = await connection.command("manifest/get", integration=DOMAIN)
    assert manifest["is_built_in"] is False
    assert world.home.faults() == []


async def test_login_is_refused_without_the_password(
    world: World, session: aiohttp.ClientSession, owner: HomeAssistantClient
) -> None:
    """The client says what Home Assistant refuses."""
    await owner.call("GET", "/api/")
    with pytest.raises(ApiError, match="unknown_command"):
        async with owner.connection() as connection:
            await connection.command("no/such_command")
    async with session.get(f"{world.home.base_url}/api/") as response:
        assert response.status == 401


@pytest.mark.parametrize("platform", list(Platform))
async def test_push_and_answer(
    world: World,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    phones: Phones,
    guest: str,
    platform: Platform,
) -> None:
    """A push arrives as it was sent, and the tap comes back as the app's event."""
    phone = await world.register_phone(
        session, f"Answer {platform}", platform, GUEST, GUEST
    )
    assert phone.encrypted is (platform is Platform.IOS)
    push = await _notify(owner, phones, phone, "first")
    assert push.title == "Somebody asks"
    assert push.message == "<b>first</b> {{ 1 + 1 }}"
    assert push.image_status == 200
    assert len(push.buttons) == (4 if platform is Platform.IOS else 3)
    async with owner.connection() as connection:
        queue = await connection.subscribe("subscribe_events", event_type=ACTION_EVENT)
        await phones.press(push, "YES_first")
        event = await wait_for_event(queue, lambda _: True)
    assert event["context"]["user_id"] == guest
    assert event["context"]["parent_id"] is None
    assert event["origin"] == "REMOTE"
    if platform is Platform.IOS:
        assert event["data"] == {"action": "YES_first"}
    else:
        assert event["data"]["action"] == "YES_first"
        assert event["data"]["device_id"] == phone.device_id
        assert event["data"]["tag"] == "first"
        assert event["data"]["action_2_uri"] == "/logbook"
    with pytest.raises(SimulatorError, match="no such notification"):
        await phones.press(push, "YES_first")


@pytest.mark.parametrize("platform", list(Platform))
async def test_tags_replace_and_clear(
    world: World,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    phones: Phones,
    guest: str,
    platform: Platform,
) -> None:
    """A push with the tag of another takes its place; clearing takes only that one."""
    phone = await world.register_phone(
        session, f"Tags {platform}", platform, GUEST, GUEST
    )
    await _notify(owner, phones, phone, "kept")
    await _notify(owner, phones, phone, "changed")
    await _notify(owner, phones, phone, "changed")
    await owner.action(
        "notify",
        _service(phone),
        {"message": "clear_notification", "data": {"tag": "changed"}},
    )
    state = (await phones.state())[phone.phone_id]
    assert [(push.tag, push.ended) for push in state.pushes] == [
        ("kept", None),
        ("changed", "replaced"),
        ("changed", "cleared"),
    ]
    raw = await phones.raw_pushes(phone.phone_id)
    assert [push["message"] for push in raw][-1] == "clear_notification"


async def test_links_open_in_home_assistant(
    world: World,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    phones: Phones,
    guest: str,
) -> None:
    """Relative links lead into this Home Assistant, by each app's own key."""
    base_url = world.home.base_url
    for platform, body in ((Platform.IOS, "/map"), (Platform.ANDROID, "/history")):
        phone = await world.register_phone(
            session, f"Links {platform}", platform, GUEST, GUEST
        )
        push = await _notify(owner, phones, phone, "one")
        assert await phones.press(push, "URI") == f"{base_url}/logbook"
        push = await _notify(owner, phones, phone, "two")
        assert await phones.open(push) == f"{base_url}{body}"
        push = await _notify(owner, phones, phone, "three")
        await phones.dismiss(push)
        assert (await phones.state())[phone.phone_id].shown == ()


def test_programs_end_with_whoever_started_them(tmp_path: Path) -> None:
    """A killed demo leaves no program behind."""
    starter = (
        "import os, pathlib, signal, sys, time;"
        "from script.demo_world.processes import Process;"
        f"one = Process(['sleep', '600'], pathlib.Path({str(tmp_path / 'log')!r}), {{}});"
        "comm = pathlib.Path(f'/proc/{one.pid}/comm');"
        "any(comm.read_text() == 'sleep\\n' or time.sleep(0.1) for _ in range(99));"
        "print(one.pid, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run(
        [sys.executable, "-c", starter], capture_output=True, check=False, text=True
    )
    status = Path(f"/proc/{int(killed.stdout)}/stat")
    for _ in range(50):
        if not status.exists() or status.read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    pytest.fail("it still runs")


async def test_recordings_are_what_the_names_say(world: World) -> None:
    """Files have the length, the codec and the sound that the tests rely on."""
    driveway, street = world.recordings.cameras
    start = world.recordings.one_camera.start
    files = {
        driveway.folder / f"{start:%Y-%m-%d}" / "18-00-00.mp4": ("h264,300", "aac,300"),
        min(street.folder.rglob("*/street/00.10.mp4")): ("h264,10",),
    }
    for file, wanted in files.items():
        probe = subprocess.run(
            [
                *("ffprobe", "-v", "error", "-of", "csv=p=0"),
                *("-show_entries", "stream=codec_name,duration", str(file)),
            ],
            capture_output=True,
            check=True,
            text=True,
        )
        streams = [line.split(".")[0] for line in probe.stdout.split()]
        assert tuple(streams) == wanted


async def test_simulator_page_fits_a_phone(
    world: World,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    phones: Phones,
    guest: str,
    browser: Browser,
) -> None:
    """The page shows a push as text, its buttons work, nothing is cut off."""
    phone = await world.register_phone(
        session, "Page phone", Platform.IOS, GUEST, GUEST
    )
    await _notify(owner, phones, phone, "page")
    async with browser.stranger(PHONE_SCREEN) as context:
        page = await context.new_page()
        await page.goto(phones.url)
        card = page.locator("[data-phone='Page phone'] .note")
        await card.wait_for()
        assert "<b>page</b> {{ 1 + 1 }}" in await card.inner_text()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE_SCREEN[0]
        await card.get_by_role("button", name="Yes").click()
        await card.wait_for(state="detached")


async def test_the_demo_says_why_there_is_no_clip(owner: HomeAssistantClient) -> None:
    """A request that got none ends it with a sentence, which is its last line."""
    case = {**example("case"), "draft": None, "problem": "disk_full"}
    case["problem_text"] = "The disk is full."
    with pytest.raises(story.StoryError) as told:
        await _previewed(owner, case)
    assert str(told.value) == (
        "no clip was prepared: the request is waiting; cameras with footage: Driveway; "
        "trouble: The disk is full."
    )
    case |= {"closed": "expired", "findings": None, "problem_text": None}
    with pytest.raises(story.StoryError, match=r"is expired; .* none; trouble: disk_"):
        await _previewed(owner, case)


async def test_frontend_knows_the_login(
    owner: HomeAssistantClient, browser: Browser
) -> None:
    """A browser that was given the owner's login sees the dashboard at once."""
    async with browser.logged_in(owner.login) as context:
        page = await context.new_page()
        await page.goto(f"{owner.base_url}/config/dashboard")
        await page.get_by_text("Devices & services").first.wait_for()
        assert "/auth/" not in page.url
