"""A lesson page, signed in, over the wire: requests a second on the servers we could run on."""

from collections.abc import Iterator

from bench.figures import Figure
from bench.load import load, request
from bench.site import LESSON, SERVERS, Site, served

REQUESTS = 6000


def figures(site: Site) -> Iterator[Figure]:
    """The same load on each; granian is the one we ship with. Client and server share the machine's cores."""
    page = request("GET", LESSON, {"Cookie": site.cookie(), "Accept-Encoding": "identity"})
    for server in SERVERS:
        with served(site, server) as address:
            load(address, [page] * 500)
            result = load(address, [page] * REQUESTS)
        assert set(result.statuses) == {b"200"}, result.statuses
        goal = 2000 if server == "granian" else None
        yield Figure(f"lesson page on {server}", result.rate, "a second", goal, at_least=True)
        yield Figure(f"lesson page on {server}, p95", result.percentile(0.95), "ms")
