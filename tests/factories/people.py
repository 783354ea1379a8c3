"""A small town with its three administrators, and a gate whose hashes are cheap."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from qinghuan.infra.database import SYSTEM, Database
from qinghuan.people.adapters.hashing import Passwords
from qinghuan.people.gate import Gate
from qinghuan.people.model import Actor, Person, Role
from qinghuan.people.service.persons import PersonDraft
from qinghuan.people.service.planting import Planted, plant_person
from qinghuan.people.service.sign_in import SignedIn, second_factor, sign_in
from qinghuan.people.service.standing import acting_person
from qinghuan.people.totp import code_at
from qinghuan.people.vault import Vault

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
PASSWORD = "Tidal-Marsh-42"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
HERE = "10.0.0.7"
PHONE = "13800000007"


@dataclass(slots=True)
class Town:
    """The town, its people by login name, and a clock that moves when told."""

    database: Database
    gate: Gate
    at: datetime = NOON
    people: dict[str, Person] = field(default_factory=dict)

    def plant(
        self, name: str, *roles: Role, area_code: str = "9901", factor: bool = True
    ) -> Person:
        """Add an account with known secrets."""
        draft = PersonDraft(
            login_name=name,
            name=f"林{name}",
            post_label=f"{name} 07",
            area_code=area_code,
            phone=PHONE,
        )
        planted = Planted(
            draft=draft, roles=roles, password=PASSWORD, totp_secret=SECRET if factor else ""
        )
        with self.database.transaction(SYSTEM) as session:
            person = plant_person(session, self.gate, planted, self.at)
        self.people[name] = person
        return person

    def actor(self, name: str) -> Actor:
        """A person acting, without a session."""
        with self.database.transaction(SYSTEM) as session:
            return acting_person(session, self.people[name].id, self.at)

    def wait(self, seconds: float) -> datetime:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)
        return self.at

    def enter(self, name: str) -> SignedIn:
        """Sign in with both factors, at a time step of its own."""
        self.wait(61)
        with self.database.transaction(SYSTEM) as session:
            first = sign_in(session, self.gate, name, PASSWORD, HERE, self.at)
            assert isinstance(first, SignedIn), first
            code = code_at(SECRET, self.at)
            second = second_factor(session, self.gate, first.token, code, HERE, self.at)
        assert isinstance(second, SignedIn), second
        return second


def cheap_gate() -> Gate:
    """A gate for tests: fixed key, cheap hashes, repeatable secrets."""
    return Gate(
        vault=Vault(bytes(range(32))),
        passwords=Passwords(memory_kib=64, time_cost=1),
        is_production=False,
        entropy=Random(7).randbytes,  # noqa: S311 - a test repeats itself
    )
