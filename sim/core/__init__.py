"""The ground: clock, dice, rules in machine code, rows of tables, order of moments, exact formulas,
statistics, errors; no word of a contact center.
"""
