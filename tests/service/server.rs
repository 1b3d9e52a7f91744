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
    /// That of plain HTTP, where the flags ask for it.
    pub http: Option<String>,
    log: Option<JoinHandle<Vec<String>>>,
}

impl Server {
    /// With the defaults.
    pub fn start() -> Self {
        Self::start_with(&[], &[])
    }

    /// With flags and variables. No grace unless the flags say so.
    pub fn start_with(flags: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = enricher(&[]);
        command.args(flags).envs(variables.iter().copied());
        Self::start_command(command)
    }

    /// One that may have so many files open.
    pub fn start_limited(descriptors: u32) -> Self {
        let program = enricher(&[]);
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("ulimit -n {descriptors}; exec \"$0\" serve")).arg(program.get_program());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Self::start_command(command)
    }

    fn start_command(mut command: Command) -> Self {
        command.env("ENRICHER_LISTEN", "127.0.0.1:0").env("ENRICHER_GRACE", "0s");
        if !command.get_args().any(|arg| arg == "--http-listen") {
            command.env("ENRICHER_HTTP_LISTEN", "off");
        }
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (found, address) = mpsc::channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = std::thread::spawn(move || {
            let mut http = None;
            lines
                .map_while(Result::ok)
                .inspect(|line| {
                    let json: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
                    let address = || json["address"].as_str().unwrap().to_owned();
                    match json["message"].as_str() {
                        Some("http") => http = Some(address()),
                        Some("listening") => found.send((address(), http.take())).unwrap(),
                        _ => (),
                    }
                })
                .collect()
        });
        let (address, http) = address.recv_timeout(PATIENCE).expect("the server listens");
        Self { child, address, http, log: Some(log) }
    }

    /// Where to connect to.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::from_shared(format!("http://{}", self.address)).unwrap()
    }

    /// A connection.
    pub async fn channel(&self) -> Channel {
        self.endpoint().connect().await.unwrap()
    }

    /// The CPU time that it has taken so far.
    pub fn cpu_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // After the name in parentheses; user and system time in hundredths of a second.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: u64 = [11, 12].map(|at: usize| fields[at].parse::<u64>().unwrap()).iter().sum();
        Duration::from_millis(ticks * 10)
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
