//! Telling long work that somebody wants the process to end, so that it ends between two commands and says how to go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Failure, serve};

/// Whether somebody wants the process to end; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Watches for SIGINT and SIGTERM from now on. The second one ends the process at once.
    ///
    /// # Errors
    /// When signals cannot be waited for.
    pub(super) fn watch() -> Result<Self, Failure> {
        let interrupt = Self::default();
        let wanted = interrupt.clone();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| Failure::Fault {
                what: "cannot start the runtime".to_owned(),
                source,
            })?;
        let entered = runtime.enter();
        let mut signals = serve::signals()?;
        drop(entered);
        // It ends with the process.
        std::thread::spawn(move || {
            runtime.block_on(async {
                serve::told_to_stop(&mut signals).await;
                wanted.0.store(true, Ordering::Release);
                serve::told_to_stop(&mut signals).await;
                std::process::exit(Failure::Interrupted.exit_code().into());
            });
        });
        Ok(interrupt)
    }

    /// Ends the work if somebody wants that.
    ///
    /// # Errors
    /// [`Failure::Interrupted`].
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.0.load(Ordering::Acquire) {
            return Err(Failure::Interrupted);
        }
        Ok(())
    }
}
