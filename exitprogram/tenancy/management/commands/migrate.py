"""``migrate`` as exit_owner, and the wall raised anew at its end. See ``exitprogram.tenancy.wall``."""

from django.core.management.commands.migrate import Command as Migrate
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from exitprogram.tenancy.owner import become_owner
from exitprogram.tenancy.wall import raise_walls


class Command(Migrate):
    def handle(self, *args, **options):
        become_owner()
        super().handle(*args, **options)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return  # somebody migrates step by step; without privileges the new tables are closed meanwhile
        with transaction.atomic():
            raise_walls()
        if options["verbosity"]:
            self.stdout.write("  Murarna är resta.")
