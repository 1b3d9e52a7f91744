//! How the server is set up: one struct, made once from the flags and checked
//! before any port is bound. Nothing here reads the environment.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::filter::Targets;

/// How the server is set up.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where to listen. Port 0 takes a free one; the log says which.
    pub listen: SocketAddr,
    /// Where to answer plain HTTP: metrics and probes. None for nowhere.
    pub http_listen: Option<SocketAddr>,
    /// Threads that enrich; as many more move bytes.
    pub workers: NonZeroUsize,
    /// Who may come.
    pub security: Security,
    /// How much may go on at a time.
    pub flow: Flow,
    /// What a request may be.
    pub limits: Limits,
    /// How long calls may take, and the stopping.
    pub times: Times,
    /// What is logged, and how.
    pub log: Log,
}

/// Who may come. Each of the files may change while the server runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Security {
    /// TLS, or plain text.
    pub tls: Option<TlsFiles>,
    /// Tokens, one a line; every call but those of health has to bear one.
    pub tokens: Option<PathBuf>,
}

/// What TLS is made of, all in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate and those that lead to its issuer.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Who may sign clients' certificates. None: clients need none.
    pub client_ca: Option<PathBuf>,
}

/// How much may go on at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Connections; more are closed as they come.
    pub max_connections: usize,
    /// Articles that may wait for a thread; more are refused on arrival.
    pub queue: usize,
    /// How long they may be expected to wait; else they are refused on arrival.
    pub max_wait: Duration,
    /// Bytes of requests and responses in flight; more requests are refused.
    pub max_in_flight_bytes: usize,
    /// Bytes of one response message.
    pub max_response_bytes: usize,
}

/// What a request may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one article's text, as UTF-8.
    pub max_article_bytes: u32,
    /// Bytes of one request message.
    pub max_request_bytes: u32,
    /// Articles of one `EnrichBatch`.
    pub max_batch_items: u32,
}

/// How long calls may take, and the stopping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// A call that sets no deadline has this one. An item of a stream has it
    /// from the moment the item is read.
    pub default_deadline: Duration,
    /// No call has a longer one, whatever it asks for. A stream as a whole
    /// has only the one it asks for.
    pub max_deadline: Duration,
    /// For a message of a request to arrive.
    pub body: Duration,
    /// From the signal to stop, with health at NOT_SERVING, until new calls
    /// are refused: the time that load balancers need to look away.
    pub grace: Duration,
    /// From then until calls that still run are cut off.
    pub drain: Duration,
    /// For sending the last traces.
    pub flush: Duration,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    /// Which events are logged.
    pub filter: Targets,
    /// In which form.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line, with `trace_id` and `span_id` inside a call.
    #[default]
    Json,
    /// For people.
    Text,
}

/// A set-up that cannot work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl Config {
    /// This set-up, if it can work.
    ///
    /// # Errors
    /// The first thing that is wrong, named by its flag.
    pub fn checked(self) -> Result<Self, ConfigError> {
        /// Spans count bytes in 32 bits, with room for what normalisation adds.
        const MOST_BYTES: u32 = 1 << 30;
        /// What semaphores can count, and far more than memory can.
        const MOST_QUEUED: usize = 1 << 20;

        let Limits { max_article_bytes, max_request_bytes, max_batch_items } = self.limits;
        let Flow { max_connections, queue, max_in_flight_bytes, .. } = self.flow;
        let Times { default_deadline, max_deadline, .. } = self.times;
        let rules = [
            (self.workers.get() <= 1024, "--workers must be at most 1024".to_owned()),
            (max_connections > 0, "--max-connections must be at least 1".to_owned()),
            (max_connections <= MOST_QUEUED, format!("--max-connections must be at most {MOST_QUEUED}")),
            (
                usize::try_from(max_request_bytes).is_ok_and(|bytes| bytes <= max_in_flight_bytes),
                format!(
                    "--max-request-bytes ({max_request_bytes}) must not exceed --max-in-flight-bytes ({max_in_flight_bytes})"
                ),
            ),
            (queue <= MOST_QUEUED, format!("--queue must be at most {MOST_QUEUED}")),
            (max_article_bytes > 0, "--max-article-bytes must be at least 1".to_owned()),
            (max_batch_items > 0, "--max-batch-items must be at least 1".to_owned()),
            (max_request_bytes <= MOST_BYTES, format!("--max-request-bytes must be at most {MOST_BYTES}")),
            (
                max_article_bytes <= max_request_bytes,
                format!(
                    "--max-article-bytes ({max_article_bytes}) must not exceed --max-request-bytes ({max_request_bytes})"
                ),
            ),
            (!default_deadline.is_zero(), "--default-deadline must be more than nothing".to_owned()),
            (
                default_deadline <= max_deadline,
                format!("--default-deadline ({default_deadline:?}) must not exceed --max-deadline ({max_deadline:?})"),
            ),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, complaint)) => Err(ConfigError(complaint)),
            None => Ok(self),
        }
    }
}

