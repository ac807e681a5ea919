"""L-02 in small: many send at once, lines are cut, all of it arrives and only once.

`script/benchmark drops` does it with 200 uploads of 20 MB, and looks at the memory.
"""

import hashlib

from tests.servers.tus_senders import Senders

from .drop_world import REQUEST
from .http_world import HttpWorld

COUNT = 50


async def test_all_arrive_and_none_twice(web_world: HttpWorld) -> None:
    """However often lines are cut: here far more often than 5 %."""
    senders = Senders(size=600_000, cut=0.4)
    await senders.send_all(f"{web_world.base}/drops/{REQUEST}", COUNT)
    assert senders.tally.whole == COUNT
    assert senders.tally.cuts > COUNT // 5
    found = [
        hashlib.sha256(
            (web_world.folder / f"{each.delivery_id}.age").read_bytes()
        ).hexdigest()
        for each in await web_world.drops.async_deliveries(REQUEST)
    ]
    assert sorted(found) == senders.digests(COUNT)
    assert web_world.drops.used_bytes == COUNT * senders.size
    assert len(web_world.names()) == 2 * COUNT
