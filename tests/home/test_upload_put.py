"""Uploads to presigned addresses of a real S3-compatible store, and of odd ones."""

from aiohttp import web
import pytest

from custom_components.clip_consent.core.models import Way
from tests.servers.processes import Store
from tests.servers.proxy import Fault, FaultProxy
from tests.servers.web import serving

from .uploading import MakePost, object_of


class TestPut:
    """A real S3-compatible store, and presigned addresses."""

    async def test_it_arrives(self, store: Store, post: MakePost) -> None:
        """Byte for byte."""
        one = post(store.presigned("arrives.age"), Way.PUT)
        await one.attempt()
        assert object_of(store, "arrives.age") == one.sealed.path.read_bytes()
        assert one.told[-1] == 1
        assert one.saved == []

    @pytest.mark.parametrize(
        "signed",
        [
            {"ContentType": "application/octet-stream"},
            {"IfNoneMatch": "*"},
            {"ContentType": "application/octet-stream", "IfNoneMatch": "*"},
        ],
    )
    async def test_signed_headers_are_sent(
        self, signed: dict[str, str], store: Store, post: MakePost
    ) -> None:
        """Those that we can know."""
        key = "-".join(signed)
        one = post(store.presigned(key, **signed), Way.PUT)
        await one.attempt()
        assert object_of(store, key) == one.sealed.path.read_bytes()

    @pytest.mark.parametrize(
        "options",
        [
            {"secret": "not-the-secret"},
            {"seconds": -10},
            {"ContentLength": 10},
            {"ContentType": "video/mp4"},
        ],
    )
    async def test_an_address_that_is_not_good(
        self, options: dict[str, object], store: Store, post: MakePost
    ) -> None:
        """Wrong key, too late, for another size or type: for good."""
        url = store.presigned("refused.age", **options)  # type: ignore[arg-type]
        error = await post(url, Way.PUT).fails()
        assert (error.code, error.permanent) == ("upload_refused", True)
        assert object_of(store, "refused.age") is None

    @pytest.mark.parametrize("signed", [{}, {"IfNoneMatch": "*"}])
    async def test_a_lost_answer(
        self, signed: dict[str, str], store: Store, post: MakePost
    ) -> None:
        """The store has it; asked again, it has the same, or says that it has one.

        A presigned PUT is good for nothing but a PUT: where the second one is refused
        because of the first, nothing proves whose the first one was.
        """
        key = f"lost{len(signed)}.age"
        async with FaultProxy(store.port) as before:
            url = store.presigned(key, port=before.port, **signed)
            one = post(url, Way.PUT)
            before.faults["PUT"] = [Fault(lose_answer=True)]
            assert (await one.fails()).code == "connection_lost"
            if signed:
                error = await one.fails()
                assert (error.code, error.permanent) == ("upload_conflict", True)
            else:
                await one.attempt()
        assert object_of(store, key) == one.sealed.path.read_bytes()

    async def test_cuts(self, store: Store, post: MakePost) -> None:
        """A cut PUT leaves nothing; a whole one does."""
        async with FaultProxy(store.port) as before:
            one = post(store.presigned("cut.age", port=before.port), Way.PUT)
            before.faults["PUT"] = [
                Fault(cut_after=cut, reset=cut % 2 == 0) for cut in (1, 4000, 500_000)
            ]
            for _ in range(3):
                assert not (await one.fails()).permanent
                assert object_of(store, "cut.age") is None
            await one.attempt()
        assert object_of(store, "cut.age") == one.sealed.path.read_bytes()


class TestOddPut:
    """Stores that say that something is there already."""

    @pytest.mark.parametrize(
        ("code", "holds", "said"),
        [
            (412, "ours", None),
            (409, "ours", None),
            (412, "other", "upload_conflict"),
            (412, "longer", "upload_conflict"),
            (412, "hidden", "upload_conflict"),
            (412, "elsewhere", "upload_conflict"),
            (412, "away", "connection_lost"),
            (409, "other", "upload_busy"),
            (409, "hidden", "upload_busy"),
        ],
    )
    async def test_only_the_same_bytes_count(
        self, code: int, holds: str, said: str | None, post: MakePost
    ) -> None:
        """Whoever cannot show them has not got them."""
        puts: list[dict[str, str]] = []

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            if request.method == "PUT":
                puts.append(dict(request.headers))
                await request.content.read(-1)
                return web.Response(status=code)
            whole = one.sealed.path.read_bytes()
            if holds == "away" and request.transport:
                request.transport.abort()
            return {
                "ours": web.Response(body=whole),
                "other": web.Response(body=whole[:-1] + b"?"),
                "longer": web.Response(body=whole + b"x"),
                "elsewhere": web.Response(status=302, headers={"Location": "/x"}),
            }.get(holds, web.Response(status=403))

        async with serving(handler) as port:
            one = post(f"http://127.0.0.1:{port}/x", Way.PUT)
            if said is None:
                await one.attempt()
            else:
                error = await one.fails()
                assert error.code == said
                assert error.permanent == (said == "upload_conflict")
        assert len(puts) == 1
        size = str(one.sealed.package.package_size)
        assert puts[0]["Content-Length"] == size
        assert not {"If-None-Match", "Content-Type", "Expect"} & puts[0].keys()
