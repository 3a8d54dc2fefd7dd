from sekaps.demo.chance import Lottery, draw, pick
from sekaps.demo.names import FIRST_NAMES, LAST_NAMES, mail_address, person_name, plain


def test_a_draw_belongs_to_its_seed_and_name() -> None:
    assert draw(7, "need", 3) == draw(7, "need", 3)
    assert draw(7, "need", 3) != draw(8, "need", 3)
    assert draw(7, "need", 3) != draw(7, "need", 4)


def test_draws_spread_evenly() -> None:
    draws = [draw(7, serial) for serial in range(4_000)]
    assert all(0 <= fraction < 1 for fraction in draws)
    assert 0.45 < sum(fraction < 0.5 for fraction in draws) / len(draws) < 0.55


def test_a_lottery_gives_each_place_its_weight() -> None:
    lottery = Lottery([1, 0, 3])
    assert [lottery.place(fraction) for fraction in (0, 0.2, 0.25, 0.99)] == [0, 0, 2, 2]


def test_turkish_letters_become_plain_ones() -> None:
    assert plain("Şükrü Çağlar İlhan Işık Öğüt") == "Sukru Caglar Ilhan Isik Ogut"


def test_an_address_is_plain_numbered_and_on_a_domain_nobody_can_own() -> None:
    assert mail_address("İpek Güneş", 10233) == "ipek.gunes.10233@example.invalid"


def test_every_name_gives_an_ascii_address() -> None:
    addresses = [mail_address(f"{first} {last}", 1) for first, last in zip(FIRST_NAMES, LAST_NAMES, strict=False)]
    assert all(address.isascii() and " " not in address for address in addresses)


def test_a_person_keeps_the_name_of_their_key() -> None:
    first, last = person_name(7, "governorate:01/head").split()
    assert first in FIRST_NAMES
    assert last in LAST_NAMES
    assert person_name(7, "governorate:01/head") == f"{first} {last}"


def test_pick_reaches_every_value() -> None:
    assert {pick("abc", 7, serial) for serial in range(50)} == set("abc")
