//! Format specifications, Python's mini-language (`>10.3f`): the compiler reads those that are constant, the runtime all others.
//!
//! `nb_str_format` makes a string by a template, a text of pieces: [`TEXT`]; [`STR`], [`REPR`] or [`ASCII`] and a descriptor; [`SPEC`] or [`DYNAMIC`] and a
//! descriptor; [`crate::descriptor::CLOSE`] at the end. Each piece has its slots: of a text data and last word; of a specification its two words,
//! or data and last word of its text, and then those of the value.

/// A text
pub const TEXT: char = 'T';
/// `str` of a value
pub const STR: char = 's';
/// `repr` of a value
pub const REPR: char = 'r';
/// `ascii` of a value
pub const ASCII: char = 'a';
/// A value by a specification that is known
pub const SPEC: char = 'f';
/// A value by a specification that is a string
pub const DYNAMIC: char = 'd';

/// A specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Spec {
    /// What widths are filled with; a space unless given
    pub fill: char,
    /// `<`, `>`, `=` or `^`
    pub align: Option<char>,
    /// `+`, `-` or a space
    pub sign: Option<char>,
    /// `z`: no negative zero
    pub positive_zero: bool,
    /// `#`
    pub alternate: bool,
    /// A zero before the width
    pub zero: bool,
    /// `,` or `_`
    pub grouping: Option<char>,
    pub width: u32,
    pub precision: Option<u32>,
    /// The letter at the end
    pub kind: Option<char>,
}

/// What is formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A string
    Str,
    /// An integer or bool
    Int,
    /// A float
    Float,
}

const ALIGNS: [char; 4] = ['<', '>', '=', '^'];
const SIGNS: [char; 3] = ['+', '-', ' '];
const GROUPINGS: [char; 2] = [',', '_'];
/// No precision, in the packed form
const NONE: u32 = u32::MAX;

impl Spec {
    /// Reads a specification; the error is the text of Python's ValueError.
    pub fn parse(text: &str) -> Result<Spec, String> {
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        let mut spec = Spec { fill: ' ', align: None, sign: None, positive_zero: false, alternate: false, zero: false, grouping: None, width: 0, precision: None, kind: None };
        let is = |at: usize, set: &[char]| chars.get(at).copied().filter(|c| set.contains(c));
        if let Some(align) = is(1, &ALIGNS) {
            (spec.fill, spec.align, at) = (chars[0], Some(align), 2);
        } else if let Some(align) = is(0, &ALIGNS) {
            (spec.align, at) = (Some(align), 1);
        }
        let filled = at == 2;
        let take = |at: &mut usize, set: &[char]| is(*at, set).inspect(|_| *at += 1);
        spec.sign = take(&mut at, &SIGNS);
        spec.positive_zero = take(&mut at, &['z']).is_some();
        spec.alternate = take(&mut at, &['#']).is_some();
        if !filled && take(&mut at, &['0']).is_some() {
            (spec.zero, spec.fill) = (true, '0');
        }
        let number = |at: &mut usize| {
            let digits: String = chars[*at..].iter().take_while(|c| c.is_ascii_digit()).collect();
            *at += digits.len();
            if digits.is_empty() { Ok(None) } else { digits.parse().ok().filter(|n: &u32| *n <= i32::MAX as u32).map(Some).ok_or("Too many decimal digits in format string") }
        };
        spec.width = number(&mut at)?.unwrap_or(0);
        spec.grouping = take(&mut at, &GROUPINGS);
        if spec.grouping.is_some() && let Some(second) = take(&mut at, &GROUPINGS) {
            return Err(if Some(second) == spec.grouping { format!("Cannot specify '{second}' with '{second}'.") } else { "Cannot specify both ',' and '_'.".into() });
        }
        if take(&mut at, &['.']).is_some() {
            spec.precision = Some(number(&mut at)?.ok_or("Format specifier missing precision")?);
        }
        match chars[at..] {
            [] => {}
            [kind] => spec.kind = Some(kind),
            _ => return Err("Invalid format specifier".into()),
        }
        Ok(spec)
    }

