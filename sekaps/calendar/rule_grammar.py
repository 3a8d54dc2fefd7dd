"""The written grammar of boundary rules: a sentence in, a form out; a closed list, nothing is ever evaluated."""

from calendar import month_name

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args

from sekaps.calendar.rule_forms import (
    LAST,
    NAMED_DAYS,
    WORDED_ORDINALS,
    Anchor,
    DayOfMonth,
    Form,
    Month,
    Nearest,
    NextTo,
    NthOfMonth,
    SameDay,
    Shift,
    Unit,
)
from sekaps.errors.calendar import RuleUnreadable
from sekaps.texts import Text, text

MONTHS = [name.lower() for name in list(month_name)[1:]]
LONGEST_MONTH = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
MOST_WEEKS = 5
END = ("$END", "<END-OF-FILE>")
"""How lark names the end of the sentence among what it would accept."""

GRAMMAR = rf"""
start: nth | day_of_month | next_to | shift | nearest | same_day

nth: (FIRST | LAST | ORDINAL) UNIT OF month
day_of_month: INT month
next_to: NEXT? UNIT AFTER anchor
       | PREVIOUS? UNIT BEFORE anchor
shift: INT SPAN (AFTER | BEFORE) anchor
nearest: FIRST UNIT ON_OR_AFTER anchor
       | LAST UNIT ON_OR_BEFORE anchor
same_day: SAME_DAY_AS anchor

anchor: CODE | day_of_month
month: MONTH YEAR?

FIRST: /first\b/i
LAST: /last\b/i
ORDINAL.2: /(\d+(st|nd|rd|th)|{"|".join(WORDED_ORDINALS[1:])})\b/i
OF: /of\b/i
UNIT: /(full\s+working\s+day|working\s+day|weekday|day|{"|".join(NAMED_DAYS)})\b/i
SPAN: /(working\s+day|day|week|month)s?\b/i
MONTH: /({"|".join(MONTHS)})\b/i
YEAR: /(next|previous)\s+year\b/i
NEXT: /next\b/i
PREVIOUS: /previous\b/i
AFTER: /after\b/i
BEFORE: /before\b/i
ON_OR_AFTER: /on\s+or\s+after\b/i
ON_OR_BEFORE: /on\s+or\s+before\b/i
SAME_DAY_AS: /same\s+day\s+as\b/i
CODE: /[a-z][a-z0-9_]*/i
INT: /\d+/
%ignore /\s+/
"""
_DESCRIBED = {
    "ORDINAL": text("2nd, 3rd and so on"),
    "UNIT": text("a kind of day (working day, weekday, Monday)"),
    "SPAN": text("days, working days, weeks or months"),
    "MONTH": text("a month"),
    "YEAR": text("next year or previous year"),
    "CODE": text("a boundary"),
    "INT": text("a number"),
}


@v_args(inline=True)
class _Forms(Transformer[Token, Form]):
    """Turns each branch of the parse tree into the form it stands for."""

    def start(self, form: Form) -> Form:
        return form

    def nth(self, ordinal: Token, unit: Token, _of: Token, month: Month) -> Form:
        return NthOfMonth(_ordinal(ordinal), _unit(unit), month)

    def day_of_month(self, day: Token, month: Month) -> DayOfMonth:
        return DayOfMonth(int(day), month)

    def next_to(self, *parts: Token) -> Form:
        unit, side, anchor = parts[-3:]
        return NextTo(_unit(unit), anchor, side.type == "AFTER")

    def shift(self, count: Token, span: Token, side: Token, anchor: Anchor) -> Form:
        sign = 1 if side.type == "AFTER" else -1
        return Shift(sign * int(count), _unit(span.lower().removesuffix("s")), anchor)

    def nearest(self, _ordinal: Token, unit: Token, side: Token, anchor: Anchor) -> Form:
        return Nearest(_unit(unit), anchor, side.type == "ON_OR_AFTER")

    def same_day(self, _words: Token, anchor: Anchor) -> Form:
        return SameDay(anchor)

    def anchor(self, anchor: Token | DayOfMonth) -> Anchor:
        return anchor if isinstance(anchor, DayOfMonth) else str(anchor).lower()

    def month(self, name: Token, beside: Token | None = None) -> Month:
        return Month(MONTHS.index(name.lower()) + 1, _year_offset(beside))


_PARSER = Lark(GRAMMAR, parser="lalr", maybe_placeholders=False)


def parse_form(sentence: str) -> Form:
    """Return the form of a rule sentence; raise with the character where it stops making sense."""
    try:
        tree = _PARSER.parse(sentence)
    except UnexpectedInput as stopped:
        raise _unreadable(sentence, stopped) from None
    return _checked(_Forms(visit_tokens=False).transform(tree), sentence)


def _unit(words: str) -> Unit:
    return Unit(" ".join(words.lower().split()))


def _ordinal(words: str) -> int:
    if words.lower() == "last":
        return LAST
    if words[0].isdigit():
        return int(words[:-2])
    return WORDED_ORDINALS.index(words.lower()) + 1


def _year_offset(words: str | None) -> int:
    if words is None:
        return 0
    return 1 if words.lower().startswith("next") else -1


def _unreadable(sentence: str, stopped: UnexpectedInput) -> RuleUnreadable:
    column = (
        len(sentence) + 1 if isinstance(stopped, UnexpectedToken) and stopped.token.type == "$END" else stopped.column
    )
    found = sentence[column - 1 :].split()
    awaited = getattr(stopped, "allowed", None) or getattr(stopped, "expected", None) or ()
    return RuleUnreadable(rule=sentence, column=column, problem=_problem(found, sorted(awaited)))


def _problem(found: list[str], awaited: list[str]) -> Text:
    expected = [_DESCRIBED.get(name) or name.lower().replace("_", " ") for name in awaited if name not in END]
    if not found:
        return text("the rule ends too early; expected: {expected}", expected=expected)
    if not expected:
        return text("'{found}' is too much; the rule is complete before it", found=found[0])
    return text("'{found}' does not fit here; expected: {expected}", found=found[0], expected=expected)


def _checked(form: Form, sentence: str) -> Form:
    problem = _impossible_in_any_year(form)
    if problem is not None:
        raise RuleUnreadable(rule=sentence, column=1, problem=problem)
    return form


def _impossible_in_any_year(form: Form) -> Text | None:
    fixed = form if isinstance(form, DayOfMonth) else getattr(form, "anchor", None)
    if isinstance(fixed, DayOfMonth) and not 1 <= fixed.day <= LONGEST_MONTH.get(fixed.month.number, 31):
        return text("no year has a {date}", date=fixed)
    if isinstance(form, NthOfMonth) and not _can_exist(form):
        return text("{wording}: no month has so many", wording=form.wording)
    return None


def _can_exist(form: NthOfMonth) -> bool:
    most = MOST_WEEKS if form.unit in NAMED_DAYS else LONGEST_MONTH.get(form.month.number, 31)
    return form.nth == LAST or 1 <= form.nth <= most
