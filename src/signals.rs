//! SIGINT and SIGTERM end the program within two seconds, wherever it is, and leave nothing half done.
//!
//! A thread of its own waits for them, so that it makes no difference what the others wait for: a lock, a worker, a pipe that
//! nobody reads. What must not be cut in two is done by [`undisturbed`]; what is to be swept is told to [`at_end`]. A second
//! signal ends the program at once.

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

/// How long sweeping may take; what is left then is for the next run.
const PATIENCE: Duration = Duration::from_millis(1500);

/// How often a fault tries to sweep in that time.
const TRIES: u32 = 100;

type Sweep = Box<dyn FnMut() + Send>;

/// What is to be swept. Whoever holds it is not disturbed.
static SWEEP: Mutex<BTreeMap<u64, Sweep>> = Mutex::new(BTreeMap::new());

/// Ends the program cleanly on SIGINT and SIGTERM from now on. `tell` is told how it ends, and why, once all is swept.
///
/// # Errors
/// Where the system refuses that.
pub fn listen(tell: impl Fn(Exit, &'static str) + Send + Sync + 'static) -> Result<()> {
    let tell = Arc::new(tell);
    let stopped = Arc::new(AtomicBool::new(false));
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("cannot listen for signals")?;
    for signal in [SIGINT, SIGTERM] {
        // In this order: the second signal finds what the first one left.
        flag::register_conditional_shutdown(signal, exit(signal).code(), Arc::clone(&stopped))
            .and_then(|_| flag::register(signal, Arc::clone(&stopped)))
            .context("cannot listen for signals")?;
    }
    let thread = thread::Builder::new().name("signals".into());
    let stop = move |signal| stop(signal, Arc::clone(&tell));
    thread.spawn(move || signals.forever().for_each(stop)).context("cannot listen for signals")?;
    Ok(())
}

/// Takes a step that no signal cuts in two.
pub fn undisturbed<T>(step: impl FnOnce() -> T) -> T {
    let _undisturbed = hold();
    step()
}

/// What is to be done before the program ends by a signal, as long as this is kept.
pub struct AtEnd(u64);

/// Has `sweep` done before the program ends by a signal, or by a fault of its own.
pub fn at_end(sweep: impl FnMut() + Send + 'static) -> AtEnd {
    let mut sweeps = hold();
    let key = sweeps.last_key_value().map_or(0, |(last, _)| last + 1);
    sweeps.insert(key, Box::new(sweep));
    AtEnd(key)
}

impl Drop for AtEnd {
    fn drop(&mut self) {
        hold().remove(&self.0);
    }
}

/// From now on nothing is swept any more. Where a signal's sweeping has begun, this never returns: the program is ending.
pub fn settle() {
    std::mem::forget(hold());
}

/// Sweeps and ends the program. Where something is not to be disturbed for longer, it may be what failed: then nothing is
/// swept.
pub fn abandon(exit: Exit) -> ! {
    let free = || SWEEP.try_lock().inspect_err(|_| thread::sleep(PATIENCE / TRIES)).ok();
    let mut sweeps = (0..TRIES).find_map(|_| free());
    sweeps.iter_mut().flat_map(|sweeps| sweeps.values_mut()).for_each(|sweep| sweep());
    process::exit(exit.code())
}

fn hold() -> MutexGuard<'static, BTreeMap<u64, Sweep>> {
    SWEEP.lock().unwrap_or_else(PoisonError::into_inner)
}

fn exit(signal: i32) -> Exit {
    if signal == SIGINT { Exit::Interrupted } else { Exit::Terminated }
}

/// Ends the program: swept, and said, as far as that is possible in time.
fn stop(signal: i32, tell: Arc<impl Fn(Exit, &'static str) + Send + Sync + 'static>) {
    let (swept, waiting) = channel();
    let sweeping = thread::Builder::new().spawn(move || {
        let mut undisturbed = hold();
        undisturbed.values_mut().for_each(|sweep| sweep());
        tell(exit(signal), said(signal));
        let _ = swept.send(());
        std::mem::forget(undisturbed); // nothing else begins any more
    });
    if sweeping.is_ok() {
        let _ = waiting.recv_timeout(PATIENCE);
    }
    process::exit(exit(signal).code())
}

fn said(signal: i32) -> &'static str {
    if signal == SIGINT {
        "stopped by SIGINT; what is published is whole, and what was in preparation is gone"
    } else {
        "stopped by SIGTERM; what is published is whole, and what was in preparation is gone"
    }
}
