//! All readings of a row as a lattice: its nodes are places in the row, its edges are cells that lead from one to another.
//! A row of twelve figures may have a million readings, in a lattice of a few dozen edges.

/// A cell that can begin at a node, and the node after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatticeEdge {
    /// The node after it.
    pub to: usize,
    /// Its value; 0 for a nil symbol.
    pub value: i64,
}

/// The places at which the cells of a row begin, from left to right.
pub type RowReading = Vec<usize>;

/// All readings of a row.
#[derive(Clone, Debug)]
pub struct Lattice {
    /// The edges of each node; none at [`END_NODE`].
    edges: Vec<Vec<LatticeEdge>>,
    /// The place of each node in the row.
    places: Vec<usize>,
    /// The nodes at which the first cell can begin.
    starts: Vec<usize>,
}

/// The node after the last cell.
pub const END_NODE: usize = 0;

/// Some or all readings of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowReadings {
    /// The readings, in a fixed order.
    pub list: Vec<RowReading>,
    /// Whether there are no others.
    pub is_complete: bool,
}

/// The least and the greatest sum of so many cells from a node to the end. `None` if they do not reach the end.
type SumBounds = Option<(i64, i64)>;

impl Lattice {
    /// The lattice of a row, from the cells that begin at each place, as (place after it, value). The end of the row is the
    /// place after the last.
    #[must_use]
    pub fn new(cells: &[Vec<(usize, i64)>], starts: &[usize]) -> Lattice {
        let node = |place: usize| if place >= cells.len() { END_NODE } else { place + 1 };
        let edge = |&(to, value): &(usize, i64)| LatticeEdge { to: node(to), value };
        let mut edges = vec![Vec::new()];
        edges.extend(cells.iter().map(|from| from.iter().map(edge).collect()));
        let places = std::iter::once(cells.len()).chain(0..cells.len()).collect();
        Lattice { edges, places, starts: starts.iter().map(|&place| node(place)).collect() }
    }

    /// The nodes at which the first cell can begin.
    #[must_use]
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// The cells that begin at a node.
    #[must_use]
    pub fn edges(&self, node: usize) -> &[LatticeEdge] {
        self.edges.get(node).map_or(&[], Vec::as_slice)
    }

    /// The place of a node in the row.
    #[must_use]
    pub fn place(&self, node: usize) -> usize {
        self.places.get(node).copied().unwrap_or_default()
    }

    /// For each number of cells left, whether each node reaches the end with so many cells.
    #[must_use]
    pub fn reachable(&self, columns: usize) -> Vec<Vec<bool>> {
        self.fold_by_cells_left(columns, true, |found, _, rest| *found |= *rest)
    }

    /// The number of readings with so many cells.
    #[must_use]
    pub fn count_readings(&self, columns: usize) -> u64 {
        let counts = self
            .fold_by_cells_left(columns, 1, |found: &mut u64, _, rest| *found = found.saturating_add(*rest));
        let from = |&start: &usize| counts.last()?.get(start).copied();
        self.starts.iter().filter_map(from).fold(0, u64::saturating_add)
    }

    /// Finds the readings whose weighted cells add up to 0, at most `most`. The search takes its steps off `steps`, and ends
    /// when none are left.
    pub fn find_readings(&self, weights: &[i64], most: usize, steps: &mut usize) -> RowReadings {
        let mut search = ReadingSearch {
            lattice: self,
            weights,
            bounds: self.sum_bounds(weights),
            most,
            found: RowReadings::default(),
        };
        let mut path = Vec::with_capacity(weights.len());
        search.found.is_complete =
            self.starts.iter().all(|&start| search.search_from(start, 0, &mut path, steps));
        search.found
    }

    /// The lattice of some readings of this one.
    #[must_use]
    pub fn restrict(&self, readings: &[RowReading]) -> Lattice {
        let mut restricted =
            Lattice { edges: vec![Vec::new()], places: vec![self.place(END_NODE)], starts: Vec::new() };
        for reading in readings {
            restricted.insert(self, reading);
        }
        restricted
    }

    /// Adds a reading of another lattice. Readings share the nodes of equal first cells.
    fn insert(&mut self, source: &Lattice, reading: &RowReading) {
        let mut before = None;
        let ends = reading.iter().skip(1).copied().chain([source.place(END_NODE)]);
        for (&place, end) in reading.iter().zip(ends) {
            let known = match before {
                None => self.starts.iter().copied().find(|&node| self.place(node) == place),
                Some((from, _)) => {
                    self.edges(from).iter().map(|edge| edge.to).find(|&node| self.place(node) == place)
                }
            };
            let node = known.unwrap_or_else(|| self.add_node(place, before));
            let value = source.value(place, end);
            if end == source.place(END_NODE) {
                self.edges[node].push(LatticeEdge { to: END_NODE, value });
            }
            before = Some((node, value));
        }
    }

    /// Adds a node: after a cell, given by its node and value, or as a start.
    fn add_node(&mut self, place: usize, before: Option<(usize, i64)>) -> usize {
        let node = self.places.len();
        self.places.push(place);
        self.edges.push(Vec::new());
        match before {
            None => self.starts.push(node),
            Some((from, value)) => self.edges[from].push(LatticeEdge { to: node, value }),
        }
        node
    }

    /// The value of the cell between two places.
    pub(super) fn value(&self, place: usize, end: usize) -> i64 {
        let from =
            self.places.iter().skip(1).position(|&other| other == place).map_or(END_NODE, |node| node + 1);
        self.edges(from).iter().find(|edge| self.place(edge.to) == end).map_or(0, |edge| edge.value)
    }

    fn sum_bounds(&self, weights: &[i64]) -> Vec<Vec<SumBounds>> {
        let columns = weights.len();
        self.fold_by_cells_left(columns, Some((0, 0)), |found: &mut SumBounds, (edge, left), rest| {
            let Some((least, most)) = *rest else { return };
            let own = edge.value * weights[columns - left];
            let (least, most) = (least + own, most + own);
            *found = Some(found.map_or((least, most), |known| (known.0.min(least), known.1.max(most))));
        })
    }

    /// For each number of cells left and each node, folds the node's edges and the results of the nodes that they lead to.
    fn fold_by_cells_left<T: Clone + Default>(
        &self,
        columns: usize,
        end: T,
        gather: impl Fn(&mut T, (&LatticeEdge, usize), &T),
    ) -> Vec<Vec<T>> {
        let mut first = vec![T::default(); self.edges.len()];
        first[END_NODE] = end;
        let mut table = vec![first];
        for left in 1..=columns {
            let rest = &table[left - 1];
            let fold = |edges: &Vec<LatticeEdge>| {
                let mut found = T::default();
                for edge in edges {
                    gather(&mut found, (edge, left), &rest[edge.to]);
                }
                found
            };
            let next = self.edges.iter().map(fold).collect();
            table.push(next);
        }
        table
    }
}

/// A depth-first search for the readings that add up to 0.
struct ReadingSearch<'l> {
    lattice: &'l Lattice,
    weights: &'l [i64],
    bounds: Vec<Vec<SumBounds>>,
    most: usize,
    found: RowReadings,
}

impl ReadingSearch<'_> {
    /// Finds the readings that continue from a node with a sum. `false` if the search had to end.
    fn search_from(&mut self, node: usize, sum: i64, path: &mut RowReading, steps: &mut usize) -> bool {
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
        let all = lattice
            .edges(node)
            .iter()
            .all(|edge| self.search_from(edge.to, sum + edge.value * weight, path, steps));
        path.pop();
        all
    }
}
