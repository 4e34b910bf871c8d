"""The doors of the site: one module per room, and what all pages share."""
