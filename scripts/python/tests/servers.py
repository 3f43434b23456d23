"""Servers of a test's own: each on loopback or a socket in the test's folder, ended by its own process."""

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

from tests.scene import skip
from tests.venv import venv

# Writes a key and a certificate for localhost that ends in so many days, from `argv`.
CERTIFICATE = """
import datetime, ipaddress, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
path, days = sys.argv[1], int(sys.argv[2])
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
now = datetime.datetime.now(datetime.timezone.utc)
names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=90))
        .not_valid_after(now + datetime.timedelta(days=days, hours=1)).add_extension(names, False)
        .sign(key, hashes.SHA256()))
with open(path, "wb") as file:
    file.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                 serialization.NoEncryption()))
    file.write(made.public_bytes(serialization.Encoding.PEM))
"""


def free_port():
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(is_there, process=None, seconds=60):
    """Waits until something is there, as long as its process lives."""
    until = time.monotonic() + seconds
    while not is_there():
        assert process is None or process.poll() is None, "the server ended"
        assert time.monotonic() < until, "the server did not start"


def answers(port):
    """Whether somebody listens at a port of this machine."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


class Servers:
    """What a test starts, beside a `Scene`, and what ends with it."""

    def started(self, line, **more):
        process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, **more)
        self.addCleanup(self.stop, process)
        return process

    @staticmethod
    def stop(process):
        process.terminate()
        process.wait(60)

    def redis(self, *words, port=None):
        """The port of a Redis."""
        if shutil.which("redis-server") is None:
            skip("redis-server is not installed")
        port = port or free_port()
        server = self.started(["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir",
                               str(self.folder), *words])
        wait_for(lambda: answers(port), server)
        return port

    def rabbitmq(self, certificate=None):
        """The port of a RabbitMQ with a node, a name server and folders of its own; the user is `guest`. With TLS where
        there is a certificate."""
        program = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
        if not program.is_file():
            skip("rabbitmq-server is not installed")
        port, names = free_port(), free_port()
        folder = self.folder / "rabbitmq"
        folder.mkdir()
        (folder / "plugins").write_text("[].\n")
        listens = f"listeners.tcp.1 = 127.0.0.1:{port}\n"
        if certificate:
            options = "".join(f"ssl_options.{one}file = {certificate}\n" for one in ("cacert", "cert", "key"))
            listens = f"listeners.tcp = none\nlisteners.ssl.1 = 127.0.0.1:{port}\n{options}"
        (folder / "rabbitmq.conf").write_text(listens)
        env = {"PATH": os.environ["PATH"], "HOME": str(folder), "ERL_EPMD_PORT": str(names), "LANG": "C.UTF-8",
               "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_NODENAME": "health@localhost",
               "RABBITMQ_MNESIA_BASE": str(folder), "RABBITMQ_LOG_BASE": str(folder),
               "RABBITMQ_DIST_PORT": str(free_port()), "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
               "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins")}
        self.started(["epmd", "-port", str(names)], env=env)
        wait_for(lambda: answers(names))
        server = self.started([str(program)], env=env)
        wait_for(lambda: answers(port), server, seconds=180)
        return port

    def worker(self, broker, name):
        """A real worker of Celery, whose program is in the project."""
        (self.project / "app.py").write_text(f"from celery import Celery\napp = Celery('app', broker='{broker}')\n")
        line = [venv("celery"), "-m", "celery", "--app=app", "worker", "--concurrency=1", "--pool=solo",
                f"--hostname={name}@%h", "--loglevel=ERROR"]
        env = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        return self.started(line, cwd=self.project, env=env)

    def certificate(self, days):
        """A file with a key and a certificate that ends in so many days."""
        path = self.folder / f"certificate{days}.pem"
        subprocess.run([venv("s3"), "-c", CERTIFICATE, str(path), str(days)], check=True)
        return path

    def serving(self, talk, certificate=None):
        """The port at which each connection is talked to by a function; with TLS where there is a certificate."""
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.addCleanup(listener.close)

        def each(connection):
            with contextlib.suppress(OSError), connection:
                talk(context.wrap_socket(connection, server_side=True) if context else connection)

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=each, args=listener.accept()[:1], daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    def hung(self):
        """The port of a server that takes connections and says nothing."""
        return self.serving(lambda connection: connection.recv(1 << 20) and connection.recv(1))

    def web(self, status="200 OK", certificate=None, headers=""):
        """The port of a server that answers every request alike."""

        def talk(connection):
            connection.recv(1 << 16)
            connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n{headers}\r\n".encode())

        return self.serving(talk, certificate)
