# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the connection options, for the modules and the inventory.

No option has ``env``: Ansible would read the variables one by one and mix sources, which credentials.py takes whole.
"""

from __future__ import annotations


class ModuleDocFragment:
    """Extended by every module and the inventory as rackspace.cloud.auth."""

    DOCUMENTATION = r"""
options:
  cloud:
    description:
      - Name of an entry of C(clouds.yaml), with what C(secure.yaml) adds to it.
      - The files are looked for in the working directory, C(~/.config/openstack) and C(/etc/openstack); the environment
        variable E(OS_CLIENT_CONFIG_FILE) names another.
      - Cannot be combined with an option that is a secret.
    type: str
  auth:
    description:
      - The login as a dictionary, with the keys that C(clouds.yaml) uses. The same can be given as options of their own.
    type: dict
    suboptions:
      auth_url:
        description: Address of the identity service.
        type: str
      username:
        description: Name of the user.
        type: str
      user_id:
        description: ID of the user, instead of a name and a domain.
        type: str
      password:
        description: Password of the user.
        type: str
      api_key:
        description: Rackspace API key of the user.
        type: str
      token:
        description: A token to use instead of logging in.
        type: str
      passcode:
        description: Current passcode of the second factor.
        type: str
      tenant_id:
        description: ID of the tenant or project; at Rackspace the account number.
        type: str
        aliases: [project_id]
      tenant_name:
        description: Name of the tenant or project.
        type: str
        aliases: [project_name]
      user_domain_id:
        description: ID of the domain of the user.
        type: str
      user_domain_name:
        description: Name of the domain of the user.
        type: str
      project_domain_id:
        description: ID of the domain of the project.
        type: str
      project_domain_name:
        description: Name of the domain of the project.
        type: str
      application_credential_id:
        description: ID of an application credential.
        type: str
      application_credential_name:
        description: Name of an application credential; needs the user too.
        type: str
      application_credential_secret:
        description: Secret of an application credential.
        type: str
  auth_url:
    description:
      - Address of the identity service, Identity v2.0 or Keystone v3. When it does not end in a version the service is asked
        which ones it has.
      - Defaults to Rackspace's C(https://identity.api.rackspacecloud.com/v2.0) when the login comes from options, from C(RAX_*)
        variables or from Rackspace's credentials file, and to nothing when it comes from C(OS_*) variables or C(clouds.yaml).
      - The secret of another source is never sent elsewhere than that source says; an address that differs in its host is refused.
    type: str
    aliases: [auth_endpoint]
  auth_type:
    description:
      - How to log in. V(auto) decides by the secret that is given.
    type: str
    choices: [auto, password, api_key, token, application_credential]
    default: auto
  username:
    description: Name of the user.
    type: str
  password:
    description: Password of the user.
    type: str
  api_key:
    description:
      - Rackspace API key of the user. It is not subject to multi-factor authentication.
      - With Keystone v3 it is sent in the place of the password, as Rackspace OpenStack Flex takes it.
    type: str
  token:
    description:
      - A token to use instead of logging in. It is never cached and cannot be renewed.
    type: str
  passcode:
    description: Current passcode of the second factor, for a login by password.
    type: str
  tenant_id:
    description: ID of the tenant or project; at Rackspace the account number.
    type: str
    aliases: [project_id]
  tenant_name:
    description: Name of the tenant or project.
    type: str
    aliases: [project_name]
  user_domain:
    description: Domain of the user with Keystone v3, by name or ID.
    type: str
  project_domain:
    description: Domain of the project with Keystone v3, by name or ID.
    type: str
  application_credential_id:
    description: ID of an application credential of Keystone v3.
    type: str
  application_credential_name:
    description: Name of an application credential; needs O(username) and O(user_domain) too.
    type: str
  application_credential_secret:
    description: Secret of an application credential.
    type: str
  credentials_file:
    description:
      - An ini file with a section C([rackspace_cloud]) holding C(username) and C(api_key) (or C(password)), or C([keystone]).
      - C(~/.rackspace_cloud_credentials) is read last of all sources without being asked for.
    type: path
    aliases: [credentials, creds_file]
  region:
    description:
      - Region, as C(DFW); compared without regard to case. Needed where the account has more than one.
    type: str
    aliases: [region_name]
  interface:
    description: Which addresses of the catalog to use. V(public) unless the source of the login says otherwise.
    type: str
    choices: [public, internal, admin]
  compute_endpoint:
    description: Address of the compute service to use instead of the catalog's, with its version.
    type: str
  validate_certs:
    description: Whether to check the certificates of the services. V(true) unless the source of the login says otherwise.
    type: bool
    aliases: [verify_ssl]
  ca_cert:
    description: File with the certificates of the authorities to trust.
    type: path
  client_cert:
    description: File with a client certificate.
    type: path
  client_key:
    description: File with the key of O(client_cert), when it is not in the same file.
    type: path
  allow_http:
    description: Whether plain C(http) addresses beyond the own machine are accepted. The login then travels in the clear.
    type: bool
    default: false
  api_timeout:
    description: Seconds to wait for a connection, and between two pieces of an answer.
    type: int
    default: 30
  api_retries:
    description:
      - How often a request may be repeated. What the service refused (413, 429, 503, no connection) is repeated for every
        request, as late as the service asks; what may have happened (500, 502, 504, a lost answer) only for questions.
    type: int
    default: 5
  token_cache:
    description:
      - Whether a token is kept for the next task, in a file of mode 0600 below E(RAX_TOKEN_CACHE_DIR), else
        C($XDG_CACHE_HOME/rackspace.cloud), else C(~/.cache/rackspace.cloud), of the user and on the machine that the task
        runs on.
    type: bool
    default: true
  media_type:
    description:
      - In which form to speak to the compute service and to Identity v2.0. All other services are spoken to in JSON whatever it is, Keystone v3 included.
      - V(xml) is for clouds that still have it, OpenStack up to Juno. Rackspace's compute service refuses requests in XML since 2015.
      - Lists cost one request more in XML, because its pages do not tell which is the last.
    type: str
    choices: [json, xml]
    default: json
  api_trace:
    description:
      - Whether the result tells in C(api_calls) what the cloud was asked, also where the task fails. V(false) unless E(RAX_API_TRACE) says
        otherwise.
      - Each attempt of each request is a dictionary with C(method), C(service), C(region), C(path), C(query), C(action) (of a
        request to C(…/action)), C(status) (none where no answer came; C(error) then tells why), C(milliseconds), C(request_id),
        C(attempt), which is 1 unless the request was repeated, and C(media_type), which is that of the answer, as C(application/xml); of
        what was asked for, where no answer with a body came. Secrets are masked.
      - The callback P(rackspace.cloud.api_calls#callback) adds them up. The inventory, which has no result, shows them at C(-vvv).
    type: bool
requirements:
  - requests
  - PyYAML, to read C(clouds.yaml)
notes:
  - The login comes whole from the first of these that holds a secret; the options, O(cloud) or O(credentials_file), the
    environment variables C(RAX_*) (E(RAX_USERNAME), E(RAX_API_KEY) or E(RAX_PASSWORD), E(RAX_REGION), E(RAX_AUTH_URL), ...),
    C(OS_*) (E(OS_CLOUD), or E(OS_AUTH_URL), E(OS_USERNAME), E(OS_PASSWORD), ...), the file named by E(RAX_CREDENTIALS) or
    E(RAX_CREDS_FILE), C(~/.rackspace_cloud_credentials). Options that are no secret override what the source says.
  - The environment and the files are those of the machine that the task runs on.
"""
