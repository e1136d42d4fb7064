//! How a store or a folder is reached: addresses, credentials from the environment, time limits, errors in words.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::future::Future;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, Error, ObjectStore, RetryConfig};
use tokio::runtime::Runtime;
use url::Url;

use crate::load::{Lock, POINTER};
use crate::loaders::store::connector::Connector;
use crate::loaders::store::runtime;
use crate::loaders::{find_address, hide_credentials};
use crate::problem::exit::Exit;

/// How long requests that fail are tried again.
const RETRY_TIMEOUT: Duration = Duration::from_secs(20);
/// How often a request is tried again.
const RETRIES: usize = 4;

/// Sets side by side, in a store or a folder.
pub struct SetStore {
    pub(super) store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// Where it is, without credentials.
    address: String,
    runtime: Arc<Runtime>,
    /// The folder, and what holds it.
    folder: Option<(PathBuf, Lock)>,
}

/// What the addresses of stores begin with.
pub const SCHEMES: &[&str] = &["s3://", "gs://", "az://", "abfs://", "abfss://", "file://"];

impl SetStore {
    /// Opens the store of a URL, or a folder, which is held then.
    ///
    /// # Errors
    /// Where the address is none, or the folder is held by another run.
    pub fn open(address: impl AsRef<OsStr>, wait: Duration) -> Result<SetStore> {
        let address = address.as_ref();
        let Some(address) = find_address(address) else {
            return SetStore::open_folder(FilePath::new(address), wait);
        };
        let shown = hide_credentials(address);
        let refuse = |why: &str| Exit::Config.error(format!("{shown} cannot be used: {why}"));
        let url = parse_url(address).map_err(|why| refuse(&why))?;
        if url.scheme() == "file" {
            let folder = url.to_file_path();
            let folder = folder.map_err(|()| refuse("a path of this machine was expected: file:///path"))?;
            return SetStore::open_folder(&folder, wait);
        }
        let store = build(&url).map_err(|error| refuse(&describe(&error)))?;
        let prefix = Path::from_url_path(url.path()).map_err(|error| refuse(&error.to_string()))?;
        let address = shown.trim_end_matches('/').into();
        Ok(SetStore { store, prefix, address, runtime: runtime()?, folder: None })
    }

    fn open_folder(folder: &FilePath, wait: Duration) -> Result<SetStore> {
        let lock = Lock::acquire(folder, wait)?;
        let store = LocalFileSystem::new_with_prefix(folder)
            .with_context(|| format!("cannot open the output folder {}", folder.display()))?
            .with_fsync(true);
        Ok(SetStore {
            store: Arc::new(store),
            prefix: Path::default(),
            address: folder.display().to_string(),
            runtime: runtime()?,
            folder: Some((folder.into(), lock)),
        })
    }

    /// Where it is, without credentials.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether it is a folder of this machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.folder.is_some()
    }

    /// The folder, where it is one.
    pub(super) fn folder(&self) -> Option<&FilePath> {
        self.folder.as_ref().map(|(folder, _)| folder.as_path())
    }

    /// A folder of a dataset that was published in place has files that nobody would look for any more.
    pub(super) fn refuse_plain_layout(&self, dataset: &str) -> Result<()> {
        let Some(folder) = self.folder() else { return Ok(()) };
        let folder = folder.join(dataset);
        let is_plain = folder.exists() && !folder.join(POINTER).exists() && !folder.join("sets").exists();
        if !is_plain {
            return Ok(());
        }
        let message = format!(
            "{} was not published with `--layout sets`; move it away, or publish elsewhere by --output",
            folder.display()
        );
        Err(Exit::Io.error(message))
    }

    /// The path of an object.
    pub(super) fn path(&self, parts: &[&str]) -> Path {
        let joined = parts.join("/");
        let prefix = self.prefix.as_ref();
        Path::from(if prefix.is_empty() { joined } else { format!("{prefix}/{joined}") })
    }

    /// The address of an object, for people.
    pub(super) fn show(&self, path: &Path) -> String {
        let inner = path.as_ref().strip_prefix(self.prefix.as_ref()).unwrap_or(path.as_ref());
        format!("{}/{}", self.address, inner.trim_start_matches('/'))
    }

    pub(super) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// What a store said, and that it is a fault of the world.
    pub(super) fn explain(&self, error: &Error, path: &Path) -> anyhow::Error {
        let hint = match error {
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
                "; check the credentials in the environment"
            }
            Error::NotFound { .. } => "; check the name of the bucket",
            _ => "",
        };
        Exit::Io.error(format!("{}: {}{hint}", self.show(path), describe(error)))
    }

    /// Removes what file systems keep where stores have nothing: empty folders.
    pub(super) fn remove_folder(&self, parts: &[&str]) -> Result<()> {
        let Some(folder) = self.folder() else { return Ok(()) };
        let folder = parts.iter().fold(folder.to_path_buf(), |folder, part| folder.join(part));
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))
    }
}

/// The URL of a store; or why it is none that may be used.
fn parse_url(address: &str) -> Result<Url, String> {
    if !SCHEMES.iter().any(|scheme| address.starts_with(scheme)) {
        return Err("an address is s3://bucket/prefix, gs://…, az://…, or file:///folder".into());
    }
    let url = Url::parse(address).map_err(|error| error.to_string())?;
    // abfss://container@account.host/ names no user.
    let names_user = !url.username().is_empty() && !url.scheme().starts_with("abfs");
    if names_user || url.password().is_some() || url.query().is_some() {
        return Err(
            "credentials belong in the environment (AWS_…, GOOGLE_…, AZURE_…), not in an address".into()
        );
    }
    Ok(url)
}

fn build(url: &Url) -> Result<Arc<dyn ObjectStore>, Error> {
    let retry = RetryConfig {
        backoff: BackoffConfig { init_backoff: Duration::from_millis(200), ..BackoffConfig::default() },
        max_retries: RETRIES,
        retry_timeout: RETRY_TIMEOUT,
    };
    Ok(match url.scheme() {
        "s3" => {
            let builder = AmazonS3Builder::from_env().with_url(url.as_str()).with_http_connector(Connector);
            Arc::new(builder.with_retry(retry).build()?)
        }
        "gs" => {
            let builder = GoogleCloudStorageBuilder::from_env().with_url(url.as_str());
            Arc::new(builder.with_http_connector(Connector).with_retry(retry).build()?)
        }
        _ => {
            let builder = MicrosoftAzureBuilder::from_env().with_url(url.as_str());
            Arc::new(builder.with_http_connector(Connector).with_retry(retry).build()?)
        }
    })
}

/// An error with its causes, each of which says what the one before does not.
fn describe(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            let _ = write!(text, ": {more}");
        }
        cause = error.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
