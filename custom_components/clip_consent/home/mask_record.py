"""Writes into the ledger who changed what a camera always hides.

Every way to change it starts the home anew: so what is hidden is compared with what was
written last at its start, in one place. Who did it is noted before, where it is known.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
import json
from typing import Final

from ..core.errors import StoreError
from ..core.ledger import Line
from ..core.mask_record import Hidden, Known, hidden_by, masks_changed
from ..core.masks import Region
from .workbench import Workbench

_KEY: Final = "masks"  # of `meta`


class MaskRecord:
    """A store that writes nothing holds up neither the home nor who hides something.

    What could not be written is seen, and written, at a later start.
    """

    def __init__(self, bench: Workbench) -> None:
        """Keep the tools."""
        self._bench = bench
        self._one_at_a_time = asyncio.Lock()

    async def async_note(
        self, camera_id: str, masks: Sequence[Region], user_id: str
    ) -> None:
        """Note who is about to let a camera hide exactly these."""
        said = (hidden_by(masks).sha256, user_id)
        async with self._one_at_a_time:
            with suppress(StoreError):
                known = await self._async_known()
                known = replace(known, said={**known.said, camera_id: said})
                await self._async_keep(known, ())

    async def async_write(self) -> None:
        """Write a line for each camera that hides something else than was told last."""
        async with self._one_at_a_time:
            with suppress(StoreError):
                known = await self._async_known()
                after, lines = masks_changed(
                    known, self._bench.settings.cameras.values()
                )
                if after != known:
                    await self._async_keep(after, lines)

    async def _async_known(self) -> Known:
        kept = json.loads(await self._bench.store.async_setting(_KEY, "{}"))
        return Known(
            hidden={
                camera_id: Hidden(regions=regions, sha256=sha256)
                for camera_id, (regions, sha256) in kept.get("hidden", {}).items()
            },
            said={each: (one, by) for each, (one, by) in kept.get("said", {}).items()},
        )

    async def _async_keep(self, known: Known, lines: Sequence[Line]) -> None:
        text = json.dumps(
            {
                "hidden": {
                    camera_id: [hidden.regions, hidden.sha256]
                    for camera_id, hidden in known.hidden.items()
                },
                "said": dict(known.said),
            }
        )
        await self._bench.store.async_set(_KEY, text, lines, self._bench.now())
