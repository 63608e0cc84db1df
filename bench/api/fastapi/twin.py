"""FastAPI, SQLAlchemy 2 and asyncpg as their documentation shows them: a token, the membership, the query, under the same
row-level security. No rate limits, no sessions."""

import json
import os
from datetime import datetime
from typing import Any
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import BigInteger, DateTime, FetchedValue, Text, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

KEY = bytes.fromhex(os.environ["JWT_KEY"])
engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=int(os.environ["POOL_MAX"]), max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    # What the database fills in comes back with the insert.
    __mapper_args__ = {"eager_defaults": True}


class Artifact(Base):
    __tablename__ = "artifacts"
    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    name: Mapped[str]
    description: Mapped[str]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # `metadata` is a word of SQLAlchemy's own.
    facts: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB)
    kind: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=FetchedValue())
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    original_version: Mapped[int] = mapped_column(server_default=FetchedValue())
    original_content_type: Mapped[str | None]
    original_size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    original_sha256: Mapped[str | None]
    original_uploaded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    picture_width_px: Mapped[int | None]
    picture_height_px: Mapped[int | None]
    thumbhash: Mapped[str | None]
    dominant_color: Mapped[str | None]
    variants_expected: Mapped[int] = mapped_column(server_default=FetchedValue())
    dropped: Mapped[list[Any]] = mapped_column(JSONB, server_default=FetchedValue())
    revision: Mapped[int] = mapped_column(server_default=FetchedValue())
    demo_key: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=FetchedValue())
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Membership(Base):
    __tablename__ = "memberships"
    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str]


THUMBNAILS = text(
    """(select json_agg(json_build_object('hash', v.hash, 'widthPx', v.width_px) order by v.width_px)
    from variants v where v.workspace_id = artifacts.workspace_id and v.artifact_id = artifacts.id
      and v.version = artifacts.original_version and v.format = 'webp' and v.width_px <= 960) as thumbnails"""
)
ASKED = "(select hortus_query(cast(:workspace as uuid), cast(:terms as jsonb)))"
# Nobody hears of it: NOTIFY in a transaction would hold the twins up, and the api says it behind the commit.
APPEND_EVENT = text(
    """with locked as materialized (select pg_advisory_xact_lock(hashtextextended(cast(:workspace as text), 7)))
      insert into events (workspace_id, type, artifact_id)
        select cast(cast(:workspace as text) as uuid), 'artifact.changed', cast(:artifact as uuid) from locked"""
)


class AuditEntry(Base):
    __tablename__ = "audit_log"
    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    user_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    action: Mapped[str]
    artifact_id: Mapped[UUID | None]
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Original(BaseModel):
    version: int
    contentType: str
    sizeBytes: int
    sha256: str
    uploadedAt: datetime


class ArtifactOut(BaseModel):
    id: UUID
    name: str
    description: str
    tags: list[str]
    metadata: dict[str, Any]
    kind: str | None
    status: str
    failure: dict[str, Any] | None
    original: Original | None
    picture: None
    revision: int
    createdAt: datetime
    updatedAt: datetime


class PageOut(BaseModel):
    items: list[ArtifactOut]
    nextCursor: str | None


class NewArtifact(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    description: str = ""
    tags: list[str] = []
    metadata: dict[str, str | float | bool] = {}


def present(row: Artifact) -> ArtifactOut:
    original = None
    if row.original_sha256 is not None:
        original = Original(
            version=row.original_version,
            contentType=row.original_content_type,
            sizeBytes=row.original_size_bytes,
            sha256=row.original_sha256,
            uploadedAt=row.original_uploaded_at,
        )
    return ArtifactOut(
        id=row.id,
        name=row.name,
        description=row.description,
        tags=row.tags,
        metadata=row.facts,
        kind=row.kind,
        status=row.status,
        failure=row.failure,
        original=original,
        picture=None,
        revision=row.revision,
        createdAt=row.created_at,
        updatedAt=row.updated_at,
    )


class Scope(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    session: AsyncSession
    workspace_id: UUID
    user_id: UUID
    session_id: UUID


async def in_workspace(authorization: str = Header(), hortus_workspace: UUID = Header()):
    claims = jwt.decode(authorization.removeprefix("Bearer "), KEY, algorithms=["HS256"], audience="hortus-api")
    async with sessions() as session, session.begin():
        await session.execute(
            text("select set_config('hortus.workspace_id', :id, true)"), {"id": str(hortus_workspace)}
        )
        role = await session.scalar(
            select(Membership.role).where(
                Membership.workspace_id == hortus_workspace, Membership.user_id == UUID(claims["sub"])
            )
        )
        if role is None:
            raise HTTPException(404)
        yield Scope(
            session=session,
            workspace_id=hortus_workspace,
            user_id=UUID(claims["sub"]),
            session_id=UUID(claims["sid"]),
        )


app = FastAPI()
# `scope="function"`: it is committed before the answer is sent.
IN_WORKSPACE = Depends(in_workspace, scope="function")


@app.get("/api/v1/artifacts")
async def list_artifacts(query: str | None = None, scope: Scope = IN_WORKSPACE) -> PageOut:
    statement = select(Artifact, THUMBNAILS).where(Artifact.deleted_at.is_(None)).limit(21)
    if query is None:
        statement = statement.order_by(Artifact.id.desc())
    else:
        statement = statement.where(text(f"artifacts.words @@ {ASKED}")).order_by(
            text(f"ts_rank(artifacts.words, {ASKED}) desc"), Artifact.id.desc()
        )
        terms = [{"text": query, "isPrefix": True, "isExcluded": False}]
        statement = statement.params(workspace=str(scope.workspace_id), terms=json.dumps(terms))
    rows = (await scope.session.execute(statement)).all()
    items = [present(row[0]) for row in rows[:20]]
    return PageOut(items=items, nextCursor=str(items[-1].id) if len(rows) > 20 else None)


@app.post("/api/v1/artifacts", status_code=201)
async def create_artifact(new: NewArtifact, response: Response, scope: Scope = IN_WORKSPACE) -> ArtifactOut:
    row = Artifact(
        workspace_id=scope.workspace_id,
        name=new.name,
        description=new.description,
        tags=new.tags,
        facts=new.metadata,
    )
    scope.session.add(row)
    await scope.session.flush()
    scope.session.add(
        AuditEntry(
            workspace_id=scope.workspace_id,
            user_id=scope.user_id,
            session_id=scope.session_id,
            action="artifact.created",
            artifact_id=row.id,
            after=new.model_dump(exclude_unset=True),
        )
    )
    await scope.session.execute(APPEND_EVENT, {"workspace": str(scope.workspace_id), "artifact": str(row.id)})
    return present(row)
