"""The root of every error the engine raises: one sentence in both languages, and an exit code."""

from sekaps.texts import Language, Sayable


class SekapsError(Exception):
    """The root: carries one sentence, sayable in both languages, and the process exit code it stands for."""

    exit_code = 2

    def __init__(self, message: Sayable) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message.say("en")

    def say(self, language: Language) -> str:
        """Return the error's sentence in that language."""
        return self.message.say(language)
