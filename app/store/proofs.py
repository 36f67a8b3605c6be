"""Queries about what people prove themselves with. Unscoped on purpose: here we still find out who is asking."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from app.store.lasting import lasting
from app.store.rows import (
    AccountLinkRow,
    AuthenticatorRow,
    KnownDeviceRow,
    PasskeyRow,
    PersonRow,
    RecoveryCodeRow,
    SignInStepRow,
)

STEP_LASTS = timedelta(minutes=15)
"""How long somebody may take between two proofs, or to set up the second one."""


def authenticator_of(db: Session, person_id: str) -> AuthenticatorRow | None:
    """Give the authenticator app of a person."""
    return db.exec(select(AuthenticatorRow).where(AuthenticatorRow.person_id == person_id)).first()


def set_authenticator(db: Session, person: PersonRow, secret: bytes, used_steps: Sequence[int] = ()) -> None:
    """Give a person this authenticator app, in place of the one before."""
    db.exec(delete(AuthenticatorRow).where(col(AuthenticatorRow.person_id) == person.id))
    db.add(
        AuthenticatorRow(
            organisation_id=person.organisation_id, person_id=person.id, secret=secret, used_steps=list(used_steps)
        )
    )
    db.flush()


def take_step(db: Session, row: AuthenticatorRow, used_steps: Sequence[int]) -> bool:
    """Write down of which half minutes the code was used by now. False: another request wrote something just before."""
    same = col(AuthenticatorRow.id) == row.id, col(AuthenticatorRow.used_steps) == row.used_steps
    done = db.exec(update(AuthenticatorRow).where(*same).values(used_steps=list(used_steps))).rowcount == 1
    db.expire(row, ["used_steps"])
    return done


def passkeys_of(db: Session, person_id: str) -> list[PasskeyRow]:
    """Give the passkeys of a person, oldest first."""
    query = select(PasskeyRow).where(PasskeyRow.person_id == person_id).order_by(col(PasskeyRow.created_at))
    return list(db.exec(query).all())


def passkey_by_credential(db: Session, credential_id: bytes) -> tuple[PasskeyRow, PersonRow] | None:
    """Find a passkey, and whose it is. Held until the transaction ends: a copy of it cannot be used meanwhile."""
    query = select(PasskeyRow, PersonRow).join(PersonRow, col(PersonRow.id) == PasskeyRow.person_id)
    query = query.where(PasskeyRow.credential_sha256 == mark_of(credential_id))
    found = db.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    return None if found is None else (found[0], found[1])


def add_passkey(db: Session, row: PasskeyRow) -> None:
    """Write a new passkey."""
    db.add(row)
    db.flush()


def remove_passkey(db: Session, person_id: str, key_id: str) -> bool:
    """Take away a passkey of this person. False: there was none."""
    query = delete(PasskeyRow).where(col(PasskeyRow.id) == key_id, col(PasskeyRow.person_id) == person_id)
    return db.exec(query).rowcount == 1


def mark_of(credential_id: bytes) -> str:
    """Give the mark under which a passkey is found: identifiers of keys may be long."""
    return hashlib.sha256(credential_id).hexdigest()


def has_factor(db: Session, person_id: str) -> bool:
    """Tell whether a person has an authenticator app or a passkey."""
    return authenticator_of(db, person_id) is not None or bool(passkeys_of(db, person_id))


def replace_recovery_codes(db: Session, person_id: str, marks: tuple[str, ...]) -> None:
    """Write a new set of recovery codes; the ones before stop working."""
    db.exec(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.person_id) == person_id))
    db.add_all(RecoveryCodeRow(person_id=person_id, mark_sha256=mark) for mark in marks)
    db.flush()


def use_recovery_code(db: Session, person_id: str, mark: str, at: datetime) -> bool:
    """Use up a recovery code. False: there is none like it, or it was used."""
    unused = (col(RecoveryCodeRow.person_id) == person_id, col(RecoveryCodeRow.used_at).is_(None))
    query = update(RecoveryCodeRow).where(col(RecoveryCodeRow.mark_sha256) == mark, *unused)
    return db.exec(query.values(used_at=at)).rowcount == 1


def recovery_codes_left(db: Session, person_id: str) -> int:
    """Count the recovery codes that still work."""
    query = select(func.count()).where(
        col(RecoveryCodeRow.person_id) == person_id, col(RecoveryCodeRow.used_at).is_(None)
    )
    return db.exec(query).one()


def forget_all(db: Session, person_id: str) -> None:
    """Take away everything a person proves themselves with, except the password; steps and links end too."""
    for table in (PasskeyRow, AuthenticatorRow, RecoveryCodeRow, KnownDeviceRow, SignInStepRow, AccountLinkRow):
        db.exec(delete(table).where(col(table.person_id) == person_id))


def add_link(db: Session, row: AccountLinkRow) -> None:
    """Write a new link. Earlier invitations of the same person stop working.

    Earlier links for a new password go on until one is used: whoever asks in the name of somebody else takes none away.
    """
    same = (col(AccountLinkRow.person_id) == row.person_id, col(AccountLinkRow.purpose) == row.purpose)
    over = () if row.purpose == "invitation" else (col(AccountLinkRow.expires_at) <= row.made_at,)
    db.exec(delete(AccountLinkRow).where(*same, *over))
    db.add(row)
    db.flush()


def end_other_links(db: Session, row: AccountLinkRow) -> None:
    """Take away the other links of a person: one of them was used."""
    others = (col(AccountLinkRow.person_id) == row.person_id, col(AccountLinkRow.id) != row.id)
    db.exec(delete(AccountLinkRow).where(*others))


def link(db: Session, token_sha256: str, *, lock: bool = False) -> tuple[AccountLinkRow, PersonRow] | None:
    """Find a link, and whose it is."""
    query = select(AccountLinkRow, PersonRow).join(PersonRow, col(PersonRow.id) == AccountLinkRow.person_id)
    query = query.where(AccountLinkRow.token_sha256 == token_sha256)
    if lock:
        # What this session read before may have changed while it let go of the database.
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.exec(query).first()
    return None if found is None else (found[0], found[1])


def end_links(db: Session, person_id: str) -> None:
    """Take away the links of a person: everything is set up."""
    db.exec(delete(AccountLinkRow).where(col(AccountLinkRow.person_id) == person_id))


def links_of(db: Session, organisation_id: str) -> dict[str, AccountLinkRow]:
    """Give the invitation of every person of an organisation who has one."""
    query = select(AccountLinkRow).join(PersonRow, col(PersonRow.id) == AccountLinkRow.person_id)
    query = query.where(PersonRow.organisation_id == organisation_id, AccountLinkRow.purpose == "invitation")
    rows = db.exec(query).all()
    return {row.person_id: row for row in rows}


def add_step(db: Session, row: SignInStepRow, now: datetime) -> None:
    """Write a new step; those that are over go."""
    db.exec(delete(SignInStepRow).where(col(SignInStepRow.expires_at) <= now))
    db.add(row)
    db.flush()


def step(db: Session, token_sha256: str, purpose: str, now: datetime, *, lock: bool = False) -> SignInStepRow | None:
    """Find a step that is not over."""
    query = select(SignInStepRow).where(
        SignInStepRow.token_sha256 == token_sha256,
        SignInStepRow.purpose == purpose,
        *lasting(SignInStepRow.expires_at, now, STEP_LASTS),
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.exec(query).first()


def end_step(db: Session, row: SignInStepRow) -> None:
    """End a step: it was taken, or failed too often."""
    db.delete(row)
    db.flush()


def end_steps(db: Session, person_id: str) -> None:
    """End every step of a person: what was proven for it does not count any more."""
    db.exec(delete(SignInStepRow).where(col(SignInStepRow.person_id) == person_id))


def knows_device(db: Session, token_sha256: str, person_id: str) -> bool:
    """Tell whether a person signed in with this device before."""
    query = select(KnownDeviceRow.id).where(
        KnownDeviceRow.token_sha256 == token_sha256, KnownDeviceRow.person_id == person_id
    )
    return db.exec(query).first() is not None


def has_devices(db: Session, person_id: str) -> bool:
    """Tell whether a person ever signed in with a device that was remembered."""
    return db.exec(select(KnownDeviceRow.id).where(KnownDeviceRow.person_id == person_id).limit(1)).first() is not None


def remember_device(db: Session, token_sha256: str, person_id: str, at: datetime) -> None:
    """Write down that a person signed in with this device."""
    same = (col(KnownDeviceRow.token_sha256) == token_sha256, col(KnownDeviceRow.person_id) == person_id)
    if db.exec(update(KnownDeviceRow).where(*same).values(seen_at=at)).rowcount == 0:
        db.add(KnownDeviceRow(token_sha256=token_sha256, person_id=person_id, seen_at=at))
