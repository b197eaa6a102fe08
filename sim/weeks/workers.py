"""One row per post: who holds it, since when, and in what mood; and what a week makes of her.

A post is a place in the roster. Someone new fills the first vacant one and keeps it until she
leaves. She is named by group, post and the how-manyeth holder she is, so nobody's luck depends on
others.
"""

from __future__ import annotations

import numpy as np

from sim.core.clock import CELLS_PER_DAY
from sim.core.dice import SICK, uniform
from sim.core.rules import routine, rule
from sim.core.tables import record
from sim.domain.agents.engagement import (
    MEAN_ENGAGEMENT,
    absence_factor,
    engagement_after,
    leaving_factor,
    pace_factor,
    quality_shift,
)
from sim.domain.agents.learning import (
    acceptance_factor,
    handle_factor,
    resolution_shift,
    unlearnt,
)
from sim.domain.agents.leaving import leaves_job

POST = record(
    luck=np.uint64,  # 64 bits from which the dice of whoever holds it are made
    engagement=np.float64,  # of whoever holds it, 0 to 1
    since_week=np.int64,  # her first week on the floor; negative before the horizon
    holder=np.int64,  # how many have held it, she included
    is_filled=np.int8,
)


@routine
def end_work_week(posts, leaving, reacts, loads, week):
    """Whoever holds a post feels the week's loads, and may leave; returns how many did."""
    leavers = 0
    for i in range(len(posts)):
        if posts[i].is_filled:
            posts[i].engagement = engagement_after(reacts, loads, posts[i].engagement)
            mood = leaving_factor(reacts, posts[i].engagement)
            if leaves_job(leaving, week - posts[i].since_week, mood, posts[i].luck, week):
                posts[i].is_filled = 0
                leavers += 1
    return leavers


@rule
def begin(posts, post, luck, week):
    """Someone new takes a post, with that luck."""
    posts[post].luck = luck
    posts[post].engagement = MEAN_ENGAGEMENT
    posts[post].since_week = week
    posts[post].is_filled = 1


@routine
def appear(posts, rostered, away, sick, reacts, week, present, cells):
    """Write who of a group is on duty in a week: `present` int8 [post, cell].

    `rostered` and `away` int8 [post, cell] are the roster, and who is planned to be away. Into
    `cells` [3]: those of filled posts in the roster, of these planned away, and of the others those
    lost to sickness.
    """
    for i in range(len(posts)):
        for cell in range(present.shape[1]):
            present[i, cell] = 0
        if not posts[i].is_filled:
            continue
        chance = sick * absence_factor(reacts, posts[i].engagement)
        is_sick = False
        for cell in range(present.shape[1]):
            if cell % CELLS_PER_DAY == 0:
                day = week * 7 + cell // CELLS_PER_DAY
                is_sick = uniform(posts[i].luck, SICK, day) < chance
            if rostered[i, cell]:
                cells[0] += 1
                if away[i, cell]:
                    cells[1] += 1
                elif is_sick:
                    cells[2] += 1
                else:
                    present[i, cell] = 1


@routine
def skill(posts, learning, reacts, loads, week, staff):
    """Write how whoever holds a post differs from today's mean contact into `staff` (STAFF)."""
    pace = pace_factor(reacts, loads)
    for i in range(len(posts)):
        staff[i].handle = pace
        if posts[i].is_filled:
            left_to_learn = unlearnt(learning.weeks, week - posts[i].since_week)
            staff[i].handle = pace * handle_factor(learning, left_to_learn)
            staff[i].resolves = resolution_shift(learning, left_to_learn)
            staff[i].accepts = acceptance_factor(learning, left_to_learn)
            staff[i].pleases = quality_shift(reacts, posts[i].engagement)
