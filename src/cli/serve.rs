//! `enricher serve`: the server.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use tracing_subscriber::filter::Targets;

use super::resources::Files;
use crate::config::{
    AddressOrOff, Config, ConfigError, Flow, Limits, Log, LogFormat, Security, Time, Times, TlsFiles, parse_log_filter,
};
use crate::{service, telemetry};

/// Bad flags, or flags that cannot work together.
const WRONG_USAGE: u8 = 2;

/// Serve the contract over gRPC.
///
/// Times are written with a unit: 500ms, 30s, 5m. Traces and metrics go to the OTLP/gRPC
/// collector that the standard OTEL_* variables name (for example
/// OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317), and nowhere when they
/// name none. SIGTERM and SIGINT stop the server: health says NOT_SERVING, then
/// the grace passes, then new calls are refused and running ones finish; a
/// second signal cuts the wait.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Address and port to listen on; port 0 takes a free one, which the log names
    #[arg(long, env = "ENRICHER_LISTEN", value_name = "ADDR:PORT", default_value = "0.0.0.0:50051")]
    listen: SocketAddr,

    /// Address and port of plain HTTP with /metrics (Prometheus), /livez and /readyz; off for none
    #[arg(long, env = "ENRICHER_HTTP_LISTEN", value_name = "ADDR:PORT|off", default_value = "off")]
    http_listen: AddressOrOff,

    /// The server's certificate chain in PEM: with it, TLS is spoken. Read anew when it changes
    #[arg(long, env = "ENRICHER_TLS_CERTIFICATE", value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,

    /// The private key for it in PEM. Read anew when it changes
    #[arg(long, env = "ENRICHER_TLS_KEY", value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,

    /// Certificates in PEM of those who may sign clients': with it, clients need one. Read anew when it changes
    #[arg(long, env = "ENRICHER_TLS_CLIENT_CA", value_name = "FILE", requires = "tls_certificate")]
    tls_client_ca: Option<PathBuf>,

    /// Tokens, one a line: with it, calls need `authorization: Bearer TOKEN`, but for health. Read anew when it changes
    #[arg(long, env = "ENRICHER_TOKENS_FILE", value_name = "FILE")]
    tokens_file: Option<PathBuf>,

    /// Connections at a time; more are closed as they come
    #[arg(long, env = "ENRICHER_MAX_CONNECTIONS", value_name = "CONNECTIONS", default_value_t = 4096)]
    max_connections: usize,

    /// Threads that enrich [default: the cores granted to this process, cgroup limits included]
    #[arg(long, env = "ENRICHER_WORKERS", value_name = "THREADS")]
    workers: Option<NonZeroUsize>,

    /// Articles that may wait for a thread; more are refused with RESOURCE_EXHAUSTED
    #[arg(long, env = "ENRICHER_QUEUE", value_name = "ARTICLES", default_value_t = 256)]
    queue: usize,

    /// Longest time an article may be expected to wait for a thread; else it is refused with RESOURCE_EXHAUSTED
    #[arg(long, env = "ENRICHER_MAX_WAIT", value_name = "TIME", default_value = "100ms")]
    max_wait: Time,

    /// Most bytes of requests and unsent responses together; more requests are refused with RESOURCE_EXHAUSTED
    #[arg(long, env = "ENRICHER_MAX_IN_FLIGHT_BYTES", value_name = "BYTES", default_value_t = 64 << 20)]
    max_in_flight_bytes: usize,

    /// Longest response message, in bytes
    #[arg(long, env = "ENRICHER_MAX_RESPONSE_BYTES", value_name = "BYTES", default_value_t = 64 << 20)]
    max_response_bytes: usize,

    /// Longest article, in bytes of UTF-8 text
    #[arg(long, env = "ENRICHER_MAX_ARTICLE_BYTES", value_name = "BYTES", default_value_t = 1 << 20)]
    max_article_bytes: u32,

    /// Longest request message, in bytes; a batch is one message
    #[arg(long, env = "ENRICHER_MAX_REQUEST_BYTES", value_name = "BYTES", default_value_t = 4 << 20)]
    max_request_bytes: u32,

    /// Most articles in one EnrichBatch
    #[arg(long, env = "ENRICHER_MAX_BATCH_ITEMS", value_name = "ARTICLES", default_value_t = 100)]
    max_batch_items: u32,

    /// Deadline of a call that sets none, of each item of a stream, and for taking each answer of one
    #[arg(long, env = "ENRICHER_DEFAULT_DEADLINE", value_name = "TIME", default_value = "30s")]
    default_deadline: Time,

    /// Longest deadline of a call, whatever it asks for; a stream may be longer
    #[arg(long, env = "ENRICHER_MAX_DEADLINE", value_name = "TIME", default_value = "5m")]
    max_deadline: Time,

    /// For a message of a request to arrive, from its first byte to its last
    #[arg(long, env = "ENRICHER_BODY_TIMEOUT", value_name = "TIME", default_value = "10s")]
    body_timeout: Time,

    /// From the signal to stop until new calls are refused, for load balancers to look away
    #[arg(long, env = "ENRICHER_GRACE", value_name = "TIME", default_value = "2s")]
    grace: Time,

    /// From then until calls that still run are cut off
    #[arg(long, env = "ENRICHER_DRAIN_TIMEOUT", value_name = "TIME", default_value = "20s")]
    drain_timeout: Time,

    /// For sending the last traces when stopping
    #[arg(long, env = "ENRICHER_FLUSH_TIMEOUT", value_name = "TIME", default_value = "5s")]
    flush_timeout: Time,

    /// What to log: off, error, warn, info, debug or trace, or levels by target (`info,h2=debug`)
    #[arg(long, env = "ENRICHER_LOG", value_name = "FILTER", default_value = "info", value_parser = parse_log_filter)]
    log: Targets,

    #[command(flatten)]
    files: Files,

    /// Form of the log lines on standard error
    #[arg(long, env = "ENRICHER_LOG_FORMAT", value_name = "FORMAT", value_enum, default_value = "json")]
    log_format: LogFormat,
}

