"""Announcements and invitations: from a draft to delivered mail, and what came back."""
