//! `figurebase copy`: a whole database into another one, of the same engine or the other.

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::settings::{open, open_as_it_is, readers, shown};
use crate::store::{CopyStep, OpenOptions, Verify};

/// Copy a whole database into another one, and compare both; what was broken off goes on, what was written since is added.
#[derive(Debug, Args)]
pub struct Copy {
    /// Address of the database to copy; nothing in it is changed, and it may be in use. Its schema has to be up to date
    #[arg(long, value_name = "URL")]
    from: String,
    /// Address of the database to copy into; it is made if it does not exist, and must not be in use
    #[arg(long, value_name = "URL")]
    to: String,
    /// Compare everything, also when the target was there before; without it, only what is new and the newest 2,000 changes before
    /// that are
    #[arg(long)]
    verify: bool,
}

impl Copy {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<()> {
        let options = |url: &str, create| OpenOptions { url: url.to_string(), read_url: None, readers: readers(), create };
        let source = open_as_it_is(options(&self.from, false)).await?;
        let target = open(options(&self.to, true)).await?;
        let progress = ProgressBar::new(0).with_style(
            ProgressStyle::with_template("{msg:10} {wide_bar} {pos}/{len} {per_sec} {eta}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        let verify = if self.verify { Verify::All } else { Verify::Newest };
        let mut last = None;
        let copied = source
            .copy_to(&target, verify, |step, done, all| {
                if last.replace(step) != Some(step) {
                    progress.reset();
                    progress.set_length(u64::try_from(all).unwrap_or(0));
                    progress.set_message(match step {
                        CopyStep::Comparing => "comparing",
                        CopyStep::Copying => "copying",
                        CopyStep::Verifying => "verifying",
                    });
                }
                progress.set_position(u64::try_from(done).unwrap_or(0));
            })
            .await;
        progress.finish_and_clear();
        source.close().await;
        target.close().await;
        let copied = copied?;
        let compared = match copied.trusted {
            0 => "all compared".to_string(),
            trusted => format!("compared after change {trusted}; --verify compares everything"),
        };
        eprintln!(
            "{} changes copied, {} there already; {} now holds the same as {}: {} changes, {} keys, {compared}",
            copied.all - copied.there,
            copied.there,
            shown(&self.to),
            shown(&self.from),
            copied.all,
            copied.keys,
        );
        Ok(())
    }
}
