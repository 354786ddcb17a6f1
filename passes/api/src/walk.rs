//! Iteration over blocks and ops that stays valid while the current op is replaced.
use melior::ir::{BlockLike, BlockRef, OperationRef, RegionLike, RegionRef, operation::OperationLike};

/// The blocks of a region, in order.
pub fn blocks<'c, 'a>(region: RegionRef<'c, 'a>) -> impl Iterator<Item = BlockRef<'c, 'a>> {
    std::iter::successors(region.first_block(), |b| b.next_in_region())
}

/// The ops of a block, in order, its terminator included.
pub fn operations<'c, 'a>(block: BlockRef<'c, 'a>) -> impl Iterator<Item = OperationRef<'c, 'a>> {
    std::iter::successors(block.first_operation(), |o| o.next_in_block())
}

/// The blocks of an op's first region, in order.
pub fn blocks_of<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> impl Iterator<Item = BlockRef<'c, 'a>> {
    op.region(0).ok().into_iter().flat_map(blocks)
}
