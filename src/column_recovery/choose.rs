//! Chooses one option from each list so that they add up to 0: which readings of a column's cells meet its total.
//!
//! A meet-in-the-middle search. Lists whose options differ most are tried first, with a bound on what the other lists can
//! still contribute. The sums of the last lists are computed once and looked up.

use std::ops::Range;

/// The most sums that are listed.
const MAX_SUMS: usize = 1 << 12;

/// Finds all ways to choose one option from each list so that they add up to 0, as indices into the lists. `None` if the
/// search needs more than the steps left, or finds more than `most` ways.
pub fn find_zero_sums(options: &[Vec<i64>], most: usize, steps: &mut usize) -> Option<Vec<Vec<usize>>> {
    let mut order: Vec<usize> = (0..options.len()).filter(|&at| options[at].len() != 1).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(spread(&options[at])), at));
    let fixed: i64 = options.iter().filter(|list| list.len() == 1).flatten().sum();
    let open: Vec<&[i64]> = order.iter().map(|&at| options[at].as_slice()).collect();
    let head = open.len() - tail_length(&open);
    let mut search = ZeroSumSearch {
        bounds: sum_bounds(&open),
        sums: list_sums(&open[head..]),
        head: &open[..head],
        tail: &open[head..],
        most,
        found: Vec::new(),
    };
    *steps = steps.checked_sub(search.sums.len())?;
    search.search_from(0, fixed, &mut Vec::new(), steps)?;
    let whole = |chosen: Vec<usize>| {
        let mut all = vec![0; options.len()];
        order.iter().zip(chosen).for_each(|(&at, option)| all[at] = option);
        all
    };
    Some(search.found.into_iter().map(whole).collect())
}

/// The difference of the greatest and the least option.
fn spread(options: &[i64]) -> i64 {
    options.iter().max().zip(options.iter().min()).map_or(0, |(most, least)| most - least)
}

/// The number of last lists whose sums are listed: about half of the search, as a logarithm.
fn tail_length(open: &[&[i64]]) -> usize {
    let half = open.iter().map(|list| (list.len() as f64).log2()).sum::<f64>() / 2.0;
    let most = half.exp2().min(MAX_SUMS as f64) as usize;
    let sizes = open.iter().rev().scan(1usize, |size, list| {
        *size = size.saturating_mul(list.len());
        Some(*size)
    });
    sizes.take_while(|size| *size <= most).count()
}

/// The least and the greatest sum of each list with all lists after it.
fn sum_bounds(open: &[&[i64]]) -> Vec<(i64, i64)> {
    let mut bounds = vec![(0, 0)];
    for list in open.iter().rev() {
        let (least, most) = bounds.last().copied().unwrap_or_default();
        let own =
            (list.iter().min().copied().unwrap_or_default(), list.iter().max().copied().unwrap_or_default());
        bounds.push((least + own.0, most + own.1));
    }
    bounds.reverse();
    bounds
}

/// All sums of some lists, sorted, each with a number that encodes the chosen options.
fn list_sums(lists: &[&[i64]]) -> Vec<(i64, usize)> {
    let mut sums = vec![(0, 0)];
    for list in lists {
        sums = sums
            .iter()
            .flat_map(|&(sum, code)| {
                list.iter().enumerate().map(move |(at, value)| (sum + value, code * list.len() + at))
            })
            .collect();
    }
    sums.sort_unstable();
    sums
}

struct ZeroSumSearch<'o> {
    head: &'o [&'o [i64]],
    tail: &'o [&'o [i64]],
    bounds: Vec<(i64, i64)>,
    sums: Vec<(i64, usize)>,
    most: usize,
    found: Vec<Vec<usize>>,
}

impl ZeroSumSearch<'_> {
    /// Tries the options of a list and of all lists after it.
    fn search_from(&mut self, at: usize, sum: i64, chosen: &mut Vec<usize>, steps: &mut usize) -> Option<()> {
        let (least, most) = self.bounds[at];
        if sum + least > 0 || sum + most < 0 {
            return Some(());
        }
        *steps = steps.checked_sub(1)?;
        let Some(list) = self.head.get(at) else { return self.look_up(sum, chosen) };
        for (option, value) in list.iter().enumerate() {
            chosen.push(option);
            self.search_from(at + 1, sum + value, chosen, steps)?;
            chosen.pop();
        }
        Some(())
    }

    /// Looks up the ways in which the last lists complement a sum.
    fn look_up(&mut self, sum: i64, chosen: &[usize]) -> Option<()> {
        for at in self.find_sum(-sum) {
            if self.found.len() == self.most {
                return None;
            }
            let mut code = self.sums[at].1;
            let mut whole = chosen.to_vec();
            for list in self.tail.iter().rev() {
                whole.push(code % list.len());
                code /= list.len();
            }
            whole[chosen.len()..].reverse();
            self.found.push(whole);
        }
        Some(())
    }

    fn find_sum(&self, sum: i64) -> Range<usize> {
        let first = self.sums.partition_point(|(other, _)| *other < sum);
        first..first + self.sums[first..].iter().take_while(|(other, _)| *other == sum).count()
    }
}
