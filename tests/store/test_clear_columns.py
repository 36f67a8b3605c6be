"""What stands in the database in the clear is on a list, with the reason. A new column is sealed, or it is named here."""

import re
from collections.abc import Iterator

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator

from app.store.rows import metadata
from app.store.types import SealedType, Word

CLEAR: dict[str, str] = {
    "names of colleagues, who answer for what they do in public service": """
        attachment.by_name clerk_closing.by_name conclusion.by_name correction_request.by_name decision.by_name finding.by_name
        hearing.sent_by_name independence_declaration.lift_proposed_by_name independence_declaration.lifted_by_name
        independence_declaration.person_name independence_declaration.substitute_by_name
        independence_declaration.substitute_name measure.by_name person.email person.name policy_change.by_name
        rectification.decided_by_name
        retention_request.asked_by_name retention_request.decided_by_name reviewer_note.by_name source_consulted.by_name
        start_over.asked_by_name talking_point_discussed.by_name
    """,
    "what something is about (a question, a rule, a list, a subject): the product sorts with it, and seals what is said": """
        answer.path decision.item decision.rule finding.item finding.rule item.group_id item.item_id lost_answer.path
        measure.kind rectification.path reply.item reply.rule reviewer_note.item reviewer_note.rule source_consulted.source
        talking_point_discussed.talking_point
    """,
    "a word of the product": """
        account_link.purpose assessment_frozen.occasion attachment.media_type candidate_step.purpose candidate_way.way
        case_file.questionnaire data_key.kind destruction.kept document.kind document.media_type kept_document.kind
        kept_document.media_type login_attempt.what outbox.name retention.choice retention.ended_as retention_request.kind
        sign_in_step.purpose start_over.outcome submission.declaration
    """,
    "an organisation and what it set for itself": """
        organisation.name organisation.settings organisation.theme organisation.tier retention.policy policy_change.policy
        invitation.site
    """,
    "the log, which stays when the case is gone and names no candidate, no answer and no rule": """
        audit_entry.action audit_entry.actor_name audit_entry.actor_role audit_entry.at audit_entry.detail
        audit_entry.object_id audit_entry.object_kind audit_entry.operation audit_entry.origin audit_entry.result
    """,
    "proof that something was destroyed: counts and digests, and a document that names no candidate": """
        destruction.declaration destruction.manifest
    """,
    "public by nature, random, or wrapped already": """
        candidate_step.challenge candidate_way.public_key data_key.master_id data_key.wrapped invitation.reference
        passkey.credential_id passkey.public_key sign_in_step.challenge sign_on.nonce sign_on.verifier
    """,
    "where and with what somebody signed in, gone with the account, the case or after days": """
        identity.issuer identity.subject login_attempt.origin passkey.name sign_in.device sign_in.origin sign_on.back_to
    """,
    "which half minutes of an app were used: numbers of moments, which say nothing without the secret": """
        authenticator.used_steps candidate_way.used_steps
    """,
}
"""Every column of text or bytes that is not sealed, by the reason for it."""

MARK = re.compile(r"(sha256|_hash|digest)$")
"""How a column is called that holds what cannot be turned back."""
IDENTITY = re.compile(r"(^|_)(id|by)$")
"""How a column is called that holds an identity, which says nothing."""


def clear_columns() -> Iterator[str]:
    """Every column in which words could stand that anybody can read."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            kind = column.type
            held = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
            if isinstance(kind, SealedType | Word) or not isinstance(held, String | Text | LargeBinary):
                continue
            if column.primary_key or column.foreign_keys or MARK.search(column.name):
                continue
            # `item_id` is no identity of ours but part of the path of an answer.
            if not IDENTITY.search(column.name) or column.type.length not in {26, 40}:  # type: ignore[attr-defined]
                yield f"{table.name}.{column.name}"


def test_every_column_is_sealed_or_has_a_reason_to_be_read_by_anybody():
    listed = [name for names in CLEAR.values() for name in names.split()]
    assert len(listed) == len(set(listed))
    assert set(clear_columns()) == set(listed)
