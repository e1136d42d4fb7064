"""Make the tables which turn an economy's printed label into its ISO code.

Why: publishers print one economy under many names ("Chinese Mainland",
"Korea, Rep.", "The Netherlands").  The program looks a label up exactly,
after folding case, accents and punctuation; nothing is guessed.  This script
collects the names once, so that the program needs no network and no library.

Run it from anywhere, with Python 3.11 or later:

    pip install babel==2.18.0 countrynames==1.17.0 pycountry==26.2.16
    python scripts/regions.py

It reads `scripts/regions-extra.tsv` (names kept by hand) and writes
`src/regions/economies.tsv` (the economies) and `src/regions/names.tsv`
(folded name, alpha-3 code; sorted by bytes).  The same versions give the
same bytes.  It fails when a name that must resolve does not.

A name which sources give to two economies is kept only if ISO, M49, CLDR's
English or the hand-kept names settle it; otherwise it is dropped.
"""

import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

import pycountry
from babel import Locale, localedata
from countrynames.data import DATA as COUNTRYNAMES

ROOT = Path(__file__).resolve().parent.parent
EXTRA = ROOT / "scripts" / "regions-extra.tsv"
ECONOMIES = ROOT / "src" / "regions" / "economies.tsv"
NAMES = ROOT / "src" / "regions" / "names.tsv"

APOSTROPHES_AND_STOP = frozenset("'\u2019\u2018\u02bc`\u00b4\u02bb.")

# Writing systems in which Python and Rust fold every letter alike.  Greek is
# left out for its final sigma, others for their combining signs.
SCRIPTS = ("LATIN", "CYRILLIC", "HEBREW", "ARABIC", "CJK", "HIRAGANA",
           "KATAKANA", "HANGUL")
EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")

# CLDR's long display names, shortened.
DISPLAY = {"HKG": "Hong Kong", "MAC": "Macao", "MMR": "Myanmar"}

# Two-letter keys worth having; all others would collide with words.
SHORT_KEYS = frozenset({"uk", "us"})

# Keys which a source gives to one economy, but which do not name it alone.
AMBIGUOUS = frozenset({"korea", "micronesia", "virgin islands"})
NOT_ECONOMIES = frozenset({
    # parts of an economy
    "england", "inglaterra", "angleterre", "state of mexico", "norfolk",
    "papua", "timor", "guiana", "columbia", "helena", "russian republic",
    # states that were absorbed or dissolved
    "democratic republic of vietnam", "viet nam democratic republic of",
    "yemen arab republic", "grand duchy of finland", "kingdom of tunisia",
    "socialist republic of bosnia and herzegovina",
    "socialist republic of macedonia",
})

# Nationalities, and words of widely read languages, which some small locale
# uses as the name of an economy.
WORDS = frozenset("""
    alan andor angolo angora argentine argentino bangladeshi bene beni biru
    bruni burney cada cameron chin cine domingo elan eran fala franse frans
    fuji gaba gane gene gris helene hind ilan indi indie indy iraqi israeli
    jaman kana kili kini kota kubo kuma kupa kuwaiti labanan lasa lati laws
    lawes male malt misra molta nederlands norra nowe omani pakistani pala
    palo pero philippine pole poli poole romani ruota ruslan russi saat samo
    sane sati saudi sepia shin shine sile sire siri somalis suda suis surya
    swede swiss taga taki talia toki toko tunes tunga turk wiwi yeme yemeni
""".split())

# Words of a state's formal style: "Republic of Austria" is Austria.
STYLE = frozenset({
    "republic", "rep", "kingdom", "state", "states", "sultanate", "emirate",
    "principality", "duchy", "commonwealth", "union", "federation",
    "confederation"})
STYLE_EXTRA = frozenset({
    "of", "the", "and", "grand", "federal", "federative", "federated",
    "democratic", "dem", "peoples", "islamic", "arab", "socialist", "united",
    "independent", "hashemite", "plurinational", "bolivarian", "co",
    "operative", "cooperative"})

