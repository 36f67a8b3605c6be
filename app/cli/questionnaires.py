"""`toetssteen questionnaires`: look at the questionnaires, compare versions, and publish one."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.output import REFUSED, problems_told
from app.conditions.yaml_source import did_you_mean
from app.errors import NotFound
from app.questionnaires.context import Tier
from app.questionnaires.estimate import minutes_for_simple_case
from app.questionnaires.loading import library
from app.questionnaires.model import Questionnaire
from app.questionnaires.versions import PUBLISHED, Difference, diff, published_digests
from app.questionnaires.wording import fill

app = typer.Typer(help="Look at the questionnaires, compare versions, and publish one.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A questionnaire and its version: kandidaat-bestuurder.v1.")]
Digests = Annotated[Path, typer.Option("--list", help="The list of published versions.", dir_okay=False)]


@app.command("list")
def list_questionnaires(published: Digests = PUBLISHED) -> None:
    """List the questionnaires: version, number of questions, minutes for a simple case, published or not."""
    with problems_told():
        known = library()
    digests = _digests(published)
    for (name, version), found in known.items():
        state = "published" if (name, version) in digests else "not published"
        count, minutes = len(found.questions), minutes_for_simple_case(found)
        typer.echo(f"{name}.v{version}  {count} questions, about {minutes} minutes at least, {state}")


@app.command()
def show(
    name: Name,
    tier: Annotated[Tier, typer.Option(help="In the words of this kind of authority.")] = Tier.MUNICIPALITY,
) -> None:
    """Show every question: id, kind, footing and label, by section."""
    with problems_told():
        found = _find(name)
    for section in found.sections:
        typer.echo(f"\n{fill(section.title, tier)} ({section.id})")
        for question in found.questions.values():
            if found.section_of[question.id] is section:
                indent = "    " if question.group else "  "
                words = f"{question.id:<38} {question.kind:<10} {question.scope}  {fill(question.label, tier)}"
                typer.echo(indent + words)


@app.command("diff")
def differences(old: Name, new: Name) -> None:
    """Say which questions differ between two versions, and for which an old answer deserves another look."""
    with problems_told():
        changes = diff(_find(old), _find(new))
    for change in changes:
        look = ", look again at the answer" if change.meaning and change.difference is Difference.CHANGED else ""
        typer.echo(f"{change.difference:<8} {change.question}  {', '.join(change.parts)}{look}".rstrip())
    typer.echo(f"{len(changes)} differences")


@app.command()
def publish(name: Name, published: Digests = PUBLISHED) -> None:
    """Publish a version: from now on it may not change any more. A changed one is refused."""
    with problems_told():
        found = _find(name)
    digests = _digests(published)
    before = digests.setdefault((found.id, found.version), found.digest)
    if before != found.digest:
        typer.echo(f"{name} was published and has changed since; make the change in a new version", err=True)
        raise typer.Exit(REFUSED)
    listed: dict[str, dict[str, str]] = {}
    for (questionnaire, version), digest in sorted(digests.items()):
        listed.setdefault(questionnaire, {})[str(version)] = digest
    published.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")
    typer.echo(f"{name} is published: {found.digest}")


def _digests(path: Path) -> dict[tuple[str, int], str]:
    return published_digests(path) if path.exists() else {}


def _find(name: str) -> Questionnaire:
    known = {f"{questionnaire}.v{version}": found for (questionnaire, version), found in library().items()}
    if name not in known:
        raise NotFound(f"no questionnaire {name!r}: {did_you_mean(name, known)}")
    return known[name]
