"""Write the names by which each economy must be known, for a test.

Why: the tables of names are made by `scripts/regions.py`; what they must hold
comes from outside it.  This script shares no code with it.

    pip install babel==2.18.0 pycountry==26.2.16
    python scripts/region_names.py

It writes `tests/data/region-names.tsv`: code, source, name, for each entry of
ISO 3166-1 (short, full and common name), CLDR in English and in Chinese
(simplified, traditional, Hong Kong), and UN M49 (`scripts/m49.tsv`); and for
each entry of ISO 3166-3 its name.
"""

from pathlib import Path

import pycountry
from babel import Locale

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("en", "zh", "zh_Hant", "zh_Hant_HK")


def names():
    """The (code, source, name) triples."""
    for country in pycountry.countries:
        for field in ("name", "official_name", "common_name"):
            if hasattr(country, field):
                yield country.alpha_3, "ISO 3166-1", getattr(country, field)
        for locale in LOCALES:
            territories = Locale.parse(locale).territories
            yield country.alpha_3, f"CLDR {locale}", territories[country.alpha_2]
    m49 = (ROOT / "scripts" / "m49.tsv").read_text(encoding="utf-8")
    for line in m49.splitlines()[1:]:
        number, alpha3, name, *_ = line.split("\t")
        yield alpha3 or f"X{number}", "UN M49", name
    for state in pycountry.historic_countries:
        yield state.alpha_4, "ISO 3166-3", state.name


def main():
    lines = ["\t".join(triple) + "\n" for triple in dict.fromkeys(names())]
    target = ROOT / "tests" / "data" / "region-names.tsv"
    target.write_bytes("".join(lines).encode())


if __name__ == "__main__":
    main()
