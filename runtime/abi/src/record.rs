//! Layouts of records, the elements of structured arrays: fields at fixed places. Each layout is known once per process, under a number.
//!
//! Its text is complete, so that a layout can be written into IR and read from it: `Record("x"@0:float64,"at"@8:int32*3;24)`, with `*n` for each axis of
//! a field that is an array, `Record(;20;strings:<U5)` for a field of strings, `;aligned` behind the size where NumPy says so, and `;named` where elements give their fields as attributes (`numpy.record`).
use crate::dtype::{DType, Kind, Row};
use std::{collections::HashMap, sync::{OnceLock, RwLock}};

/// Number of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(u32);

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// Name
    pub name: &'static str,
    /// First byte
    pub offset: usize,
    /// Type of the field, or of its elements
    pub dtype: DType,
    /// Axes; none for a single value
    pub shape: Vec<usize>,
}

/// A layout.
#[derive(Debug)]
pub struct Record {
    /// Fields in order
    pub fields: Vec<Field>,
    /// Whether NumPy has padded it as C does
    pub aligned: bool,
    /// Whether its elements are `numpy.record`
    pub named: bool,
    /// NumPy's name of the dtype where this stands for the place of a string, which has no fields
    pub strings: Option<&'static str>,
    row: Row,
}

impl Record {
    /// Size in bytes.
    pub fn size(&self) -> usize {
        self.row.size
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// The names of the fields.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().map(|f| f.name)
    }
}

#[derive(Default)]
struct Table {
    numbers: HashMap<&'static str, RecordId>,
    records: Vec<&'static Record>,
}

static TABLE: OnceLock<RwLock<Table>> = OnceLock::new();

fn table() -> &'static RwLock<Table> {
    TABLE.get_or_init(RwLock::default)
}

/// The same text, for good.
pub fn keep(text: &str) -> &'static str {
    Box::leak(text.to_string().into_boxed_str())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

impl RecordId {
    /// The number of a layout.
    pub fn of(fields: Vec<Field>, size: usize, aligned: bool, named: bool) -> RecordId {
        let mut text = String::from("Record(");
        for (i, f) in fields.iter().enumerate() {
            let axes: String = f.shape.iter().map(|n| format!("*{n}")).collect();
            text += &format!("{}{}@{}:{}{axes}", if i > 0 { "," } else { "" }, quoted(f.name), f.offset, f.dtype.name());
        }
        text += &format!(";{size}{}{})", if aligned { ";aligned" } else { "" }, if named { ";named" } else { "" });
        RecordId::intern(text, fields, size, aligned, named, None)
    }

    /// The number of the layout that stands for a string of fixed length: memory that is copied with the record, and nothing else.
    pub fn strings(dtype: &str, size: usize) -> RecordId {
        RecordId::intern(format!("Record(;{size};strings:{dtype})"), vec![], size, false, false, Some(keep(dtype)))
    }

    fn intern(text: String, fields: Vec<Field>, size: usize, aligned: bool, named: bool, strings: Option<&'static str>) -> RecordId {
        let known = |t: &Table| t.numbers.get(text.as_str()).copied();
        if let Some(id) = known(&table().read().unwrap_or_else(|e| e.into_inner())) {
            return id;
        }
        let mut table = table().write().unwrap_or_else(|e| e.into_inner());
        if let Some(id) = known(&table) {
            return id;
        }
        let id = RecordId(table.records.len() as u32);
        let name = keep(&text);
        let row = Row { dtype: DType::Record(id), name, short: name, kind: Kind::Record, size, type_nums: &[20] };
        table.records.push(Box::leak(Box::new(Record { fields, aligned, named, strings, row })));
        table.numbers.insert(name, id);
        id
    }

    /// The layout.
    pub fn record(self) -> &'static Record {
        table().read().unwrap_or_else(|e| e.into_inner()).records[self.0 as usize]
    }

    /// The row that stands for it among the element types.
    pub(crate) fn row(self) -> &'static Row {
        &self.record().row
    }

    /// By its text.
    pub fn parse(text: &str) -> Option<RecordId> {
        let known = table().read().unwrap_or_else(|e| e.into_inner()).numbers.get(text).copied();
        known.or_else(|| {
            let mut rest = text;
            record(&mut rest).filter(|_| rest.is_empty())
        })
    }
}

