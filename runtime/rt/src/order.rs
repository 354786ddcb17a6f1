//! Sorting and selection of rows of numbers, which compiled code calls with the element type: precompiled, so that a program that sorts
//! compiles as fast as one that adds.
//!
//! Numbers are ordered by unsigned keys of their width: NaN and NaT come last. Long rows are sorted by the bytes of the keys, from the lowest
//! (a byte that is the same everywhere costs nothing), short ones and selections by the standard library. Positions are sorted together
//! with their keys, so that equal elements keep their order; there both zeros are one, and sorted zeros get their signs back in order. Complex numbers, which have no key, are compared.
mod complex;
mod merge;

use complex::Complex;
use std::ffi::c_void;

/// An unsigned integer whose bytes are looked at one by one.
trait Key: Copy + Ord + Default + Send + Sync {
    const BYTES: usize;
    fn byte(self, i: usize) -> usize;
}

/// An element that has a key.
trait Number: Copy + Send + Sync {
    type Key: Key;
    fn key(self) -> Self::Key;
    fn of(key: Self::Key) -> Self;
    /// The key where equal elements have equal ones.
    fn rank(self) -> Self::Key {
        self.key()
    }
    /// The elements that are equal but not the same, in their order, if there are such. None when memory is exhausted.
    fn twins(_row: &[Self]) -> Option<Vec<Self>> {
        Some(vec![])
    }
}

macro_rules! keys {
    ($($t:ident)*) => {
        $(impl Key for $t {
            const BYTES: usize = size_of::<$t>();
            fn byte(self, i: usize) -> usize {
                (self >> (8 * i)) as usize & 255
            }
        })*
    };
}
keys!(u8 u16 u32 u64);

macro_rules! integers {
    ($($t:ident $key:ident $flip:expr;)*) => {
        $(impl Number for $t {
            type Key = $key;
            fn key(self) -> $key {
                self as $key ^ $flip
            }
            fn of(key: $key) -> Self {
                (key ^ $flip) as $t
            }
        })*
    };
}
integers! { u8 u8 0; u16 u16 0; u32 u32 0; u64 u64 0; i8 u8 1 << 7; i16 u16 1 << 15; i32 u32 1 << 31; i64 u64 1 << 63; }

macro_rules! floats {
    ($($t:ident $key:ident $signed:ident;)*) => {
        $(impl Number for $t {
            type Key = $key;
            fn key(self) -> $key {
                let bits = self.to_bits();
                let sign = (bits as $signed >> ($key::BITS - 1)) as $key;
                if self.is_nan() { $key::MAX } else { bits ^ (sign | 1 << ($key::BITS - 1)) }
            }
            fn of(key: $key) -> Self {
                let sign = (key as $signed >> ($key::BITS - 1)) as $key;
                if key == $key::MAX { $t::NAN } else { $t::from_bits(key ^ (!sign | 1 << ($key::BITS - 1))) }
            }
            fn rank(self) -> $key {
                (self + 0.0).key()
            }
            fn twins(row: &[$t]) -> Option<Vec<$t>> {
                let mut zeros = vec![];
                if row.iter().filter(|x| x.to_bits() == (-0.0 as $t).to_bits()).count() > 0 {
                    zeros.try_reserve_exact(row.iter().filter(|x| **x == 0.0).count()).ok()?;
                    zeros.extend(row.iter().filter(|x| **x == 0.0));
                }
                Some(zeros)
            }
        })*
    };
}
floats! { f32 u32 i32; f64 u64 i64; }

/// A count of a unit of time: the smallest is NaT.
#[derive(Clone, Copy)]
#[repr(transparent)]
struct Time(i64);

impl Number for Time {
    type Key = u64;
    fn key(self) -> u64 {
        self.0.key().wrapping_sub(1)
    }
    fn of(key: u64) -> Self {
        Time(i64::of(key.wrapping_add(1)))
    }
}

