"""SpiffWorkflow as a peer: a chain of three signatures, every step an API call, every state persisted in SQLite."""

import json
import sqlite3
from pathlib import Path

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

CHAIN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://signature-chain">
  <process id="chain" isExecutable="true">
    <startEvent id="begin"><outgoing>f0</outgoing></startEvent>
    <sequenceFlow id="f0" sourceRef="begin" targetRef="s1"/>
    <manualTask id="s1" name="preparer"><incoming>f0</incoming><outgoing>f1</outgoing></manualTask>
    <sequenceFlow id="f1" sourceRef="s1" targetRef="s2"/>
    <manualTask id="s2" name="head"><incoming>f1</incoming><outgoing>f2</outgoing></manualTask>
    <sequenceFlow id="f2" sourceRef="s2" targetRef="s3"/>
    <manualTask id="s3" name="approver"><incoming>f2</incoming><outgoing>f3</outgoing></manualTask>
    <sequenceFlow id="f3" sourceRef="s3" targetRef="end"/>
    <endEvent id="end"><incoming>f3</incoming></endEvent>
  </process>
</definitions>
"""
TABLES = """
CREATE TABLE IF NOT EXISTS instances (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS signatures (instance INTEGER, step TEXT, person INTEGER, at INTEGER);
"""


class SpiffChains:
    """Instances of the chain in one database file, each state written whole after every step."""

    def __init__(self, path: Path) -> None:
        parser = BpmnParser()
        parser.add_bpmn_str(CHAIN.encode())
        self.spec = parser.get_spec("chain")
        self.serializer = BpmnWorkflowSerializer()
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.executescript(TABLES)

    def start(self) -> int:
        """Start one instance and return its number."""
        workflow = BpmnWorkflow(self.spec)
        workflow.do_engine_steps()
        with self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            cursor = self.connection.execute("INSERT INTO instances (state) VALUES (?)", (self._state(workflow),))
        return int(cursor.lastrowid or 0)

    def sign(self, instance: int, person: int) -> None:
        """Let a person sign the step an instance waits for."""
        with self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            (state,) = self.connection.execute("SELECT state FROM instances WHERE id = ?", (instance,)).fetchone()
            workflow = self.serializer.deserialize_json(state)
            task = workflow.get_next_task(state=TaskState.READY, manual=True)
            task.data["person"] = person
            task.run()
            workflow.do_engine_steps()
            row = (instance, task.task_spec.name, person, 1)
            self.connection.execute("INSERT INTO signatures VALUES (?, ?, ?, ?)", row)
            self.connection.execute("UPDATE instances SET state = ? WHERE id = ?", (self._state(workflow), instance))

    def run(self, chains: int) -> None:
        """Start so many instances and sign each of their three steps."""
        for _ in range(chains):
            instance = self.start()
            for person in (1, 2, 3):
                self.sign(instance, person)

    def completed(self) -> int:
        """Return how many instances are complete."""
        states = self.connection.execute("SELECT state FROM instances")
        return sum(json.loads(state)["completed"] for (state,) in states)

    def _state(self, workflow: BpmnWorkflow) -> str:
        return str(self.serializer.serialize_json(workflow))
