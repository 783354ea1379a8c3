"""Appends and proofs per second of the log, beside pymerkle in the same run.

Run: uv run --group bench python bench/log.py [RECORDS]

Ours is durable: every append is committed to PostgreSQL with fsync on, sequenced, and
covered by a signed checkpoint. pymerkle (GPL, used only here) keeps its tree in SQLite on
the same disk, each append durable, and in memory, where nothing is.
"""

import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from pymerkle import InmemoryTree, SqliteTree

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.infra.migrations.runner import migrate
from qinghuan.infra.postgres.server import running
from qinghuan.trace.merkle import hash_leaf, hashes_of, inclusion_ranges
from qinghuan.trace.model import Entry
from qinghuan.trace.note import Ed25519Signer
from qinghuan.trace.proof import check_proof
from qinghuan.trace.service.auditing import verify_log
from qinghuan.trace.service.proving import proof_of, proofs_of
from qinghuan.trace.service.recording import record_all
from qinghuan.trace.service.sequencing import sequence, sequencer_lag
from qinghuan.trace.tiles import Frontier, TileNodes, extend

LOG = Ed25519Signer("log.example/bench", bytes(range(32)))
AT = datetime(2026, 11, 1, tzinfo=UTC)
WRITERS = 8
TURNS = 3
HOME = "/var/tmp"  # noqa: S108 - mkdtemp is used in it; /tmp may be memory, and this is about disks


@dataclass(slots=True)
class Run:
    """One durable run of writers beside a sequencer."""

    database: Database
    committed: list[float] = field(default_factory=list)
    signed: list[float] = field(default_factory=list)

    def append(self, count: int, batch: int) -> float:
        """Append in transactions of `batch` records; records a second until all are signed."""
        stop = threading.Event()
        sequencer = threading.Thread(target=self._sequence, args=[stop])
        sequencer.start()
        started = time.perf_counter()
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(lambda first: self._write(first, batch), range(0, count, batch)))
        while self._is_waiting():
            time.sleep(0.005)
        stop.set()
        sequencer.join()
        return count / (self.signed[-1] - started)

    def waits_ms(self) -> list[float]:
        """From each commit to the next checkpoint."""
        return [
            1000 * (next(at for at in self.signed if at >= commit) - commit)
            for commit in self.committed
            if commit <= self.signed[-1]
        ]

    def _write(self, first: int, batch: int) -> None:
        with self.database.transaction(SYSTEM) as session:
            record_all(session, map(entry, range(first, first + batch)))
        self.committed.append(time.perf_counter())

    def _sequence(self, stop: threading.Event) -> None:
        while not stop.is_set():
            with self.database.transaction(SYSTEM) as session:
                made = sequence(session, LOG, AT)
            if made is None:
                time.sleep(0.01)
            else:
                self.signed.append(time.perf_counter())

    def _is_waiting(self) -> bool:
        with self.database.transaction(SYSTEM) as session:
            return sequencer_lag(session).pending > 0


def main(count: int) -> None:
    """Run everything and print the figures and ratios."""
    with folder() as home, running(home / "data") as url, SqliteTree(str(home / "tree")) as theirs:
        migrate(url)
        database = Database(url, pool_size=WRITERS + 4)
        measure_appends(database, 4_000, 1)
        measure_appends(database, 20_000, 50)
        compare_appends(database, theirs)
        ids = fill(database, count)
        theirs.append_entries([blob(number) for number in range(count)])
        compare_proofs(database, ids, theirs)
        measure_replay(database)
        database.close()
    compare_in_memory(count)


def entry(number: int) -> Entry:
    """An entry of usual size, about 300 bytes."""
    return Entry(
        kind="sensing.exceedance",
        subject=f"station/{number % 500}",
        at=AT,
        actor="system",
        data={"factor": "a21026", "value": f"{number}.125", "limit": "500", "unit": "mg/m3"},
    )


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on disk, gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="qinghuan-bench-", dir=HOME))
    home.chmod(0o711)
    yield home
    shutil.rmtree(home)


def rate(count: int, act: Callable[[], object]) -> float:
    """How many a second, of an act that does `count` of something."""
    started = time.perf_counter()
    act()
    return count / (time.perf_counter() - started)


def say(what: str, per_s: float, more: str = "") -> float:
    """Print a figure and hand it on."""
    print(f"{what:55} {per_s:10,.0f}/s  {more}", flush=True)
    return per_s


def measure_appends(database: Database, count: int, batch: int) -> float:
    """Writers and a sequencer at once."""
    run = Run(database)
    per_s = run.append(count, batch)
    cuts = statistics.quantiles(run.waits_ms(), n=100)
    waits = f"commit to checkpoint p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms"
    return say(f"append, {WRITERS} writers, {batch} a transaction", per_s, waits)


