//! SIGINT and SIGTERM end the program cleanly within two seconds.
//!
//! A dedicated thread waits for the signals, so that it does not matter what other threads block on: a lock, a worker, a
//! pipe without a reader. Steps that must not be interrupted run in [`defer_signals`]; temporary files are removed by
//! actions registered with [`register_cleanup`]. A second signal ends the program at once.
//!
//! Workers end with the process that called them, by the system's hand.

use std::collections::BTreeMap;
use std::process;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::Signals;

use crate::problem::exit::Exit;

/// The time limit of the clean-up. The next run removes what is left.
const CLEANUP_TIMEOUT: Duration = Duration::from_millis(1500);

/// How often [`clean_up_and_exit`] tries to get the lock in that time.
const LOCK_ATTEMPTS: u32 = 100;

type Cleanup = Box<dyn FnMut() + Send>;

/// The registered clean-up actions. A thread that holds the lock is not interrupted by a signal.
static CLEANUPS: Mutex<BTreeMap<u64, Cleanup>> = Mutex::new(BTreeMap::new());

/// Installs the handlers of SIGINT and SIGTERM. `report` is called after the clean-up, with the exit code and a message.
///
/// # Errors
/// If the system refuses to install them.
pub fn listen(report: impl Fn(Exit, &'static str) + Send + Sync + 'static) -> Result<()> {
    let report = Arc::new(report);
    let stopped = Arc::new(AtomicBool::new(false));
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("cannot listen for signals")?;
    for signal in [SIGINT, SIGTERM] {
        // The order matters: the first signal sets `stopped`, the second one finds it set and ends the program.
        flag::register_conditional_shutdown(signal, exit_for(signal).code(), Arc::clone(&stopped))
            .and_then(|_| flag::register(signal, Arc::clone(&stopped)))
            .context("cannot listen for signals")?;
    }
    let thread = thread::Builder::new().name("signals".into());
    let handle = move |signal| handle_signal(signal, Arc::clone(&report));
    thread.spawn(move || signals.forever().for_each(handle)).context("cannot listen for signals")?;
    Ok(())
}

/// Runs a step and defers signals until its end.
pub fn defer_signals<T>(step: impl FnOnce() -> T) -> T {
    let _lock = lock_cleanups();
    step()
}

/// A registered clean-up action; dropping the guard unregisters it.
pub struct CleanupGuard(u64);

/// Registers an action to run before the program ends by a signal or by an internal fault.
pub fn register_cleanup(cleanup: impl FnMut() + Send + 'static) -> CleanupGuard {
    let mut cleanups = lock_cleanups();
    let key = cleanups.last_key_value().map_or(0, |(last, _)| last + 1);
    cleanups.insert(key, Box::new(cleanup));
    CleanupGuard(key)
}

impl Drop for CleanupGuard {
    fn drop(&mut self) {
        lock_cleanups().remove(&self.0);
    }
}

/// Disables the clean-up for the rest of the process. Does not return if a signal is already being handled, because the
/// program is ending then.
pub fn disable_cleanup() {
    std::mem::forget(lock_cleanups());
}

/// Runs the registered actions and ends the program. They are skipped if the lock stays held: the step that holds it may be
/// the one that failed.
pub fn clean_up_and_exit(exit: Exit) -> ! {
    let try_lock =
        || CLEANUPS.try_lock().inspect_err(|_| thread::sleep(CLEANUP_TIMEOUT / LOCK_ATTEMPTS)).ok();
    let mut cleanups = (0..LOCK_ATTEMPTS).find_map(|_| try_lock());
    cleanups.iter_mut().flat_map(|cleanups| cleanups.values_mut()).for_each(|cleanup| cleanup());
    process::exit(exit.code())
}

fn lock_cleanups() -> MutexGuard<'static, BTreeMap<u64, Cleanup>> {
    CLEANUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn exit_for(signal: i32) -> Exit {
    if signal == SIGINT { Exit::Interrupted } else { Exit::Terminated }
}

/// Cleans up, reports and ends the program, within [`CLEANUP_TIMEOUT`].
fn handle_signal(signal: i32, report: Arc<impl Fn(Exit, &'static str) + Send + Sync + 'static>) {
    let (done, waiting) = channel();
    let cleaner = thread::Builder::new().spawn(move || {
        let mut cleanups = lock_cleanups();
        cleanups.values_mut().for_each(|cleanup| cleanup());
        report(exit_for(signal), stop_message(signal));
        let _ = done.send(());
        std::mem::forget(cleanups); // keeps the lock, so that no uninterruptible step starts any more
    });
    if cleaner.is_ok() {
        let _ = waiting.recv_timeout(CLEANUP_TIMEOUT);
    }
    process::exit(exit_for(signal).code())
}

fn stop_message(signal: i32) -> &'static str {
    if signal == SIGINT {
        "stopped by SIGINT; what is published is whole, and what was in preparation is gone"
    } else {
        "stopped by SIGTERM; what is published is whole, and what was in preparation is gone"
    }
}
