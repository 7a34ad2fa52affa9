# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What a person sees and does on the page of fleet_report, as checks: what it is about, and a function that gives (seen, wanted)."""

from __future__ import annotations

import base64
import csv
import json
import re
import time

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

# Text whose contrast with what lies behind it is less than WCAG 2.2 asks for (level AA, 4.5 to 1), as [text, ratio].
PALE = """
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const color = parse(getComputedStyle(node).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const pale = [];
  let seen = 0;
  for (let text; (text = walker.nextNode()) && seen < 2000;) {
    const node = text.parentElement;
    if (!text.data.trim() || !node.checkVisibility() || node.closest("script, style, noscript")) continue;
    seen += 1;
    const [one, other] = [light(parse(getComputedStyle(node).color)), light(behind(node))].sort((first, second) => second - first);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) pale.push([text.data.trim().slice(0, 40), Math.round(ratio * 100) / 100]);
  }
  return [pale.slice(0, 5), seen > 100];
"""
# The rows that are shown, as the first text of each cell.
VISIBLE = """
  const text = (cell) => cell.firstChild ? cell.firstChild.textContent : "";
  return [...document.querySelectorAll("tbody tr:not([hidden])")].map((row) => [...row.children].map(text));
"""
OUTLINE = "return getComputedStyle(document.activeElement).outlineStyle"
TABLE_ON_PAPER = """
  return [getComputedStyle(document.querySelector("thead")).display, getComputedStyle(document.querySelector("tbody tr")).breakInside];
"""


