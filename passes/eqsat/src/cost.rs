//! What a set of terms costs: the sum over all that is computed, each shared term once.
//!
//! The model is that of the code that comes out behind fusion. Element-wise operators whose users are all in one loop are part of it: they cost their arithmetic. What a view, a product of
//! matrices, a loop over another number of elements, or two loops need is put in memory: written once, and read by each loop that uses it. Numbers without axes cost a few operations.
use crate::{
    facts::{Dim, Facts, Order},
    language::Node,
    operators::*,
    weights::{self as w},
};
use smallvec::SmallVec;

/// Cost, in ns of the model.
pub type Cost = f64;

/// How an item takes part in loops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// There is nothing to compute: leaves, numbers, lengths, tuples
    Free,
    /// Part of a loop
    Element,
    /// End of a loop of its own over its operand
    Sink,
    /// Descriptor over memory
    View,
    /// Reads memory and writes new memory
    Copy,
}

/// One way to compute a class, ready to be counted.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its part in loops
    pub part: Part,
    /// What it needs
    pub children: SmallVec<[u32; 4]>,
    /// ns but for memory
    pub own: f64,
    /// Elements of the result
    pub elements: f64,
    /// Elements that its loop goes over
    pub space: f64,
    /// ns to read the result from memory once
    pub read: f64,
    /// ns to put the result in memory
    pub write: f64,
    /// Whether it has axes
    pub array: bool,
}

/// Assumed number of elements.
pub fn elements(facts: &Facts) -> f64 {
    facts.dims().map_or(1.0, |dims| {
        dims.iter().map(|d| length(*d)).product()
    })
}

// Assumed length of an axis.
fn length(d: Dim) -> f64 {
    match d {
        Dim::Known(n) => n as f64,
        Dim::Of(..) => w::ASSUMED_LENGTH,
        Dim::Less(_, _, n) => (w::ASSUMED_LENGTH - n as f64).max(1.0),
        Dim::Product(_, count) => w::ASSUMED_LENGTH.powi(count as i32),
        Dim::Unknown => w::ASSUMED_PART,
    }
}

impl Item {
    /// Of a node with its result's facts and its operands'.
    pub fn new<'f>(node: &Node, facts: &Facts, children: SmallVec<[u32; 4]>, of: impl Fn(usize) -> &'f Facts) -> Item {
        let n = elements(facts);
        let array = facts.dims().is_some_and(|d| !d.is_empty());
        let size = facts.dtype().and_then(|d| numbra_abi::dtype::ROWS.iter().find(|r| r.dtype == d)).map_or(8, |r| r.size) as f64;
        let strided = if facts.order == Order::C { 1.0 } else { w::STRIDED };
        let mut item = Item { part: Part::Free, children, own: 0.0, elements: n, space: n, read: n * size * w::READ * strided, write: n * size * w::WRITE, array };
        let Node::Apply(operator, _) = node else { return item };
        let wide = size / 8.0;
        // A number is broadcast by filling an array with it.
        let number = broadcasts_number(node, &of);
        let last = type_of_last(node, &of);
        let facts_of = &of;
        let of = |k: usize| elements(facts_of(k));
        (item.part, item.own) = match operator.class() {
            Class::Element => (Part::Element, w::element(*operator, last) * n * wide.max(0.25)),
            Class::Reduce | Class::Scan => {
                item.space = of(1);
                (Part::Sink, w::element(*operator, last) * of(1) * wide.max(0.25) + w::LAUNCH)
            }
            // The same elements again and again are read from the first cache.
            Class::View if *operator == BROADCAST && number => (Part::Copy, w::LAUNCH),
            Class::View if *operator == BROADCAST => {
                item.read = of(1) * size * w::READ;
                (Part::View, w::VIEW)
            }
            // Lengths that are not known by name are no shorter for it.
            Class::View if *operator == SPREAD => (Part::View, w::VIEW + (of(0) - n).max(0.0) * size * w::READ * w::STRIDED),
            Class::View => match *operator {
                CONCATENATE => (Part::Copy, 2.0 * w::LAUNCH),
                RESHAPE | RAVEL if facts.order != Order::C => (Part::Copy, w::LAUNCH),
                _ => (Part::View, w::VIEW),
            },
            Class::Matrix if *operator == CHAIN => (Part::Copy, chain(&(0..item.children.len()).map(&facts_of).collect::<Vec<_>>(), size)),
            Class::Matrix if *operator == COMPRESS => (Part::Copy, w::CALL + w::element(*operator, last) * of(0)),
            Class::Matrix => (Part::Copy, w::CALL + matrix(*operator, n, &of)),
            Class::Special => (Part::Free, if matches!(*operator, CONTAINS | ARRAY) { w::CALL } else { w::SPECIAL }),
        };
        item
    }
}

// Whether what is broadcast has no axes.
fn broadcasts_number<'f>(node: &Node, of: &impl Fn(usize) -> &'f Facts) -> bool {
    matches!(node, Node::Apply(BROADCAST, _)) && of(1).dims().is_some_and(|d| d.is_empty())
}

// The type of the elements that an operator is applied to.
fn type_of_last<'f>(node: &Node, of: &impl Fn(usize) -> &'f Facts) -> Option<numbra_abi::DType> {
    let Node::Apply(_, children) = node else { return None };
    of(children.len().checked_sub(1)?).dtype()
}

