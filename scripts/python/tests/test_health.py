"""`health_check` over real servers: up, down, hung, and with a wrong password; nothing of an address is ever told."""

import json
import ssl
import subprocess
import time
from pathlib import Path

from tests.scene import BINARY, Scene, encargo
from tests.servers import Servers, free_port
from tests.venv import venv

SECRET = "s3cret"


class Health(Servers, Scene):
    def configured(self, text):
        (self.data_dir / "encargo.toml").write_text(text)

    def check(self, *words, exit_code=0):
        """What was found out of each service."""
        done = encargo("health_check", "--json", *words, data_dir=self.data_dir)
        self.assertEqual(done.returncode, exit_code, done.stdout + done.stderr)
        self.assertNotIn(SECRET, done.stdout + done.stderr)
        summary = json.loads(done.stdout.splitlines()[-1])
        return {one["service"]: one for one in summary["details"]["services"]}

    def one(self, kind, url, more="", exit_code=0, words=()):
        """What was found out of one service at an address."""
        self.configured(f'[services.it]\nkind = "{kind}"\nurl = "{url}"\n{more}\n')
        return self.check("--service=it", *words, exit_code=exit_code)["it"]


class Redis(Health):
    def test_a_redis_is_up_down_hung_or_wants_another_password(self):
        port = self.redis("--requirepass", SECRET)
        up = self.one("redis", f"redis://:{SECRET}@127.0.0.1:{port}/0")
        self.assertEqual(up["status"], "ok")
        self.assertIn("answers PING", up["detail"])
        self.assertGreater(up["measures"]["used_memory"]["value"], 100_000)
        refused = self.one("redis", f"redis://:{SECRET}x@127.0.0.1:{port}/0", exit_code=4)
        self.assertEqual((refused["status"], refused["detail"]), ("failed", "it refuses the password"))
        refused = self.one("redis", f"redis://127.0.0.1:{port}/0", exit_code=4)
        self.assertEqual(refused["detail"], "it wants a password")
        down = self.one("redis", f"redis://:{SECRET}@127.0.0.1:{free_port()}", exit_code=4)
        self.assertEqual(down["detail"], "nobody listens there")
        hung = self.one("redis", f"redis://:{SECRET}@127.0.0.1:{self.hung()}", exit_code=4,
                        words=["--service-timeout=500ms"])
        self.assertEqual(hung["detail"], "no answer within 0.5 s")
        other = self.one("redis", f"redis://127.0.0.1:{self.web()}", exit_code=4)
        self.assertEqual(other["status"], "failed")

    def test_what_redis_cannot_keep_or_hold_is_a_warning(self):
        port = self.redis("--maxmemory", "1200kb", "--maxmemory-policy", "noeviction")
        said = self.one("redis", f"redis://127.0.0.1:{port}")
        self.assertEqual(said["status"], "ok" if "full" not in said["detail"] else "warning")
        self.assertEqual(said["measures"]["max_memory"]["value"], 1200 * 1024)
        path = self.folder / "redis.sock"
        self.redis("--unixsocket", str(path))
        self.assertEqual(self.one("redis", f"unix://{path}?db=1")["status"], "ok")

    def test_a_boot_script_waits_until_redis_is_there(self):
        port = free_port()
        self.configured(f'[services.it]\nurl = "redis://127.0.0.1:{port}"\n')
        line = ["health_check", "--service=it", "--json"]
        waited = encargo(*line, "--wait=1s", data_dir=self.data_dir)
        self.assertEqual(waited.returncode, 4, waited.stderr)
        waiting = subprocess.Popen([str(BINARY), *line, "--wait=60s", "--data-dir", str(self.data_dir)],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.redis(port=port)
        self.assertEqual(waiting.wait(60), 0)


class Celery(Health):
    def through(self, broker, put):
        """The same over both brokers: workers are heard, messages counted, and none is taken or put."""
        silent = self.one("celery", broker, exit_code=4)
        self.assertRegex(silent["detail"], "no worker (sent a heartbeat|was ever here)")
        worker = self.worker(broker, "one")
        found = self.one("celery", broker, more="heartbeat_seconds = 30", exit_code=None,
                         words=["--service-timeout=60s", "--deadline=60s"])
        self.assertEqual(found["measures"]["workers"]["value"], 1, found)
        short = self.one("celery", broker, more="workers = 2")
        self.assertEqual(short["status"], "warning", short)
        self.stop(worker)
        put(3)
        for _ in range(2):
            found = self.one("celery", broker, more="most_queued = 2", exit_code=4)
            self.assertEqual(found["measures"]["waiting"]["value"], 3, found)
            self.assertIn("3 messages wait in `celery`", found["detail"])

    def check(self, *words, exit_code=0):
        if exit_code is not None:
            return super().check(*words, exit_code=exit_code)
        # A worker takes a while to begin, and is not there yet in the first looks.
        until = time.monotonic() + 120
        while True:
            done = encargo("health_check", "--json", *words, data_dir=self.data_dir)
            if done.returncode == 0:
                return super().check(*words)
            self.assertLess(time.monotonic(), until, done.stdout)

    def put(self, broker, n):
        text = f"from app import app\nfor _ in range({n}): app.send_task('none')\n"
        (self.project / "app.py").write_text(f"from celery import Celery\napp = Celery('app', broker='{broker}')\n")
        subprocess.run([venv("celery"), "-c", text], cwd=self.project, check=True)

    def test_workers_and_queues_over_redis(self):
        broker = f"redis://127.0.0.1:{self.redis()}/1"
        self.through(broker, lambda n: self.put(broker, n))

    def test_workers_and_queues_over_rabbitmq(self):
        port = self.rabbitmq()
        broker = f"amqp://guest:guest@127.0.0.1:{port}//"
        self.through(broker, lambda n: self.put(broker, n))
        wrong = self.one("celery", f"amqp://guest:{SECRET}@127.0.0.1:{port}//", exit_code=4)
        self.assertEqual(wrong["detail"], "it refuses user and password")
        wrong = self.one("celery", f"amqp://guest:guest@127.0.0.1:{port}/{SECRET}", exit_code=4)
        self.assertIn("no such virtual host", wrong["detail"])
        missing = self.one("celery", broker, more='queues = ["celery", "mails"]', exit_code=4)
        self.assertIn("there is no queue `mails`", missing["detail"])
        hung = self.one("celery", f"amqp://guest:{SECRET}@127.0.0.1:{self.hung()}//", exit_code=4,
                        words=["--service-timeout=500ms"])
        self.assertEqual(hung["detail"], "no answer within 0.5 s")
        other = self.one("celery", f"amqp://guest:{SECRET}@127.0.0.1:{self.web()}//", exit_code=4)
        self.assertEqual(other["status"], "failed")


class Network(Health):
    def test_certificates_are_told_before_they_end_and_after(self):
        for days, exit_code, status, says in [(90, 0, "ok", "status 200"), (5, 0, "warning", "ends in 5 days"),
                                              (-2, 4, "failed", "has ended")]:
            path = self.certificate(days)
            trusted = f'ca_file = "{path}"'
            for url in (f"https://localhost:{self.web(certificate=path)}/{SECRET}?token={SECRET}",
                        f"tls://localhost:{self.web(certificate=path)}"):
                kind = "external" if url.startswith("https") else "tcp"
                found = self.one(kind, url, more=trusted, exit_code=exit_code)
                self.assertEqual(found["status"], status, found)
                if kind == "external" or days < 90:
                    self.assertIn(says, found["detail"])
                if days > 0 or kind == "external":
                    self.assertEqual(found["measures"]["certificate_left"]["value"], days)
        strange = self.one("external", f"https://localhost:{self.web(certificate=path)}", exit_code=4)
        self.assertIn("certificate", strange["detail"])

    def test_a_redis_and_a_broker_are_asked_over_tls(self):
        path, port = self.certificate(5), free_port()
        self.redis("--tls-port", str(port), "--tls-auth-clients", "no",
                   *[word for one in ("cert-file", "key-file", "ca-cert-file") for word in (f"--tls-{one}", str(path))])
        trusted = f'ca_file = "{path}"'
        broker = f"amqps://guest:guest@localhost:{self.rabbitmq(path)}//"
        for kind, url, exit_code, status in [("redis", f"rediss://localhost:{port}/0", 0, "warning"),
                                             ("celery", f"rediss://localhost:{port}/1", 4, "failed"),
                                             ("celery", broker, 4, "failed")]:
            found = self.one(kind, url, trusted, exit_code)
            self.assertEqual((found["status"], found["measures"]["certificate_left"]["value"]), (status, 5), found)
            if kind == "celery":
                self.assertRegex(found["detail"], "no worker (sent a heartbeat|was ever here)")
            strange = self.one(kind, url, exit_code=4)
            self.assertIn("signed by nobody who is trusted", strange["detail"])
            other = self.one(kind, url.replace("s://", "://", 1), exit_code=4)
            self.assertEqual(other["status"], "failed", other)

    def test_a_mail_server_speaks_tls_at_once_or_after_it_is_asked(self):
        def heard(connection, reply):
            connection.recv(1 << 10)
            connection.sendall(reply)

        def at_once(connection):
            connection.sendall(b"220 mx\r\n")
            heard(connection, b"250 mx\r\n")
            connection.recv(1 << 10)

        def asked(connection):
            connection.sendall(b"220 mx\r\n")
            heard(connection, b"250-mx\r\n250 STARTTLS\r\n")
            heard(connection, b"220 go\r\n")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
            with context.wrap_socket(connection, server_side=True) as secure:
                heard(secure, b"250 mx\r\n")
                secure.recv(1 << 10)

        path = self.certificate(5)
        trusted = f'ca_file = "{path}"'
        for url, more, says in [
                (f"smtps://localhost:{self.serving(at_once, path)}", "", "greets and speaks TLS"),
                (f"smtp://localhost:{self.serving(asked)}", "starttls = true", "speaks TLS by STARTTLS")]:
            found = self.one("smtp", url, f"{trusted}\n{more}")
            self.assertEqual((found["status"], found["measures"]["certificate_left"]["value"]), ("warning", 5), found)
            self.assertIn(says, found["detail"])
            strange = self.one("smtp", url, more, exit_code=4)
            self.assertIn("signed by nobody who is trusted", strange["detail"])

    def test_a_status_is_judged_and_no_other_address_is_followed(self):
        for status, more, exit_code, word in [
                ("204 No Content", "", 0, "ok"), ("503 Busy", "", 4, "failed"),
                ("503 Busy", "statuses = [503]", 0, "ok"), ("503 Busy", "critical = false", 0, "warning"),
                (f"302 Found\r\nLocation: http://127.0.0.1:{free_port()}/", "", 0, "warning")]:
            found = self.one("external", f"http://u:{SECRET}@127.0.0.1:{self.web(status)}/{SECRET}", more, exit_code)
            self.assertEqual(found["status"], word, found)
        late = self.web(headers="Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n")
        found = self.one("external", f"http://127.0.0.1:{late}")
        self.assertIn("its clock is", found["detail"])
        unknown = self.one("external", "http://nobody.invalid/", exit_code=4)
        self.assertIn("(DNS)", unknown["detail"])

    def test_a_mail_server_greets_and_offers_what_is_wanted(self):
        def talk(offers, greeting=b"220 mx\r\n"):
            def serve(connection):
                connection.sendall(greeting)
                connection.recv(1 << 10)
                connection.sendall(offers)
                connection.recv(1 << 10)
            return serve

        with_tls, plain = b"250-mx\r\n250-STARTTLS\r\n250 SIZE\r\n", b"250 mx\r\n"
        address = "smtp://u:{}@127.0.0.1:{}"
        up = self.one("smtp", address.format(SECRET, self.serving(talk(with_tls))))
        self.assertEqual((up["status"], up["detail"]), ("ok", "it greets and offers STARTTLS"))
        bare = self.one("smtp", address.format(SECRET, self.serving(talk(plain))))
        self.assertIn("offers no STARTTLS", bare["detail"])
        bare = self.one("smtp", address.format(SECRET, self.serving(talk(plain))), "starttls = true", exit_code=4)
        self.assertEqual(bare["detail"], "it offers no STARTTLS")
        full = self.one("smtp", address.format(SECRET, self.serving(talk(plain, b"554 no\r\n"))), exit_code=4)
        self.assertIn("554", full["detail"])
        hung = self.one("smtp", address.format(SECRET, self.hung()), exit_code=4, words=["--service-timeout=300ms"])
        self.assertEqual(hung["detail"], "no answer within 0.3 s")

    def test_what_hangs_takes_its_time_once_and_blocks_nothing_else(self):
        text = "".join(f'[services.h{n}]\nkind = "redis"\nurl = "redis://127.0.0.1:{self.hung()}"\n' for n in range(20))
        self.configured(text)
        began = time.monotonic()
        found = self.check("--service-timeout=1s", exit_code=4)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual({found[f"h{n}"]["detail"] for n in range(20)}, {"no answer within 1 s"})
        self.assertEqual(found["database"]["status"], "ok")
        began = time.monotonic()
        found = self.check("--service-timeout=60s", "--deadline=1s", "--service=redis", exit_code=4)
        self.assertLess(time.monotonic() - began, 10)

    def test_a_cause_comes_first_and_blocks_what_stands_on_it(self):
        port = free_port()
        self.configured(f'[services.port]\nurl = "tcp://127.0.0.1:{port}"\n'
                        f'[services.cache]\nurl = "redis://127.0.0.1:{port}"\n'
                        f'[services.jobs]\nkind = "celery"\nurl = "redis://127.0.0.1:{port}/1"\n')
        done = encargo("health_check", data_dir=self.data_dir)
        self.assertEqual(done.returncode, 4)
        self.assertIn("1 failed, 2 blocked", done.stdout)
        found = self.check(exit_code=4)
        self.assertEqual(list(found)[:1], ["port"])
        self.assertEqual({found["cache"]["blocked_by"], found["jobs"]["blocked_by"]}, {"port"})

    def test_no_secret_is_told_anywhere(self):
        closed = free_port()
        self.configured(
            f'[services.a]\nurl = "redis://{SECRET}:{SECRET}@127.0.0.1:{closed}/0"\n'
            f'[services.b]\nurl = "https://{SECRET}@127.0.0.1:{closed}/{SECRET}?k={SECRET}#{SECRET}"\n'
            f'[services.c]\nkind = "celery"\nurl = "amqp://{SECRET}:{SECRET}@127.0.0.1:{closed}/{SECRET}"\n'
            f'[services.d]\nurl = "smtp://{SECRET}:{SECRET}@127.0.0.1:{closed}"\n')
        formats = [[f"--format={word}"] for word in ("text", "json", "health+json", "nagios", "openmetrics")]
        lines = [["health_check", *more] for more in ([], ["-v", "3"], ["--json"], ["--dry-run"], *formats)]
        for line in [*lines, ["runs", "show", "latest"], ["runs", "logs", "latest"], ["config", "show", "--origin"],
                     ["config", "show", "--json"], ["commands", "show", "health_check"], ["doctor"]]:
            done = encargo(*line, data_dir=self.data_dir)
            self.assertNotIn(SECRET, done.stdout + done.stderr, line)
        shown = encargo("commands", "show", "health_check", data_dir=self.data_dir).stdout
        self.assertIn(f"ask `a` (redis) at redis://127.0.0.1:{closed}", shown)
        for path in Path(self.data_dir).rglob("*"):
            if path.is_file() and path.name != "encargo.toml":
                self.assertNotIn(SECRET.encode(), path.read_bytes(), path)


class Formats(Health):
    def told(self, word, exit_code=0):
        done = encargo("health_check", "--service=disk,redis", f"--format={word}", data_dir=self.data_dir)
        self.assertEqual(done.returncode, exit_code, done.stderr)
        return done.stdout

    def test_other_programs_read_what_they_know_and_nothing_beside_it(self):
        self.assertRegex(self.told("text"), r"^disk …+ ok \([0-9.]+ ms\) .*\nredis …+ skipped \(0.0 ms\) .*\n$")
        health = json.loads(self.told("health+json"))
        self.assertEqual(health["status"], "warn")
        self.assertEqual(health["checks"]["disk:responseTime"][0]["observedUnit"], "ms")
        self.assertEqual(health["checks"]["redis:responseTime"][0]["status"], "warn")
        self.assertEqual(json.loads(self.told("json"))["services"][0]["service"], "disk")
        self.assertRegex(self.told("nagios"), r"^HEALTH OK - .* \| 'disk'=[0-9.]+ms\n$")
        metrics = self.told("openmetrics")
        self.assertTrue(metrics.endswith("# EOF\n"))
        self.assertIn('encargo_service{service="redis",encargo_service="skipped"} 1\n', metrics)
