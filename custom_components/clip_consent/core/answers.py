"""The owner's own words that go out, held to a requester's limits."""

from .errors import InvalidRequestError
from .limits import IDENTITY_MAX, TEXT_MAX
from .text import fault, tidy, visible


def answer_text(text: str) -> str:
    """Return the text tidied. Raises InvalidRequestError if it is blank or too long."""
    tidied = tidy(text, lines=True)
    if not visible(tidied):
        raise InvalidRequestError("text_blank", "text")
    if len(tidied) > TEXT_MAX:
        raise InvalidRequestError("text_too_long", "text", limit=str(TEXT_MAX))
    if code := fault(tidied, lines=True):
        raise InvalidRequestError(code, "text")
    return tidied


def identity_text(text: str) -> str:
    """Return in one tidy line what the owner says of themselves; blank is nothing.

    Raises InvalidRequestError if it is too long or holds what may not stand.
    """
    tidied = tidy(text)
    if len(tidied) > IDENTITY_MAX:
        raise InvalidRequestError("text_too_long", "identity", limit=str(IDENTITY_MAX))
    if code := fault(tidied):
        raise InvalidRequestError(code, "identity")
    return tidied if visible(tidied) else ""
