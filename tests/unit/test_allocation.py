"""The stages of the cascade hand every remainder on."""

from sekaps.domain.allocation import RULES, Stage


def test_every_remainder_a_stage_passes_on_is_taken_up_by_exactly_one_later_stage() -> None:
    passed = [stage for stage, rule in RULES.items() if rule.passes_on]
    taken = [stage for rule in RULES.values() for stage in rule.takes_from]
    assert sorted(passed) == sorted(taken) == sorted([Stage.DISTRICT, Stage.PROVINCE, Stage.GOVERNOR])
