"""The two scenario files by which the grammar is described: the short one and the long one."""

from __future__ import annotations

from pathlib import Path

from sim.scenario.load import load

SHORT = """\
name: my-center
question: Can our service line pay for itself if agents sell while nobody waits?
currency: EUR
open: Mon-Fri 08:00-20:00, Sat 09:00-13:00
customers: {count: 180000, margin: 16.50 per month, churn: 14% per year, due_to_service: 25%}
contacts:
  service: {volume: 24000 per week, handle: 348 s, first_contact: 70%}
agents: {heads: 105, wage: 18.00 per hour, turnover: 35% per year}
offers:
  broadband: {candidates: 40%, acceptance: 13%, price: 120, margin: 25%, held: 20%, offer: while-nobody-waits}
today: {service_level: 78% within 20 s, abandoned: 6%, csat: 82%, annual_cost: 6.3 M}
decide_on: contribution
matters_from: 50k per year
"""
LONG = """\
name: cross-sell-threshold
question: How much of the sales margin survives if agents offer only while nobody waits?
horizon: {start: 2027-01-04, weeks: 52, interval: 30 min, warm_up: 0 d}
replications: 20
seed: 7
forecast_error: 6%
customers:
  standard: {count: 160000, margin: 12.50 per month, churn: {rate: 15% per year, due_to_service: 25%}, acquisition: {per_month: 1900, cost: 180}}
  premium:  {count: 20000,  margin: 48.00 per month, churn: 9% per year, acquisition: {per_month: 150, cost: 420}}
contacts:
  service:
    channel: voice
    open: Mon-Fri 08:00-20:00, Sat 09:00-13:00
    volume: {per_week: 24000, counts: all, profile: office-hours, busyness: {day: 14%, interval: 10%}}
    shares: {standard: 80%, premium: 20%}
    patience: {mean: 5 min}
    redial: {probability: 50%, delay: {mean: 20 min, cv: 1.5}, attempts: 4}
    talk: {mean: 270 s, cv: 0.8}
    hold: {share: 20%, mean: 90 s}
    wrap_up: {mean: 60 s, cv: 1.0}
    resolution: {first_contact: 70%, comes_back: 60%, delay: {mean: 24 h, cv: 1.2}}
    service_level: {target: 80%, within: 20 s, definition: answered-of-offered}
    routes: [generalists]
agents:
  generalists:
    serves: [service]
    positions: {meet: service_level}
    wage: 18.00 per hour
    shrinkage: 30%
offers:
  broadband:
    kind: cross-sell
    during: [service]
    candidates: 40%
    policy: {offer: while-waiting, at_most: 0}
    talk: {mean: 90 s, cv: 0.7}
    acceptance: {standard: 13%, premium: 21%, spread: 0.8}
    held: 25%
    price: 120
    margin: 25%
    fulfilment: {mean: 120 s, cv: 0.7}
    returns: 8%
    commission: 10%
    incremental: 80%
    cool_down: 90 d
experience: {}
costs: {overhead: 4.00 per hour, fixed: 35%, telecom: 0.02 per minute}
finance: {discount_rate: 10% per year, fiscal_year_start: 1}
events: {campaign: {weeks: [12], volume: {service: 1.4}}}
initiatives: {}
decide_on: contribution
matters_from: 50k per year
"""


def test_short_form(tmp_path: Path):
    """Every short form means what its long form says."""
    file = tmp_path / "short.yaml"
    file.write_text(SHORT)
    spec = load(file).spec
    (segment,) = spec.customers.values()
    assert segment.churn is not None
    assert (segment.count, segment.churn.rate, segment.service_share) == (180000, 0.14, 0.25)
    assert spec.contacts["service"].resolution is not None
    assert spec.contacts["service"].resolution.first_contact == 0.70
    (group,) = spec.agents.values()
    assert (group.heads, group.wage, group.turnover) == (105, 18.0, 0.35)
    offer = spec.offers["broadband"]
    assert offer.policy.offer == "while-nobody-waits"
    assert offer.margin_per_sale == 30.0


def test_long_form(tmp_path: Path):
    """Every key of the long form is known."""
    file = tmp_path / "long.yaml"
    file.write_text(LONG)
    spec = load(file).spec
    assert spec.events["campaign"].weeks == [12]
    assert spec.contacts["service"].talk is not None
    assert spec.contacts["service"].talk.mean_s == 270.0
    assert spec.offers["broadband"].cool_down == 90 * 86400.0
    assert spec.customers["premium"].acquisition is not None


def test_every_distribution(tmp_path: Path):
    """The words for distributions are those of the field."""
    for text in (
        "{mean: 90 s, distribution: constant}",
        "{mean: 90 s, distribution: erlang, shape: 3}",
        "{distribution: uniform, from: 30 s, to: 3 min}",
        "{mean: 90 s, distribution: weibull, shape: 0.8}",
        "{mean: 90 s, distribution: gamma, cv: 0.5}",
    ):
        file = tmp_path / "scenario.yaml"
        file.write_text(LONG.replace("talk: {mean: 270 s, cv: 0.8}", f"talk: {text}"))
        talk = load(file).spec.contacts["service"].talk
        assert talk is not None
        assert 90 <= talk.mean_s <= 105
