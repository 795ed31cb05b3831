"""Which extra of the distribution holds a package that a command may miss."""

from __future__ import annotations

from typing import Final

EXTRAS: Final = {
    "csp": "server",
    "defusedxml": "server",
    "django": "server",
    "django_htmx": "server",
    "granian": "server",
    "openpyxl": "server",
    "phonenumbers": "server",
    "psycopg": "postgres",
    "pymysql": "mysql",
    "sqlalchemy": "db",
    "tomlkit": "policy",
    "typst": "server",
    "whitenoise": "server",
}
