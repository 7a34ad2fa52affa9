# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The configuration of every service, written anew at each start."""

from __future__ import annotations

from settings import COMPUTES, ENVIRONMENT, ETC, HERE, HOST, LOGS, PAGE, PASSWORD, REGION, STATE, ports, url

PLUGINS = STATE / "plugins"
NOISELESS = {"driver": "noop"}


def write():
    """Write all of it."""
    for owner in (_keystone, _placement, _glance, _cinder, _neutron, _nova, _plugins):
        owner()


def database(name):
    """The URL of a database, for SQLAlchemy."""
    return "mysql+pymysql://openstack:%s@%s:%d/%s?charset=utf8" % (PASSWORD, HOST, ports()["mariadb"], name)


def python_path():
    """Where Python finds what stands in for hardware."""
    return "%s:%s" % (HERE / "fakes", PLUGINS)


def _ini(name, sections):
    path = ETC / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join("[%s]\n%s" % (section, "\n".join("%s = %s" % row for row in options.items())) for section, options in sections.items()))


def _state(*names):
    place = STATE.joinpath(*names)
    place.mkdir(parents=True, exist_ok=True)
    return place


def _queue():
    return "rabbit://guest:guest@%s:%d/" % (HOST, ports()["rabbitmq"])


def _logging(service):
    return {"log_dir": LOGS, "log_file": service + ".log", "use_stderr": False}


def _connection(name):
    return {"connection": database(name), "max_pool_size": 10, "max_overflow": 40}


def _login(user, **more):
    """How one service logs in to ask another."""
    return {"auth_type": "password", "auth_url": url("keystone"), "username": user, "password": PASSWORD, "project_name": "service",
            "user_domain_name": "Default", "project_domain_name": "Default", **more}


def _tokens(user):
    """How a service judges the tokens it is shown; service tokens are needed to detach volumes."""
    return _login(user, www_authenticate_uri=url("keystone"), service_token_roles="service", service_token_roles_required=True)


def _daemon(service):
    """What the services share that talk over the queue."""
    return {"log_dir": LOGS, "use_stderr": False, "transport_url": _queue(), "host": COMPUTES[0], "state_path": _state(service),
            "rpc_response_timeout": 180, "graceful_shutdown_timeout": 3}


def _messaging(service):
    return {"oslo_concurrency": {"lock_path": _state(service, "locks")},
            "oslo_messaging_rabbit": {"heartbeat_in_pthread": False, "rabbit_quorum_queue": False},
            "oslo_messaging_notifications": NOISELESS}


def _gunicorn(service):
    # In a file: these two read the command line as well, and end at options that they do not know.
    (ETC / service).mkdir(parents=True, exist_ok=True)
    settings = {"wsgi_app": service + ".wsgi.api:application", "bind": "%s:%d" % (HOST, ports()[service]),
                "workers": 1, "threads": 8, "timeout": 300, "keepalive": 75}
    (ETC / service / "gunicorn.py").write_text("".join("%s = %r\n" % row for row in settings.items()))


def _keystone():
    _gunicorn("keystone")
    _ini("keystone/keystone.conf", {
        "DEFAULT": _logging("keystone"),
        "database": _connection("keystone"),
        "token": {"provider": "fernet", "expiration": 86_400},
        "fernet_tokens": {"key_repository": _state("keystone") / "fernet"},
        "credential": {"key_repository": _state("keystone") / "credential"},
        "identity": {"password_hash_rounds": 4},
        # In memory, which is right for one process alone.
        "cache": {"enabled": True, "backend": "oslo_cache.dict"},
        "oslo_messaging_notifications": NOISELESS,
    })


def _placement():
    _gunicorn("placement")
    _ini("placement/placement.conf", {
        "DEFAULT": _logging("placement"), "api": {"auth_strategy": "keystone"},
        "placement_database": _connection("placement"), "keystone_authtoken": _tokens("placement"),
    })


def _glance():
    _ini("glance/glance-api.conf", {
        "DEFAULT": {**_logging("glance-api"), "bind_host": HOST, "bind_port": ports()["glance"], "public_endpoint": url("glance"),
                    "workers": 1, "transport_url": _queue(), "enabled_backends": "files:file",
                    "enabled_import_methods": "[glance-direct,copy-image]"},
        "glance_store": {"default_backend": "files"},
        "files": {"filesystem_store_datadir": _state("glance", "store")},
        "os_glance_staging_store": {"filesystem_store_datadir": _state("glance", "staging")},
        "os_glance_tasks_store": {"filesystem_store_datadir": _state("glance", "tasks")},
        "database": _connection("glance"),
        "keystone_authtoken": _tokens("glance"),
        "paste_deploy": {"flavor": "keystone", "config_file": ENVIRONMENT / "etc/glance/glance-api-paste.ini"},
        "oslo_concurrency": {"lock_path": _state("glance", "locks")},
        "oslo_messaging_notifications": NOISELESS,
    })


