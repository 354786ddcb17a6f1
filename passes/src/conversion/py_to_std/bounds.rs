//! stub
use super::{build::V, cx::{Cx, Res}};
use crate::cfg::Cfg;
use std::{collections::{HashMap, HashSet}, marker::PhantomData, rc::Rc};
/// plan
pub struct Plan<'c, 'a>(PhantomData<(&'c (), &'a ())>);
impl<'c, 'a> Plan<'c, 'a> {
    pub fn new(_: &Cfg<'c, 'a>) -> Self { Plan(PhantomData) }
    pub fn children(&self, _: Option<usize>) -> HashMap<usize, usize> { HashMap::new() }
    pub fn header(&self, _: usize) -> usize { 0 }
    pub fn blocks(&self, _: usize) -> Rc<HashSet<usize>> { Rc::default() }
    pub fn covered(&self, _: usize) -> Vec<(usize, usize)> { vec![] }
}
impl<'c: 'a, 'a> Cx<'_, 'c, 'a> {
    pub fn versioning_condition(&mut self, _: usize) -> Res<Option<V<'c, 'a>>> { Ok(None) }
}
