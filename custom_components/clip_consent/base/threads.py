"""Work for a thread that must be over before its files are taken away."""

import asyncio
from collections.abc import Callable


async def async_in_thread[**P, R](
    function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Run in a thread. Cancelled, wait for its end first: it cannot be stopped."""
    running = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        await asyncio.wait([running])
    except asyncio.CancelledError:
        await asyncio.wait([running])
        running.exception()  # nobody waits for it any more
        raise
    return running.result()
