{#- Snowflake. Its DDL commits by itself, so all of it stands before the transaction. -#}
{%- macro at(table) %}{{ schema|name }}.{{ table.name|name }}{% endmacro -%}
{%- macro staged(table) %}{{ schema|name }}.{{ ("staged_" ~ table.name)|name }}{% endmacro -%}
{%- macro list(names) %}{% for name in names %}{{ name|name }}{% if not loop.last %}, {% endif %}{% endfor %}{% endmacro -%}
{%- macro changed(table, by) -%}
(
    SELECT {{ by }} FROM (SELECT {{ list(table.names) }} FROM {{ staged(table) }} EXCEPT SELECT {{ list(table.names) }} FROM {{ at(table) }})
    UNION
    SELECT {{ by }} FROM (SELECT {{ list(table.names) }} FROM {{ at(table) }} EXCEPT SELECT {{ list(table.names) }} FROM {{ staged(table) }})
)
{%- endmacro -%}
-- {{ set.title|comment }}
-- Brings schema {{ schema }} to set {{ set.hash }} (version {{ set.version }}, releases {{ set.releases }}, written by bluebook {{ set.bluebook }}).
--
--     snow sql --filename THIS_SCRIPT        (after PUT of the files to the stage, see --files)
--
-- Checked by a parser, and not tried on Snowflake. The releases that differ are deleted and inserted in one transaction;
-- a second run writes nothing. Of two at once, the second waits for the tables of the first.
CREATE SCHEMA IF NOT EXISTS {{ schema|name }} COMMENT = {{ set.title|literal }};
CREATE TABLE IF NOT EXISTS {{ schema|name }}."_loads" (
    "loaded_at" TIMESTAMP_TZ NOT NULL DEFAULT CURRENT_TIMESTAMP(),
    "set_hash" VARCHAR NOT NULL,
    "version" VARCHAR NOT NULL,
    "releases" VARCHAR NOT NULL,
    "rows" NUMBER NOT NULL
) COMMENT = 'Every set that was loaded: when, which, and how many rows of all tables.';
{% for table in tables %}
CREATE TABLE IF NOT EXISTS {{ at(table) }} (
{%- for of in table.columns %}
    {{ of.name|name }} {{ of.type }}{% if not of.nullable %} NOT NULL{% endif %} COMMENT {{ of.meaning|literal }},
{%- endfor %}
    PRIMARY KEY ({{ list(table.key) }})
) COMMENT = {{ table.meaning|literal }};
CREATE OR REPLACE TEMPORARY TABLE {{ staged(table) }} LIKE {{ at(table) }};
COPY INTO {{ staged(table) }} FROM {{ table.path|literal }}
    FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_SENSITIVE ON_ERROR = ABORT_STATEMENT;
{% endfor %}
BEGIN TRANSACTION;
{% for table in tables %}
{% set by = "release_date" if "release_date" in table.key else table.key[0] -%}
DELETE FROM {{ at(table) }} WHERE {{ by|name }} IN {{ changed(table, by|name) }};
INSERT INTO {{ at(table) }} ({{ list(table.names) }})
SELECT {{ list(table.names) }} FROM {{ staged(table) }} EXCEPT SELECT {{ list(table.names) }} FROM {{ at(table) }};
{% endfor %}
INSERT INTO {{ schema|name }}."_loads" ("set_hash", "version", "releases", "rows")
SELECT {{ set.hash|literal }}, {{ set.version|literal }}, {{ set.releases|literal }},
    {% for table in tables %}(SELECT COUNT(*) FROM {{ at(table) }}){% if not loop.last %} + {% endif %}{% endfor %}
WHERE NOT EXISTS (SELECT 1 FROM {{ schema|name }}."_loads"
    WHERE "set_hash" = {{ set.hash|literal }} AND "loaded_at" = (SELECT MAX("loaded_at") FROM {{ schema|name }}."_loads"));
COMMIT;
