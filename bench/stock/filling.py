"""``python -m bench.stock.filling``: the stock way's own tables, and in them the same people and the same rule: for
each grant that opens a case today, one row of django-guardian."""

import json
import os
import subprocess
import sys

import psycopg

FILL = """
    TRUNCATE auth_user, auth_group RESTART IDENTITY CASCADE;
    INSERT INTO auth_user (username, password, first_name, last_name, email, is_superuser, is_staff, is_active,
                           date_joined)
        SELECT id::text, '!', '', left(name, 150), email, false, true, true, now() FROM public.tenancy_user;
    INSERT INTO auth_group (name) VALUES ('staff');
    INSERT INTO auth_group_permissions (group_id, permission_id)
        SELECT g.id, p.id FROM auth_group g, auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
        WHERE t.app_label = 'stock';
    INSERT INTO auth_user_groups (user_id, group_id) SELECT u.id, g.id FROM auth_user u, auth_group g;
    INSERT INTO guardian_userobjectpermission (object_pk, content_type_id, permission_id, user_id)
        SELECT DISTINCT g.content_object_id::text, t.id, p.id, u.id
        FROM public.cases_accessgrant g JOIN auth_user u ON u.username = g.user_id::text
        JOIN django_content_type t ON t.app_label = 'stock' AND t.model = 'case'
        JOIN auth_permission p ON p.content_type_id = t.id AND p.codename = 'view_case'
        WHERE g.ended_at IS NULL AND g.starts_on <= current_date AND (g.ends_on IS NULL OR g.ends_on >= current_date);
"""


def main():
    address = os.environ["EXIT_DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("CREATE SCHEMA IF NOT EXISTS stock")
    told = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.stock.settings", "STOCK_SEARCH_PATH": "stock"}
    words = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"]
    subprocess.run(words, env=told, check=True)
    with psycopg.connect(address, options="-c search_path=stock", autocommit=True) as owner:
        owner.execute(FILL)
        owner.execute("VACUUM ANALYZE")
        rows = owner.execute("SELECT count(*) FROM guardian_userobjectpermission").fetchone()[0]
    print(json.dumps({"permissions": rows}))  # noqa: T201


if __name__ == "__main__":
    main()
