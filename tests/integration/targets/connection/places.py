# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Two more clouds on loopback, until the process is ended: `other_url`, and `tls_url` with a certificate that nobody signed.

    python places.py FILE      writes their addresses into FILE, as JSON
"""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from sandbox import Cloud  # noqa: E402
from sandbox.http_server import Server  # noqa: E402


def certificate(place):
    """A context for a server on 127.0.0.1, with a certificate made in the directory `place`."""
    cert, key = place / "cert.pem", place / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def main(file):
    file.unlink(missing_ok=True)
    dress = os.environ["SANDBOX_DRESS"]
    other, tls = (Server(Cloud(dress=dress)) for _place in range(2))
    context, cert = certificate(Path(tempfile.mkdtemp(dir=file.parent)))
    tls.socket = context.wrap_socket(tls.socket, server_side=True)
    threading.Thread(target=tls.serve_forever, daemon=True).start()
    identity = "/identity/v2.0" if dress == "rackspace" else "/identity/v3"
    aside = file.with_suffix(".new")
    aside.write_text(json.dumps({
        "other_url": other.url, "other_auth_url": other.url + identity, "ca_cert": str(cert),
        "tls_auth_url": tls.url.replace("http:", "https:") + identity}))
    aside.replace(file)
    other.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
