//! Ordered parallel map: items are worked on by several threads, and their results are handled in the order of the items on
//! the calling thread. The outcome does not depend on the number of threads, and memory is bounded, because a thread waits
//! while the result of its item is not handled.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::{Context, Result};

use crate::problem::exit::Exit;

/// Calls `work` for each item on `threads` threads, and `handle` for each result on the calling thread, in the order of the
/// items.
///
/// # Errors
/// The first error of `handle`. No further item is begun after it.
pub fn map_ordered<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut handle: impl FnMut(&T, R) -> Result<()>,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, begun) = sync_channel(threads);
        for _ in 0..threads.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            let worker = move || run_worker(items, next, work, &sender);
            thread::Builder::new().spawn_scoped(scope, worker).map_err(describe_refusal)?;
        }
        drop(sender);
        let (mut waiting, mut due): (BTreeMap<usize, Receiver<R>>, usize) = (BTreeMap::new(), 0);
        for (at, result) in begun {
            waiting.insert(at, result);
            while let Some(result) = waiting.remove(&due) {
                handle(&items[due], result.recv().context("a worker thread failed")?)?;
                due += 1;
            }
        }
        Ok(())
    })
}

/// Checks that the system allows as many threads at once as a run needs: polars ends the process where it is refused one.
///
/// # Errors
/// Where it refuses one.
pub fn check_threads(count: usize) -> Result<()> {
    let gate = Mutex::new(());
    thread::scope(|scope| {
        let closed = gate.lock();
        let wait = || drop(gate.lock());
        let started = (0..count).try_for_each(|_| {
            thread::Builder::new().spawn_scoped(scope, wait).map(drop).map_err(describe_refusal)
        });
        drop(closed);
        started
    })
}

/// The error of a thread that the system refuses.
#[allow(clippy::needless_pass_by_value)] // as `map_err` hands it over
#[must_use]
pub fn describe_refusal(error: io::Error) -> anyhow::Error {
    let help = "try again when less is running, or allow more processes (`ulimit -u`)";
    Exit::Busy.error(format!("the system refuses another thread ({error}); {help}"))
}

/// The number of threads by default: the parallelism that the system reports, or 1.
#[must_use]
pub fn thread_count() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Works on the next item until none is left or the receiver is gone.
fn run_worker<T, R>(
    items: &[T],
    next: &AtomicUsize,
    work: &impl Fn(&T) -> R,
    begun: &SyncSender<(usize, Receiver<R>)>,
) {
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(item) = items.get(at) else { return };
        // Without room, so that the thread waits until its result is handled.
        let (result, waiting) = sync_channel(0);
        if begun.send((at, waiting)).is_err() {
            return;
        }
        if result.send(work(item)).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..500).collect();
        let mut seen = Vec::new();
        let slow_at_times = |item: &u64| {
            thread::sleep(std::time::Duration::from_micros(item % 7 * 50));
            item * 2
        };
        map_ordered(3, &items, slow_at_times, |item, product| {
            seen.push((*item, product));
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, items.iter().map(|item| (*item, item * 2)).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_ends_the_work() {
        let begun = AtomicUsize::new(0);
        let items: Vec<usize> = (0..10_000).collect();
        let result = map_ordered(
            3,
            &items,
            |_| begun.fetch_add(1, Ordering::Relaxed),
            |item, _| if *item == 3 { anyhow::bail!("enough") } else { Ok(()) },
        );
        assert!(result.is_err());
        assert!(begun.load(Ordering::Relaxed) < 1000);
    }
}
