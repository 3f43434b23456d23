-- A run has a checkpoint for each of its loops. What one place held for all of them cannot be told apart, so a run that
-- was interrupted before is resumed from its start.
DROP TABLE checkpoints;
CREATE TABLE checkpoints (
    tenant_id INTEGER NOT NULL DEFAULT {tenant_id} CHECK (tenant_id = {tenant_id}),
    resume_key TEXT NOT NULL,
    loop TEXT NOT NULL,
    run TEXT NOT NULL,
    checkpoint TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (resume_key, loop, tenant_id)
) STRICT;
