"""The ground: clock, dice, rules in machine code, rows of tables, exact formulas, errors."""