fn eat(rest: &mut &str, token: &str) -> Option<()> {
    *rest = rest.strip_prefix(token)?;
    Some(())
}

fn number(rest: &mut &str) -> Option<usize> {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let n = rest[..end].parse().ok()?;
    *rest = &rest[end..];
    Some(n)
}

fn name(rest: &mut &str) -> Option<String> {
    eat(rest, "\"")?;
    let mut out = String::new();
    let mut chars = rest.char_indices();
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => {
                *rest = &rest[i + 1..];
                return Some(out);
            }
            '\\' => out.push(chars.next()?.1),
            c => out.push(c),
        }
    }
    None
}

fn record(rest: &mut &str) -> Option<RecordId> {
    eat(rest, "Record(")?;
    let mut fields = vec![];
    while !rest.starts_with(';') {
        if !fields.is_empty() {
            eat(rest, ",")?;
        }
        let name = name(rest)?;
        eat(rest, "@")?;
        let offset = number(rest)?;
        eat(rest, ":")?;
        let dtype = if rest.starts_with("Record(") {
            DType::Record(record(rest)?)
        } else {
            let end = rest.find([',', ';', '*'])?;
            let dtype = DType::from_name(&rest[..end])?;
            *rest = &rest[end..];
            dtype
        };
        let mut shape = vec![];
        while eat(rest, "*").is_some() {
            shape.push(number(rest)?);
        }
        fields.push(Field { name: keep(&name), offset, dtype, shape });
    }
    eat(rest, ";")?;
    let size = number(rest)?;
    let aligned = eat(rest, ";aligned").is_some();
    let named = eat(rest, ";named").is_some();
    if eat(rest, ";strings:").is_some() {
        let end = rest.find(')')?;
        let dtype = rest[..end].to_string();
        *rest = &rest[end + 1..];
        return fields.is_empty().then(|| RecordId::strings(&dtype, size));
    }
    eat(rest, ")")?;
    // Memory outside of the record would be read otherwise.
    let inside = |f: &Field| f.shape.iter().try_fold(f.dtype.size(), |n, axis| n.checked_mul(*axis)).and_then(|n| n.checked_add(f.offset)).is_some_and(|end| end <= size);
    fields.iter().all(inside).then(|| RecordId::of(fields, size, aligned, named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_numbered_by_what_they_are() {
        let field = |name, offset, dtype, shape: &[usize]| Field { name, offset, dtype, shape: shape.to_vec() };
        let inner = RecordId::of(vec![field("a", 0, DType::Int8, &[])], 1, false, false);
        let fields = vec![field("x \"y\"\\", 0, DType::Float64, &[]), field("at", 8, DType::from_name("m8[ns]").unwrap(), &[2, 3]), field("in", 56, DType::Record(inner), &[])];
        let id = RecordId::of(fields.clone(), 64, true, true);
        assert_eq!(id, RecordId::of(fields.clone(), 64, true, true));
        assert_ne!(id, RecordId::of(fields, 64, false, true));
        assert_eq!(RecordId::parse(id.row().name), Some(id));
        let mut text = id.row().name;
        assert_eq!((record(&mut text), text), (Some(id), ""));
        let strings = RecordId::of(vec![field("s", 0, DType::Record(RecordId::strings("<U5", 20)), &[2])], 40, false, false);
        assert_eq!((RecordId::parse(strings.row().name), RecordId::parse("Record(\"s\"@0:Record(;20;strings:<U5)*2;39)")), (Some(strings), None));
        assert_eq!((id.record().size(), id.record().field("at").map(|f| f.offset)), (64, Some(8)));
    }

    #[test]
    fn texts_that_are_no_layouts_are_refused() {
        for text in ["Record(", "Record(;)", "Record(\"x\"@0:float64;4)", "Record(\"x\"@0:what;8)", "Record(\"x@0:int8;8)", "Record(\"x\"@0:int8*99999999999*99999999999;8)"] {
            assert_eq!(RecordId::parse(text), None, "{text}");
        }
    }
}