REQUIRED = {
    "Chinese Mainland": "CHN", "Canada": "CAN", "The United States": "USA",
    "Australia": "AUS", "Singapore": "SGP", "South Korea": "KOR",
    "Japan": "JPN", "Taiwan, China": "TWN", "The United Kingdom": "GBR",
    "India": "IND", "France": "FRA", "The Philippines": "PHL",
    "Malaysia": "MYS", "Thailand": "THA", "Macao SAR": "MAC",
    "Pakistan": "PAK", "Italy": "ITA", "The Netherlands": "NLD",
}
REQUIRED_LOCALES = ("en", "zh", "zh_Hant", "zh_Hant_HK")


def fold(name):
    """The lookup key of a name.  The program folds labels the same way."""
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in text if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFKC", text).lower()
    text = "".join(c for c in text if c not in APOSTROPHES_AND_STOP)
    text = text.replace("&", " and ")
    text = "".join(c if c.isalnum() else " " for c in text)
    key = " ".join(text.split())
    return key.removeprefix("the ") or key


def usable(key, certain):
    """Whether a key is long enough and of letters that fold safely."""
    letters = key.replace(" ", "")
    scripts = [unicodedata.name(c, "?") for c in letters]
    if not all(c.isalpha() and s.startswith(SCRIPTS)
               for c, s in zip(letters, scripts)):
        return False
    if all(s.startswith(EAST_ASIAN) for s in scripts):
        return len(letters) >= 2
    shortest = 4 if key.isascii() and not certain else 3
    return len(letters) >= shortest or key in SHORT_KEYS


def economies():
    """The rows of the economies table: alpha-3, alpha-2, M49, name."""
    english = Locale.parse("en").territories
    rows = [(c.alpha_3, c.alpha_2, c.numeric) for c in pycountry.countries]
    rows.append(("XKX", "XK", ""))
    return sorted((a3, a2, m49, DISPLAY.get(a3, english[a2]))
                  for a3, a2, m49 in rows)


def iso_names(country):
    """Names ISO 3166-1 gives to an entry."""
    for field in ("name", "official_name", "common_name"):
        name = getattr(country, field, None)
        if name:
            yield name


def reordered(name):
    """The same name with its inversion undone, or with its style inverted."""
    if match := re.fullmatch(r"([^,(]+), ([^,]+)|([^,(]+) \(([^)]+)\)", name):
        head, tail = (g for g in match.groups() if g)
        if re.search(r"\b(of|the|The)$", tail):
            yield f"{tail} {head}"
    if match := re.fullmatch(r"(?:the )?([\w' ]+?) of (?:the )?(.+)", name):
        style, head = match.groups()
        if style.split()[-1].lower() in STYLE and "," not in head:
            short = style.replace("Republic", "Rep.")
            short = short.replace("Democratic", "Dem.")
            for form in {style, short}:
                yield f"{head}, {form} of"
                yield f"{head} ({form} of)"


def spelled(name):
    """A name, its reorderings, and each with Saint written out or not."""
    for form in (name, *reordered(name)):
        yield form
        yield re.sub(r"\bSaint\b", "St.", form)
        yield re.sub(r"\bSt\. ", "Saint ", form)


def extra_names():
    """The (name, alpha-3) pairs kept by hand."""
    lines = EXTRA.read_text(encoding="utf-8").splitlines()[1:]
    return [tuple(line.split("\t")[:2]) for line in lines]


def strong_claims(rows):
    """Claims of ISO, M49, CLDR's English names and the hand-kept names."""
    english = Locale.parse("en").territories
    for country in pycountry.countries:
        for name in iso_names(country):
            yield from ((form, country.alpha_3) for form in spelled(name))
    for alpha3, alpha2, _, name in rows:
        yield alpha3, alpha3
        for label in (name, english[alpha2]):
            yield from ((form, alpha3) for form in spelled(label))
    for name, alpha3 in extra_names():
        yield from ((form, alpha3) for form in spelled(name))


