from datetime import date

from sekaps.calendar.editions import draft
from sekaps.calendar.programmes import load_programme
from sekaps.calendar.rule_fits import Miss, RuleFit, rule_fits
from sekaps.services.draft_review import days_of_review
from sekaps.services.programmes import days_of_edition, read_programme

SEKAPS = read_programme("sekaps")


def fits(boundaries: str, year: int = 2027) -> list[RuleFit]:
    work = "activities:\n  - {code: work, name: Work, window: [opens, closes]}\n"
    programme = load_programme(f"code: small\nname: Small\nboundaries:\n{boundaries}\n{work}", "small.yaml")
    drafted = draft(programme, year, days_of_edition(year))
    return [fit for fit in rule_fits(drafted, days_of_review(drafted)) if fit.boundary == "closes"]


def told(found: list[RuleFit]) -> list[tuple[str, bool | None, date | None]]:
    return [(fit.rule.text, fit.fits, fit.date) for fit in found]


def test_a_rule_fits_when_it_gives_every_published_date() -> None:
    drafted = draft(SEKAPS, 2027, days_of_edition(2027))
    found = [fit for fit in rule_fits(drafted, days_of_review(drafted)) if fit.boundary == "transfer_close"]

    assert told(found) == [
        ("last working day of September", True, date(2027, 9, 30)),
        ("last Friday of September", True, date(2027, 9, 24)),
    ]
    assert [(fit.is_own, fit.tried) for fit in found] == [(True, (2023,)), (False, (2023,))]


def test_a_rule_that_does_not_fit_names_the_first_year_it_misses() -> None:
    found = fits(
        "  opens: {rule: 2 January}\n"
        "  closes: {rule: last working day of April, alternatives: [last Friday of April],\n"
        "    published: {2021: 2021-04-30, 2022: 2022-04-29, 2024: 2024-04-30, 2025: 2025-04-30}}"
    )

    assert told(found) == [
        ("last working day of April", True, date(2027, 4, 30)),
        ("last Friday of April", False, date(2027, 4, 30)),
    ]
    assert found[1].miss == Miss(2024, date(2024, 4, 30), date(2024, 4, 26))


def test_a_boundary_never_published_cannot_tell_which_rule_fits() -> None:
    found = fits("  opens: {rule: 2 January}\n  closes: {rule: 31 March, alternatives: [fifth Monday of March]}")

    assert told(found) == [("31 March", None, date(2027, 3, 31)), ("fifth Monday of March", None, date(2027, 3, 29))]


def test_a_published_year_in_which_a_rule_gives_no_date_is_missed() -> None:
    closes = "  closes: {rule: fifth Monday of March, published: {2026: 2026-03-30, 2023: 2023-03-27}}"
    (own,) = fits(f"  opens: {{rule: 2 January}}\n{closes}", 2026)

    assert own.miss == Miss(2023, date(2023, 3, 27), None)


def test_a_boundary_without_rule_has_nothing_to_fit() -> None:
    assert fits("  opens: {rule: 2 January}\n  closes: {published: {2027: 2027-03-31}}") == []


def test_a_published_year_that_cannot_be_drafted_is_not_tried() -> None:
    (own,) = fits("  opens: {published: {2027: 2027-01-04}}\n  closes: {rule: 31 March, published: {2025: 2025-03-31}}")

    assert (own.tried, own.fits) == ((), None)
