"""API tokens in and out of their table."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.orm import Session

from qinghuan.people.model import Mark, Page, PageAsked, Token, TokenScope
from qinghuan.people.repository.paging import holds, lies_in, page_of
from qinghuan.people.repository.sealed import sealed
from qinghuan.people.tables import keys

_token = keys.token.c


def add_token(session: Session, token: Token, token_hash: bytes, created_by: UUID) -> None:
    """Keep a new API token."""
    with sealed(session):
        session.execute(
            insert(keys.token).values(
                id=token.id,
                person_id=token.person_id,
                name=token.name,
                token_hash=token_hash,
                scopes=sorted(scope.value for scope in token.scopes),
                area_code=token.area_code,
                mark=int(token.mark),
                created_at=token.created_at,
                created_by=created_by,
                expires_at=token.expires_at,
            )
        )


def token_by_hash(session: Session, token_hash: bytes) -> Token | None:
    """The API token a secret belongs to."""
    return _one_token(session, _token.token_hash == token_hash)


def token_of(session: Session, token_id: UUID) -> Token | None:
    """An API token by its id."""
    return _one_token(session, _token.id == token_id)


def touch_token(session: Session, token_id: UUID, at: datetime) -> None:
    """Note that a token was used."""
    with sealed(session):
        session.execute(update(keys.token).where(_token.id == token_id).values(last_used_at=at))


def revoke_token(session: Session, token_id: UUID, by: UUID | None, at: datetime) -> None:
    """Let a token open nothing more."""
    with sealed(session):
        session.execute(
            update(keys.token)
            .where(_token.id == token_id, _token.revoked_at.is_(None))
            .values(revoked_at=at, revoked_by=by)
        )


def token_page(session: Session, asked: PageAsked, within: tuple[str, ...]) -> Page[Token]:
    """Tokens in some areas, newest first."""
    found = select(keys.token).where(
        lies_in(_token.area_code, within), holds(asked.text, _token.name, _token.area_code)
    )
    with sealed(session):
        return page_of(
            session, found.order_by(_token.created_at.desc(), _token.id), asked, _token_noun
        )


def tokens_of(session: Session, person_id: UUID) -> tuple[Token, ...]:
    """The tokens a person answers for, newest first."""
    with sealed(session):
        rows = session.execute(
            select(keys.token)
            .where(_token.person_id == person_id)
            .order_by(_token.created_at.desc())
        ).all()
    return tuple(_token_noun(row) for row in rows)


def _one_token(session: Session, where: ColumnElement[bool]) -> Token | None:
    with sealed(session):
        row = session.execute(select(keys.token).where(where)).one_or_none()
    return None if row is None else _token_noun(row)


def _token_noun(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        scopes=frozenset(TokenScope(scope) for scope in row.scopes),
        area_code=row.area_code,
        mark=Mark(row.mark),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
