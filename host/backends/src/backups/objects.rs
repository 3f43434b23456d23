//! A repository in an S3-compatible store, laid out as restic lays it out. An object is there whole or not at all, so
//! nothing needs a name beside its own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use encargo_model::{Text, text};
use futures_util::TryStreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as Key;
use object_store::{ClientOptions, ObjectStore as _, ObjectStoreExt as _, PutPayload, RetryConfig};
use rustic_core::{BytesList, FileType, Id, ReadBackend, RusticResult, WriteBackend};
use tokio::runtime::{Builder, Runtime};

use super::faults::{Fault, Faults};
use super::location::{Bucket, Location};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long one request may take; the largest carries a pack.
const REQUEST: Duration = Duration::from_secs(300);
/// How long a request that failed is tried again.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often.
const TRIES: usize = 4;

/// The bucket, and what went wrong in it.
pub(super) struct Objects {
    store: AmazonS3,
    bucket: Bucket,
    faults: Faults,
    runtime: Runtime,
}

impl Objects {
    /// Reaches for nothing yet. Who may read and write is said by the variables that all tools for such stores read:
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`.
    ///
    /// # Errors
    /// Nothing says who, and the store is none that tells its own machines.
    pub(super) fn new(bucket: Bucket, faults: Faults) -> Result<Arc<Self>, Fault> {
        // What another part of the process chose before serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = ClientOptions::new().with_connect_timeout(CONNECT).with_timeout(REQUEST);
        let retry = RetryConfig { max_retries: TRIES, retry_timeout: PATIENCE, ..RetryConfig::default() };
        let builder = AmazonS3Builder::from_env()
            .with_client_options(client)
            .with_retry(retry)
            .with_endpoint(&bucket.endpoint)
            .with_allow_http(bucket.endpoint.starts_with("http://"))
            .with_bucket_name(&bucket.name);
        if builder.get_config_value(&AmazonS3ConfigKey::AccessKeyId).is_none() && !bucket.is_the_makers() {
            let why = text!("AWS_ACCESS_KEY_ID is not set", "AWS_ACCESS_KEY_ID no está definida");
            return Err(Fault { why, cause: "there is no access key".into() });
        }
        let store = builder.build().map_err(|error| told(&bucket.name, error))?;
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Fault::of_file(Path::new(&bucket.endpoint), error))?;
        Ok(Arc::new(Self { store, bucket, faults, runtime }))
    }

    fn key(&self, kind: FileType, id: &Id) -> Key {
        let id = id.to_hex();
        match kind {
            FileType::Config => self.below("config"),
            FileType::Pack => self.below(&format!("data/{}/{}", &id[..2], id.as_str())),
            _ => self.below(&format!("{}/{}", kind.dirname(), id.as_str())),
        }
    }

    fn below(&self, name: &str) -> Key {
        match self.bucket.prefix.as_str() {
            "" => Key::from(name),
            prefix => Key::from(format!("{prefix}/{name}")),
        }
    }

    /// Waits for an answer and keeps what went wrong.
    fn wait<T>(&self, answer: impl Future<Output = object_store::Result<T>>) -> RusticResult<T> {
        let answer = self.runtime.block_on(answer);
        answer.map_err(|error| self.faults.keep_fault(|| told(&self.bucket.name, error)))
    }

    async fn sizes(&self, kind: FileType) -> object_store::Result<Vec<(Id, u32)>> {
        if kind == FileType::Config {
            return match self.store.head(&self.below("config")).await {
                Ok(found) => Ok(vec![(Id::default(), short(found.size))]),
                Err(object_store::Error::NotFound { .. }) => Ok(Vec::new()),
                Err(error) => Err(error),
            };
        }
        let folder = self.below(kind.dirname());
        let objects: Vec<_> = self.store.list(Some(&folder)).try_collect().await?;
        let id = |object: &object_store::ObjectMeta| Id::parse_some(object.location.filename()?, kind);
        Ok(objects.iter().filter_map(|object| Some((id(object)?, short(object.size)))).collect())
    }
}

fn short(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// What is said of a store's answer: the text of a request is of use to nobody.
fn told(bucket: &str, error: object_store::Error) -> Fault {
    use object_store::Error as Store;
    let mut said = error.to_string();
    let mut next = std::error::Error::source(&error);
    while let Some(below) = next {
        said = format!("{said}\n{below}");
        next = below.source();
    }
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let is_refused = matches!(error, Store::PermissionDenied { .. } | Store::Unauthenticated { .. });
    let why = if has(&["NoSuchBucket"]) {
        text!("there is no bucket `{bucket}`; make it first", "no existe el bucket `{bucket}`; créelo antes")
    } else if is_refused || has(&["InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied"]) {
        text!(
            "the store refuses the access key; see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            "el almacén rechaza la clave de acceso; vea AWS_ACCESS_KEY_ID y AWS_SECRET_ACCESS_KEY"
        )
    } else if has(&["error sending request", "Connection refused", "dns error", "timed out", "operation timed"]) {
        text!("the store cannot be reached", "no se puede alcanzar el almacén")
    } else {
        Text::quoted(said.lines().next().unwrap_or_default().to_owned())
    };
    Fault { why, cause: error.into() }
}

impl ReadBackend for Objects {
    fn location(&self) -> String {
        Location::Bucket(self.bucket.clone()).to_string()
    }

    fn list_with_size(&self, kind: FileType) -> RusticResult<Vec<(Id, u32)>> {
        self.wait(self.sizes(kind))
    }

    fn read_full(&self, kind: FileType, id: &Id) -> RusticResult<Bytes> {
        let key = self.key(kind, id);
        self.wait(async { self.store.get(&key).await?.bytes().await })
    }

    fn read_partial(&self, kind: FileType, id: &Id, _: bool, offset: u32, length: u32) -> RusticResult<Bytes> {
        let key = self.key(kind, id);
        let range = u64::from(offset)..u64::from(offset) + u64::from(length);
        self.wait(self.store.get_range(&key, range))
    }

    fn warmup_path(&self, kind: FileType, id: &Id) -> String {
        self.key(kind, id).to_string()
    }
}

impl WriteBackend for Objects {
    fn create(&self) -> RusticResult<()> {
        Ok(())
    }

    fn write_bytes(&self, kind: FileType, id: &Id, _: bool, content: BytesList) -> RusticResult<()> {
        let key = self.key(kind, id);
        let payload: PutPayload = content.into_vec().into_iter().collect();
        self.wait(async { self.store.put(&key, payload).await.map(drop) })
    }

    fn remove(&self, kind: FileType, id: &Id, _: bool) -> RusticResult<()> {
        let key = self.key(kind, id);
        self.wait(self.store.delete(&key))
    }
}
