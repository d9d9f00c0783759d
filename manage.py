#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exitprogram.settings")
    if sys.argv[1:2] in (["migrate"], ["makemigrations"], ["verify_audit"]):
        os.environ.setdefault("EXIT_PROCESS", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
