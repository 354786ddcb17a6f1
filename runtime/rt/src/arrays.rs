//! Arrays as text. Whoever runs compiled code says how arrays look, which in Python is as NumPy shows them, options of the program included.
use crate::{shape::Shape, strings::out::Out};
use numbra_abi::DType;
use std::sync::OnceLock;

/// An array in memory: sizes and strides in bytes, one for each axis.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'m> {
    /// The type of an element
    pub dtype: DType,
    /// The first element
    pub data: *const u8,
    /// Sizes
    pub shape: &'m [i64],
    /// Strides in bytes
    pub strides: &'m [i64],
}

/// Shows an array, by `repr` if that is true, else by `str`. The elements are alive during the call.
pub type Shower = unsafe fn(Elements, bool) -> String;

static SHOWER: OnceLock<Shower> = OnceLock::new();

/// Says how arrays are shown; the first to say so wins. Without it, all elements are listed.
pub fn set_shower(shower: Shower) {
    _ = SHOWER.set(shower);
}

impl Elements<'_> {
    /// Appends the array as text.
    ///
    /// # Safety
    /// All elements are alive.
    pub unsafe fn show(self, repr: bool, out: &mut Out) {
        // SAFETY: promised by the caller.
        unsafe {
            match SHOWER.get() {
                Some(shower) => out.push_str(&shower(self, repr)),
                None => self.list(out),
            }
        }
    }

    // Elements as they are shown alone, in brackets.
    unsafe fn list(self, out: &mut Out) {
        let Some((n, shape)) = self.shape.split_first() else {
            // SAFETY: promised by the caller; an element is no longer than two slots.
            unsafe {
                let mut slots = [0u64; 2];
                let part = if self.dtype.is_complex() { self.dtype.part().size() } else { self.dtype.size() };
                for i in 0..self.dtype.size() / part.max(1) {
                    std::ptr::copy_nonoverlapping(self.data.add(i * part), slots.as_mut_ptr().add(i).cast(), part);
                }
                return Shape::Scalar(self.dtype).show(slots.as_ptr(), false, out);
            }
        };
        let (stride, strides) = self.strides.split_first().map_or((0, self.strides), |(s, rest)| (*s, rest));
        out.push('[');
        for i in 0..*n {
            if i > 0 {
                out.push(' ');
            }
            // SAFETY: the element is one of the array.
            unsafe { Elements { data: self.data.offset((i * stride) as isize), shape, strides, ..self }.list(out) }
        }
        out.push(']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_in_brackets() {
        let values = [1.5f64, 2.0, -0.0, 4.0];
        let mut out = Out::default();
        let array = Elements { dtype: DType::Float64, data: values.as_ptr().cast(), shape: &[2, 2], strides: &[8, 16] };
        // SAFETY: the elements are those of the local array.
        unsafe { array.list(&mut out) };
        assert_eq!(out.text, "[[1.5 -0.0] [2.0 4.0]]");
    }
}
