"""Which of its limits a hub says that something breaks."""

from typing import Final

from ...core.errors import PortalError
from ...core.portal_json import read_json

_CODE: Final = "portal_answer_invalid"
_KNOWN: Final = frozenset({"too_many_notes", "too_many_today", "too_many_waiting"})


def limit_told(body: bytes, otherwise: str) -> str:
    """Return the code of the limit as far as it is known here, or else `otherwise`.

    Whatever a hub writes there instead is nobody's to be shown.
    """
    try:
        code = read_json(body, _CODE).get("error")
    except PortalError:
        return otherwise
    return code if isinstance(code, str) and code in _KNOWN else otherwise
