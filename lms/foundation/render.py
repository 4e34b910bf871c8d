"""Printed matter: a template and a style sheet of the project's own become a tagged PDF."""

import atexit
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

STATIC = Path(__file__).parents[2] / "static"
_environment = Environment(autoescape=True)
# One drawing at a time: Pango's font configuration is shared and not made for threads.
_press = threading.Lock()


class PdfUnavailable(RuntimeError):
    """This machine has no Pango, which WeasyPrint draws with (docs/operations.md says how to get it)."""


def install_templates(environment: Environment) -> None:
    """Take the app's templates; print templates live in `templates/print/` and speak Vietnamese."""
    global _environment  # noqa: PLW0603 — one set of templates a process, set by the app
    _environment = environment


def pdf(template: str, style: str, **context: Any) -> bytes:
    """`templates/print/<template>` drawn with `static/print/<style>`, as PDF/UA.

    The document reads files of the project only, never the network. Raises PdfUnavailable.
    """
    html = _environment.get_template(f"print/{template}").render(**context)
    try:
        from weasyprint import HTML
    except OSError as error:
        raise PdfUnavailable from error
    with _press:
        sheet, fonts = _sheet(style)
        document = HTML(string=html, base_url=STATIC.as_uri() + "/print/", url_fetcher=_own_files())
        drawn = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
    return bytes(drawn)


@lru_cache(maxsize=16)
def _sheet(style: str) -> "tuple[CSS, FontConfiguration]":
    """A style sheet with its fonts, read once: fonts are most of the cost of a small document."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    path = STATIC / "print" / style
    return CSS(filename=path, font_config=fonts, url_fetcher=_own_files()), fonts


# At the interpreter's end Pango's library is gone before the fonts are: let them go first.
atexit.register(_sheet.cache_clear)


@lru_cache(maxsize=1)
def _own_files() -> Any:
    """Fetches what lies in the project's static folder and refuses all else."""
    from urllib.parse import urlparse
    from urllib.request import url2pathname

    from weasyprint.urls import URLFetcher

    class OwnFiles(URLFetcher):
        """Only files below `static/`."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = Path(url2pathname(urlparse(url).path)).resolve()
            if not path.is_relative_to(STATIC):
                raise ValueError(f"not a file of the project: {url}")
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols={"file"})
