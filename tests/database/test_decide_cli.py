"""``sekaps decide`` and ``sekaps approve``: what people type, and one clear line for everything that cannot be."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from decided_country import add_item, lay
from small_country import make_country
from sqlalchemy import func, select

from sekaps.cli.main import run
from sekaps.database import reading, transaction
from sekaps.domain.allocation import Stage
from sekaps.models.allocation import Allocation, Decision
from sekaps.models.trail import Act

needs_poppler = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs poppler-utils")
DISTRICT, ENERGY = "20000008", "20000003"
MAY, AUGUST = ["--year", "2023", "--as-of", "2023-05-02"], ["--year", "2023", "--as-of", "2023-08-02"]
CHAIR, MINISTER, APPROVER = ["--as", "1022"], ["--as", "1007"], ["--as", "1005"]
QUORUM = ["--vote", "1022=for", "--vote", "1033=for", "--vote", "1034=against"]
DECIDE = ["decide", "allocations", DISTRICT, "--stage", "district", *CHAIR]
ORDERS = """
number: 2023/14
text: İhtiyaçların ilçe kaynaklarından karşılanması uygundur.
votes: {1022: for, 1033: for, 1034: abstained, 1035: against}
lines:
  1: {decision: change, quantity: 40, reason: Kaynağın tamamı kullanılabilir.}
  2: {decision: refuse, reason: Kaynak uzaktır.}
"""


def make() -> None:
    """Two lines before the district's commission, one before the ministry of energy, wheat that may become local."""
    with transaction() as session:
        made = make_country(session)
        resource = made.signed_resource("KSC-1", 60)
        lay(made, made.signed_need("IBC-1", 50), resource, 30, lacks=50)
        lay(made, made.signed_need("IBC-2", 10), resource, 10)
        central = made.signed_resource("KSC-2", 60, scope="central")
        lay(made, made.signed_need("IBC-3", 10, scope="central"), central, 10, Stage.CENTRAL)
        add_item(made, "wheat", "agriculture")
        made.signed_resource("KSC-3", 60, item_code="wheat")


@pytest.fixture
def country(sqlite_database: object) -> None:
    """What lies before bodies, on SQLite."""
    make()


@pytest.fixture
def countries(database: object) -> None:
    """The same on each kind of server."""
    make()


def asked(*words: str) -> int:
    return run(["--lang", "en", *words])


def stored() -> tuple[int, list[str]]:
    """Return how many decisions there are, and the states of the lines."""
    with reading() as session:
        states = list(session.scalars(select(Allocation.state).order_by(Allocation.id)))
        return session.scalars(select(func.count(Decision.id))).one(), states


def refusals_kept() -> int:
    with reading() as session:
        return session.scalars(select(func.count(Act.id)).where(Act.outcome == "refused")).one()


ALL = [*QUORUM, "--accept-all"]


