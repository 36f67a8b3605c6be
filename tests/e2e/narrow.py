"""A case that asks only what the law asks, whose candidate is inside."""

from app.accounts.sessions import SignedIn
from app.questionnaires.context import AskedScope
from app.usecases import invitations
from tests.e2e.stage import Case, Stage
from tests.usecases.world import token_of


def narrow_case(stage: Stage) -> Case:
    """Make one more, for a test that changes something."""
    with stage.world() as world:
        case = world.case(scope=AskedScope.STATUTORY)
        invited = world.invited(case)
        entered = invitations.enter(world.db, world.settings, token_of(invited), invited.code)
        assert isinstance(entered, SignedIn)
        return Case(case.id, invited.link, invited.code, entered.token, entered.actor, "")
