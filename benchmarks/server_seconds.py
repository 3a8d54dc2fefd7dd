"""The CPU a process of the database server has used; it must run on this machine."""

from pathlib import Path


def server_seconds(pid: int) -> float:
    """Return the CPU seconds a process has used, as its scheduler counts them, to the microsecond.

    0 once it ended, and for the process 0, which stands for no server.
    """
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0
