//! What to tell a person at a terminal of an error of the database: what happened, in words of our own. The driver's words go to
//! the log, whose level `debug` shows them.

use super::StoreError;

/// What SQLite's primary result codes mean.
const OF_SQLITE: [(i32, &str); 9] = [
    (5, BUSY),
    (6, BUSY),
    (7, "there is not enough memory"),
    (8, "the file may only be read"),
    (10, "the disk failed while the file was read or written"),
    (11, "the file is damaged"),
    (13, "the disk is full"),
    (14, "the file cannot be opened"),
    (26, "the file is damaged"),
];
const BUSY: &str = "another process is writing to the file and did not finish in time; try again";
/// What PostgreSQL's codes mean, and the first two letters of others.
const OF_POSTGRES: [(&str, &str); 17] = [
    ("55P03", "another process kept its lock for too long; try again"),
    ("57014", "a statement took too long"),
    ("53100", "the server's disk is full"),
    ("53200", "the server has not enough memory"),
    ("53300", "the server has no connection left"),
    ("25006", "the server only reads"),
    ("25P03", LOST),
    ("28000", "the server refuses this user or password"),
    ("28P01", "the server refuses this user or password"),
    ("3D000", "the server has no database of this name"),
    ("42501", "the user may not do this in this schema"),
    ("08", LOST),
    ("40", "another process was in the way; try again"),
    ("53", "the server has not enough of something"),
    ("55", "something in the database is in use"),
    ("57", "the server is starting or stopping"),
    ("58", "the server's system failed"),
];
const LOST: &str = "the connection to the server was lost";
const REFUSED: &str = "the database refused a statement; `--log debug` shows its words";

impl StoreError {
    /// What to tell a person, in one line and without the driver's words, which are logged.
    pub fn in_plain_words(&self) -> String {
        match self {
            Self::Condition(error) | Self::Driver(error) => {
                tracing::debug!(%error, "the driver's words");
                words_of(error).to_string()
            }
            Self::OutcomeUnknown(error) => {
                tracing::debug!(%error, "the driver's words");
                "the connection to the server was lost while it committed, and it is not known whether this was kept".into()
            }
            _ => self.to_string(),
        }
    }
}

fn words_of(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolClosed => LOST,
        sqlx::Error::Tls(_) => "the connection could not be encrypted as the address asks",
        sqlx::Error::PoolTimedOut => "no connection came about in time",
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            let found = if database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                // Of a longer code, the lower eight bits are the primary one.
                let primary = code.parse::<i32>().map_or(0, |code| code & 0xff);
                OF_SQLITE.iter().find(|(of, _)| *of == primary).map(|(_, words)| *words)
            } else {
                OF_POSTGRES.iter().find(|(of, _)| code.starts_with(of)).map(|(_, words)| *words)
            };
            found.unwrap_or(REFUSED)
        }
        _ => REFUSED,
    }
}