def cldr_claims(alpha3_of):
    """Names in every locale; what is not an economy claims for ""."""
    for locale in sorted(localedata.locale_identifiers()):
        for code, name in Locale.parse(locale).territories.items():
            yield name, alpha3_of.get(code, "")


def essence(key):
    """The words of a key without its formal style, in a fixed order."""
    return tuple(sorted(set(key.split()) - STYLE - STYLE_EXTRA))


def countrynames_claims(alpha3_of, strong):
    """The formal and the East Asian names of countrynames.

    The rest of that list holds cities, nationalities and misspellings.  What
    it gives to something other than an economy claims for "".
    """
    known = {(essence(key), a3) for key, codes in strong.items()
             for a3 in codes}
    for code, names in COUNTRYNAMES.items():
        alpha3 = alpha3_of.get(code, "")
        for name in names:
            key = fold(name)
            styled = not STYLE.isdisjoint(key.split())
            formal = styled and (essence(key), alpha3) in known
            letters = [c for c in key if c != " "]
            east_asian = all(unicodedata.name(c, "?").startswith(EAST_ASIAN)
                             for c in letters)
            if not alpha3 or formal or east_asian:
                yield name, alpha3


def gathered(claims):
    """Map each folded name to the set of codes claimed for it."""
    table = defaultdict(set)
    for name, alpha3 in claims:
        table[fold(name)].add(alpha3)
    return table


def excluded():
    """Keys which must not resolve on the word of a weak source alone."""
    languages = {fold(n) for n in Locale.parse("en").languages.values()}
    return languages | NOT_ECONOMIES | WORDS


def resolve(strong, weak):
    """Settle the claims: the table, and the keys dropped as ambiguous."""
    barred = excluded()
    names, dropped = {}, []
    for key in strong.keys() | weak.keys():
        codes = strong.get(key) or weak[key]
        if codes == {""} or not usable(key, certain=key in strong):
            continue
        if key in barred and key not in strong:
            continue
        if key in AMBIGUOUS or len(codes) > 1:
            dropped.append(key)
        else:
            names[key] = min(codes)
    return names, sorted(dropped)


def required(rows):
    """The (name, alpha-3) pairs which the table has to resolve."""
    yield from REQUIRED.items()
    for country in pycountry.countries:
        yield from ((name, country.alpha_3) for name in iso_names(country))
    for locale in REQUIRED_LOCALES:
        territories = Locale.parse(locale).territories
        yield from ((territories[a2], a3) for a3, a2, _, _ in rows)
    yield from ((name, a3) for a3, _, _, name in rows)


def unresolved(names, rows):
    """Required names that fail, but for those ambiguous by design."""
    return sorted({(name, a3) for name, a3 in required(rows)
                   if names.get(fold(name)) != a3
                   and fold(name) not in AMBIGUOUS})


def write(path, lines):
    """Write lines as UTF-8 with LF endings, whatever the system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())


def main():
    rows = economies()
    alpha3_of = {a2: a3 for a3, a2, _, _ in rows}
    strong = gathered(strong_claims(rows))
    weak = gathered(cldr_claims(alpha3_of))
    for key, codes in gathered(countrynames_claims(alpha3_of, strong)).items():
        weak[key] |= codes
    names, dropped = resolve(strong, weak)
    missing = unresolved(names, rows)
    print(f"{len(rows)} economies, {len(names)} names, "
          f"{len(dropped)} ambiguous names dropped")
    for name, alpha3 in missing:
        print(f"does not resolve: {name} ({alpha3})")
    if missing:
        sys.exit(1)
    write(ECONOMIES, ("\t".join(row) for row in rows))
    ordered = sorted(names.items(), key=lambda item: item[0].encode())
    write(NAMES, (f"{key}\t{alpha3}" for key, alpha3 in ordered))


if __name__ == "__main__":
    main()
