"""One life end to end, in a real browser on a real server."""
