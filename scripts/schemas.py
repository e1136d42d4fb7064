"""Runs the program in situations of all kinds, and holds what it tells to machines against the schemas: reports and log
lines against those of the project, SARIF against the standard's own, JUnit's XML against what its readers ask for. All
definitions of the project are held against their schema, too, and wrong ones are not as it says.

    python scripts/schemas.py target/debug/bluebook
"""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry, Resource

ROOT = Path(__file__).resolve().parent.parent
ANNEX = (ROOT / "input/hk-talent-admissions-2026-02.txt").read_text()
BROKEN = ANNEX.replace("\t549\t", "\t594\t", 1)
UNREADABLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook"


def schema(path):
    return json.loads((ROOT / path).read_text())


REPORT, LOG = schema("schemas/report.json"), schema("schemas/log.json")
REGISTRY = Registry().with_resources((of["$id"], Resource.from_contents(of)) for of in (REPORT, LOG))
VALIDATORS = {
    "report": Draft202012Validator(REPORT, registry=REGISTRY),
    "log": Draft202012Validator(LOG, registry=REGISTRY),
    "sarif": Draft7Validator(schema("tests/data/sarif-2.1.0.json")),
}


def fine(folder):
    write(folder / "input/annex.txt", ANNEX)
    return [], 0


def unchanged(folder):
    fine(folder)
    subprocess.run([PROGRAM, "run"], cwd=folder, check=True, capture_output=True)
    return [], 0


def revised(folder):
    write(folder / "input/2026-03-20.txt", ANNEX)
    write(folder / "input/2026-03-05.txt", ANNEX.replace("\t393\t", "\t391\t", 1).replace("41 057", "41 055"))
    return [], 0


def problems(folder):
    write(folder / "input/annex.txt", BROKEN)
    write(folder / "input/b c%.txt", BROKEN.replace("China", "Chinna"))
    return [], 1


def warnings(folder):
    write(folder / "input/annex.txt", ANNEX)
    definition = (ROOT / "src/dataset/built_in/hk-talent-admissions.toml").read_text()
    write(folder / "own.toml", definition + '\n[dimension.labels]\n"Nowhere at all" = "FRA"\n')
    return ["--dataset", "own.toml"], 0


def sheets(folder):
    import xlsxwriter

    (folder / "input").mkdir()
    book = xlsxwriter.Workbook(folder / "input/figures.xlsx")
    sheet = book.add_worksheet("A! b")
    rows = ["Top Talent Pass Scheme"], [], ["Region", "2023"], ["Canada", 549], ["Nowhere", 1], ["Total", 551]
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return [], 1


def control_characters(folder):
    write(folder / "input/annex.txt", ANNEX.replace("Canada", "Can\x01\x1b[31m]]>ada<&\u202e"))
    return [], 1


def unreadable(folder):
    (folder / "input").mkdir()
    (folder / "input/annex.xls").write_bytes(UNREADABLE)
    return [], 65


def no_input(_):
    return [], 66


def no_output(folder):
    write(folder / "output", "a file")
    write(folder / "input/annex.txt", ANNEX)
    return [], 74


def wrong_definition(folder):
    write(folder / "own.toml", 'name = "x"\n')
    return ["--dataset", "own.toml"], 78


SITUATIONS = [
    fine,
    unchanged,
    revised,
    problems,
    warnings,
    sheets,
    control_characters,
    unreadable,
    no_input,
    no_output,
    wrong_definition,
]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def check(kind, value, where):
    faults = [f"{where}: {kind}: {'/'.join(map(str, fault.path))}: {fault.message}" for fault in VALIDATORS[kind].iter_errors(value)]
    if faults:
        sys.exit("\n".join(faults))


def junit(text, where):
    """What readers of JUnit's XML ask for: counts that are right, and no case with two ends."""
    suites = ElementTree.fromstring(text)
    assert suites.tag == "testsuites", where
    for parent in [suites, *suites]:
        cases = list(parent.iter("testcase"))
        for attribute, tag in ("failures", "failure"), ("errors", "error"):
            assert int(parent.get(attribute)) == sum(len(case.findall(tag)) for case in cases), (where, attribute)
        assert int(parent.get("tests")) == len(cases), where
    for case in suites.iter("testcase"):
        assert case.get("name") and case.get("classname") and len(case) <= 1, where


def held(situation, command, folder):
    """One run in a situation."""
    arguments, code = situation(folder)
    where = f"{command}, {situation.__name__}"
    reports = ["--report", "r.json", "--junit", "j.xml", "--sarif", "s.sarif", "--log-format", "json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BLUEBOOK_", "GITHUB_"))}
    ended = subprocess.run([PROGRAM, command, *arguments, *reports], cwd=folder, env=environment, capture_output=True, text=True)
    expected = 0 if command == "check" and code == 74 else code
    assert (ended.returncode, ended.stdout) == (expected, ""), f"{where}: {ended.returncode}: {ended.stdout}{ended.stderr}"
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    for line in lines:
        check("log", line, where)
    assert [line["event"] for line in lines].count("run_finished") == 1 and lines[-1]["event"] == "run_finished", where
    report = json.loads((folder / "r.json").read_text())
    check("report", report, where)
    assert report["exit"] == lines[-1]["exit"] == expected, where
    check("sarif", json.loads((folder / "s.sarif").read_text()), where)
    junit((folder / "j.xml").read_text(), where)
    return len(lines)


# What an editor must mark in a definition: text that is replaced, and by what.
WRONG = {
    "an unknown key": ('publisher = ', 'publishers = "x"\npublisher = '),
    "a number for a text": ('title = "', 'title = 1 # "'),
    "a word that is none": ('nil = "proven"', 'nil = "perhaps"'),
    "a list of codes by a wrong name": ('codes = "regions"', 'codes = "countries"'),
}


def definitions():
    """The definitions of the project are as the schema says, and wrong ones are not."""
    validator = Draft202012Validator(schema("schemas/definition.json"))
    paths = [*ROOT.glob("src/dataset/built_in/*.toml"), *ROOT.glob("tests/definitions/*.toml")]
    for path in paths:
        found = [error.message for error in validator.iter_errors(tomllib.loads(path.read_text()))]
        assert not found, (path, found)
    sound = 'nil = "proven"\n' + (ROOT / "src/dataset/built_in/hk-talent-admissions.toml").read_text()
    assert validator.is_valid(tomllib.loads(sound))
    for name, (text, instead) in WRONG.items():
        assert text in sound and not validator.is_valid(tomllib.loads(sound.replace(text, instead, 1))), name
    print(f"{len(paths)} definitions are as the schema says, {len(WRONG)} wrong ones are not")


def main():
    definitions()
    lines = 0
    for command in "run", "check":
        for situation in SITUATIONS:
            with tempfile.TemporaryDirectory() as folder:
                lines += held(situation, command, Path(folder))
    print(f"{2 * len(SITUATIONS)} runs and {lines} lines of their logs are as the schemas say")


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv[1]).resolve())
    for of in REPORT, LOG, schema("schemas/definition.json"):
        Draft202012Validator.check_schema(of)
    main()
