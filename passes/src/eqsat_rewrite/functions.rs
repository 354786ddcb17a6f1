//! Functions of elements: one for each operator and types, made when first needed. They carry the fast-math flags of the function that they are made for, and divide as NumPy does.
use super::scalars::{BINARY, BUILTINS, COMPARE, UNARY, kind};
use crate::conversion::py_to_std::flags::Options;
use melior::{
    Context,
    dialect::cf,
    ir::{
        Attribute, Block, BlockLike, BlockRef, Location, Operation, Region, RegionLike, Type, Value, ValueLike,
        attribute::{ArrayAttribute, StringAttribute, TypeAttribute},
        operation::OperationMutLike,
        r#type::FunctionType,
    },
};
use numbra_abi::DType;
use numbra_dialects::py::{BinaryKind, Ty, UnaryKind, ods::py as ods};
use numbra_eqsat::{Number, Operator, operators::*};
use std::collections::HashSet;

/// The functions of elements that were made in a module.
pub struct Functions<'c, 'a> {
    context: &'c Context,
    module: BlockRef<'c, 'a>,
    made: HashSet<String>,
}

/// The type of the result of an operator on numbers of these types; of a conversion the first one is given.
pub fn result_type(operator: Operator, to: Option<DType>, operands: &[DType]) -> Option<DType> {
    Some(match operator {
        CAST => to?,
        FIRST => *operands.first()?,
        WHERE => *operands.get(1)?,
        _ => operator.row().gives.of(*operands.first()?)?,
    })
}

/// Whether an operator does in a function of the user what it does in one of elements.
pub fn is_plain(operator: Operator) -> bool {
    !matches!(operator, TRUEDIV | FLOORDIV | MOD | WHERE | SQUARE | RECIPROCAL | POW)
}

impl<'c: 'a, 'a> Functions<'c, 'a> {
    /// For a module with this body.
    pub fn new(context: &'c Context, module: BlockRef<'c, 'a>) -> Self {
        Self { context, module, made: HashSet::new() }
    }

    /// The symbol of the function of an operator on numbers of these types, for code with these options.
    pub fn symbol(&mut self, operator: Operator, to: Option<DType>, operands: &[DType], options: &Options, location: Location<'c>) -> Option<String> {
        let result = result_type(operator, to, operands)?;
        let name = operator.row().name;
        let types: Vec<&str> = operands.iter().map(|d| d.name()).chain(to.map(DType::name)).collect();
        let mut flags = options.fastmath.clone();
        flags.sort();
        let symbol = format!("numbra.element.{name}({}){}", types.join(","), if flags.is_empty() { String::new() } else { format!("[{}]", flags.join(",")) });
        if self.made.contains(&symbol) {
            return Some(symbol);
        }
        let function = self.function(operator, &symbol, operands, result, &flags, location)?;
        self.module.append_operation(function);
        self.made.insert(symbol.clone());
        Some(symbol)
    }

    fn function(&self, operator: Operator, symbol: &str, operands: &[DType], result: DType, flags: &[String], location: Location<'c>) -> Option<Operation<'c>> {
        let context = self.context;
        let types: Vec<Type> = operands.iter().map(|d| Ty::Scalar(*d).to_mlir(context)).collect();
        let t = Ty::Scalar(result).to_mlir(context);
        let region = Region::new();
        {
            let block = region.append_block(Block::new(&types.iter().map(|t| (*t, location)).collect::<Vec<_>>()));
            let x: Vec<Value> = (0..types.len()).map(|i| block.argument(i).ok().map(Into::into)).collect::<Option<_>>()?;
            if operator == WHERE {
                let (yes, no) = (region.append_block(Block::new(&[])), region.append_block(Block::new(&[])));
                block.append_operation(cf::cond_br(context, x[0], &yes, &no, &[], &[], location));
                yes.append_operation(ods::r#return(context, x[1], location).into());
                no.append_operation(ods::r#return(context, x[2], location).into());
            } else {
                let value = apply(context, operator, &x, t, location, &|op| block.append_operation(op).result(0).ok().map(Into::into))?;
                block.append_operation(ods::r#return(context, value, location).into());
            }
        }
        let names: Vec<Attribute> = (0..types.len()).map(|i| StringAttribute::new(context, &format!("p{i}")).into()).collect();
        let mut op: Operation = ods::FuncOperation::builder(context, location)
            .body(region)
            .sym_name(StringAttribute::new(context, symbol))
            .function_type(TypeAttribute::new(FunctionType::new(context, &types, &[t]).into()))
            .arg_names(ArrayAttribute::new(context, &names))
            .sym_visibility(StringAttribute::new(context, "private"))
            .build()
            .into();
        let flags: Vec<String> = flags.iter().map(|f| format!("{f:?}")).collect();
        op.set_attribute("py_name", StringAttribute::new(context, operator.row().name).into());
        op.set_attribute("options", Attribute::parse(context, &format!("{{error_model = \"numpy\", fastmath = [{}]}}", flags.join(", ")))?);
        Some(op)
    }
}

/// The ops of an operator on numbers; `push` puts an op where it belongs and gives its result.
pub fn apply<'c: 'v, 'v>(context: &'c Context, operator: Operator, x: &[Value<'c, 'v>], t: Type<'c>, location: Location<'c>, push: &dyn Fn(Operation<'c>) -> Option<Value<'c, 'v>>) -> Option<Value<'c, 'v>> {
    if operator == FIRST {
        return x.first().copied();
    }
    let op: Operation = if operator == CAST {
        ods::cast(context, t, *x.first()?, location).into()
    } else if operator == SQUARE {
        ods::binary(context, t, x[0], x[0], BinaryKind::Mul.attribute(context), location).into()
    } else if operator == RECIPROCAL {
        let dtype = Ty::from_mlir(x[0].r#type())?.scalar()?;
        let one = push(super::number::constant(context, Number::float(dtype, 1.0)?, location)?)?;
        ods::binary(context, t, one, x[0], BinaryKind::TrueDiv.attribute(context), location).into()
    } else if operator == POW && Ty::from_mlir(t)?.scalar()?.is_float() {
        ods::binary(context, t, x[0], x[1], BinaryKind::Pow.attribute(context), location).into()
    } else if let Some(k) = kind(BINARY, operator) {
        ods::binary(context, t, x[0], x[1], k.attribute(context), location).into()
    } else if let Some(k) = kind(COMPARE, operator) {
        ods::compare(context, t, x[0], x[1], k.attribute(context), location).into()
    } else if let Some(k) = kind::<UnaryKind>(UNARY, operator) {
        ods::unary(context, t, x[0], k.attribute(context), location).into()
    } else {
        let path = kind(BUILTINS, operator)?;
        ods::builtin(context, t, x, StringAttribute::new(context, path), location).into()
    };
    push(op)
}
