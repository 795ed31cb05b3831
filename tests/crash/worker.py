"""A worker in a process of its own, that ends at a named point: python -m tests.crash.worker POINT NTH."""

import os
import signal
import sys


def main() -> None:
    point, nth = sys.argv[1], int(sys.argv[2])
    import django

    django.setup()
    from chikai.web.work import engine

    met = 0

    def end(name: str) -> None:
        nonlocal met
        met += name == point
        if name == point and met == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    engine.hook = end
    engine.drain()


if __name__ == "__main__":
    main()
