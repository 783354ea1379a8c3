"""What a role may see and do. Everything not given here is denied.

A role reaches the areas whose code starts with its own, up to its security mark.
Rights are the people room's privileged acts plus two families that other rooms read:
`HANDLE` (commands that move a case) and `JUDGE` (a deputy's satisfied or not).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qinghuan.infra.database import NOBODY, Scope
from qinghuan.people.area import contains
from qinghuan.people.errors import RightMissing
from qinghuan.people.model import Actor, HeldRole, Mark, Right, Role, SessionState


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePolicy:
    """What one role gives."""

    zh: str
    en: str
    mark: Mark
    """Highest mark it sees."""
    rights: frozenset[Right] = frozenset()

    @property
    def needs_second_factor(self) -> bool:
        """Whoever sees more than the public signs in with two factors.

        Source:
            GB/T 22239-2019, clause 8.1.4.1 d.
        """
        return self.mark > Mark.PUBLIC


_HANDLES = frozenset({Right.HANDLE})
_HANDLES_AND_CALLS = frozenset({Right.HANDLE, Right.OPEN_VAULT})

POLICIES: Mapping[Role, RolePolicy] = MappingProxyType(
    {
        Role.SYSTEM_ADMIN: RolePolicy(
            zh="系统管理员",
            en="System administrator",
            mark=Mark.INTERNAL,
            rights=frozenset(
                {
                    Right.MANAGE_AREAS,
                    Right.MANAGE_OFFICES,
                    Right.MANAGE_PERSONS,
                    Right.READ_PERSONS,
                    Right.REQUEST_GRANT,
                }
            ),
        ),
        Role.SECURITY_ADMIN: RolePolicy(
            zh="安全管理员",
            en="Security administrator",
            mark=Mark.IMPORTANT,
            rights=frozenset(
                {
                    Right.READ_PERSONS,
                    Right.APPROVE_GRANT,
                    Right.REVOKE_GRANT,
                    Right.RESET_FACTOR,
                    Right.ISSUE_TOKEN,
                }
            ),
        ),
        Role.AUDIT_ADMIN: RolePolicy(
            zh="审计管理员",
            en="Audit administrator",
            mark=Mark.INTERNAL,
            rights=frozenset({Right.READ_PERSONS, Right.READ_AUDIT}),
        ),
        Role.DUTY_OFFICER: RolePolicy(
            zh="值守员", en="Duty officer", mark=Mark.SENSITIVE, rights=_HANDLES_AND_CALLS
        ),
        Role.ACCEPTOR: RolePolicy(zh="受理员", en="Acceptor", mark=Mark.SENSITIVE, rights=_HANDLES),
        Role.DISPATCHER: RolePolicy(
            zh="派遣员", en="Dispatcher", mark=Mark.SENSITIVE, rights=_HANDLES_AND_CALLS
        ),
        Role.DIRECTOR: RolePolicy(
            zh="指挥长", en="Director", mark=Mark.IMPORTANT, rights=_HANDLES_AND_CALLS
        ),
        Role.OFFICE_HEAD: RolePolicy(
            zh="单位负责人", en="Office head", mark=Mark.SENSITIVE, rights=_HANDLES
        ),
        Role.HANDLER: RolePolicy(zh="处置员", en="Handler", mark=Mark.SENSITIVE, rights=_HANDLES),
        Role.CHECKER: RolePolicy(zh="核查员", en="Checker", mark=Mark.SENSITIVE, rights=_HANDLES),
        Role.GRID_WORKER: RolePolicy(
            zh="网格员", en="Grid worker", mark=Mark.INTERNAL, rights=_HANDLES
        ),
        Role.DEPUTY: RolePolicy(
            zh="人大代表",
            en="Deputy",
            mark=Mark.INTERNAL,
            rights=frozenset({Right.JUDGE}),
        ),
        Role.CONGRESS_STAFF: RolePolicy(zh="人大工作人员", en="Congress staff", mark=Mark.INTERNAL),
        Role.CARBON_ANALYST: RolePolicy(zh="双碳分析员", en="Carbon analyst", mark=Mark.INTERNAL),
        Role.ENTERPRISE_REPORTER: RolePolicy(
            zh="企业填报员", en="Enterprise reporter", mark=Mark.PUBLIC
        ),
        Role.CITIZEN: RolePolicy(zh="市民", en="Citizen", mark=Mark.PUBLIC),
        Role.PUBLIC: RolePolicy(zh="公众", en="Public", mark=Mark.PUBLIC),
    }
)
"""Every role once. A deputy never handles (代表法 2025, Art. 51); an auditor only reads."""

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""Three posts of three persons (GB/T 22239-2019, clauses 8.1.5 and 8.1.7.2)."""

