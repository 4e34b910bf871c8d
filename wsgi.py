"""Where a WSGI server and the `flask` command find the site."""

import os
import sys
from pathlib import Path

from config import BadSettings, settings_from
from lms.app import create_app

try:
    app = create_app(settings_from(os.environ, Path(__file__).parent))
except BadSettings as bad:
    sys.exit(str(bad))
