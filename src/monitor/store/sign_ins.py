"""
What signing in writes: passwords as hashes, sessions, invitations and failed tries.

None of it is part of the register: it is secret or short-lived, so it has no history. Tokens come here as their
hashes; whoever reads the database cannot sign in with what stands there.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import DatabaseError

from monitor.store import tables
from monitor.store.engine import explain
from monitor.store.register import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginSession:
    """
    One time of being signed in.

    Attributes:
        id: What Streamlit and the list of sessions know it by; it opens nothing.
        agent: The browser, in a few words.
        uploaded_bytes: Bytes sent on `uploaded_on`.
    """

    id: str
    account_id: str
    agent: str
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    uploaded_on: date | None
    uploaded_bytes: int


class SignIns:
    """The sign-ins of one register's database. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self.store.engine.connect().execution_options(writes=True) as connection, connection.begin():
                yield connection
        except DatabaseError as problem:
            raise explain(problem, self.store.address) from problem

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self.store.reading() as reader:
            yield reader.connection

    # Passwords and invitations

    def put_password(self, account_id: str, password_hash: str, at: datetime) -> None:
        """Keep an account's password, as its hash; the one before is gone."""
        with self._writing() as connection:
            connection.execute(delete(tables.credential).where(tables.credential.c.account_id == account_id))
            connection.execute(
                insert(tables.credential).values(account_id=account_id, hash=password_hash, set_at=at)
            )

    def renew_hash(self, account_id: str, *, before: str, after: str) -> None:
        """Keep another hash of the same password, unless the password was changed meanwhile."""
        table = tables.credential
        with self._writing() as connection:
            connection.execute(
                update(table)
                .where(table.c.account_id == account_id, table.c.hash == before)
                .values(hash=after)
            )

    def password_of(self, account_id: str) -> str | None:
        """Return the hash of an account's password; None where it has none."""
        with self._reading() as connection:
            found: str | None = connection.execute(
                select(tables.credential.c.hash).where(tables.credential.c.account_id == account_id)
            ).scalar()
            return found

    def put_invitation(self, code_hash: str, account_id: str, expires_at: datetime) -> None:
        """Keep an invitation; earlier ones of the same account no longer hold."""
        table = tables.invitation
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c.account_id == account_id))
            connection.execute(
                insert(table).values(code_hash=code_hash, account_id=account_id, expires_at=expires_at)
            )

    def invited(self, code_hash: str, now: datetime) -> str | None:
        """Return for which account an invitation is; None for one that is unknown, used or over."""
        table = tables.invitation
        with self._reading() as connection:
            found: str | None = connection.execute(
                select(table.c.account_id).where(
                    table.c.code_hash == code_hash, table.c.used_at.is_(None), table.c.expires_at > now
                )
            ).scalar()
            return found

    def use_invitation(self, code_hash: str, now: datetime) -> bool:
        """Use an invitation up; tell whether it could be used, which is so once."""
        table = tables.invitation
        with self._writing() as connection:
            done = connection.execute(
                update(table)
                .where(table.c.code_hash == code_hash, table.c.used_at.is_(None), table.c.expires_at > now)
                .values(used_at=now)
            )
            return done.rowcount == 1

    # Sessions

    def open(self, *, session_id: str, token_hash: str, account_id: str, agent: str, now: datetime) -> None:
        """Begin a session."""
        with self._writing() as connection:
            connection.execute(
                insert(tables.login_session).values(
                    id=session_id,
                    token_hash=token_hash,
                    account_id=account_id,
                    agent=agent,
                    started_at=now,
                    seen_at=now,
                    uploaded_bytes=0,
                )
            )

    def by_token(self, token_hash: str) -> LoginSession | None:
        """Return the session that a cookie opens."""
        return self._one(tables.login_session.c.token_hash == token_hash)

    def by_id(self, session_id: str) -> LoginSession | None:
        """Return a session by its name."""
        return self._one(tables.login_session.c.id == session_id)

    def _one(self, condition: Any) -> LoginSession | None:
        with self._reading() as connection:
            row = connection.execute(select(*_SESSION_COLUMNS).where(condition)).first()
            return LoginSession(**row._mapping) if row else None

    def sessions(self, account_id: str | None = None) -> Sequence[LoginSession]:
        """Return the sessions that nobody has ended, of one account or of all, the last seen first."""
        table = tables.login_session
        query = select(*_SESSION_COLUMNS).where(table.c.ended_at.is_(None)).order_by(table.c.seen_at.desc())
        if account_id is not None:
            query = query.where(table.c.account_id == account_id)
        with self._reading() as connection:
            return [LoginSession(**row._mapping) for row in connection.execute(query)]

    def last_seen(self) -> Mapping[str, datetime]:
        """Return when each account was last used."""
        table = tables.login_session
        with self._reading() as connection:
            rows = connection.execute(
                select(table.c.account_id, func.max(table.c.seen_at)).group_by(table.c.account_id)
            )
            return {row[0]: row[1] for row in rows}

    def touch(self, session_id: str, now: datetime) -> None:
        """Note that a session was used."""
        table = tables.login_session
        with self._writing() as connection:
            connection.execute(
                update(table).where(table.c.id == session_id, table.c.ended_at.is_(None)).values(seen_at=now)
            )

    def end(self, now: datetime, *, session_id: str | None = None, account_id: str | None = None) -> int:
        """End one session, or all of an account; return how many."""
        table = tables.login_session
        which = table.c.id == session_id if session_id is not None else table.c.account_id == account_id
        with self._writing() as connection:
            done = connection.execute(
                update(table).where(which, table.c.ended_at.is_(None)).values(ended_at=now)
            )
            return done.rowcount

    def count_upload(self, session_id: str, size: int, day: date, *, at_most: int) -> bool:
        """
        Add the bytes that a session is about to send; tell whether it may.

        Counted are those of the whole account on this day, by sessions that have ended too: whoever signs in again
        does not get as much again. What is refused is not counted.
        """
        table = tables.login_session
        with self._writing() as connection:
            account = select(table.c.account_id).where(table.c.id == session_id).scalar_subquery()
            # Locked, where the database can: two files at the same instant must not both fit.
            own = connection.execute(
                select(table.c.id, table.c.uploaded_on, table.c.uploaded_bytes)
                .where(
                    table.c.account_id == account, (table.c.uploaded_on == day) | table.c.ended_at.is_(None)
                )
                .order_by(table.c.id)
                .with_for_update()
            )
            by_session = {row.id: row.uploaded_bytes for row in own if row.uploaded_on == day}
            if sum(by_session.values()) + size > at_most:
                return False
            connection.execute(
                update(table)
                .where(table.c.id == session_id)
                .values(uploaded_on=day, uploaded_bytes=by_session.get(session_id, 0) + size)
            )
            return True

    # Addresses of calendars

    def put_calendar(self, account_id: str, token_hash: str, at: datetime) -> None:
        """Keep the hash of an account's address; the ones before end."""
        self.end_calendars(account_id, at)
        with self._writing() as connection:
            connection.execute(
                insert(tables.calendar_address).values(
                    token_hash=token_hash, account_id=account_id, made_at=at, ended_at=None
                )
            )

    def end_calendars(self, account_id: str, at: datetime) -> None:
        """End every address of an account."""
        table = tables.calendar_address
        with self._writing() as connection:
            connection.execute(
                update(table)
                .where(table.c.account_id == account_id, table.c.ended_at.is_(None))
                .values(ended_at=at)
            )

    def has_calendar(self, account_id: str) -> bool:
        """Tell whether an account has an address that has not ended."""
        table = tables.calendar_address
        query = select(func.count()).where(table.c.account_id == account_id, table.c.ended_at.is_(None))
        with self._reading() as connection:
            return bool(connection.execute(query).scalar())

    def calendar_account(self, token_hash: str) -> str | None:
        """Return whose address has this hash; None where none has, or it has ended."""
        table = tables.calendar_address
        query = select(table.c.account_id).where(table.c.token_hash == token_hash, table.c.ended_at.is_(None))
        with self._reading() as connection:
            return connection.execute(query).scalar()

    # Failed tries

    def note_failure(self, key: str, now: datetime) -> None:
        """Note a failed try for a name, itself kept as a hash."""
        with self._writing() as connection:
            connection.execute(insert(tables.failed_sign_in).values(key=key, at=now))

    def failures(self, key: str, since: datetime) -> Sequence[datetime]:
        """Return when tries for a name failed, from a moment on, oldest first."""
        table = tables.failed_sign_in
        with self._reading() as connection:
            rows = connection.execute(
                select(table.c.at).where(table.c.key == key, table.c.at >= since).order_by(table.c.at)
            )
            return list(rows.scalars())

    def forget_failures(self, key: str, *, before: datetime) -> None:
        """Forget the failed tries for a name, and everybody's from before a moment."""
        table = tables.failed_sign_in
        with self._writing() as connection:
            connection.execute(delete(table).where((table.c.key == key) | (table.c.at < before)))


_SESSION_COLUMNS = [tables.login_session.c[f.name] for f in fields(LoginSession)]
