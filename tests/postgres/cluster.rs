//! Throw-away PostgreSQL clusters: one that all tests of the process share, and private ones for tests that stop, restart or
//! replicate theirs.
//!
//! A cluster lives in a temporary folder and listens on this machine alone. It vanishes with the test process however that
//! ends, because everything about it is run by a small shell (`SUPERVISOR`) that reads the commands from a pipe: when the pipe
//! is closed, be it by `kill -9`, the shell stops the cluster and removes the folder.
//!
//! The programs are those of `FIGUREBASE_TEST_POSTGRES_BIN`, else the newest of Debian's, else those in the search path;
//! PostgreSQL 15 or newer, with ICU. Without them nothing of this target can be tested: see [`Cluster::shared`].

use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, PgConnection};

/// The superuser, and the database that all schemas are in.
const NAME: &str = "figurebase";
/// Longest time in which anything is waited for.
const PATIENCE: Duration = Duration::from_mins(1);
/// Free memory, in KiB, from which on a cluster lives in memory; all that run at once take a third of it, mostly for their logs.
const MEMORY_KIB_MIN: u64 = 2 * 1024 * 1024;
/// Below the ports that a system gives to outgoing connections, so that none takes the port of a stopped cluster.
const PORTS: std::ops::Range<u16> = 20_000..32_000;
/// Runs one line after the other and tells each one's exit code; takes everything away when there are no more lines.
const SUPERVISOR: &str = r#"
trap '' HUP INT PIPE
signal() {
    read -r first <data/postmaster.pid && kill "-$1" "$first" $(cat "/proc/$first/task/$first/children")
} 2>/dev/null
while IFS= read -r line; do
    (eval "$line") </dev/null >>log 2>&1
    echo "$?"
done
signal CONT
pg_ctl -D data -m immediate -w stop >/dev/null 2>&1
cd /
rm -rf "$1"
"#;
/// The order of texts is that of a language on purpose: the service's own must not depend on it.
const INITDB: &str = "initdb -D data --username=figurebase --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
     --locale-provider=icu --icu-locale=en-US --no-sync";
/// Nothing that makes commits less durable: the service refuses such a cluster.
const SETTINGS: &str = "listen_addresses = '127.0.0.1'\nmax_connections = 300\nshared_buffers = '32MB'\nmax_wal_size = '256MB'\n\
     wal_keep_size = '64MB'\ndynamic_shared_memory_type = 'mmap'\nautovacuum_naptime = '10min'\nlog_line_prefix = '%m '\n";

/// How a cluster is stopped.
#[derive(Debug, Clone, Copy)]
pub enum Stop {
    /// Connections are closed and everything is written.
    Fast,
    /// As if the power failed: the next start has to recover.
    Immediate,
}

/// A running cluster of our own.
pub struct Cluster {
    port: u16,
    supervisor: Mutex<Supervisor>,
}

