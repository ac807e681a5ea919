"""Uploads to servers, and over lines, that do not do what tus says."""

from dataclasses import replace
import hashlib

from aiohttp import web
import pytest

from custom_components.clip_consent.core.errors import DeliveryError
from tests.servers.web import serving

from .uploading import MakePost, OddTus, Post, Respond, status


class TestOddTus:
    """Servers, and things between, that do not do what tus says."""

    async def deliver(
        self, post: MakePost, server: OddTus, size: int | None = None
    ) -> Post:
        """Deliver to a server, for good."""
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files", size=size)
            await one.attempt()
        assert hashlib.sha256(server.stored).hexdigest() == one.digest
        return one

    async def failure(
        self, post: MakePost, server: OddTus, *, resumed: bool = False
    ) -> DeliveryError:
        """Return what delivering to a server ends in."""
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files")
            if resumed:
                url = f"http://127.0.0.1:{port}/files/1"
                one.delivery = replace(one.delivery, upload_url=url)
                server.length = str(one.delivery.package_size)
            return await one.fails()

    async def test_a_plain_one(self, post: MakePost) -> None:
        """Without faults it takes a file: so the faults are what is tested here."""
        server = OddTus()
        await self.deliver(post, server)
        assert server.seen == ["POST", "PATCH"]

    async def test_one_that_takes_little_at_a_time(self, post: MakePost) -> None:
        """It is given the rest."""
        server = OddTus()
        server.take = 400_000
        await self.deliver(post, server)
        assert server.seen.count("PATCH") == 3

    @pytest.mark.parametrize(("take", "bound"), [(1, 3), (32_768, 9), (65_536, 5)])
    async def test_one_that_takes_next_to_nothing(
        self, take: int, bound: int, post: MakePost
    ) -> None:
        """It cannot make this home send the rest again and again, without end."""
        server = OddTus()
        server.take = take
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files", size=5 * 2**20)
            if take == 1:
                error = await one.fails()
                assert (error.code, error.permanent) == ("upload_stuck", False)
            else:
                await one.attempt()
        assert server.got < bound * (one.delivery.package_size or 0)

    @pytest.mark.parametrize("says", ["takes and gives back", "took a little more"])
    async def test_one_that_moves_its_offset(self, says: str, post: MakePost) -> None:
        """Nor by going back each time, nor by claiming a step after each refusal."""
        server, calls = OddTus(), 0

        async def odd(request: web.BaseRequest) -> web.StreamResponse:
            nonlocal calls
            calls += 1
            assert calls < 100, "it never ends"
            server.got += len(await request.content.read(-1))
            if says == "took a little more":
                return web.Response(status=409)
            server.stored = bytearray(262_144 if calls % 2 else 0)
            offset = {"Upload-Offset": str(len(server.stored))}
            return web.Response(status=204 if calls % 2 else 409, headers=offset)

        async def head(request: web.BaseRequest) -> web.StreamResponse:
            if says == "took a little more":
                server.stored += bytes(65_536)
                del server.stored[int(server.length) :]
            offset = {
                "Upload-Offset": str(len(server.stored)),
                "Upload-Length": server.length,
            }
            return web.Response(headers=offset)

        server.override = {"PATCH": odd, "HEAD": head}
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files", size=5 * 2**20)
            if says == "took a little more":
                await one.attempt()  # it says that it has all of it
            else:
                assert (await one.fails()).code == "upload_stuck"
        assert server.got < 6 * (one.delivery.package_size or 0)

    async def test_one_that_limits_bodies(self, post: MakePost) -> None:
        """As proxies do: smaller pieces get through."""
        server = OddTus()
        server.limit = 2**20
        await self.deliver(post, server, size=5 * 2**20)
        assert server.seen.count("POST") == 1

    async def test_one_that_limits_bodies_too_much(self, post: MakePost) -> None:
        """There is an end to smaller pieces."""
        server = OddTus()
        server.limit = 1000
        error = await self.failure(post, server)
        assert (error.code, error.permanent) == ("upload_too_large", True)

    async def test_one_whose_offset_was_another(self, post: MakePost) -> None:
        """409: asked again, gone on from there."""
        server = OddTus()
        plain, calls = server._patch, 0

        async def conflict_first(request: web.BaseRequest) -> web.StreamResponse:
            nonlocal calls
            calls += 1
            return await (plain if calls > 2 else status(409))(request)

        server.override["PATCH"] = conflict_first
        await self.deliver(post, server)
        assert server.seen[:6] == ["POST", *["PATCH", "HEAD"] * 2, "PATCH"]

    @pytest.mark.parametrize("code", [204, 409])
    async def test_one_that_gets_nowhere(self, code: int, post: MakePost) -> None:
        """It is left alone for a while."""
        server = OddTus()
        server.override["PATCH"] = status(code)
        error = await self.failure(post, server)
        assert (error.code, error.permanent) == ("upload_stuck", False)
        assert server.seen.count("PATCH") == 3

    @pytest.mark.parametrize("code", [403, 404, 410])
    async def test_one_that_forgets_at_once(self, code: int, post: MakePost) -> None:
        """It is asked twice, not for ever."""
        server = OddTus()
        server.override["PATCH"] = status(code)
        error = await self.failure(post, server)
        assert (error.code, error.permanent) == ("upload_gone", False)
        assert server.seen.count("POST") == 2

    @pytest.mark.parametrize("code", [403, 404, 410])
    async def test_one_that_has_forgotten(self, code: int, post: MakePost) -> None:
        """What it said before does not count."""
        server = OddTus()
        server.override["HEAD"] = status(code)
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files")
            old = f"http://127.0.0.1:{port}/files/old"
            one.delivery = replace(one.delivery, upload_url=old)
            await one.attempt()
        assert one.saved == [None, f"http://127.0.0.1:{port}/files/1"]
        assert server.seen == ["HEAD", "POST", "PATCH"]

    @pytest.mark.parametrize(
        ("code", "said", "permanent"),
        [
            (400, "upload_refused", True),
            (401, "upload_refused", True),
            (403, "upload_refused", True),
            (404, "upload_refused", True),
            (405, "upload_refused", True),
            (412, "upload_refused", True),
            (413, "upload_too_large", True),
            (501, "upload_refused", True),
            (200, "upload_refused", True),
            (307, "redirect_refused", True),
            (408, "upload_busy", False),
            (423, "upload_busy", False),
            (429, "upload_busy", False),
            (500, "upload_busy", False),
            (502, "upload_busy", False),
            (503, "upload_busy", False),
            (504, "upload_busy", False),
            (507, "upload_busy", False),
        ],
    )
    async def test_refusals(
        self, code: int, said: str, permanent: bool, post: MakePost
    ) -> None:
        """Each status is for ever, or for another time."""
        server = OddTus()
        server.override["POST"] = status(code)
        error = await self.failure(post, server)
        assert (error.code, error.permanent) == (said, permanent)

    @pytest.mark.parametrize("code", [423, 500, 503])
    @pytest.mark.parametrize("method", ["HEAD", "PATCH"])
    async def test_later_refusals(self, method: str, code: int, post: MakePost) -> None:
        """A locked upload, a server being restarted: later."""
        server = OddTus()
        server.override[method] = status(code)
        error = await self.failure(post, server, resumed=method == "HEAD")
        assert (error.code, error.permanent) == ("upload_busy", False)

    @pytest.mark.parametrize(
        "location",
        [
            "https://127.0.0.1:{port}/files/1",
            "http://127.0.0.1:{other}/files/1",
            "//127.0.0.1:{other}/files/1",
            "http://localhost:{port}/files/1",
            "http://127.0.0.1/files/1",
            "http://user@127.0.0.1:{port}/files/1",
            "ftp://127.0.0.1:{port}/files/1",
            "http://127.0.0.1:{port}@127.0.0.1:{other}/1",
            "http://[::1]:{port}/files/1",
            "http://[::1",
            "javascript:alert(1)",
            "/files/1#" + "x",
            "/files/" + "x" * 5000,
            "/files/a b",
        ],
    )
    async def test_a_location_elsewhere(self, location: str, post: MakePost) -> None:
        """Nothing goes to another place than the approved one."""
        seen: list[str] = []

        async def elsewhere(request: web.BaseRequest) -> web.StreamResponse:
            seen.append(request.path)
            return web.Response()

        server = OddTus()
        async with serving(server) as port, serving(elsewhere) as other:
            server.location = location.format(port=port, other=other)
            one = post(f"http://127.0.0.1:{port}/files")
            error = await one.fails()
        assert (error.code, error.permanent) == ("upload_elsewhere", True)
        assert server.seen == ["POST"]
        assert seen == [] and one.saved == []

    @pytest.mark.parametrize(
        "location",
        ["/files/1", "files/1", "1", "./1?token=a%2Fb", "//127.0.0.1:{port}/x/../1"],
    )
    async def test_a_location_here(self, location: str, post: MakePost) -> None:
        """In any of the ways it can be written."""
        server = OddTus()
        async with serving(server) as port:
            server.location = location.format(port=port)
            await post(f"http://127.0.0.1:{port}/files").attempt()
        assert server.stored

    async def test_a_saved_address_elsewhere(self, post: MakePost) -> None:
        """What is read from the disk is held to the same."""
        server = OddTus()
        async with serving(server) as port, serving(server) as other:
            one = post(f"http://127.0.0.1:{port}/files")
            one.delivery = replace(
                one.delivery, upload_url=f"http://127.0.0.1:{other}/files/1"
            )
            assert (await one.fails()).code == "upload_elsewhere"
        assert server.seen == []

    @pytest.mark.parametrize(
        ("override", "said"),
        [
            (("POST", status(201)), "upload_not_tus"),
            (("HEAD", status(200)), "upload_not_tus"),
            (("HEAD", status(200, Upload_Offset="")), "upload_not_tus"),
            (("HEAD", status(200, Upload_Offset="-1")), "upload_not_tus"),
            (("HEAD", status(200, Upload_Offset="٣")), "upload_not_tus"),
            (("HEAD", status(200, Upload_Offset="9" * 17)), "upload_not_tus"),
            (("HEAD", status(200, Upload_Offset="99999999")), "upload_mismatch"),
            (
                ("HEAD", status(200, Upload_Offset="0", Upload_Length="7")),
                "upload_mismatch",
            ),
        ],
    )
    async def test_answers_that_make_no_sense(
        self, override: tuple[str, Respond], said: str, post: MakePost
    ) -> None:
        """It is no tus server, or not our upload."""
        server = OddTus()
        server.override[override[0]] = override[1]
        error = await self.failure(post, server, resumed=override[0] == "HEAD")
        assert (error.code, error.permanent) == (said, True)


