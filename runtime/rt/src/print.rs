//! `print`: compiled code hands its arguments over, and whoever runs it says where text goes.
use crate::{Site, exception::raise_text, shape::Shape, strings::{Str, out::Out}};
use numbra_abi::ExceptionKind;
use std::io::Write;
use std::sync::OnceLock;

/// Takes text to write; class and message of the exception when that fails.
pub type Writer = fn(&str) -> Result<(), (ExceptionKind, String)>;

static WRITER: OnceLock<Writer> = OnceLock::new();

/// Says where printed text goes; the first to say so wins. Without it, text goes to the standard output of the process.
pub fn set_writer(writer: Writer) {
    _ = WRITER.set(writer);
}

fn standard_output(text: &str) -> Result<(), (ExceptionKind, String)> {
    std::io::stdout().write_all(text.as_bytes()).map_err(|e| (ExceptionKind::OSError, e.to_string()))
}

/// # Safety
/// The descriptor is that of a tuple of separator, end and arguments, whose slots follow.
unsafe fn line(descriptor: *const u8, slots: *const u64) -> Out {
    let mut out = Out::default();
    // SAFETY: promised by the caller.
    unsafe {
        let Shape::Tuple(parts) = Shape::read(descriptor) else { return out };
        let [separator, end] = [0, 3].map(|at| (*slots.add(at).cast::<Str>()).text());
        let mut at = 6;
        for (i, part) in parts.iter().skip(2).enumerate() {
            if i > 0 {
                out.push_string(separator);
            }
            part.show(slots.add(at), false, &mut out);
            at += part.slots();
        }
        out.push_string(end);
    }
    out
}

/// Writes arguments with a separator between them and an end, all at once.
///
/// # Safety
/// The site is live; the descriptor is that of a tuple of separator, end and arguments, whose slots follow.
pub unsafe extern "C-unwind" fn nb_print(site: *const Site, descriptor: *const u8, slots: *const u64) {
    // SAFETY: promised by the caller.
    let line = unsafe { line(descriptor, slots) };
    let written = match line.surrogate() {
        Some((at, code)) => Err((ExceptionKind::UnicodeError, format!("'utf-8' codec can't encode character '\\u{code:04x}' in position {at}: surrogates not allowed"))),
        None => WRITER.get().copied().unwrap_or(standard_output)(&line.text),
    };
    if let Err((kind, message)) = written {
        // SAFETY: promised by the caller.
        unsafe { raise_text(site, kind, message) }
    }
}
