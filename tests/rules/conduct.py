"""The norms on conduct in office as the four laws have them: a row of places for each, and facts that should meet it.

"" means that the law has no such norm. A place is written as the book writes it: law, article, lid, letter, number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.questionnaires.context import Tier

TIERS = tuple(Tier)
SEATS = {"elected": "WsW 41 lid 2", "appointed": "WsW 41 lid 2", "nature": "WsW 41 lid 2", "outside": "WsW 45"}
LOST = {"elected": {"Kieswet X 7a"}, "appointed": {"WsW 33 lid 4"}, "nature": {"WsW 33 lid 4"}, "outside": set[str]()}
"""On what ground a seat in the general board of a water board can be lost for such an act, by the kind of seat."""
Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Case:
    """Facts, the rule they should meet, and for each tier the places that ground it; nothing where no such norm is."""

    rule: str
    answers: Mapping[str, Any]
    places: tuple[Row, ...]
    judged: bool = False
    item: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)

    def cited(self, tier: Tier) -> set[str]:
        return {row[TIERS.index(tier)] for row in self.places} - {""}


def acts(letter: str, number: str = "") -> Row:
    tail = f" lid 1 {letter}{f' {number}' if number else ''}"
    return (f"GW 15{tail}", f"PW 15{tail}", f"WsW 33{tail}", f"WolBES 16{tail}")


# chapter 4: what makes the list bind an administrator (a candidate from outside the general board of a water board), and
# who may exempt
VIA: Row = ("GW 41c lid 1", "PW 40c lid 1", "WsW 45", "WolBES 53 lid 1")
EXEMPT: Row = ("GW 15 lid 2", "PW 15 lid 2", "WsW 33 lid 2", "WolBES 16 lid 2")
# no sanction of its own: who appointed may withdraw its trust
TRUST: Row = ("GW 49", "PW 49", "WsW 41 lid 5", "WolBES 60")
# chapter 5
ABSTAIN: Row = ("GW 28 lid 1 a", "PW 28 lid 1 a", "WsW 38a lid 1 a", "WolBES 29 lid 1 a")
ACCOUNTS: Row = ("GW 28 lid 1 b", "PW 28 lid 1 b", "WsW 38a lid 1 b", "WolBES 29 lid 1 b")
COLLEGE: Row = ("GW 58", "PW 58", "WsW 45", "WolBES 69")
NOT_THE_AWB: Row = ("GW 28 lid 2", "PW 28 lid 2", "WsW 38a lid 2", "")
AWB: Row = ("Awb 2:4 lid 1 en 2", "Awb 2:4 lid 1 en 2", "Awb 2:4 lid 1 en 2", "")
PERSONAL = (ABSTAIN, COLLEGE, NOT_THE_AWB, AWB)


def norm(lid: int) -> Row:
    """Chapter 3, side positions."""
    return (f"GW 41b lid {lid}", f"PW 40b lid {lid}", f"WsW 44k lid {lid}", f"WolBES 48 lid {lid}")


def only(tier: Tier, place: str) -> Row:
    first, second, third, fourth = (place if one is tier else "" for one in TIERS)
    return (first, second, third, fourth)


def but(row: Row, tier: Tier) -> Row:
    first, second, third, fourth = ("" if one is tier else place for one, place in zip(TIERS, row, strict=True))
    return (first, second, third, fourth)


NUMBERS = {
    "contract_work": "1",
    "paid_services": "2",
    "supply_movables": "3",
    "rent_movables": "4",
    "disputed_claim": "5",
    "acquire_real_estate": "6",
    "rent_or_lease": "7",
}


def dealing(kind: str, **more: str) -> Mapping[str, Any]:
    return {"dealings": [{"id": "i1", "kind": kind, "via": "self", "private_treaty": "yes", **more}]}


def deal(kind: str, **more: str) -> Mapping[str, Any]:
    """A dealing that has the question about the private treaty only where it is asked."""
    item = dict(dealing(kind, **{"exemption": "none", **more})["dealings"][0])
    if kind not in {"acquire_real_estate", "rent_or_lease"}:
        del item["private_treaty"]
    return {"dealings": [item]}


def acting(**item: str) -> Mapping[str, Any]:
    return {"represents": [{"id": "i1", "ends_before_appointment": "no", **item}]}


def position(**item: Any) -> Mapping[str, Any]:
    return {"side_positions": [{"id": "i1", "ex_officio": "no", "plan": "keep", **item}]}


FORBIDDEN = [
    *(
        Case(rule, acting(capacity=role, in_dispute="yes"), (acts(letter), VIA, TRUST), item="i1")
        for rule, letter, roles in (
            ("ACT-01", "a", ("lawyer_for", "lawyer_against", "adviser_for", "adviser_against")),
            ("ACT-02", "b", ("agent_against",)),
        )
        for role in roles
    ),
    *(
        Case(
            rule,
            acting(capacity="representative_agreement", agreement=kind),
            (acts("c", number), VIA, TRUST),
            item="i1",
        )
        for rule, kind, number in (("ACT-03", "like_d", "1"), ("ACT-04", "property_to_authority", "2"))
    ),
    *(
        Case(
            f"ACT-{4 + int(number):02}",
            deal(kind, status="planned"),
            (acts("d", number), VIA, EXEMPT, TRUST),
            item="i1",
        )
        for kind, number in NUMBERS.items()
    ),
]
OTHER_ACTS = [
    *(
        Case(
            "ACT-13" if int(number) > 5 else "ACT-12", deal(kind, status="running"), (acts("d", number), VIA), item="i1"
        )
        for kind, number in NUMBERS.items()
    ),
    *(
        Case(rule, deal(kind, status="planned", via=via), (acts("d", number), VIA, EXEMPT), judged=True, item="i1")
        for rule, via in (("ACT-14", "company"), ("ACT-15", "partner"))
        for kind, number in NUMBERS.items()
    ),
    *(
        Case(
            rule,
            {"companies": [{"id": "i1", "deal_kind": [kind], "distance": "none", **more}]},
            (acts("d", number), VIA, *((EXEMPT,) if rule == "ACT-17" else ())),
            judged=rule != "ACT-16",
            item="i1",
        )
        for rule, more in (
            ("ACT-16", {"authority_deal": "running"}),
            ("ACT-17", {"authority_deal": "planned"}),
            ("ACT-18", {"authority_deal": "none", "subcontractor": "yes"}),
        )
        for kind, number in NUMBERS.items()
    ),
    *(
        Case(
            "ACT-20",
            position(kind="board", authority_ties=["contract"], contract_kind=[kind]),
            (acts("d", number), VIA),
            judged=True,
            item="i1",
        )
        for kind, number in NUMBERS.items()
    ),
    *(
        Case(
            "ACT-21",
            {
                "community_property": "yes",
                "relatives": [{"id": "i1", "party": {"relation": "partner"}, "tie": "supplier", "deal_kind": [kind]}],
            },
            (acts("d", number), VIA),
            judged=True,
            item="i1",
        )
        for kind, number in NUMBERS.items()
    ),
    Case(
        "ACT-19",
        {"works_for_authority": "hired"},
        (
            but(acts("d", "2"), Tier.WATER_BOARD),
            but(VIA, Tier.WATER_BOARD),
            ("GW 44 lid 3", "PW 43 lid 3", "", "WolBES 56 lid 3"),
        ),
    ),
    Case(
        "ACT-30",
        {"works_for_authority": "hired"},
        tuple(only(Tier.WATER_BOARD, place) for place in ("WsW 33 lid 1 d 2", "WsW 45", "WsW 44 lid 2")),
    ),
    Case("ACT-28", deal("paid_services", status="planned", exemption="granted"), (EXEMPT, VIA), item="i1"),
]
ABSTENTION = [
    Case("ABS-02", position(authority_ties=["subsidy"], accountable="yes"), (ACCOUNTS, COLLEGE), item="i1"),
    Case(
        "ABS-03",
        {"companies": [{"id": "i1", "authority_deal": "running", "distance": "none"}]},
        PERSONAL,
        judged=True,
        item="i1",
    ),
    Case("ABS-06", dealing("permit", decision_pending="yes"), PERSONAL, item="i1"),
    Case("ABS-07", dealing("permit", via="partner", decision_pending="yes"), PERSONAL, judged=True, item="i1"),
    Case(
        "ABS-08",
        {"relatives": [{"id": "i1", "party": {"relation": "child"}, "tie": "permit", "policy_field": "finance"}]},
        PERSONAL,
        judged=True,
        item="i1",
    ),
    Case(
        "ABS-09",
        {"kinship_board": "second_degree"},
        (but(ABSTAIN, Tier.PUBLIC_BODY), but(COLLEGE, Tier.PUBLIC_BODY), AWB),
    ),
    Case("ABS-09", {"kinship_board": "further"}, (ABSTAIN, COLLEGE, AWB)),
    Case("ABS-10", acting(capacity="lobbyist", policy_field="finance"), PERSONAL, judged=True, item="i1"),
    Case(
        "ABS-12",
        {"securities": [{"id": "i1", "kind": "fund", "local_party": "yes", "distance": "none"}]},
        PERSONAL,
        judged=True,
        item="i1",
    ),
    *(
        Case(
            "ABS-11",
            {"listed_offices": [{"id": "i1", "office": office, "own_authority": "yes"}]},
            (only(tier, place), only(tier, ABSTAIN[TIERS.index(tier)])),
            item="i1",
        )
        for tier, office, place in (
            (Tier.MUNICIPALITY, "municipal_council_member", "GW 28 lid 4"),
            (Tier.PROVINCE, "provincial_council_member", "PW 28 lid 4"),
            (Tier.PUBLIC_BODY, "island_council_member", "WolBES 29 lid 3"),
        )
    ),
    Case(
        "ABS-13",
        {"wb_membership": "elected"},
        (only(Tier.WATER_BOARD, "WsW 38a lid 4"), only(Tier.WATER_BOARD, "WsW 38a lid 1 a")),
    ),
]
PAID = position(paid="yes")
SIDE_POSITIONS = [
    Case("SID-01", position(), (norm(1),), judged=True, item="i1"),
    Case("SID-02", position(), (norm(3),), item="i1"),
    Case("SID-06", position(), (norm(2),)),
    Case("SID-03", PAID, tuple(but(norm(lid), Tier.PUBLIC_BODY) for lid in (4, 5)), item="i1"),
    *(
        Case(
            "SID-07",
            PAID,
            tuple(only(Tier.PUBLIC_BODY, f"WolBES 48 lid {lid}") for lid in (4, 5)),
            item="i1",
            context=c,
        )
        for c in ({"full_time": "yes"}, {"full_time": "no"}, {"full_time": None})
    ),
    Case(
        "SID-04",
        PAID,
        (
            ("GW 44 lid 6", "PW 43 lid 6", "WsW 44 lid 5", ""),
            ("GW 44 lid 7", "PW 43 lid 7", "WsW 44 lid 6", ""),
            ("GW 44 lid 8", "PW 43 lid 8", "WsW 44 lid 7", ""),
        ),
        item="i1",
    ),
    *(
        Case(
            "SID-08",
            PAID,
            tuple(only(Tier.PUBLIC_BODY, f"WolBES 56 lid {lid}") for lid in (6, 7)),
            item="i1",
            context=c,
        )
        for c in ({"full_time": "yes"}, {"full_time": "no"}, {"full_time": None})
    ),
    Case(
        "SID-05",
        position(paid="yes", ex_officio="yes"),
        (
            ("GW 44 lid 4", "PW 43 lid 4", "WsW 44 lid 3", "WolBES 56 lid 4"),
            ("GW 44 lid 5", "PW 43 lid 5", "WsW 44 lid 4", "WolBES 56 lid 5"),
        ),
        item="i1",
    ),
    Case(
        "SID-09",
        {"asset_declaration_ready": "no"},
        tuple(
            only(Tier.PUBLIC_BODY, f"WolBES {place}")
            for place in ("49 lid 1", "49 lid 2", "49 lid 3", "49 lid 4", "50", "51", "52")
        ),
    ),
]
CASES = [*FORBIDDEN, *OTHER_ACTS, *ABSTENTION, *SIDE_POSITIONS]
