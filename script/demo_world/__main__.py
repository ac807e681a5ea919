"""Show the main job from end to end: `script/demo` starts this."""

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
import fcntl
import hashlib
import json
from pathlib import Path
import signal
import sys
import time
from typing import Final, TextIO

import aiohttp

from . import story
from .browser import PHONE_SCREEN, Browser, started_browser
from .client import ApiError, Connection, HomeAssistantClient, JsonObject
from .flows import FlowError
from .home_assistant import PASSWORD, USER, StartError
from .login import LoginError
from .phones_client import Phones, PhoneState, SimulatorError
from .recordings import CANARY, RecordingError
from .world import World, running_world, yesterday

_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_FIRST_PORT: Final = 18130  # of the first copy; each further one counts on
_INTERRUPTED: Final = 130  # the exit status after Ctrl-C
_LOCK: Final = "demo.lock"
_UNDO: Final = 10  # seconds; the least that the form takes
_TEXT: Final = "Somebody drove into my bicycle in front of your house."
_FAULTS: Final = (
    ApiError,
    FlowError,
    LoginError,
    RecordingError,
    SimulatorError,
    StartError,
    story.StoryError,
    TimeoutError,
    aiohttp.ClientError,
)


class Teller:
    """Prints each step with the time it took."""

    def __init__(self) -> None:
        """Start the clock."""
        self._began = self._last = time.monotonic()

    def step(self, text: str) -> None:
        """Print what was done since the step before."""
        now = time.monotonic()
        print(f"{now - self._last:6.1f} s  {text}", flush=True)
        self._last = now

    @property
    def total(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began


def expect(held: bool, what: str) -> None:
    """Raise StoryError unless it held."""
    if not held:
        raise story.StoryError(f"does not hold: {what}")


@contextmanager
def _own_folder(wanted: Path | None) -> Iterator[tuple[Path, Path, int]]:
    """Give a folder that no other copy uses, its recordings, and the copy's number."""
    base = _REPOSITORY / ".demo"
    number = 0
    while True:
        folder = wanted or base / str(number + 1)
        folder.mkdir(parents=True, exist_ok=True)
        if wanted and not _is_ours(folder):
            sys.exit(f"{wanted} holds something else: the demo wants an empty folder")
        with (folder / _LOCK).open("w") as lock:
            if _locked(lock):
                media = folder / "recordings" if wanted else base / "recordings"
                yield folder.resolve(), media.resolve(), number
                return
        if wanted:
            sys.exit(f"{wanted} is in use by another copy of the demo")
        number += 1


def _is_ours(folder: Path) -> bool:
    """Tell whether a folder is empty or from an earlier demo: it is cleared out."""
    return (folder / _LOCK).exists() or not any(folder.iterdir())


def _port(text: str) -> int:
    """Return a port that the demo can be given."""
    port = int(text)
    if not 1024 <= port <= 65_535:
        raise argparse.ArgumentTypeError(f"{port} is not one of 1024 to 65535")
    return port


def _file(text: str) -> Path:
    """Return a file that can be written in the end."""
    file = Path(text)
    if file.is_dir() or not file.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {file.parent}")
    return file


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _tell(
    world: World, browser: Browser, session: aiohttp.ClientSession, teller: Teller
) -> JsonObject:
    """Go through the main job, checking what has to hold; return the links."""
    owner = await world.owner(session)
    phones = world.phones(session)
    house = await story.move_in(world, session, _UNDO)
    made = house.set_up
    expect(len(made.cameras) == len(world.recordings.cameras), "both cameras found")
    teller.step(
        "Phones registered through the mobile_app API, Clip Consent set up in its "
        f"form; cameras: {', '.join(made.cameras)}"
    )

    async with owner.connection() as connection, browser.stranger() as neighbour:
        watch = await story.CaseWatch.start(connection)
        page = await neighbour.new_page()
        span = world.recordings.one_camera
        status_link = await story.ask(page, made.invite_link, span, _TEXT, "Anna")
        teller.step("A neighbour opened the invite link and asked for 18:02 to 18:05")
        case = await watch.next_waiting()
        sha256 = await _previewed(owner, case)
        phone_id = house.iphone.phone_id
        teller.step(f"Screened, found, cut and stripped: draft {sha256[:16]}…")
        push = await story.push_for(phones, phone_id, case["case_id"], "Approve")
        teller.step(f"Push on {house.iphone.name}: “{push.message}”")
        await _photograph(browser, phones, world.folder / "phones.png")
        await phones.press(push, push.button("Approve"))
        await watch.reach(case["case_id"], "consented")
        teller.step("Tapped Approve on the phone; the consent is in the store")
        case = await watch.reach(case["case_id"], "shared")
        teller.step(f"Undo window of {_UNDO} s is over; sealed and delivered")
        opened = await story.open_delivery(page, status_link)
        expect(await story.played_seconds(page) > 0, "the browser plays the clip")
        await page.screenshot(path=world.folder / "opened.png", full_page=True)
        expect(opened.digest_shown == sha256, "the page shows the preview's digest")
        expect(opened.sha256 == sha256, "the saved file is the previewed draft")
        expect(CANARY.encode() not in opened.content, "no metadata of the recorder")
        teller.step(
            f"Opened in the neighbour's browser: {opened.sha256[:16]}…, the same"
        )
        count = await _check_record(connection, case, sha256)
        expect(await _is_quiet(phones, house.pixel), "no push is left to answer")
        teller.step(f"The ledger's {count} entries prove it: chain, consent, delivery")
    expect(not (faults := world.home.faults()), f"no errors in the log: {faults}")
    return {"invite_link": made.invite_link, "status_link": status_link}


async def _previewed(owner: HomeAssistantClient, case: JsonObject) -> str:
    """Return the digest of the draft as the panel would play it."""
    draft = case["draft"]
    if draft is None:
        raise story.StoryError(f"no clip was prepared: {_standing(case)}")
    async with owner.session.get(f"{owner.base_url}{draft['video']}") as response:
        video = await response.read()
    sha256 = hashlib.sha256(video).hexdigest()
    expect(sha256 == draft["sha256"], "the preview has the draft's digest")
    return sha256


def _standing(case: JsonObject) -> str:
    """Return how a case stands, in the home's own words where it has some."""
    found = [one["camera"] for one in case["findings"] or [] if one["runs"]]
    trouble = case["problem_text"] or case["problem"] or "none"
    return (
        f"the request is {case['closed'] or case['state']}; "
        f"cameras with footage: {', '.join(map(str, found)) or 'none'}; "
        f"trouble: {trouble}"
    )


async def _check_record(connection: Connection, case: JsonObject, sha256: str) -> int:
    """Check ledger and receipt; return how many entries the ledger has."""
    entries, head = await story.ledger(connection)
    story.check_ledger(entries, head)
    kinds = [entry["kind"] for entry in entries if entry["case_id"] == case["case_id"]]
    for kind in ("received", "approved", "shared"):
        expect(kind in kinds, f"the ledger says {kind}: {kinds}")
    delivery = case["deliveries"][0]
    expect(delivery["sha256"] == sha256, "the receipt names the previewed draft")
    return len(entries)


async def _is_quiet(phones: Phones, phone: PhoneState) -> bool:
    """Tell whether nothing on a phone can approve or decline any more."""
    shown = (await phones.state())[phone.phone_id].shown
    return not any(
        button["action"] != "URI" for push in shown for button in push.buttons
    )


async def _photograph(browser: Browser, phones: Phones, file: Path) -> None:
    """Take a picture of the phones' page."""
    async with browser.stranger(PHONE_SCREEN) as context:
        page = await context.new_page()
        await page.goto(phones.url)
        await page.locator(".note img").first.wait_for()
        await page.screenshot(path=file)


def _report(world: World, links: JsonObject) -> JsonObject:
    """Return what others need to drive this copy."""
    return {
        "base_url": world.home.base_url,
        "user": USER,
        "password": PASSWORD,
        "simulator_url": f"http://127.0.0.1:{world.simulator_port}",
        "ports": {
            "home_assistant": world.home.port,
            "simulator": world.simulator_port,
        },
        "folder": str(world.folder),
        **links,
    }


def _show(report: JsonObject) -> None:
    print(
        f"""
Everything keeps running until Ctrl-C:
  Home Assistant   {report["base_url"]}   ({report["user"]} / {report["password"]})
  The panel        {report["base_url"]}/clip-consent
  The phones       {report["simulator_url"]}
  The invite       {report["invite_link"]}
  The answer       {report["status_link"]}
  Files and logs   {report["folder"]}
""",
        flush=True,
    )


async def _run(arguments: argparse.Namespace) -> int:
    """Run the demo in a folder of its own; Ctrl-C and SIGTERM end it in order."""
    with _own_folder(arguments.folder) as (folder, media, copy):
        demo = asyncio.create_task(_demo(arguments, folder, media, copy))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, demo.cancel)
        try:
            return await demo
        except asyncio.CancelledError:
            print("Stopped before the end.", file=sys.stderr)
            return _INTERRUPTED


