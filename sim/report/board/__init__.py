"""The page for a board: one HTML file with verdicts, pictures, tables and numbers to move."""
