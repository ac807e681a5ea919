"""The spool: sealed packages, whole and fsynced before the first byte leaves."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
import re
import secrets
from typing import BinaryIO, Final, Protocol

from ..base.durable import NOT_THERE, make_folder, whole_name
from ..base.package import SealedPackage, seal_package
from ..base.threads import async_in_thread
from ..core.errors import ConflictError, NotFoundError, SealError, StoreError
from ..core.models import Case, Delivery, Draft
from ..core.ports import Progress
from ..core.protocol import manifest

_ID: Final = re.compile(r"[a-z2-7]{26}")
_SUFFIX: Final = ".age"
_SALT_SIZE: Final = 32  # bytes
DELETE_AFTER: Final = timedelta(days=90)  # what the terms ask of the requester


class OpenDraft(Protocol):
    """Opens a draft's file, never following a link."""

    def __call__(self, case_id: str, draft: Draft) -> BinaryIO:
        """Return the open file. Raises OSError."""


class Spool:
    """Seals drafts into a folder of its own; file names are our delivery ids."""

    def __init__(
        self, folder: Path, *, open_draft: OpenDraft, software_version: str
    ) -> None:
        """Keep the folder; it is made when it is first needed."""
        self._folder = folder
        self._open_draft = open_draft
        self._version = software_version
        self._fresh: set[str] = set()  # sealed since the last round of cleaning

    def path(self, delivery_id: str) -> Path:
        """Return where a package is. Raises NotFoundError for what is no id."""
        if not _ID.fullmatch(delivery_id):
            raise NotFoundError("delivery_not_found")
        return self._folder / f"{delivery_id}{_SUFFIX}"

    async def async_seal(self, case: Case, *, progress: Progress) -> Delivery:
        """Seal the consented draft; a package of the same delivery is replaced.

        The draft is hashed again while it is encrypted, from the same open file.
        Raises SealError if it is not what was approved, StoreError if the disk refused.
        """
        delivery = case.delivery
        if delivery is None or delivery.consent.recipient is None:
            raise ConflictError("case_moved_on")
        loop = asyncio.get_running_loop()

        def tell(done: float) -> None:
            loop.call_soon_threadsafe(progress, done)

        if delivery.draft.original:
            salt = secrets.token_hex(_SALT_SIZE)  # another one each time it is sealed
            delivery = replace(delivery, original_salt=salt)
        self._fresh.add(delivery.delivery_id)
        package = await async_in_thread(self._seal, case, delivery, tell)
        return replace(
            delivery,
            package_sha256=package.package_sha256,
            package_size=package.package_size,
            manifest_sha256=package.manifest_sha256,
            signing_key=package.signing_key,
            attempts=0,
            next_attempt_at=None,
        )

    def _seal(
        self, case: Case, delivery: Delivery, tell: Callable[[float], object]
    ) -> SealedPackage:
        consent, draft = delivery.consent, delivery.draft
        self._make_folder()
        try:
            file = self._open_draft(case.case_id, draft)
        except OSError as err:
            if err.errno in NOT_THERE:
                raise SealError("draft_changed") from err
            # The approved draft may well be there: the consent stands.
            raise StoreError("draft_unreadable") from err
        with file:
            return seal_package(
                draft=file,
                expected_sha256=consent.sha256,
                expected_size=draft.size,
                manifest=manifest(
                    request=case.request,
                    delivery=delivery,
                    delete_by=consent.at + DELETE_AFTER,
                    software_version=self._version,
                ),
                recipient=consent.recipient or "",
                spool_path=self.path(delivery.delivery_id),
                progress=tell,
            )

    def _make_folder(self) -> None:
        try:
            make_folder(self._folder)
        except OSError as err:
            raise StoreError("spool_failed") from err

    async def async_remove(self, delivery_id: str) -> None:
        """Remove a package, if it is there."""
        path = self.path(delivery_id)
        await asyncio.to_thread(partial(_remove, path))

    async def async_missing(self, delivery_ids: set[str]) -> set[str]:
        """Return those whose package is not there; not those a disk fails to tell."""
        return await asyncio.to_thread(self._missing, delivery_ids)

    def _missing(self, delivery_ids: set[str]) -> set[str]:
        return {one for one in delivery_ids if _is_gone(self.path(one))}

    async def async_clean(self, keep: set[str]) -> None:
        """Remove packages, whole or being sealed, of no delivery in `keep`.

        What was sealed after `keep` was put together stays: the next round knows it.
        """
        await asyncio.to_thread(self._clean, keep)

    def _clean(self, keep: set[str]) -> None:
        recent, self._fresh = self._fresh, set()
        with suppress(OSError):
            for path in self._folder.iterdir():
                delivery_id = _delivery_of(path.name)
                if delivery_id not in keep | recent | self._fresh:
                    _remove(path)


def _delivery_of(name: str) -> str:
    """Return whose package a file is; it has another name until it is whole."""
    return whole_name(name).removesuffix(_SUFFIX)


def _is_gone(path: Path) -> bool:
    try:
        path.lstat()
    except OSError as err:
        return err.errno in NOT_THERE
    return False


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