def compare(what: str, ours: Callable[[], float], theirs: Callable[[], float]) -> None:
    """Measure both by turns, so that a busy machine is busy for both; print the medians."""
    turns = [(ours(), theirs()) for _ in range(TURNS)]
    mine, other = (statistics.median(figures) for figures in zip(*turns, strict=True))
    say(what, mine, f"pymerkle {other:,.0f}/s, ratio {mine / other:.2f}")


def compare_appends(database: Database, theirs: SqliteTree) -> None:
    """Durable appends one by one, and many at once."""
    numbers = iter(range(10**9))

    def one_by_one() -> float:
        return Run(database).append(600, 1)

    def at_once() -> float:
        return rate(10_000, lambda: fill(database, 10_000, quietly=True))

    compare(
        f"append, one a transaction, {WRITERS} writers / SqliteTree",
        one_by_one,
        lambda: rate(200, lambda: [theirs.append_entry(blob(next(numbers))) for _ in range(200)]),
    )
    compare(
        "append, 5,000 a transaction / SqliteTree bulk",
        at_once,
        lambda: rate(10_000, lambda: theirs.append_entries([blob(n) for n in range(10_000)])),
    )


def blob(number: int) -> bytes:
    """Bytes as long as one of our records."""
    return b"x" * 290 + str(number).encode()


def fill(database: Database, count: int, *, quietly: bool = False) -> list[UUID]:
    """Import in bulk, then sequence until nothing waits."""
    ids: list[UUID] = []

    def write() -> None:
        for first in range(0, count, 5_000):
            with database.transaction(SYSTEM) as session:
                ids.extend(record_all(session, map(entry, range(first, first + 5_000))))

    def drain() -> None:
        while True:
            with database.transaction(SYSTEM) as session:
                if sequence(session, LOG, AT) is None:
                    return

    written, placed = rate(count, write), rate(count, drain)
    if not quietly:
        say("record_all(), 5,000 a transaction", written)
        say("sequence()", placed)
    return ids


def compare_proofs(database: Database, ids: Sequence[UUID], theirs: SqliteTree) -> None:
    """Proof files, one at a time and 500 at a time, and checking them."""
    dice = random.Random(1)  # noqa: S311 - a seed for a bench
    size = theirs.get_size()

    def one_by_one() -> float:
        with database.transaction(SYSTEM) as session:
            return rate(300, lambda: [proof_of(session, item) for item in dice.sample(ids, 300)])

    def at_once() -> float:
        with database.transaction(SYSTEM) as session:
            return rate(500, lambda: proofs_of(session, dice.sample(ids, 500)))

    def their_proofs() -> float:
        indexes = [dice.randrange(1, size) for _ in range(15)]
        return rate(15, lambda: [theirs.prove_inclusion(index, size) for index in indexes])

    compare("proof files, one by one / SqliteTree", one_by_one, their_proofs)
    compare("proof files, 500 at once / SqliteTree", at_once, their_proofs)
    with database.transaction(SYSTEM) as session:
        files = proofs_of(session, dice.sample(ids, 500)).values()
    say(
        "proof files checked",
        rate(500, lambda: [check_proof(file, [LOG.verifier]) for file in files]),
        "with the checkpoint's signature each time",
    )


def measure_replay(database: Database) -> None:
    """Replay the whole log."""
    with database.transaction(SYSTEM) as session:
        started = time.perf_counter()
        report = verify_log(session, LOG.verifier.vkey())
        took_s = time.perf_counter() - started
    assert report.is_sound, report.findings[:3]
    more = f"{report.size} records, {report.checkpoints} checkpoints in {took_s:.1f} s"
    say("replay of the whole log", report.size / took_s, more)


def compare_in_memory(count: int) -> None:
    """Trees held in memory: nothing durable on either side."""
    leaves = [hash_leaf(blob(number)) for number in range(count)]
    nodes, theirs = TileNodes(extend(Frontier(), leaves)[1]), InmemoryTree()
    dice = random.Random(2)  # noqa: S311 - a seed for a bench

    def append() -> float:
        return rate(count, lambda: extend(Frontier(), [hash_leaf(blob(n)) for n in range(count)]))

    def prove() -> float:
        indexes = [dice.randrange(count) for _ in range(5_000)]
        return rate(
            5_000,
            lambda: [hashes_of(inclusion_ranges(index, count), nodes.read) for index in indexes],
        )

    def their_proofs() -> float:
        indexes = [dice.randrange(1, count) for _ in range(1_000)]
        return rate(1_000, lambda: [theirs.prove_inclusion(index, count) for index in indexes])

    compare(
        "tree grown in memory / InmemoryTree",
        append,
        lambda: rate(count, lambda: [theirs.append_entry(blob(n)) for n in range(count)]),
    )
    compare("proofs from tiles in memory / InmemoryTree", prove, their_proofs)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
