from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def make(name, callback=None, *more, **options):
    callbacks = [each for each in (callback, *more) if each]
    return DAG(f"factories_unpacked_{name}", on_failure_callback=callbacks or None, **options)


ARGUMENTS = ("loud", tell_slack)
OPTIONS = {"catchup": False}

loud = make(*ARGUMENTS)
silent = make(*["silent"], **OPTIONS)
both = make("both", *[write_log, tell_slack])
logged = make(*("logged",), *[None, write_log], **OPTIONS, **{"max_active_runs": 1})
for arguments in [("zero",), ("one", print)]:
    globals()[arguments[0]] = make(*arguments)
