"""nginx as docs/deploy/nginx.conf has it, on a port of its own, before machines of a test."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.ordeal.house import ROOT, House
from tests.support.postgres import _free_port


def through_nginx(
    folder: Path, machines: Iterable[House], *, tls: bool = False
) -> tuple[str, subprocess.Popen]:
    """Its address and its process, which the test ends; without TLS unless it is asked for, then with a certificate of nobody."""
    text = (ROOT / "docs/deploy/nginx.conf").read_text()
    port = _free_port()
    upstream = "".join(f"server 127.0.0.1:{one.port} max_fails=1 fail_timeout=5s;" for one in machines)
    text = text.replace("server 127.0.0.1:8000 max_fails=1 fail_timeout=5s;", upstream)
    # on a machine that does much else a start takes long
    text = text.replace("proxy_read_timeout 60s", "proxy_read_timeout 150s")
    head, _plain, secure = text.split("\nserver {\n")
    how = " ssl http2" if tls else ""
    secure = re.sub(r"listen 443 [^;]+;", f"listen 127.0.0.1:{port}{how};", secure)
    if tls:
        # the port is not the usual one, and forms are held to where they come from
        secure = secure.replace("Host $host;", "Host $http_host;")
        _certify(folder)
        secure = secure.replace("/etc/ssl/incontro/", f"{folder}/")
    else:
        secure = re.sub(r"ssl_certificate[^;]*;", "", secure)
    whole = f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}}\n"
    whole += "http { include /etc/nginx/mime.types; access_log off;"
    whole += f" client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
    (folder / "nginx.conf").write_text(f"{whole}{head}\nserver {{\n{secure}\n}}\n")
    process = subprocess.Popen(["nginx", "-e", f"{folder}/nginx.log", "-c", f"{folder}/nginx.conf"])
    return f"http{'s' if tls else ''}://127.0.0.1:{port}", process


def _certify(folder: Path) -> None:
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout privkey.pem -out fullchain.pem"
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
