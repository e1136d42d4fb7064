"""Make the tables which turn a region's printed label into its code.

Why: publishers print one economy under many names ("Chinese Mainland",
"Korea, Rep.", "The Netherlands").  The program looks a label up exactly,
after taking its normal form; nothing is guessed.  This script collects the
names once, so that the program needs no network and no library.

Run it from anywhere, with Python 3.11 or later:

    pip install babel==2.18.0 countrynames==1.17.0 pycountry==26.2.16
    python scripts/regions.py

It reads what is kept by hand: `scripts/regions-extra.tsv` (names of
economies), `regions-former.tsv`, `regions-groups.tsv`, `regions-unsure.tsv`
(names which must stay unknown), `regions-nationalities.tsv` and `m49.tsv`;
and it writes the tables in `src/regions/`, sorted by their bytes.  The same
versions give the same bytes.  It fails when a name that must resolve does
not, or when two hand-kept lists contradict each other.

A name which sources give to two economies is kept only if ISO, M49, CLDR's
English and Chinese or the hand-kept names settle it; otherwise it is dropped.
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
SCRIPTS = ROOT / "scripts"
TABLES = ROOT / "src" / "regions"

REQUIRED_LOCALES = ("en", "zh", "zh_Hant", "zh_Hant_HK")

# Locales whose words for languages and people are widely read: there, a word
# such as Swedish "spanska" is an adjective, whatever it names elsewhere.
WIDELY_READ = ("en", "fr", "es", "pt", "it", "de", "nl", "da", "sv", "nb",
               "fi", "pl", "cs", "tr", "id", "ms", "vi", "ro", "hu")

# CLDR's long display names, shortened.
DISPLAY = {"HKG": "Hong Kong", "MAC": "Macao", "MMR": "Myanmar",
           "FSM": "Micronesia (Federated States of)"}

# Acronyms which are words in lower case: they count in capitals only.
CAPITALS = {"US": "USA"}

# Two-letter keys worth having; all others would collide with words.
SHORT_KEYS = frozenset({"uk", "u k"})

# Parts of an economy, and states that are no more, which some source gives
# to an economy of today.
NOT_ECONOMIES = frozenset({
    "state mexico", "papua", "timor", "guiana", "columbia", "helena",
    "russian republic", "grand duchy finland", "kingdom tunisia",
    "socialist republic bosnia and herzegovina",
    "socialist republic macedonia",
})

# Nationalities, and words of widely read languages, which some small locale
# uses as the name of an economy.
WORDS = frozenset("""
    alan andor angolo angora argentine argentino bangladeshi bene beni biru
    bruni burney cada cameron chin cine domingo elan eran fala franse frans
    fuji gaba gane gene gris helene hind ilan indi indie indy iraqi israeli
    jaman kana kili kini kota kubo kuma kupa kuwaiti labanan lao lasa lati
    laws lawes male malt misra molta nederlands norra nowe omani pakistani
    pala palo pero philippine pole poli poole romani ruota ruslan russi saat
    samo sane sati saudi sepia shin shine sile sire siri somalis suda suis
    surya swede swiss taga taki talia toki toko tunes tunga turk wiwi yeme
    yemeni
    alemana angula bhutani brasilia bulgari cadi equator fenland granada
    granade gres iraki irani kanaka kine maghribi malto maser pelu senega
    spann sudani tunis ungula
""".split())

# Words of a state's formal style: "Republic of Austria" is Austria.
STYLE = frozenset({
    "republic", "kingdom", "state", "states", "sultanate", "emirate",
    "principality", "duchy", "commonwealth", "union", "federal",
    "confederation"})
STYLE_EXTRA = frozenset({
    "and", "grand", "federative", "democratic", "peoples", "islamic", "arab",
    "socialist", "united", "independent", "hashemite", "plurinational",
    "bolivarian", "co", "operative", "cooperative"})

EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")

# What makes a Chinese name that of a nationality.
CHINESE_NATIONALITY = ("人", "籍", "公民", "籍人士")


# The normal form of a label, as in `src/regions/normal_form.rs`.

DROPPED = re.compile(
    "['\u2019\u2018\u02bc\u02bb\u02b9\u02bf\u02be`\u00b4\u2032\u05f3\u05f4"
    "\u00ad\u061c\u0640\u180e\u200b-\u200f\u202a-\u202c\u2060-\u2064"
    "\u2066-\u2069\ufe00-\ufe0f\ufeff]")
BLANKS = re.compile(
    r"""[\s!"(),:;?\[\\\]_{|}\-«»·•־،。・−‐-―“”„〈-】〔-〟]+""")
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WRITTEN_OUT = {
    "the": "", "of": "", "rep": "republic", "dem": "democratic",
    "fed": "federal", "federated": "federal", "federation": "federal",
    "st": "saint", "ste": "sainte", "utd": "united"}
