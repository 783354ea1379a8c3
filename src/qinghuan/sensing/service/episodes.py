"""Exceedances: judging what came, and telling what began, went on and ended."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from qinghuan.core.identity import new_id
from qinghuan.infra import metrics
from qinghuan.infra.database import Session
from qinghuan.infra.events import announce
from qinghuan.sensing.errors import EpisodeUnknown
from qinghuan.sensing.exceedance import (
    Phase,
    Rule,
    Run,
    Sample,
    Step,
    Watch,
    advance,
    fold,
    reconcile,
    touches,
)
from qinghuan.sensing.model import (
    Datastream,
    Episode,
    EpisodeChange,
    EpisodeFilter,
    EpisodeKind,
    Station,
)
from qinghuan.sensing.repository import episodes as repository
from qinghuan.sensing.repository import stations as station_repository
from qinghuan.sensing.service.limits import Judging, day_of, judging_on
from qinghuan.trace.model import Entry, Used
from qinghuan.trace.service.recording import record

DUE_AT_ONCE = 5_000
"""Values judged in one call; more are left for the next."""

MOST_SAMPLES = 20_000
"""Values of one datastream looked at again for a late one: two years of hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodePage:
    """One page of a list of episodes."""

    episodes: tuple[Episode, ...]
    total: int


def evaluate(session: Session, at: datetime) -> list[EpisodeChange]:
    """Judge the values that came since the last call.

    Values leave the queue in the caller's transaction, so each is judged exactly once. Two
    callers at a time do not judge: the second finds nothing.

    Args:
        session: A transaction in SYSTEM scope.
        at: Now.

    Returns:
        What happened to episodes, in the order of happening for each; several steps forward of
        one episode are told as its latest.
    """
    if not repository.take_turn(session):
        return []
    times: dict[UUID, list[datetime]] = defaultdict(list)
    changed: set[UUID] = set()
    for due in repository.take_due(session, DUE_AT_ONCE):
        times[due.datastream_id].append(due.phenomenon_at)
        if due.is_change:
            changed.add(due.datastream_id)
    streams = station_repository.datastreams_by_id(session, times)
    watches = repository.watches_of(session, times)
    changes: list[EpisodeChange] = []
    for datastream_id, (stream, station) in sorted(streams.items()):
        watch, episode_id = watches.get(datastream_id, (Watch(), None))
        judge = _Judge(session, stream, station, at, watch, episode_id)
        if datastream_id in changed or _is_late(watch, times[datastream_id]):
            judge.look_again(min(times[datastream_id]))
        else:
            judge.go_on(repository.samples_at(session, datastream_id, times[datastream_id]))
        repository.save_watch(session, datastream_id, judge.watch, judge.open_id)
        changes += judge.changes
    for change in changes:
        tell(session, change)
    return changes


def list_episodes(
    session: Session, wanted: EpisodeFilter, *, limit: int = 50, offset: int = 0
) -> EpisodePage:
    """A page of the episodes in reach, the latest told first."""
    limit = min(max(limit, 1), 1000)
    episodes = repository.list_episodes(session, wanted, limit, max(offset, 0))
    return EpisodePage(episodes=tuple(episodes), total=repository.count_episodes(session, wanted))


def episode_of(session: Session, episode_id: UUID) -> Episode:
    """One episode.

    Raises:
        EpisodeUnknown: There is no such episode in reach.
    """
    episode = repository.episode_of(session, episode_id)
    if episode is None:
        raise EpisodeUnknown(str(episode_id))
    return episode


def tell(session: Session, change: EpisodeChange) -> None:
    """Count a step and tell open pages of it."""
    metrics.EPISODES.labels(change.step).inc()
    announce(
        session,
        "episode",
        subject=f"episode/{change.episode.id}",
        area_code=change.episode.area_code,
        mark=change.episode.mark,
    )


def _is_late(watch: Watch, times: Iterable[datetime]) -> bool:
    """Whether a value is not later than what was judged before."""
    return watch.last_at is not None and min(times) <= watch.last_at


