"""An answer in words: the owner's own text, held to a requester's limits."""

from .errors import InvalidRequestError
from .limits import TEXT_MAX
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
