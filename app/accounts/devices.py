"""On what kind of device a session began, in words that its owner recognises.

A browser tells far more about itself than anybody needs. Only its name and its system are kept: enough to say "that is my
telephone", too little to follow anybody with.
"""

UNKNOWN = "Onbekend apparaat"

# The first that fits: nearly every browser also claims to be the ones further down.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "een iPhone"),
    ("iPad", "een iPad"),
    ("Android", "Android"),
    ("CrOS", "een Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "een Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Say in Dutch what a browser is and what it runs on: "Firefox op Windows". Always something, never long."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} op {system}"
    return browser or (f"Een browser op {system}" if system else UNKNOWN)
