{#- DuckDB 1.4 and newer. Each macro is one statement: the script below is made of them, and `bluebook load` runs them one by one. -#}
{%- macro at(table) %}{{ schema|name }}.{{ table.name|name }}{% endmacro -%}
{%- macro staged(table) %}{{ ("staged_" ~ table.name)|name }}{% endmacro -%}
{%- macro list(names) %}{% for name in names %}{{ name|name }}{% if not loop.last %}, {% endif %}{% endfor %}{% endmacro -%}
{%- macro same_key(table) %}{% for name in table.key %}old.{{ name|name }} = new.{{ name|name }}{% if not loop.last %} AND {% endif %}{% endfor %}{% endmacro -%}
{%- macro differs(table) %}{% for name in table.values %}old.{{ name|name }} IS DISTINCT FROM new.{{ name|name }}{% if not loop.last %}
        OR {% endif %}{% else %}false{% endfor %}{% endmacro -%}
{#- Observations are compared only of releases whose hash is another: what did not change is neither staged nor compared. -#}
{%- macro changed(table, of, joint="WHERE") %}{% if table.by_release %}
    {{ joint }} {{ of }}.release_date NOT IN (SELECT release_date FROM unchanged_releases){% endif %}{% endmacro -%}
{%- macro old_rows(table) %}{% if table.by_release %}(SELECT * FROM {{ at(table) }} AS there {{- changed(table, "there") }}){% else %}{{ at(table) }}{% endif %}{% endmacro -%}
{%- macro column(of) %}{{ of.name|name }} {{ of.type }}{% if not of.nullable %} NOT NULL{% endif %}{% endmacro -%}

{%- macro begin() %}BEGIN TRANSACTION{% endmacro -%}
{%- macro commit() %}COMMIT{% endmacro -%}
{%- macro rollback() %}ROLLBACK{% endmacro -%}
{%- macro lock() %}{% endmacro -%}
{%- macro create_schema() %}CREATE SCHEMA IF NOT EXISTS {{ schema|name }}{% endmacro -%}
{%- macro comment_schema() %}{% endmacro -%}
{%- macro create_table(table) %}CREATE TABLE IF NOT EXISTS {{ at(table) }} (
{%- for of in table.columns %}
    {{ column(of) }},
{%- endfor %}
    PRIMARY KEY ({{ list(table.key) }})
){% endmacro -%}
{%- macro add_column(table, of) %}ALTER TABLE {{ at(table) }} ADD COLUMN IF NOT EXISTS {{ column(of) }}{% endmacro -%}
{%- macro comment_table(table) %}COMMENT ON TABLE {{ at(table) }} IS {{ table.meaning|literal }}{% endmacro -%}
{%- macro comment_column(table, of) %}COMMENT ON COLUMN {{ at(table) }}.{{ of.name|name }} IS {{ of.meaning|literal }}{% endmacro -%}
{%- macro create_loads() %}CREATE TABLE IF NOT EXISTS {{ schema|name }}._loads (
    number BIGINT PRIMARY KEY,
    loaded_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    set_hash VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    releases VARCHAR NOT NULL,
    inserted BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    deleted BIGINT NOT NULL
){% endmacro -%}
{%- macro comment_loads() %}COMMENT ON TABLE {{ schema|name }}._loads IS 'Every load by bluebook that wrote something: when, which set, and how many rows of all tables.'{% endmacro -%}
{%- macro found_columns() %}SELECT table_name, column_name, data_type, is_nullable
FROM information_schema.columns
WHERE table_catalog = current_database() AND table_schema = {{ schema|literal }}
ORDER BY table_name, ordinal_position{% endmacro -%}
{%- macro found_schema() %}SELECT schema_name FROM information_schema.schemata
WHERE catalog_name = current_database() AND schema_name = {{ schema|literal }}{% endmacro -%}
{%- macro loaded_set() %}SELECT set_hash FROM {{ schema|name }}._loads ORDER BY number DESC LIMIT 1{% endmacro -%}
{%- macro find_unchanged(compares_all) %}CREATE OR REPLACE TEMPORARY TABLE unchanged_releases AS
SELECT new.release_date FROM staged_releases AS new
JOIN {{ schema|name }}.releases AS old ON old.release_date = new.release_date AND old.observations_sha256 = new.observations_sha256
JOIN (SELECT release_date, count(value) AS figures FROM {{ schema|name }}.observations GROUP BY release_date) AS there
    ON there.release_date = new.release_date AND there.figures = new.figures
{%- if compares_all %}
WHERE false{% endif %}{% endmacro -%}
{%- macro unchanged() %}SELECT release_date::VARCHAR FROM unchanged_releases{% endmacro -%}
{%- macro stage(table) %}CREATE OR REPLACE TEMPORARY TABLE {{ staged(table) }} AS
SELECT {{ list(table.names) }} FROM read_parquet({{ table.path|literal }}) AS new {{- changed(table, "new") }}{% endmacro -%}
{%- macro copy(table) %}{% endmacro -%}
{%- macro analyze(table) %}{% endmacro -%}
{%- macro count_rows(table) %}SELECT count(*) FROM {{ at(table) }}{% endmacro -%}
{%- macro empty_table(table) %}DELETE FROM {{ at(table) }}{% endmacro -%}
{%- macro delete_rows(table) %}{% endmacro -%}
{%- macro count_changes(table) %}SELECT
    count(*) FILTER (WHERE old.{{ table.key[0]|name }} IS NULL) AS inserted,
    count(*) FILTER (WHERE old.{{ table.key[0]|name }} IS NOT NULL AND new.{{ table.key[0]|name }} IS NOT NULL) AS updated,
    count(*) FILTER (WHERE new.{{ table.key[0]|name }} IS NULL) AS deleted
FROM {{ staged(table) }} AS new FULL JOIN {{ old_rows(table) }} AS old ON {{ same_key(table) }}
WHERE old.{{ table.key[0]|name }} IS NULL OR new.{{ table.key[0]|name }} IS NULL
        OR {{ differs(table) }}{% endmacro -%}
{%- macro write_rows(table) %}MERGE INTO {{ at(table) }} AS old
USING {{ staged(table) }} AS new ON {{ same_key(table) }}
WHEN MATCHED AND ({{ differs(table) }})
    THEN UPDATE SET {% for name in table.values or table.key %}{{ name|name }} = new.{{ name|name }}{% if not loop.last %}, {% endif %}{% endfor %}
WHEN NOT MATCHED THEN INSERT ({{ list(table.names) }})
    VALUES ({% for name in table.names %}new.{{ name|name }}{% if not loop.last %}, {% endif %}{% endfor %})
WHEN NOT MATCHED BY SOURCE {{- changed(table, "old", "AND") }} THEN DELETE{% endmacro -%}
{%- macro record(inserted, updated, deleted) %}INSERT INTO {{ schema|name }}._loads (number, set_hash, version, releases, inserted, updated, deleted)
SELECT coalesce(max(number), 0) + 1, {{ set.hash|literal }}, {{ set.version|literal }}, {{ set.releases|literal }}, {{ inserted }}, {{ updated }}, {{ deleted }}
FROM {{ schema|name }}._loads{% endmacro -%}
-- {{ set.title|comment }}
-- Brings schema {{ schema }} to set {{ set.hash }} (version {{ set.version }}, releases {{ set.releases }}, written by bluebook {{ set.bluebook }}).
--
--     duckdb -bail FILE.duckdb < THIS_SCRIPT
--
-- For DuckDB 1.4 and newer. All is one transaction: what is killed or refused leaves what stood. A second run writes
-- nothing; of two at once, the second is refused by DuckDB's own lock. Only rows that differ are written.
{{ begin() }};

-- A table of these names that bluebook did not make is not touched.
SELECT CASE WHEN count(*) FILTER (WHERE table_name = '_loads') = 0 AND count(*) > 0
    THEN error({{ ("schema " ~ schema ~ " has tables of these names that bluebook did not make; load into another: bluebook sql --schema NAME")|literal }}) END AS "schema is ours"
FROM information_schema.tables
WHERE table_catalog = current_database() AND table_schema = {{ schema|literal }}
    AND table_name IN ('_loads'{% for table in tables %}, {{ table.name|literal }}{% endfor %});
{{ create_schema() }};
{{ create_loads() }};
{{ comment_loads() }};
{% for table in tables %}
{{ create_table(table) }};
{% for of in table.columns if of.nullable -%}
{{ add_column(table, of) }};
{% endfor -%}
{{ comment_table(table) }};
{% for of in table.columns -%}
{{ comment_column(table, of) }};
{% endfor -%}
{% endfor %}
-- A column of another type would take figures in silence, rounded or cut.
SELECT CASE WHEN count(*) > 0 THEN error('the tables are not as the set has them: ' || string_agg(concat_ws(' ',
        coalesce(wanted.of_table || '.' || wanted.of_column, found.table_name || '.' || found.column_name), 'is',
        coalesce(found.data_type || CASE found.is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END, 'missing'), 'and should be',
        coalesce(wanted.of_type || CASE wanted.nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END, 'missing')), '; ')
    || '; alter or drop them, and run this again') END AS "columns are those of the set"
FROM (VALUES
{%- for table in tables %}{% set last_table = loop.last %}{% for of in table.columns %}
    ({{ table.name|literal }}, {{ of.name|literal }}, {{ of.type|literal }}, {% if of.nullable %}'YES'{% else %}'NO'{% endif %}){% if not (loop.last and last_table) %},{% endif %}
{%- endfor %}{% endfor %}
) AS wanted (of_table, of_column, of_type, nullable)
FULL JOIN (
    SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_catalog = current_database() AND table_schema = {{ schema|literal }}
        AND table_name IN ({% for table in tables %}{{ table.name|literal }}{% if not loop.last %}, {% endif %}{% endfor %})
) AS found ON found.table_name = wanted.of_table AND found.column_name = wanted.of_column
WHERE found.data_type IS DISTINCT FROM wanted.of_type OR found.is_nullable IS DISTINCT FROM wanted.nullable;
{% for table in tables if table.name == "releases" %}
-- Of releases whose observations are those that are there, none is compared.
{{ stage(table) }};
{{ find_unchanged(compares_all) }};
{% endfor %}
{%- for table in tables if table.name != "releases" %}
{{ stage(table) }};
{% endfor %}
CREATE OR REPLACE TEMPORARY TABLE changes AS
{%- for table in tables %}
{{ count_changes(table) }}
{%- if not loop.last %}
UNION ALL{% endif %}
{%- endfor %};
{% for table in tables %}
{{ write_rows(table) }};
{% endfor %}
{{ record("(SELECT sum(inserted) FROM changes)", "(SELECT sum(updated) FROM changes)", "(SELECT sum(deleted) FROM changes)") }}
HAVING (SELECT sum(inserted + updated + deleted) FROM changes) > 0
    OR {{ set.hash|literal }} IS DISTINCT FROM ({{ loaded_set() }});

SELECT sum(inserted) AS inserted, sum(updated) AS updated, sum(deleted) AS deleted FROM changes;
{{ commit() }};
