"""One Spark session that computes what the training asks for, one request after another.

Submitted with `spark-submit session.py <port> <file>`: it connects to that port of the loopback, where the training waits (the
output of a submitted program is mixed with the words of others, and its input does not reach it). First it says the token that is
in the file; from then on each request and each answer is a line of JSON:

  {"kind": "neighbours", "interactions": <folder>, "output": <folder>, "method": {"name": "item-knn", …}}
  {"kind": "factors", "interactions": <folder>, "output": <folder>, "checkpoints": <folder>, "method": {"rank": …, …}}
  -> {"share": 0.25} …, then {"done": true} or {"error": "…"}

It ends when the connection does, so that nothing computes on when the training has died.
"""

import json
import os
import socket
import sys
import threading
from pathlib import Path
from queue import SimpleQueue

from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame, SparkSession, functions as F

HERE = Path(__file__).resolve().parent
INTERACTIONS = "user INT, item INT, count FLOAT"


def neighbours(spark: SparkSession, request: dict) -> DataFrame:
    method = request["method"]
    spark.read.schema(INTERACTIONS).parquet(request["interactions"]).createOrReplaceTempView("interactions")
    arguments = {"neighbours": method["neighbours"], "max_items_per_user": method["maxItemsPerUser"]}
    if "beta" in method:
        arguments["beta"] = float(method["beta"])
    return spark.sql((HERE / f"{method['name']}.sql").read_text(), args=arguments)


def factors(spark: SparkSession, request: dict) -> DataFrame:
    method = request["method"]
    rank = method["rank"]
    columns = [F.col("features")[k].alias(f"f{k}") for k in range(rank)]
    plays = spark.read.schema(INTERACTIONS).parquet(request["interactions"])
    if plays.isEmpty():
        # ALS refuses to learn from nothing.
        return spark.createDataFrame([], "id INT, features ARRAY<FLOAT>").select(F.col("id").alias("item"), *columns)
    spark.sparkContext.setCheckpointDir(request["checkpoints"])
    blocks = spark.sparkContext.defaultParallelism
    als = ALS(
        rank=rank,
        alpha=method["alpha"],
        regParam=method["regularisation"],
        maxIter=method["iterations"],
        seed=method["seed"],
        implicitPrefs=True,
        userCol="user",
        itemCol="item",
        ratingCol="rating",
        numUserBlocks=blocks,
        numItemBlocks=blocks,
    )
    model = als.fit(plays.select("user", "item", F.log1p("count").cast("float").alias("rating")))
    return model.itemFactors.orderBy("id").select(F.col("id").alias("item"), *columns)


def expected_jobs(request: dict) -> int:
    """About how many jobs Spark makes of a request: a stage of SQL is one, and each half of an iteration."""
    return 2 * request["method"]["iterations"] + 8 if request["kind"] == "factors" else 8


def share_done(spark: SparkSession, group: str, expected: int) -> float:
    tracker = spark.sparkContext.statusTracker()
    done = 0.0
    for job in map(tracker.getJobInfo, tracker.getJobIdsForGroup(group)):
        if job is None:
            continue
        if job.status == "SUCCEEDED":
            done += 1
            continue
        stages = [stage for stage in map(tracker.getStageInfo, job.stageIds) if stage is not None]
        tasks = sum(stage.numTasks for stage in stages)
        if tasks > 0:
            done += sum(stage.numCompletedTasks for stage in stages) / tasks
    return min(0.99, done / expected)


def run(spark: SparkSession, request: dict, say) -> None:
    group = request["output"]
    spark.sparkContext.setJobGroup(group, request["kind"])
    ended = threading.Event()

    def report() -> None:
        while not ended.wait(0.5):
            say({"share": share_done(spark, group, expected_jobs(request))})

    reporter = threading.Thread(target=report, daemon=True)
    reporter.start()
    try:
        table = (neighbours if request["kind"] == "neighbours" else factors)(spark, request)
        table.write.option("compression", "snappy").parquet(request["output"])
    finally:
        ended.set()
        reporter.join()


def words_of(error: Exception) -> str:
    """What is wrong in its first line, and all that is known of it in the others."""
    in_java = getattr(error, "java_exception", None)
    return f"{in_java}\n{error}" if in_java is not None else f"{type(error).__name__}: {error}"


def main() -> None:
    line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    lock = threading.Lock()

    def say(answer: dict) -> None:
        with lock:
            line.sendall(json.dumps(answer).encode() + b"\n")

    token = Path(sys.argv[2])
    line.sendall(token.read_bytes() + b"\n")
    token.unlink()
    requests: SimpleQueue[dict] = SimpleQueue()

    def listen() -> None:
        try:
            for text in line.makefile(encoding="utf-8"):
                requests.put(json.loads(text))
        finally:
            # Also in the middle of a request: nobody waits for it any more.
            os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        request = requests.get()
        try:
            run(SparkSession.builder.appName("medley recommendations").getOrCreate(), request, say)
            say({"done": True})
        except Exception as error:  # noqa: BLE001: whatever it is, the training is told
            say({"error": words_of(error)})


main()
