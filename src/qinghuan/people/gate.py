"""The gate: what signing in and the vault need, built once at the edge and passed down."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from qinghuan.people.adapters.hashing import Passwords
from qinghuan.people.adapters.key_file import read_or_make_key
from qinghuan.people.lockout import LockoutPolicy
from qinghuan.people.session import SessionPolicy
from qinghuan.people.settings import PeopleSettings
from qinghuan.people.vault import Vault

KEY_FILE = "vault.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Keys, costs and limits of the door."""

    vault: Vault
    passwords: Passwords
    lockout: LockoutPolicy = field(default_factory=LockoutPolicy)
    sessions: SessionPolicy = field(default_factory=SessionPolicy)
    issuer: str = "青环 Qinghuan"
    password_days: int = 180
    """Age at which a password must be changed. [d]"""
    audit_days: int = 365
    """How long tries at signing in are kept. [d]"""
    log_max_lag_s: float = 30.0
    """Privileged acts stop when the log is behind by more. [s]"""
    is_production: bool = True
    entropy: Callable[[int], bytes] = os.urandom
    """Source of random bytes; a test may fix it, nothing else should."""


def build_gate(
    settings: PeopleSettings, data_dir: Path, *, is_production: bool, log_max_lag_s: float = 30.0
) -> Gate:
    """Build the gate from settings, with the vault's key from them or from the data folder.

    Args:
        settings: The room's settings.
        data_dir: Where `vault.key` is kept if the settings give no key.
        is_production: Accounts with known secrets are refused then.
        log_max_lag_s: The trace room's setting of the same name. [s]

    Raises:
        ValueError: The key file is damaged.
    """
    keys = settings.keys() or (read_or_make_key(data_dir / KEY_FILE),)
    return Gate(
        vault=Vault(*keys),
        passwords=Passwords(),
        lockout=LockoutPolicy(
            locked_after=settings.locked_after, locked_for_s=settings.locked_for_s
        ),
        sessions=SessionPolicy(idle_s=settings.idle_s, absolute_s=settings.session_s),
        issuer=settings.issuer,
        password_days=settings.password_days,
        audit_days=settings.audit_days,
        log_max_lag_s=log_max_lag_s,
        is_production=is_production,
    )
