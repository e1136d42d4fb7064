"""The same job as bluebook's, as one would write it today in Python with polars: what bluebook is timed against.

    python scripts/peer.py INPUT_DIR OUTPUT_DIR

Each file of INPUT_DIR is one release of the annex. All files go through polars together, as one frame of lines,
then one of cells; what has to hold of the data is asserted on the way. It knows this annex only, stops at the first
problem, and its Parquet has no descriptions: an honest script, not a second bluebook.
"""

import hashlib
import json
import re
import sys
from calendar import monthrange
from datetime import date
from pathlib import Path

import polars as pl

DATASET = "hk-talent-admissions"
DEFAULT_RELEASE = date(2026, 2, 28)

# code, name, title as printed; in the order of the page.
SCHEMES = [
    ("TTPS", "Top Talent Pass Scheme", "Top Talent Pass Scheme"),
    ("GEP", "General Employment Policy", "General Employment Policy (GEP)"),
    (
        "ASMTP",
        "Admission Scheme for Mainland Talents and Professionals",
        "Admission Scheme for Mainland Talents and Professionals (ASMTP)",
    ),
    (
        "IANG",
        "Immigration Arrangements for Non-local Graduates",
        "Immigration Arrangements for Non-local Graduates",
    ),
    ("TechTAS", "Technology Talent Admission Scheme", "Technology Talent Admission Scheme"),
    ("QMAS", "Quality Migrant Admission Scheme", "Quality Migrant Admission Scheme"),
    (
        "ASSG",
        "Admission Scheme for the Second Generation of Chinese Hong Kong Permanent Residents",
        "Admission Scheme for the Second Generation of Chinese Hong Kong Permanent Residents (ASSG)",
    ),
]
WITHOUT_REGIONS = "ASMTP"

# label: region, alpha2, m49. The labels are the display names, too.
REGIONS = {
    "Australia": ("AUS", "AU", "036"),
    "Canada": ("CAN", "CA", "124"),
    "Chinese Mainland": ("CHN", "CN", "156"),
    "France": ("FRA", "FR", "250"),
    "The United Kingdom": ("GBR", "GB", "826"),
    "India": ("IND", "IN", "356"),
    "Italy": ("ITA", "IT", "380"),
    "Japan": ("JPN", "JP", "392"),
    "South Korea": ("KOR", "KR", "410"),
    "Macao SAR": ("MAC", "MO", "446"),
    "Malaysia": ("MYS", "MY", "458"),
    "The Netherlands": ("NLD", "NL", "528"),
    "Pakistan": ("PAK", "PK", "586"),
    "The Philippines": ("PHL", "PH", "608"),
    "Singapore": ("SGP", "SG", "702"),
    "Thailand": ("THA", "TH", "764"),
    "Taiwan, China": ("TWN", "TW", "158"),
    "The United States": ("USA", "US", "840"),
    "Others": ("_O", None, None),
    "Total": ("_T", None, None),
}
MONTHS = "January February March April May June July August September October November December".split()

OBSERVATIONS = [
    "dataset", "release_date", "scheme", "scheme_name", "region", "region_name", "region_label", "region_kind",
    "period", "period_label", "period_start", "period_end", "period_months", "is_partial",
    "value", "value_label", "status", "basis", "share", "monthly_average",
    "previous_period", "change_absolute", "change_relative", "share_change", "contribution", "region_rank",
    "source", "source_position",
]  # fmt: skip
CHECKS = [
    "dataset", "release_date", "scheme", "check", "period", "published", "computed", "difference",
    "tolerance", "passed", "cells", "source", "source_position", "region", "unit",
]  # fmt: skip
NOTES = ["dataset", "release_date", "note", "scheme", "printed_with", "text", "source", "source_position"]

# A table is one scheme in one release. Its code is a small integer, which joins and groups faster than text.
TABLE = ["release_date", "scheme_at"]
SCHEME_FRAME = pl.DataFrame(SCHEMES, schema=["scheme", "scheme_name", "title"], orient="row").with_columns(
    scheme_at=pl.int_range(len(SCHEMES), dtype=pl.Int8)
)
REGION_FRAME = pl.DataFrame(
    [(label, label, *codes) for label, codes in REGIONS.items()],
    schema=["label", "region_name", "region", "alpha2", "m49"],
    orient="row",
).with_columns(region_kind=pl.col("region").replace_strict({"_O": "residual", "_T": "total"}, default="economy"))


