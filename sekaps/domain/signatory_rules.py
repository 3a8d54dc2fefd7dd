"""The list of the signatory module's eighteen rules: number, name, sentence, and the function that holds each.

Source: KAYSİS, İmza Yetkilileri Modülü (İYEM), çalışma esasları 1–18.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sekaps.domain import signatories as rules
from sekaps.texts import Bilingual


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it demands in both languages, and the function that answers for it.

    ``is_nearest`` marks a rule about systems outside this engine, of which it holds the nearest thing it can.
    """

    number: int
    name: str
    sentence: Bilingual
    check: Callable[..., object]
    is_nearest: bool = False


RULES: tuple[Rule, ...] = (
    Rule(1, "scope", Bilingual(
        "Her düzeydeki, her yerdeki faal birimin amiri modüle kaydedilir.",
        "The head of every active unit, of any level and place, is in the module.",
    ), rules.accepts_head),
    Rule(2, "local_governments", Bilingual(
        "Mahallî idareler kendi kayıtlarını kendileri yapar.",
        "Local governments make their own records.",
    ), rules.local_government_records_itself),
    Rule(3, "who_records", Bilingual(
        "Merkez ve yurtdışı birimlerini merkezdeki, taşra birimlerini taşradaki sorumlular kaydeder.",
        "Central and foreign units are recorded from the centre, provincial ones from the provinces.",
    ), rules.level_matches),
    Rule(4, "at_least_two", Bilingual(
        "Her kurumda ve taşra biriminde en az iki sorumlu bulunur.",
        "An institution or provincial unit has at least two responsible persons.",
    ), rules.responsibles_missing),
    Rule(5, "coordination", Bilingual(
        "Merkeze bağlı birimi kurumun merkezi, mülki idareye bağlı birimi valilik veya kaymakamlık koordine eder.",
        "A unit attached to the centre is coordinated from there, one attached to the civil administration by it.",
    ), rules.coordinating_office),
    Rule(6, "accuracy", Bilingual(
        "Her kaydın, birimi kendi alanında bulunan bir sorumlusu vardır.",
        "Every record names a responsible person in whose area the unit lies.",
    ), rules.lies_in_area),
    Rule(7, "who_grants", Bilingual(
        "Yetkiliyi ulusal makam, görevliyi koordinatör birimin yetkilisi yetkilendirir.",
        "The national authority admits authorisers, the coordinating authoriser admits registrars.",
    ), rules.refusal_to_grant),
    Rule(8, "contact_data", Bilingual(
        "Adı, iş ve cep telefonu ile e-postası eksik olan kişi yetkilendirilmez; kimlik numarası burada tutulmaz.",
        "Nobody is admitted without name, work and mobile phone and e-mail; identity numbers are not kept here.",
    ), rules.contact_missing, is_nearest=True),
    Rule(9, "address", Bilingual(
        "Yetkilendirilmiş site devletindir; burada yalnızca yürürlükte yetkisi olan kişi kayıt yapar.",
        "The authorised site is the state's; here only somebody with a current grant records.",
    ), rules.refusal_without_grant, is_nearest=True),
    Rule(10, "login_means", Bilingual(
        "Giriş e-imza, m-imza veya e-Devlet şifresiyle ve başka yerde yapılır; burada yalnızca bu üçü kaydedilir.",
        "A login is by e-signature, mobile signature or e-Devlet password, and elsewhere; only these three are noted.",
    ), rules.is_login_means, is_nearest=True),
    Rule(11, "first_record_wipes", Bilingual(
        "Kurumun ilk amir kaydı, kurumun eski amir adlarının tümünü siler.",
        "The first head an institution records wipes all former names of its heads.",
    ), rules.wipes_former_heads),
    Rule(12, "first_records_due", Bilingual(
        "İlk kayıtlar en geç 1 Mart 2016'da bitirilir; amiri hiç kaydedilmemiş birim gecikmiştir.",
        "First records end on 1 March 2016 at the latest; a unit never recorded is late.",
    ), rules.is_first_record_overdue),
    Rule(13, "same_day", Bilingual(
        "Amir değişikliği, başlama ve ayrılma anıyla aynı gün kaydedilir; güncelleme ilk kayıttan önce gelir.",
        "A change of head is recorded on its day, with its hour; updates come before first records.",
    ), rules.days_late),
    Rule(14, "links", Bilingual(
        "Birinci düzey birim, bağlı olduğu amir yardımcısına bağlanır ve bağlantı güncel tutulur.",
        "A first-level unit is linked with the deputy head it answers to, always currently.",
    ), rules.refusal_to_link),
    Rule(15, "lasting_code", Bilingual(
        "Yönetici kodu tektir, değişmez, görevden bağımsızdır ve başkasına verilmez.",
        "A manager code is unique, unchangeable, independent of the post, and never another's.",
    ), rules.refusal_of_code),
    Rule(16, "right_to_sign", Bilingual(
        "İmza yetkisi kayıtla başlar, kayıt güncel kaldıkça sürer; paket imzalayanın kodunu taşır.",
        "The right to sign begins with the record and lasts while it is current; a package carries the code.",
    ), rules.right_begins),
    Rule(17, "acting_signatory", Bilingual(
        "Vekil yalnızca dolu kadroya, sahibi izinde veya görevdeyken kaydedilir.",
        "An acting signatory is recorded for a filled post only, while its holder is on leave or duty.",
    ), rules.refusal_to_deputise),
    Rule(18, "curriculum_vitae", Bilingual(
        "Özgeçmiş isteğe bağlıdır; verilmişse gösterilir.",
        "A curriculum vitae is optional, and shown where there is one.",
    ), rules.shown_curriculum_vitae),
)  # fmt: skip
"""All eighteen, in their order."""
