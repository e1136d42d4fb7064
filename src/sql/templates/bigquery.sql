{#- BigQuery: GoogleSQL. A transaction takes no DDL, so that stands before and after it. -#}
{%- macro at(table) %}{{ schema|name }}.{{ table.name|name }}{% endmacro -%}
{%- macro staged(table) %}{{ schema|name }}.{{ ("staged_" ~ table.name ~ "_" ~ set.hash[:8])|name }}{% endmacro -%}
{%- macro list(names) %}{% for name in names %}{{ name|name }}{% if not loop.last %}, {% endif %}{% endfor %}{% endmacro -%}
{%- macro changed(table, by) -%}
(
    SELECT {{ by }} FROM (SELECT {{ list(table.names) }} FROM {{ staged(table) }} EXCEPT DISTINCT SELECT {{ list(table.names) }} FROM {{ at(table) }})
    UNION DISTINCT
    SELECT {{ by }} FROM (SELECT {{ list(table.names) }} FROM {{ at(table) }} EXCEPT DISTINCT SELECT {{ list(table.names) }} FROM {{ staged(table) }})
)
{%- endmacro -%}
-- {{ set.title|comment }}
-- Brings dataset {{ schema }} to set {{ set.hash }} (version {{ set.version }}, releases {{ set.releases }}, written by bluebook {{ set.bluebook }}).
--
--     bq query --use_legacy_sql=false < THIS_SCRIPT        (the files stand in a bucket: --files gs://bucket/prefix)
--
-- Checked by a parser, and not tried on BigQuery. The releases that differ are deleted and inserted in one transaction;
-- a second run writes nothing. Of two at once, one is cancelled by BigQuery where both change a table, and can run again.
CREATE SCHEMA IF NOT EXISTS {{ schema|name }} OPTIONS (description = {{ set.title|literal }});
CREATE TABLE IF NOT EXISTS {{ schema|name }}.`_loads` (
    loaded_at TIMESTAMP NOT NULL,
    set_hash STRING NOT NULL,
    version STRING NOT NULL,
    releases STRING NOT NULL,
    `rows` INT64 NOT NULL
) OPTIONS (description = 'Every set that was loaded: when, which, and how many rows of all tables.');
{% for table in tables %}
CREATE TABLE IF NOT EXISTS {{ at(table) }} (
{%- for of in table.columns %}
    {{ of.name|name }} {{ of.type }}{% if not of.nullable %} NOT NULL{% endif %} OPTIONS (description = {{ of.meaning|literal }}),
{%- endfor %}
    PRIMARY KEY ({{ list(table.key) }}) NOT ENFORCED
) OPTIONS (description = {{ table.meaning|literal }});
CREATE OR REPLACE EXTERNAL TABLE {{ staged(table) }} OPTIONS (format = 'PARQUET', uris = [{{ table.path|literal }}]);
{% endfor %}
BEGIN TRANSACTION;
{% for table in tables %}
{% set by = "release_date" if "release_date" in table.key else table.key[0] -%}
DELETE FROM {{ at(table) }} WHERE {{ by|name }} IN {{ changed(table, by|name) }};
INSERT INTO {{ at(table) }} ({{ list(table.names) }})
SELECT {{ list(table.names) }} FROM {{ staged(table) }} EXCEPT DISTINCT SELECT {{ list(table.names) }} FROM {{ at(table) }};
{% endfor %}
INSERT INTO {{ schema|name }}.`_loads` (loaded_at, set_hash, version, releases, `rows`)
SELECT CURRENT_TIMESTAMP(), {{ set.hash|literal }}, {{ set.version|literal }}, {{ set.releases|literal }},
    {% for table in tables %}(SELECT COUNT(*) FROM {{ at(table) }}){% if not loop.last %} + {% endif %}{% endfor %}
FROM (SELECT 1) AS one
WHERE NOT EXISTS (SELECT 1 FROM {{ schema|name }}.`_loads`
    WHERE set_hash = {{ set.hash|literal }} AND loaded_at = (SELECT MAX(loaded_at) FROM {{ schema|name }}.`_loads`));
COMMIT TRANSACTION;
{% for table in tables -%}
DROP TABLE IF EXISTS {{ staged(table) }};
{% endfor %}