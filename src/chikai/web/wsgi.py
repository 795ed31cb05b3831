"""The door of the server: the WSGI application that granian, or any other server, runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chikai.web.settings")
application = get_wsgi_application()
