# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make test-browser`: plays rackspace.cloud.fleet_report on sandboxes and looks at the page in a headless Chromium.

    .work/browser/bin/python tests/browser [--keep]

Chromium and its driver come from Debian's packages, and are installed when they are missing, which needs root. The page, screenshots of it and
what was printed lie in `.work/browser-run`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import page
from chromium import NoBrowser, browser

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from checkout import WORK, link_tree  # noqa: E402 -- found by the line above
from demo import environment  # noqa: E402
from integration.clouds import NoCloud, sandbox  # noqa: E402

PLACE = WORK / "browser-run"
PER_REGION = 340  # servers in each of three regions: more than a thousand
HOSTILE = "<script>planted = 1</script>"
TITLE = "Fleet <b>of</b> {{ 7*7 }}"
# What is declared: two of the three are there, of another flavor and image.
WANTED = {"rackspace": ("general1-2", "Debian 12 (Bookworm) (Cloud)"), "openstack": ("m1.small", "debian-12")}


class Failed(Exception):
    """A check did not hold; the text says which, and what was seen."""


def call(cloud, method, path, body=None):
    """A request to the control API of the sandbox."""
    request = urllib.request.Request(cloud.url + path, data=json.dumps(body or {}).encode(), method=method, headers={"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        return json.load(answer)


def seed(cloud):
    """The servers that the checks look for; the declaration that goes with them."""
    first, second = cloud.regions[:2]
    call(cloud, "POST", "/sandbox/servers", {"count": 2, "name": "shop0{n}", "region": first, "metadata": {"ansible_fleet": "shop"}})
    call(cloud, "POST", "/sandbox/servers", {"name": HOSTILE, "region": second, "metadata": {"</script>": "{{ 7*7 }}", "team": "=cmd"}, "status": "ERROR"})
    call(cloud, "POST", "/sandbox/servers", {"name": "=1+1", "region": first, "status": "SHUTOFF", "metadata": {"ansible_protected": "true"}})
    flavor, image = WANTED[cloud.dress]
    return [{"name": "shop", "defaults": {"metadata": {"role": "web"}, "flavor": flavor, "image": image},
             "groups": [{"name": "shop%02d", "count": 3, "region": first}]}]


def play(cloud, path, fleets, *more, good=True, core=Path(sys.executable).parent):
    """Play the playbook as a user would; (how many tasks changed something, all that it said)."""
    variables = PLACE / "variables.json"
    variables.write_text(json.dumps({"fleet_report_path": str(path), "fleet_report_fleets": fleets}))
    titled = PLACE / "title.yml"
    titled.write_text("fleet_report_title: !unsafe %s\n" % json.dumps(TITLE))
    command = [str(core / "ansible-playbook"), "rackspace.cloud.fleet_report", "-e", "@%s" % variables, "-e", "@%s" % titled]
    done = subprocess.run([*command, *more], cwd=PLACE, env=environment(cloud, link_tree(), PLACE), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    (PLACE / "play.log").write_text(done.stdout)
    if (done.returncode == 0) != good or (good and re.search(r"\[(WARNING|DEPRECATION WARNING)\]", done.stdout)):
        raise Failed("the playbook ended with %d:\n%s" % (done.returncode, done.stdout[-3000:]))
    return int(re.search(r"changed=(\d+)", done.stdout).group(1)), done.stdout


def rows(path):
    """The data in a page."""
    return json.loads(re.search(r'id="data">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL).group(1))["servers"]


def expect(what, seen, wanted):
    if seen != wanted:
        raise Failed("%s: %r instead of %r" % (what, seen, wanted))
    print("ok     %s" % what, flush=True)


def written(cloud):
    """Rehearsed, played, played again, and with a region that cannot be asked; the page of the second play."""
    path = PLACE / ("%s.html" % cloud.dress)
    path.unlink(missing_ok=True)
    fleets = seed(cloud)
    expect("%s: a rehearsal foresees the page and writes nothing" % cloud.dress, (play(cloud, path, fleets, "--check", "--diff")[0], path.exists()), (1, False))
    expect("%s: the page is written" % cloud.dress, (play(cloud, path, fleets)[0], path.stat().st_mode & 0o777), (1, 0o600))
    expect("%s: played again, nothing is new" % cloud.dress, play(cloud, path, fleets)[0], 0)
    expect("%s: nothing but questions was sent" % cloud.dress,
           {request["method"] for request in call(cloud, "GET", "/sandbox/log")["requests"] if request["service"] != "identity"}, {"GET"})
    found = rows(path)
    expect("%s: what is declared and missing" % cloud.dress, [row["name"] for row in found if row["status"] == "missing"], ["shop03"])
    expect("%s: what differs" % cloud.dress, {row["name"]: sorted(line["field"] for line in row["drift"]) for row in found if row["drift"]},
           {"shop01": ["flavor", "image", "metadata.role"], "shop02": ["flavor", "image", "metadata.role"], "shop03": ["server"]})
    return path, fleets


def the_same_on_the_oldest_core(cloud, path, fleets):
    """An ansible-core before 2.19 takes text that looks like data for data."""
    older = PLACE / "oldest.html"
    play(cloud, older, fleets, core=WORK / "core-oldest/bin")
    expect("%s: the oldest core writes the same page" % cloud.dress, rows(older) == rows(path), True)
    hostile = next(row for row in rows(older) if row["name"] == HOSTILE)
    expect("%s: what looks like a template is left alone" % cloud.dress, hostile["metadata"]["</script>"], "{{ 7*7 }}")


def one_region_down(cloud, fleets):
    last = cloud.regions[-1]
    call(cloud, "POST", "/sandbox/faults", {"path": "/%s/.*/servers/detail" % last, "status": 503, "times": 100, "headers": {"Retry-After": "0"}})
    path = PLACE / "partial.html"
    output = play(cloud, path, fleets, "-e", json.dumps({"cloud_login": {"api_retries": 1}}), good=False)[1]
    call(cloud, "DELETE", "/sandbox/faults")
    told = "%s is missing here" % last
    seen = "%s is written. %s" % (path, told) in output, told in path.read_text(), sorted({row["region"] for row in rows(path)})
    expect("a region that is down is named, and the others are shown", seen, (True, True, sorted(cloud.regions[:-1])))


def main():
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    program = ROOT / "tests/sandbox"
    try:
        with sandbox(program, sys.executable, "openstack", PLACE / "openstack", ["--servers", "3"]) as cloud:
            the_same_on_the_oldest_core(cloud, *written(cloud))
        with sandbox(program, sys.executable, "rackspace", PLACE / "rackspace", ["--servers", str(PER_REGION)]) as cloud:
            path, fleets = written(cloud)
            one_region_down(cloud, fleets)
        with browser(PLACE) as driver:
            for what, check in page.checks(driver, path, rows(path), PLACE, HOSTILE, TITLE):
                expect(what, *check())
    except (Failed, NoCloud, NoBrowser) as error:
        print("FAILED %s" % error)
        return 1
    print("\nScreenshots: %s" % os.path.relpath(PLACE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
