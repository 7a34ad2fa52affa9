# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Sphinx's settings for the documentation site that `make docs` builds. Nothing is fetched: no lists of labels of other sites, no fonts."""

import tempfile
import zlib

project = "rackspace.cloud"
copyright = "2026, the rackspace.cloud contributors"  # noqa: A001  pylint: disable=redefined-builtin
html_title = html_short_title = "rackspace.cloud"

extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
html_theme = "sphinx_ansible_theme"
html_theme_options = {"collapse_navigation": True, "navigation_depth": 4}
html_show_sphinx = False
smartquotes = False  # quotation marks of messages and commands are copied as they are
html_use_modindex = False
html_use_index = False
html_copy_source = False
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"

# Where Ansible's own documentation says what ours refers to. Its list of labels is large, and behind a network; these few are all that we need.
ANSIBLE = "https://docs.ansible.com/projects/ansible/devel/"
LABELS = {
    "std:label action_plugins": "plugins/action.html#action-plugins",
    "std:label ansible_configuration_settings": "reference_appendices/config.html#ansible-configuration-settings",
    "std:label callback_plugins": "plugins/callback.html#callback-plugins",
    "std:label common_return_values": "reference_appendices/common_return_values.html#common-return-values",
    "std:envvar ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "reference_appendices/config.html#envvar-ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED",
}


def labels():
    """The path of a file that holds LABELS in the form that intersphinx reads."""
    lines = ["%s %s -1 %s -" % (key.split()[1], key.split()[0], place) for key, place in sorted(LABELS.items())]
    with tempfile.NamedTemporaryFile(suffix=".inv", delete=False) as handle:
        handle.write(b"# Sphinx inventory version 2\n# Project: ansible\n# Version: devel\n# The remainder of this file is compressed using zlib.\n")
        handle.write(zlib.compress(("\n".join(lines) + "\n").encode()))
    return handle.name


intersphinx_mapping = {"ansible": (ANSIBLE, labels())}
