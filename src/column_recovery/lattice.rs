//! All readings of a row at once: places between its tokens, and the cells that lead from one to another. A row of twelve
//! figures may have a million readings; the lattice that holds them all has a few dozen cells.

/// A cell that can be read at some place, and the node that it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The node behind it.
    pub to: usize,
    /// Its figure; 0 for a nil mark.
    pub value: i64,
}

/// The places at which the cells of a row begin, from left to right.
pub type Reading = Vec<usize>;

/// All readings of a row.
#[derive(Clone, Debug)]
pub struct Lattice {
    /// For each node the cells that begin there; none at [`END`].
    spans: Vec<Vec<Span>>,
    /// For each node its place in the row.
    places: Vec<usize>,
    /// The nodes at which the first cell can begin.
    starts: Vec<usize>,
}

/// The node behind the last cell.
pub const END: usize = 0;

/// Some readings of a row, and whether they are all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// The readings, in a fixed order.
    pub list: Vec<Reading>,
    /// Whether there are no others.
    pub all: bool,
}

/// The least and the greatest sum of the cells from a node to the end; none where so many cells don't end the row.
type Bounds = Option<(i64, i64)>;

impl Lattice {
    /// The lattice of a row: for each place the figures that begin there, each with the place behind it. The end of the
    /// row is the place behind the last.
    #[must_use]
    pub fn new(cells: &[Vec<(usize, i64)>], starts: &[usize]) -> Lattice {
        let node = |place: usize| if place >= cells.len() { END } else { place + 1 };
        let span = |&(to, value): &(usize, i64)| Span { to: node(to), value };
        let mut spans = vec![Vec::new()];
        spans.extend(cells.iter().map(|from| from.iter().map(span).collect()));
        let places = std::iter::once(cells.len()).chain(0..cells.len()).collect();
        Lattice { spans, places, starts: starts.iter().map(|&place| node(place)).collect() }
    }

    /// The nodes at which the first cell can begin.
    #[must_use]
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// The cells that begin at a node.
    #[must_use]
    pub fn spans(&self, node: usize) -> &[Span] {
        self.spans.get(node).map_or(&[], Vec::as_slice)
    }

    /// The place of a node in the row.
    #[must_use]
    pub fn place(&self, node: usize) -> usize {
        self.places.get(node).copied().unwrap_or_default()
    }

    /// For each number of cells left, whether so many cells lead from a node to the end.
    #[must_use]
    pub fn reach(&self, columns: usize) -> Vec<Vec<bool>> {
        self.by_cells_left(columns, true, |found, _, rest| *found |= *rest)
    }

    /// How many readings of so many cells there are.
    #[must_use]
    pub fn count(&self, columns: usize) -> u64 {
        let counts =
            self.by_cells_left(columns, 1, |found: &mut u64, _, rest| *found = found.saturating_add(*rest));
        let from = |&start: &usize| counts.last()?.get(start).copied();
        self.starts.iter().filter_map(from).fold(0, u64::saturating_add)
    }

    /// The readings whose weighted cells add up to 0, no more than `most` of them; each step of the search is taken off
    /// `steps`, and where none is left it ends.
    pub fn readings(&self, weights: &[i64], most: usize, steps: &mut usize) -> Readings {
        let mut search =
            Search { lattice: self, weights, bounds: self.bounds(weights), most, found: Readings::default() };
        let mut path = Vec::with_capacity(weights.len());
        search.found.all = self.starts.iter().all(|&start| search.from(start, 0, &mut path, steps));
        search.found
    }

    /// The lattice of some of the readings of this one.
    #[must_use]
    pub fn only(&self, readings: &[Reading]) -> Lattice {
        let mut only = Lattice { spans: vec![Vec::new()], places: vec![self.place(END)], starts: Vec::new() };
        for reading in readings {
            only.insert(self, reading);
        }
        only
    }

    /// Adds a reading of another lattice, sharing the nodes of its first cells with the readings before.
    fn insert(&mut self, of: &Lattice, reading: &Reading) {
        let mut before = None;
        let ends = reading.iter().skip(1).copied().chain([of.place(END)]);
        for (&place, end) in reading.iter().zip(ends) {
            let known = match before {
                None => self.starts.iter().copied().find(|&node| self.place(node) == place),
                Some((from, _)) => {
                    self.spans(from).iter().map(|span| span.to).find(|&node| self.place(node) == place)
                }
            };
            let node = known.unwrap_or_else(|| self.add(place, before));
            let value = of.value(place, end);
            if end == of.place(END) {
                self.spans[node].push(Span { to: END, value });
            }
            before = Some((node, value));
        }
    }

    /// A new node, behind a cell that begins at another with a value, or at which the row begins.
    fn add(&mut self, place: usize, before: Option<(usize, i64)>) -> usize {
        let node = self.places.len();
        self.places.push(place);
        self.spans.push(Vec::new());
        match before {
            None => self.starts.push(node),
            Some((from, value)) => self.spans[from].push(Span { to: node, value }),
        }
        node
    }

    /// The figure between two places.
    pub(super) fn value(&self, place: usize, end: usize) -> i64 {
        let from = self.places.iter().skip(1).position(|&other| other == place).map_or(END, |node| node + 1);
        self.spans(from).iter().find(|span| self.place(span.to) == end).map_or(0, |span| span.value)
    }

    fn bounds(&self, weights: &[i64]) -> Vec<Vec<Bounds>> {
        let columns = weights.len();
        self.by_cells_left(columns, Some((0, 0)), |found: &mut Bounds, (span, left), rest| {
            let Some((least, most)) = *rest else { return };
            let own = span.value * weights[columns - left];
            let (least, most) = (least + own, most + own);
            *found = Some(found.map_or((least, most), |known| (known.0.min(least), known.1.max(most))));
        })
    }

    /// For each number of cells left and each node, what is gathered over the cells that begin there and what follows
    /// them.
    fn by_cells_left<T: Clone + Default>(
        &self,
        columns: usize,
        end: T,
        gather: impl Fn(&mut T, (&Span, usize), &T),
    ) -> Vec<Vec<T>> {
        let mut first = vec![T::default(); self.spans.len()];
        first[END] = end;
        let mut table = vec![first];
        for left in 1..=columns {
            let rest = &table[left - 1];
            let of = |spans: &Vec<Span>| {
                let mut found = T::default();
                for span in spans {
                    gather(&mut found, (span, left), &rest[span.to]);
                }
                found
            };
            let next = self.spans.iter().map(of).collect();
            table.push(next);
        }
        table
    }
}

/// A search for the readings of a row that add up.
struct Search<'l> {
    lattice: &'l Lattice,
    weights: &'l [i64],
    bounds: Vec<Vec<Bounds>>,
    most: usize,
    found: Readings,
}

impl Search<'_> {
    /// Finds the readings that go on from a node with a sum; false where the search had to end.
    fn from(&mut self, node: usize, sum: i64, path: &mut Reading, steps: &mut usize) -> bool {
        let left = self.weights.len() - path.len();
        let within = self.bounds[left][node].is_some_and(|(least, most)| sum + least <= 0 && 0 <= sum + most);
        if !within {
            return true;
        }
        if *steps == 0 || left == 0 && self.found.list.len() == self.most {
            return false;
        }
        *steps -= 1;
        if left == 0 {
            self.found.list.push(path.clone());
            return true;
        }
        let weight = self.weights[path.len()];
        path.push(self.lattice.place(node));
        let lattice = self.lattice;
        let all =
            lattice.spans(node).iter().all(|span| self.from(span.to, sum + span.value * weight, path, steps));
        path.pop();
        all
    }
}