/// From so many keys on their bytes are sorted.
const LONG: usize = 1024;

/// Sorts by the bytes of keys; `spare` is as long. None when memory is exhausted.
fn by_bytes<K: Key, T: Copy + Default>(row: &mut [T], key: impl Fn(&T) -> K) -> Option<()> {
    let mut spare = buffer(row.len(), T::default())?;
    let mut counts = [[0usize; 256]; 8];
    for x in row.iter() {
        for (i, count) in counts.iter_mut().enumerate().take(K::BYTES) {
            count[key(x).byte(i)] += 1;
        }
    }
    let n = row.len();
    let (mut from, mut to) = (row, &mut spare[..]);
    let mut swapped = false;
    for (i, count) in counts.iter_mut().enumerate().take(K::BYTES) {
        if count[key(&from[0]).byte(i)] == n {
            continue;
        }
        let mut start = 0;
        for place in count.iter_mut() {
            (*place, start) = (start, start + *place);
        }
        for x in from.iter() {
            let place = &mut count[key(x).byte(i)];
            to[*place] = *x;
            *place += 1;
        }
        std::mem::swap(&mut from, &mut to);
        swapped = !swapped;
    }
    if swapped {
        to.copy_from_slice(from);
    }
    Some(())
}

fn buffer<T: Clone>(n: usize, value: T) -> Option<Vec<T>> {
    let mut new = vec![];
    new.try_reserve_exact(n).ok()?;
    new.resize(n, value);
    Some(new)
}

/// What can be done with a row of elements of one type. The functions return nothing when memory is exhausted.
trait Row: Copy + Send + Sync {
    fn sort(row: &mut [Self]) -> Option<()>;
    fn sort_by_parts(row: &mut [Self]) -> Option<()>;
    fn sort_positions_by_parts(row: &[Self], order: &mut [i64]) -> Option<()>;
    fn select(row: &mut [Self], k: usize);
    fn sort_positions(row: &[Self], order: &mut [i64]) -> Option<()>;
    fn select_position(row: &[Self], order: &mut [i64], k: usize) -> Option<()>;
}

/// Replaces the elements by their keys while `work` runs.
fn with_keys<N: Number>(row: &mut [N], work: impl FnOnce(&mut [N::Key])) {
    const { assert!(size_of::<N>() == size_of::<N::Key>() && align_of::<N>() == align_of::<N::Key>()) };
    let (data, n) = (row.as_mut_ptr(), row.len());
    // SAFETY: an element and its key take the same place, and all bits are keys; the row is used through the keys only, until each is an element again.
    unsafe {
        for i in 0..n {
            data.cast::<N::Key>().add(i).write(data.add(i).read().key());
        }
        let keys = std::slice::from_raw_parts_mut(data.cast::<N::Key>(), n);
        work(keys);
        for i in 0..n {
            data.add(i).write(N::of(data.cast::<N::Key>().add(i).read()));
        }
    }
}

fn pairs<N: Number>(row: &[N]) -> Option<Vec<(N::Key, i64)>> {
    let mut new = vec![];
    new.try_reserve_exact(row.len()).ok()?;
    new.extend(row.iter().zip(0..).map(|(x, i)| (x.rank(), i)));
    Some(new)
}

fn put<T>(pairs: &[(T, i64)], order: &mut [i64]) {
    for (place, pair) in order.iter_mut().zip(pairs) {
        *place = pair.1;
    }
}

/// Sorts elements as `sort` sorts their keys.
fn sort_keys<N: Number>(row: &mut [N], sort: impl FnOnce(&mut [N::Key]) -> Option<()>) -> Option<()> {
    let twins = N::twins(row)?;
    let mut done = Some(());
    with_keys(row, |keys| done = sort(keys));
    if let Some(first) = twins.first() {
        let start = row.partition_point(|x| x.rank() < first.rank());
        row[start..start + twins.len()].copy_from_slice(&twins);
    }
    done
}

