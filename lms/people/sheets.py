"""Slips on paper: eight on a sheet of A4, with cut lines. The same sheet can be printed again."""

from collections.abc import Sequence
from datetime import datetime

from lms.foundation import render
from lms.people.queries import SlipView
from lms.people.slips import SlipKeys, SlipSecret

_ON_A_SHEET = 8


def printable(
    slips: Sequence[SlipView], keys: SlipKeys, now: datetime, *, for_officers: bool = False
) -> list[tuple[SlipView, SlipSecret]]:
    """The slips that open now, with what is printed on them; officers' slips are no team's to print."""
    found = ((slip, keys.secret_of(slip.nonce, slip.token_hmac)) for slip in slips if slip.opens(now))
    return [(slip, secret) for slip, secret in found if secret and slip.for_officer in (False, for_officers)]


def slips_pdf(slips: Sequence[tuple[SlipView, SlipSecret]], title: str, site_url: str) -> bytes:
    """The sheets as PDF; `title` names the document. Raises render.PdfUnavailable."""
    cut = [(slip, secret, render.qr_code(f"{site_url}/activate/{secret.token}")) for slip, secret in slips]
    sheets = [cut[start : start + _ON_A_SHEET] for start in range(0, len(cut), _ON_A_SHEET)]
    site = site_url.rsplit("://", maxsplit=1)[-1]
    return render.pdf("slips.html", "slips.css", title=title, sheets=sheets, site=site)
