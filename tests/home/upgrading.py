"""A program: opens a database as the product does, so that it can be struck meanwhile.

It has one thread, and opens nothing else that is written to.
"""

from tests.guarantees.durable import bare  # isort: skip  # before the product

from pathlib import Path
import sys

from custom_components.clip_consent.base.db import Database
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.home.schema import MIGRATIONS

__all__ = ["bare"]


def main() -> int:
    """Return 0 if the database is open and up to date, 2 if the disk refused."""
    database = Database(Path(sys.argv[1]), MIGRATIONS)
    database._closed = False
    try:
        database._open()
        database._close()
    except StoreError:
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
