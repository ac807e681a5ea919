"""The main job, step by step, as people do it: in forms, on phones, in a browser."""

import asyncio
from collections.abc import Callable, Container
from dataclasses import dataclass
import hashlib
import json
from typing import Any, Final

import aiohttp
from playwright.async_api import Page

from .client import Connection, HomeAssistantClient, JsonObject
from .flows import Flow
from .home_assistant import DOMAIN, PASSWORD, add_user
from .phone import Platform
from .phones_client import Phones, PhoneState, Push
from .recordings import Span
from .world import World

ROBIN: Final = "robin"  # the second approver's login, with the same password
GENESIS: Final = "0" * 64
_PATIENCE: Final = 60  # seconds


class StoryError(Exception):
    """Something did not happen as it has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What the first set-up made."""

    entry_id: str
    invite_link: str
    cameras: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """A home that is set up: two approvers with a phone each, and one invite."""

    set_up: SetUp
    iphone: PhoneState  # Sam's: the owner, who set it up
    pixel: PhoneState  # Robin's


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A delivery as the requester's browser opened and saved it."""

    digest_shown: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest of the saved file, worked out here."""
        return hashlib.sha256(self.content).hexdigest()


async def set_up_integration(client: HomeAssistantClient) -> SetUp:
    """Go through the first set-up: tick every camera found, keep the rest."""
    flow = await Flow.config(client, DOMAIN)
    if flow.step.type == "menu":  # beside a hub nobody has to choose
        await flow.choose("set_up_home")
    cameras = flow.step.options("cameras") if "cameras" in flow.step.fields else {}
    await flow.fill(**({"cameras": list(cameras)} if cameras else {}))
    while flow.step.type == "form" and not flow.step.errors:
        await flow.fill()
    entry_id: str = flow.finished()["result"]["entry_id"]
    async with client.connection() as connection:
        snapshot = await CaseWatch.start(connection)
    return SetUp(
        entry_id=entry_id,
        invite_link=snapshot.invites[0]["url"],
        cameras=tuple(camera["name"] for camera in snapshot.cameras),
    )


async def move_in(
    world: World, session: aiohttp.ClientSession, undo_push: int
) -> Household:
    """Register phones, set the integration up, add Robin, shorten the undo window."""
    owner = await world.owner(session)
    iphone = await world.register_phone(session, "Sams iPhone", Platform.IOS)
    robin = await add_user(owner, ROBIN, PASSWORD)
    pixel = await world.register_phone(
        session, "Robins Pixel", Platform.ANDROID, ROBIN, PASSWORD
    )
    made = await set_up_integration(owner)
    await add_approver(owner, made.entry_id, robin)
    await set_undo(owner, made.entry_id, undo_push)
    return Household(set_up=made, iphone=iphone, pixel=pixel)


async def add_approver(
    client: HomeAssistantClient, entry_id: str, user_id: str
) -> None:
    """Make a user an approver, to be asked on all phones that user has."""
    flow = await Flow.subentry(client, entry_id, "approver")
    await flow.fill(user_id=user_id)
    await flow.fill()
    flow.finished()


async def add_invite(
    client: HomeAssistantClient, entry_id: str, label: str, kind: str = "personal"
) -> str:
    """Add an invite in its form; return its link."""
    flow = await Flow.subentry(client, entry_id, "invite")
    shown = await flow.fill(label=label, kind=kind)
    link: str = shown.result["description_placeholders"]["url"]
    await flow.fill()
    flow.finished()
    return link


async def set_undo(client: HomeAssistantClient, entry_id: str, push: int) -> None:
    """Change the undo window of a tap on a push, in seconds."""
    flow = await Flow.options(client, entry_id)
    await flow.fill(undo_push=push)
    flow.finished()


class CaseWatch:
    """Follows the cases as the panel does."""

    def __init__(self, snapshot: JsonObject, queue: asyncio.Queue[JsonObject]) -> None:
        """Begin with the snapshot."""
        self.invites: list[JsonObject] = snapshot["invites"]
        self.cameras: list[JsonObject] = snapshot["cameras"]
        self.cases: dict[str, JsonObject] = {
            case["case_id"]: case for case in snapshot["cases"]
        }
        self._queue = queue

    @classmethod
    async def start(
        cls, connection: Connection, patience: int = _PATIENCE
    ) -> CaseWatch:
        """Subscribe, with the snapshot in hand."""
        queue = await connection.subscribe(f"{DOMAIN}/subscribe")
        return cls(await asyncio.wait_for(queue.get(), _PATIENCE), queue)

    async def until(
        self, wanted: Callable[[JsonObject], bool], patience: int = _PATIENCE
    ) -> JsonObject:
        """Wait for a case as wanted. Raise StoryError, naming all, if none comes."""
        try:
            async with asyncio.timeout(patience):
                while not (
                    found := [one for one in self.cases.values() if wanted(one)]
                ):
                    event = await self._queue.get()
                    if event["event"] == "case" and event["case"]:
                        self.cases[event["case"]["case_id"]] = event["case"]
        except TimeoutError as err:
            seen = [(one["state"], one["problem"]) for one in self.cases.values()]
            raise StoryError(f"waited in vain; cases: {seen}") from err
        return found[0]

    async def reach(self, case_id: str, state: str) -> JsonObject:
        """Wait until a case is in a state."""
        return await self.until(
            lambda case: case["case_id"] == case_id and case["state"] == state
        )

    async def next_waiting(self, known: Container[str] = ()) -> JsonObject:
        """Wait for a case to be answered that is not among the known ones."""
        return await self.until(
            lambda case: case["state"] == "waiting" and case["case_id"] not in known
        )


async def ask(page: Page, invite_link: str, span: Span, text: str, name: str) -> str:
    """Fill in the public form and send it; return the link to keep."""
    await page.goto(invite_link)
    await page.get_by_test_id("date").fill(f"{span.start:%Y-%m-%d}")
    await page.get_by_test_id("from").fill(f"{span.start:%H:%M}")
    await page.get_by_test_id("to").fill(f"{span.end:%H:%M}")
    await page.get_by_test_id("text").fill(text)
    await page.get_by_test_id("name").fill(name)
    await page.get_by_test_id("kind").select_option("neighbour")
    await page.get_by_test_id("send").click()
    return await page.get_by_test_id("link").input_value()


async def push_for(phones: Phones, phone_id: str, case_id: str, button: str) -> Push:
    """Wait for the push of a case that has this button."""
    return await phones.wait_for(
        phone_id,
        lambda push: (
            push.tag == f"{DOMAIN}_{case_id}"
            and push.ended is None
            and any(one["title"] == button for one in push.buttons)
        ),
    )


async def open_delivery(page: Page, status_link: str) -> Opened:
    """Open the answer in the requester's browser, which decrypts it; save the clip."""
    await page.goto(status_link)
    await page.get_by_test_id("open").first.click()
    digest = await page.get_by_test_id("digest").inner_text()
    async with page.expect_download() as downloading:
        await page.get_by_test_id("save-content").click()
    file = await (await downloading.value).path()
    return Opened(digest_shown=digest.strip(), content=file.read_bytes())


