"""A scenario and a week in numbers: seats, luck, anchors, the plan."""
