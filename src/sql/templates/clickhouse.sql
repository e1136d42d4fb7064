{#- ClickHouse 23.8 and newer, databases of the engine Atomic. -#}
{%- macro at(table) %}{{ schema|name }}.{{ table.name|name }}{% endmacro -%}
{%- macro list(names) %}{% for name in names %}{{ name|name }}{% if not loop.last %}, {% endif %}{% endfor %}{% endmacro -%}
-- {{ set.title|comment }}
-- Brings database {{ schema }} to set {{ set.hash }} (version {{ set.version }}, releases {{ set.releases }}, written by bluebook {{ set.bluebook }}).
--
--     clickhouse local --path DATA --queries-file THIS_SCRIPT      (the files stand where the server can read them:
--     clickhouse client --queries-file THIS_SCRIPT                  for a server below its user_files, or pass --files URL)
--
-- For ClickHouse 23.8 and newer. ClickHouse has no transactions over tables: each table is filled aside and put in place
-- in one step, observations last, and _loads tells the set when all of them are. What is killed is mended by the next run;
-- of two at once, the last table in place is whole, too. A missing figure is NULL, not 0.
CREATE DATABASE IF NOT EXISTS {{ schema|name }} ENGINE = Atomic COMMENT {{ set.title|literal }};

-- A table of these names that bluebook did not make is not touched.
SELECT throwIf(count() > 0, {{ ("database " ~ schema ~ " has tables of these names that bluebook did not make; load into another: bluebook sql --schema NAME")|literal }}) AS ours
FROM system.tables
WHERE database = {{ schema|literal }} AND name IN ('_loads'{% for table in tables %}, {{ table.name|literal }}{% endfor %}) AND NOT endsWith(comment, '(bluebook)')
FORMAT Null;

CREATE TABLE IF NOT EXISTS {{ schema|name }}._loads (
    loaded_at DateTime('UTC') DEFAULT now(),
    set_hash String,
    version String,
    releases String,
    rows UInt64 COMMENT 'Rows of all tables'
) ENGINE = MergeTree ORDER BY loaded_at COMMENT 'Every set that was loaded: when, which, and how many rows (bluebook)';
{% for table in tables|reverse %}
CREATE OR REPLACE TABLE {{ at(table) }} (
{%- for of in table.columns %}
    {{ of.name|name }} {% if of.nullable %}Nullable({{ of.type }}){% else %}{{ of.type }}{% endif %} COMMENT {{ of.meaning|literal }}{% if not loop.last %},{% endif %}
{%- endfor %}
) ENGINE = MergeTree ORDER BY ({{ list(table.key) }}) COMMENT {{ (table.meaning ~ " (bluebook)")|literal }}
AS SELECT {{ list(table.names) }} FROM {{ source(table) }};
{% endfor %}
INSERT INTO {{ schema|name }}._loads (set_hash, version, releases, rows)
SELECT {{ set.hash|literal }}, {{ set.version|literal }}, {{ set.releases|literal }},
    {% for table in tables %}(SELECT count() FROM {{ at(table) }}){% if not loop.last %} + {% endif %}{% endfor %}
WHERE {{ set.hash|literal }} != (SELECT argMax(set_hash, loaded_at) FROM {{ schema|name }}._loads);
