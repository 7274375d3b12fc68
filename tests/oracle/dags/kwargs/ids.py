import pathlib

from airflow.sdk import DAG

from shared.notify import tell_slack

PREFIX = "kwargs"
number = 7

with DAG(f"{PREFIX}_ids_{number}", on_failure_callback=tell_slack):
    pass
with DAG(PREFIX + "_ids_" + str(number + 1)):
    pass
with DAG("%s_ids_%s" % (PREFIX, "percent"), on_failure_callback=tell_slack):
    pass
with DAG("{}_ids_{}".format(PREFIX, "format"), on_failure_callback=tell_slack):
    pass
with DAG("{a}_ids_{b}".format(a=PREFIX, b="named")):
    pass
with DAG("_".join([PREFIX, "ids", "joined"]), on_failure_callback=[tell_slack]):
    pass
with DAG("KWARGS_IDS_LOWER".lower(), on_failure_callback=[tell_slack]):
    pass
with DAG("kwargs ids replaced".replace(" ", "_")):
    pass
with DAG(f"{pathlib.Path(__file__).stem}_of_the_file", on_failure_callback=tell_slack):
    pass
