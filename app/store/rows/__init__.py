"""All tables. A row is made from values that the core has already checked: a table class itself checks nothing."""

from app.store.rows.accounts import (
    AccountLinkRow,
    AuthenticatorRow,
    KnownDeviceRow,
    PasskeyRow,
    RecoveryCodeRow,
    SignInStepRow,
    StartOverRow,
)
from app.store.rows.answers import AnswerRow, ItemRow, LostAnswerRow, SubmissionRow
from app.store.rows.attachments import AttachmentRow
from app.store.rows.candidates import CandidateDeviceRow, CandidateStepRow, CandidateWayRow
from app.store.rows.cases import CaseMemberRow, CaseRow, InvitationRow, RoundRow, StepChangeRow
from app.store.rows.identities import IdentityRow, SignOnRow
from app.store.rows.independence import DeclarationRow
from app.store.rows.keys import ContentKeyRow
from app.store.rows.notes import ReviewerNoteRow
from app.store.rows.people import (
    ClerkClosingRow,
    FailurePeakRow,
    LoginAttemptRow,
    OrganisationRow,
    PersonRow,
    SignInRow,
)
from app.store.rows.records import AuditHeadRow, AuditRow, DocumentRow, OutboxRow
from app.store.rows.rectifications import RectificationRow
from app.store.rows.retention import (
    DestructionRow,
    KeptDocumentRow,
    PolicyChangeRow,
    RetentionRequestRow,
    RetentionRow,
)
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
from app.store.rows.wall_clock import ClockRow

__all__ = [
    "AccountLinkRow",
    "AnswerRow",
    "AttachmentRow",
    "AuditHeadRow",
    "AuditRow",
    "AuthenticatorRow",
    "CandidateDeviceRow",
    "CandidateStepRow",
    "CandidateWayRow",
    "CaseMemberRow",
    "CaseRow",
    "ClerkClosingRow",
    "ClockRow",
    "ConclusionRow",
    "ContentKeyRow",
    "CorrectionRow",
    "DecisionRow",
    "DeclarationRow",
    "DestructionRow",
    "DiscussedRow",
    "DocumentRow",
    "FailurePeakRow",
    "FindingRow",
    "FrozenAssessmentRow",
    "HearingRow",
    "IdentityRow",
    "InvitationRow",
    "ItemRow",
    "KeptDocumentRow",
    "KnownDeviceRow",
    "LoginAttemptRow",
    "LostAnswerRow",
    "MeasureRow",
    "OrganisationRow",
    "OutboxRow",
    "PasskeyRow",
    "PersonRow",
    "PolicyChangeRow",
    "RecoveryCodeRow",
    "RectificationRow",
    "ReplyRow",
    "RetentionRequestRow",
    "RetentionRow",
    "ReviewerNoteRow",
    "RoundRow",
    "SignInRow",
    "SignInStepRow",
    "SignOnRow",
    "SourceRow",
    "StartOverRow",
    "StepChangeRow",
    "SubmissionRow",
    "metadata",
]
