"""A roster file on its way in: read, laid out, understood row by row. Pure: no database here."""
