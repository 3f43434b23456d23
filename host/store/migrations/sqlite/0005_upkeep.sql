-- When each piece of upkeep of a tenant's rows was last done to its end. A tenant is known by its id, so that a later one of
-- the same slug has none of it.
CREATE TABLE tenant_upkeep (
    tenant INTEGER NOT NULL,
    task TEXT NOT NULL,
    done_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, task)
) STRICT, WITHOUT ROWID;

-- What statements of commands took in a tenant's rows, each by its text without values. `latency` counts calls by how long
-- they took, as a JSON list: call `i` took less than the square root of 2 to the power of i + 1 microseconds.
CREATE TABLE statements (
    tenant INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    text TEXT NOT NULL,
    command TEXT NOT NULL,
    calls INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    total_ns INTEGER NOT NULL,
    longest_ns INTEGER NOT NULL,
    latency TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE INDEX statements_by_total ON statements (tenant, total_ns);
