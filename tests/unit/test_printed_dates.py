from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekaps.calendar.printed_dates import PrintedRange, folded, lowered, ranges_in, read_range, without_ranges
from sekaps.texts import Text

YEAR = 2023
NAMES = ["Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"]
SINCE = {name: "den" if name in ("Eylül", "Ekim") else "dan" for name in NAMES}
SINCE |= dict.fromkeys(("Ocak", "Şubat", "Mart", "Mayıs", "Ağustos", "Aralık"), "tan")
UNTIL = {name: "e" if name in ("Eylül", "Ekim") else "a" for name in NAMES}
DASHES = ["-", " - ", "- ", "–", " – ", " — "]


def days(opens: tuple[int, int], closes: tuple[int, int], year: int = YEAR) -> PrintedRange:
    return PrintedRange(date(year, *opens), date(year, *closes))


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("09 Ocak- 29 Eylül 2023", days((1, 9), (9, 29))),
        ("04-29 Eylül 2023", days((9, 4), (9, 29))),
        ("02 Ekim 2023 - 01 Mart 2024", PrintedRange(date(2023, 10, 2), date(2024, 3, 1))),
        ("10.11.2023", days((11, 10), (11, 10))),
        ("10. 11. 2023", days((11, 10), (11, 10))),
        ("20-24.11.2023", days((11, 20), (11, 24))),
        ("29.11-01.12.2023", days((11, 29), (12, 1))),
        ("09/01/2023–31/01/2023", days((1, 9), (1, 31))),
        ("2023-01-09 - 2023-01-31", days((1, 9), (1, 31))),
        ("15 Haziran'dan itibaren", PrintedRange(date(2023, 6, 15), None)),
        ("15 HAZİRAN 2023’DEN İTİBAREN", PrintedRange(date(2023, 6, 15), None)),
        ("15 hazirandan itibaren", PrintedRange(date(2023, 6, 15), None)),
        ("2.5.2023 tarihinden itibaren", PrintedRange(date(2023, 5, 2), None)),
        ("30 Haziran'a kadar", PrintedRange(None, date(2023, 6, 30))),
        ("30 Haziran 2023 tarihine kadar (dâhil)", PrintedRange(None, date(2023, 6, 30))),
        ("15 hazirandan 20 hazirana kadar", days((6, 15), (6, 20))),
        ("1 Mart ile 5 Mart 2023 tarihleri arasında", days((3, 1), (3, 5))),
        ("1 Ağu. – 1 EYL. 2023", days((8, 1), (9, 1))),
        ("04 Eylül 2023 - 29 Eylül", days((9, 4), (9, 29))),
        ("09 OCAK", days((1, 9), (1, 9))),
        ("10 Kasım 2023 Cuma", days((11, 10), (11, 10))),
        ("09 Ocak-\n29 Eylül\u00a02023.", days((1, 9), (9, 29))),
    ],
)
def test_every_printed_form_is_read(printed: str, read: PrintedRange) -> None:
    assert read_range(printed, YEAR) == read


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("yıl boyunca", "'yıl boyunca' is not a date or a date range"),
        ("", "'' is not a date or a date range"),
        ("x" * 200, f"'{'x' * 60}…' is not a date or a date range"),
        ("31 Nisan", "31.04.2023 is not a day of the calendar"),
        ("10.11.1923", "the year 1923 is not one of the 2023 calendar (2022 to 2025)"),
        ("01 Mart 2026", "the year 2026 is not one of the 2023 calendar (2022 to 2025)"),
        ("10.11.23", "the year '23' is not written in four digits"),
        ("10 Kasım 20233", "'10 Kasım 20233' is not a date or a date range"),
        ("10 Kasım 2023 Pazar", "10 November 2023 is a Friday, not 'pazar'"),
        ("15", "the date has no month"),
        ("04 Eylül - 29", "the date has no month"),
        (
            "02 Ekim - 01 Mart 2024",
            "it would open on 2 October 2024 and close on 1 March 2024;"
            " where a range crosses a year both years are written",
        ),
    ],
)
def test_what_cannot_be_read_has_a_reason(printed: str, reason: str) -> None:
    read = read_range(printed, YEAR)

    assert isinstance(read, Text)
    assert read.say("en") == reason


