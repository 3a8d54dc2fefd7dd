"""A plain Prefect flow run for each form as a peer: three task runs, nobody waits, on an embedded server."""

import sys

from prefect import flow, task


@task
def sign(form: int, step: int) -> int:
    """Sign one step."""
    return form + step


@flow(name="form")
def form(number: int) -> int:
    """Sign the three steps of one form."""
    return sum(sign(number, step) for step in range(3))


def forms(count: int) -> None:
    """Run so many forms."""
    for number in range(count):
        form(number)


if __name__ == "__main__":
    forms(int(sys.argv[1]))
