"""Four eyes: what one person proposes another one decides, however either of them writes a name."""

from sekaps.texts import turkish_fold


def is_same_person(one: str, other: str) -> bool:
    """Tell whether two names are one person's: blanks around and between them and large letters do not count."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(turkish_fold(name).split())
