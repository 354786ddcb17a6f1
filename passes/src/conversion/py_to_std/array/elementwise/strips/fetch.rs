//! Rows that come next are fetched while those before them are computed.
use crate::conversion::py_to_std::{array::nest::{self, Copies}, build::{V, Vs}, cx::{Cx, Res}};
use melior::dialect::arith::{self, CmpiPredicate};

/// Bytes of a cache line.
const LINE: i64 = 64;
/// Arrays of fewer bytes are in the second cache anyway, in which they are fetched.
const LARGE: i64 = 1 << 20;
/// More bytes than these would drive out there what is being computed.
const MOST: i64 = 256 << 10;

/// An array whose rows are fetched.
#[derive(Clone, Copy)]
pub struct Fetched<'c, 'a> {
    /// Its first row
    pub data: V<'c, 'a>,
    /// Bytes from one row to the next
    pub stride: V<'c, 'a>,
}

impl<'c: 'a, 'a> Fetched<'c, 'a> {
    /// What it is made of.
    pub fn values(&self) -> [V<'c, 'a>; 2] {
        [self.data, self.stride]
    }

    /// The same array made of other values.
    pub fn with(&self, values: &[V<'c, 'a>]) -> Self {
        match values {
            [data, stride] => Self { data: *data, stride: *stride },
            _ => *self,
        }
    }

    /// How many lines some rows of so many have; none where they are better not fetched.
    pub fn lines(&self, cx: &mut Cx<'_, 'c, 'a>, rows: V<'c, 'a>, of: V<'c, 'a>) -> V<'c, 'a> {
        let (zero, line, large, most) = (cx.b.i64(0), cx.b.i64(LINE), cx.b.i64(LARGE), cx.b.i64(MOST));
        let (bytes, all) = (cx.b.mul(rows, self.stride), cx.b.mul(of, self.stride));
        let (is_large, fits) = (cx.b.cmp(CmpiPredicate::Sge, all, large), cx.b.cmp(CmpiPredicate::Ult, bytes, most));
        let worth = cx.b.and(is_large, fits);
        let lines = cx.b.value(arith::divui(bytes, line, cx.b.loc));
        cx.b.select(worth, lines, zero)
    }

    /// Fetches one of so many parts of the lines from a row on.
    pub fn ahead<'m>(&self, cx: &mut Cx<'m, 'c, 'a>, row: V<'c, 'a>, lines: V<'c, 'a>, part: usize, parts: usize) -> Res<()> {
        let (line, parts) = (cx.b.i64(LINE), cx.b.i64(parts as i64));
        let up_to = |cx: &mut Cx<'m, 'c, 'a>, part: usize| {
            let part = cx.b.i64(part as i64);
            let all = cx.b.mul_nsw(lines, part);
            cx.b.value(arith::divui(all, parts, cx.b.loc))
        };
        let (from, to) = (up_to(cx, part), up_to(cx, part + 1));
        let skipped = cx.b.mul(row, self.stride);
        let start = cx.b.offset(self.data, skipped);
        let count = cx.b.sub_nsw(to, from);
        nest::count_loop_of(cx, count, Copies::Scalar, &[], &mut |cx, i, _| {
            let at = cx.b.add_nsw(from, i);
            let bytes = cx.b.mul_nsw(at, line);
            let address = cx.b.offset(start, bytes);
            cx.b.prefetch(address);
            Ok(Vs::new())
        })?;
        Ok(())
    }
}