def require(holds, problem):
    """Stop where the data is not what it has to be."""
    if not holds:
        raise SystemExit(f"peer: {problem}")


def require_none(frame, problem):
    """Stop where there are rows that must not be, and show the first."""
    require(frame.is_empty(), f"{problem}: {frame.head(1).to_dicts()}")


def release_date(name):
    """A leading ISO date of the file's name, or that of the one annex known."""
    found = re.match(r"\d{4}-\d{2}-\d{2}", name)
    return date.fromisoformat(found[0]) if found else DEFAULT_RELEASE


def read(folder):
    """All files: one row a file."""
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    require(paths, f"{folder} holds no file")
    files = pl.DataFrame(
        {
            "source": [path.name for path in paths],
            "release_date": [release_date(path.name) for path in paths],
            "text": [path.read_text(encoding="utf-8") for path in paths],
        }
    )
    require_none(files.filter(pl.col("release_date").is_duplicated()), "two files are the same release")
    return files


def lines(files):
    """One row a line that holds something, with the table it belongs to."""
    titles = SCHEME_FRAME.select("title", "scheme_at")
    return (
        files.with_columns(pl.col("text").str.split("\n"))
        .with_columns(line=pl.int_ranges(1, pl.col("text").list.len() + 1, dtype=pl.Int32))
        .explode("text", "line")
        .filter(pl.col("text").str.strip_chars() != "")
        .join(titles, left_on="text", right_on="title", how="left", maintain_order="left")
        .with_columns(is_title=pl.col("scheme_at").is_not_null())
        .with_columns(pl.col("scheme_at").forward_fill().over("release_date"))
        .filter(~pl.col("is_title"), pl.col("scheme_at").is_not_null())
        .drop("is_title")
    )


def rows(lines):
    """One row a row of the tables, its text split into cells; the first of a table holds the headings."""
    found = lines.filter(pl.col("text").str.contains("\t", literal=True)).with_columns(pl.col("text").str.split("\t"))
    width = pl.col("text").list.len()
    found = found.with_columns(
        is_header=pl.col("line") == pl.col("line").min().over(TABLE),
        is_ragged=width != width.first().over(TABLE),
    )
    require_none(found.filter("is_ragged"), "a row is shorter or longer than its headings")
    return found.drop("is_ragged")


def cells(rows):
    """One row a cell: which column of the table it stands in, and where that is in the file."""
    width = pl.col("text").str.len_chars()
    return (
        rows.with_columns(at=pl.int_ranges(pl.col("text").list.len(), dtype=pl.Int8))
        .explode("text", "at")
        .with_columns(before=(width.cum_sum() - width).over("release_date", "line"))
        .with_columns(source_position=pl.format("{}:{}", "line", pl.col("before") + pl.col("at") + 1))
        .drop("before")
    )


def period(label):
    """What a column's heading says: period, first day, last day, months, whether partial."""
    found = re.fullmatch(rf"(\d{{4}})(?: \(as at end- ?({'|'.join(MONTHS)})\))?", label)
    require(found, f"a period is not understood: {label}")
    year, months = int(found[1]), MONTHS.index(found[2]) + 1 if found[2] else 12
    end = date(year, months, monthrange(year, months)[1])
    code = found[1] if months == 12 else f"{year}-01-01/P{months}M"
    return label, code, date(year, 1, 1), end, months, months < 12


def periods(cells):
    """The headings of each table: one row a table and column."""
    headings = cells.filter(pl.col("is_header") & (pl.col("text") != "Region")).select(
        *TABLE, "at", period_label=pl.col("text").str.replace_all(r"\s+", " ").str.strip_chars()
    )
    understood = pl.DataFrame(
        [period(label) for label in headings["period_label"].unique()],
        schema={
            "period_label": pl.String,
            "period": pl.String,
            "period_start": pl.Date,
            "period_end": pl.Date,
            "period_months": pl.Int32,
            "is_partial": pl.Boolean,
        },
        orient="row",
    )
    return headings.join(understood, on="period_label")


