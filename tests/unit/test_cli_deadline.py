import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sekaps.cli import deadline, language
from sekaps.errors.base import SekapsError
from sekaps.errors.calendar import DeadlineIncomplete, MomentUnreadable, PeriodUnknown, ServiceInapplicable

APP = typer.Typer()
APP.command("deadline", help=deadline.HELP)(deadline.deadline)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "legal-clock.md"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.use("en")
    yield
    language.use("tr")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(APP, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def refusal(*arguments: str) -> SekapsError:
    result = CliRunner().invoke(APP, arguments)
    assert isinstance(result.exception, SekapsError)
    return result.exception


def test_a_deadline_as_json_has_exactly_the_promised_keys() -> None:
    assert json.loads(run("15 days", "--from", "2023-02-01", "--province", "31", "--json")) == {
        "period": "15 days",
        "from": "2023-02-01",
        "last_moment": "2023-04-17T17:30:00+03:00",
        "last_day": "2023-04-17",
        "steps": [
            "the period: within 15 days",
            "the event: 1 February 2023, Wednesday",
            "the day it starts from, 1 February 2023, is not counted",
            "15 days later: 16 February 2023, Thursday",
            "legal periods stood still here from 6 February 2023 to 6 April 2023 (Earthquakes of 6 February);"
            " they run again from 7 April 2023",
            "days left: 11; they run on from 7 April 2023 and end on 17 April 2023",
            "the last moment is the close of that day's hours: 17 April 2023 17:30",
        ],
    }


def test_a_period_with_a_beginning_shows_it() -> None:
    asked = ("security_exam_seals", "--from", "2023-05-06T10:00")

    assert json.loads(run(*asked, "--json"))["first_moment"] == "2023-05-06T09:00:00+03:00"
    assert run(*asked).splitlines() == [
        "first moment: 6 May 2023 09:00, Saturday",
        "last moment: 6 May 2023 10:00, Saturday",
    ]


def test_steps_are_shown_only_when_asked_for() -> None:
    asked = ("3 months", "--from", "2023-11-30", "--district", "Nizip")

    assert run(*asked) == "last moment: 29 February 2024 17:30, Thursday\n"
    assert "  4. 3 months later the month has no day 30: its last day, 29 February 2024" in run(*asked, "--explain")


def test_service_is_counted_first() -> None:
    found = json.loads(run("15 days", "--from", "2021-12-11", "--service", "electronic", "--json"))

    assert found["last_day"] == "2021-12-31"
    assert "16 December 2021" in found["steps"][2]


def test_the_catalogue_is_listed() -> None:
    listed = json.loads(run("--list", "--json"))["periods"]
    row = next(each for each in listed if each["code"] == "muster_announcement")

    assert row == {
        "code": "muster_announcement",
        "name": "Announcement of the muster day",
        "period": "at least 1 week before",
        "starts": "the muster day",
        "then": None,
        "law": "National Defence Obligations Act (3634)",
        "article": "24",
        "source": "kanun metni",
        "confirmed": True,
        "note": None,
    }
    table = run("--list")
    assert [each["code"] for each in listed if each["code"] not in table] == []


@pytest.mark.parametrize(
    ("arguments", "error", "line"),
    [
        ((), DeadlineIncomplete, "give a period and its start"),
        (("15 days",), DeadlineIncomplete, "give a period and its start"),
        (("evacuaton_days", "--from", "2023-02-01"), PeriodUnknown, "near it: evacuation_days"),
        (("a while", "--from", "2023-02-01"), PeriodUnknown, "unknown period 'a while'"),
        (("15 days", "--from", "1 February"), MomentUnreadable, "'1 February' is neither a date nor a moment"),
        (("2 days before", "--from", "2023-02-01", "--service", "by_hand"), ServiceInapplicable, "leave --service out"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments: tuple[str, ...], error: type[SekapsError], line: str) -> None:
    raised = refusal(*arguments)

    assert isinstance(raised, error)
    assert line in str(raised)
    assert "\n" not in raised.say("tr")


def test_the_reasoning_is_told_in_turkish() -> None:
    language.use("tr")

    assert run("administrative_action", "--from", "2023-06-01") == "son an: 7 Eylül 2023 17:30, Perşembe\n"


def documented() -> list[tuple[str, str]]:
    """Return the commands of the reference page with the output printed below each."""
    blocks = re.findall(r"```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    parts = (block.removeprefix("$ sekaps --lang en deadline ").partition("\n") for block in blocks)
    return [(command, output) for command, _, output in parts]


@pytest.mark.parametrize(("command", "output"), documented())
def test_the_examples_of_the_reference_page_run(command: str, output: str) -> None:
    assert run(*shlex.split(command)) == output
