//! `encargo:files`: the files that the caller named, and the tenant's named roots.
#![expect(unreachable_pub, reason = "the generated bindings re-export the types of resources")]

use std::cell::RefCell;
use std::rc::Rc;

use encargo_backends::{BackendError, Destination, Entry, Files, Published, Sink, Source};
use encargo_model::{ErrorCode, text};
use send_wrapper::SendWrapper;
use wasmtime::component::Resource;

use crate::bindings::encargo::files::files as wit;
use crate::bindings::encargo::types::types::Error;
use crate::state::State;

/// A file that the guest reads.
pub struct OpenSource(SendWrapper<Source>);
/// A file that the guest writes, until it is published; and then what was.
pub struct OpenSink {
    sink: Option<SendWrapper<Sink>>,
    published: Option<Published>,
}

/// How much one call hands over at most, whatever the guest asks for.
const MOST_BYTES: u32 = 1 << 20;

type Answer<T> = wasmtime::Result<Result<T, Error>>;

fn entry(entry: Entry) -> wit::Entry {
    wit::Entry { name: entry.name, size: entry.size, modified_at: entry.modified_at.map(|at| at.0) }
}

impl State {
    fn files(&self) -> Rc<RefCell<Files>> {
        Rc::clone(&self.here.files)
    }

    fn push_source(&mut self, source: Result<Source, BackendError>) -> Answer<Resource<OpenSource>> {
        match self.answer(source) {
            Ok(source) => Ok(Ok(self.table.push(OpenSource(SendWrapper::new(source)))?)),
            Err(error) => Ok(Err(error)),
        }
    }

    fn push_sink(&mut self, sink: Result<Sink, BackendError>) -> Answer<Resource<OpenSink>> {
        match self.answer(sink) {
            Ok(sink) => {
                let open = OpenSink { sink: Some(SendWrapper::new(sink)), published: None };
                Ok(Ok(self.table.push(open)?))
            }
            Err(error) => Ok(Err(error)),
        }
    }
}

fn published() -> BackendError {
    BackendError::new(ErrorCode::Invalid, text!("the file is published", "el archivo ya está publicado"))
}

fn not_published() -> BackendError {
    BackendError::new(ErrorCode::Invalid, text!("the file is not published", "el archivo no está publicado"))
}

impl wit::Host for State {
    fn entries(&mut self, argument: String) -> Answer<Vec<wit::Entry>> {
        self.alive()?;
        let entries = self.files().borrow_mut().entries(&argument);
        Ok(self.answer(entries.map(|entries| entries.into_iter().map(entry).collect())))
    }

    fn read(&mut self, argument: String, index: u32, decode: wit::Decode) -> Answer<Resource<OpenSource>> {
        self.alive()?;
        let source = self.files().borrow_mut().read(&argument, index, decode == wit::Decode::BySuffix);
        self.push_source(source)
    }

    fn output(&mut self, argument: String) -> Answer<wit::Destination> {
        self.alive()?;
        let destination = self.files().borrow_mut().destination(&argument);
        Ok(self.answer(destination.map(|destination| {
            let (kind, name) = match destination {
                Destination::Folder => ("folder", String::new()),
                Destination::File(name) => ("file", name),
                Destination::StandardOutput => ("standard-output", String::new()),
            };
            wit::Destination { kind: kind.to_owned(), name }
        })))
    }

    fn create(&mut self, argument: String, name: String, encode: wit::Encode) -> Answer<Resource<OpenSink>> {
        self.alive()?;
        let sink = self.files().borrow_mut().create(&argument, &name, encode == wit::Encode::BySuffix);
        self.push_sink(sink)
    }

    fn create_beside(&mut self, argument: String, suffix: String, encode: wit::Encode) -> Answer<Resource<OpenSink>> {
        self.alive()?;
        let sink = self.files().borrow_mut().create_beside(&argument, &suffix, encode == wit::Encode::BySuffix);
        self.push_sink(sink)
    }

    fn list_root(&mut self, root: String, after: Option<String>, max: u32) -> Answer<Vec<wit::Entry>> {
        self.alive()?;
        let entries = self.files().borrow_mut().list_root(&root, after.as_deref(), max);
        Ok(self.answer(entries.map(|entries| entries.into_iter().map(entry).collect())))
    }

