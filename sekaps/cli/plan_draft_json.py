"""A draft with its reasons as plain values, for programs: dates in ISO form."""

from collections.abc import Sequence
from datetime import date

from sekaps.calendar.anomalies import Anomaly
from sekaps.calendar.days import DayFact
from sekaps.calendar.draft_review import DraftReview
from sekaps.calendar.edition_warnings import EditionWarning
from sekaps.calendar.editions import BoundaryDraft, WindowDraft
from sekaps.calendar.rule_fits import RuleFit
from sekaps.calendar.year_comparison import YearBefore
from sekaps.cli.language import current, said
from sekaps.cli.plan_holidays import check_as_json
from sekaps.texts import weekday_name


def draft_as_json(review: DraftReview) -> dict[str, object]:
    """Return a draft with its reasons as plain values."""
    drafted = review.draft
    codes = [boundary.code for boundary in drafted.boundaries]
    return {
        "programme": drafted.programme_code,
        "year": drafted.year,
        "boundaries": [_boundary_as_json(boundary) for boundary in drafted.boundaries],
        "windows": [_window_as_json(window) for window in drafted.windows],
        "days": {code: _day_as_json(review, code) for code in codes},
        "alternatives": {code: [_fit_as_json(fit) for fit in review.fits_of(code)] for code in codes},
        "year_before": _year_before_as_json(review.before),
        "anomalies": [_anomaly_as_json(anomaly) for anomaly in review.anomalies],
        "holiday_check": [check_as_json(check) for check in review.holidays],
    }


def _boundary_as_json(boundary: BoundaryDraft) -> dict[str, object]:
    return {
        "code": boundary.code,
        "rule": boundary.rule,
        "proposed": _iso(boundary.proposed),
        "published": _iso(boundary.published),
        "date": boundary.date.isoformat(),
        "warnings": _warnings_as_json(boundary.warnings),
    }


def _window_as_json(window: WindowDraft) -> dict[str, object]:
    return {
        "activity": window.activity,
        "step": window.step,
        "opens": window.opens.isoformat(),
        "closes": window.closes.isoformat(),
        "calendar_days": window.calendar_days,
        "working_days": window.working_days,
        "warnings": _warnings_as_json(window.warnings),
    }


def _warnings_as_json(warnings: Sequence[EditionWarning]) -> list[dict[str, object]]:
    return [
        {"code": warning.code.value, "text": said(warning.text)}
        | ({"data": dict(warning.data)} if warning.data else {})
        for warning in warnings
    ]


def _day_as_json(review: DraftReview, code: str) -> dict[str, object]:
    day = review.draft.boundary(code).date
    layers = [_layer_as_json(fact) for fact in review.layers_of(code)]
    return {"weekday": weekday_name(day, current()), "layers": layers}


def _layer_as_json(fact: DayFact) -> dict[str, object]:
    return {
        "layer": fact.layer.value,
        "name": said(fact.name),
        "from": f"{fact.starts:%H:%M}" if fact.starts else None,
        "to": f"{fact.ends:%H:%M}" if fact.ends else None,
    }


def _fit_as_json(fit: RuleFit) -> dict[str, object]:
    miss = fit.miss
    return {
        "rule": fit.rule.text,
        "own": fit.is_own,
        "date": _iso(fit.date),
        "fits": fit.fits,
        "tried": list(fit.tried),
        "misses": miss and {"year": miss.year, "published": _iso(miss.published), "given": _iso(miss.given)},
    }


def _year_before_as_json(before: YearBefore) -> dict[str, object]:
    return {
        "year": before.year,
        "problem": said(before.problem) if before.problem is not None else None,
        "boundaries": {
            code: {"date": shift.before.isoformat(), "days_later": shift.days, "text": said(shift.text)}
            for code, shift in before.boundaries.items()
        },
        "windows": [
            {"activity": each.activity, "step": each.key or None, "working_days": each.before, "change": each.days}
            for each in before.windows.values()
        ],
    }


def _anomaly_as_json(anomaly: Anomaly) -> dict[str, object]:
    return {
        "rank": anomaly.rank,
        "code": anomaly.kind.value,
        "text": said(anomaly.text),
        "boundaries": list(anomaly.boundaries),
        "windows": list(anomaly.windows),
        "dates": [day.isoformat() for day in anomaly.dates],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
