# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A headless Chromium of Debian's, installed when it is missing, driven by Selenium."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess

from selenium import webdriver

PACKAGES = ["chromium", "chromium-driver", "fonts-dejavu-core"]
# No window, no requests of the browser's own, nothing kept.
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1500,1200"]


class NoBrowser(Exception):
    """Chromium is not there and cannot be installed; the text says why."""


def install():
    """Make sure that Chromium and its driver are there."""
    if shutil.which("chromium") and shutil.which("chromedriver"):
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise NoBrowser("Chromium and chromedriver are needed: install Debian's packages %s, or run this as root." % ", ".join(PACKAGES))
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))
        if done.returncode:
            raise NoBrowser("%s ended with %d:\n%s" % (" ".join(command), done.returncode, done.stdout[-2000:]))


@contextlib.contextmanager
def browser(place):
    """A Selenium driver; downloads and profile lie below `place`."""
    install()
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in [*ARGUMENTS, "--user-data-dir=%s" % (place / "profile")]:
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(place), "download.prompt_for_download": False})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()
