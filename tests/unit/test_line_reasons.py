"""Every line and every remainder can say why it is as it is."""

from dataclasses import replace
from datetime import date

import pytest

from sekaps.domain.allocation import Stage
from sekaps.domain.line_reasons import (
    LineFacts,
    NeedFacts,
    QueueFacts,
    StageFacts,
    line_reasons,
    need_reasons,
    unmet_reasons,
)
from sekaps.texts import Bilingual

JUNE = date(2023, 6, 30)
LINE = LineFacts(
    line=7,
    stage=Stage.DISTRICT,
    state="proposed",
    quantity=30,
    resource="KSC-1",
    place="Seyhan / Adana",
    capacity=50,
    others=20,
    body="Seyhan Komisyonu",
    closes=JUNE,
)
NEED = NeedFacts(
    number="IBC-1",
    item=Bilingual("Motorin", "Diesel"),
    measure="litre",
    quantity=100,
    priority=1,
    signed=date(2023, 4, 20),
    outstanding=70,
    queue=QueueFacts(Bilingual("Adana", "Adana"), ("priority", "signed", "number"), 2, 5, 200, 170),
    lines=(LINE,),
    stages=(),
)
DISTRICT = StageFacts(Stage.DISTRICT, 70, 0, settled=False, closes=JUNE)


def test_a_need_tells_its_turn_and_what_those_before_it_took() -> None:
    assert [sentence.say("en") for sentence in need_reasons(NEED)] == [
        "IBC-1 asks for 100 litre of Diesel; priority 1, signed on 20 April 2023.",
        "It is number 2 of 5 needs for it in Adana; the declared order is:"
        " priority, day of the last signature, number.",
        "Those before it have 170 of the 200 that stand there; 30 were left for it and those behind it.",
    ]


@pytest.mark.parametrize(
    ("line", "outstanding", "why"),
    [
        (LINE, 70, "Not more: of the 50 of KSC-1 others have 20, and nothing is left."),
        (LINE, 0, "Not more: the need is met in full with it."),
        (
            replace(LINE, others=0),
            70,
            "Not more: 20 of KSC-1 are free; they are kept for needs that come first and are served at a later"
            " stage, or were freed since.",
        ),
    ],
)
def test_a_line_tells_why_it_is_not_more(line: LineFacts, outstanding: int, why: str) -> None:
    sentences = [sentence.say("en") for sentence in line_reasons(line, replace(NEED, outstanding=outstanding))]
    assert sentences == [
        "Line 7: 30 of KSC-1, in Seyhan / Adana. The nearest come first: the district's own, then the province's,"
        " then the others; among them the largest, then the lowest number.",
        why,
        "Seyhan Komisyonu decides it by 30 June 2023.",
    ]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("decided", "Seyhan Komisyonu decided it (2023/1)."),
        (
            "awaiting_approval",
            "Seyhan Komisyonu decided it (2023/1); the ministry of defence approves it by 30 June 2023.",
        ),
        ("refused", "It was refused: worn out"),
        ("revoked", "It was taken back: worn out"),
        ("lapsed", "Nobody decided it in time; what it held is free again."),
    ],
)
def test_a_line_tells_where_it_stands(state: str, said: str) -> None:
    line = replace(LINE, state=state, decision="2023/1", reason="worn out")
    assert [sentence.say("en") for sentence in line_reasons(line, NEED)][-1] == said


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ((), "70 are not met: no stage has taken the need up yet."),
        (
            (DISTRICT,),
            "70 are not met so far; after 30 June 2023 what the district commission leaves goes to"
            " the province commission.",
        ),
        (
            (replace(DISTRICT, settled=True, transferred=70),),
            "70 are not met and wait for the province commission.",
        ),
        (
            (replace(DISTRICT, stage=Stage.CENTRAL),),
            "70 are not met; the resource-owner ministry, for central needs may still act until 30 June 2023,"
            " and no stage follows.",
        ),
        (
            (replace(DISTRICT, stage=Stage.TRANSFERRED, settled=True),),
            "70 stay unmet: the resource-owner ministry, for transferred needs was the last to look,"
            " until 30 June 2023.",
        ),
    ],
)
def test_what_is_not_met_tells_who_looks_at_it_next(stages: tuple[StageFacts, ...], said: str) -> None:
    assert [sentence.say("en") for sentence in unmet_reasons(replace(NEED, stages=stages))] == [said]


def test_a_need_that_is_met_tells_nothing_more() -> None:
    assert list(unmet_reasons(replace(NEED, outstanding=0))) == []