NOT_FIRST = dict.fromkeys(("is", "isl", "isls", "island"), "islands")
NOT_FIRST |= dict.fromkeys(("terr", "terrs", "territory"), "territories")


def fold(name):
    """The normal form of a name."""
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c.lower() for c in text)
    text = "".join(c for c in text if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFKC", text)
    text = DROPPED.sub("", text.replace("ς", "σ").replace("臺", "台"))
    text = re.sub(r"[&/+、]", " and ", text)
    words = []
    for chunk in BLANKS.sub(" ", text).split():
        for word in re.sub(r"(?<=[^.]{2})\.", " ", chunk).split():
            word = word.replace(".", "")
            word = WRITTEN_OUT.get(word, word)
            word = NOT_FIRST.get(word, word) if words else word
            words += [word] if word else []
    return re.sub(f"(?<=[{HAN}]) (?=[{HAN}])", "", " ".join(words))


def script_of(letter):
    """The writing system of a letter, by the first word of its name."""
    return unicodedata.name(letter, "?").split()[0]


def usable(key, certain):
    """Whether a key is long enough, and of letters of one script a word."""
    letters = key.replace(" ", "")
    if certain:
        letters = re.sub(r"\d", "", letters)
    if not letters or not all(unicodedata.category(c)[0] in "LM" for c in letters):
        return False
    for word in re.sub(r"\d", "", key).split():
        scripts = {script_of(c) for c in word}
        if len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
            return False
    if script_of(letters[:1]) != "LATIN":
        return len(letters) >= 2
    shortest = 4 if key.isascii() and not certain else 3
    return len(letters) >= shortest or key in SHORT_KEYS


def lines(name):
    """The fields of a hand-kept file's lines, without its comments."""
    text = (SCRIPTS / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()
            if line and not line.startswith("#")]


def parted(names):
    """Names parted by |."""
    return [name.strip() for name in names.split(" | ") if name.strip()]


def named(name):
    """A hand-kept file of codes: code to (display name, all names)."""
    table = {}
    for code, display, *more in lines(name):
        if code in table:
            sys.exit(f"{name}: {code} stands there twice")
        table[code] = (display, [display, *parted(" | ".join(more))])
    return table


def economies():
    """The economies: alpha-3, alpha-2, M49, name."""
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


def once(name):
    """A name of a former state, and the ways to say that it is former."""
    yield name
    for form in ("former {}", "{} (former)", "ex-{}"):
        yield form.format(name)


def reordered(name):
    """The same name with its inversion undone."""
    if match := re.fullmatch(r"([^,(]+), ([^,]+)|([^,(]+) \(([^)]+)\)", name):
        head, tail = (g for g in match.groups() if g)
        if re.search(r"\b(of|the|The)$", tail):
            yield f"{tail} {head}"


def required(rows):
    """The (name, alpha-3) pairs which the table has to resolve."""
    for country in pycountry.countries:
        yield from ((name, country.alpha_3) for name in iso_names(country))
    for locale in REQUIRED_LOCALES:
        territories = Locale.parse(locale).territories
        yield from ((territories[a2], a3) for a3, a2, _, _ in rows)
    yield from ((name, a3) for _, a3, name, _ in lines("m49.tsv") if a3)
    yield from ((name, a3) for a3, _, _, name in rows)


def strong_claims(rows):
    """Claims of ISO, M49, CLDR in English and Chinese, and by hand."""
    extra = [tuple(line[:2]) for line in lines("regions-extra.tsv")[1:]]
    for name, alpha3 in [*required(rows), *extra]:
        yield from ((form, alpha3) for form in (name, *reordered(name)))


def cldr_claims(alpha3_of):
    """Names in every locale; what is not an economy claims for ""."""
    for locale in sorted(localedata.locale_identifiers()):
        for code, name in Locale.parse(locale).territories.items():
            yield name, alpha3_of.get(code, "")
    for code, name in lines("cldr-more.tsv"):
        yield name, alpha3_of.get(code, "")
    yield from ((name, alpha3) for alpha3, name in lines("chinese-more.tsv"))


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
            east_asian = key and all(
                script_of(c).startswith(EAST_ASIAN) for c in key if c != " ")
            if not alpha3 or formal or east_asian:
                yield name, alpha3


def gathered(claims):
    """Map each normal form to the set of codes claimed for it."""
    table = defaultdict(set)
    for name, code in claims:
        table[fold(name)].add(code)
    return table


def adjectives(of_nationality):
    """Nationalities and languages, where widely read locales have no economy
    of that name."""
    locales = [Locale.parse(locale) for locale in WIDELY_READ]
    words = {fold(name) for locale in locales
             for name in locale.languages.values()}
    return (words | of_nationality.keys()) - {
        fold(name) for locale in locales
        for name in locale.territories.values()}


def settled(strong, weak, barred, unsure):
    """Settle the claims: the table, and the keys dropped as ambiguous."""
    names, dropped = {}, []
    for key in strong.keys() | weak.keys():
        codes = strong.get(key) or weak[key]
        if codes == {""} or not usable(key, certain=key in strong):
            continue
        if key in unsure or key in barred and key not in strong:
            continue
        if len(codes) > 1:
            dropped.append(key)
        else:
            names[key] = min(codes)
    return names, sorted(dropped)


def unsure_names():
    """What is said of each name that must stay unknown."""
    hints = {}
    for names, hint in lines("regions-unsure.tsv"):
        for name in parted(names):
            hints[fold(name)] = hint
    return hints


def plurals(name):
    """A nationality's name, and its plural."""
    yield name
    if not re.search(r"(s|sh|ch|ese|x|man|men|tsi|\))$", name):
        yield name + "s"
    if name.endswith("man") and not name.endswith(("German", "Roman")):
        yield name[:-3] + "men"
    if name.endswith("citizen"):
        yield name + "s"


def nationalities(strong):
    """Nationalities to codes; `?` and a hint where there are several."""
    table = {}
    for code, names in lines("regions-nationalities.tsv"):
        for name in parted(names):
            for form in plurals(name):
                if table.setdefault(fold(form), code) != code:
                    sys.exit(f"the nationality {form} stands there twice")
    for key, codes in strong.items():
        if len(codes) == 1 and re.fullmatch(f"[{HAN}]{{2,}}", key):
            for ending in CHINESE_NATIONALITY:
                table.setdefault(key + ending, min(codes))
    return table


def groups(barred):
    """Names of groups, totals and residuals to their codes."""
    table = {}
    for code, (_, names) in named("regions-groups.tsv").items():
        for name in names:
            key = ("~" if name.startswith("~") else "") + fold(name.strip("~"))
            if table.setdefault(key, code) != code:
                sys.exit(f"{name}: both {table[key]} and {code}")
    for locale in REQUIRED_LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if code.isdigit() and fold(name) not in barred:
                table.setdefault(fold(name), f"X{code}")
    for m49, alpha3, name, _ in lines("m49.tsv"):
        if not alpha3 and fold(name) not in barred:
            table.setdefault(fold(name), f"X{m49}")
    return table


def codes(rows, former):
    """All codes: code, kind, alpha-2, M49, name."""
    for a3, a2, m49, name in rows:
        yield a3, "economy", a2, m49, name
    numeric = {c.alpha_4: getattr(c, "numeric", "")
               for c in pycountry.historic_countries}
    for code, (name, _) in former.items():
        yield code, "economy", "", numeric[code], name
    for code, (name, _) in named("regions-groups.tsv").items():
        kind = {"_T": "total"}.get(code, "residual")
        if code.startswith("X") and code not in ("XXA", "XXB"):
            m49 = code[1:] if code[1:].isdigit() else ""
            yield code, "group", "", m49, name
            if code != "X001":
                yield f"_O{code[1:]}", "residual", "", "", f"Other {name}"
        else:
            yield code, kind, "", "", name


def parents():
    """Each region and the codes of the groups that hold it."""
    held = {}
    for m49, alpha3, _, parent in lines("m49.tsv"):
        if parent:
            held.setdefault(alpha3 or f"X{m49}", set()).add(f"X{parent}")
    for group, members in lines("regions-members.tsv"):
        for member in members.split():
            held.setdefault(member, set()).add(group)
    return ((code, " ".join(sorted(groups))) for code, groups in held.items())


def write(name, rows):
    """Write sorted lines as UTF-8 with LF endings, whatever the system."""
    ordered = sorted("\t".join(row).encode() + b"\n" for row in rows)
    (TABLES / name).write_bytes(b"".join(ordered))


def clashes(strong, of_groups, of_former, unsure):
    """Keys which the sure sources and the hand-kept lists contradict."""
    lists = {"an economy": strong, "a group": of_groups,
             "a former state": of_former}
    pairs = (("an economy", "a group"), ("an economy", "a former state"),
             ("a group", "a former state"))
    for one, other in pairs:
        for key in sorted(lists[one].keys() & lists[other].keys()):
            yield f"{key}: {one} and {other}"
    for key in sorted(of_former.keys() | of_groups.keys()):
        if key in unsure:
            yield f"{key}: it must stay unknown"
    for key, claimed in of_former.items():
        if len(claimed) > 1:
            yield f"{key}: of two former states"


def faults(names, dropped, strong, unsure, rows):
    """What the names lack."""
    for key in dropped:
        if key in strong:
            yield f"{key}: two economies, by sure sources"
    for name, alpha3 in sorted(set(required(rows))):
        if names.get(fold(name)) != alpha3 and fold(name) not in unsure:
            yield f"{name}: does not resolve to {alpha3}"


def printed(claims, names):
    """How many names, as sources print them, are in Latin or Chinese."""
    known = {name for name, _ in claims if fold(name) in names}
    return sum(script_of(fold(name)[0]) in ("LATIN", "CJK") for name in known)


def main():
    rows = economies()
    alpha3_of = {a2: a3 for a3, a2, _, _ in rows}
    unsure, former = unsure_names(), named("regions-former.tsv")
    strong = gathered(strong_claims(rows))
    of_former = gathered((form, code) for code, (_, names) in former.items()
                         for name in names for form in once(name))
    of_groups = groups(strong.keys() | unsure.keys())
    of_nationality = nationalities(strong)
    claims = [*cldr_claims(alpha3_of), *countrynames_claims(alpha3_of, strong)]
    barred = adjectives(of_nationality) | NOT_ECONOMIES | WORDS
    barred |= of_groups.keys()
    names, dropped = settled(strong, gathered(claims), barred, unsure)
    names |= {key: min(claimed) for key, claimed in of_former.items()}

    wrong = [*clashes(strong, of_groups, of_former, unsure),
             *faults(names, dropped, strong, unsure, rows)]
    if wrong:
        sys.exit("\n".join(wrong))
    count = printed([*claims, *strong_claims(rows)], names)
    print(f"{len(rows)} economies; {len(names)} names, made of {count} names "
          "as printed in Latin or Chinese script and those in others; "
          f"{len(dropped)} ambiguous names dropped")

    write("codes.tsv", codes(rows, former))
    write("parents.tsv", parents())
    write("names.tsv", [*names.items(), *CAPITALS.items()])
    write("aggregates.tsv", [item for item in of_groups.items()
                             if item[0][0] != "~"])
    write("adjectives.tsv", [(key[1:], code) for key, code in of_groups.items()
                             if key[0] == "~"])
    write("nationalities.tsv", [item for item in of_nationality.items()
                                if item[0] not in names and item[0] not in unsure])
    write("unsure.tsv", unsure.items())


if __name__ == "__main__":
    main()
