"""Writing a file in one step: a reader finds the old one or the new one, never half of one."""

import os
import tempfile
from pathlib import Path

READABLE = 0o644


def replace_file(path: Path, content: str | bytes) -> Path:
    """Write the file whole, or raise OSError and leave what was there before; return its path."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(READABLE)
        return unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
