"""The way to an object store: as to all others, without redirects and cookies."""

from ..core.errors import StoreError
from ..core.storage import Storage
from .outbound import Door, parse_target


def storage_door(storage: Storage) -> Door:
    """Return the way to a store: a public one, or the exact host and port entered."""
    origins = {parse_target(storage.origin).origin} if storage.private else set()
    return Door(
        entered=frozenset(origins),
        public=True,
        fail=lambda code, permanent: StoreError(code),
    )