impl<N: Number> Row for N {
    fn sort(row: &mut [N]) -> Option<()> {
        sort_keys(row, |keys| {
            if keys.len() >= LONG {
                return by_bytes(keys, |k| *k);
            }
            keys.sort_unstable();
            Some(())
        })
    }

    fn sort_by_parts(row: &mut [N]) -> Option<()> {
        sort_keys(row, |keys| merge::sort(keys, |part| by_bytes(part, |k| *k), |a, b| a < b))
    }

    fn sort_positions_by_parts(row: &[N], order: &mut [i64]) -> Option<()> {
        let mut all = pairs(row)?;
        merge::sort(&mut all, |part| by_bytes(part, |pair| pair.0), |a, b| a.0 < b.0)?;
        put(&all, order);
        Some(())
    }

    fn select(row: &mut [N], k: usize) {
        with_keys(row, |keys| { keys.select_nth_unstable(k); });
    }

    fn sort_positions(row: &[N], order: &mut [i64]) -> Option<()> {
        let mut all = pairs(row)?;
        if all.len() < LONG { all.sort_unstable() } else { by_bytes(&mut all, |pair| pair.0)? }
        put(&all, order);
        Some(())
    }

    fn select_position(row: &[N], order: &mut [i64], k: usize) -> Option<()> {
        let mut all = pairs(row)?;
        all.select_nth_unstable(k);
        put(&all, order);
        Some(())
    }
}

/// The rest of a function for the type of its elements: its place in the table of scalar types, and behind it the type of times.
macro_rules! dispatch {
    ($dtype:expr, $work:ident($($argument:expr),*)) => {
        match $dtype {
            0 | 5 => $work::<u8>($($argument),*),
            1 => $work::<i8>($($argument),*),
            2 => $work::<i16>($($argument),*),
            3 => $work::<i32>($($argument),*),
            4 => $work::<i64>($($argument),*),
            6 => $work::<u16>($($argument),*),
            7 => $work::<u32>($($argument),*),
            8 => $work::<u64>($($argument),*),
            9 => $work::<f32>($($argument),*),
            10 => $work::<f64>($($argument),*),
            11 => $work::<Complex<f32>>($($argument),*),
            12 => $work::<Complex<f64>>($($argument),*),
            _ => $work::<Time>($($argument),*),
        }
    };
}

/// # Safety
/// So many aligned elements of type `T`.
unsafe fn row<'a, T>(data: *const c_void, n: i64) -> &'a [T] {
    // SAFETY: promised by the caller.
    unsafe { std::slice::from_raw_parts(data.cast(), n.max(0) as usize) }
}

/// # Safety
/// As `row`; the elements can be written.
unsafe fn row_mut<'a, T>(data: *mut c_void, n: i64) -> &'a mut [T] {
    // SAFETY: promised by the caller.
    unsafe { std::slice::from_raw_parts_mut(data.cast(), n.max(0) as usize) }
}

fn status(done: Option<()>) -> i32 {
    i32::from(done.is_none())
}

/// Sorts a contiguous row in place; 1 when memory is exhausted, else 0.
///
/// # Safety
/// So many elements of the type, aligned.
pub unsafe extern "C" fn nb_sort(data: *mut c_void, n: i64, dtype: i64) -> i32 {
    unsafe fn work<T: Row>(data: *mut c_void, n: i64) -> i32 {
        // SAFETY: promised by the caller.
        status(T::sort(unsafe { row_mut(data, n) }))
    }
    // SAFETY: promised by the caller.
    unsafe { dispatch!(dtype, work(data, n)) }
}

/// The same, of long rows on several threads.
///
/// # Safety
/// As of [`nb_sort`].
pub unsafe extern "C" fn nb_sort_parallel(data: *mut c_void, n: i64, dtype: i64) -> i32 {
    unsafe fn work<T: Row>(data: *mut c_void, n: i64) -> i32 {
        // SAFETY: promised by the caller.
        status(T::sort_by_parts(unsafe { row_mut(data, n) }))
    }
    // SAFETY: promised by the caller.
    unsafe { dispatch!(dtype, work(data, n)) }
}