def _cinder():
    _ini("cinder/cinder.conf", {
        "DEFAULT": {**_daemon("cinder"), "my_ip": HOST, "osapi_volume_listen": HOST, "osapi_volume_listen_port": ports()["cinder"],
                    "osapi_volume_workers": 1, "osapi_max_limit": PAGE, "enabled_backends": "hollow", "default_volume_type": "hollow",
                    "auth_strategy": "keystone", "glance_api_servers": url("glance"), "report_interval": 5, "service_down_time": 600,
                    "api_paste_config": ENVIRONMENT / "etc/cinder/api-paste.ini",
                    "resource_query_filters_file": ENVIRONMENT / "etc/cinder/resource_filters.json"},
        "hollow": {"volume_driver": "hollow.volumes.HollowVolumes", "volume_backend_name": "hollow"},
        "database": _connection("cinder"),
        "keystone_authtoken": _tokens("cinder"),
        "nova": _login("cinder", interface="public", region_name=REGION),
        "service_user": _login("cinder", send_service_user_token=True),
        **_messaging("cinder"),
    })


def _neutron():
    _ini("neutron/neutron.conf", {
        "DEFAULT": {**_daemon("neutron"), "bind_host": HOST, "bind_port": ports()["neutron"], "core_plugin": "ml2", "service_plugins": "router",
                    "api_workers": 1, "rpc_workers": 0, "rpc_state_report_workers": 0, "auth_strategy": "keystone",
                    "dhcp_agent_notification": False, "notify_nova_on_port_status_changes": True, "notify_nova_on_port_data_changes": True,
                    "send_events_interval": 1, "api_paste_config": ENVIRONMENT / "etc/neutron/api-paste.ini"},
        "database": _connection("neutron"),
        "keystone_authtoken": _tokens("neutron"),
        "nova": _login("nova", region_name=REGION),
        "placement": _login("placement", region_name=REGION),
        "quotas": {"quota_port": -1, "quota_floatingip": -1},
        **_messaging("neutron"),
    })
    _ini("neutron/ml2.ini", {
        "ml2": {"type_drivers": "flat,local", "tenant_network_types": "local", "mechanism_drivers": "hollow", "extension_drivers": "port_security"},
        "ml2_type_flat": {"flat_networks": "outside"},
    })


def _nova():
    sections = {
        "DEFAULT": {**_daemon("nova"), "my_ip": HOST, "enabled_apis": "osapi_compute", "osapi_compute_listen": HOST,
                    "osapi_compute_listen_port": ports()["nova"], "osapi_compute_workers": 2, "compute_driver": "hollow.HollowDriver",
                    "allow_resize_to_same_host": True, "vif_plugging_is_fatal": False, "vif_plugging_timeout": 0,
                    "cpu_allocation_ratio": 1000.0, "ram_allocation_ratio": 1000.0, "disk_allocation_ratio": 1000.0,
                    "reserved_host_memory_mb": 0, "max_concurrent_builds": 0, "max_concurrent_snapshots": 0, "shelved_offload_time": 0,
                    "report_interval": 10, "service_down_time": 600,
                    # Housekeeping that finds nothing to do here.
                    "sync_power_state_interval": -1, "heal_instance_info_cache_interval": -1, "shelved_poll_interval": -1,
                    "image_cache_manager_interval": -1, "update_resources_interval": 600, "volume_usage_poll_interval": 0},
        "api": {"auth_strategy": "keystone", "max_limit": PAGE},
        # Tokens are not remembered as good, or one that was revoked would be good for minutes.
        "keystone_authtoken": {**_tokens("nova"), "token_cache_time": -1},
        "service_user": _login("nova", send_service_user_token=True),
        "placement": _login("placement", region_name=REGION),
        "neutron": _login("neutron", region_name=REGION),
        "cinder": _login("nova", catalog_info="volumev3::publicURL", os_region_name=REGION),
        "glance": {"api_servers": url("glance")},
        "quota": {"instances": -1, "cores": -1, "ram": -1},
        "conductor": {"workers": 1},
        "scheduler": {"workers": 1, "max_placement_results": 10},
        # Any of the hosts: they are equals, and the first would get everything.
        "filter_scheduler": {"host_subset_size": len(COMPUTES)},
        "wsgi": {"api_paste_config": ENVIRONMENT / "etc/nova/api-paste.ini", "default_pool_size": 100},
        "vnc": {"enabled": False},
        **_messaging("nova"),
    }
    # A compute host that could reach a database would complain that it can.
    _ini("nova/compute.conf", sections)
    _ini("nova/nova.conf", {**sections, "api_database": _connection("nova_api"), "database": _connection("nova_cell1")})
    for host in COMPUTES:
        _ini("nova/%s.conf" % host, {"DEFAULT": {"host": host, "state_path": _state(host)}})


def _plugins():
    """Neutron finds mechanism drivers among the entry points of what is installed: this is all that makes ours look so."""
    place = PLUGINS / "hollow-1.0.dist-info"
    place.mkdir(parents=True, exist_ok=True)
    (place / "METADATA").write_text("Metadata-Version: 2.1\nName: hollow\nVersion: 1.0\n")
    (place / "entry_points.txt").write_text("[neutron.ml2.mechanism_drivers]\nhollow = hollow.wires:HollowPorts\n")