impl TryFrom<Args> for Config {
    type Error = ConfigError;

    fn try_from(args: Args) -> Result<Self, ConfigError> {
        let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let tls = args.tls_certificate.zip(args.tls_key);
        let tls = tls.map(|(certificate, key)| TlsFiles { certificate, key, client_ca: args.tls_client_ca });
        Config {
            listen: args.listen,
            http_listen: args.http_listen.0,
            workers: args.workers.unwrap_or_else(cores),
            security: Security { tls, tokens: args.tokens_file },
            flow: Flow {
                max_connections: args.max_connections,
                queue: args.queue,
                max_wait: args.max_wait.0,
                max_in_flight_bytes: args.max_in_flight_bytes,
                max_response_bytes: args.max_response_bytes,
            },
            limits: Limits {
                max_article_bytes: args.max_article_bytes,
                max_request_bytes: args.max_request_bytes,
                max_batch_items: args.max_batch_items,
            },
            times: Times {
                default_deadline: args.default_deadline.0,
                max_deadline: args.max_deadline.0,
                body: args.body_timeout.0,
                grace: args.grace.0,
                drain: args.drain_timeout.0,
                flush: args.flush_timeout.0,
            },
            log: Log { filter: args.log, format: args.log_format },
        }
        .checked()
    }
}

/// Serves until told to stop. Exits with 0 when it was, 1 when it could not
/// serve, 2 for wrong usage.
pub fn run(args: Args) -> ExitCode {
    let files = args.files.clone();
    let config = match Config::try_from(args) {
        Ok(config) => config,
        Err(error) => return complain(WRONG_USAGE, &error),
    };
    let enricher = match files.enricher() {
        Ok(enricher) => enricher,
        Err(error) => return complain(WRONG_USAGE, &error),
    };
    let telemetry = match telemetry::start(&config.log, &|name| std::env::var(name).ok()) {
        Ok(telemetry) => telemetry,
        Err(error) => return complain(WRONG_USAGE, &error),
    };
    let served = service::run(&config, enricher, telemetry.metrics());
    if let Err(error) = &served {
        tracing::error!(%error, "cannot serve");
    }
    telemetry.stop(config.times.flush);
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Says on standard error what is wrong: before there is a log, and in words
/// that fit a terminal.
fn complain(code: u8, error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, FromArgMatches};

    #[derive(Debug, clap::Parser)]
    struct Alone {
        #[command(flatten)]
        args: Args,
    }

    /// The set-up from flags alone, whatever the environment of the test says.
    fn config(flags: &[&str]) -> Result<Config, String> {
        let command = Alone::command().mut_args(|arg| arg.env(None::<&str>)).no_binary_name(true);
        let matches = command.try_get_matches_from(flags).map_err(|error| error.to_string())?;
        let alone = Alone::from_arg_matches(&matches).map_err(|error| error.to_string())?;
        Config::try_from(alone.args).map_err(|error| error.to_string())
    }

    #[test]
    fn defaults() {
        let config = config(&[]).unwrap();
        assert_eq!(config.listen.port(), 50051);
        assert_eq!(config.workers, thread::available_parallelism().unwrap());
        assert_eq!(config.limits.max_article_bytes, 1_048_576);
        assert_eq!(config.limits.max_request_bytes, 4_194_304);
        assert_eq!(config.limits.max_batch_items, 100);
        assert_eq!(config.log.format, LogFormat::Json);
    }

    #[test]
    fn flags() {
        let config =
            config(&["--listen", "[::1]:0", "--workers=3", "--grace", "250ms", "--log=warn", "--http-listen=off"])
                .unwrap();
        assert_eq!(config.listen, "[::1]:0".parse().unwrap());
        assert_eq!(config.http_listen, None);
        assert_eq!(config.workers.get(), 3);
        assert_eq!(config.times.grace.as_millis(), 250);
    }

    #[test]
    fn wrong_flags_are_named() {
        for (flags, named) in [
            (["--workers", "0"], "--workers"),
            (["--listen", "here"], "--listen"),
            (["--grace", "2"], "--grace"),
            (["--http-listen", "on"], "--http-listen"),
            (["--tls-key", "key.pem"], "--tls-certificate"),
            (["--log", "chatty"], "--log"),
            (["--max-article-bytes", "5000000"], "--max-article-bytes (5000000)"),
        ] {
            let error = config(&flags).unwrap_err();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn every_flag_has_a_variable_and_help() {
        for arg in Args::augment_args_for_tests().get_arguments() {
            if arg.get_long() == Some("help") {
                continue;
            }
            let variable = format!("ENRICHER_{}", arg.get_long().unwrap().replace('-', "_").to_uppercase());
            assert_eq!(arg.get_env().unwrap(), variable.as_str());
            assert!(arg.get_help().is_some());
        }
    }

    impl Args {
        fn augment_args_for_tests() -> clap::Command {
            <Self as clap::Args>::augment_args(clap::Command::new("serve"))
        }
    }
}
