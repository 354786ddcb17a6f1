//! Random numbers for the trials of rules: the same ones each time.
use crate::{
    complex::Complex,
    operators::is_integer,
    scalar::{self, Scalar},
};
use numbra_abi::DType;

/// Generator by shifts and multiplication.
#[derive(Clone, Debug)]
pub struct Random(u64);

/// Which floats are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tame {
    /// Special ones too
    Wild,
    /// NaN, but no others that are special
    ButNan,
    /// None that is special
    Tame,
}

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below a number.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n.max(1) as u64) as usize
    }

    /// True so many times in 100.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a list.
    pub fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// An element of a type.
    pub fn element(&mut self, dtype: DType, tame: Tame) -> Option<Scalar> {
        let mut float = || if tame == Tame::ButNan && self.chance(20) {
            f64::NAN
        } else if tame != Tame::Wild || self.chance(40) {
            let size = 0.25 + self.below(3750) as f64 / 1000.0;
            if self.chance(40) { -size } else { size }
        } else {
            let special = [0.0, -0.0, 1.0, -1.0, 2.0, 0.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324, 3e-310, 1e-45, 1e38, 1.7e308, -1.7e308, 3.4e38, 1e16, 0.1, -3.0, 7.0];
            self.of(&special)
        };
        Some(match dtype {
            DType::Bool => Scalar::Bool(self.chance(50)),
            DType::Float32 => Scalar::F32(float() as f32),
            DType::Float64 => Scalar::F64(float()),
            DType::Complex64 => Scalar::C64(Complex(float() as f32, float() as f32)),
            DType::Complex128 => Scalar::C128(Complex(float(), float())),
            d if is_integer(d) => {
                let bits = self.bits() as i128;
                let ends = [0, 1, -1, 2, 3, -2, 7, -8, 1 << (scalar::width(d) - 1), (1 << (scalar::width(d) - 1)) - 1];
                let n = if self.chance(40) { self.below(13) as i128 - 6 } else if self.chance(60) { self.of(&ends) } else { bits };
                Scalar::Int(scalar::wrap(d, n))
            }
            _ => return None,
        })
    }
}
