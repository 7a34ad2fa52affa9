# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of an inventory plugin: refused when Ansible would bend them into shape, their templates rendered."""

from __future__ import annotations

import difflib

from ansible.errors import AnsibleError, AnsibleUndefinedVariable
from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils import errors
from ..module_utils.arguments import AUTH


class Options:
    """Those of a plugin that has read its configuration file. Everything here raises BadInput for what cannot be.

    extra_variables: what templates see, beside lookups.
    """

    def __init__(self, plugin, config, extra_variables):
        self.plugin = plugin
        self.config = config
        self.extra_variables = extra_variables

    def __getitem__(self, name):
        return self.plugin.get_option(name)

    def check(self):
        """Refuse options that do not exist and values that Ansible would bend into shape."""
        definitions = self.plugin.option_definitions
        known = {alias["name"] if isinstance(alias, dict) else alias: name for name, definition in definitions.items()
                 for alias in [name, *(definition.get("aliases") or ())]}
        for name, value in self.config.items():
            if name not in known:
                close = difflib.get_close_matches(str(name), known, 3)
                raise errors.BadInput("There is no option %r.%s ansible-doc -t inventory %s lists them all." % (
                    str(name), " Did you mean %s?" % " or ".join(close) if close else "", self.plugin.NAME))
            if value is not None and definitions[known[name]].get("type") in ("bool", "boolean"):
                try:
                    boolean(value)
                except TypeError:
                    raise errors.BadInput("%s is %r. Write true or false." % (name, str(value))) from None
        if not (self.prefix() + "id").isidentifier():
            raise errors.BadInput("hostvars_prefix is %r. Use letters, digits and _, so that it begins a name of a variable." % self.prefix())

    def connection(self):
        """The connection options."""
        found = {}
        for name, spec in AUTH.items():
            given = next((self.config[alias] for alias in [name, *spec.get("aliases", ())] if alias in self.config), None)
            # Ansible has made an absolute path of a template, too.
            found[name] = self.rendered(name, given if self.plugin.templar.is_template(given) else self[name])
        return found

    def rendered(self, name, value):
        """The value of an option with its templates rendered and its vaults opened."""
        if isinstance(value, dict):
            return {str(key): self.rendered("%s.%s" % (name, key), item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.rendered(name, item) for item in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        self.plugin.templar.available_variables = self.extra_variables
        try:
            found = self.plugin.templar.template(value)
            return found if isinstance(found, (list, dict)) else str(found)
        except AnsibleError as error:
            # Other errors than this one quote the template, which may be a password with braces.
            reason = ": %s" % str(error).rstrip(".") if isinstance(error, AnsibleUndefinedVariable) else ", it is no valid template"
            raise errors.BadInput("%s cannot be rendered%s. Templates here see the extra variables (-e) and lookups." % (name, reason)) from None

    def prefix(self):
        return self.rendered("hostvars_prefix", self["hostvars_prefix"])

    def filters(self):
        """What the cloud is asked for, as {name: value}."""
        return {name: value for name, value in self.rendered("filters", self["filters"] or {}).items() if value is not None}

    def words(self, name):
        """A list option as text, without empty words; a template may give a list, or text with commas. None when it was left out."""
        given = self.config.get(name)
        if not isinstance(given, str) or not self.plugin.templar.is_template(given):  # else Ansible has split it at commas, those of the template, too
            given = self[name]
        if given is None:
            return None
        found = self.rendered(name, given)
        found = found if isinstance(found, list) else split(str(found))
        return [str(word) for item in found for word in (item if isinstance(item, list) else [item]) if word != ""]

    def preferences(self, name):
        """An option that is one text or a list of them; nothing is split at commas, which templates contain."""
        given = self[name]
        if given is None:
            return []
        given = given if isinstance(given, list) else [given]
        for item in given:
            if not isinstance(item, (str, bool)):
                raise errors.BadInput("%s has %r, which is neither text nor a list of texts." % (name, item))
        return given

    def ip_versions(self):
        words = self.words("ip_versions")
        if set(words) - {"4", "6"}:
            raise errors.BadInput("ip_versions is %s. Use 4 and 6, the preferred one first." % ", ".join(words))
        return [int(word) for word in words]

    def seen_by_expressions(self):
        """Names of the extra variables that expressions over hosts see."""
        return set(self.extra_variables or ()) if self["use_extra_vars"] else set()


def split(text):
    """The words of a text with commas, as Ansible splits one; without those that are empty."""
    return [word.strip() for word in text.split(",") if word.strip()]
