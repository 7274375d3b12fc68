import functools

from airflow.sdk import DAG

from shared.notify import tell_slack, write_log


def logged(function):
    @functools.wraps(function)
    def wrapper(context):
        write_log(context)
        return function(context)

    return wrapper


def replaced(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print("would call", function.__name__)

    return wrapper


def also(other):
    def decorate(function):
        def wrapper(context):
            function(context)
            other(context)

        return wrapper

    return decorate


@logged
def slack_logged(context):
    tell_slack(context)


@replaced
def slack_replaced(context):
    tell_slack(context)


@also(tell_slack)
def printed(context):
    print("failed")


with DAG("callbacks_decorated", on_failure_callback=slack_logged):
    pass
with DAG("callbacks_decorated_away", on_failure_callback=slack_replaced):
    pass
with DAG("callbacks_decorated_with", on_failure_callback=printed):
    pass
with DAG("callbacks_decorated_by_hand", on_failure_callback=logged(print)):
    pass
