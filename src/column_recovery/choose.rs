//! One option of each of many, so that they add up to nothing: which reading of a column's cells meets its total.
//!
//! Options that differ most are tried first, and given up once what is left cannot make up for them; for the last ones all
//! sums are listed once, and looked up.

use std::ops::Range;

/// No list of sums is longer.
const MOST_SUMS: usize = 1 << 12;

/// All ways to choose one of each list of options so that they add up to 0, as indices into the lists; none where the
/// search would take more than the steps that are left, or finds more than `most` ways.
pub fn choices(options: &[Vec<i64>], most: usize, steps: &mut usize) -> Option<Vec<Vec<usize>>> {
    let mut order: Vec<usize> = (0..options.len()).filter(|&at| options[at].len() != 1).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(spread(&options[at])), at));
    let fixed: i64 = options.iter().filter(|list| list.len() == 1).flatten().sum();
    let open: Vec<&[i64]> = order.iter().map(|&at| options[at].as_slice()).collect();
    let head = open.len() - tail(&open);
    let mut search = Search {
        bounds: bounds(&open),
        sums: sums(&open[head..]),
        head: &open[..head],
        tail: &open[head..],
        most,
        found: Vec::new(),
    };
    *steps = steps.checked_sub(search.sums.len())?;
    search.at(0, fixed, &mut Vec::new(), steps)?;
    let whole = |chosen: Vec<usize>| {
        let mut all = vec![0; options.len()];
        order.iter().zip(chosen).for_each(|(&at, option)| all[at] = option);
        all
    };
    Some(search.found.into_iter().map(whole).collect())
}

/// How far options are apart.
fn spread(options: &[i64]) -> i64 {
    options.iter().max().zip(options.iter().min()).map_or(0, |(most, least)| most - least)
}

/// How many of the last lists have all their sums listed: about half of the ways.
fn tail(open: &[&[i64]]) -> usize {
    let half = open.iter().map(|list| (list.len() as f64).log2()).sum::<f64>() / 2.0;
    let most = half.exp2().min(MOST_SUMS as f64) as usize;
    let sizes = open.iter().rev().scan(1usize, |size, list| {
        *size = size.saturating_mul(list.len());
        Some(*size)
    });
    sizes.take_while(|size| *size <= most).count()
}

/// For each list the least and the greatest sum of it and those behind it.
fn bounds(open: &[&[i64]]) -> Vec<(i64, i64)> {
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

/// All sums of lists, each with a number that tells the options, in order.
fn sums(lists: &[&[i64]]) -> Vec<(i64, usize)> {
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

struct Search<'o> {
    head: &'o [&'o [i64]],
    tail: &'o [&'o [i64]],
    bounds: Vec<(i64, i64)>,
    sums: Vec<(i64, usize)>,
    most: usize,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    /// Tries the options of a list, and of all behind it.
    fn at(&mut self, at: usize, sum: i64, chosen: &mut Vec<usize>, steps: &mut usize) -> Option<()> {
        let (least, most) = self.bounds[at];
        if sum + least > 0 || sum + most < 0 {
            return Some(());
        }
        *steps = steps.checked_sub(1)?;
        let Some(list) = self.head.get(at) else { return self.look_up(sum, chosen) };
        for (option, value) in list.iter().enumerate() {
            chosen.push(option);
            self.at(at + 1, sum + value, chosen, steps)?;
            chosen.pop();
        }
        Some(())
    }

    /// The ways in which the last lists make up for a sum.
    fn look_up(&mut self, sum: i64, chosen: &[usize]) -> Option<()> {
        for at in self.meeting(-sum) {
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

    fn meeting(&self, sum: i64) -> Range<usize> {
        let first = self.sums.partition_point(|(other, _)| *other < sum);
        first..first + self.sums[first..].iter().take_while(|(other, _)| *other == sum).count()
    }
}
