"""Print dbt's sources for a published set: descriptions, and tests that follow from keys and columns.

    python3 sources.py output/hk-talent-admissions > models/sources.yml
"""

import json
import sys
from pathlib import Path


def main(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    schema = package["name"].replace("-", "_")
    tables = {}
    for resource in package["resources"]:
        tables.setdefault(resource["path"].rsplit(".", 1)[0], resource)
    print("# Made by sources.py from a set's datapackage.json.")
    print("sources:")
    print(f"  - name: {schema}")
    print(f"    description: {text(package['title'])}")
    print("    tables:")
    print("      - name: _loads")
    print("        description: Every load that wrote something.")
    print("        loaded_at_field: loaded_at")
    print("        config:")
    print("          freshness: {warn_after: {count: 40, period: day}, error_after: {count: 100, period: day}}")
    for name, resource in tables.items():
        table(name, resource, schema, tables)


def table(name, resource, schema, tables):
    key = resource["schema"]["primaryKey"]
    print(f"      - name: {name}")
    print(f"        description: {text(resource['description'])}")
    print("        data_tests:")
    print(f"          - unique_key: {{arguments: {{columns: [{', '.join(key)}]}}}}")
    print("        columns:")
    for field in resource["schema"]["fields"]:
        print(f"          - name: {field['name']}")
        print(f"            description: {text(field['description'])}")
        print("            quote: true")
        tests = ["not_null"] if field.get("constraints", {}).get("required") else []
        if field["name"] == "region" and "regions" in tables and name != "regions":
            of = f"source('{schema}', 'regions')"
            tests.append(f"relationships: {{arguments: {{to: \"{of}\", field: region}}}}")
        if tests:
            print("            data_tests:")
        for test in tests:
            print(f"              - {test}")


def text(words):
    return json.dumps(words, ensure_ascii=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
