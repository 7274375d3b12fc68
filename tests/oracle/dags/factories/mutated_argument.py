from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def make(name, options):
    options["on_failure_callback"] = options.pop("alert", None)
    return DAG(f"factories_mutated_{name}", **options)


def make_counting(name, seen=[]):
    seen.append(name)
    return DAG(f"factories_mutated_{name}", on_failure_callback=tell_slack if len(seen) > 1 else write_log)


options = {"alert": tell_slack, "catchup": False}
first = make("first", options)
# The callback that the first call put in is replaced, for the alert is used up.
second = make("second", options)
third = make("third", {"alert": write_log})
counted_once = make_counting("counted_once")
counted_twice = make_counting("counted_twice")
