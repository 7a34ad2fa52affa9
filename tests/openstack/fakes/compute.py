# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""nova-compute with a driver of ours: Nova looks for drivers in its own package alone, so that package is given one directory more."""

import sys
from pathlib import Path

import nova.cmd.compute  # first of all: it patches the standard library for eventlet
import nova.virt

nova.virt.__path__.append(str(Path(__file__).resolve().parent / "virt"))
sys.argv[0] = "nova-compute"
nova.cmd.compute.main()
