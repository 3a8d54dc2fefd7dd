"""What every file of the calendar is written with: codes, wordings in two languages, and how a value is refused."""

from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from sekaps.texts import Language, Text, text


def flaw(problem: Text, *, offset: int = 0) -> PydanticCustomError:
    """Return the error by which a value of the file is refused; offset is how far into the value it sits."""
    return PydanticCustomError("flaw", "flaw", {"problem": problem, "offset": offset})


def _printed(value: object) -> object:
    if isinstance(value, float):
        raise flaw(text("put it in quotes: without them {value} is read as a number", value=value))
    return str(value) if isinstance(value, int) else value


Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A code: lower-case ASCII letters, digits and underscores, a letter first."""
Printed = Annotated[str, BeforeValidator(_printed), WithJsonSchema({"type": ["string", "integer"]})]
"""A number or letter as it was printed, such as 5.a; a whole number needs no quotes."""


class Frozen(BaseModel):
    """What every part of a programme shares: it cannot change, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Name(Frozen):
    """A wording in Turkish and English; a plain string in the file means the same in both."""

    tr: str
    en: str

    @model_validator(mode="before")
    @classmethod
    def _same_in_both(cls, value: object) -> object:
        if isinstance(value, str):
            return {"tr": value, "en": value}
        if isinstance(value, dict | Name):
            return value
        raise flaw(text("a text is expected, or a mapping with tr and en"))

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the schema: a string, or both languages."""
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(schema))]}

    def say(self, language: Language) -> str:
        """Return the wording in that language."""
        return self.tr if language == "tr" else self.en
