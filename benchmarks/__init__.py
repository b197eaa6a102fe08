"""The programs beside which `make bench` measures ours."""
