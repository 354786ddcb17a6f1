//! Terms of views as ops: `py.getitem` with slices, indices and new axes, and the attribute `T`.
use super::{emit::Emitter, number};
use crate::conversion::py_to_std::array::elementwise::SPREAD as SPREAD_PATH;
use egg::Id;
use melior::ir::{Type, Value, ValueLike, attribute::StringAttribute};
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, Layout, Ty, ods::py as ods};
use numbra_eqsat::{Attribute as Att, Number, Operator, operators::*};

impl<'c: 'a, 'a> Emitter<'_, 'c, 'a> {
    fn slice(&mut self, parts: [Option<Value<'c, 'a>>; 3]) -> Option<Value<'c, 'a>> {
        let mut values = vec![];
        for part in parts {
            values.push(match part {
                Some(v) => v,
                None => self.nothing()?,
            });
        }
        let types: Vec<Ty> = values.iter().map(|v| Ty::from_mlir(v.r#type())).collect::<Option<_>>()?;
        let t = Ty::Slice(<[Ty; 3]>::try_from(types).ok()?.into()).to_mlir(self.context);
        let location = self.location();
        self.push(ods::slice(self.context, t, values[0], values[1], values[2], location))
    }

    // `x[:, :, item]`, with so many axes before it.
    fn getitem(&mut self, x: Value<'c, 'a>, axis: u8, item: Value<'c, 'a>, t: Type<'c>) -> Option<Value<'c, 'a>> {
        let location = self.location();
        let mut index = item;
        if axis > 0 {
            let mut items = vec![];
            for _ in 0..axis {
                items.push(self.slice([None, None, None])?);
            }
            items.push(item);
            let types: Vec<Ty> = items.iter().map(|v| Ty::from_mlir(v.r#type())).collect::<Option<_>>()?;
            index = self.push(ods::tuple(self.context, Ty::tuple(types).to_mlir(self.context), &items, location))?;
        }
        self.push(ods::getitem(self.context, t, x, index, location))
    }

    /// A view of an array; where that shows memory from outside, it has the type that is wanted.
    pub(super) fn view(&mut self, operator: Operator, children: &[Id], wanted: Option<Type<'c>>) -> Option<Value<'c, 'a>> {
        let x = self.term(children[numbra_eqsat::infer::array_operand(operator)], None)?;
        let a = Ty::from_mlir(x.r#type())?.array()?;
        let first = children.first().and_then(|c| self.attribute(*c));
        let axis = || if let Some(Att::Axis(k)) = first { Some(k) } else { None };
        let fits = |t: &Type<'c>, rank: usize| Ty::from_mlir(*t).and_then(|t| t.array()).is_some_and(|w| w.dtype == a.dtype && w.rank == rank && w.readonly == a.readonly);
        let array = |e: &Self, rank: usize, layout: Layout| wanted.filter(|t| fits(t, rank)).unwrap_or_else(|| Ty::Array(ArrayTy { rank, layout, ..a }).to_mlir(e.context));
        match operator {
            SLICE | FLIP => {
                let (k, mut parts) = (axis()?, [None; 3]);
                if operator == FLIP {
                    let op = number::constant(self.context, Number::integer(DType::Int64, -1)?, self.location())?;
                    parts[2] = Some(self.push(op)?);
                } else {
                    for (part, child) in parts.iter_mut().zip(&children[1..4]) {
                        if self.attribute(*child).is_none() {
                            *part = Some(self.term(*child, None)?);
                        }
                    }
                }
                let whole = k == 0 && parts[2].is_none() && (a.layout == Layout::C || a.rank == 1 && a.layout == Layout::F);
                let t = array(self, a.rank, if whole { Layout::C } else { Layout::A });
                let item = self.slice(parts)?;
                self.getitem(x, k, item, t)
            }
            INDEX => {
                let (k, i) = (axis()?, self.term(children[1], None)?);
                let t = match a.rank {
                    1 => a.element().to_mlir(self.context),
                    _ => array(self, a.rank - 1, if k == 0 && a.layout == Layout::C { Layout::C } else { Layout::A }),
                };
                self.getitem(x, k, i, t)
            }
            RAVEL => self.flat(x),
            SPREAD => {
                let y = self.term(children[1], None)?;
                let rank = a.rank.max(Ty::from_mlir(y.r#type())?.array().map_or(0, |b| b.rank));
                let (t, location) = (array(self, rank, Layout::A), self.location());
                self.push(ods::builtin(self.context, t, &[x, y], StringAttribute::new(self.context, SPREAD_PATH), location))
            }
            EXPAND => {
                let (k, item) = (axis()?, self.nothing()?);
                let t = array(self, a.rank + 1, Layout::A);
                self.getitem(x, k, item, t)
            }
            RESHAPE => {
                let shape = self.term(children[0], None)?;
                let rank = if let Ty::Tuple(items) = Ty::from_mlir(shape.r#type())? { items.len() } else { return None };
                let t = Some(a.layout).filter(|l| *l == Layout::C).map(|layout| array(self, rank, layout))?;
                self.view_of(x, shape, None, t)
            }
            PERMUTE => {
                let Some(Att::Permutation(p)) = first else { return None };
                if !p.iter().rev().enumerate().all(|(k, q)| k == *q as usize) {
                    let (shape, strides) = (self.permuted(x, "shape", &p)?, self.permuted(x, "strides", &p)?);
                    let t = array(self, a.rank, Layout::A);
                    return self.view_of(x, shape, Some(strides), t);
                }
                let layout = match a.layout {
                    Layout::C if a.rank > 1 => Layout::F,
                    Layout::F if a.rank > 1 => Layout::C,
                    other => other,
                };
                let (t, location) = (Ty::Array(ArrayTy { layout, ..a }).to_mlir(self.context), self.location());
                self.push(ods::getattr(self.context, t, x, StringAttribute::new(self.context, "T"), location))
            }
            _ => None,
        }
    }
}
