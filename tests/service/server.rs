//! The server under test: a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use article_enricher::wire::v1::enrichment_service_client::EnrichmentServiceClient;
use serde_json::Value;
use tonic::transport::{Channel, Endpoint};

/// Longer than anything here takes, however busy the machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running `enricher serve`; killed when dropped.
pub struct Server {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub address: String,
    log: Option<JoinHandle<Vec<String>>>,
}

impl Server {
    /// With the defaults.
    pub fn start() -> Self {
        Self::start_with(&[], &[])
    }

    /// With flags and variables. No grace unless the flags say so.
    pub fn start_with(flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = enricher(&["--listen", "127.0.0.1:0"]);
        command.env("ENRICHER_GRACE", "0s").args(flags).envs(variables.iter().copied());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (found, address) = mpsc::channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .inspect(|line| {
                    let json: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
                    if json["message"] == "listening" {
                        found.send(json["address"].as_str().unwrap().to_owned()).unwrap();
                    }
                })
                .collect()
        });
        let address = address.recv_timeout(PATIENCE).expect("the server listens");
        Self { child, address, log: Some(log) }
    }

    /// A connection.
    pub async fn channel(&self) -> Channel {
        Endpoint::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    /// A client of the contract, ready for long answers.
    pub async fn client(&self) -> EnrichmentServiceClient<Channel> {
        EnrichmentServiceClient::new(self.channel().await).max_decoding_message_size(64 << 20)
    }

    /// Sends SIGTERM, without waiting.
    pub fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for its end, while the test's own connections go on. Gives what it
    /// said, line by line.
    pub async fn wait(self) -> (ExitStatus, Vec<String>) {
        tokio::task::spawn_blocking(|| self.wait_blocking()).await.unwrap()
    }

    fn wait_blocking(mut self) -> (ExitStatus, Vec<String>) {
        let by = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < by, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        };
        (status, self.log.take().unwrap().join().unwrap())
    }

    /// SIGTERM, and its end, which has to be a success.
    pub async fn stop(self) -> Vec<String> {
        self.terminate();
        let (status, log) = self.wait().await;
        assert!(status.success(), "{status}: {log:#?}");
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `enricher serve`, deaf to the variables of whoever runs the tests.
pub fn enricher(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enricher"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OTEL_") || name.starts_with("ENRICHER_")) {
        command.env_remove(name);
    }
    command.arg("serve").args(flags);
    command
}
