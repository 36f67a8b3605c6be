"""Every page of the product, in one list. What is not here does not exist."""

from fastapi import APIRouter

from app.settings import Settings
from app.web.account import candidates as entering
from app.web.account import joining, own, proving, sessions, single_sign_on, typing_in
from app.web.account import routes as account
from app.web.cases import attachments, items, sending
from app.web.cases import routes as cases
from app.web.development import mailbox
from app.web.dossier import routes as dossier
from app.web.gallery import gallery_routes
from app.web.keeping import own as own_keeping
from app.web.keeping import routes as keeping
from app.web.log import routes as log
from app.web.people import rights
from app.web.people import routes as people
from app.web.public import comparing, contact, local_rules, published
from app.web.public import routes as public
from app.web.rehearsal import routes as rehearsal
from app.web.rehearsal import taking_over
from app.web.review import answers, closing, files, flags, independence, notes, research
from app.web.review import routes as review
from app.web.rights import answering as answering_requests
from app.web.rights import asking, own_copy
from app.web.rounds import (
    agreements,
    candidate_links,
    candidates,
    casework,
    clerk,
    inviting,
    substitutes,
    versions,
    worklist,
)
from app.web.rounds import routes as rounds


def routers(settings: Settings) -> tuple[APIRouter, ...]:
    """Give the routes of every slice, fixed addresses before those with a blank; developers' pages in development.

    The candidate's come first: an address is held against them one by one, and theirs are asked for most.
    """
    always = (
        sending.router,
        own_keeping.router,
        own_copy.router,
        asking.router,
        entering.own_router,
        taking_over.router,
        attachments.router,
        cases.router,
        items.router,
        account.router,
        entering.router,
        typing_in.router,
        proving.router,
        joining.router,
        own.router,
        people.router,
        rights.router,
        keeping.router,
        log.router,
        sessions.router,
        single_sign_on.router,
        public.router,
        contact.router,
        comparing.router,
        local_rules.router,
        published.router,
        rehearsal.router,
        worklist.router,
        rounds.router,
        candidates.router,
        inviting.router,
        clerk.router,
        agreements.router,
        candidate_links.router,
        dossier.router,
        substitutes.router,
        independence.router,
        answers.router,
        research.router,
        answering_requests.router,
        closing.router,
        notes.router,
        files.router,
        flags.router,
        review.router,
        versions.router,
        casework.router,
    )
    return (*always, gallery_routes(), mailbox.router) if settings.development else always
