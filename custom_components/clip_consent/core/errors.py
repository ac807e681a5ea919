"""Errors with a code: the code is the translation key and the WebSocket error code."""

from typing import override


class ClipConsentError(Exception):
    """What could not be done, by a code that the edges translate.

    `placeholders` fill the translated message. They hold owner's words and numbers,
    never a requester's text, a path or an address.
    """

    def __init__(self, code: str, **placeholders: str) -> None:
        """Keep the code and what its message needs."""
        super().__init__(code)
        self.code = code
        self.placeholders = placeholders

    @override
    def __str__(self) -> str:
        """Return the code: safe to log, since it holds nobody's data."""
        return self.code


class InvalidRequestError(ClipConsentError):
    """A request that breaks a published limit; `field` names what to mend."""

    def __init__(self, code: str, field: str, **placeholders: str) -> None:
        """Keep the code, the field at fault and what the message needs."""
        super().__init__(code, **placeholders)
        self.field = field


class InvalidRuleError(ClipConsentError):
    """A sharing rule that cannot be read."""


class InvalidGeometryError(ClipConsentError):
    """An area that is not one simple shape within the limits."""


class SourceError(ClipConsentError):
    """Recordings that cannot be reached or read just now."""


class MediaError(ClipConsentError):
    """A recording that cannot be made into a draft."""


class StoreError(ClipConsentError):
    """The store could not write: whatever was asked did not happen."""


class RestoredError(ClipConsentError):
    """A hub's log lacks what was signed: nothing is signed before an admin says so."""


class SealError(ClipConsentError):
    """A draft that could not be sealed as approved: nothing left the home."""


class AnswerError(ClipConsentError):
    """What a neighbour sent that is not what it says it is."""


class DeliveryError(ClipConsentError):
    """A delivery that did not arrive; `permanent` says that trying again is no use."""

    def __init__(self, code: str, *, permanent: bool, **placeholders: str) -> None:
        """Keep the code and whether another attempt can help."""
        super().__init__(code, **placeholders)
        self.permanent = permanent


class PortalError(ClipConsentError):
    """What a hub says that cannot be read or believed."""


class LimitError(ClipConsentError):
    """A submission over a published limit: it counts nowhere and changes nothing."""


class NotAllowedError(ClipConsentError):
    """This user may not do that."""


class NotFoundError(ClipConsentError):
    """No such case, offer, camera or delivery."""


class ConflictError(ClipConsentError):
    """The case has moved on since the screen was drawn."""
