from django.db import migrations

from exitprogram.tenancy import reference


def fill(apps, schema_editor):
    reference.load(apps)


class Migration(migrations.Migration):
    """7 police regions, 21 regions, 290 municipalities; a social board per municipality, a health authority per region."""

    dependencies = [("tenancy", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=False)]
