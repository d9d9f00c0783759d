"""The floor as a contender: its pages behind the same browser as the product's, and how it learns them."""

import os
import re

import django

from bench.asking import TOKEN, Browser

ROW = re.compile(r'class="ref" href="/arende/[0-9a-f-]{36}/')


def pages(name, scene):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exitprogram.settings")
    django.setup()
    from django.contrib.auth.hashers import check_password

    from bench.floor import pages as made
    from bench.floor.serving import Floor, application
    from bench.product import PASSWORD, Saving, searched

    floor, sessions = Floor(), scene["sessions"][name]

    def at(who, page, paper=""):
        return Browser(application(floor, page, paper), {"__Host-session": sessions[who], "__Host-csrf": TOKEN})

    def page(who, made_by, path, paper):
        browser = at(who, made_by, paper)
        return lambda: browser.get(path)[::2]

    case, found = f"/arende/{scene['case']}/", at("coordinator", made.results, "search")
    saving = Saving(at("worker", made.note), f"{case}anteckning/{scene['drafts'][name]}/")
    asked = {
        "day": page("worker", made.my_day, "/min-dag/", "day"),
        "list": page("worker", made.listed, "/personer/", "list"),
        "case": page("worker", made.person, case, "case"),
        "case_led": page("manager", made.person, case, "case_led"),
        "plan": page("worker", made.plan, f"/plan/{scene['version']}/", "plan"),
        "coordinator": page("coordinator", made.listed, "/personer/", "coordinator"),
        "search": lambda: searched(at("coordinator", made.search), found),
        "note": saving,
        "unit": page("manager", made.unit, "/enheten/", "unit"),
        # The bare check of the hash: what signing in cannot do without.
        "sign_in": lambda: (302 if check_password(PASSWORD, scene["signs_in"]["hash"]) else 403, b""),
    }

    def learn(paper, body):
        floor.limits[paper] = len(ROW.findall(body))
        floor.taught[paper] = body
        asked[paper]()

    return asked, learn
