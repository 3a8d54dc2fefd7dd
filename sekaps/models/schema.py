"""The whole schema: importing this module is what makes every table known to the metadata."""

from sekaps.models import (
    allocation,
    amendments,
    contracts,
    documents,
    evidence,
    mail,
    orders,
    programmes,
    readiness,
    registry,
    trail,
)
from sekaps.models.base import Base

SUBJECTS = (
    allocation,
    amendments,
    contracts,
    documents,
    evidence,
    mail,
    orders,
    programmes,
    readiness,
    registry,
    trail,
)
metadata = Base.metadata
