"""What upkeep reads: which tables there are and how many rows they hold."""

from sqlalchemy import Connection, func, inspect, select, table

# The queue's messages come and go by themselves and the version is not content.
NOT_CONTENT = ("huey", "alembic_version")


def table_counts(connection: Connection) -> dict[str, int]:
    """Rows of every table of the site, by name; the order of names is the alphabet's."""
    names = sorted(name for name in inspect(connection).get_table_names() if not name.startswith(NOT_CONTENT))
    return {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names
    }


def is_empty(connection: Connection) -> bool:
    """Whether no table holds a row; a database without tables is empty."""
    return not any(table_counts(connection).values())