async def played_seconds(page: Page) -> float:
    """Play the opened clip for a moment; return how far it got."""
    seconds: float = await page.get_by_test_id("video").evaluate(
        """async (video) => {
          await video.play();
          await new Promise((resolve) => setTimeout(resolve, 700));
          video.pause();
          return video.currentTime;
        }"""
    )
    return seconds


async def ledger(connection: Connection) -> tuple[list[JsonObject], JsonObject]:
    """Return the whole ledger, oldest first, and its head."""
    entries: list[JsonObject] = []
    before: int | None = None
    while True:
        page = await connection.command(f"{DOMAIN}/ledger", before=before, limit=200)
        if page["fault"] is not None:
            raise StoryError(f"the ledger is broken at {page['fault']}")
        found = sorted(page["entries"], key=lambda entry: int(entry["seq"]))
        entries = found + entries
        if not found or found[0]["seq"] == 1:
            return entries, page["head"]
        before = found[0]["seq"]


def check_ledger(entries: list[JsonObject], head: JsonObject) -> None:
    """Follow the chain by the published rule. Raise StoryError where it breaks."""
    previous = GENESIS
    for seq, entry in enumerate(entries, 1):
        if entry["seq"] != seq or entry["previous"] != previous:
            raise StoryError(f"ledger entry {seq} is not in its place")
        if entry_digest(entry) != entry["digest"]:
            raise StoryError(f"ledger entry {seq} was changed")
        previous = entry["digest"]
    if head != {"seq": len(entries), "digest": previous}:
        raise StoryError("the ledger's head is not its last entry")


def entry_digest(entry: JsonObject) -> str:
    """Return SHA-256 over the canonical JSON of an entry without its digest."""
    body: dict[str, Any] = {
        name: value for name, value in entry.items() if name != "digest"
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
