"""A scenario and a week in numbers: seats, luck, anchors, the plan.

plan           `Planner` makes the `Plan` of a week, the only thing that engines read
of_*           its tables, from what was typed
seats          how many seats each group fills; workload and outlook: how busy they will be
anchors        what the pilot solved (`sim/weeks/pilot.py`), made_from: what it depends on
"""