@dataclass(slots=True)
class _Judge:
    """Judges one datastream in one call."""

    session: Session
    stream: Datastream
    station: Station
    at: datetime
    watch: Watch
    open_id: UUID | None
    changes: list[EpisodeChange] = field(default_factory=list)
    _open: Episode | None = None

    def go_on(self, samples: Iterable[Sample]) -> None:
        """Judge values later than all before."""
        for sample in samples:
            judging = self._judging(sample)
            if judging is None:
                continue
            self.watch, change = advance(self.watch, judging.rule, sample)
            if change is None:
                continue
            if change.step is Step.RAISED:
                self._begin(change.run, judging)
            else:
                self._move(self._opened(), change.run)

    def look_again(self, since: datetime) -> None:
        """Judge a stretch anew because a value in it came late or was changed."""
        judged = self._stretch(since)
        if not judged:
            return
        self.watch, runs = fold(judged)
        told = repository.episodes_touching(self.session, self.stream.id, judged[0][1].at)
        self.open_id = None
        for run in runs:
            rule = next(rule for rule, sample in judged if sample.at == run.started_at)
            self._settle(run, rule, told)
        for episode in told:
            if episode.ended_at is None and episode.id != self.open_id:
                self._move(episode, replace(_run_of(episode), ended_at=judged[-1][1].at))
        if self.watch.phase is Phase.RAISED and self.open_id is None:
            self.watch = Watch(last_at=self.watch.last_at)

    def _stretch(self, since: datetime) -> list[tuple[Rule, Sample]]:
        """Values from a time on, with enough before it to know where the watch stood."""
        own = self.stream.own_limit
        before = own.raise_after + own.clear_after if own else 2
        patience = timedelta(seconds=own.raise_after_s if own else 0)
        told = repository.episodes_touching(self.session, self.stream.id, since)
        first = min([since, *(episode.started_at for episode in told)]) - patience
        samples = repository.samples_around(
            self.session, self.stream.id, first, before, MOST_SAMPLES
        )
        return [(judging.rule, sample) for sample in samples if (judging := self._judging(sample))]

    def _settle(self, run: Run, rule: Rule, told: list[Episode]) -> None:
        """Match a run found again with what was told of it, or tell of it now."""
        known = [episode for episode in told if touches(run, _run_of(episode))]
        if not known:
            judging = judging_on(self.stream, self.station, day_of(run.started_at))
            assert judging is not None  # noqa: S101  the run was found under it
            self._begin(replace(run, ended_at=None), judging)
            if run.ended_at is not None:
                self._move(self._opened(), run)
            return
        episode = known[-1]
        widened = reconcile(rule, [run], _run_of(episode))
        if widened != _run_of(episode):
            self._move(episode, widened)
        self.open_id = episode.id if widened.ended_at is None else None

    def _judging(self, sample: Sample) -> Judging | None:
        return judging_on(self.stream, self.station, day_of(sample.at))

    def _begin(self, run: Run, judging: Judging) -> None:
        """Raise an episode."""
        episode = Episode(
            id=new_id(),
            kind=EpisodeKind.EXCEEDANCE,
            station_id=self.station.id,
            datastream_id=self.stream.id,
            area_code=self.stream.area_code,
            mark=self.stream.mark,
            started_at=run.started_at,
            last_at=run.last_at,
            ended_at=None,
            told_at=self.at,
            value_count=run.count,
            peak=run.peak,
            peak_at=run.peak_at,
            limit_upper=judging.limit.upper,
            limit_lower=judging.limit.lower,
            unit=self.stream.unit,
            limit_source=judging.limit.standard,
        )
        repository.add_episode(self.session, episode)
        self.open_id, self._open = episode.id, episode
        self._note(Step.RAISED, episode)

    def _move(self, episode: Episode, run: Run) -> None:
        """Move an episode to where its run stands."""
        moved = replace(
            episode,
            started_at=run.started_at,
            last_at=run.last_at,
            ended_at=run.ended_at,
            value_count=run.count,
            peak=run.peak,
            peak_at=run.peak_at,
        )
        repository.save_episode(self.session, moved)
        if run.ended_at is None:
            self.open_id, self._open = moved.id, moved
            self._note(Step.CONTINUED, moved)
        else:
            self._open = None
            self.open_id = None if self.open_id == moved.id else self.open_id
            self._note(Step.ENDED, moved)

    def _opened(self) -> Episode:
        """The open episode."""
        if self._open is None or self._open.id != self.open_id:
            assert self.open_id is not None  # noqa: S101  the watch is raised
            self._open = episode_of(self.session, self.open_id)
        return self._open

    def _note(self, step: Step, episode: Episode) -> None:
        """Note a step; further steps forward of the same episode replace the last."""
        last = self.changes[-1] if self.changes else None
        is_same = last is not None and last.episode.id == episode.id
        if step is Step.CONTINUED and last and is_same and last.step != Step.ENDED.value:
            self.changes[-1] = replace(last, episode=episode)
            return
        record_id = None
        if step is not Step.CONTINUED:
            record_id = _record(self.session, step, episode, self.station, self.at)
        self.changes.append(
            EpisodeChange(
                step=step.value,
                episode=episode,
                station=self.station,
                datastream=self.stream,
                record_id=record_id,
            )
        )


def _run_of(episode: Episode) -> Run:
    """The run an exceedance was told with."""
    assert episode.peak is not None  # noqa: S101  an exceedance has a peak
    assert episode.peak_at is not None  # noqa: S101  an exceedance has a peak
    return Run(
        started_at=episode.started_at,
        last_at=episode.last_at,
        count=episode.value_count,
        peak=episode.peak,
        peak_at=episode.peak_at,
        ended_at=episode.ended_at,
    )


def _record(session: Session, step: Step, episode: Episode, station: Station, at: datetime) -> UUID:
    """Put a step into the log, made from the records of the frames that show it."""
    assert episode.datastream_id is not None  # noqa: S101  an exceedance has a datastream
    times = {episode.started_at, episode.last_at, episode.peak_at or episode.last_at}
    used = repository.records_of(session, episode.datastream_id, times)
    return record(
        session,
        Entry(
            kind=f"episode.{step.value}",
            subject=f"station/{station.mn}",
            at=at,
            actor="system",
            data={
                "episode": str(episode.id),
                "started_at": episode.started_at.isoformat(),
                "last_at": episode.last_at.isoformat(),
                "ended_at": episode.ended_at.isoformat() if episode.ended_at else None,
                "peak": _text(episode.peak),
                "upper": _text(episode.limit_upper),
                "lower": _text(episode.limit_lower),
                "unit": episode.unit,
                "standard": episode.limit_source,
            },
            used=tuple(Used(record_id=record_id, role="reading") for record_id in used),
        ),
    )


def _text(value: Decimal | None) -> str | None:
    """A number as a record holds it."""
    return None if value is None else f"{value:f}"
