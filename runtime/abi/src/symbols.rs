//! Runtime functions that compiled code calls, by name and signature: the compiler declares them from this table, the back end binds them from it.
//!
//! Two conventions keep signatures the same for every processor. A pair of results is returned as a struct of two doubles, which C, Rust and LLVM pass alike;
//! a complex argument is two doubles, real part first (complex64 is computed in double and rounded). A function that makes an exception takes the `site` first;
//! `nb_raise_pending` raises one that has its site.

/// Where the data of a block from `nb_alloc` starts, in bytes from its header. Code that has just called `nb_alloc` knows by it that the data is new memory,
/// which a pointer loaded from the header does not tell; for other owners only the header's second word says where the data is.
pub const DATA_OFFSET: usize = 64;

/// The reference count of memory that is never freed, such as constants of the program; counts of half of it and more say so.
pub const CONSTANT_COUNT: u64 = 1 << 62;

/// A machine type of a runtime function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CType {
    /// No result
    Void,
    /// 32-bit integer
    I32,
    /// 64-bit integer
    I64,
    /// double
    F64,
    /// Pointer
    Ptr,
    /// Struct of two doubles; only as result
    Pair,
}

/// What the optimiser may assume of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// A function of its arguments alone: neither reads nor writes memory, never unwinds, always returns
    Pure,
    /// Reads and writes memory, never unwinds, always returns
    Writes,
    /// As `Writes`, and the result is new memory that nothing else points to
    Allocates,
    /// May unwind with an exception, else returns
    Raises,
    /// Always unwinds: never returns, and calls of it are cold
    Throws,
    /// The personality function: declared with a variable argument list, named by the functions that have landing pads
    Personality,
}

impl Effect {
    /// Whether a call can unwind.
    pub fn unwinds(self) -> bool {
        matches!(self, Effect::Raises | Effect::Throws)
    }
}

/// One runtime function.
#[derive(Debug)]
pub struct Symbol {
    /// Name in compiled code and of the Rust function
    pub name: &'static str,
    /// Types of the arguments
    pub arguments: &'static [CType],
    /// Type of the result
    pub result: CType,
    /// What it does to the world
    pub effect: Effect,
    /// What it is for
    pub doc: &'static str,
}

impl Symbol {
    /// By name.
    pub fn from_name(name: &str) -> Option<&'static Symbol> {
        SYMBOLS.iter().find(|s| s.name == name)
    }
}

