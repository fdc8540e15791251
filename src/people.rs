//! Who takes part: the unit tree, persons with their posts, and grants (who may do what for which unit).
