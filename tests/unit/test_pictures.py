"""Pictures: the same report gives the same bytes, and what matters can be read in them."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from sample_year import CASCADE, CURVES, REPORT

from sekaps.reports.charts import cascade_chart, gaps_chart, progress_chart
from sekaps.reports.gantt import gantt
from sekaps.reports.pictures import Pictures, draw


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    return draw(REPORT)


def words(svg: str) -> str:
    return " ".join(
        "".join(node.itertext()) for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")
    )


def test_the_same_report_gives_the_same_pictures(pictures: Pictures) -> None:
    assert draw(REPORT) == pictures


@pytest.mark.parametrize("name", ["gantt", "progress", "gaps", "cascade"])
def test_a_picture_is_one_svg_of_its_own_with_no_date_in_it(pictures: Pictures, name: str) -> None:
    svg = getattr(pictures, name)
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert "metadata" not in svg
    assert "matplotlib.org" not in svg


def test_the_gantt_names_phases_first_in_turkish_with_their_published_dates(pictures: Pictures) -> None:
    read = words(pictures.gantt)
    assert read.index("İhtiyaç girişi") < read.index("Needs entry")
    for label in ("01.02–28.04", "02.05–01.03.24", "05.05.2023", "eksikle kapandı / closed with gaps", "yarım gün"):
        assert label in read


def test_the_gantt_shades_a_run_of_holidays_once_and_no_weekend() -> None:
    [half, whole, _] = REPORT.special_days
    days = [replace(whole, day=date(2023, 4, number)) for number in (21, 22, 23)]
    runs = (gantt(REPORT.phases, [half, *days[:count]], REPORT.day).count("<path") for count in (1, 3))
    assert len(set(runs)) == 1


@pytest.mark.parametrize("today", [date(2022, 12, 20), date(2024, 6, 1)])
def test_the_gantt_reaches_to_today_wherever_it_lies(today: date) -> None:
    assert f"{today:%d.%m.%Y}" in words(gantt(REPORT.phases, REPORT.special_days, today))


def test_the_charts_say_their_figures() -> None:
    assert "Tamamlanan belgeler / Documents completed" in words(progress_chart(CURVES))
    assert "İhtiyaç Bildirim Çizelgesi" in words(gaps_chart(REPORT.gaps, REPORT.document_kinds))
    read = words(cascade_chart(CASCADE))
    assert [figure in read for figure in ("%60", "%40", "%25", "%75")] == [True] * 4


def test_nothing_to_draw_is_no_picture() -> None:
    empty = replace(REPORT, curves=(), gaps=replace(REPORT.gaps, total=0), cascade=replace(CASCADE, entered=0))
    drawn = draw(empty)
    assert (drawn.progress, drawn.gaps, drawn.cascade) == ("", "", "")
