"""Sending a notice to a hub: as a neighbour, docs/portal-protocol.md, section 8."""

from typing import Final

from aiohttp.hdrs import CONTENT_TYPE

from ...base.outbound import Door
from ...core.errors import InvalidRequestError, LimitError, PortalError
from ...core.portal_json import Fields, read_json
from .hub_client import PATH
from .hub_limits import limit_told

_CODE: Final = "portal_unavailable"
_JSON: Final[dict[str, str]] = {CONTENT_TYPE: "application/json"}
_REFUSED: Final = frozenset({400, 404, 413, 415})


async def async_send_notice(door: Door, url: str, body: bytes) -> str:
    """Send a notice for moderation and return what the hub calls it.

    Raises PortalError if the hub cannot be reached or understood, LimitError and
    InvalidRequestError where it does not take this.
    """
    async with door.request(
        "POST", f"{url}{PATH}/notices", headers=_JSON, body=body
    ) as answer:
        said = await answer.async_read()
        if answer.status == 202:
            return Fields(read_json(said, _CODE), _CODE).id("id")
        if answer.status == 429:
            code = limit_told(said, "hub_refused_notice")
            raise LimitError(code)
        if answer.status in _REFUSED:
            raise InvalidRequestError("hub_refused_notice", "portal")
    raise PortalError("portal_unavailable")
