//! Work on many items at once, with the results in order: what is done with them does not depend on how many threads
//! there are, and no more of them wait than there are threads.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use anyhow::Result;

/// Calls `work` for each item on a number of threads, and `hand_over` with each result, in the
/// order of the items, on this thread.
///
/// # Errors
/// The first error of `hand_over`, after which no further item is begun.
pub fn in_order<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut hand_over: impl FnMut(&T, R) -> Result<()>,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, results) = sync_channel(threads);
        for _ in 0..threads.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || pull(items, next, work, &sender));
        }
        drop(sender);
        let (mut waiting, mut due) = (BTreeMap::new(), 0);
        for (at, result) in results {
            waiting.insert(at, result);
            while let Some(result) = waiting.remove(&due) {
                hand_over(&items[due], result)?;
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
fn pull<T, R>(items: &[T], next: &AtomicUsize, work: &impl Fn(&T) -> R, results: &SyncSender<(usize, R)>) {
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(item) = items.get(at) else { return };
        if results.send((at, work(item))).is_err() {
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
        in_order(3, &items, slow_at_times, |item, double| {
            assert_eq!(double, item * 2);
            seen.push(*item);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, items);
    }

    #[test]
    fn an_error_ends_the_work() {
        let begun = AtomicUsize::new(0);
        let items: Vec<usize> = (0..10_000).collect();
        let result = in_order(
            3,
            &items,
            |_| begun.fetch_add(1, Ordering::Relaxed),
            |item, _| if *item == 3 { anyhow::bail!("enough") } else { Ok(()) },
        );
        assert!(result.is_err());
        assert!(begun.load(Ordering::Relaxed) < 1000);
    }
}
