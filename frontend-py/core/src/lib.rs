//! Python source to typed `py` IR. Knows the dialect and the scalar table, nothing of passes, back ends or live Python objects.
pub mod catalog;
pub mod infer;
