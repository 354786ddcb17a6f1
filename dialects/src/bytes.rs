//! Raw bytes as attributes: the elements of constant arrays, as `dense<...> : tensor<Nxi8>`.
use melior::{Context, ir::{Attribute, AttributeLike, TypeLike, r#type::{IntegerType, RankedTensorType}}};

/// The attribute of some bytes.
pub fn attribute<'c>(context: &'c Context, bytes: &[u8]) -> Attribute<'c> {
    let tensor = RankedTensorType::new(&[bytes.len() as u64], IntegerType::new(context, 8).into(), None);
    // SAFETY: the type has as many elements of a byte as there are bytes, which are copied.
    unsafe { Attribute::from_raw(mlir_sys::mlirDenseElementsAttrRawBufferGet(tensor.to_raw(), bytes.len(), bytes.as_ptr().cast())) }
}

/// How many bytes an attribute holds, if it holds bytes.
pub fn length(attribute: Attribute) -> Option<usize> {
    let raw = attribute.to_raw();
    // SAFETY: the attribute is alive, and only asked for its elements when it has some.
    unsafe { mlir_sys::mlirAttributeIsADenseElements(raw).then(|| mlir_sys::mlirElementsAttrGetNumElements(raw) as usize) }
}
