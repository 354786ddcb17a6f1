//! Functions of complex numbers. The C library's own follow Annex G of C99 and are what NumPy calls; only the power has more cases.
use crate::Pair;

macro_rules! functions {
    ($($symbol:ident $name:ident;)*) => {
        unsafe extern "C" {
            $(safe fn $name(z: Pair) -> Pair;)*
            safe fn cpow(base: Pair, exponent: Pair) -> Pair;
        }
        $(
            #[doc = concat!("`", stringify!($name), "` of the C library.")]
            pub extern "C" fn $symbol(re: f64, im: f64) -> Pair {
                $name(Pair::new(re, im))
            }
        )*
    };
}
functions! {
    nb_csqrt csqrt; nb_cexp cexp; nb_clog clog; nb_csin csin; nb_ccos ccos; nb_ctan ctan; nb_csinh csinh; nb_ccosh ccosh; nb_ctanh ctanh;
    nb_casin casin; nb_cacos cacos; nb_catan catan; nb_casinh casinh; nb_cacosh cacosh; nb_catanh catanh;
}

fn multiply(a: Pair, b: Pair) -> Pair {
    Pair::new(a.first * b.first - a.second * b.second, a.first * b.second + a.second * b.first)
}

/// Power as in NumPy: repeated multiplication for small whole exponents, so that it is exact where it can be.
pub extern "C" fn nb_cpow(re: f64, im: f64, exponent_re: f64, exponent_im: f64) -> Pair {
    let base = Pair::new(re, im);
    if exponent_re == 0.0 && exponent_im == 0.0 {
        return Pair::new(1.0, 0.0);
    }
    if re == 0.0 && im == 0.0 {
        return if exponent_re > 0.0 { Pair::new(0.0, 0.0) } else { Pair::new(f64::NAN, f64::NAN) };
    }
    if exponent_im == 0.0 && exponent_re.trunc() == exponent_re && exponent_re.abs() < 100.0 {
        let (mut result, mut power, mut left) = (None, base, exponent_re.abs() as u32);
        while left != 0 {
            if left & 1 != 0 {
                result = Some(result.map_or(power, |r| multiply(r, power)));
            }
            power = multiply(power, power);
            left >>= 1;
        }
        let result = result.unwrap_or(Pair::new(1.0, 0.0));
        return if exponent_re < 0.0 { nb_cdiv(1.0, 0.0, result.first, result.second) } else { result };
    }
    cpow(base, Pair::new(exponent_re, exponent_im))
}

/// Quotient by Smith's method, which does not overflow half-way.
pub extern "C" fn nb_cdiv(re: f64, im: f64, by_re: f64, by_im: f64) -> Pair {
    if by_re.abs() >= by_im.abs() {
        if by_re == 0.0 {
            return Pair::new(re / by_re.abs(), im / by_re.abs());
        }
        let ratio = by_im / by_re;
        let scale = by_re + by_im * ratio;
        Pair::new((re + im * ratio) / scale, (im - re * ratio) / scale)
    } else {
        let ratio = by_re / by_im;
        let scale = by_re * ratio + by_im;
        Pair::new((re * ratio + im) / scale, (im * ratio - re) / scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_c_library_is_called_as_it_expects() {
        assert_eq!(nb_csqrt(-4.0, 0.0), Pair::new(0.0, 2.0));
        assert_eq!(nb_csqrt(-4.0, -0.0), Pair::new(0.0, -2.0));
        assert_eq!(nb_cexp(0.0, 0.0), Pair::new(1.0, 0.0));
        let log = nb_clog(-1.0, 0.0);
        assert_eq!((log.first, log.second), (0.0, std::f64::consts::PI));
    }

    #[test]
    fn powers() {
        assert_eq!(nb_cpow(0.0, 0.0, 0.0, 0.0), Pair::new(1.0, 0.0));
        assert_eq!(nb_cpow(1.0, 2.0, 2.0, 0.0), Pair::new(-3.0, 4.0));
        assert_eq!(nb_cpow(0.0, 1.0, -1.0, 0.0), Pair::new(0.0, -1.0));
        assert!(nb_cpow(0.0, 0.0, -1.0, 0.0).first.is_nan());
        let root = nb_cpow(-1.0, 0.0, 0.5, 0.0);
        assert!(root.first.abs() < 1e-15 && (root.second - 1.0).abs() < 1e-15);
    }

    #[test]
    fn quotients() {
        assert_eq!(nb_cdiv(1.0, 2.0, 3.0, 4.0), Pair::new(0.44, 0.08));
        assert_eq!(nb_cdiv(1e300, 1e300, 1e300, 1e300), Pair::new(1.0, 0.0));
        assert_eq!(nb_cdiv(1.0, 0.0, 0.0, 0.0).first, f64::INFINITY);
        assert!(nb_cdiv(1.0, 0.0, f64::NAN, 0.0).first.is_nan());
    }
}
