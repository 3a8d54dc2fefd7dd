"""The Prefect server of embedded runs: started on loopback for as long as it is wanted, its data under the home."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from sekaps.demo.post_office import LOOPBACK, free_port
from sekaps.errors.systems import PrefectUnreachable

START_SECONDS = 180
STOP_SECONDS = 20
PARENT_DEATH_SIGNAL = 1
CLIENTS = {"httpx", "httpcore"}
"""Whose errors say that the API was not reached."""
SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
    "PREFECT_CLI_PROMPT": "false",
}
"""No request leaves the machine, nothing is advertised, and a failure is told once, by the command line itself."""


def prepare(home: Path) -> None:
    """Set what Prefect reads from the environment; it must be done before Prefect is imported."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(home))
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


@contextmanager
def prefect_api(home: Path, port: int | None = None) -> Iterator[str]:
    """Give the address of a Prefect API: the one configured, else a server of our own that ends with the block."""
    prepare(home)
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        with _told_when_gone(configured):
            yield configured
        return
    port = port if port is not None and is_free(port) else free_port()
    with _server(home, port):
        url = os.environ["PREFECT_API_URL"] = f"http://{LOOPBACK}:{port}/api"
        try:
            with _told_when_gone(url):
                yield url
        finally:
            del os.environ["PREFECT_API_URL"]


@contextmanager
def _told_when_gone(url: str) -> Iterator[None]:
    """Turn a failure to reach the API, however deep in Prefect it came up, into one line."""
    try:
        yield
    except Exception as failure:
        if any(type(cause).__module__.split(".")[0] in CLIENTS for cause in _causes(failure)):
            raise PrefectUnreachable(url=url, reason=str(failure).splitlines()[0]) from failure
        raise


def _causes(failure: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = failure
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


@contextmanager
def _server(home: Path, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", str(port)]
    environment = {**os.environ, "PREFECT_UI_API_URL": f"http://{LOOPBACK}:{port}/api"}
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            command, stdout=log, stderr=log, env=environment, start_new_session=True, preexec_fn=_die_with_parent
        )
    try:
        _wait_until_healthy(process, port, home / "server.log")
        yield
    finally:
        _stop(process)


def _die_with_parent() -> None:
    """Ask Linux to end the server when this process is killed, so that none is left behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    url = f"http://{LOOPBACK}:{port}/api/health"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(url):
            return
        time.sleep(0.25)
    raise PrefectUnreachable(url=url, reason=f"see {log}")


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as reply:  # noqa: S310 - a loopback address made here
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) != 0
