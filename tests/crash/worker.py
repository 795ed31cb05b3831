"""A worker in a process of its own, to which something happens at a named point: python -m tests.crash.worker POINT NTH WHAT."""

import os
import resource
import signal
import sys
import threading


def kill() -> None:
    """It ends."""
    os.kill(os.getpid(), signal.SIGKILL)


def freeze() -> None:
    """It is stopped until somebody wakes it."""
    os.kill(os.getpid(), signal.SIGSTOP)


def fill_disk() -> None:
    """From now on no file takes another byte."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))


WHAT = {"kill": kill, "freeze": freeze, "fill_disk": fill_disk}


def live(point: str, nth: int, what: str) -> None:
    """Do all that waits; at the named point, when it is met for the nth time, it happens."""
    from chikai.web.work import claims, engine

    met, renew, calm = 0, claims.Claim.renew, threading.Lock()

    def renew_calmly(claim: claims.Claim) -> int:
        with calm:
            return renew(claim)

    # Stopped in the middle of this write, a process would hold the one writer's lock of SQLite against everybody.
    claims.Claim.renew = renew_calmly  # type: ignore[method-assign]

    def happen(name: str) -> None:
        nonlocal met
        met += name == point
        if name == point and met == nth:
            with calm:
                WHAT[what]()

    engine.hook = happen
    engine.drain()


def main() -> None:
    import django

    django.setup()
    live(sys.argv[1], int(sys.argv[2]), sys.argv[3])


if __name__ == "__main__":
    main()
