//! Who cites whom, read backwards; forwards, a source's own record says it.

use super::statement::{Reach, Statement};
use super::{At, Store, StoreError};

const SELECT_CITING: &str = "SELECT DISTINCT n.citing FROM citations n WHERE n.cited = $1 AND n.citing > $2 AND n.seq <= $3 \
    AND (n.until_seq IS NULL OR n.until_seq > $3) ORDER BY n.citing LIMIT $4";

impl Store {
    /// Slugs of the sources that cite a source, in order, beginning after `after`.
    pub async fn list_citing_sources(&self, cited: &str, after: &str, limit: i64, at: At) -> Result<Vec<String>, StoreError> {
        self.read.fetch_values(Statement::new(Reach::Records, SELECT_CITING).bind(cited).bind(after).bind(at.0).bind(limit)).await
    }
}
