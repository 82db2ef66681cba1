//! The API's own answers on the command line: the service is asked as a client would ask it, without a socket between.

use clap::Args;
use serde_json::Value;

use super::DatabaseSettings;
use crate::http::in_process;
use crate::http::state::{AppState, Limits};
use crate::store::Store;

/// What is asked, and in which form the answer is written.
#[derive(Debug, Args)]
pub struct Asking {
    /// Query parameters of the API, such as `actor=CHN` or `period=2023`; docs/api.md lists them
    #[arg(value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// Write JSON instead of sentences
    #[arg(long)]
    pub json: bool,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("is not NAME=VALUE, such as actor=CHN")?;
    Ok((name.to_string(), value.to_string()))
}

impl Asking {
    /// The address of a route with what is asked.
    pub fn address(&self, path: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.parameters).finish();
        format!("{path}?{query}")
    }
}

/// An open database and the service over it.
pub struct Desk {
    store: Store,
    state: AppState,
}

impl Desk {
    /// Opens a database that is there.
    pub async fn open(database: &DatabaseSettings) -> anyhow::Result<Self> {
        let store = database.open(false).await?;
        Ok(Self { state: AppState::new(store.clone(), Limits::default(), None), store })
    }

    /// The answer to a request; a refusal becomes an error with its faults in one line.
    pub async fn ask(&self, address: &str) -> anyhow::Result<Value> {
        in_process::get(&self.state, address).await.map_err(anyhow::Error::msg)
    }

    /// Closes the database.
    pub async fn close(self) {
        self.store.close().await;
    }
}
