"""Who may extend a window or order about days, and how far: the authorities a programme names."""

from collections.abc import Collection

from sekaps.calendar.days import Place
from sekaps.calendar.programmes import Act, Authority, Programme
from sekaps.texts import LANGUAGES, Text, text, turkish_fold


def authority_problem(programme: Programme, named: str, act: Act, places: Collection[Place]) -> Text | None:
    """Return why somebody may not do an act for those places, or None; a programme that names nobody asks no more."""
    if not programme.authorities:
        return None
    found = find_authority(programme, named)
    if found is None or act not in found.may:
        return text("{who} may not {act}; who may: {those}", who=named, act=act.meaning, those=_those(programme, act))
    provinces = {place.province for place in places}
    if found.within == "province" and (len(provinces) > 1 or None in provinces):
        return text("{who} orders for one province only, its districts and its units", who=found.name)
    return None


def find_authority(programme: Programme, named: str) -> Authority | None:
    """Return the authority of that code or name, in either language, capitals as they may be."""
    asked = turkish_fold(named)
    return next(
        (one for code, one in programme.authorities.items() if asked in map(turkish_fold, _names(code, one))), None
    )


def _names(code: str, authority: Authority) -> list[str]:
    return [code, *authority.also, *(authority.name.say(language) for language in LANGUAGES)]


def _those(programme: Programme, act: Act) -> list[Text]:
    return [
        text("{name} ({code})", name=authority.name, code=code)
        for code, authority in programme.authorities.items()
        if act in authority.may
    ]