    /// Refuses what values of a class do not take; the error is the text of Python's ValueError.
    pub fn check(&self, class: Class) -> Result<(), String> {
        let name = match class {
            Class::Str => "str",
            Class::Int => "int",
            Class::Float => "float",
        };
        let kind = self.kind;
        let float = matches!(kind, Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%'));
        let known = match class {
            Class::Str => matches!(kind, None | Some('s')),
            Class::Int => float || matches!(kind, None | Some('b' | 'c' | 'd' | 'o' | 'x' | 'X')),
            Class::Float => float || kind.is_none(),
        };
        if let (true, Some(kind)) = (!known, kind) {
            return Err(format!("Unknown format code '{kind}' for object of type '{name}'"));
        }
        if class == Class::Str {
            let refused = match (self.sign, self.grouping) {
                (Some(' '), _) => "Space not allowed in string format specifier".into(),
                (Some(_), _) => "Sign not allowed in string format specifier".into(),
                _ if self.positive_zero => "Negative zero coercion (z) not allowed in string format specifier".into(),
                _ if self.alternate => "Alternate form (#) not allowed in string format specifier".into(),
                _ if self.align == Some('=') => "'=' alignment not allowed in string format specifier".into(),
                (_, Some(g)) => format!("Cannot specify '{g}' with 's'."),
                _ => return Ok(()),
            };
            return Err(refused);
        }
        if class == Class::Int && !float {
            let letter = kind.unwrap_or('d');
            if self.precision.is_some() {
                return Err("Precision not allowed in integer format specifier".into());
            }
            if self.positive_zero {
                return Err("Negative zero coercion (z) not allowed in format specifier with integer presentation type".into());
            }
            if let (Some(g), 'b' | 'o' | 'x' | 'X' | 'c') = (self.grouping, letter)
                && (g == ',' || letter == 'c')
            {
                return Err(format!("Cannot specify '{g}' with '{letter}'."));
            }
            if letter == 'c' && self.sign.is_some() {
                return Err("Sign not allowed with integer format specifier 'c'".into());
            }
            if letter == 'c' && self.alternate {
                return Err("Alternate form (#) not allowed with integer format specifier 'c'".into());
            }
        }
        Ok(())
    }

    /// As two words.
    pub fn pack(&self) -> [u64; 2] {
        let index = |set: &[char], c: Option<char>| c.and_then(|c| set.iter().position(|s| *s == c)).map_or(0, |i| i as u64 + 1);
        let flags = [self.positive_zero, self.alternate, self.zero];
        let mut word = self.fill as u64 | index(&ALIGNS, self.align) << 24 | index(&SIGNS, self.sign) << 28 | index(&GROUPINGS, self.grouping) << 32;
        for (i, flag) in flags.into_iter().enumerate() {
            word |= u64::from(flag) << (36 + i);
        }
        [word | (self.kind.map_or(0, |k| k as u64) << 40), u64::from(self.width) | u64::from(self.precision.unwrap_or(NONE)) << 32]
    }

    /// From two words.
    pub fn unpack([word, sizes]: [u64; 2]) -> Spec {
        let pick = |set: &[char], shift: u32| (word >> shift & 15).checked_sub(1).and_then(|i| set.get(i as usize)).copied();
        let flag = |i: u32| word >> (36 + i) & 1 != 0;
        Spec {
            fill: char::from_u32((word & 0x1f_ffff) as u32).unwrap_or(' '),
            align: pick(&ALIGNS, 24),
            sign: pick(&SIGNS, 28),
            grouping: pick(&GROUPINGS, 32),
            positive_zero: flag(0),
            alternate: flag(1),
            zero: flag(2),
            kind: char::from_u32((word >> 40) as u32).filter(|k| *k != '\0'),
            width: sizes as u32,
            precision: Some((sizes >> 32) as u32).filter(|p| *p != NONE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifications_survive_packing() {
        for text in ["", ">10", "*^+#12,.3f", "08d", "z.2f", "=5", "0=5", "_x", "é<9s", "c", "-010_.0e", " %"] {
            let spec = Spec::parse(text).expect(text);
            assert_eq!(Spec::unpack(spec.pack()), spec, "{text}");
        }
    }

    #[test]
    fn what_python_refuses_is_refused() {
        for text in ["1.", "5dd", ",_d", "99999999999"] {
            assert!(Spec::parse(text).is_err(), "{text}");
        }
        for (text, class) in [("x", Class::Str), ("s", Class::Int), ("d", Class::Float), (".3d", Class::Int), (",x", Class::Int), ("=5", Class::Str), ("+", Class::Str)] {
            assert!(Spec::parse(text).is_ok_and(|s| s.check(class).is_err()), "{text}");
        }
        assert_eq!(Spec::parse(">10.3f").map(|s| (s.width, s.precision, s.kind)), Ok((10, Some(3), Some('f'))));
    }
}
