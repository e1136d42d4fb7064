"""Documents as tables of Spark, and of engines that speak Spark Connect; docs/src/engines.md tells which way to take.

The program reads, checks and computes on the executors; this package plans who reads what and hands over what it says.
"""

from bluebook.spark.contents import from_contents
from bluebook.spark.publishing import publish, tables
from bluebook.spark.source import register

__all__ = ["from_contents", "publish", "register", "tables"]
