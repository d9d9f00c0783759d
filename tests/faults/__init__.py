"""Faults put into the pipeline of reminders on purpose, with real PostgreSQL, broker, workers, beats and poller.

``make faults`` runs a thousand; ``tests/test_faults.py`` is the suite's share. Nothing in the product knows of it: a
process is caught at a step because PostgreSQL holds a lock that it needs, or because its mail server does not answer.
"""
