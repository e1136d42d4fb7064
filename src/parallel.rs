//! Ordered parallel map: items are processed on several threads, results are handled in the order of the items on the
//! calling thread. The outcome does not depend on the number of threads, and memory is bounded, because each thread
//! waits while results of its item are still unhandled.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::Result;

/// How many results of one item may wait to be handled.
const MAX_WAITING_RESULTS: usize = 2;

/// Sends the results of one item, in order.
pub struct ResultSender<R>(SyncSender<R>);

impl<R> ResultSender<R> {
    /// Sends a result; blocks while too many wait. After an error of `hand_over` results are dropped.
    pub fn send(&self, result: R) {
        let _ = self.0.send(result);
    }
}

/// Calls `work` for each item on `threads` threads, and `hand_over` for each result on the calling thread, in the order
/// of the items.
///
/// # Errors
/// The first error of `hand_over`. No further item is started after it.
pub fn map_ordered<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T, &ResultSender<R>) + Sync,
    mut hand_over: impl FnMut(&T, R) -> Result<()>,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, begun) = sync_channel(threads);
        for _ in 0..threads.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || run_worker(items, next, work, &sender));
        }
        drop(sender);
        let (mut waiting, mut due) = (BTreeMap::new(), 0);
        for (at, results) in begun {
            waiting.insert(at, results);
            while let Some(results) = waiting.remove(&due) {
                results.into_iter().try_for_each(|result| hand_over(&items[due], result))?;
                due += 1;
            }
        }
        Ok(())
    })
}

/// The default number of threads: the parallelism that the system reports, or 1.
#[must_use]
pub fn thread_count() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Processes the next item until none is left or the receiver is gone.
fn run_worker<T, R>(
    items: &[T],
    next: &AtomicUsize,
    work: &impl Fn(&T, &ResultSender<R>),
    begun: &SyncSender<(usize, Receiver<R>)>,
) {
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(item) = items.get(at) else { return };
        let (results, waiting) = sync_channel(MAX_WAITING_RESULTS);
        if begun.send((at, waiting)).is_err() {
            return;
        }
        work(item, &ResultSender(results));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..500).collect();
        let mut seen = Vec::new();
        let slow_at_times = |item: &u64, results: &ResultSender<u64>| {
            for factor in 0..item % 5 {
                thread::sleep(std::time::Duration::from_micros(item % 7 * 50));
                results.send(item * factor);
            }
        };
        map_ordered(3, &items, slow_at_times, |item, product| {
            seen.push((*item, product));
            Ok(())
        })
        .unwrap();
        let expected = items.iter().flat_map(|item| (0..item % 5).map(move |factor| (*item, item * factor)));
        assert_eq!(seen, expected.collect::<Vec<_>>());
    }

    #[test]
    fn an_error_ends_the_work() {
        let begun = AtomicUsize::new(0);
        let items: Vec<usize> = (0..10_000).collect();
        let result = map_ordered(
            3,
            &items,
            |_, results| results.send(begun.fetch_add(1, Ordering::Relaxed)),
            |item, _| if *item == 3 { anyhow::bail!("enough") } else { Ok(()) },
        );
        assert!(result.is_err());
        assert!(begun.load(Ordering::Relaxed) < 1000);
    }
}