/// Calls the macro `$rows` with the table, so that the runtime can bind every row to its function.
#[macro_export]
macro_rules! runtime_symbols {
    ($rows:ident) => {
        $rows! {
            // Memory
            nb_enter (Void) -> Ptr, Writes, "starts the list of allocations of one call; the result goes to nb_leave or nb_catch";
            nb_leave (Ptr) -> Void, Writes, "ends a call that returns: what it has allocated and not freed belongs to the caller now";
            nb_alloc (I64 I32) -> Ptr, Allocates, "new header with count 1, its data 64-byte aligned, zeroed if asked; null when memory is exhausted or the size is negative";
            nb_free (Ptr) -> Void, Writes, "frees a header whose count has reached 0, and its data";
            nb_shrink (Ptr I64) -> Ptr, Writes, "header of new memory, bytes of its data that are needed: gives back what is not; the header that has them then";
            nb_copy (Ptr Ptr Ptr Ptr Ptr I64 I64) -> I32, Writes,
                "strided copy as if the source were copied first: destination, its strides in bytes, source, its strides (0 broadcasts), shape, rank, item size; 1 when memory is exhausted, else 0";
            nb_fill (Ptr Ptr I64 I64) -> Void, Writes, "memory, an element, how many, item size: writes so many copies of the element";
            // Rows of numbers: contiguous and aligned; the type of the elements is its position in the table of scalar types, or 13 for times
            nb_sort (Ptr I64 I64) -> I32, Writes, "elements, their number and type: sorts, NaN and NaT last; 1 when memory is exhausted, else 0";
            nb_sort_positions (Ptr I64 I64 Ptr) -> I32, Writes, "elements, number, type, positions: writes the positions in sorted order, stable; 1 when memory is exhausted, else 0";
            nb_sort_parallel (Ptr I64 I64) -> I32, Writes, "as nb_sort, longer rows on several threads";
            nb_sort_positions_parallel (Ptr I64 I64 Ptr) -> I32, Writes, "as nb_sort_positions, longer rows on several threads";
            nb_select (Ptr I64 I64 I64) -> Void, Writes, "elements, number, type, position: moves the element there that sorting would put there, smaller ones before it";
            nb_select_position (Ptr I64 I64 Ptr I64) -> I32, Writes, "elements, number, type, positions, position: the same with positions; 1 when memory is exhausted, else 0";
            nb_compress (Ptr Ptr Ptr I64 I64) -> I64, Writes,
                "elements, a byte for each, destination, number, item size: copies the elements whose byte is not zero; how many. 64 bytes behind the last one are written too";
            nb_compress_positions (Ptr Ptr I64 I64) -> I64, Writes,
                "bytes, destination, number, first position: writes the positions of the bytes that are not zero; how many. 64 bytes behind the last one are written too";
            // Loops whose parts wait for each other: two words that are zero before the first part, then what the parts hand on
            nb_turn_take (Ptr) -> I64, Writes, "the words: the number of the next part that nobody has taken";
            nb_turn_wait (Ptr I64) -> Void, Writes, "the words, number of a part: returns when all parts before it have handed on";
            nb_turn_pass (Ptr) -> Void, Writes, "the words: the part whose turn it is has handed on";
            // Matrices: pointers to address, step of rows and step of columns, in elements
            nb_multiply_parallel (Ptr Ptr Ptr I64 I64 I64 I64) -> I32, Writes, "as nb_multiply, larger products on several threads";
            nb_multiply (Ptr Ptr Ptr I64 I64 I64 I64) -> I32, Writes, "result, two matrices, rows, inner length, columns, type: writes the product; 1 for a type without a kernel";
            // Lists: the header's data are the elements, behind it stand length, capacity, slots of an element and its descriptor
            nb_list_new (Ptr I64 I64) -> Ptr, Allocates, "descriptor of an element, its slots, capacity: new empty list with count 1; null when memory is exhausted";
            nb_list_reserve (Ptr I64) -> I32, Writes, "makes room for more elements at the end, at least doubling; 1 when memory is exhausted, else 0";
            nb_list_slice (Ptr I64 I64 I64) -> Ptr, Allocates, "first position, count, step: new list of these elements; null when memory is exhausted";
            nb_list_repeat (Ptr I64) -> Ptr, Allocates, "new list of the elements so many times; null when memory is exhausted";
            nb_list_append_list (Ptr Ptr I64) -> I32, Writes, "appends the first elements of a list, which may be the same; 1 when memory is exhausted, else 0";
            nb_list_gap (Ptr I64) -> I32, Writes, "moves the elements from a position on by one, which leaves a place there without a value; 1 when memory is exhausted, else 0";
            nb_list_close (Ptr I64) -> Void, Writes, "removes the place at a position, whose value has been taken";
            nb_list_delete (Ptr I64 I64 I64) -> Void, Writes, "first position, count, step (not 0): removes these elements";
            nb_list_assign (Ptr I64 I64 Ptr) -> I32, Writes, "first position, count, source: puts the elements of the source in the place of these; 1 when memory is exhausted, else 0";
            nb_list_assign_step (Ptr Ptr I64 I64 I64 Ptr) -> Void, Raises, "site, list, first position, count, step, source: as many elements as there are places; ValueError otherwise";
            nb_list_reverse (Ptr) -> Void, Writes, "reverses the order";
            nb_list_sort (Ptr I32) -> Void, Writes, "sorts as Python, stable; NaN after all numbers; reversed if asked";
            // Exceptions
            nb_raise (Ptr) -> Void, Throws, "raises the exception that the site describes";
            nb_raise_index (Ptr I64 I64 I64) -> Void, Throws, "site, index, axis, size: IndexError with NumPy's text";
            nb_raise_with (Ptr I64 Ptr Ptr) -> Void, Throws,
                "site, count, tags (i32), values (u64): raises with scalar arguments; tag: DType (complex takes two words), -1: text in UTF-8, pointer and length, or -2: string, data and last word";
            nb_raise_pending (Void) -> Void, Throws, "raises again what the entry of a function has left pending";
            nb_catch (Ptr Ptr) -> Void, Writes,
                "exception from the landing pad, result of nb_enter or null: keeps the exception pending for the caller and frees what the call has allocated";
            nb_personality (Void) -> I32, Personality, "finds the landing pads of compiled code";
            // Strings: pointers to the three slots of each; a null pointer stands for None. What gives strings writes slots to `out`, with a reference of its own
            nb_str_equal (Ptr Ptr I64 I64) -> I32, Writes, "data of two strings of one length, their last words: whether they are equal";
            nb_str_order (Ptr I64 Ptr I64) -> I64, Writes, "data and last word of two strings: -1, 0 or 1 by code points";
            nb_str_concat (Ptr Ptr Ptr Ptr) -> Void, Raises, "site, out, two strings: one after the other";
            nb_str_repeat (Ptr Ptr Ptr I64) -> Void, Raises, "site, out, string, times";
            nb_str_slice (Ptr Ptr Ptr I64 I64 I64) -> Void, Raises, "site, out, string, first position, count, step";
            nb_str_contains (Ptr Ptr) -> I32, Writes, "string, what may be in it";
            nb_str_search (Ptr Ptr Ptr I64 I64 I64) -> I64, Raises, "site, string, what is looked for, start, stop, position in SEARCHES";
            nb_str_starts (Ptr Ptr I64 I64 I32) -> I32, Writes, "string, prefix, start, stop, whether it is a suffix instead";
            nb_str_test (Ptr I64) -> I32, Writes, "string, position in TESTS";
            nb_str_upper (Ptr Ptr Ptr) -> Void, Raises, "site, out, string: upper case";
            nb_str_casefold (Ptr Ptr Ptr) -> Void, Raises, "site, out, string: without differences of case";
            nb_str_lower (Ptr Ptr Ptr) -> Void, Raises, "site, out, string: lower case";
            nb_str_title (Ptr Ptr Ptr) -> Void, Raises, "site, out, string: title case";
            nb_str_capitalize (Ptr Ptr Ptr) -> Void, Raises, "site, out, string: title case of the first character, lower case of the others";
            nb_str_swapcase (Ptr Ptr Ptr) -> Void, Raises, "site, out, string: upper for lower case and the other way round";
            nb_str_strip (Ptr Ptr Ptr Ptr I64) -> Void, Raises, "site, out, string, characters or null for spaces, sides (1 left, 2 right, 3 both)";
            nb_str_trim (Ptr Ptr Ptr Ptr I32) -> Void, Raises, "site, out, string, prefix to remove, whether it is a suffix instead";
            nb_str_replace (Ptr Ptr Ptr Ptr Ptr I64) -> Void, Raises, "site, out, string, old, new, most replacements or negative";
            nb_str_justify (Ptr Ptr Ptr I64 Ptr I64) -> Void, Raises, "site, out, string, width, fill, sides that are filled as of nb_str_strip";
            nb_str_zfill (Ptr Ptr Ptr I64) -> Void, Raises, "site, out, string, width: zeros behind the sign";
            nb_str_partition (Ptr Ptr Ptr Ptr I32) -> Void, Raises, "site, out (three strings), string, separator, whether the last one counts";
            nb_str_split (Ptr Ptr Ptr I64 I32) -> Ptr, Raises, "site, string, separator or null for spaces, most splits or negative, whether from the right: new list";
            nb_str_splitlines (Ptr Ptr I32) -> Ptr, Raises, "site, string, whether ends of lines are kept: new list";
            nb_str_join (Ptr Ptr Ptr Ptr) -> Void, Raises, "site, out, separator, list of strings";
            nb_str_chr (Ptr Ptr I64) -> Void, Raises, "site, out, code point";
            nb_str_ord (Ptr Ptr) -> I64, Raises, "site, string of one character: its code point";
            nb_str_int (Ptr Ptr I64) -> I64, Raises, "site, string, base: the integer that it spells";
            nb_str_float (Ptr Ptr) -> F64, Raises, "site, string: the float that it spells";
            nb_str_format (Ptr Ptr Ptr Ptr) -> Void, Raises, "site, out, template (of `format`), its slots";
            // Hashes
            nb_hash_str (Ptr) -> I64, Writes, "string: equal strings have equal hashes, of any width";
            nb_hash_int (I64) -> I64, Pure, "Python's hash of an integer";
            nb_hash_uint (I64) -> I64, Pure, "Python's hash of an unsigned integer";
            nb_hash_float (F64) -> I64, Pure, "Python's hash of a float; 0 for NaN";
            nb_hash_tuple (Ptr I64) -> I64, Writes, "hashes of the elements, their number: Python's hash of the tuple";
            // Output
            nb_print (Ptr Ptr Ptr) -> Void, Raises, "site, descriptor of a tuple, its slots: writes the third part and those that follow, with the first between them and the second behind";
            // Parallel loops
            nb_parallel_for (Ptr Ptr I64 I64 Ptr I64 Ptr I64) -> Void, Raises,
                "entries of the body and of what puts results together (or null), number of iterations, of parts (0: left to the runtime and the chunk size that is set; -n: to the runtime alone, with n iterations at least), arguments of the body (the first three words are for the range of iterations and the number of the part), their words, results, their words";
            nb_parallel_parts (I64 I64) -> I64, Writes, "number of iterations, bytes that each part needs: how many parts to run them in";
            nb_num_threads (Void) -> I64, Writes, "how many threads loops use that this thread starts";
            nb_set_num_threads (I64) -> I64, Writes, "sets it, and gives what it was; -1 where it is out of bounds";
            nb_chunk_size (Void) -> I64, Writes, "how many iterations a chunk of loops has that this thread starts; 0: left to the runtime";
            nb_set_chunk_size (I64) -> I64, Writes, "sets it, and gives what it was; -1 for a negative one";
            nb_enter_chunk_size (I64) -> I64, Writes, "as nb_set_chunk_size, for a `with` statement: an exception of the call puts back what it was";
            nb_leave_chunk_size (I64) -> Void, Writes, "puts back what the chunk size was before the `with` statement that ends";
            nb_thread_number (Void) -> I64, Writes, "0 in threads of the program, from 1 on in those of the pool";
            // Stack
            nb_stack_limit (Void) -> I64, Writes, "lowest stack address that a recursive function may reach in this thread";
            // Integers
            nb_int_pow (Ptr I64 I64) -> I64, Raises, "site, base, exponent: wraps; ValueError for a negative exponent";
            nb_uint_pow (I64 I64) -> I64, Pure, "base, unsigned exponent: wraps";
            nb_pow_mod (Ptr I64 I64 I64) -> I64, Raises, "site, base, exponent, modulus: Python's pow with three arguments";
            nb_gcd (I64 I64) -> I64, Pure, "greatest common divisor, never negative but for the one that does not fit";
            nb_date_convert (I64 I64 I64) -> I64, Pure, "datetime64, its unit, the wanted unit (positions in Unit): by the calendar, rounded down; NaT stays";
            // Floats
            nb_round_digits (Ptr F64 I64) -> F64, Raises, "site, number, digits: Python's round, correctly rounded; OverflowError when the result is too large";
            nb_frexp (F64) -> Pair, Pure, "mantissa and exponent (a whole number)";
            nb_modf (F64) -> Pair, Pure, "fractional and whole part, both with the sign of the argument";
            nb_ldexp (F64 I64) -> F64, Pure, "number times two to the power of an integer of any size";
            nb_gamma (F64) -> F64, Pure, "gamma function; NaN at the poles below zero";
            nb_lgamma (F64) -> F64, Pure, "logarithm of the absolute value of the gamma function; leaves the C library's global sign alone";
            // Complex numbers: C99 Annex G
            nb_csqrt (F64 F64) -> Pair, Pure, "square root";
            nb_cexp (F64 F64) -> Pair, Pure, "exponential";
            nb_clog (F64 F64) -> Pair, Pure, "natural logarithm";
            nb_csin (F64 F64) -> Pair, Pure, "sine";
            nb_ccos (F64 F64) -> Pair, Pure, "cosine";
            nb_ctan (F64 F64) -> Pair, Pure, "tangent";
            nb_csinh (F64 F64) -> Pair, Pure, "hyperbolic sine";
            nb_ccosh (F64 F64) -> Pair, Pure, "hyperbolic cosine";
            nb_ctanh (F64 F64) -> Pair, Pure, "hyperbolic tangent";
            nb_casin (F64 F64) -> Pair, Pure, "arc sine";
            nb_cacos (F64 F64) -> Pair, Pure, "arc cosine";
            nb_catan (F64 F64) -> Pair, Pure, "arc tangent";
            nb_casinh (F64 F64) -> Pair, Pure, "inverse hyperbolic sine";
            nb_cacosh (F64 F64) -> Pair, Pure, "inverse hyperbolic cosine";
            nb_catanh (F64 F64) -> Pair, Pure, "inverse hyperbolic tangent";
            nb_cpow (F64 F64 F64 F64) -> Pair, Pure, "power as NumPy: exact for small whole exponents; 0 ** 0 is 1; NaN for 0 to a power with negative real part";
            nb_cdiv (F64 F64 F64 F64) -> Pair, Pure, "quotient by Smith's method, as NumPy; a zero divisor gives infinities and NaN";
        }
    };
}

macro_rules! table {
    ($($name:ident ($($argument:ident)*) -> $result:ident, $effect:ident, $doc:literal;)*) => {
        /// All runtime functions.
        pub const SYMBOLS: &[Symbol] = &[$(Symbol { name: stringify!($name), arguments: arguments!($($argument)*), result: CType::$result, effect: Effect::$effect, doc: $doc }),*];
    };
}
macro_rules! arguments {
    (Void) => { &[] };
    ($($argument:ident)*) => { &[$(CType::$argument),*] };
}
runtime_symbols!(table);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_a_site_comes_first() {
        for (i, symbol) in SYMBOLS.iter().enumerate() {
            assert!(SYMBOLS[..i].iter().all(|s| s.name != symbol.name), "{}", symbol.name);
            if symbol.effect.unwinds() && symbol.name != "nb_raise_pending" {
                assert_eq!(symbol.arguments.first(), Some(&CType::Ptr), "{}", symbol.name);
            }
            assert!(symbol.arguments.iter().all(|a| !matches!(a, CType::Void | CType::Pair)), "{}", symbol.name);
        }
    }
}
