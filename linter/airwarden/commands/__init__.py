"""One module a command: `add_arguments(parser)` says what it takes, `run(options)` does it."""

EXAMPLES = """\
examples:
  airwarden check                          the whole repository
  airwarden check dags/orders.py           one file
  airwarden check --select secrets         one family of rules
  airwarden check --fix                    mend what can be mended without a doubt
  airwarden check --since origin/main      what a branch brings about
  airwarden check --format sarif --output airwarden.sarif
  airwarden explain dataframe-in-xcom      why a rule is there, and the way out

exit codes: 0 clean, 1 findings, 2 airwarden could not do its work
"""
