"""Email as bytes: templates rendered, links rewritten, parts composed and handed over."""
