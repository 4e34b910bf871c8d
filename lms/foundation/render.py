"""Printed matter: a template and a style sheet of the project's own become a tagged PDF."""

import atexit
import re
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from markupsafe import Markup

if TYPE_CHECKING:
    import pydyf
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


def pdf(template: str, style: str, *, backdrop: str = "", **context: Any) -> bytes:
    """`templates/print/<template>` drawn with `static/print/<style>`, as PDF/UA.

    `backdrop` is another template, without words, that lies behind every page: it is drawn once a process
    and laid under each document as it is. The document reads files of the project only, never the network.
    Raises PdfUnavailable.
    """
    with _press:
        finisher = _lay_behind(_artwork(backdrop, style)) if backdrop else None
        return _write(template, style, finisher, context)


Finisher = Callable[[Any, "pydyf.PDF"], None]


def _write(template: str, style: str, finisher: Finisher | None, context: dict[str, Any]) -> bytes:
    html = _environment.get_template(f"print/{template}").render(**context)
    try:
        from weasyprint import HTML
    except OSError as error:
        raise PdfUnavailable from error
    sheet, fonts = _sheet(style)
    document = HTML(string=html, base_url=STATIC.as_uri() + "/print/", url_fetcher=_own_files())
    options = {"stylesheets": [sheet], "font_config": fonts, "finisher": finisher}
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1", **options))


@lru_cache(maxsize=8)
def _artwork(template: str, style: str) -> bytes:
    """What draws the template's one page: paths and opaque colours, without the marks of tagged text.

    Raises ValueError for artwork that needs a font or an image: those would be missing elsewhere.
    """
    drawn: list[bytes] = []

    def take(_document: Any, file: "pydyf.PDF") -> None:
        for page in _pages(file):
            words = b"\n".join(_as_bytes(word) for word in _object(file, page["Contents"]).stream)
            drawn.append(_MARKS.sub(b"", words))

    _write(template, style, take, {})
    if _NEEDS_RESOURCE.search(drawn[0]):
        raise ValueError(f"print/{template} is not made of paths and plain colours")
    return drawn[0]


def _lay_behind(artwork: bytes) -> Finisher:
    """Put the artwork under every page, marked as decoration for screen readers."""

    def finish(_document: Any, file: "pydyf.PDF") -> None:
        import pydyf

        layer = pydyf.Stream([b"/Artifact BMC q", artwork, b"Q EMC"], compress=True)
        file.add_object(layer)
        for page in _pages(file):
            page["Contents"] = pydyf.Array([layer.reference, page["Contents"]])

    return finish


# The operators around a stretch of tagged content, and the choice of an opacity (everything here is opaque).
_MARKS = re.compile(rb"(?m)^/\w+\n(?:BMC|\{[^}]*\}\nBDC)$|^EMC$|^/[aA]1(?:\.0)? gs$")
_NEEDS_RESOURCE = re.compile(rb"(?m)^/\S+ (?:gs|Do|Tf|sh|scn)|BT$")


def _pages(file: "pydyf.PDF") -> list[Any]:
    return [one for one in file.objects if isinstance(one, dict) and one.get("Type") == "/Page"]


def _object(file: "pydyf.PDF", reference: bytes) -> Any:
    return file.objects[int(reference.split()[0])]


def _as_bytes(word: object) -> bytes:
    return word if isinstance(word, bytes) else str(word).encode()


def qr_code(url: str) -> Markup:
    """A QR code as SVG that takes the size of its box."""
    import segno

    return Markup(segno.make(url, error="m", mask=3, micro=False).svg_inline(border=1, omitsize=True))  # noqa: S704 — segno's own


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

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # the library ships no types
        """Only files below `static/`."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = Path(url2pathname(urlparse(url).path)).resolve()
            if not path.is_relative_to(STATIC):
                raise ValueError(f"not a file of the project: {url}")
            return super().fetch(url, headers)

    return OwnFiles(allowed_protocols={"file"})
