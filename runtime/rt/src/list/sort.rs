//! The order of a list's elements: backwards, and sorted.
use super::List;
use crate::shape::Shape;
use numbra_abi::DType;

/// Reverses the order.
///
/// # Safety
/// A live list.
pub unsafe extern "C" fn nb_list_reverse(list: *mut List) {
    // SAFETY: promised by the caller.
    let (words, slots) = unsafe { ((*list).words(), (*list).slots) };
    // The words backwards, then those of each element again.
    words.reverse();
    words.chunks_mut(slots.max(1)).for_each(<[u64]>::reverse);
}

/// Sorts, stable.
///
/// # Safety
/// A live list of elements that have an order.
pub unsafe extern "C" fn nb_list_sort(list: *mut List, reversed: i32) {
    // SAFETY: promised by the caller; the elements stay where they are while they are compared.
    unsafe {
        let (words, slots, shape) = ((*list).words(), (*list).slots, Shape::read((*list).descriptor));
        if reversed != 0 {
            nb_list_reverse(list);
        }
        match shape {
            Shape::Scalar(DType::Int64) => words.sort_by_key(|w| *w as i64),
            _ if slots == 1 => words.sort_by(|a, b| shape.order(a, b)),
            Shape::Str => words.as_chunks_mut::<3>().0.sort_by(|a, b| shape.order(a.as_ptr(), b.as_ptr())),
            // Keys with their positions, in particular.
            Shape::Tuple(ref parts) if parts[..] == [Shape::Scalar(DType::Int64), Shape::Scalar(DType::Int64)] => {
                words.as_chunks_mut::<2>().0.sort_by_key(|[a, b]| (*a as i64, *b as i64));
            }
            _ if slots == 2 => words.as_chunks_mut::<2>().0.sort_by(|a, b| shape.order(a.as_ptr(), b.as_ptr())),
            _ if slots > 1 => {
                let old = words.to_vec();
                let mut order: Vec<usize> = (0..old.len() / slots).collect();
                order.sort_by(|a, b| shape.order(&old[a * slots], &old[b * slots]));
                for (place, from) in words.chunks_mut(slots).zip(order) {
                    place.copy_from_slice(&old[from * slots..(from + 1) * slots]);
                }
            }
            _ => {}
        }
        if reversed != 0 {
            nb_list_reverse(list);
        }
    }
}
