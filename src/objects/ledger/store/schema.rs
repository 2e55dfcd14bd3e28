//! The ledger's tables, version by version. `leases`: every lease and where it stands. `totals`: what
//! is booked by day, client, model and endpoint, kept in the same write as the lease. `generations`:
//! the history. `facts`: single values. `probes`: what was found of Ideogram's health. `alerts` and
//! `outbox`: what is wrong, and who still has to hear of it. `counters`: for metrics. `reconciliations`: each day
//! by Ideogram's account and by this one.

/// What each version adds; none is ever changed once released.
pub const VERSIONS: &[&[&str]] = &[
    &[
        "CREATE TABLE leases (
        id TEXT PRIMARY KEY, client TEXT NOT NULL, model TEXT NOT NULL, images INTEGER NOT NULL,
        cost INTEGER NOT NULL, day INTEGER NOT NULL, acquired_at INTEGER NOT NULL,
        state TEXT NOT NULL, until INTEGER, billed INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE INDEX leases_by_day ON leases (day)",
        "CREATE INDEX leases_open ON leases (until) WHERE until IS NOT NULL",
        "CREATE TABLE totals (
        day INTEGER NOT NULL, client TEXT NOT NULL, model TEXT NOT NULL,
        requests INTEGER NOT NULL, images INTEGER NOT NULL,
        billed INTEGER NOT NULL, unconfirmed INTEGER NOT NULL,
        PRIMARY KEY (day, client, model)) WITHOUT ROWID",
        "CREATE TABLE generations (
        id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, client TEXT NOT NULL,
        model TEXT NOT NULL, images INTEGER NOT NULL, prompt TEXT NOT NULL,
        options TEXT NOT NULL, seeds TEXT NOT NULL, cost INTEGER NOT NULL,
        outcome TEXT NOT NULL, latency_ms INTEGER NOT NULL)",
        "CREATE INDEX generations_by_time ON generations (created_at)",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ],
    &[
        "ALTER TABLE leases ADD COLUMN client_budget INTEGER",
        "ALTER TABLE leases ADD COLUMN token TEXT",
        "ALTER TABLE leases ADD COLUMN token_images INTEGER",
        "ALTER TABLE leases ADD COLUMN token_until INTEGER",
        "ALTER TABLE generations ADD COLUMN pictures TEXT",
        "ALTER TABLE generations ADD COLUMN erased INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX leases_by_token ON leases (token_until) WHERE token_until IS NOT NULL",
    ],
    &[
        "ALTER TABLE leases ADD COLUMN endpoint TEXT NOT NULL DEFAULT ''",
        "CREATE TABLE totals_by_endpoint (
        day INTEGER NOT NULL, client TEXT NOT NULL, model TEXT NOT NULL, endpoint TEXT NOT NULL,
        requests INTEGER NOT NULL DEFAULT 0, images INTEGER NOT NULL DEFAULT 0,
        billed INTEGER NOT NULL DEFAULT 0, unconfirmed INTEGER NOT NULL DEFAULT 0,
        refused INTEGER NOT NULL DEFAULT 0,
        hits INTEGER NOT NULL DEFAULT 0, hit_images INTEGER NOT NULL DEFAULT 0,
        hit_saved INTEGER NOT NULL DEFAULT 0,
        joins INTEGER NOT NULL DEFAULT 0, join_images INTEGER NOT NULL DEFAULT 0,
        join_saved INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (day, client, model, endpoint)) WITHOUT ROWID",
        "INSERT INTO totals_by_endpoint (day, client, model, endpoint, requests, images, billed, unconfirmed)
        SELECT day, client, model, '', requests, images, billed, unconfirmed FROM totals",
        "DROP TABLE totals",
        "ALTER TABLE totals_by_endpoint RENAME TO totals",
        "ALTER TABLE generations ADD COLUMN endpoint TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE generations ADD COLUMN keys TEXT NOT NULL DEFAULT '[]'",
        "CREATE INDEX generations_by_client ON generations (client, created_at)",
        "CREATE INDEX generations_by_model ON generations (model, created_at)",
        "CREATE INDEX generations_by_outcome ON generations (outcome, created_at)",
        "CREATE TABLE probes (at INTEGER PRIMARY KEY, probe TEXT NOT NULL)",
        "CREATE TABLE alerts (rule TEXT PRIMARY KEY, alert TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT, notice TEXT NOT NULL, tries INTEGER NOT NULL,
        next_at INTEGER NOT NULL)",
        "CREATE INDEX outbox_by_time ON outbox (next_at)",
        "CREATE TABLE counters (
        name TEXT NOT NULL, labels TEXT NOT NULL, value INTEGER NOT NULL,
        PRIMARY KEY (name, labels)) WITHOUT ROWID",
    ],
    &["ALTER TABLE generations ADD COLUMN restored INTEGER NOT NULL DEFAULT 0"],
    &["CREATE TABLE reconciliations (day INTEGER PRIMARY KEY, reconciliation TEXT NOT NULL)"],
];
