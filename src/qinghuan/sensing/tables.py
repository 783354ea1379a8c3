"""The room's tables. Frames and observations are partitioned by month, made on demand."""

from sqlalchemy import (
    JSON,
    TIMESTAMP,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from qinghuan.infra.database import metadata

_AT = TIMESTAMP(timezone=True)
_CLOCK = text("clock_timestamp()")

station = Table(
    "sensing_station",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("mn", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("st", Text, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("mark", SmallInteger, nullable=False),
    Column("longitude_deg", Double, nullable=False),
    Column("latitude_deg", Double, nullable=False),
    Column("area_class", SmallInteger, nullable=False),
    Column("cadence_s", Integer),
    Column("is_simulated", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("password_salt", LargeBinary, nullable=False),
    Column("password_hash", LargeBinary, nullable=False),
    Column("registered_at", _AT, nullable=False),
    Column("changed_at", _AT, nullable=False, server_default=_CLOCK),
)

seen = Table(
    "sensing_seen",
    metadata,
    Column("station_id", Uuid, ForeignKey("sensing_station.id"), primary_key=True),
    Column("last_frame_at", _AT, nullable=False),
    Column("peer", Text, nullable=False),
)
"""Apart from the station, because it changes with every frame."""

datastream = Table(
    "sensing_datastream",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("station_id", Uuid, ForeignKey("sensing_station.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("mark", SmallInteger, nullable=False),
    Column("is_watched", Boolean, nullable=False),
    Column("limit_upper", Numeric),
    Column("limit_lower", Numeric),
    Column("limit_source", Text),
    Column("raise_after", SmallInteger),
    Column("raise_after_s", Integer),
    Column("clear_after", SmallInteger),
    Column("clear_ratio", Numeric),
    Column("changed_at", _AT, nullable=False, server_default=_CLOCK),
    UniqueConstraint("station_id", "code", "period", "kind"),
)

frame = Table(
    "sensing_frame",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("station_id", Uuid, nullable=False),
    Column("received_at", _AT, nullable=False),
    Column("qn", Text, nullable=False),
    Column("cn", Text, nullable=False),
    Column("pno", SmallInteger),
    Column("raw", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("peer", Text, nullable=False),
    Column("oddities", Text),
    Column("record_id", Uuid, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("mark", SmallInteger, nullable=False),
)
"""The id is made of the frame's own time and its hash, so the same frame has the same id."""

reject = Table(
    "sensing_reject",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("received_at", _AT, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("mn", Text, nullable=False),
    Column("peer", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("area_code", Text),
    Column("mark", SmallInteger, nullable=False),
)

reject_count = Table(
    "sensing_reject_count",
    metadata,
    Column("on", Date, primary_key=True),
    Column("verdict", Text, primary_key=True),
    Column("mn", Text, primary_key=True),
    Column("refused", BigInteger, nullable=False),
    Column("area_code", Text),
)
"""Every refusal is counted, also those whose bytes are no longer kept."""

observation = Table(
    "sensing_observation",
    metadata,
    Column("datastream_id", Uuid, primary_key=True),
    Column("phenomenon_at", _AT, primary_key=True),
    Column("value", Numeric, nullable=False),
    Column("flag", Text, nullable=False),
    Column("frame_id", Uuid, nullable=False),
)

observation_change = Table(
    "sensing_observation_change",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("datastream_id", Uuid, nullable=False),
    Column("phenomenon_at", _AT, nullable=False),
    Column("old_value", Numeric, nullable=False),
    Column("old_flag", Text, nullable=False),
    Column("old_frame_id", Uuid, nullable=False),
    Column("new_value", Numeric, nullable=False),
    Column("new_flag", Text, nullable=False),
    Column("new_frame_id", Uuid, nullable=False),
    Column("changed_at", _AT, nullable=False),
)

pending = Table(
    "sensing_pending",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("datastream_id", Uuid, nullable=False),
    Column("phenomenon_at", _AT, nullable=False),
    Column("is_change", Boolean, nullable=False),
)
"""Values of watched datastreams not yet judged: a queue, because a cursor over numbers given
before the commit would step over those that commit late."""

watch = Table(
    "sensing_watch",
    metadata,
    Column("datastream_id", Uuid, ForeignKey("sensing_datastream.id"), primary_key=True),
    Column("state", JSON, nullable=False),
    Column("episode_id", Uuid),
)

episode = Table(
    "sensing_episode",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("station_id", Uuid, ForeignKey("sensing_station.id"), nullable=False),
    Column("datastream_id", Uuid, ForeignKey("sensing_datastream.id")),
    Column("area_code", Text, nullable=False),
    Column("mark", SmallInteger, nullable=False),
    Column("started_at", _AT, nullable=False),
    Column("last_at", _AT, nullable=False),
    Column("ended_at", _AT),
    Column("told_at", _AT, nullable=False),
    Column("value_count", Integer, nullable=False),
    Column("peak", Numeric),
    Column("peak_at", _AT),
    Column("limit_upper", Numeric),
    Column("limit_lower", Numeric),
    Column("unit", Text, nullable=False),
    Column("limit_source", Text, nullable=False),
)