/// Writes the positions in sorted order of a contiguous row; 1 when memory is exhausted, else 0.
///
/// # Safety
/// So many elements of the type, aligned, and as many positions.
pub unsafe extern "C" fn nb_sort_positions(data: *const c_void, n: i64, dtype: i64, order: *mut i64) -> i32 {
    unsafe fn work<T: Row>(data: *const c_void, n: i64, order: *mut i64) -> i32 {
        // SAFETY: promised by the caller.
        unsafe { status(T::sort_positions(row(data, n), row_mut(order.cast(), n))) }
    }
    // SAFETY: promised by the caller.
    unsafe { dispatch!(dtype, work(data, n, order)) }
}

/// The same, of long rows on several threads.
///
/// # Safety
/// As of [`nb_sort_positions`].
pub unsafe extern "C" fn nb_sort_positions_parallel(data: *const c_void, n: i64, dtype: i64, order: *mut i64) -> i32 {
    unsafe fn work<T: Row>(data: *const c_void, n: i64, order: *mut i64) -> i32 {
        // SAFETY: promised by the caller.
        unsafe { status(if n < LONG as i64 { T::sort_positions(row(data, n), row_mut(order.cast(), n)) } else { T::sort_positions_by_parts(row(data, n), row_mut(order.cast(), n)) }) }
    }
    // SAFETY: promised by the caller.
    unsafe { dispatch!(dtype, work(data, n, order)) }
}

/// Moves the element that sorting would put at `k` there, smaller ones before it and larger ones behind.
///
/// # Safety
/// So many elements of the type, aligned; `k` is one of their positions.
pub unsafe extern "C" fn nb_select(data: *mut c_void, n: i64, dtype: i64, k: i64) {
    unsafe fn work<T: Row>(data: *mut c_void, n: i64, k: i64) {
        // SAFETY: promised by the caller.
        T::select(unsafe { row_mut(data, n) }, k as usize);
    }
    if (0..n).contains(&k) {
        // SAFETY: promised by the caller.
        unsafe { dispatch!(dtype, work(data, n, k)) }
    }
}