    fn read_root(&mut self, root: String, name: String, decode: wit::Decode) -> Answer<Resource<OpenSource>> {
        self.alive()?;
        let source = self.files().borrow_mut().read_root(&root, &name, decode == wit::Decode::BySuffix);
        self.push_source(source)
    }

    fn create_root(&mut self, root: String, name: String, encode: wit::Encode) -> Answer<Resource<OpenSink>> {
        self.alive()?;
        let sink = self.files().borrow_mut().create_root(&root, &name, encode == wit::Encode::BySuffix);
        self.push_sink(sink)
    }

    fn move_entry(&mut self, argument: String, index: u32, folder: String) -> Answer<String> {
        self.alive()?;
        let moved = self.files().borrow_mut().move_entry(&argument, index, &folder);
        Ok(self.answer(moved))
    }

    fn move_root(&mut self, root: String, name: String, folder: String) -> Answer<String> {
        self.alive()?;
        let moved = self.files().borrow_mut().move_root(&root, &name, &folder);
        Ok(self.answer(moved))
    }

    fn remove_root(&mut self, root: String, name: String) -> Answer<u64> {
        self.alive()?;
        let removed = self.files().borrow_mut().remove_root(&root, &name);
        Ok(self.answer(removed))
    }
}

impl wit::HostSource for State {
    fn read(&mut self, source: Resource<OpenSource>, max: u32) -> Answer<Vec<u8>> {
        self.alive()?;
        let bytes = self.table.get_mut(&source)?.0.read(max.min(MOST_BYTES));
        Ok(self.answer(bytes))
    }

    fn read_text(&mut self, source: Resource<OpenSource>, max: u32) -> Answer<String> {
        self.alive()?;
        let text = self.table.get_mut(&source)?.0.read_text(max.min(MOST_BYTES));
        Ok(self.answer(text))
    }

    fn drop(&mut self, source: Resource<OpenSource>) -> wasmtime::Result<()> {
        self.table.delete(source)?;
        Ok(())
    }
}

impl wit::HostSink for State {
    fn write(&mut self, sink: Resource<OpenSink>, bytes: Vec<u8>) -> Answer<()> {
        self.alive()?;
        let open = self.table.get_mut(&sink)?.sink.as_mut();
        let written = open.ok_or_else(published).and_then(|sink| sink.write(&bytes));
        Ok(self.answer(written))
    }

    fn write_text(&mut self, sink: Resource<OpenSink>, text: String) -> Answer<()> {
        self.write(sink, text.into_bytes())
    }

    fn publish(&mut self, sink: Resource<OpenSink>) -> Answer<()> {
        self.alive()?;
        let open = self.table.get_mut(&sink)?.sink.take().map(SendWrapper::take);
        let published = match open.ok_or_else(published).and_then(Sink::publish) {
            Ok(published) => published,
            Err(error) => return Ok(self.answer(Err(error))),
        };
        if !self.job.dry_run {
            self.host.artefact(&published.artefact);
        }
        self.table.get_mut(&sink)?.published = Some(published);
        Ok(Ok(()))
    }

    fn stored(&mut self, sink: Resource<OpenSink>) -> Answer<wit::Stored> {
        self.alive()?;
        let published = self.table.get(&sink)?.published.as_ref().ok_or_else(not_published);
        let stored = published
            .map(|Published { artefact, .. }| wit::Stored { bytes: artefact.bytes, sha256: artefact.sha256.clone() });
        Ok(self.answer(stored))
    }

    fn read_back(&mut self, sink: Resource<OpenSink>, decode: wit::Decode) -> Answer<Resource<OpenSource>> {
        self.alive()?;
        let files = self.files();
        let published = self.table.get(&sink)?.published.as_ref().ok_or_else(not_published);
        let by_suffix = decode == wit::Decode::BySuffix;
        let source = published.and_then(|published| files.borrow().read_back(published, by_suffix));
        self.push_source(source)
    }

    fn drop(&mut self, sink: Resource<OpenSink>) -> wasmtime::Result<()> {
        self.table.delete(sink)?;
        Ok(())
    }
}
