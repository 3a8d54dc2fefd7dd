"""A bare SMTP sink: takes every message and forgets it, so that the client's own cost is what is measured."""

import asyncio

HELLO = b"250-sink\r\n250 8BITMIME\r\n"


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one client until it leaves."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 taken\r\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            writer.write(HELLO if verb == b"EHLO" else b"250 ok\r\n")
    writer.close()


async def serve() -> None:
    """Serve on a free port of loopback and tell which."""
    server = await asyncio.start_server(take, "127.0.0.1", 0, limit=1 << 22)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
