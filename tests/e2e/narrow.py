"""A case that asks only what the law asks, whose candidate is inside."""

from app.questionnaires.context import AskedScope
from tests.e2e.stage import Case, Stage
from tests.signing_in import candidate_in


def narrow_case(stage: Stage) -> Case:
    """Make one more, for a test that changes something."""
    with stage.world() as world:
        case = world.case(scope=AskedScope.STATUTORY)
        invited = world.invited(case)
        entered = candidate_in(world.db, world.settings, invited.link, invited.code)
        return Case(case.id, invited.link, invited.code, entered.token, entered.actor, "")
