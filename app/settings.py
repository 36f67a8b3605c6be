"""Every knob of an installation, each with a sentence. Read once by whoever starts the product, then passed on.

Each setting is an environment variable with `TOETSSTEEN_` in front: `TOETSSTEEN_DATABASE_URL`. There is no instance at
module level: a test or a command makes its own.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.crypto import masters
from app.crypto.masters import MasterKeys
from app.reviews.lifecycle import Role


class Environment(StrEnum):
    """Where the product runs. Only `development` shows the local mailbox, the components page and demo accounts."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """The settings of one installation. Production refuses every default that is only safe on one's own machine."""

    # An error about one setting would otherwise repeat the others, the master key among them.
    model_config = SettingsConfigDict(
        env_prefix="TOETSSTEEN_", frozen=True, extra="ignore", use_attribute_docstrings=True, hide_input_in_errors=True
    )

    environment: Environment = Environment.DEVELOPMENT
    """`development` on one's own machine, `production` everywhere else."""

    data_dir: Path = Path("data")
    """The folder for the SQLite database and its backups."""

    database_url: str = ""
    """Where the database is, as an SQLAlchemy URL. Empty: the file `toetssteen.db` in the data folder."""

    master_key_file: Path | None = None
    """A file with the master keys, one on each line, as `toetssteen keys create` makes it. In development a file
    `master.key` in the data folder is made when no key is given; production wants exactly one of these three."""

    master_key: str = Field(default="", repr=False)
    """The master keys themselves, parted by spaces. It is never shown or logged; a file or a command is safer."""

    master_key_command: str = ""
    """A command that prints the master keys, one on each line, such as one that asks a vault. No shell looks at it."""

    base_url: str = "http://127.0.0.1:8000"
    """The address people type, without a slash at the end. It stands in every mail and must be https in production."""

    smtp_host: str = ""
    """The mail server. Empty: no mail leaves; in development mails can be read in the local mailbox."""

    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    """The port of the mail server."""

    smtp_user: str = ""
    """The name to sign in with at the mail server. Empty: no sign-in."""

    smtp_password: str = Field(default="", repr=False)
    """The password that goes with the name. It is never shown or logged."""

    smtp_starttls: bool = True
    """Whether the connection to the mail server is encrypted with STARTTLS before anything else is said."""

    mail_from: str = "toetssteen@voorbeeldstad.example"
    """The sender that people see on a mail."""

    security_contact: str = ""
    """Where somebody reports a weakness: an address of mail or of a page. It stands in `/.well-known/security.txt`."""

    outbox_seconds: Annotated[float, Field(gt=0)] = 5.0
    """How many seconds the delivery of mails waits between two looks at the outbox."""

    session_idle_minutes: Annotated[int, Field(ge=1, le=120)] = 30
    """After how many minutes without any request a session ends."""

    session_hours: Annotated[int, Field(ge=1, le=24)] = 12
    """After how many hours a session ends, whatever happens in it."""

    invitation_days: Annotated[int, Field(ge=1, le=365)] = 60
    """How many days an invitation can be used."""

    local_accounts: bool = True
    """Whether staff can sign in with a password or passkey of this installation. Off: only single sign-on remains, which
    must be set up then, and sessions that began another way are over."""

    account_link_hours: Annotated[int, Field(ge=1, le=336)] = 72
    """How many hours the link in an invitation of a colleague can be used. A link for a new password: always one hour."""

    attempts_before_lock: Annotated[int, Field(ge=3, le=20)] = 5
    """How many wrong passwords or codes are accepted before a pause, from one place at one account."""

    lock_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    """How many minutes that pause lasts. It ends by itself."""

    open_forms_per_minute: Annotated[int, Field(ge=0)] = 300
    """How many forms may come from one network in a minute where nobody is signed in. What is more waits. 0: no limit."""

    start_over_hours: Annotated[int, Field(ge=1, le=336)] = 72
    """How many hours a request to let a colleague begin again waits for a second person."""

    failure_peak: Annotated[int, Field(ge=3, le=100_000)] = 25
    """How many failed attempts to get in, at one organisation, are told to its administrators by mail."""

    failure_peak_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    """Within how many minutes those attempts must lie. One peak is told once."""

    argon2_time_cost: Annotated[int, Field(ge=1)] = 2
    """How many passes argon2id makes over its memory. The OWASP password storage cheat sheet asks for at least 2."""

    argon2_memory_kib: Annotated[int, Field(ge=8)] = 19 * 1024
    """How much memory argon2id uses, in KiB. The same page asks for at least 19 MiB."""

    audit_heads: str = ""
    """The file to which the server now and then adds where the audit log ends. Empty: it does not. Send it elsewhere."""

    audit_heads_minutes: Annotated[int, Field(ge=1, le=10_080)] = 60
    """How many minutes lie between two of those lines."""

    processing_log: str = ""
    """The file for the processing log, one line of JSON for each processing of a person's data. `-`: standard output. Empty: none."""

    processing_activity: str = "urn:toetssteen:verwerking:risicoanalyse-integriteit"
    """The address of the activity in the register of processing activities, as it stands in the processing log."""

    processing_log_key: str = Field(default="", repr=False)
    """The key with which persons get another name in the processing log. It is never shown or logged."""

    cached_cases: Annotated[int, Field(ge=1)] = 2000
    """How many cases stay in memory, decoded and assessed, so that a save does not read everything again."""

    body_limit: Annotated[int, Field(ge=10_000)] = 1_000_000
    """The largest request that is read, in bytes."""

    attachment_bytes: Annotated[int, Field(ge=1_000_000, le=50_000_000)] = 10_000_000
    """How large a file with a case may be, in bytes."""

    clamd_address: str = ""
    """Where a virus scanner listens that files with a case are held against: `host:port` or `unix:/path` of clamd.
    Empty: files are not scanned. When the scanner does not answer, no file is taken."""

    clamd_seconds: Annotated[int, Field(ge=1, le=120)] = 30
    """How many seconds the scanner gets for one file, everything together. After that the file is not taken."""

    oidc_issuer: str = ""
    """Single sign-on: the address of the OpenID Connect provider, as it calls itself. Empty: no single sign-on."""

    oidc_name: str = "uw organisatie"
    """What the button to sign in there says after “Log in via”."""

    oidc_client_id: str = ""
    """The name under which the provider knows this installation."""

    oidc_client_secret_file: Path | None = None
    """A file with the secret that goes with that name. It is read when it is needed and never shown or logged."""

    oidc_scopes: str = "openid profile email"
    """What is asked of the provider, parted by spaces. It must hold `openid`."""

    oidc_organisation: str = ""
    """The name of the organisation here whose people sign in there."""

    oidc_roles_claim: str = "roles"
    """The claim of the identity token that holds the roles; a dot leads deeper, as in `realm_access.roles`."""

    oidc_roles: dict[str, Role] = {}
    """Which value of that claim gives which role, as JSON: `{"griffie": "clerk"}`. Nobody gets in without exactly one."""

    oidc_link_by_email: bool = False
    """Whether somebody who comes for the first time gets the account with their address, when the provider says that it
    checked that address. Off: such an account is refused until an administrator changes its address."""

    oidc_max_age_minutes: Annotated[int, Field(ge=0, le=10_080)] = 0
    """How many minutes ago somebody must have proved themselves there, at most, to get in here. 0: whatever they say there."""

    @model_validator(mode="after")
    def _single_sign_on_is_whole(self) -> Self:
        if not self.oidc_issuer:
            if not self.local_accounts:
                raise ValueError(
                    "TOETSSTEEN_LOCAL_ACCOUNTS is off and there is no single sign-on: nobody could sign in."
                )
            return self
        problems = []
        if not (self.oidc_client_id and self.oidc_client_secret_file and self.oidc_organisation and self.oidc_roles):
            problems.append("TOETSSTEEN_OIDC_ISSUER needs _CLIENT_ID, _CLIENT_SECRET_FILE, _ORGANISATION and _ROLES.")
        if "openid" not in self.oidc_scopes.split():
            problems.append("TOETSSTEEN_OIDC_SCOPES must hold openid.")
        if Role.CANDIDATE in self.oidc_roles.values():
            problems.append("TOETSSTEEN_OIDC_ROLES: a candidate gets in by invitation, never by a role.")
        if not self.local_accounts and self.oidc_roles and Role.ADMIN not in self.oidc_roles.values():
            problems.append("TOETSSTEEN_OIDC_ROLES: without local accounts, one value must give admin.")
        local = urlsplit(self.oidc_issuer).hostname in {"127.0.0.1", "::1", "localhost"}
        if not self.oidc_issuer.startswith("https://") and not (self.development and local):
            problems.append("TOETSSTEEN_OIDC_ISSUER must start with https://.")
        if problems:
            raise ValueError(" ".join(problems))
        return self

    @property
    def oidc_client_secret(self) -> str:
        """The secret for the provider, read from its file. Empty when there is none."""
        return self.oidc_client_secret_file.read_text(encoding="utf-8").strip() if self.oidc_client_secret_file else ""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        problems = tuple(self.unsafe())
        if problems:
            raise ValueError(" ".join(problems))
        return self

    def unsafe(self) -> tuple[str, ...]:
        """Give what may not be so, one sentence each; nearly all of it only counts in production."""
        several = ("TOETSSTEEN_MASTER_KEY_FILE, TOETSSTEEN_MASTER_KEY and TOETSSTEEN_MASTER_KEY_COMMAND: set one.",)
        if self.environment is Environment.DEVELOPMENT:
            return several if self._key_sources() > 1 else ()
        found = list(several) if self._key_sources() > 1 else []
        if self._key_sources() == 0:
            found.append(
                "TOETSSTEEN_MASTER_KEY_FILE, TOETSSTEEN_MASTER_KEY or TOETSSTEEN_MASTER_KEY_COMMAND must be set in "
                "production: without a key that you keep yourself, nothing is secret."
            )
        if not self.base_url.startswith("https://"):
            found.append("TOETSSTEEN_BASE_URL must start with https:// in production: links and cookies depend on it.")
        if not self.smtp_host:
            found.append("TOETSSTEEN_SMTP_HOST must be set in production: candidates are invited by mail.")
        if not self.security_contact:
            found.append("TOETSSTEEN_SECURITY_CONTACT must be set in production: who finds a weakness must reach you.")
        if self.mail_from.endswith(".example"):
            found.append("TOETSSTEEN_MAIL_FROM must be a real sender in production.")
        if self.argon2_time_cost < 2 or self.argon2_memory_kib < 19 * 1024:  # noqa: PLR2004 - OWASP minimum, see above
            found.append("TOETSSTEEN_ARGON2_* may not be below the OWASP minimum (2 passes, 19456 KiB) in production.")
        if self.processing_log and len(self.processing_log_key) < 32:  # noqa: PLR2004 - as long as the name it makes
            found.append(
                "TOETSSTEEN_PROCESSING_LOG_KEY must have at least 32 characters when there is a processing log."
            )
        return tuple(found)

    @property
    def development(self) -> bool:
        """Whether this is somebody's own machine."""
        return self.environment is Environment.DEVELOPMENT

    @property
    def database(self) -> str:
        """The URL of the database, with the default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'toetssteen.db').as_posix()}"

    @property
    def master_keys(self) -> MasterKeys:
        """Where the master keys come from. They are read when they are first needed."""
        if self.master_key_file is not None:
            return masters.from_file(self.master_key_file)
        if self.master_key:
            return masters.from_text(self.master_key)
        if self.master_key_command:
            return masters.from_command(self.master_key_command)
        return masters.from_own_file(self._own_key_file)

    @property
    def key_file(self) -> Path | None:
        """The file that the master keys come from; None when they come from a variable or a command."""
        if self.master_key_file is None and (self.master_key or self.master_key_command):
            return None
        return self.master_key_file or self._own_key_file

    @property
    def _own_key_file(self) -> Path:
        return self.data_dir / "master.key"

    def _key_sources(self) -> int:
        return sum(map(bool, (self.master_key_file, self.master_key, self.master_key_command)))

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies may only travel over https."""
        return self.base_url.startswith("https://")
