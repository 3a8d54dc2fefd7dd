"""Errors of need and resource forms: a form that is not recorded, a file of forms that is not taken over."""

from sekaps.errors.base import SekapsError
from sekaps.texts import Sayable, Text, text


class FormError(SekapsError):
    """A form, or a file of forms, cannot be taken as it is."""


class FormRefused(FormError):
    """A need or resource is not recorded or changed."""

    exit_code = 1

    def __init__(self, *, problem: Text) -> None:
        self.problem = problem
        super().__init__(text("not recorded: {problem}", problem=problem))


class FormsNotAsked(FormError):
    """The programme's calendar has no step in which such forms are entered."""

    def __init__(self, *, programme: str, kind: Sayable | str) -> None:
        self.programme, self.kind = programme, kind
        super().__init__(text("the programme {programme} asks for no forms of the kind {kind}", programme=programme,
                              kind=kind))  # fmt: skip


class TableUnreadable(FormError):
    """The file is not what its name says, is damaged, or cannot be opened."""

    def __init__(self, *, path: str, problem: Sayable | str) -> None:
        self.path, self.problem = path, problem
        super().__init__(text("{path} cannot be read: {problem}; nothing was imported", path=path, problem=problem))


class RowsRefused(FormError):
    """Rows of a file are wrong, so none of them was imported; the error file lists every cell."""

    exit_code = 1

    def __init__(self, *, source: str, flaws: int, rows: int, errors: str) -> None:
        self.source, self.flaws, self.rows, self.errors = source, flaws, rows, errors
        super().__init__(
            text(
                "{source}: {flaws} flaw(s) in {rows} rows; nothing was imported. All of them are in {errors}",
                source=source,
                flaws=flaws,
                rows=rows,
                errors=errors,
            )
        )
