"""A chain of three signatures as Viewflow words it."""

from typing import Any

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process


class ChainFlow(flow.Flow):
    """Three steps, one after another, each run from outside."""

    process_class = Process
    start = flow.StartHandle(this.act).Next(this.first)
    first = flow.Handle(this.act).Next(this.second)
    second = flow.Handle(this.act).Next(this.third)
    third = flow.Handle(this.act).Next(this.end)
    end = flow.End()

    def act(self, activation: Any, **facts: Any) -> Any:
        """Do what the step asks: nothing more than to be done."""
        return activation.process
