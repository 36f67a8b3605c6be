"""All tables. A row is made from values that the core has already checked: a table class itself checks nothing."""

from app.store.rows.answers import AnswerRow, ItemRow, LostAnswerRow, SubmissionRow
from app.store.rows.attachments import AttachmentRow
from app.store.rows.cases import CaseMemberRow, CaseRow, InvitationRow, RoundRow, StepChangeRow
from app.store.rows.identities import IdentityRow, SignOnRow
from app.store.rows.keys import DataKeyRow
from app.store.rows.people import LoginAttemptRow, OrganisationRow, PersonRow, SignInRow
from app.store.rows.records import AuditHeadRow, AuditRow, DocumentRow, OutboxRow
from app.store.rows.retention import DestructionRow, RetentionRequestRow, RetentionRow
from app.store.rows.reviews import (
    ConclusionRow,
    CorrectionRow,
    DecisionRow,
    DiscussedRow,
    FindingRow,
    FrozenAssessmentRow,
    HearingRow,
    MeasureRow,
    ReplyRow,
    SourceRow,
)
from app.store.rows.row import metadata

__all__ = [
    "AnswerRow",
    "AttachmentRow",
    "AuditHeadRow",
    "AuditRow",
    "CaseMemberRow",
    "CaseRow",
    "ConclusionRow",
    "CorrectionRow",
    "DataKeyRow",
    "DecisionRow",
    "DestructionRow",
    "DiscussedRow",
    "DocumentRow",
    "FindingRow",
    "FrozenAssessmentRow",
    "HearingRow",
    "IdentityRow",
    "InvitationRow",
    "ItemRow",
    "LoginAttemptRow",
    "LostAnswerRow",
    "MeasureRow",
    "OrganisationRow",
    "OutboxRow",
    "PersonRow",
    "ReplyRow",
    "RetentionRequestRow",
    "RetentionRow",
    "RoundRow",
    "SignInRow",
    "SignOnRow",
    "SourceRow",
    "StepChangeRow",
    "SubmissionRow",
    "metadata",
]
