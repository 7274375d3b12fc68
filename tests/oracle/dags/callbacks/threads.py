import threading
from concurrent.futures import ThreadPoolExecutor

from airflow.sdk import DAG

from shared.notify import tell_slack


def started(context):
    thread = threading.Thread(target=tell_slack, args=(context,))
    thread.start()
    thread.join()


def submitted(context):
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(tell_slack, context)


def never_started(context):
    threading.Thread(target=tell_slack, args=(context,))


with DAG("callbacks_thread", on_failure_callback=started):
    pass
with DAG("callbacks_thread_pool", on_failure_callback=submitted):
    pass
with DAG("callbacks_thread_never_started", on_failure_callback=never_started):
    pass