impl Cluster {
    /// The one cluster in which every test has a schema; started when first asked for.
    ///
    /// Where PostgreSQL's programs are missing, this ends the test process with a line that says so: in peace, or with 1 where
    /// `CI=true` says that everything has to run.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Cluster> = LazyLock::new(Cluster::start);
        &SHARED
    }

    /// A private cluster. It is gone when this is dropped.
    pub fn start() -> Self {
        let mut supervisor = Supervisor::start();
        supervisor.run_well(INITDB);
        std::fs::OpenOptions::new()
            .append(true)
            .open(supervisor.folder.join("data/postgresql.conf"))
            .and_then(|mut file| file.write_all(SETTINGS.as_bytes()))
            .unwrap();
        let cluster = Self::start_on_some_port(supervisor);
        cluster.run_now("postgres", "CREATE DATABASE figurebase");
        cluster
    }

    /// A hot standby of this cluster, private as well: it follows as fast as it can, and only reads.
    pub fn replica(&self) -> Self {
        let mut supervisor = Supervisor::start();
        supervisor.run_well(&format!("pg_basebackup -D data -h 127.0.0.1 -p {} -U {NAME} -R -X stream -c fast --no-sync", self.port));
        Self::start_on_some_port(supervisor)
    }

    /// The address of a schema; one that another cluster made is asked for by its name on a replica of that cluster.
    pub fn url(&self, schema: &str) -> String {
        format!("postgres://{NAME}@127.0.0.1:{}/{NAME}?options=-c%20search_path%3D{schema}", self.port)
    }

    /// Makes a new, empty schema, and gives its name.
    pub fn new_schema(&self) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let schema = format!("t_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.run_now(NAME, &format!("CREATE SCHEMA {schema}"));
        schema
    }

    /// Takes a schema away in the background, as soon as nobody works in it any more; one that stays in use is left.
    pub fn drop_schema(&'static self, schema: &str) {
        let sql = format!("SET lock_timeout = '10s'; DROP SCHEMA IF EXISTS {schema} CASCADE");
        std::thread::spawn(move || now(async || raw(&mut self.options(NAME).connect().await?, &sql).await));
    }

    /// A connection to the database, as its superuser; names without a schema are those of `schema`.
    pub async fn connect(&self, schema: &str) -> PgConnection {
        self.options(NAME).options([("search_path", schema)]).connect().await.unwrap()
    }

    /// Runs statements in a schema, with `;` between them.
    pub async fn run(&self, schema: &str, sql: &str) {
        let mut connection = self.connect(schema).await;
        raw(&mut connection, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.unwrap();
    }

    /// The answer to a question that has one, as text; empty if it is null.
    pub async fn ask(&self, schema: &str, question: &'static str) -> String {
        let mut connection = self.connect(schema).await;
        let answer: Option<String> = sqlx::query_scalar(question).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        answer.unwrap_or_default()
    }

    /// Stops it; what it holds stays for [`Cluster::start_again`].
    pub fn stop(&self, how: Stop) {
        let how = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        self.supervisor.lock().unwrap().run_well(&format!("pg_ctl -D data -m {how} -w stop"));
    }

    /// Starts it after a stop, with the same port and data.
    pub fn start_again(&self) {
        self.start_with(&[]);
    }

    /// Starts it after a stop, with the same port and data and other settings, such as `fsync=off`, until it is stopped.
    pub fn start_with(&self, settings: &[&str]) {
        let mut supervisor = self.supervisor.lock().unwrap();
        supervisor.run_well(&starting(self.port, settings));
    }

    /// Makes a replica stay where it is, and returns once it does.
    pub async fn pause_replay(&self) {
        self.run("public", "SELECT pg_wal_replay_pause()").await;
        self.until("SELECT pg_get_wal_replay_pause_state()", |state| state == "paused").await;
    }

    /// Stops all its processes in the middle of what they do, as if the machine hung: connections stay and nothing answers.
    pub fn freeze(&self) {
        self.supervisor.lock().unwrap().run_well("signal STOP");
    }

    /// Lets a frozen one go on.
    pub fn thaw(&self) {
        self.supervisor.lock().unwrap().run_well("signal CONT");
    }

    /// Lets a replica follow again.
    pub async fn resume_replay(&self) {
        self.run("public", "SELECT pg_wal_replay_resume()").await;
    }

    /// Waits until a replica has everything that its primary has committed by now.
    pub async fn catch_up_with(&self, primary: &Self) {
        let position = |text: &str| {
            let (high, low) = text.split_once('/').unwrap();
            (u64::from_str_radix(high, 16).unwrap(), u64::from_str_radix(low, 16).unwrap())
        };
        let there = position(&primary.ask("public", "SELECT pg_current_wal_lsn()::text").await);
        self.until("SELECT pg_last_wal_replay_lsn()::text", |here| !here.is_empty() && position(here) >= there).await;
    }

    /// Asks until the answer is as it should be.
    pub async fn until(&self, question: &'static str, is_right: impl Fn(&str) -> bool) {
        let begin = Instant::now();
        loop {
            let answer = self.ask("public", question).await;
            if is_right(&answer) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "{question} still gives '{answer}'");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Where it lives, for tests of this file itself.
    pub fn folder(&self) -> PathBuf {
        self.supervisor.lock().unwrap().folder.clone()
    }

    fn options(&self, database: &str) -> PgConnectOptions {
        let options = PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(self.port).username(NAME);
        options.database(database).ssl_mode(PgSslMode::Disable)
    }

    /// Runs a statement whether or not the caller is in an asynchronous function.
    fn run_now(&self, database: &str, sql: &str) {
        let done = std::thread::scope(|scope| {
            scope.spawn(|| now(async || raw(&mut self.options(database).connect().await?, sql).await)).join().unwrap()
        });
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Starts what lies in the supervisor's folder. A port that was free can be taken by the time it is asked for.
    fn start_on_some_port(mut supervisor: Supervisor) -> Self {
        for _ in 0..10 {
            let port = free_port();
            if supervisor.run(&starting(port, &[])) == 0 {
                return Self { port, supervisor: Mutex::new(supervisor) };
            }
        }
        panic!("the cluster did not start: {}", supervisor.log());
    }
}

/// The line that starts a cluster.
fn starting(port: u16, settings: &[&str]) -> String {
    let settings: String = settings.iter().map(|setting| format!(" -c {setting}")).collect();
    format!("pg_ctl -D data -w -l server.log -o \"-c port={port} -c unix_socket_directories='$PWD'{settings}\" start")
}

/// Does something asynchronous to its end, in a thread that does nothing else.
fn now<T>(something: impl AsyncFnOnce() -> T) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(something())
}

#[expect(clippy::disallowed_methods, reason = "statements are written by tests alone, some of them around names that they chose")]
async fn raw(connection: &mut PgConnection, sql: &str) -> sqlx::Result<()> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

fn free_port() -> u16 {
    let random = RandomState::new();
    let port = |number: u64| PORTS.start + u16::try_from(random.hash_one(number) % (PORTS.len() as u64)).unwrap();
    (0..1000).map(port).find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).unwrap()
}

