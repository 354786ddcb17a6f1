//! Texts that MLIR holds, exactly as they are: the empty one, and those that end in NUL characters, too.
use melior::ir::{AttributeLike, attribute::StringAttribute};
use mlir_sys::MlirStringRef;

/// The characters of a string attribute. (`StringAttribute::value` takes a NUL at the end away and does not take the empty string.)
pub fn text<'c>(attribute: StringAttribute<'c>) -> &'c str {
    // SAFETY: the attribute is a string's, and the context keeps its characters as long as it lives.
    unsafe { characters(mlir_sys::mlirStringAttrGetValue(attribute.to_raw())) }
}

/// Characters that a reference points to; none where they are no UTF-8.
///
/// # Safety
/// What the reference points to must live as long as the result.
pub(crate) unsafe fn characters<'a>(text: MlirStringRef) -> &'a str {
    if text.length == 0 {
        return "";
    }
    // SAFETY: the caller promises that the bytes are there.
    std::str::from_utf8(unsafe { std::slice::from_raw_parts(text.data.cast(), text.length) }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use melior::Context;

    #[test]
    fn texts_come_back_whole() {
        let context = Context::new();
        for given in ["", "a", "a\0", "\0", "é"] {
            assert_eq!(text(StringAttribute::new(&context, given)), given);
        }
    }
}
