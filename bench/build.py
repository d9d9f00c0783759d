"""``python -m bench.build --size 1000``: fills the database of the environment as its owner, and says who is who."""

import argparse
import json
import os

import django
import psycopg


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.build")
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exitprogram.settings")
    django.setup()
    from bench.country import Country  # needs the models

    country = Country(given.size, seed=given.seed)
    with psycopg.connect(os.environ["EXIT_OWNER_DATABASE_URL"]) as raw:
        country.build(raw)
    who = {name: {"membership": str(one), "user": str(user)} for name, (one, user) in country.people.items()}
    print(json.dumps(who))  # noqa: T201


if __name__ == "__main__":
    main()
