"""The one Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ChikaiWeb(AppConfig):
    """Label `chikai`: one migration line, no keys across apps."""

    name = "chikai.web"
    label = "chikai"
    default_auto_field = "django.db.models.BigAutoField"