@pytest.mark.parametrize(
    ("words", "day", "line"),
    [
        (["--vote", "1022=for", "--accept-all"], MAY, "1 of 5 members are present; the commission decides when more"),
        ([*ALL, "--number", "2022/1"], MAY, "2022/1 is no number of 2023, the year of the decision"),
        (ALL, ["--year", "2023", "--as-of", "2023-07-04"], "closed on 30 June 2023; the day of the act is 4 July 2023"),
        ([*ALL, "--change", "1=-5:neden"], MAY, "line 1: a quantity is at least 1, -5 is not"),
        ([*ALL, "--change", "1=0:neden"], MAY, "line 1: a quantity is at least 1, 0 is not"),
        ([*ALL, "--change", f"1={10**17}:neden"], MAY, f"line 1: its need lacks 50 at this stage, and with {10**17}"),
        ([*ALL, "--change", "1=40:"], MAY, "line 1: a line is refused or changed with a reason"),
        ([*ALL, "--refuse", "77=neden"], MAY, "line 77 is no open proposal of this body at this stage"),
        ([*ALL, "--vote", "1013=for"], MAY, "afad head (1013) holds no seat of the commission"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("countries")
def test_what_may_not_be_decided_is_refused_in_one_line_and_nothing_is_stored(
    capsys: pytest.CaptureFixture[str], words: list[str], day: list[str], line: str
) -> None:
    assert asked(*DECIDE, *words, *day) == 1
    [told] = capsys.readouterr().err.splitlines()
    assert told.startswith("district_commission: refused: ")
    assert line in told
    assert (stored(), refusals_kept()) == ((0, ["proposed"] * 3), 1)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (QUORUM, "2 open line(s) are not named: 1, 2; name each, or add --accept-all for the rest"),
        ([*ALL, "--change", f"1={10**30}:neden"], "give a whole quantity, :, and the reason; nothing was decided"),
        ([*ALL, "--change", "x=1:neden"], "give a number, =, and what is decided"),
        ([*ALL, "--refuse", "1=a", "--refuse", "1=b"], "--refuse 1=b: 1 is named twice"),
        ([*ALL, "--vote", "1035=maybe"], "a vote is one of: for, against, abstained"),
        ([*ALL, "--vote", "9=for"], "nobody has the manager code 9"),
        ([*ALL, "--number", "14"], "'14' is no decision number; give year and sequence, such as 2023/14"),
        ([*ALL, "--stage", "nowhere"], "no stage 'nowhere'; the stages are: district, province, governor"),
    ],
)
@pytest.mark.usefixtures("country")
def test_what_cannot_be_read_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], words: list[str], line: str
) -> None:
    assert asked(*DECIDE, *words, *MAY) == 2
    [told] = capsys.readouterr().err.splitlines()
    assert line in told
    assert stored()[0] == 0


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("x.yaml", "lines: {1: {decision: refuse, reason: a}, 1: {decision: accept}}", 'found duplicate key "1"'),
        ("x.yaml", "lines: {1: {decision: maybe}}", "lines.1.decision: Input should be 'accept', 'refuse' or 'change'"),
        ("x.yaml", "lines: {1: {decision: accept, quantity: 4}}", "a quantity or resource is given with 'change' only"),
        ("x.yaml", "votes: {1022: maybe}", "votes.1022: Input should be 'for', 'against' or 'abstained'"),
        (
            "x.yaml",
            "lines: {1: {decision: change, quantity: 1.5, reason: a}}",
            "lines.1.quantity: Input should be a valid",
        ),
        ("x.yaml", "nothing: 1", "nothing: Extra inputs are not permitted"),
        ("x.yaml", "- 1", "Input should be a valid dictionary"),
        ("x.csv", "satır,karar\n1,accept\n", "its first row names the columns: line, decision, quantity"),
        ("x.csv", "line,decision\n1,accept\n1,refuse\n", "row 3: its line is there before, or it has too many cells"),
        ("y.yaml", None, "No such file or directory"),
        ("x.yaml", b"\xff\xfe", "is not UTF-8 text"),
    ],
)
@pytest.mark.usefixtures("country")
def test_a_file_that_is_no_decision_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str | bytes | None, line: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    assert asked(*DECIDE, "--accept-all", "--file", str(tmp_path / name), *MAY) == 2
    [told] = capsys.readouterr().err.splitlines()
    assert line in told
    assert told.endswith("; nothing was decided")


@pytest.mark.usefixtures("countries")
def test_a_decision_is_written_in_a_file_shown_and_its_number_used_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "karar.yaml").write_text(ORDERS, encoding="utf-8")
    assert asked(*DECIDE, "--file", str(tmp_path / "karar.yaml"), *MAY) == 0
    assert capsys.readouterr().out.splitlines() == [
        "district_commission: decision 2023/14",
        "lines: 1 allocated, 1 refused",
    ]
    assert asked("decide", "show", DISTRICT, "2023/14", "--year", "2023", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["quantity"], each["proposed_quantity"], each["state"]) for each in told["lines"]] == [
        (40, 30, "decided"),
        (10, None, "refused"),
    ]
    assert (told["present"], told["in_favour"], told["by_chair"], len(told["votes"])) == (4, 2, True, 4)
    assert asked("decide", "local-resources", DISTRICT, "KSC-3", *CHAIR, *QUORUM, "--number", "2023/14", *MAY) == 1
    assert "district_commission used the number 2023/14 before" in capsys.readouterr().err
    assert asked("decide", "local-resources", DISTRICT, "KSC-3", *CHAIR, *QUORUM, *MAY) == 0
    assert capsys.readouterr().out.splitlines() == ["district_commission: decision 2023/15", "lines: 1 local"]
    assert asked("decide", "show", DISTRICT, "2023/15", "--year", "2023") == 0
    assert "3 of 5 members present: 2 in favour, 1 against, 0 abstained" in capsys.readouterr().out


