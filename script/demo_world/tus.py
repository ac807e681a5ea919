"""A tus 1.0.0 server that lives on while homes die: it knows every byte that came."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
import hashlib
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
import threading
import time
from typing import override

PIECE = 64 * 1024


@dataclass(slots=True)
class Upload:
    """One upload: what came so far of what was announced."""

    size: int
    data: bytearray = field(default_factory=bytearray)
    taken: int = 0  # bytes that came, those that came again too
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def finished(self) -> bool:
        """Whether all of it is here."""
        return len(self.data) == self.size

    @property
    def sha256(self) -> str:
        """The digest of what is here."""
        return hashlib.sha256(self.data).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    """Takes `/<life>/files` and the uploads below it."""

    server: TusServer
    protocol_version = "HTTP/1.1"

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, **headers: object) -> None:
        self.send_response(status)
        self.send_header("Tus-Resumable", "1.0.0")
        self.send_header("Content-Length", "0")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def _upload(self) -> Upload | None:
        _, life, _, number = self.path.split("/")
        uploads = self.server.uploads(life)
        return uploads[int(number)] if int(number) < len(uploads) else None

    def do_POST(self) -> None:
        """Begin an upload."""
        life = self.path.split("/")[1]
        uploads = self.server.uploads(life)
        uploads.append(Upload(int(self.headers["Upload-Length"])))
        self._answer(201, Location=f"{self.path}/{len(uploads) - 1}")

    def do_HEAD(self) -> None:
        """Tell how much is here, once a sender who died is heard out."""
        if (upload := self._upload()) is None:
            self._answer(404)
            return
        with upload.lock:
            self._answer(200, Upload_Offset=len(upload.data), Upload_Length=upload.size)

    def do_PATCH(self) -> None:
        """Take bytes, and keep them even if their sender dies in between."""
        if (upload := self._upload()) is None:
            self._answer(404)
            return
        with upload.lock:
            if int(self.headers["Upload-Offset"]) != len(upload.data):
                self._answer(409)
                return
            left = int(self.headers["Content-Length"])
            while left and (piece := self.rfile.read1(min(left, PIECE))):
                upload.data += piece
                upload.taken += len(piece)
                left -= len(piece)
                time.sleep(self.server.pace)
            if self.server.swallows_answers and upload.finished:
                self.close_connection = True
                return
            self._answer(204, Upload_Offset=len(upload.data))


class TusServer(ThreadingTCPServer):
    """The server, with a shelf for each life so that lives can run side by side."""

    def __init__(self, pace: float = 0) -> None:
        """Listen on loopback; `pace` is how many seconds each piece takes."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self._shelves: defaultdict[str, list[Upload]] = defaultdict(list)
        self.pace = pace
        self.swallows_answers = False  # to the last byte of an upload

    def url(self, life: str) -> str:
        """Return where a life's uploads are created."""
        return f"http://127.0.0.1:{self.server_address[1]}/{life}/files"

    def uploads(self, life: str) -> list[Upload]:
        """Return a life's uploads in the order of their creation."""
        return self._shelves[life]

    def finished(self, life: str) -> list[Upload]:
        """Return those that are here whole."""
        return [upload for upload in self.uploads(life) if upload.finished]

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over connections whose home was killed."""


@contextmanager
def running_server(pace: float = 0) -> Iterator[TusServer]:
    """Serve on loopback from a thread."""
    server = TusServer(pace)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
