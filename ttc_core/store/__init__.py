"""Where sessions are kept: tables, the append-only log, share links, rules of access. Knows no strategy and no page."""
