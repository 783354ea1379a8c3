"""Where the figure behind a machine's case came from, step by step back to the frame's bytes."""

from qinghuan.casework.problem.case import Case
from qinghuan.flows.exceedance_opens_case import Evidence, evidence_of
from qinghuan.infra.database import Session
from qinghuan.sensing.standards.factors import factor_of
from qinghuan.sensing.standards.units import shown
from qinghuan.trace.service.reading import places_of
from qinghuan.web.casework.parts import Measured
from qinghuan.web.views import LineageStep, ProofView
from qinghuan.web.wording import moment


def measured_behind(session: Session, case: Case) -> Measured | None:
    """What the machine behind a case measured; None for people's cases."""
    found = evidence_of(session, case)
    if found is None:
        return None
    station_href = f"/stations/{found.station.id}"
    if found.origin is None or found.datastream is None:
        return Measured(lineage=(_of_episode(found),), station_href=station_href)
    raw = found.origin.frame.raw.decode("utf-8", "replace").strip()
    return Measured(
        lineage=(_of_episode(found), *_of_origin(session, found)),
        raw=raw,
        mark=_marked(raw, found.datastream.code, found.datastream.kind),
        chart_href=f"{station_href}/series.json?datastream={found.datastream.id}",
        station_href=station_href,
        title=f"{_name(found.datastream.code)} {shown(found.datastream.unit)}",
    )


def _of_episode(found: Evidence) -> LineageStep:
    episode = found.episode
    span = moment(episode.started_at) + "–" + (moment(episode.ended_at) if episode.ended_at else "")
    if episode.peak is None:
        return LineageStep(icon="off", text=found.station.name, detail=span)
    unit = shown(episode.unit)
    return LineageStep(
        icon="rule",
        text=f"{episode.peak:f} {unit} > {episode.limit_upper or episode.limit_lower:f} {unit}",
        detail=f"{episode.limit_source} · {span}",
    )


def _of_origin(session: Session, found: Evidence) -> tuple[LineageStep, ...]:
    assert found.origin is not None  # noqa: S101  asked only with one
    assert found.datastream is not None  # noqa: S101  asked only with one
    origin, stream = found.origin, found.datastream
    observation, frame = origin.observation, origin.frame
    digest, is_sealed = places_of(session, [frame.record_id]).get(frame.record_id, ("", False))
    proof = ProofView(digest=digest, href=f"/log/records/{frame.record_id}", is_sealed=is_sealed)
    label = " · 模拟数据" if found.station.is_simulated else ""
    return (
        LineageStep(
            icon="station",
            text=f"{_name(stream.code)} {observation.value:f} {shown(stream.unit)}",
            detail=f"{found.station.name} · {moment(observation.phenomenon_at)}{label}",
            flag=observation.flag,
        ),
        LineageStep(
            icon="frame",
            text=f"HJ 212 CN {frame.cn}",
            detail=f"{moment(frame.received_at)} · sha {frame.sha256.hex()[:8]}",
            proof=proof,
        ),
    )


def _name(code: str) -> str:
    factor = factor_of(code)
    return factor.name_zh if factor else code


def _marked(raw: str, code: str, kind: str) -> str:
    """The item of the frame the figure was read from."""
    start = raw.find(f"{code}-{kind}=")
    if start < 0:
        return ""
    ends = [end for sign in ",;&" if (end := raw.find(sign, start)) > 0]
    return raw[start : min(ends)] if ends else ""
