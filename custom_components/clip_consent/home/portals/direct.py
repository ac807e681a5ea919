"""The portal of this home's own invites: the form, the status page, the drop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from ...core.disclosure import status_view
from ...core.limits import CIPHERTEXT_KEPT, DIRECT, OPEN_MAX
from ...core.models import Destination, Invite, PortalKind, Request, Way
from ...core.ports import Clock, Ids, Intake, PublicRecords
from ...core.public_status import PublicStatus
from ...core.requests import parse_ask, validate
from ...core.serial import Json, utc_text

# a pick-up link that was read once whole may be read again for so long
FETCHED_GRACE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A request that was kept: what to answer, and what to do after that."""

    answer: Json
    look: Callable[[], None]


class DirectPortal:
    """Answers strangers: the same whatever became of their request."""

    def __init__(
        self,
        *,
        intake: Intake,
        records: PublicRecords,
        clock: Clock,
        ids: Ids,
        invites: Mapping[str, Invite],
        package: Callable[[str], Path],
    ) -> None:
        """Keep the invites by the token in their link, and where packages are."""
        self._intake = intake
        self._records = records
        self._clock = clock
        self._ids = ids
        self._invites = invites
        self._package = package

    def knows(self, token: str) -> bool:
        """Tell whether this invite is open."""
        return self._invite(token) is not None

    async def async_ask(self, token: str, body: bytes) -> Taken | None:
        """Take a request in; None if there is no such invite.

        Nothing is looked at before the answer is out: so the time it takes says
        nothing of rules or recordings. Raises InvalidRequestError for a body that
        breaks the published limits, StoreError if it could not be kept.
        """
        invite = self._invite(token)
        if invite is None:
            return None
        now = self._clock.now()
        ask = parse_ask(body)
        validate(ask, now=now, limits=DIRECT)
        # whole seconds: an id that says it itself has room for no more
        expires = _whole(now) + OPEN_MAX
        request_id, case_id = await self._intake.async_take(
            Request(
                request_id=self._ids.new_id(),
                portal=PortalKind.DIRECT,
                trust=invite.trust,
                label=invite.label,
                kind=ask.kind,
                name=ask.name,
                contact=ask.contact,
                text=ask.text,
                case_number=ask.case_number,
                window=ask.window,
                received_at=now,
                expires_at=expires,
                recipient=ask.recipient,
                destination=Destination(way=Way.DROP),
                invite_id=invite.invite_id,
                cameras=invite.cameras,
                reachable_until=expires + CIPHERTEXT_KEPT,
            )
        )
        status = await self._records.async_status(request_id, now)
        look_again = status.look_again_until if status else expires
        return Taken(
            answer={"id": request_id, "look_again_until": utc_text(_whole(look_again))},
            look=partial(self._look, case_id),
        )

    def _look(self, case_id: str | None) -> None:
        if case_id is not None:
            self._intake.look_at(case_id)

    async def async_status(self, request_id: str) -> Json:
        """Return what a requester may know; None if there is no such request."""
        status = await self._records.async_status(request_id, self._clock.now())
        return status_view(_rounded(status)) if status else None

    async def async_drop(self, request_id: str, delivery_id: str) -> Path | None:
        """Return the sealed package of a delivery that may be fetched, else None."""
        status = await self._records.async_status(request_id, self._clock.now())
        if status and any(drop.delivery_id == delivery_id for drop in status.drops):
            return self._package(delivery_id)
        return None

    async def async_fetched(self, delivery_id: str) -> None:
        """Note that a package was read to its end."""
        until = self._clock.now() + FETCHED_GRACE
        await self._intake.async_fetched(delivery_id, until)

    def _invite(self, token: str) -> Invite | None:
        invite = self._invites.get(token)
        expired = (
            invite is not None
            and invite.expires_at is not None
            and self._clock.now() >= invite.expires_at
        )
        return None if expired else invite


def _whole(when: datetime) -> datetime:
    return when.replace(microsecond=0)


def _rounded(status: PublicStatus) -> PublicStatus:
    return PublicStatus(
        look_again_until=_whole(status.look_again_until), drops=status.drops
    )
