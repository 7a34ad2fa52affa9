# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What is known of the real services' answers: status, headers and the fields that a reply has, each with its type.

Written down by hand, so that the sandbox is held to it everywhere; `test_truth.py` also compares with recorded replies where there are any.
"""

from __future__ import annotations

LINK = {"rel": str, "href": str}
IMAGE_LINK = {**LINK, "type?": str}
NULL = type(None)
REPOSE = ("Via", "X-Compute-Request-Id", "Date", "Server")
ADDRESS = {"addr": str, "version": int}
METADATA = {"*": str}
FLAVOR = {"id": str, "name": str, "ram": int, "disk": int, "vcpus": int, "swap": str, "rxtx_factor": float, "links": [LINK],
          "OS-FLV-EXT-DATA:ephemeral": int, "OS-FLV-WITH-EXT-SPECS:extra_specs": METADATA}
SERVER = {
    "id": str, "name": str, "status": str, "tenant_id": str, "user_id": str, "created": str, "updated": str, "hostId": str, "accessIPv4": str,
    "accessIPv6": str, "addresses": {"*": [ADDRESS]}, "flavor": {"id": str, "links": [LINK]}, "image": {"id": str, "links": [LINK]},
    "links": [LINK], "metadata": METADATA, "progress?": int, "OS-DCF:diskConfig": str, "OS-EXT-STS:power_state": int,
    "OS-EXT-STS:task_state": (str, NULL), "OS-EXT-STS:vm_state": str, "key_name?": (str, NULL), "config_drive?": str,
    "RAX-PUBLIC-IP-ZONE-ID:publicIPZoneId?": str, "RAX-SI:image_schedule?": {"retention": int, "day_of_week?": str},
}
# The answers to an update and a rebuild leave out what extensions add; some recordings have an empty config_drive all the same.
_EXTENDED = ("OS-EXT-STS:power_state", "OS-EXT-STS:task_state", "OS-EXT-STS:vm_state", "key_name?", "RAX-PUBLIC-IP-ZONE-ID:publicIPZoneId?",
             "RAX-SI:image_schedule?")
CHANGED = {name: shape for name, shape in SERVER.items() if name not in _EXTENDED}
IMAGE = {"id": str, "name": str, "status": str, "progress": int, "created": str, "updated": str, "minDisk": int, "minRam": int, "metadata": METADATA,
         "links": [IMAGE_LINK], "OS-DCF:diskConfig?": str, "OS-EXT-IMG-SIZE:size": int, "server?": {"id": str, "links": [LINK]}}
VOLUME = {"id": str, "status": str, "size": int, "display_name": (str, NULL), "display_description": (str, NULL), "volume_type": str, "attachments": list,
          "availability_zone": str, "bootable": str, "encrypted": bool, "created_at": str, "snapshot_id": (str, NULL), "source_volid": (str, NULL),
          "metadata": METADATA}
ATTACHMENT = {"id": str, "volumeId": str, "serverId": str, "device": str}
INTERFACE = {"id": str, "mac_address": str, "ip_addresses": [{"address": str, "network_id": str, "network_label": str}]}
ACTION = {"action": str, "instance_uuid": str, "message": NULL, "project_id": str, "request_id": str, "start_time": str, "user_id": str}
FAULT = {"code": int, "message": str}
JSON = "application/json"
HTML = "text/html; charset=UTF-8"

# name: (what was recorded under that name or None, how to get it from the sandbox, status, content type, shape)
# In a path, {server} … stand for what the test has made.
RACKSPACE = {
    "servers": ("servers-list-rsp", ("GET", "/servers", None), 200, JSON, {"servers": [{"id": str, "name": str, "links": [LINK]}]}),
    "servers in full": ("servers-list-det-rsp", ("GET", "/servers/detail", None), 200, JSON, {"servers": [SERVER]}),
    "a server": ("server-det-rsp", ("GET", "/servers/{server}", None), 200, JSON, {"server": SERVER}),
    "a new server": ("server-create-rsp", ("POST", "/servers", {"server": {"name": "new", "imageRef": "{image}", "flavorRef": "2"}}), 202, JSON,
                     {"server": {"id": str, "links": [LINK], "adminPass": str, "OS-DCF:diskConfig": str}}),
    "a renamed server": ("server-update-rsp", ("PUT", "/servers/{server}", {"server": {"name": "renamed"}}), 200, JSON, {"server": CHANGED}),
    "addresses": ("servers-list-addresses-rsp", ("GET", "/servers/{server}/ips", None), 200, JSON, {"addresses": {"*": [ADDRESS]}}),
    "addresses of one network": ("servers-list-net-addresses-rsp", ("GET", "/servers/{server}/ips/public", None), 200, JSON, {"public": [ADDRESS]}),
    "a rebuild": ("servers-action-rebuild-rsp", ("POST", "/servers/{spare}/action", {"rebuild": {"imageRef": "{image}"}}), 202, JSON,
                  {"server": {**CHANGED, "adminPass": str}}),
    "a rescue": ("servers-actions-rescue-rsp", ("POST", "/servers/{other}/action", {"rescue": "none"}), 200, JSON, {"adminPass": str}),
    "a reboot": (None, ("POST", "/servers/{server}/action", {"reboot": {"type": "HARD"}}), 202, HTML, None),
    "a console": ("console-rsp", ("POST", "/servers/{server}/action", {"os-getVNCConsole": {"type": "xvpvnc"}}), 200, JSON,
                  {"console": {"type": str, "url": str}}),
    "flavors in full": ("flavors-list-det-rsp", ("GET", "/flavors/detail", None), 200, JSON, {"flavors": [FLAVOR]}),
    "a flavor": ("flavor-detail-rsp", ("GET", "/flavors/compute1-4", None), 200, JSON, {"flavor": FLAVOR}),
    "extra specs": ("flavors-xspecs-rsp", ("GET", "/flavors/compute1-4/os-extra_specs", None), 200, JSON, {"extra_specs": METADATA}),
    "one extra spec": ("flavors-get-osxspec-rsp", ("GET", "/flavors/compute1-4/os-extra_specs/disk_io_index", None), 200, JSON, {"disk_io_index": str}),
    "images": ("images-list-rsp", ("GET", "/images", None), 200, JSON, {"images": [{"id": str, "name": str, "links": [IMAGE_LINK]}]}),
    "images in full": ("images-list-det-rsp", ("GET", "/images/detail", None), 200, JSON, {"images": [IMAGE]}),
    "an image": ("image-detail-rsp", ("GET", "/images/{snapshot}", None), 200, JSON, {"image": IMAGE}),
    "a deleted image": ("image-delete-rsp", ("DELETE", "/images/{snapshot}", None), 204, HTML, None),
    "metadata": ("meta-list-rsp", ("GET", "/servers/{server}/metadata", None), 200, JSON, {"metadata": METADATA}),
    "metadata set": ("meta-set-rsp", ("PUT", "/servers/{server}/metadata", {"metadata": {"Label": "Web"}}), 200, JSON, {"metadata": METADATA}),
    "an item set": ("metaitem-set-rsp", ("PUT", "/servers/{server}/metadata/Label", {"meta": {"Label": "Web"}}), 200, JSON, {"meta": {"Label": str}}),
    "an item deleted": ("metaitem-delete-rsp", ("DELETE", "/servers/{server}/metadata/Label", None), 204, JSON, None),
    "a new key pair": ("keypair-create-rsp", ("POST", "/os-keypairs", {"keypair": {"name": "k"}}), 200, JSON,
                       {"keypair": {"fingerprint": str, "name": str, "private_key": str, "public_key": str, "user_id": str}}),
    "key pairs": ("keypair-list-rsp", ("GET", "/os-keypairs", None), 200, JSON,
                  {"keypairs": [{"keypair": {"fingerprint": str, "name": str, "public_key": str}}]}),
    "a deleted key pair": ("keypair-delete-rsp", ("DELETE", "/os-keypairs/k", None), 202, HTML, None),
    "networks": ("network-list-rsp", ("GET", "/os-networksv2", None), 200, JSON, {"networks": [{"id": str, "label": str, "cidr?": str}]}),
    "a new network": ("network-create-rsp", ("POST", "/os-networksv2", {"network": {"label": "n", "cidr": "192.168.0.0/24"}}), 200, JSON,
                      {"network": {"id": str, "label": str, "cidr": str}}),
    "a deleted network": ("network-delete-rsp", ("DELETE", "/os-networksv2/{network}", None), 202, "text/plain; charset=UTF-8", str),
    "interfaces": ("virtual-interfaces-rsp", ("GET", "/servers/{server}/os-virtual-interfacesv2", None), 200, JSON, {"virtual_interfaces": [INTERFACE]}),
    "attachments": ("vol-attach-list-rsp", ("GET", "/servers/{server}/os-volume_attachments", None), 200, JSON, {"volumeAttachments": [ATTACHMENT]}),
    "history": ("InstActions-rsp", ("GET", "/servers/{server}/os-instance-actions", None), 200, JSON, {"instanceActions": [ACTION]}),
    "no schedule": ("sched-images-404-rsp", ("GET", "/servers/{server}/rax-si-image-schedule", None), 404, JSON, {"itemNotFound": FAULT}),
    "a schedule": ("sched-images-dly-rsp", ("POST", "/servers/{server}/rax-si-image-schedule", {"image_schedule": {"retention": 3}}), 200, JSON,
                   {"image_schedule": {"retention": int}}),
    "a schedule deleted": ("sched-images-delete-rsp", ("DELETE", "/servers/{server}/rax-si-image-schedule", None), 202, "text/html;charset=UTF-8", None),
    "extensions": ("list-extensions-rsp", ("GET", "/extensions", None), 200, JSON,
                   {"extensions": [{"alias": str, "name": str, "description": str, "links": list, "namespace": str, "updated": str}]}),
    "a deleted server": ("server-delete-rsp", ("DELETE", "/servers/{server}", None), 204, JSON, None),
}
VOLUMES = {
    "volumes": ("volume-list-rsp", ("GET", "/volumes", None), 200, JSON, {"volumes": [VOLUME]}),
    "a new volume": ("volume-create-rsp", ("POST", "/volumes", {"volume": {"size": 100}}), 200, JSON, {"volume": VOLUME}),
}
ROLE = {"id": str, "name": str, "description": str, "tenantId?": str}
ENDPOINT = {"publicURL": str, "tenantId": str, "region?": str, "internalURL?": str, "versionId?": str, "versionInfo?": str, "versionList?": str}
ACCESS = {"access": {
    "serviceCatalog": [{"name": str, "type": str, "endpoints": [ENDPOINT]}],
    "token": {"id": str, "expires": str, "tenant": {"id": str, "name": str}, "RAX-AUTH:authenticatedBy": [str]},
    "user": {"id": str, "name": str, "roles": [ROLE], "RAX-AUTH:defaultRegion": str, "RAX-AUTH:domainId?": str, "RAX-AUTH:federated?": bool},
}}