/// ns for a chain of matrices in its best order, with the products on the way.
fn chain(matrices: &[&Facts], size: f64) -> f64 {
    let lengths: Vec<f64> = matrices.iter().filter_map(|f| f.dims()).flat_map(|d| d.first()).chain(matrices.last().and_then(|f| f.dims()?.last())).map(|d| length(*d)).collect();
    // The product of the matrices from `i` on up to `j`.
    fn best(lengths: &[f64], i: usize, j: usize, size: f64) -> f64 {
        let product = |k: usize| {
            let whole = lengths[i] * lengths[j + 1];
            let temporary = if i == 0 && j + 2 == lengths.len() { 0.0 } else { whole * size * (w::READ + w::WRITE) + w::TEMPORARY };
            best(lengths, i, k, size) + best(lengths, k + 1, j, size) + whole * lengths[k + 1] * w::MATRIX_FLOP + w::CALL + temporary
        };
        (i..j).map(product).reduce(f64::min).unwrap_or(0.0)
    }
    best(&lengths, 0, matrices.len() - 1, size) * w::CHOSEN_ORDER
}

/// ns for the arithmetic of a matrix operator, whose result has `n` elements.
fn matrix(operator: Operator, n: f64, of: &impl Fn(usize) -> f64) -> f64 {
    let flops = match operator {
        // Both operands and the result know one length of three each, so this is rows x columns x inner.
        MATMUL | DOT => (of(0) * of(1) * n).sqrt(),
        INV => 2.0 * n * n.sqrt(),
        SOLVE => of(0) * of(0).sqrt() * 0.7 + of(0) * (n / of(0).sqrt()),
        TRACE => of(0).sqrt(),
        // One of the two is read across its rows.
        TRACE_OF_PRODUCT => 2.0 * of(0),
        _ => n,
    };
    flops * w::MATRIX_FLOP
}

/// Classes with the ways to compute them.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Ways, by class
    pub classes: Vec<Vec<Item>>,
    /// Classes that are used outside
    pub roots: Vec<u32>,
}

/// Memory for counting, kept between counts.
#[derive(Debug, Default)]
pub struct Counter {
    state: Vec<u8>,
    order: Vec<u32>,
    group: Vec<u32>,
    stack: Vec<(u32, u32)>,
    reads: Vec<(u32, u32)>,
}

/// Not in a loop yet; in memory.
const NONE: u32 = u32::MAX;
const MEMORY: u32 = u32::MAX - 1;

impl Counter {
    /// Cost of a choice of one way for each class; infinite if a class needs itself.
    pub fn count(&mut self, choices: &Choices, choice: &[u16]) -> Cost {
        let item = |c: u32| &choices.classes[c as usize][choice[c as usize] as usize];
        if !self.sort(choices, choice) {
            return f64::INFINITY;
        }
        self.group.clear();
        self.group.resize(choices.classes.len(), NONE);
        self.reads.clear();
        let mut total = 0.0;
        for root in &choices.roots {
            self.group[*root as usize] = MEMORY;
        }
        // Users come before what they use.
        for &c in self.order.iter().rev() {
            let i = item(c);
            total += i.own;
            // Which loop computes it: that of all its users, or one of its own.
            let place = self.group[c as usize];
            let inside = place != NONE && place != MEMORY && i.part == Part::Element && i.array && item(place).space == i.elements;
            let mine = if inside { place } else { c };
            if !inside && i.array && i.part != Part::View && i.part != Part::Free {
                total += i.write + w::TEMPORARY + if i.part == Part::Element { w::LAUNCH } else { 0.0 };
            }
            self.group[c as usize] = mine;
            // By which loop operands are wanted: those of views and copies in memory.
            let (wants, reader) = match i.part {
                Part::Element if i.array => (mine, mine),
                Part::Sink => (c, c),
                _ => (MEMORY, c),
            };
            for &child in &i.children {
                if !matches!(i.part, Part::View | Part::Free) && item(child).array {
                    self.reads.push((child, reader));
                }
                let g = &mut self.group[child as usize];
                *g = if *g == NONE || *g == wants { wants } else { MEMORY };
            }
        }
        // What is in memory is read once by each loop; what is inside of the loop is not read.
        self.reads.sort_unstable();
        self.reads.dedup();
        for &(child, by) in &self.reads {
            if self.group[child as usize] != by {
                total += item(child).read;
            }
        }
        total
    }

    /// Puts all that the roots need in an order in which users come last; false if there is a cycle.
    fn sort(&mut self, choices: &Choices, choice: &[u16]) -> bool {
        self.state.clear();
        self.state.resize(choices.classes.len(), 0);
        self.order.clear();
        for root in &choices.roots {
            self.stack.clear();
            if self.state[*root as usize] == 0 {
                self.state[*root as usize] = 1;
                self.stack.push((*root, 0));
            }
            while let Some((c, k)) = self.stack.last_mut() {
                let i = &choices.classes[*c as usize][choice[*c as usize] as usize];
                match i.children.get(*k as usize) {
                    Some(&child) => {
                        *k += 1;
                        match self.state[child as usize] {
                            0 => {
                                self.state[child as usize] = 1;
                                self.stack.push((child, 0));
                            }
                            1 => return false,
                            _ => {}
                        }
                    }
                    None => {
                        self.state[*c as usize] = 2;
                        self.order.push(*c);
                        self.stack.pop();
                    }
                }
            }
        }
        true
    }

    /// Classes that the last count needed, operands first.
    pub fn order(&self) -> &[u32] {
        &self.order
    }
}
