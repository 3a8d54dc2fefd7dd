"""What a change of dates does to a year."""

from datetime import date

from sekaps.calendar.editions import draft
from sekaps.calendar.shifts import WindowMove, moves, redraft
from sekaps.calendar.windows import Window
from sekaps.services.programmes import days_of_edition, read_programme

SEKAPS = read_programme("sekaps")


def test_a_published_boundary_moves_alone_and_takes_its_windows_along() -> None:
    days = days_of_edition(2023)
    before, after = draft(SEKAPS, 2023, days), redraft(SEKAPS, 2023, days, {"year_close": date(2024, 3, 8)})
    moved = moves(before, after, days)
    assert [(move.activity, move.step) for move in moved] == [
        ("contracts_and_notifications", key) for key in ("", "7.a", "7.b", "7.c")
    ]
    opens, closed, closes = date(2023, 10, 2), date(2024, 3, 1), date(2024, 3, 8)
    assert moved[0] == WindowMove(
        "contracts_and_notifications", "", Window(opens, closed), Window(opens, closes), 109, 114
    )
    assert moved[0].working_days_gained == 5


def test_what_only_a_rule_dates_moves_along() -> None:
    days = days_of_edition(2027)
    after = redraft(SEKAPS, 2027, days, {"needs_close": date(2027, 5, 7)})
    assert after.boundary("allocation_open").date == date(2027, 5, 10)


def test_the_same_dates_move_nothing() -> None:
    days = days_of_edition(2023)
    drafted = draft(SEKAPS, 2023, days)
    assert moves(drafted, redraft(SEKAPS, 2023, days, {}), days) == ()
