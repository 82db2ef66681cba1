//! The program, run as a process: what it prints, with which code it ends, and what a client of its socket sees.
//!
//! - this file: a place with a database, a run of a command, a running service, one request over a plain socket;
//! - `serve`: starting, stopping, and what survives a kill; `import_export`: files in and out; `extract`: texts in;
//! - `keys`: making, listing and revoking keys; `other`: everything else, and what holds for all commands.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail like tests")]

mod extract;
pub mod import_export;
mod keys;
mod other;
mod serve;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::engine::Database;

/// Longest time in which anything is waited for.
const PATIENCE: Duration = Duration::from_mins(1);
/// What only the driver or the engine says; no message to a person may hold it.
const DRIVER_WORDS: [&str; 11] = [
    "sqlx",
    "(code:",
    "error returned from database",
    "SqliteError",
    "SQLITE_",
    "Os {",
    "os error",
    "PgDatabaseError",
    "SQLSTATE",
    "FATAL",
    "relation \"",
];

/// A command of the program with nothing in its environment that could change what it does.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_figurebase"));
    command.current_dir(folder).env_clear();
    command
}

/// What a finished command left.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// The same, if it ended well; its messages otherwise.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// The one clear line of a command that was refused or failed: it ends with 1 and prints nothing else.
    #[track_caller]
    pub fn refusal(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert_eq!(self.stdout, "", "only data belongs on standard output");
        assert!(self.stderr.starts_with("figurebase: "), "{self:?}");
        assert!(!self.stderr.contains("panicked"), "{self:?}");
        self.stderr.trim_end()
    }
}

/// A folder of its own, in which the program runs, with a database of its own.
pub struct Place {
    pub folder: TempDir,
    pub database: Database,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: Database::new() }
    }

    /// One whose database holds the seeds.
    pub fn seeded() -> Self {
        let place = Self::new();
        place.run(&["seed"]).ok();
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program, with this place's database.
    fn command(&self, arguments: &[&str]) -> Command {
        self.command_on(self.database.url(), arguments)
    }

    /// The program, with the database at another address.
    pub fn command_on(&self, database: &str, arguments: &[&str]) -> Command {
        let mut command = program(self.folder.path());
        command.args(["--database", database]).args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs a command on another address and expects one line that a person can use.
    #[track_caller]
    pub fn refused_in_one_line(&self, database: &str, arguments: &[&str]) -> Ran {
        let refused = ran(self.command_on(database, arguments));
        let told = refused.refusal();
        assert_eq!(told.lines().count(), 1, "{database} {arguments:?}: {told}");
        for words in DRIVER_WORDS {
            assert!(!told.contains(words), "{database} {arguments:?} shows the driver's words '{words}': {told}");
        }
        refused
    }

    /// Runs a command on this place's database to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments))
    }

    /// Runs a command that reads standard input.
    fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        read(child.wait_with_output().unwrap())
    }

    /// Everything that the database holds, as lines.
    fn export(&self) -> String {
        self.run(&["export"]).ok().stdout
    }

    /// The exported claims, parsed.
    fn claims(&self) -> Vec<Value> {
        lines(&self.export()).into_iter().filter(|line| line.get("type").is_none()).collect()
    }

    /// The exported records of a kind, parsed.
    fn records(&self, kind: &str) -> Vec<Value> {
        lines(&self.export()).into_iter().filter(|line| line["type"] == kind).map(|line| line["data"].clone()).collect()
    }

    /// Makes a key.
    pub fn key(&self, scope: &str) -> String {
        self.run(&["keys", "create", "--name", "tester", "--scope", scope]).ok().stdout.trim().to_string()
    }

    /// A running service on this place's database, on a free port.
    pub fn serve(&self, arguments: &[&str]) -> Server {
        self.serve_on(self.database.url(), arguments)
    }

    /// The same, with the database at another address.
    pub fn serve_on(&self, database: &str, arguments: &[&str]) -> Server {
        let mut all = vec!["serve", "--listen", "127.0.0.1:0"];
        all.extend_from_slice(arguments);
        Server::start(self.command_on(database, &all))
    }
}

pub fn ran(mut command: Command) -> Ran {
    read(command.output().unwrap())
}

fn read(output: std::process::Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Lines of NDJSON, parsed.
fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A running service.
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Starts it and waits until it says on which address it serves.
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut reader = BufReader::new(child.stderr.take().unwrap());
        let log = Arc::new(Mutex::new(String::new()));
        let (tell, told) = std::sync::mpsc::channel();
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            let mut line = String::new();
            while reader.read_line(&mut line).unwrap_or(0) > 0 {
                if let Some(address) = announced(&line) {
                    // Nobody waits any more after the first one.
                    let _ = tell.send(address);
                }
                kept.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        let Ok(address) = told.recv_timeout(PATIENCE) else {
            child.kill().unwrap();
            panic!("the service did not start: {}", log.lock().unwrap());
        };
        Self { child, address, log }
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Sends a signal by its name.
    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end, and says how long it took.
    fn end(&mut self) -> (ExitStatus, Duration) {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, begin.elapsed());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the service did not end: {}", self.log());
    }

    /// Stops it as a system would.
    pub fn stop(mut self) {
        self.signal("TERM");
        let (status, _) = self.end();
        assert_eq!(status.code(), Some(0), "{}", self.log());
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[], "")
    }

    /// Writes with a key.
    pub fn write(&self, method: &str, path: &str, key: &str, body: &Value) -> Reply {
        let authorization = format!("Bearer {key}");
        self.ask(method, path, &[("authorization", &authorization), ("content-type", "application/json")], &body.to_string())
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        try_ask(self.address, method, path, headers, body).unwrap_or_else(|error| panic!("{method} {path}: {error}; {}", self.log()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address that a line of the log announces.
fn announced(line: &str) -> Option<SocketAddr> {
    let line = uncoloured(line);
    let (_, rest) = line.split_once("serving")?.1.split_once("address=")?;
    rest.split_whitespace().next()?.parse().ok()
}

/// A line without a terminal's colours, should there be any.
fn uncoloured(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest))
}

/// An answer, read from a socket to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// The id of the claim that a write answers with, after checking its status.
    #[track_caller]
    pub fn id(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        self.json()["data"]["id"].as_str().unwrap().to_string()
    }
}

/// One request on a connection of its own.
fn try_ask(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    request += "\r\n";
    request += body;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parsed(&answer).ok_or_else(|| std::io::Error::other(format!("no whole answer: {:?}", String::from_utf8_lossy(&answer))))
}

/// Status, head and body; `None` when the answer broke off.
fn parsed(answer: &[u8]) -> Option<Reply> {
    let text = String::from_utf8(answer.to_vec()).ok()?;
    let (head, rest) = text.split_once("\r\n\r\n")?;
    let head = head.to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = if head.contains("transfer-encoding: chunked") { dechunked(rest)? } else { rest.to_string() };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    (length.is_none_or(|length| length == body.len())).then_some(Reply { status, head, body })
}

fn dechunked(mut rest: &str) -> Option<String> {
    let mut body = String::new();
    loop {
        let (size, after) = rest.split_once("\r\n")?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.push_str(after.get(..size)?);
        rest = after.get(size..)?.strip_prefix("\r\n")?;
    }
}
