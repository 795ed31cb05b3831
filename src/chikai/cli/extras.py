"""Which extra of the distribution holds a package that a command may miss."""

from __future__ import annotations

from typing import Final

EXTRAS: Final = {
    "allauth": "server",
    "csp": "server",
    "defusedxml": "server",
    "django": "server",
    "django_htmx": "server",
    "granian": "server",
    "markdown_it": "policy",
    "openpyxl": "server",
    "phonenumbers": "server",
    "psycopg": "postgres",
    "pymysql": "mysql",
    "regex": "server",
    "sqlalchemy": "db",
    "stdnum": "server",
    "tomlkit": "policy",
    "typst": "server",
    "whitenoise": "server",
}
