-- Who this installation is, for as long as it lives: every tenant's file names it, so that another's is refused.
INSERT INTO installation (name, value) VALUES ('id', lower(hex(randomblob(16))));