@pytest.mark.usefixtures("countries")
def test_the_lines_of_a_decision_may_be_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = "line,decision,quantity,resource,reason\n1,change,20,,azı yeter\n2,accept,,,\n"
    (tmp_path / "karar.csv").write_text(table, encoding="utf-8")
    assert asked(*DECIDE, "--file", str(tmp_path / "karar.csv"), *QUORUM, "--text", "uygun", *MAY, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "body": int(DISTRICT),
        "done": True,
        "number": "2023/1",
        "refusal": None,
        "decided": 2,
    }


@pytest.mark.usefixtures("country")
def test_what_lies_before_a_body_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("decide", "proposals", "--year", "2023", "--body", DISTRICT, "--stage", "district", "--json") == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["need"], first["resource"], first["quantity"], first["lacks"]) == ("IBC-1", "KSC-1", 30, 50)
    assert first["why_resource"] == "of the need's own district"
    assert first["why_quantity"] == "the rest of the resource is for others: sekaps allocation explain 1"
    assert second["why_quantity"] == "the need is met in full at this stage"
    assert asked("decide", "proposals", "--year", "2023", "--body", ENERGY, "--stage", "district") == 0
    assert capsys.readouterr().out == "nothing waits to be decided\n"
    assert asked("decide", "proposals", "--year", "2023", "--body", DISTRICT) == 0
    assert "IBC-1 · military" in capsys.readouterr().out


@pytest.mark.usefixtures("countries")
def test_the_ministry_of_defence_approves_by_line_or_refuses_with_a_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    minister = ["decide", "allocations", ENERGY, "--stage", "central", *MINISTER, "--accept-all"]
    assert asked(*minister, *MAY) == 0
    capsys.readouterr()
    assert asked("approve", "list", "--year", "2023", "--json") == 0
    [waiting] = json.loads(capsys.readouterr().out)
    assert asked("approve", "record", *APPROVER, *AUGUST) == 2
    assert "name lines, or give --all" in capsys.readouterr().err
    assert asked("approve", "record", "1", *APPROVER, *AUGUST) == 1
    assert capsys.readouterr().err == "1: refused: the allocation does not await approval\n"
    line = str(waiting["id"])
    assert asked("approve", "record", line, *APPROVER, *MAY) == 1
    assert "opens on 1 August 2023" in capsys.readouterr().err
    assert asked("approve", "record", "--refuse", f"{line}=uzak", *APPROVER, *AUGUST, "--json") == 0
    assert json.loads(capsys.readouterr().out) == [{"line": int(line), "done": True, "refusal": None}]
    assert stored()[1] == ["proposed", "proposed", "refused"]


@pytest.mark.usefixtures("country")
def test_all_that_wait_are_approved_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    minister = ["decide", "allocations", ENERGY, "--stage", "central", *MINISTER, "--accept-all"]
    assert asked(*minister, *MAY) == 0
    assert asked("approve", "list", "--year", "2023") == 0
    assert asked("approve", "record", "--all", *APPROVER, *AUGUST) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3: approved"


@needs_poppler
@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(("language", "title"), [("tr", "TAHSİS KARARI"), ("en", "DECISION OF ALLOCATION")])
def test_a_decision_is_one_page_that_the_house_signs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, title: str
) -> None:
    (tmp_path / "karar.yaml").write_text(ORDERS, encoding="utf-8")
    paper = tmp_path / "karar.pdf"
    assert asked(*DECIDE, "--file", str(tmp_path / "karar.yaml"), *MAY) == 0
    assert run(["--lang", language, "decide", "pdf", DISTRICT, "2023/14", *MAY, "--out", str(paper)]) == 0
    said = [subprocess.run([tool, str(paper), *rest], capture_output=True, text=True, check=False).stdout
            for tool, *rest in (["pdftotext", "-"], ["pdfinfo"], ["pdfsig"])]  # fmt: skip
    assert title in said[0]
    assert "2023/14" in said[0]
    assert "Pages:           1" in said[1]
    assert "Signature is Valid" in said[2]


@pytest.mark.usefixtures("country")
def test_a_decision_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("decide", "show", DISTRICT, "2023/9", "--year", "2023") == 2
    assert capsys.readouterr().err == f"error: {DISTRICT} has no decision 2023/9 in this edition\n"
