"""Training: asked for by the unit, answered by the directorate of its province, and once held the unit is trained."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from small_country import ADANA, Country, make_country, on
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sekaps.cli.main import run
from sekaps.database import transaction
from sekaps.domain.training import TrainingState
from sekaps.errors.editions import UnitUnknown
from sekaps.errors.readiness import TrainingMoveForbidden, TrainingRefused, TrainingUnknown
from sekaps.models.readiness import ReadinessItem, TrainingRequest
from sekaps.models.registry import Mandate, Person, Post, Province, Unit
from sekaps.models.trail import Act
from sekaps.services import training
from sekaps.services.readiness import missing_for
from sekaps.services.trail import broken_links
from sekaps.services.training import Answer, Wish, list_requests

MARCH, HELD_DAY = on(2023, 3, 1), date(2023, 3, 10)
AFTER = on(2023, 3, 11)
MILITARY = 20000009


@pytest.fixture
def country(database: object) -> Iterator[Country]:
    with transaction() as session:
        country = make_country(session)
        session.execute(delete(ReadinessItem).where(ReadinessItem.code == "training"))
        yield country


def code_of(country: Country, who: str) -> int:
    return country.session.scalars(select(Person.number).where(Person.id == country.people[who])).one()


def ask(country: Country, who: str = "military officer", topic: str = "vehicles", unit: int = MILITARY) -> int:
    wish = Wish(unit, topic, date(2023, 3, 6), date(2023, 3, 17))
    return training.ask(country.session, country.edition, wish, code_of(country, who), MARCH).number


def schedule(country: Country, number: int, who: str = "afad officer", day: date = HELD_DAY) -> bool:
    answer = Answer(number, code_of(country, who))
    return training.schedule(country.session, country.edition, answer, day, "Seyhan", MARCH)


def hold(country: Country, number: int) -> None:
    answer = Answer(number, code_of(country, "afad officer"))
    training.hold(country.session, country.edition, answer, 12, AFTER)


def refuse(country: Country, number: int, reason: str = "no trainer") -> None:
    answer = Answer(number, code_of(country, "afad officer"))
    training.refuse(country.session, country.edition, answer, reason, MARCH)


def withdraw(country: Country, number: int, who: str = "military head") -> None:
    training.withdraw(country.session, country.edition, number, code_of(country, who), MARCH)


def state_of(country: Country, number: int) -> TrainingState:
    return next(line.state for line in list_requests(country.session) if line.number == number)


def is_trained(country: Country) -> bool:
    lacks = missing_for(country.session, country.edition, [MILITARY], AFTER)[MILITARY]
    return "training" not in [each.code for each in lacks]


def verbs(country: Country) -> list[str]:
    return list(country.session.scalars(select(Act.verb).where(Act.verb.like("%training")).order_by(Act.id)))


def test_a_training_is_asked_for_scheduled_and_held_and_the_unit_is_trained(country: Country) -> None:
    number = ask(country)
    assert schedule(country, number)
    hold(country, number)
    [line] = list_requests(country.session)
    assert (line.state, line.held_on, line.people, line.answered_by) == (
        TrainingState.HELD, HELD_DAY, 12, "afad officer",
    )  # fmt: skip
    item = country.session.scalars(select(ReadinessItem).where(ReadinessItem.code == "training")).one()
    assert (item.unit_id, item.since, item.recorded_at) == (country.units["military"], HELD_DAY, AFTER)
    assert verbs(country) == ["ask_training", "schedule_training", "hold_training"]
    assert list(broken_links(country.session)) == []


def test_a_unit_that_waits_for_training_is_no_longer_unready_for_it(country: Country) -> None:
    assert not is_trained(country)
    number = ask(country)
    assert is_trained(country)
    refuse(country, number)
    assert not is_trained(country)


def test_the_same_is_asked_for_once_while_it_is_open(country: Country) -> None:
    first = ask(country)
    assert [ask(country), ask(country, topic=" vehicles  ")] == [first, first]
    assert ask(country, topic="manpower") != first
    withdraw(country, first)
    assert ask(country) != first
    assert verbs(country) == ["ask_training", "ask_training", "withdraw_training", "ask_training"]


def test_the_same_day_and_place_are_set_once_and_another_day_anew(country: Country) -> None:
    number = ask(country)
    assert [schedule(country, number), schedule(country, number)] == [True, False]
    assert schedule(country, number, day=date(2023, 3, 13))
    assert verbs(country) == ["ask_training", "schedule_training", "schedule_training"]


@pytest.mark.parametrize("who", ["afad officer", "ministry head", "institution officer"])
def test_only_somebody_of_the_unit_asks_and_withdraws(country: Country, who: str) -> None:
    with pytest.raises(TrainingRefused, match="only somebody with a post of unit 20000009"):
        ask(country, who)
    with pytest.raises(TrainingRefused, match="only somebody with a post of the unit that asked"):
        withdraw(country, ask(country), who)


@pytest.mark.parametrize("who", ["military head", "governorate head", "industry officer"])
def test_only_the_directorate_answers(country: Country, who: str) -> None:
    with pytest.raises(TrainingRefused, match="only somebody with a post in Provincial Directorate of Disaster"):
        schedule(country, ask(country), who)


def test_the_directorate_of_another_province_does_not_answer(country: Country) -> None:
    number = ask(country)
    country.session.execute(insert(Province).values(code="06", name="Ankara"))
    country.session.execute(update(Unit).where(Unit.kind == "il_afad").values(province_code="06"))
    with pytest.raises(TrainingRefused, match="only somebody with a post in Provincial Directorate of Disaster"):
        schedule(country, number)


def test_somebody_who_left_the_directorate_answers_no_more(country: Country) -> None:
    number = ask(country)
    post = select(Post.id).where(Post.unit_id == country.units["afad"]).scalar_subquery()
    country.session.execute(update(Mandate).where(Mandate.post_id.in_(post)).values(until_at=on(2023, 2, 1)))
    with pytest.raises(TrainingRefused, match="only somebody with a post in"):
        schedule(country, number)


def test_a_unit_without_a_province_has_nobody_to_ask(country: Country) -> None:
    with pytest.raises(TrainingRefused, match="unit 20000002 belongs to no province"):
        ask(country, "ministry head", unit=20000002)


def test_what_has_ended_stays_as_it_is(country: Country) -> None:
    number = ask(country)
    with pytest.raises(TrainingMoveForbidden, match="schedule it first"):
        hold(country, number)
    refuse(country, number)
    for act in (refuse, withdraw, hold):
        with pytest.raises(TrainingMoveForbidden, match="it is refused, and that is final; ask anew"):
            act(country, number)
    assert state_of(country, number) is TrainingState.REFUSED


def test_a_refusal_gives_its_reason(country: Country) -> None:
    with pytest.raises(TrainingRefused, match="a reason is needed"):
        refuse(country, ask(country), "")


def test_nobody_answers_what_nobody_asked_nor_asks_for_a_unit_that_is_not_there(country: Country) -> None:
    with pytest.raises(TrainingUnknown, match="no request for training has the number 77"):
        schedule(country, 77)
    with pytest.raises(UnitUnknown):
        ask(country, unit=29999999)


def test_the_schema_itself_lets_one_request_on_a_topic_stand_open(country: Country) -> None:
    ask(country)
    row = {"unit_id": country.units["military"], "topic": "vehicles", "state": "asked", "asked_at": MARCH}
    again = {**row, "wished_from": HELD_DAY, "wished_until": HELD_DAY, "asked_by_id": country.people["military head"]}
    with pytest.raises(IntegrityError):
        country.session.execute(insert(TrainingRequest).values(again))
    country.session.rollback()


def test_requests_are_listed_by_unit_province_and_whether_they_stand_open(country: Country) -> None:
    first, second = ask(country), ask(country, topic="manpower")
    refuse(country, first)
    listed = {
        "all": list_requests(country.session),
        "open": list_requests(country.session, only_open=True),
        "adana": list_requests(country.session, province=ADANA, unit=MILITARY),
        "ankara": list_requests(country.session, province="06"),
    }
    numbers = {name: [line.number for line in lines] for name, lines in listed.items()}
    assert numbers == {"all": [first, second], "open": [second], "adana": [first, second], "ankara": []}


def test_the_verbs_ask_schedule_hold_refuse_and_list(database: object, capsys: pytest.CaptureFixture[str]) -> None:
    with transaction() as session:
        country = make_country(session)
        codes = {who: str(code_of(country, f"{who} officer")) for who in ("military", "afad")}

    def act(verb: str, *facts: str, by: str = "afad", day: str = "2023-03-01") -> str:
        options = ["--by", codes[by], "--year", "2023", "--as-of", day]
        assert run(["--lang", "en", "training", verb, *facts, *options]) == 0
        return capsys.readouterr().out.strip()

    wish = ["--from", "2023-03-06", "--until", "2023-03-17"]
    for topic in ("vehicles", "manpower", "war industry"):
        said = act("ask", str(MILITARY), "--topic", topic, *wish, by="military")
    assert said == "request 3 is made"
    assert act("ask", str(MILITARY), "--topic", topic, *wish, by="military").startswith("request 3 stands already")
    place = ["--on", "2023-03-10", "--place", "Seyhan"]
    assert [act("schedule", "1", *place), act("schedule", "1", *place)[:12]] == ["scheduled", "that is reco"]
    assert act("hold", "1", "--people", "12", "--on", "2023-03-09", day="2023-03-11") == "recorded"
    assert act("refuse", "2", "--reason", "no trainer") == "refused"
    assert act("withdraw", "3", by="military") == "withdrawn"
    assert run(["--lang", "en", "training", "list"]) == 0
    assert "9 March 2023" in capsys.readouterr().out
    assert run(["--lang", "en", "training", "list", "--json"]) == 0
    assert [line["state"] for line in json.loads(capsys.readouterr().out)] == ["held", "refused", "withdrawn"]
    assert run(["--lang", "en", "training", "withdraw", "1", "--by", codes["military"], "--year", "2023"]) == 1
    assert "it is held, and that is final" in capsys.readouterr().err


def test_a_training_held_twice_is_recorded_once(country: Country) -> None:
    number = ask(country)
    schedule(country, number)
    hold(country, number)
    with pytest.raises(TrainingMoveForbidden):
        hold(country, number)
    held = select(func.count()).select_from(ReadinessItem).where(ReadinessItem.code == "training")
    assert country.session.scalar(held) == 1
