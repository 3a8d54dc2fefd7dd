"""Every error the engine raises, each wording itself from keyword facts: what was asked, what holds, what to do.

SekapsError                 base.py
├── ProgrammeError          programmes.py: a programme cannot be used
├── CalendarError           calendar.py: a date cannot be answered for
│   └── WindowInverted
├── EditionError            editions.py: an edition cannot be used or changed as asked
├── ChainError              chains.py: a signature chain cannot be used or changed as asked
├── RegistryError           editions.py: the registry does not know who was named; registry.py: it refuses an act
├── RegistryImportError     registry.py: a file of the registry cannot be taken over
├── DatabaseError           systems.py: the store cannot be used as it is
├── MailError               systems.py: a message cannot be built or handed over
├── HolidayError            holidays.py: the holidays of a year cannot be taken as agreed
├── CalendarImportError     imports.py: a printed calendar cannot be imported
├── ReadinessError          readiness.py: an institution's readiness, or its training, is not changed as asked
├── EvidenceError           evidence.py: evidence cannot be made or judged as asked
├── ExportError             exports.py: a year is not exported
└── PrefectUnreachable, ReportNotWritten, TrailBroken
"""
