//! How far values lie apart.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spread {
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
    pub min: f64,
    pub max: f64,
}

impl Spread {
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Spread {
        let values: Vec<f64> = values.collect();
        let many = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / many;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = (squares / many).sqrt();
        Spread {
            mean,
            // What is left of equal values is only the arithmetic's.
            deviation: if deviation < 1e-9 { 0.0 } else { deviation },
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}
