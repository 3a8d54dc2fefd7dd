"""Finds the activity or step of a programme that a printed row means: by number and letter first, then by its words."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from itertools import pairwise

from sekaps.calendar.printed_dates import folded, without_ranges
from sekaps.calendar.printed_lines import LETTERS
from sekaps.calendar.printed_rows import CalendarRow
from sekaps.calendar.programmes import Activity, Programme, Step
from sekaps.texts import Text, text

ALIKE = 0.6
"""From this likeness (0 to 1) a row without a known number is taken for an activity of that name."""
STEP_ALIKE = 0.5
CLEARLY_ALIKE, CLEARLY_UNLIKE = 0.85, 0.5
"""A row that is as unlike the activity of its number and as like another one bears the wrong number."""
MARGIN = 0.05
"""By how much the likest has to lead."""
WORDS_ALIKE = 0.75
SHORTEST_STEM = 4
SHORTEST_ACRONYM, LONGEST_ACRONYM = 3, 4


def find_activity(programme: Programme, row: CalendarRow) -> Activity | Text:
    """Return the activity a printed row means, or why none can be told."""
    likeness = {each.code: _likeness(row.activity, (each.name.tr, each.name.en)) for each in programme.activities}
    numbered = next((each for each in programme.activities if each.row and each.row == row.number.row), None)
    likest = programme.activity(max(likeness, key=likeness.__getitem__))
    if numbered is None:
        return likest if likeness[likest.code] >= ALIKE else _unknown(row)
    if likeness[numbered.code] < CLEARLY_UNLIKE and likeness[likest.code] >= CLEARLY_ALIKE:
        facts = {"number": row.number, "name": row.activity, "other": likest.row or likest.code}
        return text("row {number} is called '{name}', which is row {other} of the programme", **facts)
    return numbered


def find_step(activity: Activity, programme: Programme, row: CalendarRow) -> Step | Text:
    """Return the step of an activity a printed sub-row means, or why none can be told."""
    lettered = [step for step in activity.steps if step.key in _keys(activity, row)]
    if lettered:
        return lettered[0]
    likeness = sorted(
        ((_step_likeness(programme, step, row), step) for step in activity.steps), key=lambda each: each[0]
    )
    alike = [(value, step) for value, step in likeness if value >= STEP_ALIKE]
    if not alike:
        return _unknown(row)
    if any(second - first < MARGIN for (first, _), (second, _) in list(pairwise(alike))[-1:]):
        return text("it fits several steps of the programme: {name}", name=row.activity or row.text)
    return alike[-1][1]


def _unknown(row: CalendarRow) -> Text:
    return text("it is nothing the programme knows: {name}", name=row.activity or row.text or row.number)


def _keys(activity: Activity, row: CalendarRow) -> set[str]:
    """Return how the step of a letter may be called: 5.a, or 2(1) where the programme prints no letters."""
    letter = row.number.letter
    if not letter:
        return set()
    number = activity.row or activity.code
    place = letter if letter.isdecimal() else str(LETTERS.index(letter) + 1)
    return {f"{number}.{letter}", letter, f"{number}({place})"}


def _likeness(printed: str, names: Iterable[str]) -> float:
    said = folded(printed)
    return max(SequenceMatcher(None, said, folded(name)).ratio() for name in names)


def _step_likeness(programme: Programme, step: Step, row: CalendarRow) -> float:
    """Return the share of the printed words that the step's actor and work know; one of the two alone counts more."""
    actor = programme.actors[step.actor].name.tr if step.actor else ""
    known = (_words(actor) | _acronyms(actor), _words(step.does.tr))
    printed = _words(without_ranges(f"{row.activity} {row.actor} {row.text}"))
    each = [_share(printed, words) for words in known]
    return (_share(printed, known[0] | known[1]) + max(each)) / 2


def _words(said: str) -> set[str]:
    plain = "".join(letter if letter.isalnum() else " " for letter in folded(said))
    return {word for word in plain.split() if not word.isdecimal()}


def _acronyms(name: str) -> set[str]:
    """Return what the words of a name are shortened to (MMM, MSB)."""
    initials = "".join(word[0] for word in folded(name).split())
    lengths = range(SHORTEST_ACRONYM, LONGEST_ACRONYM + 1)
    return {initials[start : start + length] for length in lengths for start in range(len(initials) - length + 1)}


def _share(printed: set[str], known: set[str]) -> float:
    return sum(_is_known(word, known) for word in printed) / max(len(printed), 1)


def _is_known(word: str, known: set[str]) -> bool:
    stem = word[:SHORTEST_STEM]
    shares_stem = len(stem) == SHORTEST_STEM and any(each.startswith(stem) for each in known)
    return word in known or shares_stem or bool(get_close_matches(word, known, n=1, cutoff=WORDS_ALIKE))
