"""The written grammar of a chain's stage: posts side by side, how many of them sign, and when; a closed list."""

from dataclasses import dataclass

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args

from sekaps.domain.chains import Condition, Field
from sekaps.errors.chains import StageUnreadable
from sekaps.texts import Text, text

END = ("$END", "<END-OF-FILE>")
"""How lark names the end of the sentence among what it would accept."""

GRAMMAR = r"""
start: count? posts condition?

count: INT _OF
posts: post ("," post)*
post: CODE ["@" UNIT]
condition: _IF (quantity | module | scope)
quantity: _QUANTITY _AT_LEAST INT
module: _MODULE "=" CODE
scope: _SCOPE "=" PLACE

_OF: /of\b/
_IF: /if\b/
_QUANTITY: /quantity\b/
_AT_LEAST: ">="
_MODULE: /module\b/
_SCOPE: /scope\b/
PLACE: /(central|local)\b/
CODE: /[a-z][a-z0-9_]*/
UNIT: /[0-9]{8}(?![0-9])/
INT: /[0-9]{1,15}(?![0-9])/
%ignore /\s+/
"""
_DESCRIBED = {
    "CODE": text("a code such as head"),
    "UNIT": text("a registry number of eight digits"),
    "INT": text("a number"),
    "PLACE": text("central or local"),
    "COMMA": text("a comma"),
    "AT": "@",
    "EQUAL": "=",
    "_AT_LEAST": ">=",
    "_OF": "of",
    "_IF": "if",
    "_QUANTITY": "quantity",
    "_MODULE": "module",
    "_SCOPE": "scope",
}


@dataclass(frozen=True, slots=True)
class PostName:
    """A post by its kind and the registry number of its unit; without one it is of the unit the chain is of."""

    kind: str
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class StageOrder:
    """A stage as it is asked for: its posts, how many of them sign (all when not stated), and when."""

    posts: tuple[PostName, ...]
    needed: int | None = None
    condition: Condition | None = None


@v_args(inline=True)
class _Orders(Transformer[Token, StageOrder]):
    """Turns each branch of the parse tree into the value it stands for."""

    def start(self, *parts: int | tuple[PostName, ...] | Condition) -> StageOrder:
        posts = next(part for part in parts if isinstance(part, tuple))
        needed = next((part for part in parts if isinstance(part, int)), None)
        condition = next((part for part in parts if isinstance(part, Condition)), None)
        return StageOrder(posts, needed, condition)

    def count(self, number: Token) -> int:
        return int(number)

    def posts(self, *posts: PostName) -> tuple[PostName, ...]:
        return posts

    def post(self, kind: Token, unit: Token | None) -> PostName:
        return PostName(str(kind), None if unit is None else int(unit))

    def condition(self, condition: Condition) -> Condition:
        return condition

    def quantity(self, least: Token) -> Condition:
        return Condition(Field.QUANTITY, int(least))

    def module(self, code: Token) -> Condition:
        return Condition(Field.MODULE, str(code))

    def scope(self, place: Token) -> Condition:
        return Condition(Field.SCOPE, str(place))


_PARSER = Lark(GRAMMAR, parser="lalr", maybe_placeholders=True)


def parse_stage(sentence: str) -> StageOrder:
    """Return the stage a sentence states; raise StageUnreadable with the character where it stops making sense."""
    try:
        tree = _PARSER.parse(sentence)
    except UnexpectedInput as stopped:
        raise _unreadable(sentence, stopped) from None
    return _Orders(visit_tokens=False).transform(tree)


def _unreadable(sentence: str, stopped: UnexpectedInput) -> StageUnreadable:
    at_end = isinstance(stopped, UnexpectedToken) and stopped.token.type in END
    column = len(sentence) + 1 if at_end else stopped.column
    found = sentence[column - 1 :].split()
    awaited = getattr(stopped, "allowed", None) or getattr(stopped, "expected", None) or ()
    return StageUnreadable(stage=sentence, column=column, problem=_problem(found, sorted(awaited)))


def _problem(found: list[str], awaited: list[str]) -> Text:
    expected = [_DESCRIBED.get(name, name) for name in awaited if name not in END]
    if not found:
        return text("the stage ends too early; expected: {expected}", expected=expected)
    if not expected:
        return text("'{found}' is too much; the stage is complete before it", found=found[0])
    return text("'{found}' does not fit here; expected: {expected}", found=found[0], expected=expected)
