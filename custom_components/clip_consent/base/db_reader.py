"""Reading a database that another connection writes: no write is waited for."""

from collections.abc import Callable, Iterator
import contextlib
from pathlib import Path
import sqlite3
import threading


class Reader:
    """Read-only connections to a database in WAL mode, for threads of their own."""

    def __init__(self, path: Path) -> None:
        """Keep where the file is; a connection is made when it is first needed."""
        self._path = path
        self._kept: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    def read[T](self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run a short query on a connection that is kept. Raises sqlite3.Error."""
        with self._lock:
            try:
                self._kept = self._kept or self._connect()
                with _one_moment(self._kept):
                    return query(self._kept)
            except sqlite3.Error:
                self._close()
                raise

    @contextlib.contextmanager
    def open_apart(self) -> Iterator[sqlite3.Connection]:
        """Open a connection on one moment of the file, for a query that takes long."""
        with self._lock:
            connection = self._connect()
        with contextlib.closing(connection), _one_moment(connection):
            yield connection

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        """Close the kept connection, and let nobody open one meanwhile.

        Who opens a file first takes whatever stands in its log for committed.
        """
        with self._lock:
            self._close()
            yield

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,  # another thread interrupts or closes it
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()  # opens the log
        return connection

    def _close(self) -> None:
        if self._kept:
            self._kept.close()
            self._kept = None


@contextlib.contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    finally:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
