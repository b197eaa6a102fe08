"""Quantiles as scalar rules, so that every draw is the same number wherever it is computed."""

import math

from sim.core.rules import routine, rule

GOLDEN_SECTION = (math.sqrt(5) - 1) / 2  # multiples of it, less whole ones, lie evenly


@routine
def normal_quantile(p):
    """The standard normal quantile, exact to about 1e-16 (Wichura 1988, algorithm AS 241)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = 2509.0809287301226727 * r + 33430.575583588128105
        top = ((top * r + 67265.770927008700853) * r + 45921.953931549871457) * r
        top = ((top + 13731.693765509461125) * r + 1971.5909503065514427) * r
        top = (top + 133.14166789178437745) * r + 3.387132872796366608
        low = 5226.495278852545925 * r + 28729.085735721942674
        low = ((low * r + 39307.89580009271061) * r + 21213.794301586595867) * r
        low = ((low + 5394.1960214247511077) * r + 687.1870074920579083) * r
        low = (low + 42.313330701600911252) * r + 1.0
        return q * top / low
    r = math.sqrt(-math.log(min(p, 1.0 - p)))
    if r <= 5.0:
        r -= 1.6
        top = 7.7454501427834140764e-4 * r + 0.0227238449892691845833
        top = ((top * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r
        top = ((top + 3.64784832476320460504) * r + 5.7694972214606914055) * r
        top = (top + 4.6303378461565452959) * r + 1.42343711074968357734
        low = 1.05075007164441684324e-9 * r + 5.475938084995344946e-4
        low = ((low * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r
        low = ((low + 0.68976733498510000455) * r + 1.6763848301838038494) * r
        low = (low + 2.05319162663775882187) * r + 1.0
    else:
        r -= 5.0
        top = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
        top = ((top * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r
        top = ((top + 0.29656057182850489123) * r + 1.7848265399172913358) * r
        top = (top + 5.4637849111641143699) * r + 6.6579046435011037772
        low = 2.04426310338993978564e-15 * r + 1.4215117583164458887e-7
        low = ((low * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
        low = ((low + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
        low = (low + 0.59983220655588793769) * r + 1.0
    return math.copysign(top / low, q)


@rule
def normal_probability(x):
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-x * 0.7071067811865476)


@rule
def exponential_quantile(p):
    """The quantile of the unit exponential."""
    return -math.log(1.0 - p)


@rule
def triangular_quantile(rise, fall, p):
    """How far above its least value a triangular number lies; the mode lies `rise` above it.

    The most it can be lies `fall` above the mode.
    """
    width = rise + fall
    if p * width < rise:
        return math.sqrt(p * width * rise)
    return width - math.sqrt((1.0 - p) * width * fall)


@routine
def gamma_probability(shape, x):
    """The distribution function of the unit-scale gamma: series below the mean, else fraction."""
    if x <= 0.0:
        return 0.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1.0:
        term = 1.0 / shape
        total = term
        n = shape
        while term > total * 1e-17:
            n += 1.0
            term *= x / n
            total += term
        return total * front
    # Lentz's continued fraction for the upper tail.
    b = x + 1.0 - shape
    c = 1e300
    d = 1.0 / b
    fraction = d
    for i in range(1, 10_000):
        a = -i * (i - shape)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        step = c * d
        fraction *= step
        if abs(step - 1.0) < 1e-16:
            break
    return 1.0 - front * fraction


@routine
def gamma_quantile(shape, p):
    """The quantile of the unit-scale gamma: Wilson–Hilferty's guess, then guarded Newton steps."""
    z = normal_quantile(p)
    third = 1.0 / (9.0 * shape)
    x = shape * max(1.0 - third + z * math.sqrt(third), 0.0) ** 3
    if x <= 0.01 * shape:
        # Far in the lower tail P(x) ≈ x^shape / Γ(shape + 1).
        x = math.exp((math.log(p) + math.lgamma(shape + 1.0)) / shape)
    low = 0.0
    high = math.inf
    for _ in range(60):
        error = gamma_probability(shape, x) - p
        if error > 0.0:
            high = x
        else:
            low = x
        density = math.exp((shape - 1.0) * math.log(x) - x - math.lgamma(shape))
        if density > 0.0:
            step = error / density
            # Halley's correction: the density's own slope.
            step /= max(0.5, 1.0 - 0.5 * min(1.0, step * ((shape - 1.0) / x - 1.0)))
        else:
            step = 0.0
        new = x - step
        # Closer than this, rounding would lead the steps around.
        if abs(step) <= 1e-11 * x and density > 0.0:
            return new
        if not low < new < high:
            new = 0.5 * (low + high) if high < math.inf else 2.0 * x
        x = new
    return x
