"""What the words on the pages about rules and questions mean, for somebody who reads them for the first time."""

from types import MappingProxyType

from app.questionnaires.context import Tier

AUTHORITIES = MappingProxyType(
    {
        "gemeente": Tier.MUNICIPALITY,
        "provincie": Tier.PROVINCE,
        "waterschap": Tier.WATER_BOARD,
        "openbaar-lichaam": Tier.PUBLIC_BODY,
    }
)
"""The kinds of authority as they stand in an address."""

AUTHORITY_LABELS = MappingProxyType(
    {
        Tier.MUNICIPALITY: "Gemeente (wethouder)",
        Tier.PROVINCE: "Provincie (gedeputeerde)",
        Tier.WATER_BOARD: "Waterschap (lid van het dagelijks bestuur)",
        Tier.PUBLIC_BODY: "Openbaar lichaam (eilandgedeputeerde)",
    }
)

SEVERITIES = MappingProxyType(
    {
        0: "Iets om te weten. Er hoeft niets te gebeuren.",
        1: "Iets om over te praten. Vaak is een goed gesprek genoeg.",
        2: "Het ambt en een belang kunnen botsen. Daar hoort een afspraak of maatregel bij.",
        3: "Dit moet geregeld zijn vóór de benoeming.",
        4: "De wet laat dit niet toe. Zolang het zo is, kan de benoeming niet doorgaan.",
    }
)
"""What each severity means."""

KINDS = MappingProxyType(
    {
        "hard_norm": ("Harde norm", "De norm laat geen keuze. Kloppen de feiten, dan geldt de norm."),
        "open_norm": (
            "Open norm",
            "Mensen wegen of de norm geldt. De regel stelt alleen de vraag, en beslist nooit zelf.",
        ),
        "duty": ("Plicht", "Iets wat een bestuurder moet doen, meestal na de benoeming."),
        "attention": ("Punt om op te letten", "Er is niets overtreden. Wel is het goed om hier vooraf over te praten."),
    }
)
"""How a rule binds: what it is called, and what that means."""

GROUNDS = MappingProxyType(
    {
        "in_force": ("wet", "De wet van nu", "De regel rust op een wet die nu geldt."),
        "bill_36892": (
            "wetsvoorstel",
            "Wetsvoorstel (nog geen wet)",
            "De regel rust op een voorstel. Hij telt alleen mee als een organisatie daar zelf voor kiest.",
        ),
        "code_of_conduct": (
            "gedragscode",
            "Gedragscode",
            "De regel rust op wat in gedragscodes van besturen gebruikelijk is.",
        ),
        "practice": (
            "praktijk",
            "Praktijk",
            "De regel rust op wat onderzoekers in de praktijk bekijken. Het is geen wet.",
        ),
    }
)
"""On what a rule rests: the word in an address, what it is called, and what that means."""

SCOPES = MappingProxyType(
    {
        "W": "De vraag hoort bij een norm uit de wet of bij financiële belangen.",
        "P": "De vraag komt uit de praktijk. De kandidaat beantwoordt hem vrijwillig.",
        "G": "Hierover wordt alleen gepraat. Er wordt niets opgeschreven.",
    }
)
"""On what footing something is asked."""

QUESTION_KINDS = MappingProxyType(
    {
        "yes_no": "Ja of nee",
        "choice": "Eén antwoord kiezen",
        "choices": "Een of meer antwoorden kiezen",
        "text": "Een korte tekst",
        "long_text": "Een langere tekst",
        "number": "Een getal",
        "percentage": "Een percentage",
        "money_band": "Een bedrag, alleen als klasse",
        "date": "Een datum",
        "party": "Een relatie, zonder naam",
        "group": "Een lijst",
    }
)
"""What somebody fills in."""

OUTCOMES = MappingProxyType(
    {"certain": "Volgt uit de antwoorden", "possible": "Nog niet zeker", "none": "De regel geeft hier geen signaal"}
)
"""What a rule says in an example."""

OPENNESS = MappingProxyType(
    {
        "confidential": "Vertrouwelijk: alleen voor wie het antwoord mag lezen",
        "council": "Voor {council}",
        "public": "Openbaar",
    }
)
"""Who may see an answer in a document."""

RESPONDENTS = MappingProxyType(
    {"candidate": "De kandidaat", "reviewer": "De onderzoeker", "clerk": "De griffie of het secretariaat"}
)
"""Who answers a question."""

PARTS = MappingProxyType(
    {
        "title": "de titel",
        "label": "de vraag",
        "help": "de uitleg",
        "why": "de reden van de vraag",
        "options": "de antwoorden",
        "subject": "het onderwerp",
        "subject_title": "het onderwerp",
        "severity": "de zwaarte",
        "kind": "de soort",
        "ground": "de grond",
        "proposal": "de stand van het wetsvoorstel",
        "authorities": "voor welke organisaties",
        "valid_from": "de geldigheid",
        "valid_to": "de geldigheid",
        "condition": "de voorwaarde",
        "asked_when": "wanneer de vraag komt",
        "norms": "de norm",
        "interpretation": "onze uitleg van de norm",
        "exempting_authority": "wie ontheffing kan geven",
        "when_certain": "de tekst van het signaal",
        "while_open": "de tekst van het signaal",
        "question_for_reviewer": "de vraag aan de onderzoeker",
        "considerations": "wat mensen wegen",
        "council": "de tekst voor het bestuur",
        "consequence": "het gevolg",
        "advice": "het advies",
        "measures": "de maatregelen",
        "weighs": "wat zwaarder of lichter weegt",
        "reads": "de vragen die de regel leest",
        "catalogue": "de herkomst",
        "statements": "de herkomst",
    }
)
"""How a changed part of a rule or question is called; what is not here is "een kenmerk"."""