def labels(body):
    """The first cell of each row, and the region it stands for; in the table without one, a row is the Mainland's."""
    without = [code for code, _, _ in SCHEMES].index(WITHOUT_REGIONS)
    found = body.filter(pl.col("at") == 0).select(
        "release_date",
        "line",
        region_label=pl.when(pl.col("scheme_at") != without).then(pl.col("text").str.strip_chars()),
    )
    return found.with_columns(label=pl.col("region_label").fill_null("Chinese Mainland")).join(
        REGION_FRAME.drop("alpha2", "m49"), on="label", how="left"
    )


def figures(cells):
    """One row a printed figure, with its region and period."""
    body = cells.filter(~pl.col("is_header"))
    regions = labels(body)
    require_none(regions.filter(pl.col("region").is_null()), "an unknown region")
    found = (
        body.join(regions, on=["release_date", "line"], maintain_order="left")
        .filter((pl.col("at") > 0) | pl.col("region_label").is_null())
        .join(periods(cells), on=[*TABLE, "at"], how="left", maintain_order="left")
        .with_columns(value_label=pl.col("text").str.strip_chars())
        .with_columns(is_nil=pl.col("value_label") == "-")
        .with_columns(value=figure())
    )
    require_none(found.filter(pl.col("period").is_null()), "a cell without a period")
    require_none(found.filter(pl.col("value").is_null()), "a figure is not understood")
    return found.with_columns(basis=pl.when("is_nil").then(pl.lit("nil")).otherwise(pl.lit("published")))


def figure():
    """The value of a cell: digits, in threes parted by blanks or not parted at all; a nil mark is zero."""
    well_formed = pl.col("value_label").str.contains(r"^(?:\d{1,3}(?: \d{3})+|\d+)$")
    digits = pl.col("value_label").str.replace_all(" ", "", literal=True)
    return pl.when("is_nil").then(0).when(well_formed).then(digits.cast(pl.Int64, strict=False))


def totals(figures):
    """Each table and period: the total as computed and, where one is printed, as printed."""
    is_total = pl.col("region") == "_T"
    return figures.group_by(*TABLE, "period").agg(
        computed=pl.col("value").filter(~is_total).sum(),
        published=pl.col("value").filter(is_total).first(),
        cells=(~is_total).sum().cast(pl.Int32),
        source=pl.col("source").first(),
        source_position=pl.col("source_position").filter(is_total).first(),
    )


def derived(figures, totals):
    """The totals that are not printed, as rows of figures."""
    headings = figures.unique([*TABLE, "period"]).select(
        *TABLE, "period", "period_label", "period_start", "period_end", "period_months", "is_partial", "source"
    )
    return (
        totals.filter(pl.col("published").is_null())
        .select(*TABLE, "period", value="computed")
        .join(headings, on=[*TABLE, "period"])
        .with_columns(
            region=pl.lit("_T"), region_name=pl.lit("Total"), region_kind=pl.lit("total"), basis=pl.lit("derived")
        )
    )


def previous(figures):
    """The figures as seen from one year later: what a full year is compared with."""
    return figures.filter(~pl.col("is_partial")).select(
        *TABLE,
        "region",
        period=(pl.col("period").cast(pl.Int32) + 1).cast(pl.String),
        previous_period="period",
        previous_value="value",
        previous_share="share",
        previous_total="total",
    )


def ratio(part, whole):
    """A quotient, null where there is nothing to divide by."""
    return pl.when(pl.col(whole) != 0).then(pl.col(part) / pl.col(whole))


def observations(figures, totals):
    """The figures with everything computed from them; lazily, so that polars carries only what is needed."""
    figures, totals, names = figures.lazy(), totals.lazy(), SCHEME_FRAME.lazy().drop("title")
    economies = pl.when(pl.col("region_kind") == "economy").then("value")
    shares = (
        pl.concat([figures, derived(figures, totals)], how="diagonal")
        .join(totals.select(*TABLE, "period", total=pl.coalesce("published", "computed")), on=[*TABLE, "period"])
        .with_columns(share=ratio("value", "total"), monthly_average=pl.col("value") / pl.col("period_months"))
    )
    return (
        shares.join(previous(shares), on=[*TABLE, "region", "period"], how="left")
        .with_columns(change_absolute=pl.col("value") - pl.col("previous_value"))
        .with_columns(
            change_relative=ratio("change_absolute", "previous_value"),
            share_change=pl.col("share") - pl.col("previous_share"),
            contribution=ratio("change_absolute", "previous_total"),
            region_rank=economies.rank("min", descending=True).over(*TABLE, "period").cast(pl.Int32),
            status=pl.when(pl.col("region_kind") == "residual").then(pl.lit("W")).otherwise(pl.lit("A")),
            dataset=pl.lit(DATASET),
        )
        .join(names, on="scheme_at")
        .select(OBSERVATIONS)
        .sort("release_date", "scheme", "region", "period")
        .collect()
    )


