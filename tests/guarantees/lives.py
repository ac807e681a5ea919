"""What becomes of a request that was approved and is not shared all the same.

No form of today asks where to upload to, so that is slipped in behind it: a stranger
whose clip goes to a server would see no more than one who fetches it here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
import shutil
from typing import Any

from custom_components.clip_consent.base.package import LARGEST_BUCKET
from custom_components.clip_consent.core.errors import DeliveryError, StoreError
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    ClosedReason,
    Delivery,
    Draft,
    Request,
)
from custom_components.clip_consent.core.ports import Progress
from custom_components.clip_consent.core.rules import parse_rule
from tests.manager.test_ends import UPLOAD, Holding
from tests.manager.world import ANNA, BEN, NOON, World

from .open_home import OpenHome

SOON, LATE = timedelta(minutes=1), timedelta(days=6)

type Act = Callable[[OpenHome], Awaitable[None]]


@dataclass(frozen=True)
class Life:
    """What becomes of a request."""

    prepare: Callable[[World], None] = lambda world: None
    before: Act | None = None
    soon: Act | None = None
    late: Act | None = None
    closed: ClosedReason | None = ClosedReason.EXPIRED  # in the end, inside
    problem: str | None = None  # after `soon`, inside
    found: int | None = 1  # cameras with footage, inside; None: never looked for
    kept: bool = True  # as a case


def two_needed(world: World) -> None:
    """Let no clip go without the yes of two."""
    rule = {"verdict": "ask", "order": 1, "two_approvers": True}
    two = parse_rule("two", "Two have to say yes", rule)
    world.settings = replace(world.settings, rules=(two, *world.settings.rules))


def slow_server(world: World) -> None:
    """Have uploads hang."""
    world.oracle = Holding()


def unwilling_server(world: World) -> None:
    """Have uploads refused for good."""
    world.oracle.errors.append(DeliveryError("upload_refused", permanent=True))


def unreachable_server(world: World) -> None:
    """Have uploads fail again and again."""
    lost = DeliveryError("connection_lost", permanent=False)
    world.oracle.errors += [lost] * 1000


async def to_a_server(home: OpenHome) -> None:
    """Let clips that are asked for by the form be uploaded."""
    take = home.world.manager.async_take

    async def take_in(request: Request) -> tuple[str, str | None]:
        return await take(replace(request, destination=UPLOAD))

    home.world.manager.async_take = take_in  # type: ignore[method-assign]


async def enormous(home: OpenHome) -> None:
    """Have clips that are too large for any package."""
    make = home.world.drafter.async_draft

    async def large(**asked: Any) -> Draft:
        return replace(await make(**asked), size=LARGEST_BUCKET)

    home.world.drafter.async_draft = large  # type: ignore[method-assign]


async def full_disk(home: OpenHome) -> None:
    """Have no room for packages."""

    async def full(case: Case, *, progress: Progress) -> Delivery:
        raise StoreError("spool_full")

    home.world.bench.sealer.async_seal = full  # type: ignore[method-assign]


async def decline(home: OpenHome) -> None:
    """Say no."""
    await home.world.manager.async_decline((await home.case()).case_id, ANNA)


async def first_yes(home: OpenHome) -> None:
    """Say the first yes of two."""
    case = await home.world.approve(await home.case())
    await home.world.settle()
    assert case.state is CaseState.WAITING
    assert case.offer
    assert case.offer.first


async def take_back(home: OpenHome) -> None:
    """Take a yes back."""
    await home.world.manager.async_undo((await home.case()).case_id, BEN)
    await home.world.settle()


async def approve(home: OpenHome) -> None:
    """Say yes, and let the undo window pass."""
    await home.world.approve(await home.case())
    await home.world.pass_undo()
    home.world.clock.wall = NOON + SOON


async def swap(home: OpenHome) -> None:
    """Say yes to a file that then becomes another one."""
    case = await home.case()
    assert case.draft
    await home.world.approve(case)
    (home.world.drafter.folder / case.case_id / case.draft.file).write_bytes(b"other")
    await home.world.pass_undo()
    home.world.clock.wall = NOON + SOON


async def withdraw(home: OpenHome) -> None:
    """Say yes, and no while the upload hangs: for an undo it is too late."""
    server = home.world.oracle
    assert isinstance(server, Holding)
    case = await home.case()
    page = f"status/{case.request.request_id}/data"
    before = await home.get(page)
    await home.world.approve(case)
    home.world.clock.go_on(timedelta(seconds=31))
    home.world.manager.look_again()
    await asyncio.wait_for(server.began.wait(), 10)
    assert (await home.case()).state is CaseState.SEALED
    assert await home.get(page) == before
    await decline(home)
    await home.world.settle()
    assert server.stopped
    home.world.clock.wall = NOON + SOON


async def restore(home: OpenHome) -> None:
    """Say yes, and come back from a backup: without drafts, packages and epoch."""
    await home.world.approve(await home.case())
    await home.world.manager.async_stop()
    shutil.rmtree(home.world.folder / "cache")
    await home.start()
    await home.world.settle()


APPROVED = {
    "draft swapped": Life(soon=swap, problem="draft_changed"),
    "too large": Life(before=enormous, soon=approve, problem="clip_too_large"),
    "never sealed": Life(before=full_disk, soon=approve, problem="spool_full"),
    "not sealed, withdrawn": Life(
        before=full_disk,
        soon=approve,
        late=decline,
        closed=ClosedReason.WITHDRAWN,
        problem="spool_full",
    ),
    "withdrawn": Life(
        slow_server, to_a_server, soon=withdraw, closed=ClosedReason.WITHDRAWN
    ),
    "upload refused": Life(
        unwilling_server, to_a_server, soon=approve, problem="upload_refused"
    ),
    "upload never arrives": Life(
        unreachable_server, to_a_server, soon=approve, problem="connection_lost"
    ),
    "upload withdrawn late": Life(
        unreachable_server,
        to_a_server,
        soon=approve,
        late=decline,
        closed=ClosedReason.WITHDRAWN,
        problem="connection_lost",
    ),
    "restored": Life(soon=restore, problem="restored"),
    "restored, declined": Life(
        soon=restore, late=decline, closed=ClosedReason.DECLINED, problem="restored"
    ),
    "first yes of two": Life(two_needed, soon=first_yes),
    "first yes of two, declined": Life(
        two_needed, soon=first_yes, late=decline, closed=ClosedReason.DECLINED
    ),
    "first yes of two, taken back": Life(two_needed, soon=first_yes, late=take_back),
}
