"""What tests of floods and of looking again ask the disk: how much, and how often."""

import sqlite3

from .world import World


async def bytes_in_use(world: World) -> int:
    """Return how many bytes of the database are in use; freed pages are used again."""

    def read(db: sqlite3.Connection) -> int:
        count, free, each = (
            db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((count - free) * each)

    return await world.bench.store._db.async_read(read)


class Disk:
    """Counts the transactions and the ledger's lines."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._commits = 0
        self._lines = 0

    async def begin(self) -> None:
        """Begin to count."""
        self._lines = len(await self._world.ledger())
        await self._world.bench.store._db.async_read(
            lambda db: db.set_trace_callback(self._hear)
        )

    def _hear(self, statement: str) -> None:
        self._commits += statement == "COMMIT"

    async def written(self) -> tuple[int, int]:
        """Return how many transactions and lines were written since then."""
        lines = len(await self._world.ledger()) - self._lines
        return self._commits, lines
