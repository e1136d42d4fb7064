"""The format `bluebook` of Spark: a data source in Python, which plans on the driver and reads on the executors."""

from collections.abc import Iterator, Sequence
from typing import cast

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.types import StructType

from bluebook.binary import using
from bluebook.spark.columns import columns_of
from bluebook.spark.documents import find_documents, with_releases
from bluebook.spark.options import Options, parse
from bluebook.spark.sharing import Share, can_be_split, shares
from bluebook.spark.task import read_share


def register(spark: SparkSession) -> None:
    """Makes `spark.read.format("bluebook")` known to a session; docs/src/engines.md lists its options."""
    spark.dataSource.register(BluebookDataSource)


class BluebookDataSource(DataSource):
    """One published table of documents."""

    @classmethod
    def name(cls) -> str:
        return "bluebook"

    def schema(self) -> StructType:
        options = parse(self.options)
        with using(options.binary):
            return columns_of(options.table, options.dataset).to_spark()

    def reader(self, schema: StructType) -> "BluebookReader":
        return BluebookReader(parse(self.options))


class BluebookReader(DataSourceReader):
    """Plans, where it is made, and reads, where it is sent."""

    def __init__(self, options: Options) -> None:
        self.options = options
        with using(options.binary):
            self.columns: pa.Schema = columns_of(options.table, options.dataset).to_arrow()

    def partitions(self) -> Sequence[InputPartition]:
        documents = find_documents(self.options.paths)
        if can_be_split(self.options):
            with using(self.options.binary):
                documents = with_releases(documents, self.options)
        return [InputPartition(share) for share in shares(documents, self.options)]

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        return read_share(cast("Share", partition.value), self.options, self.columns)