/// Reads a log filter: a level (`info`), or a list of levels by target
/// (`warn,article_enricher=debug`).
///
/// # Errors
/// In words, when it is neither.
pub fn parse_log_filter(text: &str) -> Result<Targets, String> {
    if let Ok(level) = text.parse::<LevelFilter>() {
        // The transport's own lines are of use only to who asks for them.
        let others = level.min(LevelFilter::WARN);
        return Ok(Targets::new().with_default(others).with_target(env!("CARGO_CRATE_NAME"), level));
    }
    // `Targets` would take a misspelt level for a target.
    let sound = |part: &str| part.contains('=') || part.parse::<LevelFilter>().is_ok();
    match text.parse() {
        Ok(targets) if text.split(',').all(sound) => Ok(targets),
        _ => Err("no level (off, error, warn, info, debug, trace) and no list like warn,h2=debug".to_owned()),
    }
}

/// An address on the command line that may be `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressOrOff(pub Option<SocketAddr>);

impl FromStr for AddressOrOff {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self(None)),
            _ => text.parse().map(|address| Self(Some(address))).map_err(|_| "needs ADDR:PORT or off".to_owned()),
        }
    }
}

/// A length of time on the command line: a number and a unit, `500ms`, `30s`,
/// `5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Duration);

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let units = [("ms", 1), ("s", 1000), ("m", 60_000)];
        let read = units.into_iter().find_map(|(unit, millis)| {
            let number = text.strip_suffix(unit)?.parse::<u32>().ok()?;
            Some(Self(Duration::from_millis(u64::from(number) * millis)))
        });
        read.ok_or_else(|| "needs a whole number and a unit: 500ms, 30s or 5m".to_owned())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.subsec_millis() {
            0 => write!(f, "{}s", self.0.as_secs()),
            _ => write!(f, "{}ms", self.0.as_millis()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            http_listen: None,
            workers: NonZeroUsize::MIN,
            security: Security::default(),
            flow: Flow {
                max_connections: 8,
                queue: 16,
                max_wait: Duration::from_millis(100),
                max_in_flight_bytes: 1000,
                max_response_bytes: 1000,
            },
            limits: Limits { max_article_bytes: 100, max_request_bytes: 200, max_batch_items: 3 },
            times: Times {
                default_deadline: Duration::from_secs(1),
                max_deadline: Duration::from_secs(2),
                body: Duration::from_secs(1),
                grace: Duration::ZERO,
                drain: Duration::from_secs(1),
                flush: Duration::from_secs(1),
            },
            log: Log { filter: parse_log_filter("info").unwrap(), format: LogFormat::Json },
        }
    }

    #[test]
    fn a_sound_set_up_passes() {
        assert_eq!(config().checked(), Ok(config()));
    }

    #[test]
    fn what_cannot_work_is_named_by_its_flag() {
        let complaint = |change: fn(&mut Config)| {
            let mut config = config();
            change(&mut config);
            config.checked().unwrap_err().to_string()
        };
        assert!(complaint(|c| c.limits.max_article_bytes = 201).contains("--max-article-bytes (201)"));
        assert!(complaint(|c| c.limits.max_article_bytes = 0).contains("--max-article-bytes"));
        assert!(complaint(|c| c.limits.max_batch_items = 0).contains("--max-batch-items"));
        assert!(complaint(|c| c.limits.max_request_bytes = u32::MAX).contains("--max-request-bytes"));
        assert!(complaint(|c| c.times.default_deadline = Duration::ZERO).contains("--default-deadline"));
        assert!(complaint(|c| c.times.max_deadline = Duration::from_millis(999)).contains("--max-deadline (999ms)"));
        assert!(complaint(|c| c.flow.queue = usize::MAX).contains("--queue"));
        assert!(complaint(|c| c.flow.max_connections = 0).contains("--max-connections"));
        assert!(complaint(|c| c.flow.max_in_flight_bytes = 199).contains("--max-in-flight-bytes (199)"));
    }

    #[test]
    fn times_have_a_unit() {
        assert_eq!("500ms".parse(), Ok(Time(Duration::from_millis(500))));
        assert_eq!("30s".parse(), Ok(Time(Duration::from_secs(30))));
        assert_eq!("5m".parse(), Ok(Time(Duration::from_secs(300))));
        for wrong in ["", "30", "s", "-1s", "1.5s", "1h", "99999999999s", "ms"] {
            assert!(wrong.parse::<Time>().is_err(), "{wrong}");
        }
        for shown in ["500ms", "30s", "1500ms"] {
            assert_eq!(shown.parse::<Time>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn log_filters() {
        use tracing::Level;
        let filter = parse_log_filter("debug").unwrap();
        assert!(filter.would_enable("article_enricher::service", &Level::DEBUG));
        assert!(!filter.would_enable("h2::codec", &Level::INFO));
        let filter = parse_log_filter("warn,h2=trace").unwrap();
        assert!(filter.would_enable("h2::codec", &Level::TRACE));
        assert!(!filter.would_enable("article_enricher", &Level::INFO));
        assert!(parse_log_filter("off").is_ok());
        assert!(parse_log_filter("chatty").is_err());
    }
}
