"""Work that is done wholly, whoever hangs up."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
import logging
from typing import Any

from ..core.errors import ClipConsentError

_LOGGER = logging.getLogger(__name__)


def wholly[**P, T](
    decide: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Let a decision go on to its end when its caller is cancelled.

    Home Assistant cancels actions: a script that is started anew, an automation that is
    turned off. The write would be done all the same, but nobody would hear of it: what
    is in memory would stay behind the disk.
    """

    @wraps(decide)
    async def decided(*args: P.args, **kwargs: P.kwargs) -> T:
        task = asyncio.ensure_future(decide(*args, **kwargs))
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.add_done_callback(hear)
            raise
        return task.result()

    return decided


def hear(task: asyncio.Future[Any]) -> None:
    """Hear how work ended that nobody waits for any more; a fault of ours is told."""
    fault = None if task.cancelled() else task.exception()
    if fault and not isinstance(fault, ClipConsentError):
        _LOGGER.error("Work that nobody waited for ended in a fault", exc_info=fault)
