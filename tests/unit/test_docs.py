"""The documentation names everything a user meets, leads nowhere that is not there, and its examples run."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import CheckConstraint
from typer.main import get_command
from typer.testing import CliRunner

from sekaps.cli import language
from sekaps.cli.app import app
from sekaps.models.schema import metadata
from sekaps.services.programmes import read_programme
from sekaps.settings import Settings
from sekaps.texts import turkish_key

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
TASKS = sorted(path.name for path in (ROOT / "sekaps" / "tasks").glob("[!_]*.py"))
FLOWS = [each["entrypoint"].rpartition(".")[2] for each in YAML(typ="safe").load(ROOT / "prefect.yaml")["deployments"]]
SEKAPS = read_programme("sekaps")
TERMS = {**SEKAPS.actors, **SEKAPS.documents}

OMITTED = "…"
"""A line that stands for lines left out of an example's output."""
EXAMPLE = re.compile(r"<!-- runs.*? -->\n```console\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"```.*?```", re.DOTALL)
YAML_BLOCK = re.compile(r"Save this as `([\w.]+)`:\n\n```yaml\n(.*?)```", re.DOTALL)
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A command of a page, and the lines the page says it prints."""

    page: Path
    command: str
    printed: tuple[str, ...]


@cache
def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def everything() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in PAGES).replace("--lang en ", "")


def verbs() -> list[str]:
    return sorted(" ".join(path) for path in _walk(get_command(app), ()))


def _walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    below = getattr(command, "commands", {})
    if not below:
        yield path
    for name, child in below.items():
        yield from _walk(child, (*path, name))


def examples() -> list[Example]:
    blocks = [(path, block) for path in PAGES for block in EXAMPLE.findall(path.read_text(encoding="utf-8"))]
    return [example for path, block in blocks for example in _read(path, block)]


def _read(path: Path, block: str) -> Iterator[Example]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *printed = part.splitlines()
        yield Example(path, command, tuple(line.rstrip() for line in printed))


def stretches(lines: tuple[str, ...]) -> list[str]:
    """Return the runs of lines between omissions, each as one text."""
    return [part.strip("\n") for part in "\n".join(lines).split(OMITTED) if part.strip()]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.use("en")
    yield
    language.use("tr")


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_of_the_command_line_is_documented(verb: str) -> None:
    assert f"sekaps {verb}" in everything()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    assert f"`SEKAPS_{name.upper()}`" in page("README.md")


@pytest.mark.parametrize("flow", FLOWS)
def test_every_deployed_flow_is_documented(flow: str) -> None:
    assert f"`{flow}`" in page("docs/how-to.md")


@pytest.mark.parametrize("module", TASKS)
def test_every_module_of_tasks_is_documented(module: str) -> None:
    assert f"`tasks/{module}`" in page("docs/architecture.md")


@pytest.mark.parametrize("name", metadata.tables)
def test_every_table_is_documented(name: str) -> None:
    assert f"`{name}`" in page("docs/architecture.md")


def states() -> list[str]:
    checks = [c for table in metadata.tables.values() for c in table.constraints if isinstance(c, CheckConstraint)]
    lists = [re.match(r"state IN \((.*)\)$", str(check.sqltext)) for check in checks]
    return sorted({state for found in lists if found for state in re.findall(r"'(\w+)'", found[1])})


@pytest.mark.parametrize("state", states())
def test_every_state_the_schema_allows_is_documented(state: str) -> None:
    assert f"`{state}`" in page("docs/architecture.md").partition("## States")[2]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(path: Path) -> None:
    links = LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8")))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (path.parent / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("code", TERMS)
def test_the_glossary_has_every_actor_and_document_of_the_calendar(code: str) -> None:
    name = TERMS[code].name
    rows = ROW.findall(page("docs/glossary.md"))
    assert (name.tr, name.en) in [row[:2] for row in rows if f"`{code}`" in row[2]]


def test_the_glossary_is_in_turkish_alphabetical_order_and_has_one_english_word_for_each_term() -> None:
    rows = ROW.findall(page("docs/glossary.md"))[2:]
    turkish, english = [row[0] for row in rows], [row[1] for row in rows]
    assert turkish == sorted(turkish, key=turkish_key)
    assert len(set(turkish)) == len(turkish)
    assert len(set(english)) == len(english)


def test_the_readme_is_short() -> None:
    assert len(page("README.md").splitlines()) < 150


def test_there_are_examples_to_run() -> None:
    assert {example.page.name for example in examples()} >= {"README.md", "tutorial.md"}


@pytest.mark.parametrize("example", examples(), ids=lambda each: f"{each.page.stem}: {each.command}")
def test_an_example_prints_what_the_page_shows(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, written in YAML_BLOCK.findall(example.page.read_text(encoding="utf-8")):
        Path(name).write_text(written, encoding="utf-8")
    program, *arguments = shlex.split(example.command)
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    printed = "\n".join(line.rstrip() for line in result.output.splitlines())
    assert (program, result.exit_code) == ("sekaps", 0)
    assert [part for part in stretches(example.printed) if part not in printed] == []
