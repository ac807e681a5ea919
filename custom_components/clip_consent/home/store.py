"""The home's store: cases, tokens, public status, ledger; one transaction each."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
import json
from pathlib import Path
import secrets
import sqlite3

from ..base.db import Database
from ..base.hold import Hold
from ..base.marks import KEY_BYTES, Marks
from ..core.approval import NewToken, Token
from ..core.ledger import EMPTY, EVERYTHING, Entry, Head, Line, Sought, salted_digest
from ..core.limits import REQUEST_DAY, TEXT_KEPT, TOKENS_KEPT, WAITING_MAX
from ..core.models import Case, CaseState, Request
from ..core.public_status import Drop, PublicStatus
from ..core.search import Search
from ..core.serial import dump, load
from ..core.verdict import Judge, Verdict
from . import case_rows, flood_rows, ledger_rows, push_rows, sender_rows, token_rows
from .epoch import RESTORED, Epoch
from .meta_rows import read_key, read_meta, write_meta
from .own_book import OwnBook
from .retiring import retire
from .schema import MIGRATIONS
from .status_ids import StatusIds


class HomeStore:
    """Everything that must survive. Raises StoreError when the disk refuses.

    `folder` is in Home Assistant's backups, `cache` is not: an epoch file in it tells a
    restored database from the one that was running, the ledger's head an older copy.
    """

    def __init__(self, folder: Path, cache: Path, *, hold: Hold | None = None) -> None:
        """Keep where things are; `async_open` opens them. `hold`: see Database."""
        self._head = ledger_rows.HeadFile(cache / "ledger_head")
        self._chain = ledger_rows.Chain(self._head)
        self._epoch = Epoch(cache / "epoch")
        self._db = Database(
            folder / "home.db", MIGRATIONS, after_commit=self._head.follow, hold=hold
        )
        self.own = OwnBook(self._db)
        self._counts = flood_rows.Counts()
        self._status_ids = StatusIds()
        self.marks = Marks(secrets.token_bytes(KEY_BYTES))  # until it is open
        self.restored = False

    async def async_open(self) -> None:
        """Open the database; `restored` tells that it came from a backup."""

        def enter(connection: sqlite3.Connection) -> bool:
            self._status_ids.enter(connection)
            # kept: the logbook shows events of earlier runs too
            self.marks = Marks(read_key(connection, "marks_key", KEY_BYTES))
            return self._epoch.enter(connection, self._head.set_aside)

        await self._db.async_open()
        self.restored = await self._db.async_run(enter)
        if self.restored:
            await self._db.async_read(self._head.begin_anew)

    async def async_close(self) -> None:
        """Close the database."""
        await self._db.async_close()

    async def async_retire(self, now: datetime) -> None:
        """Close all, and forget words, links and tokens: the home is removed."""
        await self._db.async_run(lambda db: retire(db, now))

    def watch(self, told: Callable[[bool], None]) -> None:
        """Have it told, after each transaction, whether the disk took it."""
        self._db.told = told

    async def async_pause(self) -> None:
        """Hold all writing for a backup."""
        await self._db.hold.async_begin()

    def resume(self) -> None:
        """Write again."""
        self._db.hold.end()

    # --- cases

    async def async_add(
        self, case: Case, lines: Sequence[Line], data: dict[str, object], now: datetime
    ) -> tuple[str, bool]:
        """Keep a new case; return its request id, and whether there is a case now.

        There is none if it is the same one as before, or one of a flood. The one
        before counts while its status page can be reached, whatever became of it.
        `data` is what the first ledger line's salted digest stands for.
        """
        salt = secrets.token_bytes(16)
        digest = salted_digest(salt, dump(data))
        marked = [
            replace(line, data={**line.data, "request_digest": digest})
            for line in lines
        ]

        def add(connection: sqlite3.Connection) -> tuple[str, bool]:
            request = case.request
            if before := sender_rows.find_sender(connection, request, now):
                return before, False
            flooded = flood_rows.take_flooded(connection, request, self._status_ids)
            if flooded is None:
                case_rows.insert_case(connection, case, salt)
                ledger_rows.write_lines(connection, marked, now)
            request_id = flooded or request.request_id
            sender_rows.insert_sender(connection, request, request_id)
            return request_id, flooded is None

        return await self._db.async_run(add, behind=WAITING_MAX)

    async def async_save(
        self,
        before: Case,
        after: Case,
        lines: Sequence[Line],
        now: datetime,
        *,
        drop: Drop | None = None,
    ) -> Case:
        """Replace a case by what became of it, with its ledger lines.

        Raises ConflictError if the case on disk is not `before` any more.
        """
        after = replace(after, version=before.version + 1)

        def save(connection: sqlite3.Connection) -> Case:
            case_rows.update_case(connection, before, after)
            if after.offer is None or after.offer != before.offer:
                token_rows.void_tokens(connection, after)
            if drop:
                case_rows.insert_drop(connection, after.request, drop)
            case_rows.withdraw_drops(connection, after)
            ledger_rows.write_lines(connection, lines, now)
            return after

        return await self._db.async_run(save)

    async def async_case(self, case_id: str) -> Case:
        """Return a case. Raises NotFoundError."""
        return await self._db.async_read(lambda db: case_rows.read_case(db, case_id))

    async def async_case_of_request(self, request_id: str) -> Case | None:
        """Return the case that a request has, or had."""
        return await self._db.async_read(
            lambda db: case_rows.find_case_of_request(db, request_id)
        )

    async def async_case_of_delivery(self, delivery_id: str) -> Case | None:
        """Return the case that a finished delivery belongs to."""
        return await self._db.async_read(
            lambda db: case_rows.find_case_of_delivery(db, delivery_id)
        )

    async def async_open_cases(self) -> tuple[Case, ...]:
        """Return the cases that are not over, oldest first."""

        def read(connection: sqlite3.Connection) -> tuple[Case, ...]:
            rows = connection.execute(
                "SELECT body FROM cases WHERE state NOT IN (?, ?) ORDER BY received",
                (CaseState.SHARED.value, CaseState.CLOSED.value),
            )
            return tuple(load(Case, json.loads(row["body"])) for row in rows)

        return await self._db.async_read(read)

    async def async_shared_cases(self, since: datetime) -> tuple[Case, ...]:
        """Return the shared cases whose request came in since then, newest first."""

        def read(connection: sqlite3.Connection) -> tuple[Case, ...]:
            rows = connection.execute(
                "SELECT body FROM cases WHERE state = ? AND received >= ?"
                " ORDER BY received DESC",
                (CaseState.SHARED.value, since.timestamp()),
            )
            return tuple(load(Case, json.loads(row["body"])) for row in rows)

        return await self._db.async_read(read)

    async def async_deliveries(self) -> tuple[datetime, ...]:
        """Return when clips were shared, oldest first: the ledger says."""
        return await self._db.async_read(ledger_rows.read_shares)

    async def async_history(
        self,
        before: int | None,
        limit: int,
        states: frozenset[CaseState] = frozenset(),
        *,
        flood: bool = True,
    ) -> tuple[tuple[Case, ...], int | None]:
        """Return a page of cases, newest first, and the next cursor; no state: all.

        Without `flood`, what came in over a limit is left out.
        """
        rows = await self._db.async_read(
            lambda db: case_rows.read_page(
                db, before, limit + 1, states or frozenset(CaseState), flood=flood
            )
        )
        cases = tuple(load(Case, json.loads(row["body"])) for row in rows[:limit])
        return cases, int(rows[limit - 1]["number"]) if len(rows) > limit else None

    async def async_search(
        self, search: Search, before: int | None, limit: int
    ) -> tuple[tuple[Case, ...], int | None]:
        """Return cases that fit and the next cursor; no write waits for it."""
        return await self._db.async_read_apart(
            lambda db: case_rows.search_page(db, search, before, limit)
        )

    async def async_submissions(self, request: Request) -> dict[str, int]:
        """Return how many requests came in a day before one, by invite."""
        return await self._db.async_read(
            lambda db: case_rows.count_before(db, request, REQUEST_DAY)
        )

    async def async_forget_words(self, now: datetime) -> None:
        """Forget the words of unshared cases long closed; their digest stays.

        The tokens of what is long over go too, and the ledger is told of a flood.
        """

        def forget(connection: sqlite3.Connection) -> None:
            token_rows.forget_tokens(connection, now - TOKENS_KEPT)
            self._counts.write(connection, now)
            for case in case_rows.read_wordy(connection, now - TEXT_KEPT):
                case_rows.forget_words(connection, case)

        await self._db.async_run(forget)

    # --- what the public sees

    async def async_status(self, request_id: str, now: datetime) -> PublicStatus | None:
        """Return a request's public status, the same work whatever became of it."""
        told = self._status_ids.read(request_id)
        return await self._db.async_read_aside(
            lambda db: case_rows.read_status(db, request_id, now, told)
        )

    async def async_fetched(
        self, delivery_id: str, until: datetime, now: datetime
    ) -> Case | None:
        """End a one-time drop soon after its first whole reading; return its case."""
        return await self._db.async_run(
            lambda db: case_rows.end_drop(db, delivery_id, until, now)
        )

    async def async_expired_drops(self, now: datetime) -> tuple[str, ...]:
        """Return the deliveries whose time to be fetched is over, and forget them."""

        def expire(connection: sqlite3.Connection) -> tuple[str, ...]:
            rows = connection.execute(
                "DELETE FROM drops WHERE until <= ? RETURNING delivery_id",
                (now.timestamp(),),
            ).fetchall()
            flood_rows.forget_status(connection, now)
            sender_rows.forget_senders(connection, now)
            return tuple(row[0] for row in rows)

        return await self._db.async_run(expire)

    async def async_live_drops(self) -> set[str]:
        """Return the deliveries that may still be fetched."""
        return await self._db.async_read(
            lambda db: {row[0] for row in db.execute("SELECT delivery_id FROM drops")}
        )

    # --- taps

    def token_digest(self, token: str) -> str:
        """Return the digest under which a token of this epoch is kept."""
        return self._epoch.digest(token)

    async def async_mint(self, case_id: str, tokens: Sequence[NewToken]) -> None:
        """Keep new tokens; earlier ones of the same approver and phone are void."""
        minted = [(self.token_digest(token.token), token) for token in tokens]
        await self._db.async_run(
            lambda db: token_rows.insert_tokens(db, case_id, minted)
        )

    async def async_token(self, digest: str) -> Token | None:
        """Return a kept token by its digest."""
        return await self._db.async_read(lambda db: token_rows.read_token(db, digest))

    async def async_judge(
        self, digest: str | None, case_id: str, judge: Judge, now: datetime
    ) -> Verdict:
        """Let the predicate judge, spend the token and save, all in one transaction."""

        def decide(connection: sqlite3.Connection) -> Verdict:
            token = token_rows.read_token(connection, digest) if digest else None
            before = case_rows.read_case(connection, case_id)
            verdict = judge(token, before)
            ledger_rows.write_lines(connection, verdict.lines, now)
            if verdict.case is None:
                return verdict
            after = replace(verdict.case, version=before.version + 1)
            case_rows.update_case(connection, before, after)
            if digest:
                connection.execute(
                    "UPDATE tokens SET spent = 1 WHERE digest = ?", (digest,)
                )
            token_rows.void_tokens(connection, after)
            return replace(verdict, case=after)

        return await self._db.async_run(decide)

    # --- settings, pushes and the ledger

    async def async_setting(self, key: str, default: str) -> str:
        """Return a setting that the home keeps itself."""
        kept = await self._db.async_read(lambda db: read_meta(db, key))
        return default if kept is None else kept

    async def async_set(
        self, key: str, value: str, lines: Sequence[Line], now: datetime
    ) -> None:
        """Keep a setting, with its ledger lines."""

        def write(connection: sqlite3.Connection) -> None:
            write_meta(connection, key, value)
            ledger_rows.write_lines(connection, lines, now)

        await self._db.async_run(write)

    async def async_end_restore(self, now: datetime) -> None:
        """Note that nothing of before a restore stands; see `restored`."""
        await self.async_set(RESTORED, "no", [], now)

    async def async_asked(self, case_id: str) -> set[str]:
        """Return the phones that show a question about a case, not a result."""
        return await self._db.async_read(lambda db: token_rows.read_asked(db, case_id))

    async def async_shown(self, case_id: str) -> set[str]:
        """Return the phones that may show anything about a case."""
        return await self._db.async_read(lambda db: token_rows.read_shown(db, case_id))

    async def async_told(self, case_id: str, phones: set[str]) -> None:
        """Note that these phones show no buttons of a case that count no more."""
        await self._db.async_run(lambda db: token_rows.hide_tokens(db, case_id, phones))

    async def async_stale(self) -> dict[str, set[str]]:
        """Return, by case, the phones whose buttons may count no more."""
        return await self._db.async_read(token_rows.read_stale)

    async def async_pushes(self, user_id: str, since: datetime) -> tuple[datetime, ...]:
        """Return when new requests were pushed to an approver since then."""
        return await self._db.async_read(
            lambda db: push_rows.read_pushes(db, user_id, since)
        )

    async def async_pushed(self, user_id: str, now: datetime) -> None:
        """Count a push to an approver."""
        await self._db.async_run(lambda db: push_rows.count_push(db, user_id, now))

    async def async_record(self, lines: Sequence[Line], now: datetime) -> None:
        """Write ledger lines that belong to no change of a case."""
        await self._db.async_run(lambda db: ledger_rows.write_lines(db, lines, now))

    async def async_ledger(
        self, before: int | None, limit: int, sought: Sought = EVERYTHING
    ) -> tuple[tuple[Entry, ...], int | None, Head]:
        """Return a page of the ledger, newest first, where to go on, and the head."""
        return await self._db.async_read(
            lambda db: (
                *ledger_rows.read_entries(
                    db, before=before, limit=limit, sought=sought
                ),
                ledger_rows.read_head(db),
            )
        )

    async def async_whole_ledger(self) -> tuple[Entry, ...]:
        """Return every entry, oldest first."""
        return await self._db.async_read_apart(
            lambda db: tuple(ledger_rows.entries_after(db, EMPTY))
        )

    async def async_ledger_fault(self, *, whole: bool = True) -> int | None:
        """Return the first entry that does not fit: of all, or of what came since."""
        check = self._chain.find_fault if whole else self._chain.find_new_fault
        return await self._db.async_read_apart(check)
