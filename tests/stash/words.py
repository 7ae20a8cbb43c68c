"""Made-up words, names, dates and numbers for a generated library."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random

NOUNS = (
    "Harbour", "Lantern", "Orchard", "Ferry", "Compass", "Quarry", "Meadow", "Bridge", "Kettle",
    "Anchor", "Tunnel", "Saddle", "Island", "Garden", "Market", "Valley", "Castle", "Engine",
    "Ladder", "Canyon", "Whistle", "Umbrella", "Piano", "Forest", "River", "Tower", "Button",
    "Carousel", "Glacier", "Beacon",
)  # fmt: skip
ADJECTIVES = (
    "Quiet", "Amber", "Northern", "Windy", "Gentle", "Rustic", "Silver", "Early", "Hollow",
    "Velvet", "Placid", "Cobalt", "Brisk", "Ivory", "Tidal", "Lunar", "Copper", "Mellow",
    "Coastal", "Upper",
)  # fmt: skip
FOREIGN = (
    "日本語の港",
    "Żółta łódka",
    "Сад и фонарь",
    "Ærø færge",
    "मेला",
    "ليلة المرفأ",
    "Größe 12",
)
FIRST = (
    "Łucja", "Zeno", "Nils", "Dov", "Ema", "美咲", "Quinn", "Pim", "Åsa", "Jon", "Mira", "Tomás",
    "Ирина", "Yara", "Leo", "Noor", "Sól", "Hugo", "Cleo", "Bram",
)  # fmt: skip
LAST = (
    "Svensson", "Jansen", "Farrow", "Ivers", "Brandt", "Okafor", "Ueda", "Whitlow", "Novák",
    "Grieg", "Dupont", "Holm", "Marsh", "Çelik", "Vale", "Østby", "Thorne", "Wren",
)  # fmt: skip
COUNTRIES = ("NO", "FR", "JP", "NL", "PL", "US", "CZ", "GB", "SE", "IS")
GENDERS = (
    "FEMALE", "FEMALE", "FEMALE", "MALE", "MALE", "NON_BINARY", "TRANSGENDER_FEMALE",
    "TRANSGENDER_MALE", "INTERSEX",
)  # fmt: skip
ENDPOINTS = ("https://box.example/graphql", "https://other-box.example/graphql")

_EPOCH = datetime(2018, 1, 1, tzinfo=UTC)
_SYDNEY = timezone(timedelta(hours=11))


def title(rng: Random) -> str:
    """Two or three words, now and then with a number, rarely in another script."""
    if rng.random() < 0.02:
        return rng.choice(FOREIGN)
    number = f" {rng.randint(1, 120)}" if rng.random() < 0.3 else ""
    return f"{rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} {rng.choice(NOUNS)}{number}"


def sentence(rng: Random, words: int) -> str:
    """That many words in lower case."""
    return " ".join(rng.choices(NOUNS + ADJECTIVES, k=words)).lower()


def maybe(rng: Random, share: float) -> bool:
    """True in that share of all calls."""
    return rng.random() < share


def few(rng: Random, count: int, of: int) -> list[int]:
    """Up to `count` different ids of 1 … `of`, low ones more often."""
    return sorted({int(of * rng.random() ** 2) + 1 for _ in range(count)}) if of else []


def stamp(minutes: int, *, sydney: bool = False) -> str:
    """The time that many minutes after the library's beginning, as Stash stores times."""
    moment = _EPOCH + timedelta(minutes=minutes)
    if sydney:
        return moment.astimezone(_SYDNEY).isoformat()
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def day(rng: Random, first: int = 1985, last: int = 2025) -> str:
    """A day in one of these years."""
    return f"{rng.randint(first, last)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def stash_id(rng: Random) -> str:
    """A made-up id of a stash-box."""
    return f"{rng.getrandbits(32):08x}-0000-4000-8000-{rng.getrandbits(48):012x}"
