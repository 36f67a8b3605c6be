"""Everything that people do in the product, typed field by field: one case to its end and past it, and what stands beside it."""

import json
import re
from datetime import timedelta

from app.store.rows import CaseRow
from app.usecases import invitations, reviewing
from app.usecases.lines import today
from tests.e2e.stage import Case
from tests.signing_in import candidate_in
from tests.usecases.world import CLUB
from tests.web.typist import MARK, Typist


def day(number: int) -> str:
    on = today() + timedelta(days=number)
    return f"{on.day}-{on.month}-{on.year}"


def whole_case(typist: Typist) -> Case:
    """One case from the opening of its round to the day it may be destroyed, with our words in every field."""
    stage, word = typist.house.stage, typist.word
    typist.send(
        "admin", "/bewaren/beleid",
        {
            "selection_list": word("selectielijst"), "warn_days": "30", "choices": ["destroy", "receive"],
            **{
                f"{end}-{kept}-{part}": value
                for end in ("appointed", "not_appointed", "withdrawn")
                for kept in ("case", "council_version")
                for part, value in (("maanden", "0" if kept == "case" else "blijvend"), ("categorie", word("categorie")))
            },
        },
    )  # fmt: skip
    days = {
        "invite": "50",
        "answers": "30",
        "review": "20",
        "hearing_opens": "19",
        "hearing_closes": "9",
        "council_papers": "8",
    }
    called = {"name": word("loket"), "phone": word("telefoon van het loket"), "email": typist.address("loket")}
    typist.send("admin", "/organisatie/afspraken", {**called, **days, "vog_margin": "5"})
    world = stage.world_of
    typist.post(
        "admin", "/mensen/nieuw", name=word("collega"), email="Kanarie-collega@voorbeeld.example", role="analyst"
    )
    typist.post("admin", f"/mensen/{world.idle_analyst.id}/opnieuw", reason=word("opnieuw"))
    opened = typist.post("clerk", "/rondes/nieuw", title=word("ronde"), appointment=day(90)).headers["location"]
    round_id = opened.split("/")[2].partition("?")[0]
    added = typist.post(
        "clerk", f"/rondes/{round_id}/kandidaat", name=word("eerste naam"), email="Kanarie-eerste@voorbeeld.example",
        portfolio=["sport"], reviewers=[world.analyst.id, world.principal.id],
    ).headers["location"]  # fmt: skip
    case_id = added.split("/")[2].partition("?")[0]
    file = f"/zaken/{case_id}"
    typist.post("clerk", f"{file}/onafhankelijkheid", relation="none", explanation=word("toelichting relatie"))
    for who in ("analyst", "principal"):
        typist.post(who, f"{file}/onafhankelijkheid", relation="none")
    typist.post("clerk", f"{file}/wijzigen", name=word("naam"), email=typist.address("adres"), portfolio=["sport"])
    typist.post("clerk", f"{file}/uitnodigen", 200, code_by="hand")
    case = entered(typist, case_id)
    form = case.form
    answer(typist, case)
    typist.post(case, f"{form}/indienen", naar_waarheid="yes", wijzigingen="yes")
    asked = {"vraag": "companies", "waarom": word("vergissing"), "moet-zijn": word("moet zijn")}
    typist.send(case, f"{form}/correctie/vraag", asked)
    review_case(typist, case)
    hear(typist, case)
    end(typist, case)
    return case


def review_case(typist: Typist, case: Case) -> None:
    """Everything a reviewer writes before the concept, and what the candidate is asked."""
    word, form, file = typist.word, case.form, case.file
    review = f"{file}/beoordeling"
    typist.post("analyst", f"{file}/start-beoordeling")
    asked = re.search(
        rf'action="({review}/correcties/[0-9a-z]+)"', typist.house.get("analyst", f"{review}/correcties").text
    )
    assert asked is not None
    typist.post("analyst", asked[1], besluit="nee", reden=word("geen correctie"))
    for note in ("notitie", "gewijzigde notitie"):
        typist.post("analyst", f"{review}/notities", note=word(note), readers="shared")
    typist.file(
        "analyst", f"{review}/bijlagen", "vondst", onderwerp=word("gevonden stuk"), herkomst=word("herkomst"),
        soort="public_media", datum=day(0),
    )  # fmt: skip
    research = f"{review}/onderzoek"
    typist.post(
        "analyst",
        f"{research}/bron",
        kind="public_media",
        subject=word("bron"),
        found=word("gevonden"),
        consulted_on=day(0),
    )
    typist.post("analyst", f"{research}/gesprek", point=["tp_circle"], on=day(0))
    typist.send(
        "analyst", f"{research}/feiten",
        {"gevraagd": ["answers_late"], "answers_late": "no", "answers_late:note": word("feit")},
    )  # fmt: skip
    typist.post("analyst", f"{review}/aanvulling", question=["is_resident"], reason=word("aanvulling"))
    typist.post(case, f"{form}/indienen", naar_waarheid="yes", wijzigingen="yes")


