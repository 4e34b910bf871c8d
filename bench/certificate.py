"""The certificate's PDF: one, and many at once."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.site import Site
from lms.certificates.pdf import certificate_pdf
from tests.certificates.test_pdf import certificate

COUNT = 100


def figures(site: Site) -> Iterator[Figure]:
    """Drawn anew each time: every holder's name is another."""
    with site.app.app_context(), tempfile.TemporaryDirectory() as folder:
        certificate_pdf(certificate("Khởi Động"), Path(folder), "http://localhost/verify")
        times = []
        began = time.perf_counter()
        for number in range(COUNT):
            start = time.process_time()
            certificate_pdf(certificate(f"Nguyễn Thị Số {number}"), Path(folder), "http://localhost/verify")
            times.append(time.process_time() - start)
        rate = COUNT / (time.perf_counter() - began)
    yield Figure("certificate PDF, first download, CPU", 1000 * sorted(times)[COUNT // 2], "ms", 60)
    yield Figure("certificates drawn by one process", rate, "a second")