HANDLING = frozenset(role for role, policy in POLICIES.items() if Right.HANDLE in policy.rights)
"""Roles with commands over a case."""


def needs_second_factor(roles: tuple[HeldRole, ...]) -> bool:
    """Whether these roles together ask for a second factor."""
    return any(POLICIES[held.role].needs_second_factor for held in roles)


def roles_in(actor: Actor, area_code: str) -> frozenset[Role]:
    """The actor's roles that reach an area."""
    return frozenset(held.role for held in _standing(actor) if contains(held.area_code, area_code))


def rights_in(actor: Actor, area_code: str) -> frozenset[Right]:
    """The actor's rights in an area."""
    return frozenset(
        right for role in roles_in(actor, area_code) for right in POLICIES[role].rights
    )


def require(actor: Actor, right: Right, area_code: str) -> None:
    """Go on only if the actor has a right in an area.

    Raises:
        RightMissing: No role of the actor's gives it there.
    """
    if right not in rights_in(actor, area_code):
        raise RightMissing(right)


def areas_of_right(actor: Actor, right: Right) -> tuple[str, ...]:
    """The areas in which the actor has a right, widest first.

    Raises:
        RightMissing: In none.
    """
    codes = {held.area_code for held in _standing(actor) if right in POLICIES[held.role].rights}
    if not codes:
        raise RightMissing(right)
    return _widest(codes)


def may_see(actor: Actor, area_code: str, mark: Mark) -> bool:
    """Whether the actor sees a row of an area and mark: the exact rule, role by role."""
    return any(contains(code, area_code) and mark <= highest for code, highest in _reach(actor))


def scope_of(actor: Actor, acting_as: HeldRole | None = None) -> Scope:
    """The scope a transaction runs in for an actor.

    A scope carries one mark for all its areas. Where the actor's roles differ in mark, the
    highest counts, and only the areas in which he holds it: too little is shown rather than
    too much. `acting_as` narrows to one of his roles, and so reaches the others in turn.

    Args:
        actor: Who asks; before the session is active nothing is seen.
        acting_as: One of the actor's roles; any other is ignored and shows nothing.
    """
    standing = _standing(actor)
    reach = _reach(actor)
    if acting_as is not None:
        standing = tuple(held for held in standing if held == acting_as)
        reach = tuple((held.area_code, POLICIES[held.role].mark) for held in standing)
    if not reach:
        return NOBODY if actor.person_id is None else Scope(person_id=str(actor.person_id))
    mark = max(highest for _, highest in reach)
    return Scope(
        area_prefixes=_widest({code for code, highest in reach if highest == mark}),
        person_id="" if actor.person_id is None else str(actor.person_id),
        office_ids=tuple(sorted({str(held.office_id) for held in standing if held.office_id})),
        mark=int(mark),
    )


def _standing(actor: Actor) -> tuple[HeldRole, ...]:
    """The roles that count now: none before the session is active."""
    return actor.roles if actor.state is SessionState.ACTIVE else ()


def _reach(actor: Actor) -> tuple[tuple[str, Mark], ...]:
    """Each area the actor sees into, and up to which mark."""
    if actor.token_id is not None:
        return ((actor.token_area_code, actor.token_mark),)
    return tuple((held.area_code, POLICIES[held.role].mark) for held in _standing(actor))


def _widest(codes: set[str]) -> tuple[str, ...]:
    """Codes without those that lie in another of them."""
    return tuple(
        sorted(
            code
            for code in codes
            if not any(other != code and contains(other, code) for other in codes)
        )
    )
