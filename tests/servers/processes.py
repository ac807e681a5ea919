"""The servers as processes: a tus server (npm) and an S3-compatible store (PyPI)."""

import _socket  # the plain one: the test plugin closes the other between tests
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
import json
from pathlib import Path
import subprocess
import sys
from typing import Any, Final

from botocore.config import Config
from botocore.session import Session

FOLDER: Final = Path(__file__).parent
ACCESS_KEY: Final = "CLIPCONSENT"
SECRET_KEY: Final = "of-the-test-store"
BUCKET: Final = "clips"

_UNTIL_IT_TAKES: Final = """
import sys, time, urllib.request
end = time.monotonic() + 60
while True:
    try:
        request = urllib.request.Request(sys.argv[1], data=b"up", method="PUT")
        request.add_header("Content-Type", "application/octet-stream")
        urllib.request.urlopen(request, timeout=5).close()
        break
    except OSError as err:
        if time.monotonic() > end:
            raise
        time.sleep(0.1)
"""


def run_node(script: str, *arguments: str) -> list[str]:
    """Return the lines that a script of this folder prints."""
    result = subprocess.run(
        ["node", FOLDER / script, *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return result.stdout.splitlines()


def require_node_modules() -> None:
    """Say what to do where the packages of package.json are not installed."""
    if not (FOLDER / "node_modules").is_dir():
        msg = f"run: npm ci --prefix {FOLDER}"
        raise RuntimeError(msg)


def free_port() -> int:
    """Return a port that nothing listens on, and neither on the one 10,000 above."""
    while True:
        with _listener(0) as port:
            if 20_000 < port < 50_000:
                try:
                    with _listener(port + 10_000):
                        return port
                except OSError:
                    continue


@contextmanager
def _listener(port: int) -> Iterator[int]:
    listener = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
    try:
        listener.bind(("127.0.0.1", port))
        yield listener.getsockname()[1]
    finally:
        listener.close()


@cache
def s3_client(port: int, secret: str) -> Any:
    """Return a client that only signs; making one takes long."""
    return Session().create_client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=secret,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )


class TusServer:
    """@tus/server with its uploads in a folder; can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where uploads are created."""
        return f"http://127.0.0.1:{self.port}/files"

    def start(self) -> None:
        """Start it, on the port it had before; does nothing while it runs."""
        if self._process is not None:
            return
        require_node_modules()
        self._process = subprocess.Popen(
            ["node", FOLDER / "tus.mjs", self.folder, str(self.port)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        """End it without a warning."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None

    def stored(self, upload: str) -> Path:
        """Return the file of an upload, by its address."""
        return self.folder / upload.rpartition("/")[2]

    def uploads(self) -> list[Path]:
        """Return all uploads, finished or not."""
        return [file for file in self.folder.iterdir() if file.suffix != ".json"]


class Store:
    """SeaweedFS with its S3 gateway, and its tus endpoint."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.filer_port = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes an object."""
        config = self.folder / "s3.json"
        keys = {"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}
        identity = {"name": "tests", "credentials": [keys], "actions": ["Admin"]}
        config.write_text(json.dumps({"identities": [identity]}))
        with (self.folder / "weed.log").open("wb") as log:
            self._process = subprocess.Popen(
                self._command(config), stdout=log, stderr=subprocess.STDOUT
            )
        wait = [sys.executable, "-c", _UNTIL_IT_TAKES, self.presigned("first")]
        subprocess.run(wait, check=True, timeout=90)

    def _command(self, config: Path) -> list[str]:
        master, volume = free_port(), free_port()
        options = {
            "dir": self.folder,
            "ip": "127.0.0.1",
            "ip.bind": "127.0.0.1",
            "master.port": master,
            "master.telemetry": "false",
            "master.volumeSizeLimitMB": 64,
            "volume.port": volume,
            "filer.port": self.filer_port,
            "filer.localSocket": self.folder / "filer.sock",
            "s3.port": self.port,
            "s3.config": config,
            "s3.localSocket": self.folder / "s3.sock",
            "s3.iam": "false",
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
        }
        weed = Path(sys.executable).parent / "weed"
        return [
            str(weed),
            "server",
            "-s3",
            *(f"-{name}={value}" for name, value in options.items()),
        ]

    def kill(self) -> None:
        """End it; it keeps nothing that is needed again."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def tus_url(self) -> str:
        """Where uploads by tus are created."""
        return f"http://127.0.0.1:{self.filer_port}/.tus"

    def presigned(
        self,
        key: str,
        *,
        method: str = "put_object",
        secret: str = SECRET_KEY,
        port: int | None = None,
        seconds: int = 600,
        **signed: object,
    ) -> str:
        """Return a presigned address for an object, as a requester would make it."""
        parameters = {"Bucket": BUCKET, "Key": key, **signed}
        client = s3_client(port or self.port, secret)
        url: str = client.generate_presigned_url(method, parameters, ExpiresIn=seconds)
        return url
