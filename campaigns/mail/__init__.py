"""Email as bytes: templates, links, headers, SMTP, mailbox."""
