"""How many issues are solved, at the first contact or later, and how many contacts repeat."""

from __future__ import annotations

from sim.metrics.registry import metric


@metric("share", "higher", "70 % is average, 80 % world class (SQM Group)", estimator="ratio")
def fcr(f):
    """Issues solved at their first answer ÷ issues answered at all."""
    return f.count("solved_at_first_answer"), f.count("first_answers")


@metric("share", "lower", estimator="ratio")
def repeats(f):
    """Contacts after the first of their issue, redials included ÷ contacts, of those whose wait is
    over.
    """
    ended = f.ended()
    return ended - (f.count("first_contacts") - f.count("open_first")), ended


@metric("share", "lower", of="history", estimator="ratio")
def told_again(f):
    """Contacts in which customers told an agent what an agent or a bot had heard before ÷ answered
    contacts.
    """
    return f.count("told_again"), f.count("answered")


@metric("share", "higher", estimator="ratio")
def resolution(f):
    """Issues solved in the end ÷ issues closed."""
    return f.count("issues_resolved"), f.count("issues")
