"""What a route asks of its caller: a role, a door, or a token's scope. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from qinghuan.people.errors import SignInNeeded
from qinghuan.people.model import Actor, Role, SessionState, TokenScope
from qinghuan.people.rights import POLICIES
from qinghuan.web.errors import RoleMissing, ScopeMissing, StepMissing


class Door(StrEnum):
    """Openings that are no role."""

    PUBLIC = "public"
    """Anyone, signed in or not."""
    SIGNED_IN = "signed_in"
    """Any person whose session is active."""
    HALFWAY = "halfway"
    """Whoever has begun to sign in: second factor, enrolment, new password, sign-out."""


PUBLIC, SIGNED_IN, HALFWAY = Door.PUBLIC, Door.SIGNED_IN, Door.HALFWAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a route asks of its caller."""

    roles: frozenset[Role] = frozenset()
    doors: frozenset[Door] = frozenset()
    scopes: frozenset[TokenScope] = frozenset()
    """Any of these lets a token in; with none, tokens are refused."""

    def check(self, actor: Actor) -> None:
        """Let an actor pass or say why not.

        Raises:
            SignInNeeded: Nobody is signed in, or not all the way.
            RoleMissing: Signed in, but no role opens this.
            ScopeMissing: A token without the scope.
        """
        if Door.PUBLIC in self.doors:
            return
        if actor.token_id is not None:
            self._check_token(actor)
            return
        if actor.person_id is None:
            raise SignInNeeded
        if Door.HALFWAY in self.doors:
            return
        if actor.state is not SessionState.ACTIVE:
            raise StepMissing(actor.state)
        if Door.SIGNED_IN in self.doors:
            return
        if self.roles.isdisjoint(held.role for held in actor.roles):
            raise RoleMissing("、".join(POLICIES[role].zh for role in sorted(self.roles)))

    def _check_token(self, actor: Actor) -> None:
        if self.scopes.isdisjoint(actor.token_scopes):
            raise ScopeMissing(", ".join(sorted(self.scopes)) or "-")

    def opens_to(self, actor: Actor) -> bool:
        """Whether an actor may pass."""
        try:
            self.check(actor)
        except (SignInNeeded, RoleMissing, ScopeMissing):
            return False
        return True
