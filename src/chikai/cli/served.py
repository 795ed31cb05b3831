"""What a process of `chikai serve` loads: the pages, and the watch that ends it with the process that started it.

A main process that is killed cannot end its own: they would keep the port, and the next start would find it taken.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from wsgiref.types import WSGIApplication


def pages(_target: str) -> WSGIApplication:
    """The application, in a process that ends when its parent does."""
    # What the parent does at a signal came along with the fork, and would let this process live on while it loads.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    from chikai.web.wsgi import application

    return application


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)  # nobody is left who would wait for an orderly end
