"""The random numbers: each is a pure function of its name, and nothing remembers anything.

A number is named by the seed, the replication, a stream ("patience"), the holder of the luck (an
issue, a customer, a day) and the attempt. So the same customer meets the same luck in every
scenario, and no policy shifts another's numbers.

The generator is SplitMix64 (Steele, Lea & Flood, OOPSLA 2014): output n of the seed s is
mix(s + (n + 1)·G). A name becomes a seed by mixing its parts in one after the other.
"""

import hashlib

import numpy as np

from sim.core.rules import in_machine_code, rule

_MASK = 0xFFFFFFFFFFFFFFFF
_GOLDEN = 0x9E3779B97F4A7C15
_TO_UNIT = 2.0**-52  # with one bit more, the largest number would round to 1


@in_machine_code(lambda x: np.uint64(x))
def u64(x):
    """The number as 64 bits: masked in plain Python, a machine word when compiled."""
    return int(x) & _MASK


@rule
def mix64(z):
    """SplitMix64's finaliser: 64 bits in, 64 well-mixed bits out."""
    z = u64((z ^ (z >> u64(30))) * 0xBF58476D1CE4E5B9)
    z = u64((z ^ (z >> u64(27))) * 0x94D049BB133111EB)
    return z ^ (z >> u64(31))


@rule
def split(seed, n):
    """Output n (0, 1, …) of SplitMix64 seeded with `seed`: also the seed of the n-th child."""
    return mix64(u64(u64(seed) + u64((u64(n) + u64(1)) * _GOLDEN)))


@rule
def uniform(luck, stream, attempt):
    """A uniform number, never 0 or 1, for this luck, in this stream, at this attempt."""
    bits = split(u64(u64(luck) + u64(stream)), attempt)
    return (float(bits >> u64(12)) + 0.5) * _TO_UNIT


def word(name: str) -> int:
    """64 bits of a name. The top bit is set so that numba types every stream as unsigned."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") | 1 << 63


def luck_of(seed: int, replication: int, *names: str | int) -> np.uint64:
    """64 bits of luck for the holder with these names, in one replication of one seed."""
    luck = np.uint64(split(np.uint64(seed), np.uint64(replication)))
    for name in names:
        part = name if isinstance(name, int) else word(name)
        luck = np.uint64(split(luck, np.uint64(part)))
    return luck


# Streams, named for the question that the number answers.
ARRIVAL_LEVEL = word("level")
MOMENT = word("moment")
CUSTOMER = word("customer")
MEETS_BOT = word("meets bot")
ASKS_FOR_HUMAN = word("asks for human")
SELF_SERVICE = word("self-service")
BOT_TIME = word("bot time")
SILENT = word("silent")
ANSWERS_AFTER = word("answers after")
ACCEPTS_CALLBACK = word("accepts callback")
REACHED_BACK = word("reached back")
BALKS = word("balks")
PATIENCE = word("patience")
REDIALS = word("redials")
REDIAL_DELAY = word("redial delay")
TALK = word("talk")
HELD = word("held")
HOLD = word("hold")
WRAP_UP = word("wrap-up")
RESOLVED = word("resolved")
TRANSFERRED = word("transferred")
TOLD_AGAIN = word("told again")
COMES_BACK = word("comes back")
REPEAT_DELAY = word("repeat delay")
REOPENING = word("reopening")
CANDIDATE = word("candidate")
RANDOM_OFFER = word("random offer")
ACCEPTANCE = word("acceptance")
OFFER_TALK = word("offer talk")
FULFILMENT = word("fulfilment")
RETURNS = word("returns")
OWNS = word("owns")
PROPENSITY = word("propensity")
SIGHT = word("sight")
COMPLIANCE = word("compliance")
PUSHED = word("pushed")
DOWNGRADE = word("downgrade")
MARGIN_ENDS = word("margin ends")
INCREMENTAL = word("incremental")
LEG = word("leg")
REACHED = word("reached")
LISTED_FOR = word("listed for")
CONSENTS = word("consents")
DRAWN = word("drawn")
UPLIFT = word("uplift")
SEEN_UPLIFT = word("seen uplift")
OUTBOUND = word("outbound")
DISPOSITION = word("disposition")
EXPERIENCE = word("experience")
INVITED = word("invited")
RESPONDS = word("responds")
PAST_ISSUE = word("past issue")
CHURN = word("churn")
ANNOUNCES = word("announces")
CANCELS = word("cancels")
PERSUADED = word("persuaded")
LOYAL = word("loyal")
LEAVES_JOB = word("leaves job")
SICK = word("sick")
HIRES = word("hires")
TODAYS_TENURE = word("today's tenure")
OF_HOLDERS = word("of holders")
BUSY_DAY = word("busy day")
BUSY_INTERVAL = word("busy interval")
FORECAST_ERROR = word("forecast error")
