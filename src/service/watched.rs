//! Values from files that may change while the server runs: certificates and
//! tokens are rotated.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tracing::{info, warn};

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// Why a value cannot be had from its files.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file cannot be read.
    #[error("{0}: {1}")]
    Read(PathBuf, #[source] io::Error),
    /// It does not hold what it should.
    #[error("{0}: {1}")]
    Content(PathBuf, String),
}

/// Makes a value from the contents of the files, in their order. An error says
/// which file is at fault, and why.
type Parse<T> = fn(&[Vec<u8>]) -> Result<T, (usize, String)>;

/// A value from files: always the newest that could be read.
pub struct Watched<T> {
    paths: Vec<PathBuf>,
    parse: Parse<T>,
    current: RwLock<Arc<T>>,
}

impl<T: Send + Sync + 'static> Watched<T> {
    /// Reads the files, and looks after them as long as the runtime lives.
    ///
    /// # Errors
    /// When there is no value in them now.
    pub fn start(paths: Vec<PathBuf>, parse: Parse<T>) -> Result<Arc<Self>, FileError> {
        let contents = read(&paths)?;
        let first = parse(&contents).map_err(|error| at_fault(&paths, error))?;
        let watched = Arc::new(Self { paths, parse, current: RwLock::new(Arc::new(first)) });
        tokio::spawn(Arc::clone(&watched).watch(contents));
        Ok(watched)
    }

    /// The value of now.
    pub fn current(&self) -> Arc<T> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn watch(self: Arc<Self>, mut seen: Vec<Vec<u8>>) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            let this = Arc::clone(&self);
            // While files are exchanged, some may be missing: next time then.
            let Ok(Ok(contents)) = tokio::task::spawn_blocking(move || read(&this.paths)).await else { continue };
            if contents == seen {
                continue;
            }
            match (self.parse)(&contents) {
                Ok(value) => {
                    *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(value);
                    info!(files = ?self.paths, "read anew");
                }
                Err(error) => warn!(error = %at_fault(&self.paths, error), "keeping what was read before"),
            }
            seen = contents;
        }
    }
}

impl<T> fmt::Debug for Watched<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watched({:?})", self.paths)
    }
}

fn read(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, FileError> {
    paths.iter().map(|path| std::fs::read(path).map_err(|error| FileError::Read(path.clone(), error))).collect()
}

fn at_fault(paths: &[PathBuf], (at, what): (usize, String)) -> FileError {
    FileError::Content(paths.get(at).cloned().unwrap_or_default(), what)
}
