"""Who may be written to: people, consent, opt-outs, children, permits, the ledger, import."""
