"""What the doors need to hand out slips: the site's keys and the sheet to print."""

from flask import current_app

from lms.people.slips import SlipKeys


def slip_keys() -> SlipKeys:
    """The keys of this site, earlier ones included."""
    settings = current_app.extensions["settings"]
    return SlipKeys((settings.secret_key, *settings.secret_key_fallbacks))
