//! `files`: reading, writing and the named roots.

use encargo_sdk::bindings::encargo::files::files::{self, Decode, Encode};

use crate::Calls;

pub(crate) fn call(calls: &mut Calls, file: &str, folder: &str, output: &str) {
    calls.told("files.entries", files::entries(file));
    calls.told("files.entries", files::entries("nothing"));
    let source = calls.told("files.read", files::read(file, 0, Decode::BySuffix));
    calls.told("files.read", files::read(file, 7, Decode::AsIs));
    if let Some(source) = source {
        calls.told("files.source.read", source.read(1));
        calls.told("files.source.read-text", source.read_text(100));
    }
    calls.told("files.output", files::output(output));
    calls.told("files.output", files::output(file));
    let sink = calls.told("files.create", files::create(output, "written.txt", Encode::AsIs));
    calls.told("files.create", files::create(output, "../out.txt", Encode::AsIs));
    calls.told("files.create-beside", files::create_beside(output, ".manifest.json", Encode::AsIs));
    if let Some(sink) = sink {
        calls.told("files.sink.stored", sink.stored());
        calls.told("files.sink.read-back", sink.read_back(Decode::AsIs));
        calls.told("files.sink.write", sink.write(b"bytes"));
        calls.told("files.sink.write-text", sink.write_text("text"));
        calls.told("files.sink.publish", sink.publish());
        calls.told("files.sink.publish", sink.publish());
        calls.told("files.sink.stored", sink.stored());
        calls.told("files.sink.write", sink.write(b"more"));
        let back = calls.told("files.sink.read-back", sink.read_back(Decode::BySuffix));
        calls.told("files.source.read", back.map_or(Ok(Vec::new()), |back| back.read(100)));
    }
    calls.told("files.list-root", files::list_root("temporary", None, 10));
    calls.told("files.list-root", files::list_root("media", None, 10));
    calls.told("files.list-root", files::list_root("nothing", None, 10));
    calls.told("files.read-root", files::read_root("temporary", "old.tmp", Decode::AsIs));
    calls.told("files.read-root", files::read_root("temporary", "gone.tmp", Decode::AsIs));
    for (root, name) in
        [("temporary", "new.tmp"), ("temporary", "old.tmp"), ("media", "new.tmp"), ("temporary", ".new")]
    {
        let sink = calls.told("files.create-root", files::create_root(root, name, Encode::AsIs));
        calls.told("files.sink.publish", sink.map_or(Ok(()), |sink| sink.publish()));
    }
    for (argument, index, into) in [(folder, 0, "done"), (folder, 9, "done"), (folder, 1, "../out"), (file, 0, "done")]
    {
        calls.told("files.move-entry", files::move_entry(argument, index, into));
    }
    for (root, name) in [("temporary", "new.tmp"), ("temporary", "new.tmp"), ("media", "new.tmp")] {
        calls.told("files.move-root", files::move_root(root, name, "done"));
    }
    calls.told("files.remove-root", files::remove_root("temporary", "old.tmp"));
    calls.told("files.remove-root", files::remove_root("temporary", "old.tmp"));
}
