"""Backups in moto's in-process twin of an S3-compatible store, and restic's own program over the same repository."""

import json
import os
import re
import shutil
import subprocess

from tests.scene import Scene, encargo, skip
from tests.venv import venv

# Prints its port once it answers, and has one bucket; each line that it is told is an object of which it flips a bit.
SERVER = """
import sys
from moto.server import ThreadedMotoServer
import boto3
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
store = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1", aws_access_key_id="key",
                     aws_secret_access_key="secret")
store.create_bucket(Bucket="backups")
print(port, flush=True)
for prefix in sys.stdin:
    key = store.list_objects_v2(Bucket="backups", Prefix=prefix.strip())["Contents"][0]["Key"]
    content = bytearray(store.get_object(Bucket="backups", Key=key)["Body"].read())
    content[len(content) // 2] ^= 1
    store.put_object(Bucket="backups", Key=key, Body=bytes(content))
    print(key, flush=True)
"""


class Store(Scene):
    def setUp(self):
        super().setUp()
        server = subprocess.Popen([venv("s3"), "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.stdin.close)
        self.server = server
        self.endpoint = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        self.place = f"s3:{self.endpoint}/backups/one"
        keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
        kept = {name: os.environ.get(name) for name in keys}
        os.environ.update(keys)
        self.addCleanup(lambda: [os.environ.pop(name) if value is None else os.environ.update({name: value})
                                 for name, value in kept.items()])

    def ok(self, *words, data_dir=None, exit_code=0):
        done = encargo(*words, data_dir=data_dir or self.data_dir)
        self.assertEqual(done.returncode, exit_code, done.stdout + done.stderr)
        return done

    def test_a_backup_goes_into_a_bucket_and_comes_back_from_it(self):
        self.ok("create_test_data", "--tenant=demo", "--volume=small", "--quiet")
        for _ in range(2):
            self.ok("backup_data", f"--output={self.place}", "--quiet")
        at = f"--repository={self.place}"
        listed = self.ok("backups", "list", at, "--json").stdout.splitlines()
        self.assertEqual(len([line for line in listed if json.loads(line)["type"] == "backup"]), 2)
        self.ok("backups", "verify", at)
        self.ok("backups", "drill", at)
        self.ok("backups", "prune", "--keep-last=1", at)
        key = self.data_dir / "keys/backups.key"
        empty = self.folder / "empty"
        self.ok("restore_data", at, f"--key-file={key}", data_dir=empty)
        self.ok("validate_system", "--contents", data_dir=empty)
        counted = self.ok("export_data", "--type=chats", "--output=-", "--tenant=demo", data_dir=empty).stdout
        self.assertEqual(counted, self.ok("export_data", "--type=chats", "--output=-", "--tenant=demo").stdout)
        # What is set for the commands is where the verbs look.
        (self.project / "encargo.toml").write_text(f'[commands.backup]\ndirectory = "{self.place}"\n')
        self.ok("restore_data", "--yes", "--config", str(self.project / "encargo.toml"))

    def test_restic_checks_what_is_in_the_bucket(self):
        if not shutil.which("restic"):
            skip("restic is not installed")
        self.ok("backup_data", f"--output={self.place}", "--quiet")
        env = {**os.environ, "RESTIC_PASSWORD_FILE": str(self.data_dir / "keys/backups.key")}
        checked = subprocess.run(["restic", "--no-cache", "-r", self.place, "check", "--read-data"], env=env, text=True,
                                 stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_what_is_wrong_with_a_store_is_said_in_one_sentence(self):
        closed = re.sub(r":\d+$", ":1", self.endpoint)
        for place, words in ((f"s3:{self.endpoint}/nobody-made-it", "there is no bucket `nobody-made-it`"),
                             (f"s3:{closed}/backups", "the store cannot be reached")):
            done = self.ok("backup_data", f"--output={place}", exit_code=1)
            self.assertIn(words, done.stderr.splitlines()[-1])
        self.ok("backups", "list", f"--repository=s3:{self.endpoint}", exit_code=2)
        del os.environ["AWS_ACCESS_KEY_ID"]
        done = self.ok("backup_data", f"--output={self.place}", exit_code=1)
        self.assertIn("AWS_ACCESS_KEY_ID is not set", done.stderr)
        os.environ["AWS_ACCESS_KEY_ID"] = "key"

    def test_a_pack_that_was_changed_in_the_bucket_is_found_and_not_restored(self):
        self.ok("backup_data", f"--output={self.place}", "--quiet")
        print("one/data/", file=self.server.stdin, flush=True)
        self.assertIn("one/data/", self.server.stdout.readline())
        self.ok("backups", "verify", f"--repository={self.place}", exit_code=5)