class TestSpool:
    """The package itself."""

    async def test_a_missing_or_changed_package_is_not_sent(
        self, post: MakePost
    ) -> None:
        """Not even an upload is created."""
        server = OddTus()
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files", size=1000)
            target = one.sealed.path.with_name("other")
            whole = one.sealed.path.read_bytes()
            one.sealed.path.write_bytes(whole[:-1])
            assert (await one.fails()).code == "spool_damaged"
            one.sealed.path.write_bytes(whole + b"x")
            assert (await one.fails()).code == "spool_damaged"
            one.sealed.path.rename(target)
            assert (await one.fails()).code == "spool_damaged"
            one.sealed.path.symlink_to(target)
            error = await one.fails()
            one.sealed.path.unlink()
            one.sealed.path.mkdir()
            assert (await one.fails()).code == "spool_damaged"
            assert error.code == "spool_unreadable"
        assert server.seen == []

    async def test_a_package_cut_while_it_goes_out(self, post: MakePost) -> None:
        """It ends there, for good, and is not taken for a lost connection."""
        server = OddTus()
        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files", size=5 * 2**20)
            path = one.sealed.path

            async def cut() -> None:
                path.write_bytes(path.read_bytes()[: 2 * 2**20])

            one.before_save = cut
            error = await one.fails()
        assert (error.code, error.permanent) == ("spool_damaged", True)

    async def test_a_failing_disk(
        self, post: MakePost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is tried again later."""
        server = OddTus()

        def broken(*_: object) -> bytes:
            raise OSError(5, "Input/output error")

        async with serving(server) as port:
            one = post(f"http://127.0.0.1:{port}/files")
            with monkeypatch.context() as patch:
                patch.setattr("os.pread", broken)
                error = await one.fails()
            assert (error.code, error.permanent) == ("spool_unreadable", False)
            await one.attempt()

    async def test_an_unsealed_delivery_is_not_sent(self, post: MakePost) -> None:
        """Nor one without an address."""
        one = post("http://127.0.0.1:9/files")
        one.delivery = replace(one.delivery, package_size=None)
        assert (await one.fails()).code == "spool_damaged"