/// Writes positions so that the one of the element that sorting would put at `k` is there; 1 when memory is exhausted, else 0.
///
/// # Safety
/// So many elements of the type, aligned, and as many positions.
pub unsafe extern "C" fn nb_select_position(data: *const c_void, n: i64, dtype: i64, order: *mut i64, k: i64) -> i32 {
    unsafe fn work<T: Row>(data: *const c_void, n: i64, order: *mut i64, k: i64) -> i32 {
        // SAFETY: promised by the caller.
        unsafe { status(T::select_position(row(data, n), row_mut(order.cast(), n), k as usize)) }
    }
    if !(0..n).contains(&k) {
        return 0;
    }
    // SAFETY: promised by the caller.
    unsafe { dispatch!(dtype, work(data, n, order, k)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering;
    use numbra_abi::DType;

    fn code(d: DType) -> i64 {
        d.index().map_or(13, |i| i as i64)
    }

    fn noise(n: usize) -> impl Iterator<Item = u64> {
        let mut x = 88172645463325252u64;
        (0..n).map(move |_| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            x
        })
    }

    #[test]
    fn floats_of_all_lengths() {
        for n in [0usize, 1, 2, 100, LONG - 1, LONG, 5000] {
            let a: Vec<f64> = noise(n).map(|x| if x % 50 == 0 { -f64::NAN } else { (x as i64) as f64 * 1e-17 }).collect();
            let mut expected = a.clone();
            expected.sort_by(|x, y| x.is_nan().cmp(&y.is_nan()).then(x.partial_cmp(y).unwrap_or(Ordering::Equal)));
            let same = |x: &f64, y: &f64| x == y || x.is_nan() && y.is_nan();
            let mut sorted = a.clone();
            let mut order = vec![0i64; n];
            // SAFETY: rows of these tests.
            unsafe {
                assert_eq!(nb_sort(sorted.as_mut_ptr().cast(), n as i64, code(DType::Float64)), 0);
                assert_eq!(nb_sort_positions(a.as_ptr().cast(), n as i64, code(DType::Float64), order.as_mut_ptr()), 0);
            }
            assert!(sorted.iter().zip(&expected).all(|(x, y)| same(x, y)), "{n}");
            assert!(order.iter().zip(&expected).all(|(i, y)| same(&a[*i as usize], y)), "{n}");
            for k in [0, n / 3, n.saturating_sub(1)] {
                let mut part = a.clone();
                // SAFETY: as above; a position outside is left alone.
                unsafe {
                    nb_select(part.as_mut_ptr().cast(), n as i64, code(DType::Float64), k as i64);
                    assert_eq!(nb_select_position(a.as_ptr().cast(), n as i64, code(DType::Float64), order.as_mut_ptr(), k as i64), 0);
                }
                assert!(n == 0 || same(&part[k], &expected[k]) && same(&a[order[k] as usize], &expected[k]), "{n} {k}");
            }
        }
    }

    #[test]
    fn equal_elements_keep_their_order() {
        for n in [10usize, 3000] {
            let a: Vec<f32> = noise(n).map(|x| if x % 3 == 0 { 0.0 } else { -0.0 }).collect();
            let mut order = vec![0i64; n];
            // SAFETY: as above.
            unsafe { nb_sort_positions(a.as_ptr().cast(), n as i64, code(DType::Float32), order.as_mut_ptr()) };
            assert!(order.iter().copied().eq(0..n as i64));
            let mut row = a.clone();
            row[3] = 1.0;
            // SAFETY: as above.
            unsafe { nb_sort(row.as_mut_ptr().cast(), n as i64, code(DType::Float32)) };
            assert!(row.pop() == Some(1.0) && row.iter().zip(a[..3].iter().chain(&a[4..])).all(|(x, y)| x.to_bits() == y.to_bits()));
        }
    }

    #[test]
    fn integers_and_times() {
        let mut a: Vec<i64> = noise(3000).map(|x| x as i64 % 1000).collect();
        a[7] = i64::MIN;
        let mut expected = a.clone();
        expected.sort_unstable();
        let mut sorted = a.clone();
        // SAFETY: as above.
        unsafe { nb_sort(sorted.as_mut_ptr().cast(), 3000, code(DType::Int64)) };
        assert_eq!(sorted, expected);
        let mut times = a;
        // SAFETY: as above.
        unsafe { nb_sort(times.as_mut_ptr().cast(), 3000, 13) };
        expected.rotate_left(1);
        assert_eq!(times, expected);
        let mut small: Vec<i8> = (0..2000).map(|x| (x * 37 % 256) as u8 as i8).collect();
        // SAFETY: as above.
        unsafe { nb_sort(small.as_mut_ptr().cast(), 2000, code(DType::Int8)) };
        assert!(small.is_sorted());
    }

    #[test]
    fn complex_numbers_with_nan_come_last() {
        let nan = f64::NAN;
        let mut a = [[nan, nan], [nan, 1.0], [1.0, nan], [2.0, 0.0], [1.0, 5.0], [1.0, -5.0]];
        // SAFETY: as above.
        unsafe { nb_sort(a.as_mut_ptr().cast(), 6, code(DType::Complex128)) };
        assert_eq!(a[..3], [[1.0, -5.0], [1.0, 5.0], [2.0, 0.0]]);
        assert!(a[3][0] == 1.0 && a[4][1] == 1.0 && a[5][1].is_nan());
    }
}