async def _demo(
    arguments: argparse.Namespace, folder: Path, media: Path, copy: int
) -> int:
    """Return the exit status: 0 only if all held."""
    teller = Teller()
    port = arguments.port or _FIRST_PORT + copy
    try:
        async with (
            running_world(folder, media, yesterday(), port) as world,
            aiohttp.ClientSession() as session,
        ):
            made = "found again" if world.recordings.reused else "made"
            teller.step(f"Recordings of two cameras {made}; Home Assistant is running")
            async with started_browser() as browser:
                links = await _tell(world, browser, session, teller)
            print(f"\nAll of it held, in {teller.total:.0f} s.", flush=True)
            report = _report(world, links)
            if arguments.json:
                arguments.json.write_text(json.dumps(report, indent=2) + "\n")
            if not arguments.once:
                _show(report)
                await _until_stopped()
    except _FAULTS as err:
        what = str(err) if isinstance(err, story.StoryError) else repr(err)
        print(f"\nThe demo failed: {what}\nLogs: {folder}", file=sys.stderr)
        return 1
    return 0


async def _until_stopped() -> None:
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


def main() -> int:
    """Read the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument(
        "--once", action="store_true", help="end after the check instead of waiting"
    )
    parser.add_argument(
        "--json", type=_file, metavar="FILE", help="write addresses and logins there"
    )
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="use this folder (default .demo/N)"
    )
    parser.add_argument(
        "--port", type=_port, help="Home Assistant's port, or the next that is free"
    )
    return asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
