"""Retrains the digits model every night, and once for each day that is missing.

The run's name is the date of its data interval, so a retry or a cleared task goes on with the same
run, and back-fills train each day. In client mode (the default) the task fails when the run does;
the second task looks at what was published, which is what counts in cluster mode.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

with DAG(
    dag_id="gradcast_retrain",
    schedule="30 2 * * *",
    start_date=datetime(2026, 11, 1),
    catchup=True,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=10)},
) as dag:
    retrain = SparkSubmitOperator(
        task_id="retrain",
        conn_id="spark_default",
        application="/opt/gradcast/spark-job/target/gradcast.jar",
        java_class="io.gradcast.spark.cli.Gradcast",
        properties_file="/opt/gradcast/conf/spark-defaults.conf",
        executor_memory="4g",
        application_args=[
            "retrain",
            "--conf",
            "/etc/gradcast/retrain.conf",
            "--run-date",
            "{{ ds }}",
        ],
    )
    look = BashOperator(
        task_id="look",
        bash_command="cd /opt/gradcast && ./submit.sh models --store hdfs:///models/digits"
        " | grep -E '^{{ ds }}-'",
    )
    retrain >> look
