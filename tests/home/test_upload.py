"""Uploads to real tus servers, killed and cut and deaf at the worst moments.

The peers: @tus/server from npm, and SeaweedFS' tus endpoint.
"""

import asyncio
from dataclasses import replace
import re

import pyrage
import pytest

from custom_components.clip_consent.base.outbound import PATIENCE
from tests.servers.processes import Store, TusServer
from tests.servers.proxy import Fault, FaultProxy

from .uploading import MakePost, object_of, sha256


class TestTus:
    """A real tus server."""

    async def test_it_arrives(self, tus_server: TusServer, post: MakePost) -> None:
        """Byte for byte, once; and opens."""
        before = len(tus_server.uploads())
        one = post(tus_server.url)
        await one.attempt()
        assert one.delivery.upload_url is not None
        stored = tus_server.stored(one.delivery.upload_url)
        assert sha256(stored) == one.digest
        assert len(tus_server.uploads()) == before + 1
        assert one.saved == [one.delivery.upload_url]
        assert one.told[-1] == 1 and one.told == sorted(one.told)
        assert pyrage.decrypt(stored.read_bytes(), [one.sealed.identity])

    async def test_again_is_not_twice(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """A restart after the last byte finds it there."""
        one = post(tus_server.url)
        await one.attempt()
        before = len(tus_server.uploads())
        await one.attempt()
        assert len(tus_server.uploads()) == before
        assert len(one.saved) == 1

    async def test_the_address_is_saved_before_the_first_byte(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """A crash in between leaves an empty upload, not a lost one."""
        one = post(tus_server.url)
        sizes: list[int] = []

        async def look() -> None:
            newest = max(tus_server.uploads(), key=lambda file: file.stat().st_ctime_ns)
            sizes.append(newest.stat().st_size)

        one.before_save = look
        await one.attempt()
        assert sizes == [0]

    async def test_the_server_is_killed_and_comes_back(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """Twice, in the middle; the rest goes to the same upload."""
        one = post(tus_server.url, size=30 * 2**20)
        before = len(tus_server.uploads())
        for _ in range(2):
            started = len(one.told)

            async def kill_soon(wanted: int = started + 6) -> None:
                while len(one.told) < wanted:
                    await asyncio.sleep(0.001)
                tus_server.kill()

            killing = asyncio.create_task(kill_soon())
            error = await one.fails()
            await killing
            assert not error.permanent
            assert (await one.fails()).code == "connection_lost"  # still away
            await asyncio.to_thread(tus_server.start)
        await one.attempt()
        assert sha256(tus_server.stored(one.delivery.upload_url or "")) == one.digest
        assert len(tus_server.uploads()) == before + 1

    async def test_stopped_in_the_middle(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """A withdrawn delivery: what is out is out, and not a byte follows."""
        one = post(tus_server.url, size=30 * 2**20)
        sending = asyncio.create_task(one.attempt())
        while len(one.told) < 6:
            await asyncio.sleep(0.001)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        told = len(one.told)
        upload = tus_server.stored(one.delivery.upload_url or "")
        before = -1
        while before != upload.stat().st_size:  # what was on the line already
            before = upload.stat().st_size
            await asyncio.sleep(0.2)
        assert 0 < before < one.delivery.package_size  # type: ignore[operator]
        assert len(one.told) == told

    async def test_cut_after_every_so_many_bytes(
        self, proxy: FaultProxy, tus_server: TusServer, post: MakePost
    ) -> None:
        """By an end and by a reset in turn, each time it goes on where it was."""
        one = post(f"http://127.0.0.1:{proxy.port}/files")
        cuts = [
            Fault(cut_after=after, reset=bool(number % 2))
            for number, after in enumerate([1, 300, *[128 * 1024] * 7, 4096])
        ]
        proxy.faults["PATCH"] = cuts
        failed = await one.attempts(20)
        assert failed == 10
        assert sha256(tus_server.stored(one.delivery.upload_url or "")) == one.digest
        assert proxy.methods.count("POST") == 1

    @pytest.mark.parametrize(
        # aiohttp itself asks once more what it may ask twice.
        ("method", "failures"),
        [("POST", 2), ("HEAD", 2), ("PATCH", 1)],
    )
    async def test_a_lost_answer(
        self,
        method: str,
        failures: int,
        proxy: FaultProxy,
        tus_server: TusServer,
        post: MakePost,
    ) -> None:
        """The server did it, we never heard: one whole upload in the end."""
        before = {file for file in tus_server.uploads() if file.stat().st_size}
        one = post(f"http://127.0.0.1:{proxy.port}/files")
        if method == "HEAD":  # only asked when something was cut before
            proxy.faults["PATCH"] = [Fault(cut_after=1000)]
        proxy.faults[method] = [Fault(lose_answer=True)] * 2
        assert await one.attempts(5) == failures
        whole = {file for file in tus_server.uploads() if file.stat().st_size} - before
        assert [sha256(file) for file in whole] == [one.digest]
        # What was stored is not sent again.
        assert proxy.methods.count("PATCH") == (2 if method == "HEAD" else 1)

    async def test_it_is_named_the_same_when_it_is_created_again(
        self, proxy: FaultProxy, post: MakePost
    ) -> None:
        """By which a server can tell that it is the same delivery."""
        one = post(f"http://127.0.0.1:{proxy.port}/files")
        proxy.faults["POST"] = [Fault(lose_answer=True)]
        assert await one.attempts(3) == 1
        names = re.findall(rb"Upload-Metadata: filename ([^\r]+)", bytes(proxy.sent))
        assert len(names) == 2
        assert len(set(names)) == 1
        other = post(f"http://127.0.0.1:{proxy.port}/files")
        await other.attempt()
        last = re.findall(rb"Upload-Metadata: filename ([^\r]+)", bytes(proxy.sent))[-1]
        assert last not in names

    async def test_a_silent_server(self, proxy: FaultProxy, post: MakePost) -> None:
        """It is given up in time, for another attempt."""
        one = post(f"http://127.0.0.1:{proxy.port}/files")
        proxy.faults["PATCH"] = [Fault(hold=True)]
        one.patience = 0.2
        assert (await one.fails()).code == "connection_timeout"
        one.patience = PATIENCE
        assert await one.attempts(1) == 0

    async def test_an_upload_that_is_gone_is_made_anew(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """The server tidied up, or lost its disk."""
        one = post(tus_server.url)
        await one.attempt()
        first = one.delivery.upload_url
        assert first is not None
        for file in (tus_server.stored(first), tus_server.stored(f"{first}.json")):
            file.unlink()
        await one.attempt()
        assert one.saved == [first, None, one.delivery.upload_url]
        assert sha256(tus_server.stored(one.delivery.upload_url or "")) == one.digest

    async def test_an_upload_of_another_length_is_not_ours(
        self, tus_server: TusServer, post: MakePost
    ) -> None:
        """Whatever was saved, a server that knows another length has another file."""
        one, other = post(tus_server.url, size=3 * 2**20), post(tus_server.url)
        await other.attempt()
        one.delivery = replace(one.delivery, upload_url=other.delivery.upload_url)
        error = await one.fails()
        assert (error.code, error.permanent) == ("upload_mismatch", True)

    async def test_a_server_that_forgets_what_it_has(
        self, store: Store, post: MakePost
    ) -> None:
        """SeaweedFS speaks tus too, and forgets an upload that is complete.

        After a lost last answer nothing can tell that it was: it is sent again, the
        same bytes to the same place.
        """
        key = "by-tus.age"
        async with FaultProxy(store.filer_port) as before:
            one = post(f"http://127.0.0.1:{before.port}/.tus/buckets/clips/{key}")
            await one.attempt()
            assert before.methods == ["POST", "PATCH"]
            assert object_of(store, key) == one.sealed.path.read_bytes()
            again = post(f"http://127.0.0.1:{before.port}/.tus/buckets/clips/{key}")
            before.faults["PATCH"] = [
                Fault(cut_after=2**19),
                Fault(lose_answer=True),
            ]
            assert await again.attempts(4) == 2
            assert object_of(store, key) == one.sealed.path.read_bytes()
