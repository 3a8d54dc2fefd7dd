"""What a change of dates does to a year."""

from datetime import date

from sekaps.calendar.editions import draft
from sekaps.calendar.published import unpublished
from sekaps.calendar.shifts import WindowMove, followers, moves, redraft
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


def test_what_hangs_on_a_boundary_by_rule_follows_it_through_one_another() -> None:
    assert followers(SEKAPS, ["transfer_close"]) == {"contracts_open"}
    assert followers(SEKAPS, ["district_close", "allocation_close"]) == {"province_open", "transfer_open"}
    assert followers(SEKAPS, ["year_close"]) == frozenset()


def test_a_boundary_left_to_its_rule_in_one_year_keeps_its_other_published_dates() -> None:
    held = SEKAPS.boundaries["needs_close"].published | {2024: date(2024, 4, 30)}
    boundaries = {**SEKAPS.boundaries}
    boundaries["needs_close"] = SEKAPS.boundaries["needs_close"].model_copy(update={"published": held})
    left = unpublished(SEKAPS.model_copy(update={"boundaries": boundaries}), 2023, {"needs_close"})
    assert left.boundaries["needs_close"].published == {2024: date(2024, 4, 30)}
    assert left.boundaries["needs_open"].published == SEKAPS.boundaries["needs_open"].published
