"""Keeping a site alive: migrations, backup and restore, and the doctor who says what is on."""
