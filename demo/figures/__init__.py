"""What `manage.py bench` measures: the pages, the clock, and the outbox."""
