"""A bounded load on loopback: one process, many kept-alive connections, next to no work of its own."""

import selectors
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Load:
    """What came back."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)  # seconds from request to answer
    statuses: dict[bytes, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Connection:
    def __init__(self, host: str, port: int, requests: list[bytes]) -> None:
        self.socket = socket.create_connection((host, port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.buffer = b""
        self.began = 0.0

    def send(self) -> bool:
        """Send the next request; False when there is none left."""
        if not self.requests:
            return False
        self.buffer = b""
        self.began = time.perf_counter()
        self.socket.sendall(self.requests.pop())
        return True

    def receive(self) -> bytes | None:
        """The status line's code, once the answer is whole."""
        self.buffer += self.socket.recv(262_144)
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        lowered = head.lower()
        if b"content-length:" in lowered:
            length = int(lowered.split(b"content-length:")[1].split(b"\r\n")[0])
            if len(body) < length:
                return None
        elif b"transfer-encoding: chunked" in lowered and not body.endswith(b"0\r\n\r\n"):
            return None
        return head[9:12]


def load(address: str, requests: list[bytes], connections: int = 16) -> Load:
    """Send the requests, each connection one at a time, until all are answered."""
    parts = urlsplit(address)
    assert parts.hostname == "127.0.0.1"
    waiting = selectors.DefaultSelector()
    pending = list(reversed(requests))
    result = Load()
    began = time.perf_counter()
    open_ = 0
    for _ in range(connections):
        connection = _Connection(parts.hostname, parts.port or 80, pending)
        if connection.send():
            waiting.register(connection.socket, selectors.EVENT_READ, connection)
            open_ += 1
    while open_:
        for key, _ in waiting.select(timeout=30):
            connection = key.data
            status = connection.receive()
            if status is None:
                continue
            result.times.append(time.perf_counter() - connection.began)
            result.statuses[status] = result.statuses.get(status, 0) + 1
            if not connection.send():
                waiting.unregister(connection.socket)
                connection.socket.close()
                open_ -= 1
    result.seconds = time.perf_counter() - began
    return result


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{k}: {v}" for k, v in headers.items())]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
