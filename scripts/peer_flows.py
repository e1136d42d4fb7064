"""From a workbook to Parquet as one would write it today in Python with fastexcel and polars: what bluebook is timed against.

    python scripts/peer_flows.py FOLDER OUTPUT_DIR

FOLDER is what scripts/flows.py writes. It holds the totals against their columns, and computes shares, changes and ranks as
bluebook does; it knows no codes of regions, no places of figures, and writes no CSV.
"""

import sys
from pathlib import Path

import fastexcel
import polars as pl

MONTHS = {name: at for at, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
TABLE = ["flow", "period_start"]
REGION = ["flow", "region_label"]


def tables(sheet):
    """The figures of all tables, one in a row."""
    labels = sheet.get_column(sheet.columns[0])
    heads = [at for at, label in enumerate(labels) if label == "Country"]
    for head, following in zip(heads, [*heads[1:], None]):
        title = next(labels[at] for at in range(head - 1, -1, -1) if labels[at])
        names = dict(zip(sheet.columns, ["region_label", *sheet.row(head)[1:]]))
        body = sheet.slice(head + 1, following and following - head - 1).rename(names)
        body = body.filter(pl.any_horizontal(pl.exclude("region_label").is_not_null()))
        yield body.unpivot(index="region_label", variable_name="period_label", value_name="value").with_columns(
            pl.col("value").cast(pl.Float64).cast(pl.Int64), flow=pl.lit(title)
        )


def dated(figures):
    """The figures with the first and last day of each month."""
    words = pl.col("period_label").str.split(" ").list
    month, year = words.get(0).replace_strict(MONTHS), words.get(1).cast(pl.Int32)
    labels = figures.select("period_label").unique().with_columns(period_start=pl.date(year, month, 1))
    return figures.join(labels, on="period_label").with_columns(period_end=pl.col("period_start").dt.month_end())


def main():
    """Read, prove, compute, write."""
    folder, output = Path(sys.argv[1]), Path(sys.argv[2])
    output.mkdir(parents=True)
    sheet = fastexcel.read_excel(folder / "flows.xlsx").load_sheet(0, header_row=None).to_polars()
    figures = dated(pl.concat(tables(sheet)))
    is_total = pl.col("region_label") == "Total"
    sums = figures.group_by(TABLE).agg(
        total=pl.col("value").filter(is_total).sum(), parts=pl.col("value").filter(~is_total).sum()
    )
    assert sums.select((pl.col("total") == pl.col("parts")).all()).item()
    figures = figures.join(sums.select(*TABLE, "total"), on=TABLE)
    figures = figures.with_columns(share=pl.col("value") / pl.col("total"))
    before = figures.select(
        *REGION,
        pl.col("period_start").dt.offset_by("1y"),
        before="value",
        total_before="total",
        share_before="share",
    )
    figures = figures.join(before, on=[*REGION, "period_start"], how="left")
    change = pl.col("value") - pl.col("before")
    rank = pl.when(~is_total).then(pl.col("value")).rank("min", descending=True).over(TABLE)
    figures = figures.with_columns(
        monthly_average=pl.col("value").cast(pl.Float64),
        change_absolute=change,
        change_relative=change / pl.col("before"),
        share_change=pl.col("share") - pl.col("share_before"),
        contribution=change / pl.col("total_before"),
        region_rank=rank,
    ).drop("before", "total_before", "share_before", "total")
    figures.sort("flow", "region_label", "period_start").write_parquet(output / "observations.parquet", compression="zstd")


if __name__ == "__main__":
    main()
