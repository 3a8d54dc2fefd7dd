"""DBOS as a peer: a durable workflow for each chain, which waits for three messages, on SQLite."""

import asyncio
import sys
from pathlib import Path

from dbos import DBOS, DBOSConfig

SIGNATURES = 3


async def chains(path: Path, count: int) -> None:
    """Start so many chains at once, and sign each three times."""
    config: DBOSConfig = {"name": "chains", "system_database_url": f"sqlite:///{path}", "log_level": "ERROR"}
    DBOS(config=config)

    @DBOS.workflow()
    async def chain(number: int) -> int:
        for _ in range(SIGNATURES):
            await DBOS.recv_async("signature", timeout_seconds=600)
        return number

    DBOS.launch()
    handles = [await DBOS.start_workflow_async(chain, number) for number in range(count)]
    for person in range(SIGNATURES):
        for handle in handles:
            await DBOS.send_async(handle.workflow_id, person, "signature")
    assert [await handle.get_result() for handle in handles] == list(range(count))
    DBOS.destroy()


if __name__ == "__main__":
    asyncio.run(chains(Path(sys.argv[1]), int(sys.argv[2])))
