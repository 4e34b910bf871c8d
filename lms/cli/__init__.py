"""The doors of the command line: one module a room, `flask --app wsgi <room> <deed>`."""
