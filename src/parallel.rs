//! Work on many items at once, with the results in order: what is done with them does not depend on how many threads
//! there are, and no more of them wait than a few for each thread.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use anyhow::Result;

/// How many results of one item may wait: memory is bounded by them.
const WAITING: usize = 2;

/// Where the results of an item go, one after the other.
pub struct Results<R>(SyncSender<R>);

impl<R> Results<R> {
    /// Gives a result away, once there is room for it. Where nobody waits for it any more, it is dropped.
    pub fn give(&self, result: R) {
        let _ = self.0.send(result);
    }
}

/// Calls `work` for each item on a number of threads, and `hand_over` with each result that it gives, in the order of the
/// items, on this thread.
///
/// # Errors
/// The first error of `hand_over`, after which no further item is begun.
pub fn in_order<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T, &Results<R>) + Sync,
    mut hand_over: impl FnMut(&T, R) -> Result<()>,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, begun) = sync_channel(threads);
        for _ in 0..threads.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || pull(items, next, work, &sender));
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

/// How many threads keep the machine busy: as many as it runs at once.
#[must_use]
pub fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Takes one item after the other until none is left or nobody waits for results.
fn pull<T, R>(
    items: &[T],
    next: &AtomicUsize,
    work: &impl Fn(&T, &Results<R>),
    begun: &SyncSender<(usize, Receiver<R>)>,
) {
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(item) = items.get(at) else { return };
        let (results, waiting) = sync_channel(WAITING);
        if begun.send((at, waiting)).is_err() {
            return;
        }
        work(item, &Results(results));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..500).collect();
        let mut seen = Vec::new();
        let slow_at_times = |item: &u64, results: &Results<u64>| {
            for factor in 0..item % 5 {
                thread::sleep(std::time::Duration::from_micros(item % 7 * 50));
                results.give(item * factor);
            }
        };
        in_order(3, &items, slow_at_times, |item, product| {
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
        let result = in_order(
            3,
            &items,
            |_, results| results.give(begun.fetch_add(1, Ordering::Relaxed)),
            |item, _| if *item == 3 { anyhow::bail!("enough") } else { Ok(()) },
        );
        assert!(result.is_err());
        assert!(begun.load(Ordering::Relaxed) < 1000);
    }
}
