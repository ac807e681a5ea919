"""Marks of the home's own events: any user can fire one, only the home can mark it."""

from collections.abc import Mapping
import hashlib
import hmac
import json
from typing import Final

KEY_BYTES: Final = 32


class Marks:
    """Makes marks, and tells whether one is right."""

    def __init__(self, key: bytes) -> None:
        """Keep the key, of KEY_BYTES bytes."""
        self._key = key

    def make(
        self,
        fields: Mapping[str, str | None],
        *,
        context_id: str | None,
        user_id: str | None,
    ) -> str:
        """Return the mark of an event: HMAC-SHA-256, 64 hexadecimal digits.

        With the context in it, no event that was seen can be fired once more.
        """
        said = json.dumps([context_id, user_id, dict(fields)], sort_keys=True)
        return hmac.new(self._key, said.encode(), hashlib.sha256).hexdigest()

    def is_right(
        self,
        mark: str,
        fields: Mapping[str, str | None],
        *,
        context_id: str | None,
        user_id: str | None,
    ) -> bool:
        """Tell whether the home made this mark, for just these fields and context."""
        made = self.make(fields, context_id=context_id, user_id=user_id)
        return hmac.compare_digest(made.encode(), mark.encode(errors="replace"))
