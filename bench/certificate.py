"""The certificate's PDF: one, and many at once."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.site import Site
from lms.certificates.pdf import certificate_pdf
from tests.certificates.test_pdf import certificate

COUNT = 60


def figures(site: Site) -> Iterator[Figure]:
    """Drawn anew each time, since every holder's name is another: alone, then by two processes at once."""
    with site.app.app_context():
        alone = _draw(COUNT, "một")
    yield Figure("certificate PDF, first download, CPU", 1000 * alone, "ms", 60)
    began = time.perf_counter()
    readers = [_start_drawing(site, who) for who in ("hai", "ba")]
    for reader in readers:
        os.waitpid(reader, 0)
    rate = 2 * COUNT / (time.perf_counter() - began)
    yield Figure("certificates drawn by two processes at once", rate, "a second", 40, at_least=True)


def _start_drawing(site: Site, who: str) -> int:
    child = os.fork()
    if child == 0:
        with site.app.app_context():
            _draw(COUNT, who)
        os._exit(0)
    return child


def _draw(count: int, who: str) -> float:
    """Median CPU seconds of a certificate, fonts and frame read before."""
    with tempfile.TemporaryDirectory() as folder:
        times = []
        for number in range(count):
            began = time.process_time()
            certificate_pdf(certificate(f"Nguyễn {who} {number}"), Path(folder), "http://localhost/verify")
            times.append(time.process_time() - began)
    return sorted(times)[count // 2]