def checks(totals):
    """The printed totals against the sums of their rows; stops where one differs."""
    found = (
        totals.filter(pl.col("published").is_not_null())
        .with_columns(
            difference=pl.col("published") - pl.col("computed"),
            tolerance=pl.lit(0, pl.Int64),
            check=pl.lit("total"),
            region=pl.lit("_T"),
            unit=pl.lit("applications"),
            dataset=pl.lit(DATASET),
        )
        .with_columns(passed=pl.col("difference").abs() <= pl.col("tolerance"))
        .join(SCHEME_FRAME, on="scheme_at")
        .select(CHECKS)
        .sort("release_date", "scheme", "check", "period", "region")
    )
    require_none(found.filter(~pl.col("passed")), "a total does not reconcile")
    return found


def notes(lines):
    """The notes below the tables; one that speaks of the tables below has a row for each of them, too."""
    found = (
        lines.filter(pl.col("text").str.starts_with("Note:"))
        .with_columns(
            text=pl.col("text").str.strip_prefix("Note:").str.strip_chars(),
            source_position=pl.format("{}:1", "line"),
            note=pl.col("line").rank("dense").over("release_date").cast(pl.Int32),
            printed_with="scheme_at",
        )
        .with_columns(
            to=pl.when(pl.col("text").str.contains("applies to the tables below", literal=True))
            .then(len(SCHEMES))
            .otherwise(pl.col("scheme_at") + 1)
        )
        .with_columns(scheme_at=pl.int_ranges("scheme_at", "to", dtype=pl.Int8))
        .explode("scheme_at")
    )
    names = SCHEME_FRAME.select("scheme_at", "scheme")
    return (
        found.join(names, on="scheme_at")
        .join(names.rename({"scheme_at": "printed_with", "scheme": "printed"}), on="printed_with")
        .with_columns(dataset=pl.lit(DATASET), printed_with="printed")
        .select(NOTES)
        .sort("release_date", "note", "scheme")
    )


def regions(observations):
    """The regions that occur."""
    return (
        REGION_FRAME.join(observations.select("region").unique(), on="region", how="semi")
        .select("region", "alpha2", "m49", "region_name", "region_kind")
        .sort("region")
    )


def require_all_tables(figures):
    """A release that lacks a table must not pass as a smaller one."""
    short = figures.group_by("release_date").agg(tables=pl.col("scheme_at").n_unique())
    require_none(short.filter(pl.col("tables") != len(SCHEMES)), "a table is missing")


def tables(folder):
    """From the files to the four published tables."""
    found_lines = lines(read(folder))
    found = figures(cells(rows(found_lines)))
    require_all_tables(found)
    found_totals = totals(found)
    found_checks = checks(found_totals)
    found_observations = observations(found, found_totals)
    return {
        "observations": found_observations,
        "checks": found_checks,
        "notes": notes(found_lines),
        "regions": regions(found_observations),
    }


def write(frame, path):
    """One table as Parquet or CSV, by the file's name; what the data package says of it."""
    if path.suffix == ".parquet":
        frame.write_parquet(path, compression="zstd")
    else:
        frame.write_csv(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": path.name.replace(".", "-"),
        "path": path.name,
        "format": path.suffix[1:],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }


def main():
    """Read, compute, write."""
    source, target = map(Path, sys.argv[1:])
    target.mkdir(parents=True, exist_ok=True)
    published = tables(source)
    resources = [
        write(frame, target / f"{name}.{suffix}") for name, frame in published.items() for suffix in ("parquet", "csv")
    ]
    (target / "datapackage.json").write_text(json.dumps({"name": DATASET, "resources": resources}, indent=2) + "\n")


if __name__ == "__main__":
    main()
