"""A case in a file on this machine: what `assess` reads."""

from datetime import date
from pathlib import Path

from app.conditions.yaml_source import Source, load
from app.errors import Broken
from app.risk_rules.rulebook import RuleBook
from app.usecases.case_files import CaseFile, case_in

__all__ = ["CaseFile", "check_judgements", "read_case"]


def read_case(path: Path, today: date) -> CaseFile:
    """Read a case. `today` is the day it is looked at when the file names none.

    Raises Broken with everything that is wrong in the file at once.
    """
    content, source = load(path)
    return case_in(content, source, path.stem, today)


def check_judgements(case: CaseFile, rulebook: RuleBook, file: str) -> None:
    """Refuse judgements on rules or items that do not exist. Raises Broken with all of them."""
    source = Source(file)
    for judgement in case.judgements:
        rule = rulebook.by_id.get(judgement.rule)
        if rule is None:
            source.unknown(0, "rule in a judgement:", judgement.rule, rulebook.by_id)
        elif judgement.item is not None and judgement.item not in case.answers.items(rule.for_each or ""):
            known = case.answers.items(rule.for_each or "")
            source.unknown(0, f"item in a judgement on {rule.id}:", judgement.item, known)
    if source.problems:
        raise Broken(source.problems)
