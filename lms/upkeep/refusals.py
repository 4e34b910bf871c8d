"""What upkeep says no to."""

from lms.foundation.errors import Invalid


class BackupRefused(Invalid):
    """A backup or a restore that cannot be, told before anything was changed."""
