"""What need and resource forms ask for: the fields, what each may hold, and the words and sentences for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sekaps.texts import Bilingual, Text, text

LONGEST_CODE, LONGEST_TEXT = 64, 300


class FormKind(StrEnum):
    """The kinds of form that state something to be shared out."""

    NEED = "need_form"
    """What somebody needs (ihtiyaç bildirim çizelgesi)."""
    RESOURCE = "resource_form"
    """What somebody has (kaynak sayım çizelgesi)."""


@dataclass(frozen=True, slots=True)
class FormFields:
    """The fields of one kind of form, by what they hold."""

    required: tuple[str, ...]
    texts: Mapping[str, int]
    """Free text, with the most characters that are kept."""
    quantities: tuple[str, ...]
    choices: tuple[str, ...]
    days: tuple[str, ...] = ()
    others: tuple[str, ...] = ("unit", "item", "measure", "province", "district", "previous")

    @property
    def names(self) -> tuple[str, ...]:
        """Every field, in the order they are judged."""
        return (*self.texts, *self.others, *self.quantities, *self.choices, *self.days)


_PLACED = ("unit", "item", "scope", "province", "district")
FIELDS: Mapping[FormKind, FormFields] = {
    FormKind.NEED: FormFields(
        required=("number", *_PLACED, "quantity", "priority", "beneficiary"),
        texts={"number": LONGEST_CODE, "place": LONGEST_TEXT, "age_group": LONGEST_CODE},
        quantities=("quantity", "priority"),
        choices=("scope", "beneficiary", "necessity"),
        days=("needed_from", "needed_until"),
    ),
    FormKind.RESOURCE: FormFields(
        required=("number", *_PLACED, "capacity", "holder"),
        texts={"number": LONGEST_CODE, "holder": LONGEST_TEXT, "holder_number": LONGEST_CODE, "address": LONGEST_TEXT},
        quantities=("capacity", "stock"),
        choices=("scope", "holder_kind"),
    ),
}
LARGEST_PRIORITY = 9
CHOICES: Mapping[str, Mapping[str, str]] = {
    "scope": {"mahalli": "local", "yerel": "local", "merkezi": "central", "merkez": "central"},
    "beneficiary": {"askeri": "military", "askeribirlik": "military", "tsk": "military", "kurum": "institution",
                    "kamu": "institution", "halk": "public"},
    "necessity": {"zorunlu": "mandatory", "tali": "secondary"},
    "holder_kind": {"kurum": "unit", "birim": "unit", "sirket": "company", "firma": "company", "tuzelkisi": "company",
                    "kisi": "person", "sahis": "person", "gercekkisi": "person"},
}  # fmt: skip
"""Turkish words by folded spelling; the code itself is understood too."""
CODES: Mapping[str, frozenset[str]] = {field: frozenset(words.values()) for field, words in CHOICES.items()}
AGE_GROUP = r"^\d{1,3}(-\d{1,3}|\+)$"
HOLDER_NUMBERS = {"unit": r"^\d{8}$", "company": r"^(\d{10}|\d{16})$", "person": r"^\d{11}$"}
"""DETSİS number; tax number (VKN) or MERSİS; citizen's number (TCKN)."""
NAMES: Mapping[str, Bilingual] = {
    "number": Bilingual("belge numarası", "document number"),
    "unit": Bilingual("birim", "unit"),
    "item": Bilingual("kalem", "item"),
    "quantity": Bilingual("miktar", "quantity"),
    "measure": Bilingual("ölçü", "measure"),
    "priority": Bilingual("öncelik", "priority"),
    "scope": Bilingual("kapsam", "scope"),
    "beneficiary": Bilingual("yararlanan", "beneficiary"),
    "age_group": Bilingual("yaş grubu", "age group"),
    "necessity": Bilingual("sınıf", "class"),
    "province": Bilingual("il", "province"),
    "district": Bilingual("ilçe", "district"),
    "place": Bilingual("teslim yeri", "place of delivery"),
    "needed_from": Bilingual("başlangıç", "needed from"),
    "needed_until": Bilingual("bitiş", "needed until"),
    "previous": Bilingual("önceki belge", "earlier document"),
    "capacity": Bilingual("kapasite", "capacity"),
    "stock": Bilingual("stok", "stock"),
    "holder": Bilingual("kaynak sahibi", "holder"),
    "holder_kind": Bilingual("sahip türü", "kind of holder"),
    "holder_number": Bilingual("sahip numarası", "holder's number"),
    "address": Bilingual("adres", "address"),
    "stated_quantity": Bilingual("girilen miktar", "quantity as stated"),
    "stated_measure": Bilingual("girilen ölçü", "measure as stated"),
    "allocated": Bilingual("tahsis edilen", "allocated"),
    "recorded_scope": Bilingual("kaydedilen kapsam", "scope as recorded"),
    "origin": Bilingual("kaydın kaynağı", "origin of the record"),
    "supplier": Bilingual("veri sağlayan", "supplier"),
}
RULES: Mapping[str, Text] = {
    "required": text("must be given"),
    "cells": text("the row has more or fewer cells than the heading"),
    "encoding": text("is written in another encoding than the rest of the file; save all of it as UTF-8"),
    "formula": text("begins like a formula (= + - @); write what it stands for"),
    "too_long": text("has more characters than are kept"),
    "unprintable": text("holds characters that cannot be printed"),
    "whole_number": text("is no whole number in digits alone"),
    "positive": text("must be more than zero"),
    "not_negative": text("must not be less than zero"),
    "too_large": text("is more than the country has of anything (a million million)"),
    "priority": text("is no priority from 1 to 9"),
    "day": text("is no date such as 2023-05-01 or 01.05.2023"),
    "choice": text("is none of the words understood here"),
    "unknown_item": text("is no item of the catalogue; 'sekaps item list' lists them"),
    "unknown_measure": text("is no measure; 'sekaps item list' shows those of each item"),
    "incompatible": text("cannot be converted into the item's measure"),
    "not_whole": text("does not come out whole in the item's measure"),
    "not_of_feed": text("is an item of a sector this feed does not bring"),
    "unknown_unit": text("is no active unit of the registry"),
    "no_chain": text("is a unit without a chain in force for this kind of form; see 'sekaps chain propose'"),
    "no_step": text("is a unit that enters no such form in this year's calendar"),
    "window": text("is a unit for which the window of the step is not open"),
    "unknown_province": text("is no province"),
    "unknown_district": text("is no district of that province"),
    "public_by_age": text("is given for needs of the public, and only for those"),
    "age_group": text("is no age group such as 0-6 or 65+"),
    "period": text("ends before it begins"),
    "holder_number": text("is no number of that kind of holder"),
    "twice": text("stands in the file more than once"),
    "recorded": text("is recorded with other contents; 'sekaps need update' and 'sekaps resource update' change it"),
    "signed": text("is signed, decided on or not of this feed, and stays; 'sekaps resource update' changes it"),
    "entered_before": text("was entered in an earlier year and never allocated; it is updated, not entered again"),
    "unknown_previous": text("is no signed, unallocated form of an earlier year that can be updated"),
}
"""What is wrong with a cell, by the rule's code."""