def worded(day: date, *, year: bool = True) -> str:
    return f"{day.day:02} {NAMES[day.month - 1]}" + (f" {day.year}" if year else "")


def dotted(day: date) -> str:
    return f"{day:%d.%m.%Y}"


@st.composite
def printed_ranges(draw: st.DrawFn) -> tuple[str, PrintedRange]:
    opens = draw(st.dates(date(YEAR - 1, 1, 1), date(YEAR + 2, 12, 31)))
    latest = min(opens + timedelta(days=500), date(YEAR + 2, 12, 31))
    closes = draw(st.dates(opens, latest))
    dash = draw(st.sampled_from(DASHES))
    month = NAMES[opens.month - 1]
    forms = [
        (f"{worded(opens)}{dash}{worded(closes)}", PrintedRange(opens, closes)),
        (f"{dotted(opens)}{dash}{dotted(closes)}", PrintedRange(opens, closes)),
        (f"{dotted(opens).replace('.', '/')}{dash}{dotted(closes).replace('.', '/')}", PrintedRange(opens, closes)),
        (f"{opens.isoformat()}{dash}{closes.isoformat()}", PrintedRange(opens, closes)),
        (worded(opens), PrintedRange(opens, opens)),
        (dotted(opens), PrintedRange(opens, opens)),
        (f"{dotted(opens)} tarihinden itibaren", PrintedRange(opens, None)),
        (f"{dotted(opens)} tarihine kadar", PrintedRange(None, opens)),
    ]
    if opens.year == YEAR:
        forms += [(f"{worded(opens, year=False)}'{SINCE[month]} itibaren", PrintedRange(opens, None))]
        forms += [(f"{worded(opens, year=False)}{UNTIL[month]} kadar", PrintedRange(None, opens))]
    if opens.year == closes.year:
        forms += [(f"{worded(opens, year=False)}{dash}{worded(closes)}", PrintedRange(opens, closes))]
        forms += [(f"{opens:%d.%m}{dash}{dotted(closes)}", PrintedRange(opens, closes))]
    if (opens.year, opens.month) == (closes.year, closes.month):
        forms += [(f"{opens.day:02}{dash}{worded(closes)}", PrintedRange(opens, closes))]
        forms += [(f"{opens.day:02}{dash}{dotted(closes)}", PrintedRange(opens, closes))]
    printed, read = draw(st.sampled_from(forms))
    upper = printed.replace("i", "İ").replace("ı", "I").upper()
    return draw(st.sampled_from([printed, upper, folded(printed), f" {printed}\n"])), read


@given(printed_ranges())
def test_a_range_printed_in_any_form_reads_back(printed: tuple[str, PrintedRange]) -> None:
    assert read_range(printed[0], YEAR) == printed[1]


@given(st.text(alphabet="0123456789./- OcakİIŞubatEkim'dan itibaren\n", max_size=60))
def test_any_text_is_read_or_refused(printed: str) -> None:
    assert isinstance(read_range(printed, YEAR), PrintedRange | Text)


def test_ranges_are_found_in_running_text_single_dates_and_articles_are_not() -> None:
    said = "16.06.2023 tarihli Kanun'un 5.1-5.3 maddeleri: İlçe MMM 02 Mayıs - 30 Haziran 2023; MSB 01 Eylül'e kadar"

    assert ranges_in(said, YEAR) == [days((5, 2), (6, 30)), PrintedRange(None, date(2023, 9, 1))]


def test_a_text_can_be_compared_without_its_ranges() -> None:
    assert without_ranges("MSB ONAYI (01 Ağustos-01 Eylül 2023)") == "msb onayi ( )"


def test_lower_case_and_comparison_follow_turkish() -> None:
    assert lowered("İL  ISPARTA\n") == "il ısparta"
    assert folded("Çerçeve – İğdır’ın") == "cerceve - igdir'in"