def hear(typist: Typist, case: Case) -> None:
    """The hearing of the candidate, and the decisions after it."""
    word, form, file = typist.word, case.form, case.file
    review = f"{file}/beoordeling"
    flags = find(typist, case)
    typist.post("analyst", f"{review}/concept", until=day(7))
    typist.post(case, f"{form}/concept/raad", reactie=word("reactie voor de raad"))
    rule, item = flags[0].split("/")
    club = next(one.partition("/")[2] for one in flags if one.startswith("SPR-01/"))
    for page in ("onderzoek", f"onderzoek/side_positions/{club}", "antwoorden"):
        assert typist.house.get("analyst", f"{review}/{page}").status_code == 200
    typist.post(case, f"{form}/concept/reactie", rule=rule, item="" if item == "-" else item, reactie=word("reactie"))
    typist.post("analyst", f"{file}/terug", reden=word("terug"))
    typist.post("analyst", f"{review}/concept", until=day(7))
    for one in flags[1:]:
        typist.post("analyst", f"{review}/signaal/{one}/niet-gevraagd", reason=word("niet gevraagd"))
    typist.post("analyst", f"{file}/sluit-wederhoor")
    for one in flags:
        typist.post(
            "principal", f"{review}/signaal/{one}/besluit", outcome="risk_with_measure" if one == flags[0] else "attention_point",
            decision_motivation=word("besluit"), council_text=word("raadstekst"),
        )  # fmt: skip


def end(typist: Typist, case: Case) -> None:
    """A conclusion, a late fact, the conclusion again, the outcome, and how long it is kept."""
    word, file = typist.word, case.file
    review = f"{file}/beoordeling"
    conclude(typist, case)
    typist.post("clerk", f"{file}/heropenen", reden=word("heropend"))
    typist.post("analyst", f"{review}/concept", until=day(7))
    typist.post("analyst", f"{file}/sluit-wederhoor")
    conclude(typist, case)
    typist.post("clerk", f"{file}/raadsversie", 200)
    typist.post("clerk", f"{file}/raadsversie/verzonden")
    typist.post("clerk", f"{file}/uitkomst", on=day(0), outcome="not_appointed")
    keeping = f"{file}/bewaren"
    typist.post("clerk", keeping, kind="hold", reason=word("vasthouden"))
    typist.post("clerk", keeping, kind="release", reason=word("loslaten"))
    typist.post("principal", asked_at(typist, keeping), decision="yes")
    typist.post("clerk", keeping, kind="destroy", reason=word("vernietigen"))


def asked_at(typist: Typist, keeping: str) -> str:
    """Give the address where the principal decides on what was asked about keeping."""
    found = re.search(rf'action="({keeping}/[0-9a-z]{{26}})"', typist.house.get("principal", keeping).text)
    assert found is not None
    return found[1]


def destroy(typist: Typist, case: Case) -> None:
    """Let the second person confirm."""
    typist.post("principal", asked_at(typist, f"{case.file}/bewaren"), decision="yes")


def find(typist: Typist, case: Case) -> list[str]:
    """Write down a finding about every flag, and a measure about the first; give their addresses, those that weigh first."""
    review, word = f"{case.file}/beoordeling", typist.word
    with typist.house.stage.world() as world:
        found = reviewing.case_review(world.db, world.analyst, case.id).flags
        flags = [f"{one.flag.rule}/{one.flag.item or '-'}" for one in sorted(found, key=lambda one: -one.flag.severity)]
    for one in flags:
        typist.post("analyst", f"{review}/signaal/{one}/bevinding", motivation=word("bevinding"), advice=word("advies"))
    typist.post(
        "analyst", f"{review}/signaal/{flags[0]}/maatregel", kind="divest", owner=word("door wie"), terms=word("maatregel"),
        evidence=word("bewijs"), openness="public",
    )  # fmt: skip
    return flags


def conclude(typist: Typist, case: Case) -> None:
    typist.post(
        "principal", f"{case.file}/beoordeling/conclusie", kind="measure_before_appointment", motivation=typist.word("slotsom"),
        residual_risk=typist.word("restrisico"),
    )  # fmt: skip