def checks(driver, path, rows, place, hostile, title):
    """The checks, in an order that makes sense; each may count on the page being open and unfiltered."""
    servers = [row for row in rows if row["id"]]
    address = path.as_uri()

    def visible():
        return driver.execute_script(VISIBLE)

    def names():
        return sorted(cells[0] for cells in visible())

    def named(wanted):
        return sorted(row["name"] for row in rows if wanted(row))

    def find(text):
        field = driver.find_element(By.ID, "search")
        field.clear()
        field.send_keys(text or " " + Keys.BACKSPACE)

    def bar_of(chart, label):
        return driver.find_element(By.XPATH, "//section[h2='%s']//button[span[@class='label' and .='%s']]" % (chart, label))

    def tile(label):
        return driver.find_element(By.XPATH, "//*[contains(@class, 'tile')][span='%s']" % label)

    def reset():
        driver.find_element(By.ID, "reset").click()

    def media(**features):
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": features.pop("media", ""), "features": [
            {"name": "prefers-color-scheme", "value": features.get("scheme", "light")}]})

    def opened():
        driver.get("about:blank")
        driver.get_log("performance")  # what the browser asked for its own first page is forgotten
        driver.get(address)
        return len(visible()), len(rows)

    def quiet():
        return [entry["message"] for entry in driver.get_log("browser")], []

    def local():
        asked = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
        addresses = [event["params"]["request"]["url"] for event in asked if event["method"] == "Network.requestWillBeSent"]
        return [each for each in addresses if not each.startswith(("file:", "data:"))], []

    def totals():
        return ([tile(label).find_element(By.TAG_NAME, "b").text for label in ("servers", "not active", "with drift", "unmanaged")],
                [str(len(found)) for found in (servers, [row for row in rows if row["status"] != "ACTIVE"], [row for row in rows if row["drift"]],
                                               [row for row in rows if row["managed"] == "unmanaged"])])

    def text_only():
        find(hostile)
        seen = names(), driver.execute_script("return typeof planted"), driver.title, driver.find_element(By.TAG_NAME, "h1").text
        reset()
        return seen, ([hostile], "undefined", title, title)

    def by_name():
        find("web-33")
        seen = names()
        reset()
        return seen, named(lambda row: "web-33" in row["name"])

    def by_words():
        one = next(row for row in servers if row["name"].startswith("web-"))
        find("%s %s" % (one["region"].lower(), one["addresses"][0]["addr"]))
        seen = names()
        reset()
        return seen, named(lambda row: row["region"] == one["region"] and any(one["addresses"][0]["addr"] in each["addr"] for each in row["addresses"]))

    def by_metadata():
        find("ansible_fleet=shop")
        seen = names()
        reset()
        return seen, ["shop01", "shop02"]

    def nothing():
        find("no such thing")
        seen = driver.find_element(By.ID, "nothing").is_displayed(), driver.find_element(By.ID, "shown").text
        reset()
        return seen, (True, "0 of %d shown" % len(rows))

    def by_bars():
        region = servers[0]["region"]
        other = next(row["region"] for row in servers if row["region"] != region)
        bar_of("Region", region).click()
        bar_of("Region", other).click()
        bar_of("Status", "ACTIVE").click()
        seen = names(), bar_of("Region", region).get_attribute("aria-pressed")
        address_now = driver.current_url
        driver.get("about:blank")
        driver.get(address_now)
        again = names()
        bar_of("Status", "ACTIVE").click()
        bar_of("Region", region).click()
        bar_of("Region", other).click()
        wanted = named(lambda row: row["region"] in (region, other) and row["status"] == "ACTIVE")
        return (*seen, again, len(visible())), (wanted, "true", wanted, len(rows))

    def by_tiles():
        tile("with drift").click()
        drifted = names()
        tile("with drift").click()
        tile("not active").click()
        seen = drifted, names()
        reset()
        return seen, (named(lambda row: row["drift"]), named(lambda row: row["status"] != "ACTIVE"))

    def sorted_by():
        head = driver.find_element(By.XPATH, "//thead//th[button='Name']")
        first = [cells[0] for cells in visible() if cells[0].startswith("web-")]
        head.find_element(By.TAG_NAME, "button").click()
        last = [cells[0] for cells in visible() if cells[0].startswith("web-")]
        direction = head.get_attribute("aria-sort")
        driver.find_element(By.XPATH, "//thead//th/button[.='Status']").click()
        statuses = [cells[2] for cells in visible()]
        reset()
        wanted = sorted((row["name"] for row in rows if row["name"].startswith("web-")), key=lambda name: int(name[4:]))
        return (first, last, direction, statuses), (wanted, wanted[::-1], "descending", sorted((row["status"] for row in rows), key=str.lower))

    def by_keyboard():
        button = driver.find_element(By.XPATH, "//thead//th/button[.='Region']")
        driver.execute_script("arguments[0].focus()", button)
        driver.switch_to.active_element.send_keys(Keys.ENTER)
        seen = button.find_element(By.XPATH, "..").get_attribute("aria-sort"), driver.execute_script(OUTLINE)
        reset()
        return seen, ("ascending", "solid")

    def accessible():
        nodes = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        controls = [node for node in nodes if node.get("role", {}).get("value") in ("button", "searchbox", "textbox") and not node.get("ignored")]
        return ([node["nodeId"] for node in controls if not node.get("name", {}).get("value")], len(controls) > 15), ([], True)

    def spreadsheet():
        find("shop 198.18")
        find("=1+1")
        driver.find_element(By.ID, "csv").click()
        target = place / "fleet.csv"
        for _attempt in range(100):
            if target.exists():
                break
            time.sleep(0.1)
        lines = list(csv.reader(target.read_text(encoding="utf-8").splitlines()))
        reset()
        return ([line[0] for line in lines], lines[1][3]), (["name", "'=1+1"], "SHUTOFF")

    def legible(scheme, kind=""):
        def check():
            media(scheme=scheme, media=kind)
            seen = driver.execute_script(PALE)
            driver.save_screenshot(str(place / ("%s.png" % (kind or scheme))))
            media()
            return seen, [[], True]
        return check

    def is_dark():
        media(scheme="dark")
        color = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        media()
        return max(int(number) for number in re.findall(r"\d+", color)) < 64, True

    def printed():
        media(media="print")
        hidden = [driver.find_element(By.ID, name).is_displayed() for name in ("search", "reset", "csv")]
        head = driver.execute_script(TABLE_ON_PAPER)
        media()
        pdf = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": False})["data"])
        (place / "fleet.pdf").write_bytes(pdf)
        pages = max(int(number) for number in re.findall(rb"/Count (\d+)", pdf))
        return (hidden, head, len(rows) / 60 < pages < len(rows)), ([False] * 3, ["table-header-group", "avoid"], True)

    def narrow():
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True})
        seen = driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        driver.save_screenshot(str(place / "narrow.png"))
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        return seen, True

    return [
        ("a thousand servers and more are rows", opened),
        ("the tiles count what the data say", totals),
        ("a name that is markup stays text, in rows and in the title", text_only),
        ("a word of the name filters", by_name),
        ("two words filter together: a region and an address", by_words),
        ("an item of the metadata filters", by_metadata),
        ("a filter that nothing fits says so", nothing),
        ("bars filter, together, and a link shows the same", by_bars),
        ("tiles filter", by_tiles),
        ("columns sort, up and down, numbers as numbers", sorted_by),
        ("the keyboard is enough, and shows where it is", by_keyboard),
        ("every control has a name for those who do not see it", accessible),
        ("what is shown is saved as CSV, and nothing in it is a formula", spreadsheet),
        ("light: all text is legible", legible("light")),
        ("dark: the page is dark", is_dark),
        ("dark: all text is legible", legible("dark")),
        ("print: all text is legible", legible("light", "print")),
        ("print: no controls, the head of the table on each page, no row torn", printed),
        ("a narrow screen needs no scrolling sideways", narrow),
        ("nothing was said on the console", quiet),
        ("nothing was asked of any network", local),
    ]
