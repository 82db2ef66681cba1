//! `figurebase keys`: makes, lists and revokes the keys of those who may write.

#![expect(clippy::print_stdout, reason = "keys are the data of this command")]

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::DatabaseSettings;
use crate::domain::key::{Key, Scope};

/// Keys of those who may write.
#[derive(Debug, Args)]
pub struct Keys {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a key and print it, alone; it is shown this once
    Create {
        /// Whom it is for; stands as recorder on everything written with it
        #[arg(long, value_name = "NAME")]
        name: String,
        /// What it may do: propose candidates, write claims and records, or administer
        #[arg(long, value_parser = ["propose", "write", "admin"], value_name = "SCOPE")]
        scope: String,
    },
    /// List all keys, without their secrets
    List,
    /// Take a key back; it stops working with the next request
    Revoke {
        /// The key's public part, as `keys list` shows it
        id: String,
    },
}

/// Longest name of a key.
const NAME_CHARS_MAX: usize = 100;

impl Keys {
    /// Runs the command.
    pub async fn run(self, database: &DatabaseSettings) -> anyhow::Result<()> {
        let store = database.open(matches!(self.command, KeysCommand::Create { .. })).await?;
        match self.command {
            KeysCommand::Create { name, scope } => {
                let fits = !name.trim().is_empty() && name.chars().count() <= NAME_CHARS_MAX && !name.chars().any(char::is_control);
                anyhow::ensure!(fits, "--name must have 1 to {NAME_CHARS_MAX} characters, none of them a control character");
                let scope = Scope::parse(&scope).context("--scope")?;
                let mut random = [0; Key::RANDOM_BYTES];
                getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
                let key = Key::from_random(&random);
                store.add_key(key.id(), name.trim(), scope.as_str(), &key.secret_hash()).await?;
                println!("{}", key.reveal());
            }
            KeysCommand::List => {
                println!("id\tname\tscope\tcreated\trevoked");
                for key in store.list_keys().await? {
                    let revoked = key.revoked_at.map(|time| time.to_string()).unwrap_or_default();
                    println!("{}\t{}\t{}\t{}\t{revoked}", key.id, key.name, key.scope, key.created_at);
                }
            }
            KeysCommand::Revoke { id } => {
                if !store.revoke_key(&id).await? {
                    bail!("there is no key '{id}' in force");
                }
                eprintln!("revoked {id}");
            }
        }
        store.close().await;
        Ok(())
    }
}
