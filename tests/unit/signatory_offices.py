"""The offices the signatory rules are tested on: a ministry, its units near and far, a governorate, a municipality."""

from sekaps.domain.offices import Office, Offices

MINISTRY, DEPARTMENT, EMBASSY, REGION, HOSPITAL = range(10000001, 10000006)
INTERIOR, GOVERNORATE, KAYMAKAM, PROVINCIAL_DIRECTORATE = range(10000011, 10000015)
MUNICIPALITY, PARKS, AFFILIATED, CLOSED = range(10000021, 10000025)
OFFICES = Offices(
    {
        office.number: office
        for office in (
            Office(MINISTRY, "ministry"),
            Office(DEPARTMENT, "institution", "central", MINISTRY, MINISTRY),
            Office(EMBASSY, "institution", "abroad", MINISTRY, MINISTRY),
            Office(REGION, "institution", "provincial", MINISTRY, MINISTRY),
            Office(HOSPITAL, "institution", "provincial", REGION, MINISTRY),
            Office(INTERIOR, "ministry"),
            Office(GOVERNORATE, "governorate", None, INTERIOR, INTERIOR),
            Office(KAYMAKAM, "civil_administration", None, GOVERNORATE, INTERIOR),
            Office(PROVINCIAL_DIRECTORATE, "il_tarim", None, GOVERNORATE, MINISTRY),
            Office(MUNICIPALITY, "municipality", "provincial", GOVERNORATE, None),
            Office(PARKS, "institution", "provincial", MUNICIPALITY, MUNICIPALITY),
            Office(AFFILIATED, "affiliated_body", None, MINISTRY, MINISTRY),
            Office(CLOSED, "institution", "provincial", REGION, MINISTRY, active=False),
        )
    }
)
