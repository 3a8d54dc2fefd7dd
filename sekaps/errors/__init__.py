"""Every error the engine raises, each wording itself from keyword facts: what was asked, what holds, what to do.

SekapsError                 base.py
├── ProgrammeError          programmes.py: a programme cannot be used
├── CalendarError           calendar.py: a date cannot be answered for
│   └── WindowInverted
├── EditionError            editions.py: an edition cannot be used or changed as asked
├── RegistryError           editions.py: the registry does not know who was named
├── DatabaseError           systems.py: the store cannot be used as it is
├── MailError               systems.py: a message cannot be built or handed over
├── CalendarImportError     imports.py: a printed calendar cannot be imported
└── PrefectUnreachable, ReportNotWritten, TrailBroken
"""
