"""What a pack of local rules can set."""

from app.risk_rules.packs import PARAMETERS
from docs.generators.markdown import code, table


def parameters() -> str:
    """The numbers a pack may set, with their bounds."""
    rows = ((code(one.name), one.about, one.unit, one.least, one.most) for one in PARAMETERS.values())
    return table(("parameter", "what it is", "unit", "least", "most"), rows)
