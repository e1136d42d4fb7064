{#- PostgreSQL 15 and newer. Each macro is one statement: the script below is made of them, and `bluebook load` runs them one by one. -#}
{%- macro at(table) %}{{ schema|name }}.{{ table.name|name }}{% endmacro -%}
{%- macro staged(table) %}{{ ("staged_" ~ table.name)|name }}{% endmacro -%}
{%- macro list(names, of="") %}{% for name in names %}{% if of %}{{ of }}.{% endif %}{{ name|name }}{% if not loop.last %}, {% endif %}{% endfor %}{% endmacro -%}
{%- macro same_key(table) %}{% for name in table.key %}old.{{ name|name }} = new.{{ name|name }}{% if not loop.last %} AND {% endif %}{% endfor %}{% endmacro -%}
{%- macro differs(table, of="new") %}{% for name in table.values %}old.{{ name|name }} IS DISTINCT FROM {{ of }}.{{ name|name }}{% if not loop.last %}
        OR {% endif %}{% else %}false{% endfor %}{% endmacro -%}
{#- Observations are compared only of releases whose hash is another: what did not change is neither staged nor compared. -#}
{%- macro changed(table, of, joint="WHERE") %}{% if table.by_release %}
    {{ joint }} {{ of }}.release_date NOT IN (SELECT release_date FROM unchanged_releases){% endif %}{% endmacro -%}
{%- macro old_rows(table) %}{% if table.by_release %}(SELECT * FROM {{ at(table) }} AS there {{- changed(table, "there") }}){% else %}{{ at(table) }}{% endif %}{% endmacro -%}
{%- macro column(of) %}{{ of.name|name }} {{ of.type }}{% if not of.nullable %} NOT NULL{% endif %}{% endmacro -%}

{%- macro begin() %}BEGIN{% endmacro -%}
{%- macro commit() %}COMMIT{% endmacro -%}
{%- macro rollback() %}ROLLBACK{% endmacro -%}
{%- macro lock() %}SELECT pg_advisory_xact_lock(hashtextextended({{ ("bluebook " ~ schema)|literal }}, 0)){% endmacro -%}
{%- macro create_schema() %}CREATE SCHEMA {{ schema|name }}{% endmacro -%}
{%- macro comment_schema() %}COMMENT ON SCHEMA {{ schema|name }} IS {{ set.title|literal }}{% endmacro -%}
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
    number bigint PRIMARY KEY,
    loaded_at timestamp with time zone NOT NULL DEFAULT now(),
    set_hash text NOT NULL,
    version text NOT NULL,
    releases text NOT NULL,
    inserted bigint NOT NULL,
    updated bigint NOT NULL,
    deleted bigint NOT NULL
){% endmacro -%}
{%- macro comment_loads() %}COMMENT ON TABLE {{ schema|name }}._loads IS 'Every load by bluebook that wrote something: when, which set, and how many rows of all tables.'{% endmacro -%}
{#- Not information_schema, which does not tell of tables that the role may not read. -#}
{%- macro found_columns() %}SELECT relname::text AS of_table, attname::text AS of_column, format_type(atttypid, atttypmod) AS of_type,
    CASE WHEN attnotnull THEN 'NO' ELSE 'YES' END AS nullable
FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class ON pg_class.oid = attrelid
WHERE relnamespace = to_regnamespace({{ schema|name|literal }}) AND relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped
ORDER BY relname, attnum{% endmacro -%}
{%- macro found_schema() %}SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname = {{ schema|literal }}{% endmacro -%}
{%- macro loaded_set() %}SELECT set_hash FROM {{ schema|name }}._loads ORDER BY number DESC LIMIT 1{% endmacro -%}
{%- macro stage(table) %}CREATE TEMPORARY TABLE {{ staged(table) }} (LIKE {{ at(table) }}) ON COMMIT DROP{% endmacro -%}
{%- macro copy(table) %}COPY {{ staged(table) }} ({{ list(table.names) }}) FROM STDIN (FORMAT binary){% endmacro -%}
{%- macro analyze(table) %}ANALYZE {{ staged(table) }}{% endmacro -%}
{%- macro find_unchanged(compares_all) %}CREATE TEMPORARY TABLE unchanged_releases ON COMMIT DROP AS
SELECT new.release_date FROM staged_releases AS new
JOIN {{ schema|name }}.releases AS old ON old.release_date = new.release_date AND old.observations_sha256 = new.observations_sha256
JOIN (SELECT release_date, count(value) AS figures FROM {{ schema|name }}.observations GROUP BY release_date) AS there
    ON there.release_date = new.release_date AND there.figures = new.figures
{%- if compares_all %}
WHERE false{% endif %}{% endmacro -%}
{%- macro unchanged() %}SELECT release_date::text FROM unchanged_releases{% endmacro -%}
{%- macro count_changes(table) %}SELECT
    count(*) FILTER (WHERE old.{{ table.key[0]|name }} IS NULL) AS inserted,
    count(*) FILTER (WHERE old.{{ table.key[0]|name }} IS NOT NULL AND new.{{ table.key[0]|name }} IS NOT NULL) AS updated,
    count(*) FILTER (WHERE new.{{ table.key[0]|name }} IS NULL) AS deleted
FROM {{ staged(table) }} AS new FULL JOIN {{ old_rows(table) }} AS old ON {{ same_key(table) }}
WHERE old.{{ table.key[0]|name }} IS NULL OR new.{{ table.key[0]|name }} IS NULL
        OR {{ differs(table) }}{% endmacro -%}
{%- macro count_rows(table) %}SELECT count(*) FROM {{ at(table) }}{% endmacro -%}
{%- macro empty_table(table) %}DELETE FROM {{ at(table) }}{% endmacro -%}
{%- macro delete_rows(table) %}DELETE FROM {{ at(table) }} AS old
WHERE NOT EXISTS (SELECT FROM {{ staged(table) }} AS new WHERE {{ same_key(table) }}){{ changed(table, "old", "AND") }}{% endmacro -%}
{%- macro write_rows(table) %}INSERT INTO {{ at(table) }} AS old ({{ list(table.names) }})
SELECT {{ list(table.names) }} FROM {{ staged(table) }}
ON CONFLICT ({{ list(table.key) }}) DO {% if table.values %}UPDATE SET
{%- for name in table.values %}
    {{ name|name }} = excluded.{{ name|name }}{% if not loop.last %},{% endif %}
{%- endfor %}
WHERE {{ differs(table, "excluded") }}{% else %}NOTHING{% endif %}{% endmacro -%}
{%- macro record(inserted, updated, deleted) %}INSERT INTO {{ schema|name }}._loads (number, set_hash, version, releases, inserted, updated, deleted)
SELECT coalesce(max(number), 0) + 1, {{ set.hash|literal }}, {{ set.version|literal }}, {{ set.releases|literal }}, {{ inserted }}, {{ updated }}, {{ deleted }}
FROM {{ schema|name }}._loads{% endmacro -%}
-- {{ set.title|comment }}
-- Brings schema {{ schema }} to set {{ set.hash }} (version {{ set.version }}, releases {{ set.releases }}, written by bluebook {{ set.bluebook }}).
--
--     psql --no-psqlrc --file=THIS_SCRIPT "postgresql://…"
--
-- For PostgreSQL 15 and newer. All is one transaction: what is killed or refused leaves what stood. A second run writes
-- nothing; of two at once, the second waits. Only rows that differ are written. The role must own the schema.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

{{ begin() }};
{{ lock() }} \g /dev/null

-- A table of these names that bluebook did not make is not touched.
DO $check$ BEGIN
    IF to_regnamespace({{ schema|name|literal }}) IS NULL THEN
        {{ create_schema() }};
        {{ comment_schema() }};
    ELSIF to_regclass({{ (schema|name ~ "._loads")|literal }}) IS NULL AND EXISTS (
        SELECT FROM pg_catalog.pg_class
        WHERE relnamespace = to_regnamespace({{ schema|name|literal }}) AND relname IN ({% for table in tables %}{{ table.name|literal }}{% if not loop.last %}, {% endif %}{% endfor %})
    ) THEN
        RAISE EXCEPTION 'schema % has tables of these names that bluebook did not make', {{ schema|literal }}
            USING HINT = 'Load into another schema: bluebook sql --schema NAME';
    END IF;
END $check$;
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
DO $check$ DECLARE differences text;
BEGIN
    SELECT string_agg(concat_ws(' ', coalesce(wanted.of_table || '.' || wanted.of_column, found.of_table || '.' || found.of_column), 'is',
        coalesce(found.of_type || CASE found.nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END, 'missing'), 'and should be',
        coalesce(wanted.of_type || CASE wanted.nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END, 'missing')), '; ')
    INTO differences
    FROM (VALUES
{%- for table in tables %}{% set last_table = loop.last %}{% for of in table.columns %}
        ({{ table.name|literal }}, {{ of.name|literal }}, {{ of.type|literal }}, {% if of.nullable %}'YES'{% else %}'NO'{% endif %}){% if not (loop.last and last_table) %},{% endif %}
{%- endfor %}{% endfor %}
    ) AS wanted (of_table, of_column, of_type, nullable)
    FULL JOIN (
        SELECT * FROM ({{ found_columns() }}) AS columns
        WHERE of_table IN ({% for table in tables %}{{ table.name|literal }}{% if not loop.last %}, {% endif %}{% endfor %})
    ) AS found ON found.of_table = wanted.of_table AND found.of_column = wanted.of_column
    WHERE (found.of_type, found.nullable) IS DISTINCT FROM (wanted.of_type, wanted.nullable);
    IF differences IS NOT NULL THEN
        RAISE EXCEPTION 'the tables are not as the set has them: %', differences
            USING HINT = 'Alter or drop them, and run this again.';
    END IF;
END $check$;
{% for table in tables %}
{{ stage(table) }};
\copy {{ staged(table) }} ({{ list(table.names) }}) FROM {{ table.path|literal }} (FORMAT csv, HEADER match)
{%- if table.texts %}
-- CSV guards a text that a spreadsheet would run by an apostrophe, which is no part of it.
UPDATE {{ staged(table) }} SET
{%- for name in table.texts %}
    {{ name|name }} = regexp_replace({{ name|name }}, '^''(''*[-=+@\t\r].)', '\1'){% if not loop.last %},{% endif %}
{%- endfor %}
WHERE {% for name in table.texts %}{{ name|name }} ~ '^''+[-=+@\t\r].'{% if not loop.last %} OR {% endif %}{% endfor %};
{%- endif %}
{{ analyze(table) }};
{% endfor %}
{%- for table in tables if table.by_release %}
-- Of releases whose observations are those that are there, none is compared.
{{ find_unchanged(compares_all) }};
DELETE FROM {{ staged(table) }} WHERE release_date IN (SELECT release_date FROM unchanged_releases);
{% endfor %}
CREATE TEMPORARY TABLE changes ON COMMIT DROP AS
{%- for table in tables %}
{{ count_changes(table) }}
{%- if not loop.last %}
UNION ALL{% endif %}
{%- endfor %};
{% for table in tables %}
{{ delete_rows(table) }};
{{ write_rows(table) }};
{% endfor %}
{{ record("(SELECT sum(inserted) FROM changes)", "(SELECT sum(updated) FROM changes)", "(SELECT sum(deleted) FROM changes)") }}
HAVING (SELECT sum(inserted + updated + deleted) FROM changes) > 0
    OR {{ set.hash|literal }} IS DISTINCT FROM ({{ loaded_set() }});

SELECT sum(inserted) AS inserted, sum(updated) AS updated, sum(deleted) AS deleted FROM changes;
{{ commit() }};
