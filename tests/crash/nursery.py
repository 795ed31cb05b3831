"""Workers that are forked from one process which has loaded everything: a thousand kills in minutes.

python -m tests.crash.nursery reads a line of JSON for each worker (`point`, `nth`, `what`, and `after`: the seconds after
which it is killed wherever it stands, or null) and answers with the number that `waitstatus_to_exitcode` gives.
"""

import json
import os
import pkgutil
import signal
import subprocess
import sys
import time
import traceback
from contextlib import contextmanager


@contextmanager
def nursery(env):
    """A function that lets one worker live and die in this environment, and says how it ended."""
    argv = [sys.executable, "-m", "tests.crash.nursery"]
    with subprocess.Popen(
        argv, env=env, text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as going:

        def worker(point, nth=1, what="kill", after=None):
            order = {"point": point, "nth": nth, "what": what, "after": after}
            going.stdin.write(json.dumps(order) + "\n")
            return int(going.stdout.readline())

        yield worker
        going.stdin.close()


def main() -> None:
    import django

    django.setup()
    import chikai.sources
    import chikai.web.work
    from tests.crash import worker

    for package in (chikai.sources, chikai.web.work):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            __import__(module.name)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(lived(worker, order))
        if order["after"] is not None:
            time.sleep(order["after"])
            os.kill(child, signal.SIGKILL)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def lived(worker, order) -> int:
    """The exit code of a worker that came to its end."""
    try:
        worker.live(order["point"], order["nth"], order["what"])
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main()
