"""What the platform counts about itself, in Prometheus' words.

Every name is here, so that the reference page and the dashboards have one list.
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

registry = CollectorRegistry()
"""Our own: nothing another library counts gets onto the page by accident."""

ProcessCollector(registry=registry)
PlatformCollector(registry=registry)

_ANSWER_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_WORK_S = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800)

HTTP_REQUEST_SECONDS = Histogram(
    "qinghuan_http_request_seconds",
    "Time to answer a web request [s].",
    ("method", "route", "status"),
    buckets=_ANSWER_S,
    registry=registry,
)
SIGN_INS = Counter(
    "qinghuan_sign_ins", "Sign-ins tried, by outcome.", ("outcome",), registry=registry
)
EVENT_SUBSCRIBERS = Gauge(
    "qinghuan_event_subscribers", "Open live-event streams.", registry=registry
)
EVENT_NOTICES = Counter(
    "qinghuan_event_notices", "Notices heard from the database.", ("topic",), registry=registry
)
FRAMES = Counter(
    "qinghuan_frames", "HJ 212 frames received, by verdict.", ("verdict",), registry=registry
)
FRAME_ANSWER_SECONDS = Histogram(
    "qinghuan_frame_answer_seconds",
    "Time from a frame's last byte to its 9014 [s].",
    buckets=_ANSWER_S,
    registry=registry,
)
STATION_LINKS = Gauge("qinghuan_station_links", "Open TCP links of stations.", registry=registry)
OBSERVATIONS = Counter(
    "qinghuan_observations",
    "Observations stored, by what became of them.",
    ("outcome",),
    registry=registry,
)
EPISODES = Counter(
    "qinghuan_episodes", "Exceedance episodes, by what happened.", ("change",), registry=registry
)
SIGNALS = Counter(
    "qinghuan_signals", "Signals received, by disposition.", ("disposition",), registry=registry
)
CASE_COMMANDS = Counter(
    "qinghuan_case_commands",
    "Commands on cases, by outcome.",
    ("command", "outcome"),
    registry=registry,
)
LOG_RECORDS = Counter("qinghuan_log_records", "Records given a leaf index.", registry=registry)
LOG_LAG_SECONDS = Gauge(
    "qinghuan_log_lag_seconds", "Age of the oldest record without a leaf [s].", registry=registry
)
JOBS = Counter("qinghuan_jobs", "Jobs run, by outcome.", ("name", "outcome"), registry=registry)
JOB_SECONDS = Histogram(
    "qinghuan_job_seconds", "Time a job ran [s].", ("name",), buckets=_WORK_S, registry=registry
)
JOBS_BY_STATUS = Gauge(
    "qinghuan_jobs_by_status", "Jobs in the queue, by status.", ("status",), registry=registry
)
BLOB_BYTES = Counter(
    "qinghuan_blob_bytes", "Bytes of blobs, by direction.", ("direction",), registry=registry
)
BLOBS_DAMAGED = Counter(
    "qinghuan_blobs_damaged", "Blobs whose content no longer fits its hash.", registry=registry
)
DISK_FREE_BYTES = Gauge(
    "qinghuan_disk_free_bytes", "Room left where the data live.", registry=registry
)
HEALTH_OK = Gauge(
    "qinghuan_health_ok", "1 when a health check passes, else 0.", ("check",), registry=registry
)


def render() -> bytes:
    """Give the page of all metrics, as `CONTENT_TYPE`."""
    return generate_latest(registry)
