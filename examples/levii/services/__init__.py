"""The example's live services, each page marked as a sample; they use Chikai only as any other company's would.

Balus is at port 8411, the courses at 8412, the website's contact form at 8413, KATA at 8414. What they import of Chikai is what it gives to
services: `chikai.connect`, its errors, and the hand-off to the portal.
"""

from examples.levii.services.launch import (
    PORTS,
    SERVED,
    addresses,
    end,
    place_of,
    running,
    start,
    started,
    wait,
    write_place,
)

__all__ = [
    "PORTS",
    "SERVED",
    "addresses",
    "end",
    "place_of",
    "running",
    "start",
    "started",
    "wait",
    "write_place",
]
