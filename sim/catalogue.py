METRIC_NAMES = ("contribution", "csat")