/// The shell that owns a cluster.
struct Supervisor {
    folder: PathBuf,
    child: Child,
    /// `None` once no more commands come.
    commands: Option<ChildStdin>,
    outcomes: BufReader<ChildStdout>,
}

impl Supervisor {
    fn start() -> Self {
        let programs = PROGRAMS.as_ref().unwrap_or_else(|looked_in| leave_out(looked_in));
        let folder = tempfile::Builder::new().prefix("figurebase-postgres-").tempdir_in(place()).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", SUPERVISOR, "figurebase-postgres"]).arg(folder.path()).current_dir(folder.path());
        // A group of its own: an interrupt from the keyboard is for the tests, and this cleans up after them.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0).env_clear();
        command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", programs.display())).env("LC_ALL", "C.UTF-8");
        if id("-u", None) == Some(0) {
            // PostgreSQL refuses to be run by root.
            let user = ["postgres", "nobody"].into_iter().find_map(|user| Some((id("-u", Some(user))?, id("-g", Some(user))?)));
            let (user, group) = user.unwrap();
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group)).unwrap();
            command.uid(user).gid(group);
        }
        let mut child = command.spawn().unwrap();
        let commands = child.stdin.take();
        let outcomes = BufReader::new(child.stdout.take().unwrap());
        // From here on the shell removes it.
        Self { folder: folder.keep(), child, commands, outcomes }
    }

    /// Runs one line of shell in the folder; gives its exit code.
    fn run(&mut self, line: &str) -> i32 {
        writeln!(self.commands.as_mut().unwrap(), "{line}").unwrap();
        let mut outcome = String::new();
        self.outcomes.read_line(&mut outcome).unwrap();
        outcome.trim().parse().unwrap()
    }

    #[track_caller]
    fn run_well(&mut self, line: &str) {
        let code = self.run(line);
        assert_eq!(code, 0, "{line}: {}", self.log());
    }

    /// What the programs and the cluster said.
    fn log(&self) -> String {
        ["log", "server.log"].iter().filter_map(|name| std::fs::read_to_string(self.folder.join(name)).ok()).collect()
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.commands.take());
        // It ends when everything is gone.
        let _ = self.child.wait();
    }
}

/// The folder of PostgreSQL's programs, or where they were looked for.
static PROGRAMS: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    let is_there = |folder: &PathBuf| ["initdb", "postgres", "pg_ctl", "pg_basebackup"].iter().all(|name| folder.join(name).is_file());
    if let Some(folder) = variable("FIGUREBASE_TEST_POSTGRES_BIN") {
        let folder = PathBuf::from(folder);
        return if is_there(&folder) { Ok(folder) } else { Err(folder.display().to_string()) };
    }
    let debian = Path::new("/usr/lib/postgresql");
    let version = |folder: &PathBuf| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    let installed = std::fs::read_dir(debian).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    if let Some(newest) = installed.filter(is_there).max_by_key(version) {
        return Ok(newest);
    }
    let path = variable("PATH").unwrap_or_default();
    std::env::split_paths(&path).find(is_there).ok_or_else(|| format!("{} and the search path", debian.display()))
});

/// Says on the process's own standard error, past what the harness keeps back, that nothing can be tested; ends the process.
fn leave_out(looked_in: &str) -> ! {
    // The harness may be in the middle of a line.
    let words = format!("\nSKIPPED: PostgreSQL's programs were not found (looked in {looked_in}); nothing was tested on PostgreSQL\n");
    let told = std::io::stderr().write_all(words.as_bytes());
    let excused = told.is_ok() && variable("CI").as_deref() != Some("true");
    std::process::exit(i32::from(!excused))
}

#[expect(clippy::disallowed_methods, reason = "these are no settings of the program, but of its tests")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// In memory where there is room, for speed.
fn place() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let free = Command::new("df").arg("-Pk").arg(&memory).output().ok().filter(|df| df.status.success());
    let free = free.and_then(|df| String::from_utf8(df.stdout).ok()?.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok());
    if free.is_some_and(|free| free >= MEMORY_KIB_MIN) { memory } else { std::env::temp_dir() }
}

/// A user's number or, with `-g`, that of its group; our own without a name.
fn id(which: &str, user: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(which).args(user).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
