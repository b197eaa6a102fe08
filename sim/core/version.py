"""The version of the program, as results and `--version` name it."""

VERSION = "0.1.0"
