//! What the functions need to know of a float format: where its bits are, constants split into parts, and polynomials as short as its precision allows.

/// One IEEE 754 format.
pub struct Precision {
    /// Bits behind the point
    pub mantissa: i64,
    /// What is added to exponents
    pub bias: i64,
    /// 1.5 times 2 to the number of these bits: adding it rounds to an integer, which then stands in the lowest bits
    pub round: f64,
    /// Its bits
    pub round_bits: i64,
    /// Smallest normal number
    pub least: f64,
    /// Power of two that makes every number normal
    pub lift: f64,
    /// Its exponent
    pub lift_exponent: f64,
    /// Bits of the root of one half
    pub sqrt_half_bits: i64,
    /// Bits of infinity
    pub infinity_bits: i64,
    /// Beyond this `exp` is infinite
    pub exp_most: f64,
    /// Below this `exp` is 0
    pub exp_least: f64,
    /// Below this `expm1` is -1, and beyond minus this `tanh` is 1
    pub expm1_least: f64,
    /// ln 2, rounded, and what is missing
    pub ln2: [f64; 2],
    /// ln 2 with so many zeros at the end that a product with an exponent is exact, and what is missing
    pub ln2_short: [f64; 2],
    /// log10 2, likewise
    pub log10_2_short: [f64; 2],
    /// 1 / ln 2, rounded, and what is missing
    pub log2_e: [f64; 2],
    /// 1 / ln 10, rounded, and what is missing
    pub log10_e: [f64; 2],
    /// P in e^r = 1 + r + r² P(r) for |r| < ln 2 / 2, in the relative error of the result
    pub exp: &'static [f64],
    /// L in ln((1 + s) / (1 - s)) = 2 s + s³ L(s²) for |s| < 0.1716, in the relative error of the result
    pub log: &'static [f64],
    /// Taylor's coefficients of `sinh` behind the first, for |x| < 1
    pub sinh: &'static [f64],
    /// P in erf x = x + x P(x²) for |x| < 1, in the relative error of the result
    pub erf_near: &'static [f64],
    /// Q in erf x = 1 - e^-Q(x - 1) for x from 1 to `erf_most`, in the error of the result
    pub erf_far: &'static [f64],
    /// From here on the result is 1
    pub erf_most: f64,
}

/// `double`
pub static DOUBLE: Precision = Precision {
    mantissa: 52,
    bias: 1023,
    round: 6755399441055744.0,
    round_bits: 0x4338_0000_0000_0000,
    least: f64::MIN_POSITIVE,
    lift: 1.8014398509481984e+16,
    lift_exponent: 54.0,
    sqrt_half_bits: 0x3fe6_a09e_667f_3bcd,
    infinity_bits: 0x7ff0_0000_0000_0000,
    exp_most: 750.0,
    exp_least: -750.0,
    expm1_least: -60.0,
    ln2: [0.6931471805599453, 2.3190468138462996e-17],
    ln2_short: [0.6931471805598903, 5.497923018708371e-14],
    log10_2_short: [0.30102999566395283, 2.8363394551044964e-14],
    log2_e: [1.4426950408889634, 2.0355273740931033e-17],
    log10_e: [0.4342944819032518, 1.098319650216765e-17],
    exp: &[0.5000000000000011, 0.1666666666666641, 0.041666666666529184, 0.008333333333495632, 0.0013888888943922881, 0.0001984126950474295, 2.480149276262773e-05, 2.755758736433754e-06, 2.7630378662027823e-07, 2.499995784190675e-08],
    erf_near: &[
        0.12837916709551256, -0.37612638903183543, 0.11283791670945062, -0.026866170643244043, 0.005223977607147715, -0.0008548325975973796, 0.00012055294896457194,
        -1.4924736278600376e-05, 1.6447411509817352e-06, -1.6208343544826524e-07, 1.3719297848477837e-08, -7.794185428399071e-10,
    ],
    erf_far: &[
        1.8496055099332482, 2.638967514234776, 0.843107256359407, 0.041561098025166374, -0.010033825179863063, 0.001977901219796144, -0.00023731644912999066, -2.629629110290716e-05,
        2.7198909065817316e-05, -9.671295130955535e-06, 2.13186267311457e-06, -2.0475841494859948e-07, -5.8038791468551406e-08, 3.3401238908422744e-08, -8.521340183122526e-09,
        1.3195415395828532e-09, -1.1937045336820468e-10, 4.86705628019029e-12,
    ],
    erf_most: 6.0,
    sinh: &[1.0 / 6.0, 1.0 / 120.0, 1.0 / 5040.0, 1.0 / 362_880.0, 1.0 / 39_916_800.0, 1.0 / 6_227_020_800.0, 1.0 / 1_307_674_368_000.0, 1.0 / 355_687_428_096_000.0],
    log: &[0.6666666666666735, 0.399999999994111, 0.285714287432618, 0.22222198476058086, 0.18183569736446728, 0.15313903325141737, 0.1479750701324376],
};

/// `float`
pub static SINGLE: Precision = Precision {
    mantissa: 23,
    bias: 127,
    round: 12582912.0,
    round_bits: 0x4b40_0000,
    least: f32::MIN_POSITIVE as f64,
    lift: 33554432.0,
    lift_exponent: 25.0,
    sqrt_half_bits: 0x3f35_04f3,
    infinity_bits: 0x7f80_0000,
    exp_most: 110.0,
    exp_least: -110.0,
    expm1_least: -30.0,
    ln2: [0.6931471824645996, -1.9046542121259336e-09],
    ln2_short: [0.693145751953125, 1.428606765330187e-06],
    log10_2_short: [0.301025390625, 4.605039066518657e-06],
    log2_e: [1.4426950216293335, 1.925963033500011e-08],
    log10_e: [0.4342944920063019, -1.0103049952192578e-08],
    exp: &[0.4999999403953552, 0.1666651964187622, 0.04166839271783829, 0.008368780836462975, 0.0013814506819471717],
    erf_near: &[0.1283791658981923, -0.3761262700419583, 0.1128359840843476, -0.026854359351636423, 0.0051893520884453105, -0.0008019045288753647, 7.882577505049246e-05],
    erf_far: &[1.8496055164110086, 2.638966817900233, 0.8431183211849556, 0.0415007348992703, -0.009890956919021978, 0.0018262041632349923, -0.00018558336245756726],
    erf_most: 4.0,
    sinh: &[1.0 / 6.0, 1.0 / 120.0, 1.0 / 5040.0, 1.0 / 362_880.0, 1.0 / 39_916_800.0],
    log: &[0.6666677594184875, 0.3997749388217926, 0.2987309396266937],
};