def entered(typist: Typist, case_id: str) -> Case:
    """Let the candidate in; how that is done has tests of its own."""
    with typist.house.stage.world() as world:
        invited = invitations.invite(world.db, world.settings, world.clerk, case_id)
        came = candidate_in(world.db, world.settings, invited.link, invited.code)
    return Case(case_id, invited.link, invited.code, came.token, came.actor)


def answer(typist: Typist, case: Case) -> None:
    """Answer by every road there is."""
    word, form = typist.word, case.form
    with typist.house.stage.world() as world:
        item = world.fill_in(case.actor, CLUB)["sp1"]
    points = {"gevraagd": "own_points"}
    typist.send(
        case, f"{form}/antwoord/own_points?op=attitude", points | {"own_points": word("snel getypt")}, 200, htmx=True
    )
    typist.send(case, f"{form}/antwoord/own_points?op=attitude", points | {"own_points": word("zonder script")})
    late = points | {"own_points": word("te laat"), "own_points:revision": "1"}
    typist.send(case, f"{form}/antwoord/own_points?op=attitude", late, 409, htmx=True)
    typist.send(case, f"{form}/attitude", points | {"own_points": word("hele pagina"), "daarna": "overzicht"})
    about = f"side_positions[{item}]"
    typist.send(
        case, f"{form}/side_positions/side_positions/{item}",
        {
            "gevraagd": [f"{about}.organisation", f"{about}.paid"], f"{about}.organisation": word("vereniging"),
            f"{about}.paid": "no", f"{about}.paid:note": word("opmerking"),
        },
        200,
    )  # fmt: skip
    interest(typist, case)
    typist.file(case, f"{form}/bijlagen", "bestand", onderwerp=word("onderwerp"))
    taken = json.dumps({"items": {}, "given": {"own_points": {"state": "answered", "value": word("uit de proef")}}})
    page = typist.house.get_as(case, f"{form}/overnemen").text
    assert page
    typist.send(
        case, f"{form}/overnemen/opslaan", {"antwoorden": taken, "versie": version_of(typist, case), "vervangen": "yes"}
    )


def interest(typist: Typist, case: Case) -> None:
    """Answer a question about somebody else: a relation and an interest."""
    address = f"{case.form}/money"
    typist.send(case, address, {"gevraagd": "money_matters", "money_matters": ["private_loan"]}, 200)
    party = "private_loan_party"
    typist.send(
        case, address,
        {"gevraagd": party, f"{party}:relation": "friend", f"{party}:interest": typist.word("belang"), "daarna": "overzicht"},
    )  # fmt: skip


def version_of(typist: Typist, case: Case) -> str:
    with typist.house.stage.world() as world:
        return str(world.db.get_one(CaseRow, case.id).version)


def beside_the_case(typist: Typist) -> None:
    """What is typed about cases in other steps, about the organisation, and at the doors."""
    word, stage = typist.word, typist.house.stage
    case = stage.answering()
    typist.post("clerk", f"{case.file}/link/intrekken", reden=word("link"), nieuw="ja")
    typist.post("clerk", f"{case.file}/opnieuw-inloggen", 200, reden=word("telefoon kwijt"))
    withdrawn = stage.answering()
    typist.post(withdrawn, f"{withdrawn.form}/intrekken", reden=word("terugtrekken"), stap="zeker")
    declared = f"{case.file}/onafhankelijkheid"
    typist.post("analyst", declared, relation="party", explanation=word("relatie"))
    found = re.search(rf'action="({declared}/[0-9a-z]{{26}}/opheffen)"', typist.house.get("clerk", declared).text)
    assert found is not None
    typist.post("clerk", found[1], reden=word("opheffen"))
    typist.post("principal", "/organisatie/griffier", closed="yes", reden=word("sluiting"))
    typist.post("principal", "/organisatie/griffier", closed="no", reden=word("sluiting"))
    # At the doors it is looked up, and not kept.
    for path, fields, status in (
        ("/kandidaat", {"kenmerk": f"{MARK}-kenmerk"}, 422),
        ("/kandidaat/nieuwe-link", {"wie": f"{MARK}@voorbeeld.example"}, 200),
        ("/inloggen", {"email": f"{MARK}@voorbeeld.example", "wachtwoord": f"{MARK}-wachtwoord"}, 422),
        ("/inloggen/vergeten", {"email": f"{MARK}@voorbeeld.example"}, 200),
    ):
        typist.send("", path, fields, status)
